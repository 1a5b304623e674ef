//! The browser's door: OAuth 2.0 and OpenID Connect endpoints, and the hosted pages behind them.
//!
//! Every path is served on the main host for every pool (found by client id, by a token's issuer) and on the
//! pools' own domains. [`router`] answers whatever no other router takes: give it to the fallback.
//!
//! A page's address carries the whole authorization request, which is judged anew at every step; what has been
//! proven so far travels sealed in the form and in a cookie, bound to the browser. Nothing here reads forwarded
//! headers: scheme and main host are [`flows::Settings::base_url`]'s.

mod authorization;
mod endpoints;
mod http;
mod pages;
mod routes;
mod theme;

pub use self::http::call::{Assets, OAuth};

use axum::Router;

/// Serves everything of the browser's door, and an error page for every other path.
pub fn router(oauth: OAuth) -> Router {
    self::http::router::serve(oauth, &routes::ROUTES)
}
