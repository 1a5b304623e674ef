//! The door itself: reads a request and finds its handler.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use flows::{Ctx, EntryPoint};
use hosted_ui::Reason;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};

use crate::http::call::{Call, OAuth};
use crate::http::failure::Failure;
use crate::http::json::{Refusal, allow_any_origin, preflight};
use crate::http::params::Params;
use crate::http::site::Site;
use crate::theme::ThemeCache;

/// The largest body taken: forms with a page's state in them.
const LARGEST_BODY: usize = 64 * 1024;

/// Parameters of one query or form; a sign-up with every attribute that a pool can have stays below.
const MOST_PARAMS: usize = 256;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-cognito-request-id");
/// Said on every answer over TLS.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// What a handler comes to.
type Future<'a, T> = Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;
/// Answers a program.
type Answer = for<'a> fn(&'a Call) -> Future<'a, Response>;
/// Answers a browser.
type PageAnswer = for<'a> fn(&'a Call) -> Future<'a, Result<Response, Failure>>;

/// A path, the methods that it takes, and what answers. HEAD is GET without a body.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) methods: &'static [Method],
    handler: Handler,
}

/// What answers.
#[derive(Clone, Copy)]
enum Handler {
    /// Programs call it, from any origin: they are answered in JSON.
    Program(Answer),
    /// Browsers go there: they are answered with a page or sent on.
    Page(PageAnswer),
}

pub(crate) const GET: &[Method] = &[Method::GET];
pub(crate) const POST: &[Method] = &[Method::POST];
pub(crate) const BOTH: &[Method] = &[Method::GET, Method::POST];

impl Route {
    /// A route of programs. The path matches in any case, as Cognito's do.
    pub(crate) const fn program(path: &'static str, methods: &'static [Method], handler: Answer) -> Self {
        Self { path, methods, handler: Handler::Program(handler) }
    }

    /// A route of browsers.
    pub(crate) const fn page(path: &'static str, methods: &'static [Method], handler: PageAnswer) -> Self {
        Self { path, methods, handler: Handler::Page(handler) }
    }

    fn is_for_programs(&self) -> bool {
        matches!(self.handler, Handler::Program(_))
    }
}

/// Every route there is.
pub(crate) struct Routes {
    /// Those whose path is known, by the files that serve them.
    pub(crate) tables: &'static [&'static [Route]],
    /// What answers every other path.
    pub(crate) otherwise: PageAnswer,
}

impl Routes {
    fn at(&self, path: &str) -> impl Iterator<Item = &'static Route> {
        self.tables.iter().copied().flatten().filter(move |route| route.path.eq_ignore_ascii_case(path))
    }
}

/// What all requests share.
#[derive(Clone)]
struct Shared {
    oauth: Arc<OAuth>,
    themes: Arc<ThemeCache>,
    routes: &'static Routes,
}

/// Serves these routes.
pub(crate) fn serve(oauth: OAuth, routes: &'static Routes) -> Router {
    let shared = Shared { oauth: Arc::new(oauth), themes: Arc::new(ThemeCache::default()), routes };
    Router::new().fallback(take).with_state(shared)
}

async fn take(State(Shared { oauth, themes, routes }): State<Shared>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let ctx = parts.extensions.get::<Ctx>().cloned();
    let ctx = ctx.map(|ctx| Ctx { entry_point: EntryPoint::HostedUi, ..ctx });
    let ctx = ctx.unwrap_or_else(|| oauth.latchkey.make_ctx(EntryPoint::HostedUi));
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let too_many = has_too_many_params(query);
    let mut call = Call {
        ctx,
        site: Site::Nobody,
        method: if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() },
        asked_as: parts.method,
        path: parts.uri.path().to_owned(),
        query: if too_many { Params::default() } else { Params::parse(query) },
        headers: parts.headers,
        body: Bytes::new(),
        browser: OnceLock::new(),
        oauth,
        themes,
    };
    let host = call.headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(parts.uri.host());
    let host = host.unwrap_or_default().to_owned();
    let answered = panics::catching(Box::pin(answer(&mut call, routes, &host, body, too_many))).await;
    let mut response = answered.unwrap_or_else(|panicked| {
        panicked.log(call.ctx.request_id.as_str());
        fault(&call, routes)
    });
    set_headers(&call, response.headers_mut());
    response
}

/// What every answer of this door carries.
fn set_headers(call: &Call, headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(call.ctx.request_id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    if call.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

async fn answer(call: &mut Call, routes: &Routes, host: &str, body: Body, too_many: bool) -> Response {
    let found = Site::find(call, host).await;
    let read = to_bytes(body, LARGEST_BODY).await;
    match (found, read) {
        (Err(error), _) => Failure::Error(error).into_response(call),
        (Ok(Site::Nobody), _) => {
            Failure::Refused { status: StatusCode::NOT_FOUND, code: "not_found", reason: Reason::Pool }
                .into_response(call)
        }
        (Ok(_), Err(_)) => {
            let (status, code) = (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request");
            Failure::Refused { status, code, reason: Reason::Request }.into_response(call)
        }
        (Ok(_), Ok(body)) if too_many || has_too_many_params(&body) => {
            Failure::refused("invalid_request", Reason::Request).into_response(call)
        }
        (Ok(site), Ok(body)) => {
            call.site = site;
            call.body = body;
            route(call, routes).await
        }
    }
}

/// Whether a query or form has more parameters than any that means something: each is looked for by name, many times.
fn has_too_many_params(text: &[u8]) -> bool {
    text.iter().filter(|byte| **byte == b'&').nth(MOST_PARAMS).is_some()
}

/// The answer after a panic: JSON to programs, a page to browsers. Nothing more is read for it.
fn fault(call: &Call, routes: &Routes) -> Response {
    let for_programs = routes.at(&call.path).any(Route::is_for_programs);
    if for_programs || call.path.contains("/.well-known/") {
        return allow_any_origin(Refusal::server_error().into_response());
    }
    let (status, code) = (StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    Failure::Refused { status, code, reason: Reason::Server }.into_response(call)
}

async fn route(call: &Call, routes: &Routes) -> Response {
    let Some(known) = routes.at(&call.path).next() else {
        return paged(call, (routes.otherwise)(call).await).await;
    };
    match routes.at(&call.path).find(|route| route.methods.contains(&call.method)) {
        Some(route) => match route.handler {
            Handler::Program(answer) => allow_any_origin(answer(call).await),
            Handler::Page(answer) => paged(call, answer(call).await).await,
        },
        None if call.method == Method::OPTIONS && known.is_for_programs() => {
            let methods: Vec<&str> = known.methods.iter().map(Method::as_str).collect();
            preflight(call, &methods.join(", "))
        }
        None => {
            let (status, code) = (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
            Failure::Refused { status, code, reason: Reason::NotFound }.into_page(call).await
        }
    }
}

async fn paged(call: &Call, answer: Result<Response, Failure>) -> Response {
    match answer {
        Ok(response) => response,
        Err(failure) => failure.into_page(call).await,
    }
}
