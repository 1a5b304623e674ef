//! The door itself: HTTP in, HTTP out, CORS as browser SDKs need it.

use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::post;
use flows::{Ctx, EntryPoint, Latchkey};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use iam::{Regions, Verifier};
use protocol::{ErrorName, Service};

use crate::answer::Answer;
use crate::dispatch::dispatch;
use crate::error::Error;
use crate::wire_format::WireFormat;

/// The largest body taken.
const LARGEST_BODY: usize = 128 * 1024;
/// The largest of operations that carry pictures: a branding document may hold 2 MB of them, in base64.
const LARGEST_WITH_PICTURES: usize = 4 * 1024 * 1024;

/// What the door needs.
#[derive(Clone)]
pub struct Api {
    /// The flows below the doors.
    pub latchkey: Latchkey,
    /// Accepts credential scopes of any Region, as local development wants.
    pub any_region: bool,
}

/// The door with what it keeps between calls.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) api: Api,
    pub(crate) idp: Arc<Verifier>,
    pub(crate) identity: Arc<Verifier>,
    pub(crate) sts: Arc<Verifier>,
}

/// One call, still as bytes.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: bytes::Bytes,
    pub(crate) ctx: Ctx,
}

impl Door {
    fn new(api: Api) -> Self {
        let own = api.latchkey.settings().region.clone();
        let regions = if api.any_region { Regions::Any } else { Regions::Only(vec![own]) };
        let verifier = |service: Service| Arc::new(Verifier::new(regions.clone(), [service.signing_name()]));
        let (idp, identity, sts) = (verifier(Service::Idp), verifier(Service::Identity), verifier(Service::Sts));
        Self { api, idp, identity, sts }
    }
}

/// `POST /` and its preflight.
pub fn router(api: Api) -> Router {
    Router::new().route("/", post(call).options(preflight)).with_state(Door::new(api))
}

/// The routes of a whole server, before which `GET /` with a parameter `Action` is a call in the Query protocol.
pub fn with_query_urls(routes: Router, api: Api) -> Router {
    routes.layer(from_fn_with_state(Door::new(api), take_query_url))
}

async fn take_query_url(State(door): State<Door>, request: Request<Body>, next: Next) -> Response {
    let is_call = request.method() == Method::GET
        && request.uri().path() == "/"
        && request
            .uri()
            .query()
            .is_some_and(|query| form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "Action"));
    // Boxed: every other request would carry the room for it along.
    if is_call { Box::pin(call(State(door), request)).await } else { next.run(request).await }
}

async fn call(State(door): State<Door>, request: Request<Body>) -> Response {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let ctx = ctx.unwrap_or_else(|| door.api.latchkey.make_ctx(EntryPoint::Api));
    let request_id = ctx.request_id.clone();
    let (parts, body) = request.into_parts();
    let target = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let most = largest_body(protocol::Operation::find(target).map(|operation| operation.name));
    let mut response = match to_bytes(body, most).await {
        Ok(body) => {
            let call = Call { method: parts.method, uri: parts.uri, headers: parts.headers, body, ctx };
            let format = WireFormat::of(&call);
            let run = pin!(dispatch(&door, &format, call));
            let (operation, answer) = panics::catching(run).await.unwrap_or_else(|panicked| {
                panicked.log(request_id.as_str());
                (None, Answer::Error(domain::Error::internal(panicked).into()))
            });
            format.respond(answer, operation, request_id.as_str())
        }
        Err(_) => {
            let too_large = Error::new(ErrorName::Serialization, "Request body is too large");
            Answer::Error(too_large).into_response(request_id.as_str())
        }
    };
    allow_any_origin(response.headers_mut());
    response
}

/// How much of a body is read for an operation, which the head of the request names.
fn largest_body(operation: Option<&str>) -> usize {
    match operation {
        Some("CreateManagedLoginBranding" | "UpdateManagedLoginBranding" | "SetUICustomization") => {
            LARGEST_WITH_PICTURES
        }
        _ => LARGEST_BODY,
    }
}

/// Browser SDKs call cross-origin with their own headers: any origin may, and no cookie is ever read here.
async fn preflight(headers: HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::OK;
    let asked = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let answer = response.headers_mut();
    allow_any_origin(answer);
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(HeaderValue::from_static("*")));
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("172800"));
    answer.insert(header::VARY, HeaderValue::from_static("access-control-request-headers"));
    response
}

fn allow_any_origin(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
    );
}
