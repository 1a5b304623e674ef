//! Browsers on their way to an identity provider: sealed documents under the hash of a state, each good once.

use domain::{PoolId, Sealed};
use jiff::Timestamp;

use crate::Result;
use crate::connection::{Reader, Tx};
use crate::value::params;

/// A browser on its way to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFederationState {
    /// Hash of the state that comes back.
    pub hash: Vec<u8>,
    /// The pool that it signs in to.
    pub pool: PoolId,
    /// From when on it does not count.
    pub valid_until: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// What is known of the sign-in.
    pub doc: Sealed,
}

/// A state that counted, and counts no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumedFederationState {
    /// What the provider answered by POST.
    pub response: Option<Sealed>,
}

impl Reader {
    /// A state by its hash, whether it counts or not.
    ///
    /// # Errors
    /// The database's.
    pub fn federation_state(&mut self, hash: &[u8]) -> Result<Option<StoredFederationState>> {
        let sql = "SELECT pool, valid_until, expires_at, doc FROM federation_states WHERE hash = ?1";
        self.row(sql, params![hash], |row| {
            Ok(StoredFederationState {
                hash: hash.to_vec(),
                pool: PoolId::new(row.text(0)?),
                valid_until: row.time(1)?,
                expires_at: row.time(2)?,
                doc: Sealed(row.bytes(3)?),
            })
        })
    }
}

impl Tx {
    /// Keeps a new state.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] (`federation state`); [`crate::StoreError::Orphan`] without its pool; the
    /// database's.
    pub fn insert_federation_state(&mut self, state: &StoredFederationState) -> Result<()> {
        let sql = "INSERT INTO federation_states (hash, pool, consumed, valid_until, expires_at, doc)
                   VALUES (?1, ?2, 0, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
        let StoredFederationState { hash, pool, valid_until, expires_at, doc } = state;
        self.insert("federation state", sql, params![hash.as_slice(), pool, *valid_until, *expires_at, doc])
    }

    /// Keeps what the provider answered by POST with a state that counts; the first answer stands. False where it is
    /// not kept.
    ///
    /// # Errors
    /// The database's.
    pub fn put_federation_response(&mut self, hash: &[u8], response: &Sealed, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE federation_states SET response = ?2
                   WHERE hash = ?1 AND consumed = 0 AND response IS NULL AND valid_until > ?3";
        Ok(self.run(sql, params![hash, response, now])? > 0)
    }

    /// Consumes a state that counts: exactly one of several callers gets it. The answer that was kept with it is given
    /// out and forgotten.
    ///
    /// # Errors
    /// The database's.
    pub fn consume_federation_state(&mut self, hash: &[u8], now: Timestamp) -> Result<Option<ConsumedFederationState>> {
        let sql = "UPDATE federation_states SET consumed = 1
                   WHERE hash = ?1 AND consumed = 0 AND valid_until > ?2 RETURNING response";
        let read = self.returning(sql, params![hash, now], |row| Ok(row.opt_bytes(0)?.map(Sealed)))?;
        let Some(response) = read else { return Ok(None) };
        if response.is_some() {
            self.run("UPDATE federation_states SET response = NULL WHERE hash = ?1", params![hash])?;
        }
        Ok(Some(ConsumedFederationState { response }))
    }
}
