//! Why a signature was refused, in AWS's own terms: Signature Version 4 has no others.

use std::borrow::Cow;
use std::fmt;

use protocol::ErrorName;

/// A refused signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The exception that AWS answers with.
    pub name: ErrorName,
    /// Its sentence.
    pub message: Cow<'static, str>,
}

/// What reading and verifying end in.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(name: ErrorName, message: impl Into<Cow<'static, str>>) -> Self {
        Self { name, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name.as_str(), self.message)
    }
}

impl std::error::Error for Error {}
