//! The schema's history. A file here never changes once released: what is to differ is a new file.

use crate::connection::Tx;
use crate::value::params;
use crate::{Result, StoreError};

/// One step of the schema, in `crate::dialect`'s words.
pub(crate) struct Migration(&'static str);

/// All steps; the first is version 1.
pub(crate) const ALL: &[Migration] = &[
    Migration(include_str!("migrations/0001_directory.sql")),
    Migration(include_str!("migrations/0002_proofs.sql")),
    Migration(include_str!("migrations/0003_brands.sql")),
    Migration(include_str!("migrations/0004_outbox.sql")),
    Migration(include_str!("migrations/0005_federation.sql")),
];

/// Applies what the database lacks, in one transaction.
pub(crate) fn migrate(tx: &mut Tx, all: &[Migration]) -> Result<()> {
    tx.begin()?;
    match advance(tx, all) {
        Ok(()) => tx.commit(),
        Err(error) => {
            tx.rollback();
            Err(error)
        }
    }
}

fn advance(tx: &mut Tx, all: &[Migration]) -> Result<()> {
    let dialect = tx.dialect();
    if let Some(lock) = dialect.migration_lock() {
        tx.batch(lock)?;
    }
    tx.batch(
        &dialect
            .schema("CREATE TABLE IF NOT EXISTS schema_versions (version {int} NOT NULL PRIMARY KEY) {rowid_table}"),
    )?;
    let found = tx.row("SELECT COALESCE(MAX(version), 0) FROM schema_versions", &[], |row| row.int(0))?.unwrap_or(0);
    let known = i64::try_from(all.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (version, Migration(text)) in (1_i64..).zip(all) {
        if version > found {
            tx.batch(&dialect.schema(text))?;
            tx.run("INSERT INTO schema_versions (version) VALUES (?1)", params![version])?;
        }
    }
    Ok(())
}
