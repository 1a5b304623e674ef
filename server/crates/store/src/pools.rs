//! User pools.

use domain::{Pool, PoolId};

use crate::connection::{Reader, Tx};
use crate::page::{Page, beyond, parse_position, position};
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// A pool.
    ///
    /// # Errors
    /// The database's.
    pub fn pool(&mut self, id: &PoolId) -> Result<Option<Pool>> {
        self.row("SELECT doc FROM pools WHERE id = ?1", params![id], |row| row.json(0))
    }

    /// Pools, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Position`]; the database's.
    pub fn pools(&mut self, after: Option<&str>, limit: usize) -> Result<Page<Pool>> {
        let (time, id) = parse_position(after)?;
        let sql = "SELECT doc FROM pools WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3";
        let rows = self.rows(sql, params![time, id, beyond(limit)], |row| {
            let pool: Pool = row.json(0)?;
            Ok((position(pool.created_at, pool.id.as_str()), pool))
        })?;
        Ok(Page::cut(rows, limit))
    }
}

impl Tx {
    /// Adds a pool.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`pool`); the database's.
    pub fn insert_pool(&mut self, pool: &Pool) -> Result<()> {
        let doc = serde_json::to_string(pool)?;
        let sql = "INSERT INTO pools (id, created_at, version, keys_version, doc) VALUES (?1, ?2, 1, 1, ?3)
                   ON CONFLICT DO NOTHING";
        self.insert("pool", sql, params![&pool.id, pool.created_at, &doc])
    }

    /// Changes a pool; None where there is none. Its id and time of creation stay.
    ///
    /// # Errors
    /// The function's; else the database's.
    pub fn update_pool<R, E: From<StoreError>>(
        &mut self,
        id: &PoolId,
        change: impl FnOnce(&mut Pool) -> Result<R, E>,
    ) -> Result<Option<R>, E> {
        let found =
            self.row_to_update("SELECT doc FROM pools WHERE id = ?1", params![id], |row| row.json_to_update(0))?;
        let Some((mut pool, original)) = found else {
            return Ok(None);
        };
        let result = change(&mut pool)?;
        let doc = original.rewrite(&pool)?;
        self.run("UPDATE pools SET doc = ?2, version = version + 1 WHERE id = ?1", params![id, &doc])?;
        Ok(Some(result))
    }

    /// Removes a pool and everything in it; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_pool(&mut self, id: &PoolId) -> Result<bool> {
        self.run("DELETE FROM documents WHERE pool = ?1", params![id])?;
        Ok(self.run("DELETE FROM pools WHERE id = ?1", params![id])? > 0)
    }
}
