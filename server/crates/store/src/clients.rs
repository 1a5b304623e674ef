//! App clients.

use domain::{Client, ClientId, PoolId};

use crate::connection::{Reader, Tx};
use crate::page::{Page, beyond, parse_position, position};
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// A client, of whichever pool.
    ///
    /// # Errors
    /// The database's.
    pub fn client(&mut self, id: &ClientId) -> Result<Option<Client>> {
        self.row("SELECT doc FROM clients WHERE id = ?1", params![id], |row| row.json(0))
    }

    /// Clients of a pool, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Position`]; the database's.
    pub fn clients(&mut self, pool: &PoolId, after: Option<&str>, limit: usize) -> Result<Page<Client>> {
        let (time, id) = parse_position(after)?;
        let sql = "SELECT doc FROM clients WHERE pool = ?1 AND (created_at, id) > (?2, ?3)
                   ORDER BY created_at, id LIMIT ?4";
        let rows = self.rows(sql, params![pool, time, id, beyond(limit)], |row| {
            let client: Client = row.json(0)?;
            Ok((position(client.created_at, client.id.as_str()), client))
        })?;
        Ok(Page::cut(rows, limit))
    }

    /// How many clients a pool has.
    ///
    /// # Errors
    /// The database's.
    pub fn count_clients(&mut self, pool: &PoolId) -> Result<i64> {
        let count = self.row("SELECT COUNT(*) FROM clients WHERE pool = ?1", params![pool], |row| row.int(0))?;
        Ok(count.unwrap_or(0))
    }
}

impl Tx {
    /// Adds a client; its id is unique over all pools.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`client`); [`StoreError::Orphan`] without its pool; the database's.
    pub fn insert_client(&mut self, client: &Client) -> Result<()> {
        let doc = serde_json::to_string(client)?;
        let sql = "INSERT INTO clients (id, pool, created_at, doc) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.insert("client", sql, params![&client.id, &client.pool, client.created_at, &doc])
    }

    /// Changes a client; None where there is none. Its id, pool and time of creation stay.
    ///
    /// # Errors
    /// The function's; else the database's.
    pub fn update_client<R, E: From<StoreError>>(
        &mut self,
        id: &ClientId,
        change: impl FnOnce(&mut Client) -> Result<R, E>,
    ) -> Result<Option<R>, E> {
        let sql = "SELECT doc FROM clients WHERE id = ?1";
        let Some((mut client, original)) = self.row_to_update(sql, params![id], |row| row.json_to_update(0))? else {
            return Ok(None);
        };
        let result = change(&mut client)?;
        let doc = original.rewrite(&client)?;
        self.run("UPDATE clients SET doc = ?2 WHERE id = ?1", params![id, &doc])?;
        Ok(Some(result))
    }

    /// Removes a client with its brands; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_client(&mut self, id: &ClientId) -> Result<bool> {
        let sql = "SELECT pool FROM clients WHERE id = ?1";
        let Some(pool) = self.row(sql, params![id], |row| row.text(0).map(PoolId::new))? else {
            return Ok(false);
        };
        self.hold_brands(&pool)?;
        let removed = self.run("DELETE FROM clients WHERE id = ?1", params![id])? > 0;
        self.drop_unnamed_assets(&pool)?;
        Ok(removed)
    }
}
