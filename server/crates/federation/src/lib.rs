//! Signing in through somebody else: upstream identity providers.
//!
//! A provider type is one file ([`google`], [`oidc`]) that says what its provider is like: an [`Upstream`]. From it
//! requests are made, which are values, and answers are judged by functions of the answer alone; the fetch lies
//! between, in `flows`. Every answer is a stranger's: what is not as it must be is a [`Problem`].
//!
//! This crate knows nothing about stores, users or pages.

mod discovery;
mod exchange;
mod google;
mod handshake;
mod id_token;
mod jwks;
mod oidc;
mod problem;
mod saml_metadata;
mod upstream;
mod user_info;

pub use discovery::{DISCOVERY_LIMITS, Discovered, DiscoveryFault, discovery_request, judge_discovery};
pub use exchange::{Granted, judge_tokens, tokens_request};
pub use handshake::{Asked, Callback, Handshake, authorization_url, judge_callback};
pub use id_token::{Expected, judge_id_token, named_key};
pub use jwks::{judge_keys, keys_request};
pub use problem::{Endpoint, Problem};
pub use saml_metadata::{METADATA_LIMITS, SamlMetadata, read_metadata, saml_metadata_request};
pub use upstream::{Claims, Method, Unusable, Upstream, upstream};
pub use user_info::{judge_user_info, user_info_request};

use std::time::Duration;

use world::FetchLimits;

/// What one answer of a provider may cost us: Cognito waits five seconds, too.
pub const LIMITS: FetchLimits = FetchLimits { max_bytes: 256 * 1024, timeout: Duration::from_secs(5) };
