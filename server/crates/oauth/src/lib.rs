//! The browser's door: OAuth 2.0 and OpenID Connect endpoints, and the hosted pages behind them.
//!
//! Every path is served on the main host for every pool (found by client id, by a token's issuer) and on the
//! pools' own domains. [`router`] answers whatever no other router takes: give it to the fallback.
//!
//! A page's address carries the whole authorization request, which is judged anew at every step; what has been
//! proven so far travels sealed in the form and in a cookie, bound to the browser. Nothing here reads forwarded
//! headers: scheme and main host are [`flows::Settings::base_url`]'s.

mod authorize;
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
mod site;
mod theme;
mod token;
mod user_info;

pub use router::router;

use flows::Latchkey;

/// What the door needs.
#[derive(Clone)]
pub struct OAuth {
    /// The flows below the doors.
    pub latchkey: Latchkey,
    /// Where the pages' files are.
    pub assets: Assets,
}

/// Addresses of the files that pages load, on whichever host the page is: paths without a host.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// `style.css`
    pub style: String,
    /// `island.js`; None where no scripts are offered.
    pub script: Option<String>,
    /// `favicon.svg`
    pub favicon: String,
}
