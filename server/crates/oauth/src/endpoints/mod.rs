//! The endpoints: OAuth's and OpenID Connect's, and what is served beside them.

mod authorize;
mod brand_files;
mod client_auth;
mod discovery;
mod idp;
mod logout;
mod revoke;
mod token;
mod user_info;

use axum::response::Response;
use domain::PoolId;
use http::Method;

use crate::http::call::Call;
use crate::http::failure::Failure;
use crate::http::json::{allow_any_origin, preflight};
use crate::http::router::{BOTH, GET, POST, Route};
use crate::http::site::Site;
use crate::pages::path;

pub(crate) const ROUTES: &[Route] = &[
    Route::program("/oauth2/token", POST, |call| Box::pin(token::token(call))),
    Route::program("/oauth2/revoke", POST, |call| Box::pin(revoke::revoke(call))),
    Route::program("/oauth2/userinfo", BOTH, |call| Box::pin(user_info::user_info(call))),
    Route::page("/oauth2/authorize", BOTH, |call| Box::pin(authorize::authorize(call))),
    Route::page("/authorize", BOTH, |call| Box::pin(authorize::authorize(call))),
    Route::page(path::SIGN_IN, GET, |call| Box::pin(authorize::authorize(call))),
    Route::page("/oauth2/idpresponse", BOTH, |call| Box::pin(idp::answer(call))),
    Route::page("/logout", BOTH, |call| Box::pin(logout::logout(call))),
    Route::page("/error", GET, |call| Box::pin(authorize::error_page(call))),
];

/// Brands' files and discovery documents; everything else is not found.
pub(crate) async fn otherwise(call: &Call) -> Result<Response, Failure> {
    match brand_file(call).filter(|_| call.method == Method::GET) {
        Some(file) => brand_files::serve(call, file).await,
        None => Ok(well_known(call).await),
    }
}

/// What follows `/brand/` in the path.
fn brand_file(call: &Call) -> Option<&str> {
    const PREFIX: &str = "/brand/";
    let prefix = call.path.get(..PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then(|| call.path.get(PREFIX.len()..).unwrap_or_default())
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
