//! Browser sessions of the hosted pages: a document under the hash of a cookie.

use domain::{PoolId, Username};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;
use crate::connection::{Reader, Tx};
use crate::value::params;

impl Reader {
    /// A session that has not expired.
    ///
    /// # Errors
    /// The database's.
    pub fn session<T: DeserializeOwned>(&mut self, hash: &[u8], now: Timestamp) -> Result<Option<T>> {
        let sql = "SELECT doc FROM sessions WHERE hash = ?1 AND expires_at > ?2";
        self.row(sql, params![hash, now], |row| row.json(0))
    }
}

impl Tx {
    /// Keeps a session of a user, in the place of an earlier one under the same hash.
    ///
    /// # Errors
    /// [`crate::StoreError::Orphan`] where there is no such user; the database's.
    pub fn put_session<T: Serialize>(
        &mut self,
        hash: &[u8],
        pool: &PoolId,
        username: &Username,
        doc: &T,
        expires_at: Timestamp,
    ) -> Result<()> {
        let doc = serde_json::to_string(doc)?;
        let sql = "INSERT INTO sessions (hash, pool, username, expires_at, doc) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (hash) DO UPDATE SET pool = excluded.pool, username = excluded.username,
                   expires_at = excluded.expires_at, doc = excluded.doc";
        self.run(sql, params![hash, pool, username, expires_at, &doc]).map(drop)
    }

    /// Ends a session; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_session(&mut self, hash: &[u8]) -> Result<bool> {
        Ok(self.run("DELETE FROM sessions WHERE hash = ?1", params![hash])? > 0)
    }

    /// Ends all sessions of a user; answers how many.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_sessions_of_user(&mut self, pool: &PoolId, username: &Username) -> Result<u64> {
        self.run("DELETE FROM sessions WHERE pool = ?1 AND username = ?2", params![pool, username])
    }
}
