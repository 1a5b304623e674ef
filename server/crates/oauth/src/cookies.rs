//! Cookies: host-only, unreadable to scripts, not sent with other sites' posts.

use crate::call::Call;
use http::{HeaderValue, header};

/// The browser session.
pub(crate) const SESSION: &str = "cognito";
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
        let lines = self.headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(known, _)| *known == wanted).map(|(_, value)| value).filter(|value| !value.is_empty())
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
