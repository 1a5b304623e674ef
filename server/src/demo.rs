//! The demo app and the SDK it loads, in dev mode.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::{Reason, Result};
use flows::Latchkey;
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};

use crate::app::AppState;
use crate::{assets, mailbox, seed};

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/demo/") }))
        .route("/demo", get(|| async { Redirect::permanent("/demo/") }))
        .route("/demo/", get(index))
        .route("/demo/config.json", get(config))
        .route("/demo/{*file}", get(demo_file))
        .route("/sdk/{*file}", get(sdk_file))
}

/// The page, or what to do to have one.
async fn index(headers: HeaderMap) -> Response {
    if !assets::has("demo/index.html") {
        return Html(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Latchkey</title>\
             <h1>The demo is not built in</h1><p><code>cargo xtask run</code> builds it.</p>\
             <p><a href=\"/_latchkey/mailbox\">Dev mailbox</a></p>",
        )
        .into_response();
    }
    let mut response = assets::plain_file("demo/index.html", &headers);
    // Alone among the files it is a page.
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    );
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// What the demo is a demo of.
async fn config(State(state): State<AppState>, headers: HeaderMap) -> Response {
    if !mailbox::is_local(&state, &headers) {
        return assets::missing();
    }
    let base = &state.latchkey.settings().base_url;
    let pool = domain::PoolId::from(seed::POOL);
    let providers = providers(&state.latchkey).await.unwrap_or_else(|error| {
        tracing::error!(%error, "the demo's providers cannot be read");
        Vec::new()
    });
    let mut response = Json(json!({
        "userPoolId": seed::POOL,
        "clientId": seed::SPA,
        "endpoint": base,
        "issuer": state.latchkey.settings().issuer(&pool),
        "username": seed::EMAIL,
        "providers": providers,
        "passwordHint": format!("The demo user's is {}", seed::PASSWORD),
    }))
    .into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Names and types of the identity providers that the demo's client may use.
async fn providers(latchkey: &Latchkey) -> Result<Vec<Value>> {
    let app = match latchkey.app(seed::SPA).await {
        Ok(app) => app,
        // Deleted: the demo says so itself.
        Err(error) if matches!(error.reason, Reason::ClientNotFound { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let found = latchkey.providers_of(&app).await?;
    Ok(found.into_iter().map(|provider| json!({ "name": provider.name, "type": provider.kind })).collect())
}

async fn demo_file(Path(file): Path<String>, headers: HeaderMap) -> Response {
    assets::plain_file(&format!("demo/{file}"), &headers)
}

async fn sdk_file(Path(file): Path<String>, headers: HeaderMap) -> Response {
    assets::plain_file(&format!("sdk/{file}"), &headers)
}
