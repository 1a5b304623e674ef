//! Settings kept as they are spoken: JSON documents by kind, pool and id.

use domain::PoolId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::{Reader, Tx};
use crate::page::{Page, beyond};
use crate::value::params;
use crate::{Result, StoreError};

/// A kind of document: `resource-server`, `branding`, `tags`, …
pub type Kind = &'static str;

impl Reader {
    /// A document.
    ///
    /// # Errors
    /// The database's.
    pub fn document<T: DeserializeOwned>(&mut self, kind: Kind, pool: &PoolId, id: &str) -> Result<Option<T>> {
        let sql = "SELECT doc FROM documents WHERE kind = ?1 AND pool = ?2 AND id = ?3";
        self.row(sql, params![kind, pool, id], |row| row.json(0))
    }

    /// A pool's documents of a kind with their ids, by id.
    ///
    /// # Errors
    /// The database's.
    pub fn documents<T: DeserializeOwned>(
        &mut self,
        kind: Kind,
        pool: &PoolId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<(String, T)>> {
        let sql = "SELECT id, doc FROM documents WHERE kind = ?1 AND pool = ?2 AND (id > ?3 OR ?4 = 1)
                   ORDER BY id LIMIT ?5";
        // An id may be empty, so the beginning is not the empty id.
        let values = params![kind, pool, after.unwrap_or_default(), after.is_none(), beyond(limit)];
        let rows = self.rows(sql, values, |row| Ok((row.text(0)?, (row.text(0)?, row.json(1)?))))?;
        Ok(Page::cut(rows, limit))
    }
}

impl Tx {
    /// Adds a document.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with the kind; the database's.
    pub fn insert_document<T: Serialize>(&mut self, kind: Kind, pool: &PoolId, id: &str, doc: &T) -> Result<()> {
        let doc = serde_json::to_string(doc)?;
        let sql = "INSERT INTO documents (kind, pool, id, doc) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.insert(kind, sql, params![kind, pool, id, &doc])
    }

    /// Keeps a document, in the place of an earlier one.
    ///
    /// # Errors
    /// The database's.
    pub fn put_document<T: Serialize>(&mut self, kind: Kind, pool: &PoolId, id: &str, doc: &T) -> Result<()> {
        let doc = serde_json::to_string(doc)?;
        let sql = "INSERT INTO documents (kind, pool, id, doc) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (kind, pool, id) DO UPDATE SET doc = excluded.doc";
        self.run(sql, params![kind, pool, id, &doc]).map(drop)
    }

    /// Changes a document; None where there is none.
    ///
    /// # Errors
    /// The function's; else the database's.
    pub fn update_document<T, R, E>(
        &mut self,
        kind: Kind,
        pool: &PoolId,
        id: &str,
        change: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<Option<R>, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<StoreError>,
    {
        let sql = "SELECT doc FROM documents WHERE kind = ?1 AND pool = ?2 AND id = ?3";
        let found = self.row_to_update(sql, params![kind, pool, id], |row| row.json_to_update(0))?;
        let Some((mut doc, original)) = found else {
            return Ok(None);
        };
        let result = change(&mut doc)?;
        let doc = original.rewrite(&doc)?;
        let sql = "UPDATE documents SET doc = ?4 WHERE kind = ?1 AND pool = ?2 AND id = ?3";
        self.run(sql, params![kind, pool, id, &doc])?;
        Ok(Some(result))
    }

    /// Removes a document; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_document(&mut self, kind: Kind, pool: &PoolId, id: &str) -> Result<bool> {
        let sql = "DELETE FROM documents WHERE kind = ?1 AND pool = ?2 AND id = ?3";
        Ok(self.run(sql, params![kind, pool, id])? > 0)
    }
}
