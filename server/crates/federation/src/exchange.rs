//! The code for tokens (RFC 6749 §4.1.3, OpenID Connect Core §3.1.3).

use std::fmt;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;
use world::NetError;

use crate::{Endpoint, Handshake, Problem, Upstream};

const AT: Endpoint = Endpoint::Token;

/// What a code was redeemed for.
#[derive(Clone, PartialEq, Eq)]
pub struct Granted {
    /// The provider's access token.
    pub access_token: String,
    /// The provider's ID token, not verified yet.
    pub id_token: String,
}

/// Tokens are secrets.
impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Granted(***)")
    }
}

/// Redeems a code. Cognito: the secret goes into the body (`client_secret_post`); without one PKCE alone proves us.
///
/// # Errors
/// [`Problem::Settings`] where the provider's address is none.
pub fn tokens_request(
    upstream: &Upstream,
    code: &str,
    redirect_uri: &str,
    handshake: &Handshake,
) -> Result<Request<Bytes>, Problem> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("client_id", &upstream.client_id)
        .append_pair("code_verifier", &handshake.verifier);
    if let Some(secret) = &upstream.secret {
        form.append_pair("client_secret", secret);
    }
    Request::post(&upstream.token_url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Bytes::from(form.finish()))
        .map_err(|_| Problem::Settings("token_url is no address"))
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    token_type: Option<String>,
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    error_description: Option<Value>,
}

/// The tokens, if the answer has them.
///
/// # Errors
/// What is wrong with it. A redirect is not followed: it is no answer.
pub fn judge_tokens(answer: Result<Response<Bytes>, NetError>) -> Result<Granted, Problem> {
    let answer = answer.map_err(|error| Problem::Silent(AT, error))?;
    if answer.status() != StatusCode::OK {
        // RFC 6749 §5.2
        return Err(match serde_json::from_slice::<Refusal>(answer.body()) {
            Ok(refusal) if !answer.status().is_redirection() => Problem::Told {
                status: answer.status().as_u16(),
                error: refusal.error,
                description: refusal.error_description.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
            },
            _ => Problem::Garbled(AT, "another status than 200"),
        });
    }
    let said: Answer = serde_json::from_slice(answer.body()).map_err(|_| Problem::Garbled(AT, "no JSON object"))?;
    let bearer = said.token_type.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    let (Some(access_token), true) = (said.access_token.filter(|token| !token.is_empty()), bearer) else {
        return Err(Problem::Garbled(AT, "no bearer token")); // RFC 6749 §5.1
    };
    let id_token = said.id_token.ok_or(Problem::Garbled(AT, "no ID token"))?; // OpenID Connect Core §3.1.3.3
    Ok(Granted { access_token, id_token })
}
