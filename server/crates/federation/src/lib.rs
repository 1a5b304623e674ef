//! Signing in through somebody else: upstream identity providers.
//!
//! [`Provider::parse`] is the one place that turns a stored provider into what its protocol needs. A protocol is one
//! module ([`oidc`], [`oauth2`], [`saml`]): it makes requests, which are values, and reads answers by functions of the
//! answer alone; the fetch lies between, in `flows`. Every answer is a stranger's: what is not as it must be is an
//! [`UpstreamError`].
//!
//! This crate knows nothing about stores, users or pages.

mod error;
pub mod oauth2;
pub mod oidc;
mod provider;
mod response;
pub mod saml;

pub use error::{Endpoint, UpstreamError};
pub use provider::{Provider, ProviderConfigError};
pub use response::ProviderResponse;

use std::time::Duration;

use world::FetchLimits;

/// What one answer of a provider may cost us: Cognito waits five seconds, too.
pub const LIMITS: FetchLimits = FetchLimits { max_bytes: 256 * 1024, timeout: Duration::from_secs(5) };
