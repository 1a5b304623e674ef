//! UserInfo (OpenID Connect Core §5.3).

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use world::NetError;

use super::{Claims, OidcProvider, UserInfoMethod};
use crate::{Endpoint, UpstreamError};

const ENDPOINT: Endpoint = Endpoint::UserInfo;

/// Asks for claims, where the provider has an address for that.
///
/// # Errors
/// [`UpstreamError::InvalidSettings`] where the address is none; [`UpstreamError::InvalidAnswer`] for a token that no header can carry.
pub fn user_info_request(provider: &OidcProvider, access_token: &str) -> Result<Option<Request<Bytes>>, UpstreamError> {
    let Some(address) = &provider.user_info_url else { return Ok(None) };
    let mut bearer = HeaderValue::try_from(format!("Bearer {access_token}"))
        .map_err(|_| UpstreamError::InvalidAnswer(Endpoint::Token, "no bearer token"))?;
    bearer.set_sensitive(true);
    let request = match provider.user_info_method {
        UserInfoMethod::Get => Request::get(address),
        UserInfoMethod::Post => {
            Request::post(address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        }
    };
    request
        .header(header::AUTHORIZATION, bearer) // RFC 6750 §2.1
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map(Some)
        .map_err(|_| UpstreamError::InvalidSettings("attributes_url is no address"))
}

/// The claims, if they are about the ID token's subject: nothing signs this answer, so nothing else says about whom
/// it is.
///
/// # Errors
/// What is wrong with it.
pub fn parse_user_info(answer: Result<Response<Bytes>, NetError>, subject: &str) -> Result<Claims, UpstreamError> {
    let answer = answer.map_err(|error| UpstreamError::Unreachable(ENDPOINT, error))?;
    if answer.status() != StatusCode::OK {
        return Err(UpstreamError::InvalidAnswer(ENDPOINT, "another status than 200"));
    }
    let claims: Claims =
        serde_json::from_slice(answer.body()).map_err(|_| UpstreamError::InvalidAnswer(ENDPOINT, "no JSON object"))?;
    let about = claims.get("sub").and_then(serde_json::Value::as_str);
    if about != Some(subject) {
        return Err(UpstreamError::InvalidAnswer(ENDPOINT, "another subject")); // OpenID Connect Core §5.3.2
    }
    Ok(claims)
}
