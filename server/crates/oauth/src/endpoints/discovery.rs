//! `/{poolId}/.well-known/…`: OpenID Connect Discovery 1.0, RFC 8414, RFC 7517.

use axum::body::Body;
use axum::response::Response;
use domain::{PoolId, STANDARD_SCOPES};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::http::call::Call;
use crate::http::json::{Refusal, document};

/// Clients may keep keys for this long. New keys sign at once: verifiers look again when they meet an unknown `kid`.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The pool's keys.
pub(crate) async fn jwks(call: &Call, pool: &PoolId) -> Response {
    if !call.site.serves(pool) {
        return not_found();
    }
    match call.keys(pool).await {
        Ok(keys) => {
            let mut response = document(StatusCode::OK, &json!(null));
            *response.body_mut() = Body::from(keys.jwks.clone());
            response.headers_mut().insert(header::CACHE_CONTROL, CACHE);
            response.headers_mut().remove(header::PRAGMA);
            response
        }
        Err(error) => match call.pool_exists(pool).await {
            Ok(true) => Refusal::of(call, &error).into_response(),
            Ok(false) => not_found(),
            Err(error) => Refusal::of(call, &error).into_response(),
        },
    }
}

/// What the pool's endpoints are and can do. They are named on the main host, which every client can resolve.
pub(crate) async fn configuration(call: &Call, pool: &PoolId) -> Response {
    match call.pool_exists(pool).await {
        Ok(true) if call.site.serves(pool) => {}
        Ok(_) => return not_found(),
        Err(error) => return Refusal::of(call, &error).into_response(),
    }
    let base = &call.settings().base_url;
    let issuer = call.settings().issuer(pool);
    let scopes: Vec<&str> = STANDARD_SCOPES.into_iter().filter(|scope| !scope.contains('.')).collect();
    let body = json!({
        "authorization_endpoint": format!("{base}/oauth2/authorize"),
        "authorization_response_iss_parameter_supported": true,
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "jti", "origin_jti", "token_use",
            "cognito:username", "cognito:groups", "name", "given_name", "family_name", "middle_name", "nickname",
            "preferred_username", "profile", "picture", "website", "email", "email_verified", "gender", "birthdate",
            "zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at",
        ],
        "code_challenge_methods_supported": ["S256"],
        "end_session_endpoint": format!("{base}/logout"),
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token", "client_credentials"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "prompt_values_supported": ["none", "login", "select_account"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "response_modes_supported": ["query", "fragment"],
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": format!("{base}/oauth2/revoke"),
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "scopes_supported": scopes,
        "subject_types_supported": ["public"],
        "token_endpoint": format!("{base}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "ui_locales_supported": hosted_ui::Language::offered().map(|language| language.tag).collect::<Vec<_>>(),
        "userinfo_endpoint": format!("{base}/oauth2/userInfo"),
    });
    let mut response = document(StatusCode::OK, &body);
    response.headers_mut().insert(header::CACHE_CONTROL, CACHE);
    response.headers_mut().remove(header::PRAGMA);
    response
}

fn not_found() -> Response {
    document(StatusCode::NOT_FOUND, &json!({ "message": "User pool does not exist." }))
}
