//! A provider's keys (RFC 7517).

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use tokens::VerifyingKeys;
use world::NetError;

use crate::{Endpoint, Problem, Upstream};

/// Asks for the keys.
///
/// # Errors
/// [`Problem::Settings`] where the provider's address is none.
pub fn keys_request(upstream: &Upstream) -> Result<Request<Bytes>, Problem> {
    Request::get(&upstream.jwks_url)
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map_err(|_| Problem::Settings("jwks_uri is no address"))
}

/// The keys that can verify signatures here: each for one algorithm, never a symmetric one.
///
/// # Errors
/// What is wrong with the answer.
pub fn judge_keys(answer: Result<Response<Bytes>, NetError>) -> Result<VerifyingKeys, Problem> {
    let answer = answer.map_err(|error| Problem::Silent(Endpoint::Keys, error))?;
    if answer.status() != StatusCode::OK {
        return Err(Problem::Garbled(Endpoint::Keys, "another status than 200"));
    }
    VerifyingKeys::from_jwks(answer.body()).map_err(|_| Problem::Garbled(Endpoint::Keys, "no key set"))
}
