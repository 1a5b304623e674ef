//! `POST /oauth2/revoke` (RFC 7009).

use axum::response::Response;
use http::StatusCode;

use crate::endpoints::client_auth::authenticate;
use crate::http::call::Call;
use crate::http::json::{Refusal, empty};

/// An empty 200, also for a token that is unknown, expired or revoked already.
pub(crate) async fn revoke(call: &Call) -> Response {
    match try_revoke(call).await {
        Ok(()) => empty(StatusCode::OK),
        Err(refusal) => refusal.into_response(),
    }
}

async fn try_revoke(call: &Call) -> Result<(), Refusal> {
    let form = call.form().ok_or_else(|| Refusal::invalid_request("the body must be form-encoded"))?;
    if form.repeats_any() {
        return Err(Refusal::invalid_request("a parameter comes twice"));
    }
    // Cognito: 401 here, however the client came.
    let unauthorized = |refusal: Refusal| match refusal.error {
        "invalid_client" => Refusal::invalid_client(true),
        _ => refusal,
    };
    let app = authenticate(call, &form).await.map_err(unauthorized)?; // RFC 7009 §2.1
    let token = form.get("token").ok_or_else(|| Refusal::invalid_request("token is missing"))?;
    call.revoke(&app, token).await.map_err(|error| Refusal::of(call, &error))
}
