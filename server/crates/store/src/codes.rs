//! Open codes: at most one for each user and purpose.

use domain::{Code, CodePurpose, PoolId, Username};

use crate::connection::{Reader, Tx};
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// A user's open code, expired or not.
    ///
    /// # Errors
    /// The database's.
    pub fn code(&mut self, pool: &PoolId, username: &Username, purpose: &CodePurpose) -> Result<Option<Code>> {
        let sql = "SELECT doc FROM codes WHERE pool = ?1 AND username = ?2 AND purpose = ?3";
        self.row(sql, params![pool, username, &purpose.key()], |row| row.json(0))
    }
}

impl Tx {
    /// Keeps a code, in the place of an earlier one for the same purpose.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] where there is no such user; the database's.
    pub fn put_code(&mut self, pool: &PoolId, username: &Username, purpose: &CodePurpose, code: &Code) -> Result<()> {
        let doc = serde_json::to_string(code)?;
        let sql = "INSERT INTO codes (pool, username, purpose, expires_at, doc) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (pool, username, purpose)
                   DO UPDATE SET expires_at = excluded.expires_at, doc = excluded.doc";
        self.run(sql, params![pool, username, &purpose.key(), code.expires_at, &doc]).map(drop)
    }

    /// Changes a code; None where there is none.
    ///
    /// # Errors
    /// The function's; else the database's.
    pub fn update_code<R, E: From<StoreError>>(
        &mut self,
        pool: &PoolId,
        username: &Username,
        purpose: &CodePurpose,
        change: impl FnOnce(&mut Code) -> Result<R, E>,
    ) -> Result<Option<R>, E> {
        let sql = "SELECT doc FROM codes WHERE pool = ?1 AND username = ?2 AND purpose = ?3";
        let key = purpose.key();
        let found = self.row_to_update(sql, params![pool, username, &key], |row| row.json_to_update::<Code>(0))?;
        let Some((mut code, original)) = found else {
            return Ok(None);
        };
        let result = change(&mut code)?;
        let doc = original.rewrite(&code)?;
        let sql = "UPDATE codes SET expires_at = ?4, doc = ?5 WHERE pool = ?1 AND username = ?2 AND purpose = ?3";
        self.run(sql, params![pool, username, &key, code.expires_at, &doc])?;
        Ok(Some(result))
    }

    /// Takes a code away; only one of several callers gets it.
    ///
    /// # Errors
    /// The database's.
    pub fn take_code(&mut self, pool: &PoolId, username: &Username, purpose: &CodePurpose) -> Result<Option<Code>> {
        let sql = "DELETE FROM codes WHERE pool = ?1 AND username = ?2 AND purpose = ?3 RETURNING doc";
        self.returning(sql, params![pool, username, &purpose.key()], |row| row.json(0))
    }
}
