//! One error inside; each door gives it a face.

use std::borrow::Cow;
use std::fmt;

use protocol::ErrorName;

use crate::Reason;

/// A refusal or fault: the reason, from which each door makes its answer, and a detail that never leaves the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Why.
    pub reason: Reason,
    /// What only the operator may read.
    pub detail: Option<String>,
}

/// Every decision and flow ends in this.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A fault of ours, with what the log tells of it.
    pub fn internal(detail: impl fmt::Display) -> Self {
        Self::from(Reason::Internal).with_detail(detail)
    }

    /// The same with words for the operator's log.
    #[must_use]
    pub fn with_detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// Whether the fault is ours.
    pub fn is_internal(&self) -> bool {
        self.reason == Reason::Internal
    }

    /// A refusal worded for the AWS door.
    pub fn new(name: ErrorName, message: impl Into<Cow<'static, str>>) -> Self {
        Self::from(Reason::Wire { name, message: message.into() })
    }

    /// `NotAuthorizedException`, worded for the AWS door.
    pub fn not_authorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::NotAuthorized, message)
    }

    /// `InvalidParameterException`, worded for the AWS door.
    pub fn invalid_parameter(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::InvalidParameter, message)
    }

    /// `ResourceNotFoundException`, worded for the AWS door.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::ResourceNotFound, message)
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self { reason, detail: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.reason)?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// What tests ask of a refusal that is worded for the AWS door.
#[cfg(test)]
impl Error {
    pub(crate) fn wire(&self) -> (ErrorName, String) {
        match &self.reason {
            Reason::Wire { name, message } => (*name, message.clone().into_owned()),
            other => panic!("not worded for the AWS door: {other:?}"),
        }
    }
}
