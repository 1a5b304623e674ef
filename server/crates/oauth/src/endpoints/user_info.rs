//! `/oauth2/userInfo` (OpenID Connect Core §5.3, RFC 6750).

use axum::response::Response;
use domain::{Error, Reason};
use flows::{Access, scope_covers};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value};

use crate::http::call::{Call, log};
use crate::http::json::{Refusal, document};

const OPENID: &str = "openid";

/// What the token's scopes let its client read of the user: every value a string.
pub(crate) async fn user_info(call: &Call) -> Response {
    let token = match bearer(call) {
        Ok(token) => token,
        Err(refusal) => return refusal.into_response(),
    };
    match call.access_with_scope(&token, OPENID).await {
        Ok(access) if call.site.serves(&access.app.pool.id) => document(StatusCode::OK, &claims(&access)),
        Ok(_) => invalid_token().into_response(),
        Err(error) => refuse(call, &error).into_response(),
    }
}

/// The access token: in the header, or in the form of a POST (RFC 6750 §2.1, §2.2), not both.
fn bearer(call: &Call) -> Result<String, Refusal> {
    let header = call.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let by_header = header
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let form = call.form().filter(|_| call.method == Method::POST).unwrap_or_default();
    let by_form = form.get("access_token").map(str::to_owned);
    match (by_header, by_form) {
        (Some(_), Some(_)) => Err(challenged(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Bearer error=\"invalid_request\", error_description=\"Bad OAuth2 request at UserInfo Endpoint\"",
        )),
        (Some(token), None) | (None, Some(token)) => Ok(token),
        // RFC 6750 §3.1: who shows nothing is told no error, only how to authenticate.
        (None, None) => Err(challenged(StatusCode::UNAUTHORIZED, "invalid_request", "Bearer realm=\"userInfo\"")),
    }
}

fn claims(access: &Access) -> Value {
    let scopes: Vec<String> = access.claims.scope.split(' ').map(str::to_owned).collect();
    let (user, client) = (&access.user, &access.app.client);
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), user.sub.as_str().into());
    for (name, value) in &user.attributes {
        if !value.is_empty() && client.reads(name) && scope_covers(&scopes, name) {
            claims.insert(name.clone(), value.as_str().into());
        }
    }
    claims.insert("username".to_owned(), user.username.as_str().into());
    Value::Object(claims)
}

fn refuse(call: &Call, error: &Error) -> Refusal {
    log(call, error);
    match error.reason {
        _ if error.is_internal() => Refusal::of(call, error),
        Reason::AccessTokenScopeMissing => challenged(
            StatusCode::FORBIDDEN,
            "insufficient_scope",
            "Bearer error=\"insufficient_scope\", error_description=\"The access token lacks the scope openid\", \
             scope=\"openid\"",
        ),
        _ => invalid_token(),
    }
}

fn invalid_token() -> Refusal {
    challenged(
        StatusCode::UNAUTHORIZED,
        "invalid_token",
        "Bearer error=\"invalid_token\", error_description=\"Access token is expired, disabled, or deleted, or the \
         user has globally signed out.\"",
    )
}

fn challenged(status: StatusCode, error: &'static str, challenge: &'static str) -> Refusal {
    Refusal { status, challenge: Some(HeaderValue::from_static(challenge)), ..Refusal::new(error) }
}
