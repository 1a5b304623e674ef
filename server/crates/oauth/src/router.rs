//! The door itself: reads a request and finds its handler.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use domain::PoolId;
use flows::{Ctx, EntryPoint};
use hosted_ui::Reason;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};

use crate::OAuth;
use crate::authorize;
use crate::call::Call;
use crate::discovery;
use crate::failure::Failure;
use crate::idp;
use crate::json::{Refusal, allow_any_origin, preflight};
use crate::logout::logout;
use crate::pages::{self, path};
use crate::params::Params;
use crate::revoke::revoke;
use crate::site::Site;
use crate::theme::{self, ThemeCache};
use crate::token::token;
use crate::user_info::user_info;

/// The largest body taken: forms with a page's state in them.
const LARGEST_BODY: usize = 64 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-cognito-request-id");
/// Said on every answer over TLS.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Serves everything of the browser's door, and an error page for every other path.
pub fn router(oauth: OAuth) -> Router {
    Router::new().fallback(serve).with_state((Arc::new(oauth), Arc::new(ThemeCache::default())))
}

async fn serve(State((oauth, themes)): State<(Arc<OAuth>, Arc<ThemeCache>)>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let ctx = parts.extensions.get::<Ctx>().cloned();
    let ctx = ctx.map(|ctx| Ctx { entry_point: EntryPoint::HostedUi, ..ctx });
    let ctx = ctx.unwrap_or_else(|| oauth.latchkey.make_ctx(EntryPoint::HostedUi));
    let mut call = Call {
        ctx,
        site: Site::Nobody,
        method: if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() },
        asked_as: parts.method,
        path: parts.uri.path().to_owned(),
        query: Params::parse(parts.uri.query().unwrap_or_default().as_bytes()),
        headers: parts.headers,
        body: Bytes::new(),
        browser: OnceLock::new(),
        oauth,
        themes,
    };
    let host = call.headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(parts.uri.host());
    let host = host.unwrap_or_default().to_owned();
    let answered = panics::catching(Box::pin(answer(&mut call, &host, body))).await;
    let mut response = answered.unwrap_or_else(|panicked| {
        panicked.log(call.ctx.request_id.as_str());
        fault(&call)
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

async fn answer(call: &mut Call, host: &str, body: Body) -> Response {
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
        (Ok(site), Ok(body)) => {
            call.site = site;
            call.body = body;
            route(call).await
        }
    }
}

/// The answer after a panic: JSON to programs, a page to browsers. Nothing more is read for it.
fn fault(call: &Call) -> Response {
    let for_programs = endpoints_at(&call.path).any(|route| route.endpoint.is_for_programs());
    if for_programs || call.path.contains("/.well-known/") {
        return allow_any_origin(Refusal::server_error().into_response());
    }
    let (status, code) = (StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    Failure::Refused { status, code, reason: Reason::Server }.into_response(call)
}

/// A path, the methods that it takes, and what answers. HEAD is GET without a body.
struct Route {
    path: &'static str,
    methods: &'static [Method],
    endpoint: Endpoint,
}

/// What answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Token,
    Revoke,
    UserInfo,
    Authorize,
    IdpResponse,
    Logout,
    ErrorPage,
    ConfirmByLink,
    ResendByLink,
    SrpProof,
    Page,
}

impl Endpoint {
    /// Whether programs call it, from any origin: they are answered in JSON.
    fn is_for_programs(self) -> bool {
        matches!(self, Self::Token | Self::Revoke | Self::UserInfo)
    }
}

const GET: &[Method] = &[Method::GET];
const POST: &[Method] = &[Method::POST];
const BOTH: &[Method] = &[Method::GET, Method::POST];

/// Every path but brands' files and the discovery documents, which have the pool in them.
const ROUTES: &[Route] = &[
    Route { path: "/oauth2/token", methods: POST, endpoint: Endpoint::Token },
    Route { path: "/oauth2/revoke", methods: POST, endpoint: Endpoint::Revoke },
    Route { path: "/oauth2/userinfo", methods: BOTH, endpoint: Endpoint::UserInfo },
    Route { path: "/oauth2/authorize", methods: BOTH, endpoint: Endpoint::Authorize },
    Route { path: "/authorize", methods: BOTH, endpoint: Endpoint::Authorize },
    Route { path: "/oauth2/idpresponse", methods: BOTH, endpoint: Endpoint::IdpResponse },
    Route { path: "/logout", methods: BOTH, endpoint: Endpoint::Logout },
    Route { path: "/error", methods: GET, endpoint: Endpoint::ErrorPage },
    Route { path: "/confirmuser", methods: GET, endpoint: Endpoint::ConfirmByLink },
    Route { path: "/confirmuser/", methods: GET, endpoint: Endpoint::ConfirmByLink },
    Route { path: "/resendcode", methods: POST, endpoint: Endpoint::ResendByLink },
    Route { path: "/login/srp", methods: POST, endpoint: Endpoint::SrpProof },
    Route { path: path::SIGN_IN, methods: GET, endpoint: Endpoint::Authorize },
    Route { path: path::SIGN_IN, methods: POST, endpoint: Endpoint::Page },
    Route { path: path::SIGN_UP, methods: BOTH, endpoint: Endpoint::Page },
    Route { path: path::CONFIRM, methods: BOTH, endpoint: Endpoint::Page },
    Route { path: path::FORGOT, methods: BOTH, endpoint: Endpoint::Page },
    Route { path: path::RESET, methods: BOTH, endpoint: Endpoint::Page },
    Route { path: path::NEW_PASSWORD, methods: BOTH, endpoint: Endpoint::Page },
    Route { path: path::SET_UP_FACTOR, methods: BOTH, endpoint: Endpoint::Page },
    Route { path: path::FACTOR, methods: BOTH, endpoint: Endpoint::Page },
    Route { path: path::SELECT_FACTOR, methods: BOTH, endpoint: Endpoint::Page },
];

/// The routes of a path, which matches in any case, as Cognito's do.
fn endpoints_at(path: &str) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |route| route.path.eq_ignore_ascii_case(path))
}

