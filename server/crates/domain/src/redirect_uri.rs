//! Which redirect URIs a client may register.

use crate::{Reason, Result};

/// Why an address is no redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectUriFault {
    /// It is not absolute.
    NotAbsolute,
    /// It has a fragment (RFC 6749 §3.1.2).
    Fragment,
    /// Plain http to another machine.
    PlainHttp,
    /// A redirect to this scheme would run or read what it names.
    Scheme(String),
}

/// Checks a callback or logout URL: absolute, without fragment, https or a scheme of the app's own;
/// plain http only to this machine (RFC 8252 §7.1, §7.3; RFC 6749 §3.1.2).
///
/// # Errors
/// [`Reason::RedirectUri`]
pub fn check_redirect_uri(uri: &str) -> Result<()> {
    judge(uri).map_err(|fault| Reason::RedirectUri { uri: uri.to_owned(), fault }.into())
}

fn judge(uri: &str) -> Result<(), RedirectUriFault> {
    let Some((scheme, rest)) = uri.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(RedirectUriFault::NotAbsolute);
    };
    if uri.contains('#') {
        return Err(RedirectUriFault::Fragment);
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => host(rest).map(drop).ok_or(RedirectUriFault::NotAbsolute),
        "http" => match host(rest) {
            Some("localhost" | "127.0.0.1" | "[::1]") => Ok(()),
            _ => Err(RedirectUriFault::PlainHttp),
        },
        "javascript" | "data" | "vbscript" | "file" | "blob" | "about" => {
            Err(RedirectUriFault::Scheme(scheme.to_owned()))
        }
        _ if rest.is_empty() => Err(RedirectUriFault::NotAbsolute),
        _ => Ok(()),
    }
}

/// RFC 3986 §3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// The host of what follows `scheme:`; None where there is none, or a user name stands before it.
fn host(rest: &str) -> Option<&str> {
    let authority = rest.strip_prefix("//")?.split(['/', '?', '\\']).next()?;
    if authority.contains('@') {
        return None;
    }
    let host = match authority.find(']') {
        Some(end) => authority.get(..=end)?,
        None => authority.split(':').next()?,
    };
    let port = authority.get(host.len()..)?;
    let port_fits =
        port.is_empty() || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    (!host.is_empty() && port_fits).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_app_schemes_are_fine_and_http_only_on_this_machine() {
        for good in [
            "https://example.com",
            "https://example.com:8443/a?b=c",
            "http://localhost",
            "http://localhost:5173/callback",
            "http://127.0.0.1:3000",
            "http://[::1]:3000/x",
            "myapp://example",
            "com.example.app:/callback",
        ] {
            assert_eq!(check_redirect_uri(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "example.com/cb",
            "/relative",
            "//example.com",
            "https://",
            "https:///path",
            "https://example.com/#part",
            "http://example.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "http://127.0.0.1.example.com",
            "http://localhost:port",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "myapp:",
        ] {
            assert!(check_redirect_uri(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn refusals_tell_why() {
        use RedirectUriFault::{Fragment, NotAbsolute, PlainHttp, Scheme};
        for (uri, fault) in [
            ("a.example", NotAbsolute),
            ("https:///path", NotAbsolute),
            ("https://a.example#b", Fragment),
            ("http://a.example", PlainHttp),
            ("JavaScript:alert(1)", Scheme("JavaScript".to_owned())),
        ] {
            assert_eq!(check_redirect_uri(uri), Err(Reason::RedirectUri { uri: uri.to_owned(), fault }.into()));
        }
    }
}
