//! Which redirect URIs a client may register.

use crate::{Error, Result};

/// Checks a callback or logout URL: absolute, without fragment, https or a scheme of the app's own;
/// plain http only to this machine (RFC 8252 §7.1, §7.3; RFC 6749 §3.1.2).
///
/// # Errors
/// `InvalidParameterException` with the service's words.
pub fn check_redirect_uri(uri: &str) -> Result<()> {
    let Some((scheme, rest)) = uri.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(Error::invalid_parameter(format!("{uri} is not an absolute URI.")));
    };
    if uri.contains('#') {
        return Err(Error::invalid_parameter(format!("{uri} cannot use fragment")));
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => match host(rest) {
            Some(_) => Ok(()),
            None => Err(Error::invalid_parameter(format!("{uri} is not an absolute URI."))),
        },
        "http" => match host(rest) {
            Some("localhost" | "127.0.0.1" | "[::1]") => Ok(()),
            _ => Err(Error::invalid_parameter(format!("{uri} cannot use the HTTP protocol."))),
        },
        // A redirect to these would run or read what it names.
        "javascript" | "data" | "vbscript" | "file" | "blob" | "about" => {
            Err(Error::invalid_parameter(format!("{uri} cannot use the {scheme} protocol.")))
        }
        _ if rest.is_empty() => Err(Error::invalid_parameter(format!("{uri} is not an absolute URI."))),
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
    fn refusals_use_the_services_words() {
        let said = |uri| check_redirect_uri(uri).err().map(|error| error.wire().1);
        assert_eq!(said("http://a.example").as_deref(), Some("http://a.example cannot use the HTTP protocol."));
        assert_eq!(said("https://a.example#b").as_deref(), Some("https://a.example#b cannot use fragment"));
    }
}
