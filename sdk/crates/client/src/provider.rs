//! Whose fault an error is that a redirect sign-in came back with: the domain's own, or the identity provider's behind it.
//!
//! The domain passes a provider's error on as `[name] Error - [HTTP status] [error and description]` (developer guide,
//! "Managed login and federation error responses") and says in some fixed words that a provider was not to be reached.
//! The guide calls such texts no contract, so whatever is not recognized stays an [`Kind::OAuth`] with its code.

use crate::error::{Error, Kind};
use crate::text;

const DENIED: &str = "access_denied";

const MARK: &[u8] = b" Error - ";

/// How the domain says that a provider gave no answer.
const SILENCES: [&str; 4] = ["Timeout", "Read timed", "Connection", "No connection"];

/// By which codes a provider says that somebody did not agree, or was not asked: RFC 6749 §4.1.2.1, and OpenID Connect
/// Core §3.1.2.6, whose codes all end alike.
fn refused(code: &str) -> bool {
    code == DENIED || code.ends_with("_required")
}

/// The error of `code` (`error`) and `description` (`error_description`), `begun_with` the provider that the sign-in
/// went straight to.
pub(crate) fn judge(code: &str, description: &str, begun_with: Option<&str>) -> Error {
    let mark = description.as_bytes().windows(MARK.len()).position(|part| part == MARK);
    let provider = mark.and_then(|at| description.get(..at));
    let said = mark.and_then(|at| description.get(at + MARK.len()..)).unwrap_or(description);
    let status = said.as_bytes().first().filter(|_| provider.is_some());
    // `400 access_denied …`: the provider's own code says more than what the domain makes of it.
    let own = match text::cut(said, b' ') {
        Some((_, words)) if status.is_some_and(u8::is_ascii_digit) => text::before(words, b' '),
        _ => code,
    };
    let kind = if code == DENIED || provider.is_some() && (refused(code) || refused(own)) {
        Kind::ProviderRefused
    } else if SILENCES.iter().any(|silence| said.starts_with(silence))
        || status.is_some_and(|first| *first == b'5' || code.ends_with("unavailable"))
    {
        Kind::ProviderUnavailable
    } else if provider.is_some() {
        Kind::ProviderFailed
    } else {
        Kind::OAuth
    };
    let error = Error::new(kind, if description.is_empty() { code } else { description }).with_code(own);
    if kind == Kind::OAuth { error } else { error.with_provider(provider.or(begun_with)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart() {
        use Kind::{OAuth, ProviderFailed as Failed, ProviderRefused as Refused, ProviderUnavailable as Unavailable};
        for (code, description, kind, own, provider) in [
            // The developer guide's example.
            (
                "invalid_request",
                "LoginWithAmazon Error - 400 invalid_request The request is missing a required parameter : client_secret",
                Failed,
                "invalid_request",
                Some("LoginWithAmazon"),
            ),
            ("access_denied", "Acme Error - 400 access_denied No", Refused, "access_denied", Some("Acme")),
            ("invalid_request", "Acme Error - 400 access_denied", Refused, "access_denied", Some("Acme")),
            ("access_denied", "", Refused, "access_denied", Some("Begun")),
            ("consent_required", "Acme Error - 400 consent_required", Refused, "consent_required", Some("Acme")),
            (
                "invalid_request",
                "My Staff Error - 401 invalid_client Bad secret",
                Failed,
                "invalid_client",
                Some("My Staff"),
            ),
            ("server_error", "Acme Error - Bad id_token: wrong nonce", Failed, "server_error", Some("Acme")),
            ("server_error", "Acme Error - 503 server_error", Unavailable, "server_error", Some("Acme")),
            (
                "server_error",
                "Acme Error - No connection to IdP token endpoint",
                Unavailable,
                "server_error",
                Some("Acme"),
            ),
            (
                "temporarily_unavailable",
                "Acme Error - 400 temporarily_unavailable",
                Unavailable,
                "temporarily_unavailable",
                Some("Acme"),
            ),
            (
                "invalid_request",
                "Timeout occurred in calling IdP token endpoint",
                Unavailable,
                "invalid_request",
                Some("Begun"),
            ),
            ("server_error", "Timeout in calling jwks uri", Unavailable, "server_error", Some("Begun")),
            ("invalid_request", "Connection reset", Unavailable, "invalid_request", Some("Begun")),
            ("invalid_request", "Read timed out", Unavailable, "invalid_request", Some("Begun")),
            // The domain's own.
            ("login_required", "", OAuth, "login_required", None),
            ("invalid_scope", "invalid_scope", OAuth, "invalid_scope", None),
            ("invalid_request", "attributes required: [email]", OAuth, "invalid_request", None),
            ("invalid_request", "PreSignUp failed with error X.", OAuth, "invalid_request", None),
            ("server_error", "An Error - ", Failed, "server_error", Some("An")),
            ("invalid_request", "\u{fc} Error", OAuth, "invalid_request", None),
        ] {
            let error = judge(code, description, Some("Begun"));
            let told = (error.kind, error.code.as_deref(), error.provider.as_deref());
            assert_eq!(told, (kind, Some(own), provider), "{code}: {description}");
            assert_eq!(error.message, if description.is_empty() { code } else { description });
        }
    }
}
