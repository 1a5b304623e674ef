//! One error inside; each door gives it a face.

use protocol::ErrorName;
use std::borrow::Cow;
use std::fmt;

/// A refusal or fault. `said` goes to the caller in every face; `log` never leaves the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which of the service's exceptions this is.
    pub name: ErrorName,
    /// The caller's words: Cognito's text where clients depend on it.
    pub said: Cow<'static, str>,
    /// What only the operator may read.
    pub log: Option<String>,
}

/// Every decision and flow ends in this.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with the caller's words.
    pub fn new(name: ErrorName, said: impl Into<Cow<'static, str>>) -> Self {
        Self { name, said: said.into(), log: None }
    }

    /// The same with words for the operator's log.
    #[must_use]
    pub fn because(mut self, log: impl fmt::Display) -> Self {
        self.log = Some(log.to_string());
        self
    }

    /// A fault of ours: the caller learns nothing but that.
    pub fn internal(log: impl fmt::Display) -> Self {
        Self::new(ErrorName::InternalError, "Internal server error").because(log)
    }

    /// `NotAuthorizedException`.
    pub fn not_authorized(said: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::NotAuthorized, said)
    }

    /// `InvalidParameterException`.
    pub fn invalid_parameter(said: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::InvalidParameter, said)
    }

    /// `ResourceNotFoundException`.
    pub fn not_found(said: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::ResourceNotFound, said)
    }

    /// The one answer to a wrong password, a wrong proof, and an unknown user where that is hidden.
    pub fn wrong_password() -> Self {
        Self::not_authorized("Incorrect username or password.")
    }

    /// `UserNotFoundException` as sign-in and the admin operations say it.
    pub fn user_not_found() -> Self {
        Self::new(ErrorName::UserNotFound, "User does not exist.")
    }

    /// `LimitExceededException` of the per-user limits.
    pub fn attempt_limit() -> Self {
        Self::new(ErrorName::LimitExceeded, "Attempt limit exceeded, please try after some time.")
    }

    /// `CodeMismatchException` of confirmation, reset and attribute codes.
    pub fn wrong_code() -> Self {
        Self::new(ErrorName::CodeMismatch, "Invalid verification code provided, please try again.")
    }

    /// `ExpiredCodeException`: expired, or never asked for.
    pub fn expired_code() -> Self {
        Self::new(ErrorName::ExpiredCode, "Invalid code provided, please request a code again.")
    }

    /// `CodeMismatchException` of a challenge.
    pub fn wrong_challenge_code() -> Self {
        Self::new(ErrorName::CodeMismatch, "Invalid code or auth state for the user.")
    }

    /// A pool that does not exist.
    pub fn no_pool(id: impl fmt::Display) -> Self {
        Self::not_found(format!("User pool {id} does not exist."))
    }

    /// An app client that does not exist (in this pool).
    pub fn no_client(id: impl fmt::Display) -> Self {
        Self::not_found(format!("User pool client {id} does not exist."))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name.as_str(), self.said)?;
        match &self.log {
            Some(log) => write!(f, " ({log})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
