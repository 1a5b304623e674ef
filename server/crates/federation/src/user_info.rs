//! UserInfo (OpenID Connect Core §5.3).

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use world::NetError;

use crate::{Claims, Endpoint, Method, Problem, Upstream};

const AT: Endpoint = Endpoint::UserInfo;

/// Asks for claims, where the provider has an address for that.
///
/// # Errors
/// [`Problem::Settings`] where the address is none; [`Problem::Garbled`] for a token that no header can carry.
pub fn user_info_request(upstream: &Upstream, access_token: &str) -> Result<Option<Request<Bytes>>, Problem> {
    let Some(address) = &upstream.user_info_url else { return Ok(None) };
    let mut bearer = HeaderValue::try_from(format!("Bearer {access_token}"))
        .map_err(|_| Problem::Garbled(Endpoint::Token, "no bearer token"))?;
    bearer.set_sensitive(true);
    let request = match upstream.user_info_method {
        Method::Get => Request::get(address),
        Method::Post => Request::post(address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
    };
    request
        .header(header::AUTHORIZATION, bearer) // RFC 6750 §2.1
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map(Some)
        .map_err(|_| Problem::Settings("attributes_url is no address"))
}

/// The claims, if they are about the ID token's subject: nothing signs this answer, so nothing else says about whom
/// it is.
///
/// # Errors
/// What is wrong with it.
pub fn judge_user_info(answer: Result<Response<Bytes>, NetError>, subject: &str) -> Result<Claims, Problem> {
    let answer = answer.map_err(|error| Problem::Silent(AT, error))?;
    if answer.status() != StatusCode::OK {
        return Err(Problem::Garbled(AT, "another status than 200"));
    }
    let claims: Claims = serde_json::from_slice(answer.body()).map_err(|_| Problem::Garbled(AT, "no JSON object"))?;
    let about = claims.get("sub").and_then(serde_json::Value::as_str);
    if about != Some(subject) {
        return Err(Problem::Garbled(AT, "another subject")); // OpenID Connect Core §5.3.2
    }
    Ok(claims)
}
