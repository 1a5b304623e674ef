//! What can go wrong with the store.

use std::borrow::Cow;

use domain::Reason;

/// A refusal or fault of the store. It can be cloned: a commit that fails, fails for everyone in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Something else already has this name. The transaction stays usable and nothing of the refused
    /// call remains in it.
    #[error("{what} is taken")]
    Conflict {
        /// What is taken: a noun (`pool`, `domain`), or the attribute of a sign-in name (`email`).
        what: Cow<'static, str>,
    },
    /// What the row belongs to (its pool, user or group) does not exist, or no more.
    #[error("what it belongs to does not exist: {0}")]
    Orphan(String),
    /// Text with a NUL character, which no database here keeps.
    #[error("text holds a NUL character")]
    Nul,
    /// A page position that was never handed out.
    #[error("malformed page position")]
    Position,
    /// A lock was not to be had within the database's own patience (10 s on either).
    #[error("the database is busy: {0}")]
    Busy(String),
    /// Deadlock or serialization failure, again and again: others went first each time.
    #[error("the database kept giving the transaction up: {0}")]
    Aborted(String),
    /// The database's URL cannot be used, or a file that it names.
    #[error("{0}")]
    Url(String),
    /// No host of the URL can be reached or takes us; each is named with its reason.
    #[error("cannot connect to PostgreSQL at {0}")]
    Unreachable(String),
    /// The database failed or refused.
    #[error("database: {0}")]
    Database(String),
    /// A row that cannot be read back.
    #[error("unreadable row: {0}")]
    Unreadable(String),
    /// The database was last written by a newer release.
    #[error("the database has schema {found}, newer than this release's {known}")]
    Newer {
        /// The schema found.
        found: i64,
        /// The newest schema this release knows.
        known: i64,
    },
    /// A closure panicked; its changes are undone.
    #[error("{0}")]
    Panicked(panics::Panicked),
    /// The writer is gone.
    #[error("the store is closed")]
    Closed,
}

/// What the store's own methods answer.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl StoreError {
    pub(crate) fn conflict(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Conflict { what: what.into() }
    }

    /// What is taken, where that is the trouble.
    pub fn taken(&self) -> Option<&str> {
        match self {
            Self::Conflict { what } => Some(what),
            _ => None,
        }
    }
}

impl From<StoreError> for domain::Error {
    fn from(error: StoreError) -> Self {
        match error {
            // What only hostile input can cause is the caller's fault, not ours.
            StoreError::Nul => Reason::TextWithNul.into(),
            StoreError::Position => Reason::PageTokenInvalid.into(),
            // The pool, user or group went away after it had been looked up.
            StoreError::Orphan(_) => Self::from(Reason::OwnerGone).with_detail(error),
            other => Self::internal(format_args!("store: {other}")),
        }
    }
}

impl From<panics::Panicked> for StoreError {
    fn from(panicked: panics::Panicked) -> Self {
        Self::Panicked(panicked)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        // Not the value itself: it may hold secrets.
        Self::Unreadable(format!("JSON, {:?} at column {}", error.classify(), error.column()))
    }
}
