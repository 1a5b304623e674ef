//! The code for tokens (RFC 6749 §4.1.3, OpenID Connect Core §3.1.3).

use bytes::Bytes;
use domain::ProviderSecret;
use http::{Request, Response, StatusCode, header};
use protocol::Sensitive;
use serde::Deserialize;
use serde_json::Value;
use world::NetError;

use super::{OidcProvider, RequestSecrets};
use crate::{Endpoint, UpstreamError};

const ENDPOINT: Endpoint = Endpoint::Token;

/// What a code was redeemed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderTokens {
    /// The provider's access token.
    pub access_token: Sensitive,
    /// The provider's ID token, not verified yet.
    pub id_token: Sensitive,
}

/// Redeems a code. Cognito: `client_secret` goes into the body (`client_secret_post`); without one PKCE alone proves us.
///
/// # Errors
/// [`UpstreamError::InvalidSettings`] where the provider's address is none.
pub fn tokens_request(
    provider: &OidcProvider,
    secret: Option<&ProviderSecret>,
    code: &str,
    redirect_uri: &str,
    secrets: &RequestSecrets,
) -> Result<Request<Bytes>, UpstreamError> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("client_id", &provider.client_id)
        .append_pair("code_verifier", &secrets.code_verifier);
    if let Some(secret) = secret {
        form.append_pair("client_secret", secret);
    }
    Request::post(&provider.token_url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Bytes::from(form.finish()))
        .map_err(|_| UpstreamError::InvalidSettings("token_url is no address"))
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<Sensitive>,
    token_type: Option<String>,
    id_token: Option<Sensitive>,
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
pub fn parse_tokens(answer: Result<Response<Bytes>, NetError>) -> Result<ProviderTokens, UpstreamError> {
    let answer = answer.map_err(|error| UpstreamError::Unreachable(ENDPOINT, error))?;
    if answer.status() != StatusCode::OK {
        // RFC 6749 §5.2
        return Err(match serde_json::from_slice::<Refusal>(answer.body()) {
            Ok(refusal) if !answer.status().is_redirection() => UpstreamError::Refused {
                status: answer.status().as_u16(),
                error: refusal.error,
                description: refusal.error_description.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
            },
            _ => UpstreamError::InvalidAnswer(ENDPOINT, "another status than 200"),
        });
    }
    let read: Answer =
        serde_json::from_slice(answer.body()).map_err(|_| UpstreamError::InvalidAnswer(ENDPOINT, "no JSON object"))?;
    let bearer = read.token_type.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    let (Some(access_token), true) = (read.access_token.filter(|token| !token.is_empty()), bearer) else {
        return Err(UpstreamError::InvalidAnswer(ENDPOINT, "no bearer token")); // RFC 6749 §5.1
    };
    let id_token = read.id_token.ok_or(UpstreamError::InvalidAnswer(ENDPOINT, "no ID token"))?; // OpenID Connect Core §3.1.3.3
    Ok(ProviderTokens { access_token, id_token })
}
