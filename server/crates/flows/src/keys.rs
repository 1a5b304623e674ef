//! A pool's signing keys: two pairs, one for ID tokens and one for access tokens, parsed once.

use crate::Latchkey;
use bytes::Bytes;
use domain::{Error, Pool, PoolId, Result, Sealed};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::{KeyUse, SigningKey as Row};
use tokens::{Jwks, Purpose, SigningKey, VerifyingKeys};

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
}

/// Keys of the pools used so far.
#[derive(Default)]
pub(crate) struct Keys(RwLock<HashMap<PoolId, Arc<PoolKeys>>>);

impl Latchkey {
    /// The pool's keys.
    ///
    /// # Errors
    /// An internal error where they cannot be read.
    pub async fn keys(&self, pool: &PoolId) -> Result<Arc<PoolKeys>> {
        let cached = self.keys.0.read().unwrap_or_else(PoisonError::into_inner).get(pool).cloned();
        match cached {
            Some(keys) => Ok(keys),
            None => self.load_keys(pool).await,
        }
    }

    /// Reads the keys anew: after a rotation, or when a token names a key we do not know.
    ///
    /// # Errors
    /// An internal error where they cannot be read.
    pub async fn load_keys(&self, pool: &PoolId) -> Result<Arc<PoolKeys>> {
        let id = pool.clone();
        let rows = self.store.read(move |r| r.signing_keys(&id).map_err(Error::from)).await?;
        let opened = rows.iter().map(|row| self.open_key(pool, row)).collect::<Result<Vec<_>>>()?;
        let jwks = Jwks::new(opened.iter().map(SigningKey::jwk)).document().into();
        let verifying = VerifyingKeys::new(&opened);
        let mut present = rows.iter().zip(opened).filter(|(row, _)| row.retired_at.is_none()).collect::<Vec<_>>();
        present.sort_by_key(|(row, _)| row.created_at);
        let (mut id, mut access) = (None, None);
        for (row, key) in present {
            match row.purpose {
                KeyUse::Id => id = Some(key),
                KeyUse::Access => access = Some(key),
            }
        }
        let (Some(id), Some(access)) = (id, access) else {
            return Err(Error::internal(format!("pool {pool} has no signing keys")));
        };
        let keys = Arc::new(PoolKeys { id, access, verifying, jwks });
        self.keys.0.write().unwrap_or_else(PoisonError::into_inner).insert(pool.clone(), keys.clone());
        Ok(keys)
    }

    /// Forgets cached keys: the pool is gone or its keys have changed.
    pub fn forget_keys(&self, pool: &PoolId) {
        self.keys.0.write().unwrap_or_else(PoisonError::into_inner).remove(pool);
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

    /// Begins to sign with new keys; the old ones stay published, so that tokens out there still verify.
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
