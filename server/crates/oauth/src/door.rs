//! The door itself: reads a request and finds its handler.

use crate::OAuth;
use crate::authorize;
use crate::brand::{self, Wardrobe};
use crate::call::Call;
use crate::discovery;
use crate::failure::Failure;
use crate::idp;
use crate::json::{Refusal, allow_any_origin, preflight};
use crate::logout::logout;
use crate::pages;
use crate::params::Params;
use crate::revoke::revoke;
use crate::site::Site;
use crate::token::token;
use crate::user_info::user_info;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use domain::PoolId;
use flows::{Ctx, EntryPoint};
use hosted_ui::Reason;
use http::{Method, Request, StatusCode, header};
use std::sync::{Arc, OnceLock};

/// The largest body taken: forms with a page's state in them.
const LARGEST_BODY: usize = 64 * 1024;

/// Serves everything of the browser's door, and an error page for every other path.
pub fn router(oauth: OAuth) -> Router {
    Router::new().fallback(serve).with_state((Arc::new(oauth), Arc::new(Wardrobe::default())))
}

async fn serve(State((oauth, wardrobe)): State<(Arc<OAuth>, Arc<Wardrobe>)>, request: Request<Body>) -> Response {
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
        wardrobe,
    };
    let host = call.headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(parts.uri.host());
    let host = host.unwrap_or_default().to_owned();
    match panics::catching(Box::pin(answer(&mut call, &host, body))).await {
        Ok(response) => response,
        Err(panicked) => {
            panicked.log(call.ctx.request_id.as_str());
            fault(&call)
        }
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
    let path = call.path.to_ascii_lowercase();
    if matches!(path.as_str(), "/oauth2/token" | "/oauth2/revoke" | "/oauth2/userinfo")
        || path.contains("/.well-known/")
    {
        return allow_any_origin(Refusal::server_error().into_response(call));
    }
    let (status, code) = (StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    Failure::Refused { status, code, reason: Reason::Server }.into_response(call)
}

/// Page paths match in any case, as Cognito's do.
async fn route(call: &Call) -> Response {
    let path = call.path.to_ascii_lowercase();
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let paged = match path.as_str() {
        "/oauth2/token" if post => return allow_any_origin(token(call).await),
        "/oauth2/revoke" if post => return allow_any_origin(revoke(call).await),
        "/oauth2/userinfo" if get || post => return allow_any_origin(user_info(call).await),
        "/oauth2/token" | "/oauth2/revoke" if call.method == Method::OPTIONS => return preflight(call, "POST"),
        "/oauth2/userinfo" if call.method == Method::OPTIONS => return preflight(call, "GET, POST"),
        "/oauth2/authorize" | "/authorize" if get || post => authorize::authorize(call).await,
        "/login" if get => authorize::authorize(call).await,
        "/login/srp" if post => pages::prove(call).await,
        "/resendcode" if post => pages::resend(call).await,
        "/oauth2/idpresponse" if get => idp::answer(call).await,
        "/confirmuser" | "/confirmuser/" if get => pages::confirm_by_link(call).await,
        "/logout" if get || post => logout(call).await,
        "/error" if get => Ok(authorize::error_page(call).await),
        page if pages::is_page(page) && get => pages::open(call).await,
        page if pages::is_page(page) && post => pages::submit(call).await,
        path if get && path.starts_with("/brand/") => {
            brand::serve(call, call.path.get("/brand/".len()..).unwrap_or_default()).await
        }
        known if is_known(known) => Err(Failure::Refused {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: "method_not_allowed",
            reason: Reason::NotFound,
        }),
        _ => return well_known(call).await,
    };
    match paged {
        Ok(response) => response,
        Err(failure) => failure.into_page(call).await,
    }
}

fn is_known(path: &str) -> bool {
    const OTHERS: [&str; 12] = [
        "/oauth2/idpresponse",
        "/oauth2/token",
        "/oauth2/revoke",
        "/oauth2/userinfo",
        "/oauth2/authorize",
        "/authorize",
        "/login/srp",
        "/resendcode",
        "/confirmuser",
        "/confirmuser/",
        "/logout",
        "/error",
    ];
    pages::is_page(path) || OTHERS.contains(&path)
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
