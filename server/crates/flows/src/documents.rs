//! Kinds of documents that more than one room reads.

use store::Kind;

/// A resource server as spoken, under its identifier.
pub const RESOURCE_SERVER: Kind = "resource-server";
/// An identity provider as spoken, under its name.
pub const IDENTITY_PROVIDER: Kind = "identity-provider";
