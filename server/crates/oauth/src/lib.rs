//! The browser's door: OAuth 2.0 and OpenID Connect endpoints, and the hosted pages behind them.
//!
//! Every path is served on the main host for every pool (found by client id, by a token's issuer) and on the
//! pools' own domains. [`router`] answers whatever no other router takes: give it to the fallback.
//!
//! A page's address carries the whole authorization request, which is judged anew at every step; what has been
//! proven so far travels sealed in the form and in a cookie, bound to the browser. Nothing here reads forwarded
//! headers: scheme and main host are [`flows::Settings::base_url`]'s.

mod authorization;
mod authorize;
mod brand_files;
mod browser;
mod call;
mod client_auth;
mod cookies;
mod discovery;
mod error;
mod failure;
mod idp;
mod json;
mod logout;
mod page;
mod page_context;
mod pages;
mod params;
mod revoke;
mod router;
mod routes;
mod site;
mod theme;
mod token;
mod user_info;

pub use call::{Assets, OAuth};

use axum::Router;

/// Serves everything of the browser's door, and an error page for every other path.
pub fn router(oauth: OAuth) -> Router {
    router::serve(oauth, &routes::ROUTES)
}
