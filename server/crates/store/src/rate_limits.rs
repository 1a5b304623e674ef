//! Rate limits on guesses and codes, by the name typed, which need not be a user's.

use domain::{Attempts, Limit, PoolId, Window};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::{Reader, Tx};
use crate::unknown::Original;
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// Failed attempts of one kind (`password`, `factor`, …) for a name; none where nothing is kept.
    ///
    /// # Errors
    /// The database's.
    pub fn attempts(&mut self, pool: &PoolId, name: &str, kind: &str) -> Result<Attempts> {
        self.rate_limit(pool, name, &attempts_key(kind))
    }

    /// What a name did within the last hour.
    ///
    /// # Errors
    /// The database's.
    pub fn window(&mut self, pool: &PoolId, name: &str, limit: Limit) -> Result<Window> {
        self.rate_limit(pool, name, &window_key(limit))
    }

    fn rate_limit<T: DeserializeOwned + Default>(&mut self, pool: &PoolId, name: &str, key: &str) -> Result<T> {
        let sql = "SELECT doc FROM rate_limits WHERE pool = ?1 AND name = ?2 AND kind = ?3";
        Ok(self.row(sql, params![pool, name, key], |row| row.json(0))?.unwrap_or_default())
    }
}

impl Tx {
    /// Changes the failed attempts for a name, which are kept until `expires_at`; a record that is empty after that is
    /// removed. Whoever else changes them waits, on either database.
    ///
    /// # Errors
    /// The function's; [`StoreError::Orphan`] without the pool; else the database's.
    pub fn update_attempts<R, E: From<StoreError>>(
        &mut self,
        pool: &PoolId,
        name: &str,
        kind: &str,
        expires_at: Timestamp,
        change: impl FnOnce(&mut Attempts) -> Result<R, E>,
    ) -> Result<R, E> {
        self.update_rate_limit(pool, name, &attempts_key(kind), expires_at, change)
    }

    /// Whether it is certain, without a write, that no attempt for a name has failed or is about to be told: nothing is
    /// kept for it, nobody else writes at the same time, and the last rate limit that was to be kept was. Only SQLite's
    /// writer is ever certain.
    ///
    /// # Errors
    /// The database's.
    pub fn has_no_attempts(&mut self, pool: &PoolId, name: &str, kind: &str) -> Result<bool> {
        Ok(self.limits_are_settled() && self.attempts(pool, name, kind)? == Attempts::default())
    }

    /// Forgets the failed attempts for a name.
    ///
    /// # Errors
    /// The database's.
    pub fn clear_attempts(&mut self, pool: &PoolId, name: &str, kind: &str) -> Result<()> {
        self.clear_rate_limit(pool, name, &attempts_key(kind))
    }

    /// Changes what a name did within the last hour, which is kept until `expires_at`.
    ///
    /// # Errors
    /// The function's; [`StoreError::Orphan`] without the pool; else the database's.
    pub fn update_window<R, E: From<StoreError>>(
        &mut self,
        pool: &PoolId,
        name: &str,
        limit: Limit,
        expires_at: Timestamp,
        change: impl FnOnce(&mut Window) -> Result<R, E>,
    ) -> Result<R, E> {
        self.update_rate_limit(pool, name, &window_key(limit), expires_at, change)
    }

    fn clear_rate_limit(&mut self, pool: &PoolId, name: &str, key: &str) -> Result<()> {
        let sql = "DELETE FROM rate_limits WHERE pool = ?1 AND name = ?2 AND kind = ?3";
        self.run(sql, params![pool, name, key]).map(drop)
    }

    fn update_rate_limit<T, R, E>(
        &mut self,
        pool: &PoolId,
        name: &str,
        key: &str,
        expires_at: Timestamp,
        change: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<R, E>
    where
        T: Serialize + DeserializeOwned + Default + PartialEq,
        E: From<StoreError>,
    {
        // The row is there and locked after this, whether it was before or not.
        let sql = "INSERT INTO rate_limits (pool, name, kind, expires_at, doc) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (pool, name, kind) DO UPDATE SET expires_at = excluded.expires_at RETURNING doc";
        let empty = serde_json::to_string(&T::default()).map_err(StoreError::from)?;
        self.note_limit();
        let found =
            self.returning(sql, params![pool, name, key, expires_at, &empty], |row| row.json_to_update::<T>(0))?;
        let (mut row, original) = match found {
            Some(found) => found,
            None => Original::read(&empty)?,
        };
        let result = change(&mut row)?;
        if row == T::default() {
            self.clear_rate_limit(pool, name, key)?;
            return Ok(result);
        }
        let doc = original.rewrite(&row)?;
        let sql = "UPDATE rate_limits SET doc = ?4 WHERE pool = ?1 AND name = ?2 AND kind = ?3";
        self.run(sql, params![pool, name, key, &doc])?;
        Ok(result)
    }
}

fn attempts_key(kind: &str) -> String {
    format!("attempts:{kind}")
}

fn window_key(limit: Limit) -> String {
    format!("window:{}", limit.as_str())
}
