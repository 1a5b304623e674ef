//! Whose fault an error is that a redirect sign-in came back with: the domain's own, or the identity provider's behind it.
//!
//! The domain passes a provider's error on as `[name] Error - [HTTP status] [error and description]` (developer guide,
//! "Managed login and federation error responses") and says in some fixed words that a provider was not to be reached.
//! The guide calls such texts no contract, so whatever is not recognized stays an [`Kind::OAuth`] with its code.

use crate::error::{Error, Kind};
use crate::text;

const MARK: &str = " Error - ";

/// Codes by which a provider says that somebody did not agree, or was not asked (RFC 6749 §4.1.2.1, OpenID Connect
/// Core §3.1.2.6).
const REFUSALS: [&str; 5] =
    ["access_denied", "consent_required", "interaction_required", "login_required", "account_selection_required"];

/// How the domain says that a provider gave no answer.
const SILENCES: [&str; 4] = ["Timeout ", "Read timed out", "Connection reset", "No connection"];

/// The error of `code` (`error`) and `description` (`error_description`), `begun_with` the provider that the sign-in
/// went straight to.
pub(crate) fn judge(code: &str, description: &str, begun_with: Option<&str>) -> Error {
    let said = description.bytes().enumerate().find_map(|(at, _)| {
        let rest = description.get(at..)?.strip_prefix(MARK)?;
        Some((description.get(..at)?, rest))
    });
    let (provider, said) = said.map_or((None, description), |(name, said)| (Some(name), said));
    // `400 access_denied …`, `access_denied …`, or words.
    let (status, words) = match text::cut(said, b' ') {
        Some((first, rest)) if first.len() == 3 => (text::number(first), rest),
        _ => (None, said),
    };
    let own = text::before(words, b' ');
    let refused = |code: &str| REFUSALS.contains(&code);
    let silent = SILENCES.iter().any(|silence| said.starts_with(silence));
    let kind = if code == "access_denied" || provider.is_some() && (refused(code) || refused(own)) {
        Kind::ProviderRefused
    } else if silent || code == "temporarily_unavailable" || status.is_some_and(|status| status >= 500) {
        Kind::ProviderUnavailable
    } else if provider.is_some() {
        Kind::ProviderFailed
    } else {
        Kind::OAuth
    };
    let message = if description.is_empty() { code } else { description };
    let error = Error::new(kind, message);
    if kind == Kind::OAuth {
        return error.with_code(code);
    }
    // The provider's own code says more than what the domain makes of it.
    let is_code = |word: &str| {
        status.is_some()
            && word.bytes().any(|byte| byte == b'_')
            && word.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase())
    };
    error.with_code(if is_code(own) { own } else { code }).with_provider(provider.or(begun_with))
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
