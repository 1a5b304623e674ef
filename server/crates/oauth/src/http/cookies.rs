//! Cookies: host-only, unreadable to scripts, not sent with other sites' posts.

use domain::PoolId;
use http::{HeaderValue, header};

use crate::http::call::Call;
use crate::http::site::Site;

/// The browser session; on the main host, which all pools share, followed by the pool.
const SESSION: &str = "cognito";
/// What a sign-in through a provider is bound to.
pub(crate) const FEDERATION: &str = "csrf-state";
/// The provider this browser used last.
pub(crate) const LAST_PROVIDER: &str = "last-provider";
/// What forms are bound to.
pub(crate) const BROWSER: &str = "XSRF-TOKEN";
/// The step a page shows.
pub(crate) const STEP: &str = "page-data";
/// The language chosen.
pub(crate) const LANGUAGE: &str = "lang";

impl Call {
    /// A cookie's value.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let wanted = self.cookie_name(name);
        self.cookies().find(|(known, _)| *known == wanted).map(|(_, value)| value).filter(|value| !value.is_empty())
    }

    fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
    }

    /// The browser's session with a pool.
    pub(crate) fn session_cookie(&self, pool: &PoolId) -> Option<&str> {
        self.cookie(&self.session_name(pool))
    }

    /// The same, to be set. One hour; using it does not prolong it.
    pub(crate) fn set_session_cookie(&self, pool: &PoolId, value: &str) -> Option<HeaderValue> {
        self.set_cookie(&self.session_name(pool), value, Some(3_600))
    }

    /// The sessions that a sign-out ends: the pool's, or where nobody says which, all of this host's. Names and values.
    pub(crate) fn session_cookies(&self, pool: Option<&PoolId>) -> Vec<(String, &str)> {
        let prefix = self.cookie_name(SESSION);
        let own = pool.map(|pool| self.session_name(pool));
        let bare = |name: &str| name.strip_prefix(&prefix).map(|rest| format!("{SESSION}{rest}"));
        let all = self.cookies().filter_map(|(name, value)| bare(name).map(|name| (name, value)));
        all.filter(|(name, _)| own.as_ref().is_none_or(|own| own == name)).collect()
    }

    fn session_name(&self, pool: &PoolId) -> String {
        match self.site {
            Site::Pool(..) => SESSION.to_owned(),
            Site::Main | Site::Nobody => format!("{SESSION}-{pool}"),
        }
    }

    /// A cookie to be set for `seconds`; until the browser closes where there are none.
    pub(crate) fn set_cookie(&self, name: &str, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
        let mut cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.cookie_name(name));
        if let Some(seconds) = seconds {
            cookie.push_str(&format!("; Max-Age={}", seconds.max(0)));
        }
        if self.is_secure() {
            cookie.push_str("; Secure");
        }
        HeaderValue::from_str(&cookie).ok()
    }

    /// A cookie to be forgotten.
    pub(crate) fn clear_cookie(&self, name: &str) -> Option<HeaderValue> {
        self.set_cookie(name, "", Some(0))
    }

    /// Over TLS the name itself forbids that another host of the same site sets it.
    fn cookie_name(&self, name: &str) -> String {
        if self.is_secure() { format!("__Host-{name}") } else { name.to_owned() }
    }
}
