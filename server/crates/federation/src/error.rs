//! What can be wrong with a provider's answers, in the app's words and in the log's.

use std::fmt;

use world::NetError;

/// Which of a provider's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// where codes are redeemed
    Token,
    /// where its keys are
    Keys,
    /// where claims are asked for
    UserInfo,
    /// its discovery document
    Discovery,
}

impl Endpoint {
    fn as_str(self) -> &'static str {
        match self {
            Self::Token => "IdP token endpoint",
            Self::Keys => "jwks uri",
            Self::UserInfo => "IdP userInfo endpoint",
            Self::Discovery => "IdP discovery document",
        }
    }
}

/// Why a provider's answer ends the sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamError {
    /// The provider says so itself: an OAuth error (RFC 6749 §4.1.2.1, §5.2).
    Refused {
        /// The answer's status; 400 where the browser brought the error.
        status: u16,
        /// `error`
        error: String,
        /// `error_description`
        description: String,
    },
    /// There was no answer.
    Unreachable(Endpoint, NetError),
    /// The answer is not one: another status, or not what it should hold.
    InvalidAnswer(Endpoint, &'static str),
    /// The answer that the browser brought is not this provider's, or no answer.
    InvalidCallback(&'static str),
    /// The ID token is not to be believed.
    InvalidToken(&'static str),
    /// The row's own settings make no request.
    InvalidSettings(&'static str),
}

impl UpstreamError {
    /// The OAuth error code for the app.
    pub fn code(&self) -> &'static str {
        const PASSED_ON: [&str; 7] = [
            "access_denied",
            "login_required",
            "interaction_required",
            "consent_required",
            "account_selection_required",
            "temporarily_unavailable",
            "server_error",
        ];
        match self {
            // RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6; for all others Cognito says invalid_request.
            Self::Refused { error, .. } => {
                PASSED_ON.into_iter().find(|known| known == error).unwrap_or("invalid_request")
            }
            Self::Unreachable(..)
            | Self::InvalidAnswer(..)
            | Self::InvalidToken(_)
            | Self::InvalidSettings(_)
            | Self::InvalidCallback(_) => "server_error",
        }
    }

    /// `error_description` for the app: Cognito's forms, in the letters that RFC 6749 §4.1.2.1 allows.
    pub fn description(&self, provider: &str) -> String {
        let text = match self {
            Self::Refused { status, error, description } => {
                format!("{provider} Error - {status} {error} {description}")
            }
            // Cognito's words, which name nobody.
            Self::Unreachable(Endpoint::Keys, NetError::Timeout) => "Timeout in calling jwks uri".to_owned(),
            Self::Unreachable(endpoint, NetError::Timeout) => {
                format!("Timeout occurred in calling {}", endpoint.as_str())
            }
            Self::Unreachable(endpoint, _) => format!("{provider} Error - No connection to {}", endpoint.as_str()),
            Self::InvalidAnswer(endpoint, what) => {
                format!("{provider} Error - {} answered with {what}", endpoint.as_str())
            }
            Self::InvalidCallback(what) => format!("{provider} Error - {what}"),
            Self::InvalidToken(what) => format!("{provider} Error - Bad id_token: {what}"),
            Self::InvalidSettings(what) => format!("{provider} Error - {what}"),
        };
        printable(&text)
    }
}

/// For the log.
impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(endpoint, error) => write!(f, "{}: {error}", endpoint.as_str()),
            other => f.write_str(&other.description("provider")),
        }
    }
}

/// RFC 6749 §4.1.2.1: %x20-21 / %x23-5B / %x5D-7E. A stranger's text is also cut.
fn printable(text: &str) -> String {
    let letter = |letter: char| match letter {
        '"' => '\'',
        '\\' => '/',
        ' '..='~' => letter,
        _ => '?',
    };
    text.trim().chars().take(256).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_providers_words_are_passed_on_in_the_documented_form() {
        let refused = |error: &str, description: &str| UpstreamError::Refused {
            status: 400,
            error: error.to_owned(),
            description: description.to_owned(),
        };
        for (problem, code, text) in [
            (refused("access_denied", "No"), "access_denied", "Acme Error - 400 access_denied No"),
            (refused("invalid_grant", ""), "invalid_request", "Acme Error - 400 invalid_grant"),
            (refused("x\r\ny", "\"ü\\\""), "invalid_request", "Acme Error - 400 x??y '?/'"),
            (
                UpstreamError::Unreachable(Endpoint::Token, NetError::Timeout),
                "server_error",
                "Timeout occurred in calling IdP token endpoint",
            ),
        ] {
            assert_eq!((problem.code(), problem.description("Acme").as_str()), (code, text));
        }
        assert_eq!(refused("e", &"x".repeat(10_000)).description("Acme").len(), 256);
    }
}
