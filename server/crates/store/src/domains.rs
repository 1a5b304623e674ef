//! Domains: names under which a pool's pages are reached, unique over all pools.

use domain::PoolId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::{Reader, Tx};
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// Whose a domain is, and its settings.
    ///
    /// # Errors
    /// The database's.
    pub fn domain<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<(PoolId, T)>> {
        let sql = "SELECT pool, doc FROM domains WHERE name = ?1";
        self.row(sql, params![name], |row| Ok((PoolId::new(row.text(0)?), row.json(1)?)))
    }

    /// The domains of a pool, by name.
    ///
    /// # Errors
    /// The database's.
    pub fn domains_of_pool<T: DeserializeOwned>(&mut self, pool: &PoolId) -> Result<Vec<(String, T)>> {
        let sql = "SELECT name, doc FROM domains WHERE pool = ?1 ORDER BY name";
        self.rows(sql, params![pool], |row| Ok((row.text(0)?, row.json(1)?)))
    }
}

impl Tx {
    /// Gives a pool a domain.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`domain`); [`StoreError::Orphan`] without the pool; the database's.
    pub fn insert_domain<T: Serialize>(&mut self, name: &str, pool: &PoolId, doc: &T) -> Result<()> {
        let doc = serde_json::to_string(doc)?;
        let sql = "INSERT INTO domains (name, pool, doc) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.insert("domain", sql, params![name, pool, &doc])
    }

    /// Changes a domain's settings; None where the pool has no such domain.
    ///
    /// # Errors
    /// The function's; else the database's.
    pub fn update_domain<T, R, E>(
        &mut self,
        name: &str,
        pool: &PoolId,
        change: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<Option<R>, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<StoreError>,
    {
        let sql = "SELECT doc FROM domains WHERE name = ?1 AND pool = ?2";
        let found = self.row_to_update(sql, params![name, pool], |row| row.json_to_update(0))?;
        let Some((mut doc, original)) = found else {
            return Ok(None);
        };
        let result = change(&mut doc)?;
        let doc = original.rewrite(&doc)?;
        self.run("UPDATE domains SET doc = ?2 WHERE name = ?1", params![name, &doc])?;
        Ok(Some(result))
    }

    /// Takes a domain from its pool; false where the pool has no such domain.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_domain(&mut self, name: &str, pool: &PoolId) -> Result<bool> {
        Ok(self.run("DELETE FROM domains WHERE name = ?1 AND pool = ?2", params![name, pool])? > 0)
    }
}
