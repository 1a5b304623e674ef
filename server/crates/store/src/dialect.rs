//! Everything in which the two databases differ as far as SQL text and error codes go.
//!
//! Statements are written once, in SQLite's spelling (`?1`); schema files are written once, with
//! `{int}`, `{text}`, `{bytes}`, `{key_table}` and `{rowid_table}` where the databases use other words.

use std::borrow::Cow;

use crate::StoreError;

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// A schema file in this database's words.
    pub(crate) fn schema(self, text: &str) -> String {
        let words: [(&str, &str); 5] = match self {
            Self::Sqlite => [
                ("{int}", "INTEGER"),
                ("{text}", "TEXT"),
                ("{bytes}", "BLOB"),
                ("{key_table}", "STRICT, WITHOUT ROWID"),
                ("{rowid_table}", "STRICT"),
            ],
            // COLLATE "C" orders by code point, as SQLite does, and lets an index serve prefixes.
            Self::Postgres => [
                ("{int}", "BIGINT"),
                ("{text}", "TEXT COLLATE \"C\""),
                ("{bytes}", "BYTEA"),
                ("{key_table}", ""),
                ("{rowid_table}", ""),
            ],
        };
        words.iter().fold(text.to_owned(), |text, (word, spelled)| text.replace(word, spelled))
    }

    /// A statement in this database's spelling.
    pub(crate) fn statement(self, sql: &str) -> Cow<'_, str> {
        match self {
            Self::Sqlite => Cow::Borrowed(sql),
            Self::Postgres => Cow::Owned(sql.replace('?', "$")),
        }
    }

    /// A SELECT whose rows nobody else changes until the transaction ends.
    pub(crate) fn locking(self, select: &str) -> Cow<'_, str> {
        match self {
            // A SQLite transaction began with BEGIN IMMEDIATE: it is alone.
            Self::Sqlite => Cow::Borrowed(select),
            // NO KEY: rows that refer to this one may still be inserted meanwhile.
            Self::Postgres => Cow::Owned(format!("{select} FOR NO KEY UPDATE")),
        }
    }

    /// The same, passing over rows that somebody else keeps.
    pub(crate) fn locking_what_is_free(self, select: &str) -> Cow<'_, str> {
        match self {
            Self::Sqlite => Cow::Borrowed(select),
            Self::Postgres => Cow::Owned(format!("{select} FOR NO KEY UPDATE SKIP LOCKED")),
        }
    }

    /// Keeps two servers that start at once from migrating at once.
    pub(crate) fn migration_lock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT pg_advisory_xact_lock(7234615098)"),
        }
    }

    /// Keeps a name (`?1`) from being taken by two transactions at once: what one inserts, another does not see.
    pub(crate) fn name_lock(self) -> Option<&'static str> {
        match self {
            // A SQLite transaction is alone.
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT pg_advisory_xact_lock(hashtextextended(?1, 7234615098))"),
        }
    }

    /// Run on every new connection that may write.
    pub(crate) fn session_setup_sql(self) -> &'static str {
        match self {
            // FULL: a commit is on the disk before it is acknowledged. Cache and map stay small: what
            // is read often lives in the page cache of the system anyway.
            Self::Sqlite => {
                // Before the first page is written: pages that were freed can be given back.
                "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
                 PRAGMA foreign_keys = ON; PRAGMA cache_size = -4096; PRAGMA mmap_size = 67108864;
                 PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;"
            }
            Self::Postgres => {
                "SET synchronous_commit TO on; SET default_transaction_isolation TO 'read committed';
                 SET lock_timeout TO '10s'; SET statement_timeout TO '60s';
                 SET idle_in_transaction_session_timeout TO '60s'; SET client_min_messages TO warning"
            }
        }
    }

    /// Run on every new connection that only reads (PostgreSQL's do both).
    pub(crate) fn reader_session_setup_sql(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "PRAGMA query_only = ON; PRAGMA cache_size = -1024; PRAGMA mmap_size = 67108864;
                 PRAGMA temp_store = MEMORY;"
            }
            Self::Postgres => self.session_setup_sql(),
        }
    }

    /// How a transaction begins.
    pub(crate) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        const FOREIGN_KEY: i32 = 787;
        match &error {
            rusqlite::Error::SqliteFailure(code, message) => {
                let said = message.clone().unwrap_or_else(|| code.to_string());
                match code.code {
                    ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy(said),
                    ErrorCode::ConstraintViolation if code.extended_code == FOREIGN_KEY => Self::Orphan(said),
                    _ => Self::Database(said),
                }
            }
            _ => Self::Database(error.to_string()),
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        let Some(failure) = error.as_db_error() else {
            return Self::Database(crate::postgres_url::reason(&error));
        };
        // Not the detail: it quotes values.
        let said = format!("{} ({})", failure.message(), failure.code().code());
        match failure.code() {
            code if *code == SqlState::FOREIGN_KEY_VIOLATION => Self::Orphan(said),
            code if [SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE].contains(code) => {
                Self::Aborted(said)
            }
            code if *code == SqlState::LOCK_NOT_AVAILABLE => Self::Busy(said),
            _ => Self::Database(said),
        }
    }
}
