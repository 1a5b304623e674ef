//! Every door in one router, and what all requests have in common: an id, a caller, a line in the log.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use flows::{Ctx, EntryPoint, Latchkey};
use http::{HeaderName, HeaderValue, StatusCode, header};
use messages::Mailbox;
use protocol::Operation;
use tracing::Instrument;

use crate::bodies::Bodies;
use crate::proxies::{self, Peer};
use crate::settings::Cidr;
use crate::{Draining, assets, demo, gallery, health, mailbox};

/// For a whole request, a slow body included.
const LONGEST: Duration = Duration::from_secs(60);
/// Characters of a path that are logged.
const LONGEST_PATH: usize = 200;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// What the router is made of.
#[derive(Clone)]
pub struct AppState {
    /// The flows below the doors.
    pub latchkey: Latchkey,
    /// Whose forwarding headers are believed.
    pub proxies: Arc<[Cidr]>,
    /// The mailbox of dev mode, which has a page then.
    pub mailbox: Option<Arc<Mailbox>>,
    /// Whether the server is about to stop.
    pub draining: Draining,
}

/// What all requests share.
#[derive(Clone)]
struct Shared {
    state: AppState,
    bodies: Bodies,
}

/// The whole server as a service. Requests may carry a [`Peer`] among their extensions: where they come from.
pub fn app(state: AppState) -> Router {
    let api = api::Api { latchkey: state.latchkey.clone(), any_region: state.latchkey.settings().dev };
    let pages = oauth::router(oauth::OAuth { latchkey: state.latchkey.clone(), assets: assets::pages() });
    let mut own = health::router().merge(assets::router());
    if state.mailbox.is_some() {
        own = own.merge(mailbox::router());
    }
    if state.latchkey.settings().dev {
        own = own.merge(demo::router()).merge(gallery::router());
    }
    let routes = own
        .with_state(state.clone())
        .merge(api::router(api.clone()))
        // Below our own prefix nothing is a page.
        .route("/_latchkey/{*rest}", axum::routing::any(|| async { assets::missing() }))
        .fallback_service(pages);
    let shared = Shared { state, bodies: Bodies::default() };
    api::with_query_urls(routes, api).layer(from_fn_with_state(shared, request_middleware))
}

/// Names the request and its caller, runs it, and says how it went.
async fn request_middleware(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let state = &shared.state;
    let world = state.latchkey.world();
    let ctx = state.latchkey.make_ctx(EntryPoint::HostedUi);
    let (id, began_at) = (ctx.request_id.clone(), ctx.now);
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(LONGEST_PATH).collect();
    let operation = operation(request.headers());
    let span = tracing::info_span!("request", id = id.as_str());
    let run = pin!(answer(&shared, ctx, request, next).instrument(span.clone()));
    let mut response = caught(run, id.as_str()).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(&REQUEST_ID)
        && let Ok(id) = HeaderValue::from_str(id.as_str())
    {
        headers.insert(REQUEST_ID, id);
    }
    if state.latchkey.settings().base_url.starts_with("https://") {
        let policy = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, policy);
    }
    let took = world.now().duration_since(began_at).as_secs_f64() * 1_000.0;
    let status = response.status().as_u16();
    span.in_scope(|| {
        tracing::info!(%method, path, operation, status, ms = (took * 100.0).round() / 100.0, "answered");
    });
    response
}

/// The doors catch what panics in their own rooms and answer in their own forms; this is for all else.
async fn caught(run: impl Future<Output = Response> + Unpin, id: &str) -> Response {
    panics::catching(run).await.unwrap_or_else(|panicked| {
        panicked.log(id);
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// Has the request answered by whom it concerns.
async fn answer(shared: &Shared, mut ctx: Ctx, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    ctx.ip = proxies::settle(peer, &shared.state.proxies, request.headers_mut());
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    ctx.user_agent = user_agent.map(str::to_owned);
    // Held until the request is answered: what is made of a body is larger than the body.
    let share = shared.bodies.share(ctx.caller());
    request.extensions_mut().insert(ctx);
    let request = request.map(|body| share.count(body));
    match tokio::time::timeout(LONGEST, Box::pin(next.run(request))).await {
        Ok(response) => share.refusal().unwrap_or(response),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

/// The AWS operation that is called, if there is one of that name.
fn operation(headers: &http::HeaderMap) -> Option<&'static str> {
    let target = headers.get("x-amz-target")?.to_str().ok()?;
    Operation::find(target).map(|operation| operation.name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    #[tokio::test]
    async fn what_panics_outside_the_doors_is_answered() {
        let run = Box::pin(async { panic!("on purpose") });
        assert_eq!(caught(run, "id").await.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let run = Box::pin(async { StatusCode::NO_CONTENT.into_response() });
        assert_eq!(caught(run, "id").await.status(), StatusCode::NO_CONTENT);
    }
}
