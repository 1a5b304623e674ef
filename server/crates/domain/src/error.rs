//! One error inside; each door gives it a face.

use std::fmt;

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
