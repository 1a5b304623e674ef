//! A provider's keys (RFC 7517).

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use tokens::VerifyingKeys;
use world::NetError;

use super::OidcProvider;
use crate::{Endpoint, UpstreamError};

/// Asks for the keys.
///
/// # Errors
/// [`UpstreamError::InvalidSettings`] where the provider's address is none.
pub fn keys_request(provider: &OidcProvider) -> Result<Request<Bytes>, UpstreamError> {
    Request::get(&provider.jwks_url)
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map_err(|_| UpstreamError::InvalidSettings("jwks_uri is no address"))
}

/// The keys that can verify signatures here: each for one algorithm, never a symmetric one.
///
/// # Errors
/// What is wrong with the answer.
pub fn parse_keys(answer: Result<Response<Bytes>, NetError>) -> Result<VerifyingKeys, UpstreamError> {
    let answer = answer.map_err(|error| UpstreamError::Unreachable(Endpoint::Keys, error))?;
    if answer.status() != StatusCode::OK {
        return Err(UpstreamError::InvalidAnswer(Endpoint::Keys, "another status than 200"));
    }
    VerifyingKeys::from_jwks(answer.body()).map_err(|_| UpstreamError::InvalidAnswer(Endpoint::Keys, "no key set"))
}
