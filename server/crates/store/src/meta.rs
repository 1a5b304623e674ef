//! Facts about the installation itself (`seeded`, …).

use crate::Result;
use crate::connection::{Reader, Tx};
use crate::value::params;

impl Reader {
    /// A fact.
    ///
    /// # Errors
    /// The database's.
    pub fn meta(&mut self, name: &str) -> Result<Option<String>> {
        self.row("SELECT value FROM meta WHERE name = ?1", params![name], |row| row.text(0))
    }
}

impl Tx {
    /// Keeps a fact, in the place of an earlier one.
    ///
    /// # Errors
    /// The database's.
    pub fn put_meta(&mut self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO meta (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.run(sql, params![name, value]).map(drop)
    }
}
