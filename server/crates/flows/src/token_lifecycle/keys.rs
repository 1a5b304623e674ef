//! A pool's signing keys: two pairs, one for ID tokens and one for access tokens, parsed once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use domain::{Error, Pool, PoolId, Result, Sealed};
use jiff::Timestamp;
use store::{KeyUse, SigningKey as Row};
use tokens::{Jwks, Purpose, SigningKey, VerifyingKeys};

use crate::Latchkey;

/// For so many milliseconds keys are used without a look at whether another process has changed them.
const FRESH: u64 = 1_000;

/// A pool's keys, ready for use.
pub struct PoolKeys {
    /// Signs ID tokens.
    pub id: SigningKey,
    /// Signs access tokens.
    pub access: SigningKey,
    /// Verifies all that are published, retired ones included.
    pub verifying: VerifyingKeys,
    /// The published document.
    pub jwks: Bytes,
    /// As the pool's row told it before the keys were read.
    version: i64,
    /// When that version was last seen in the pool's row, in milliseconds since 1970.
    seen_at: AtomicI64,
}

impl PoolKeys {
    fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back must not keep old keys in use.
        now.as_millisecond().abs_diff(self.seen_at.load(Ordering::Relaxed)) < FRESH
    }
}

/// Keys of the pools used so far, as they were when last read.
#[derive(Default)]
pub(crate) struct Keys(RwLock<HashMap<PoolId, Arc<PoolKeys>>>);

impl Keys {
    fn get(&self, pool: &PoolId) -> Option<Arc<PoolKeys>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(pool).cloned()
    }

    fn insert(&self, pool: &PoolId, keys: &Arc<PoolKeys>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(pool.clone(), Arc::clone(keys));
    }

    pub(crate) fn remove(&self, pool: &PoolId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(pool);
    }

    /// The keys, if they are of the version that the pool's row was found to name at `now`; keys of another version
    /// are forgotten. None is the version of a pool that is no more.
    pub(crate) fn check(&self, pool: &PoolId, version: Option<i64>, now: Timestamp) -> Option<Arc<PoolKeys>> {
        let keys = self.get(pool)?;
        if Some(keys.version) == version {
            keys.seen_at.store(now.as_millisecond(), Ordering::Relaxed);
            Some(keys)
        } else {
            self.remove(pool);
            None
        }
    }
}

impl Latchkey {
    /// The pool's keys. What another process changes is seen within a second, or when the pool or an app client of it
    /// is next read.
    ///
    /// # Errors
    /// An internal error where there are none, as of a pool that is no more, or they cannot be read.
    pub async fn keys(&self, pool: &PoolId) -> Result<Arc<PoolKeys>> {
        match self.keys.get(pool).filter(|keys| keys.is_fresh(self.now())) {
            Some(keys) => Ok(keys),
            None => self.current_keys(pool).await?.ok_or_else(|| no_keys(pool)),
        }
    }

    /// The pool's keys as they are in the store by now; None without the pool.
    pub(crate) async fn current_keys(&self, pool: &PoolId) -> Result<Option<Arc<PoolKeys>>> {
        let (id, now) = (pool.clone(), self.now());
        let version = self.store.read(move |r| r.keys_version(&id).map_err(Error::from)).await?;
        match self.keys.check(pool, version, now) {
            Some(keys) => Ok(Some(keys)),
            None if version.is_none() => Ok(None),
            None => self.load_keys(pool).await,
        }
    }

    async fn load_keys(&self, pool: &PoolId) -> Result<Option<Arc<PoolKeys>>> {
        let (id, now) = (pool.clone(), self.now());
        // The version first: where the keys change in between, the next look finds another version and reads again.
        let read = self.store.read(move |r| -> Result<_> { Ok((r.keys_version(&id)?, r.signing_keys(&id)?)) });
        let (Some(version), mut rows) = read.await? else {
            return Ok(None);
        };
        let signing = |purpose: KeyUse| {
            let present = rows.iter().filter(|row| row.purpose == purpose && row.retired_at.is_none());
            present.max_by_key(|row| row.created_at).map(|row| row.kid.clone())
        };
        let (Some(id), Some(access)) = (signing(KeyUse::Id), signing(KeyUse::Access)) else {
            return Err(no_keys(pool));
        };
        // Some verifiers take a key by its place: the first signs ID tokens, the second access tokens.
        rows.sort_by_key(|row| (row.kid != id, row.kid != access));
        let opened = rows.iter().map(|row| self.open_key(pool, row)).collect::<Result<Vec<_>>>()?;
        let jwks = Jwks::new(opened.iter().map(SigningKey::jwk)).document().into();
        let verifying = VerifyingKeys::new(&opened);
        let mut opened = opened.into_iter();
        let (Some(id), Some(access)) = (opened.next(), opened.next()) else {
            return Err(no_keys(pool));
        };
        let seen_at = AtomicI64::new(now.as_millisecond());
        let keys = Arc::new(PoolKeys { id, access, verifying, jwks, version, seen_at });
        self.keys.insert(pool, &keys);
        Ok(Some(keys))
    }

    /// Two new key pairs as rows, to be inserted with a new pool.
    ///
    /// # Errors
    /// An internal error where no key can be made.
    pub fn make_signing_keys(&self, pool: &PoolId) -> Result<Vec<Row>> {
        [KeyUse::Id, KeyUse::Access].into_iter().map(|key_use| self.make_signing_key(pool, key_use)).collect()
    }

    fn make_signing_key(&self, pool: &PoolId, key_use: KeyUse) -> Result<Row> {
        let key = self.reserve.take().map_err(Error::internal)?;
        let der = key.to_pkcs8().map_err(Error::internal)?;
        Ok(Row {
            pool: pool.clone(),
            purpose: key_use,
            kid: key.kid().to_owned(),
            pkcs8: self.seal(Purpose::SigningKey, pool.as_str(), &der),
            jwk: serde_json::to_value(key.jwk()).map_err(Error::internal)?,
            created_at: self.now(),
            retired_at: None,
        })
    }

    fn open_key(&self, pool: &PoolId, row: &Row) -> Result<SigningKey> {
        let sealed: &Sealed = &row.pkcs8;
        let der = self.unseal(Purpose::SigningKey, pool.as_str(), sealed)?;
        SigningKey::from_pkcs8(&der).map_err(Error::internal)
    }

    /// Begins to sign with new keys; the old ones stay published, so that tokens out there still verify. Every other
    /// process over the same database follows within a second.
    ///
    /// # Errors
    /// An internal error.
    pub async fn rotate_keys(&self, pool: &Pool) -> Result<()> {
        let rows = self.make_signing_keys(&pool.id)?;
        let (id, now) = (pool.id.clone(), self.now());
        self.store
            .write(move |tx| -> Result<()> {
                for row in tx.signing_keys(&id)?.iter().filter(|row| row.retired_at.is_none()) {
                    tx.retire_signing_key(&id, &row.kid, now)?;
                }
                for row in &rows {
                    tx.insert_signing_key(row)?;
                }
                Ok(())
            })
            .await?;
        self.load_keys(&pool.id).await.map(drop)
    }
}

fn no_keys(pool: &PoolId) -> Error {
    Error::internal(format!("pool {pool} has no signing keys"))
}
