//! Kinds of documents that more than one room reads.

use store::Kind;

/// A resource server as spoken, under its identifier.
pub const RESOURCE_SERVER: Kind = "resource-server";
/// A [`domain::IdentityProvider`], under its name.
pub const IDENTITY_PROVIDER: Kind = "identity-provider";
/// The name of the identity provider that has this identifier (IdpIdentifiers), under the identifier.
pub(crate) const PROVIDER_IDENTIFIER: Kind = "identity-provider-identifier";
