//! OAuth authorization codes (RFC 6749 §4.1): good once, remembered longer so that reuse is noticed.

use domain::PoolId;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;
use crate::connection::{Reader, Tx};
use crate::value::params;

/// What a code turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// Presented for the first time.
    Fresh(T),
    /// Presented before: what it gave must be revoked (RFC 6749 §4.1.2).
    Reused(T),
    /// Never made, or long gone.
    Unknown,
}

impl Reader {
    /// Whether a code is remembered, used or not.
    ///
    /// # Errors
    /// The database's.
    pub fn has_grant(&mut self, hash: &[u8]) -> Result<bool> {
        Ok(self.row("SELECT 1 FROM grants WHERE hash = ?1", params![hash], |_| Ok(()))?.is_some())
    }
}

impl Tx {
    /// Remembers what a code stands for, under the code's hash, until `expires_at`. How long the code is
    /// good for is the document's own matter; it may be less.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] (`grant`); [`crate::StoreError::Orphan`] without the pool; the database's.
    pub fn put_grant<T: Serialize>(
        &mut self,
        pool: &PoolId,
        hash: &[u8],
        doc: &T,
        expires_at: Timestamp,
    ) -> Result<()> {
        let doc = serde_json::to_string(doc)?;
        let sql = "INSERT INTO grants (hash, pool, used, expires_at, doc) VALUES (?1, ?2, 0, ?3, ?4)
                   ON CONFLICT DO NOTHING";
        self.insert("grant", sql, params![hash, pool, expires_at, &doc])
    }

    /// Uses a code up. To commit this also where the code is then refused, answer the refusal as a value.
    ///
    /// # Errors
    /// The database's.
    pub fn take_grant<T: DeserializeOwned>(&mut self, hash: &[u8], now: Timestamp) -> Result<Taken<T>> {
        let sql = "UPDATE grants SET used = 1 WHERE hash = ?1 AND used = 0 AND expires_at > ?2 RETURNING doc";
        if let Some(doc) = self.returning(sql, params![hash, now], |row| row.json(0))? {
            return Ok(Taken::Fresh(doc));
        }
        let sql = "SELECT doc FROM grants WHERE hash = ?1 AND used = 1 AND expires_at > ?2";
        Ok(self.row(sql, params![hash, now], |row| row.json(0))?.map_or(Taken::Unknown, Taken::Reused))
    }
}
