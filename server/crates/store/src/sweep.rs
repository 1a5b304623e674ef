//! Forgetting what has expired.

use jiff::{SignedDuration, Timestamp};

use crate::connection::Tx;
use crate::store::Store;
use crate::value::params;
use crate::{Result, StoreError};

/// Rows removed in one transaction at most, so that nobody waits long behind it.
const BATCH: u64 = 500;

/// Pages of the file given back after a sweep at most: 16 MB, in some ten milliseconds.
const PAGES: u32 = 4_096;

/// What expires, and its key.
const EXPIRING: [(&str, &str); 9] = [
    ("codes", "pool, username, purpose"),
    ("rate_limits", "pool, name, kind"),
    ("consumed_tokens", "id"),
    ("revocations", "origin_jti"),
    ("refresh_families", "origin_jti"),
    ("grants", "hash"),
    ("sessions", "hash"),
    ("outbox", "id"),
    ("federation_states", "hash"),
];

/// How long an access key is remembered after its end, so that its bearer hears that it has expired.
const EXPIRED_KEY: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Removes all that expired by `now`, a bounded number of rows at a time; answers how many.
    ///
    /// # Errors
    /// The database's.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let keys_ended_by = now.checked_sub(EXPIRED_KEY).unwrap_or(Timestamp::MIN);
        let tables = EXPIRING.into_iter().map(|(table, key)| (table, key, now));
        let mut removed = 0;
        for (table, key, by) in tables.chain([("access_keys", "id", keys_ended_by)]) {
            loop {
                let count = self.write(move |tx| tx.sweep(table, key, by)).await?;
                removed += count;
                if count < BATCH {
                    break;
                }
            }
        }
        self.shrink().await?;
        Ok(removed)
    }
}

impl Tx {
    pub(crate) fn shrink(&mut self) -> Result<(), StoreError> {
        self.rows(&format!("PRAGMA incremental_vacuum({PAGES})"), &[], |_| Ok(())).map(drop)
    }

    fn sweep(&mut self, table: &str, key: &str, now: Timestamp) -> Result<u64, StoreError> {
        let sql = format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE expires_at <= ?1 LIMIT {BATCH})
             AND expires_at <= ?1"
        );
        self.run(&sql, params![now])
    }
}
