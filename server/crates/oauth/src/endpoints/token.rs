//! `POST /oauth2/token` (RFC 6749 §3.2).

use axum::response::Response;
use domain::Grant;
use flows::{ClientContext, Redemption, RefreshWay, TokenSet};
use http::StatusCode;
use protocol::Sensitive;
use serde_json::{Map, Value};

use crate::endpoints::client_auth::authenticate;
use crate::http::call::Call;
use crate::http::json::{Refusal, document};
use crate::http::params::Params;

/// Tokens, or an OAuth error.
pub(crate) async fn token(call: &Call) -> Response {
    match grant(call).await {
        Ok(set) => document(StatusCode::OK, &as_json(set)),
        Err(refusal) => refusal.into_response(),
    }
}

async fn grant(call: &Call) -> Result<TokenSet, Refusal> {
    let form = call.form().ok_or_else(|| Refusal::invalid_request("the body must be form-encoded"))?; // RFC 6749 App. B
    if form.repeats_any() {
        return Err(Refusal::invalid_request("a parameter comes twice")); // RFC 6749 §3.2
    }
    let app = authenticate(call, &form).await?; // RFC 6749 §3.2.1
    match form.get("grant_type") {
        Some("authorization_code") => by_code(call, &app, &form).await,
        Some("refresh_token") => by_refresh_token(call, &app, &form).await,
        Some("client_credentials") => by_client(call, &app, &form).await,
        Some(_) => Err(Refusal::new("unsupported_grant_type")),
        None => Err(Refusal::invalid_request("grant_type is missing")),
    }
}

async fn by_code(call: &Call, app: &ClientContext, form: &Params) -> Result<TokenSet, Refusal> {
    if !app.client.grants(Grant::Code) {
        return Err(Refusal::new("unauthorized_client"));
    }
    let code = form.get("code").ok_or_else(|| Refusal::invalid_request("code is missing"))?;
    let redemption =
        Redemption { code, redirect_uri: form.get("redirect_uri"), code_verifier: form.get("code_verifier") };
    call.redeem_code(&call.ctx, app, redemption).await.map_err(|error| Refusal::of(call, &error))
}

async fn by_refresh_token(call: &Call, app: &ClientContext, form: &Params) -> Result<TokenSet, Refusal> {
    let token = form.get("refresh_token").ok_or_else(|| Refusal::invalid_request("refresh_token is missing"))?;
    call.refresh(&call.ctx, app, RefreshWay::OAuth, token, None).await.map_err(|error| Refusal::of(call, &error))
}

async fn by_client(call: &Call, app: &ClientContext, form: &Params) -> Result<TokenSet, Refusal> {
    let scopes = form.get("scope").map(|scopes| scopes.split_whitespace().map(str::to_owned).collect());
    call.issue_to_client(&call.ctx, app, scopes).await.map_err(|error| Refusal::of(call, &error))
}

/// RFC 6749 §5.1; OpenID Connect Core §3.1.3.3.
fn as_json(set: TokenSet) -> Value {
    let secret = |token: Sensitive| Value::String(token.into_inner());
    let mut body = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    put("id_token", set.id.map(secret));
    put("access_token", Some(secret(set.access)));
    put("refresh_token", set.refresh.map(secret));
    put("expires_in", Some(set.expires_in.into()));
    put("token_type", Some("Bearer".into()));
    Value::Object(body)
}