async fn route(call: &Call) -> Response {
    let Some(known) = endpoints_at(&call.path).next() else {
        return match brand_file(call).filter(|_| call.method == Method::GET) {
            Some(file) => paged(call, theme::serve(call, file).await).await,
            None => well_known(call).await,
        };
    };
    match endpoints_at(&call.path).find(|route| route.methods.contains(&call.method)) {
        Some(route) => run(call, route.endpoint).await,
        None if call.method == Method::OPTIONS && known.endpoint.is_for_programs() => {
            let methods: Vec<&str> = known.methods.iter().map(Method::as_str).collect();
            preflight(call, &methods.join(", "))
        }
        None => {
            let (status, code) = (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
            Failure::Refused { status, code, reason: Reason::NotFound }.into_page(call).await
        }
    }
}

/// What follows `/brand/` in the path.
fn brand_file(call: &Call) -> Option<&str> {
    const PREFIX: &str = "/brand/";
    let prefix = call.path.get(..PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then(|| call.path.get(PREFIX.len()..).unwrap_or_default())
}

async fn run(call: &Call, endpoint: Endpoint) -> Response {
    let answer = match endpoint {
        Endpoint::Token => return allow_any_origin(token(call).await),
        Endpoint::Revoke => return allow_any_origin(revoke(call).await),
        Endpoint::UserInfo => return allow_any_origin(user_info(call).await),
        Endpoint::Authorize => authorize::authorize(call).await,
        Endpoint::IdpResponse => idp::answer(call).await,
        Endpoint::Logout => logout(call).await,
        Endpoint::ErrorPage => Ok(authorize::error_page(call).await),
        Endpoint::ConfirmByLink => pages::confirm_by_link(call).await,
        Endpoint::ResendByLink => pages::resend(call).await,
        Endpoint::SrpProof => pages::prove(call).await,
        Endpoint::Page if call.method == Method::POST => pages::submit(call).await,
        Endpoint::Page => pages::open(call).await,
    };
    paged(call, answer).await
}

async fn paged(call: &Call, answer: Result<Response, Failure>) -> Response {
    match answer {
        Ok(response) => response,
        Err(failure) => failure.into_page(call).await,
    }
}

/// `/{poolId}/.well-known/…`; on a pool's own domain also without the pool.
async fn well_known(call: &Call) -> Response {
    let rest = call.path.split_once("/.well-known/");
    let pool = rest.and_then(|(before, _)| match (before.strip_prefix('/'), &call.site) {
        (Some(pool), _) if !pool.is_empty() && !pool.contains('/') => Some(PoolId::from(pool)),
        (None, Site::Pool(pool, _)) => Some(pool.clone()),
        _ => None,
    });
    let (Some((_, document)), Some(pool)) = (rest, pool) else {
        return Failure::not_found().into_response(call);
    };
    match document {
        "openid-configuration" | "jwks.json" if call.method == Method::OPTIONS => preflight(call, "GET"),
        "openid-configuration" if call.method == Method::GET => {
            allow_any_origin(discovery::configuration(call, &pool).await)
        }
        "jwks.json" if call.method == Method::GET => allow_any_origin(discovery::jwks(call, &pool).await),
        _ => Failure::not_found().into_response(call),
    }
}
