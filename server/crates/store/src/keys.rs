//! Keys: what pools sign with, what seals secrets at rest, and what administrators sign with.

use crate::connection::{Reader, Tx};
use crate::value::{Row, params};
use crate::{Result, StoreError};
use domain::{PoolId, Sealed};
use jiff::Timestamp;
use serde_json::Value as Json;

/// Which tokens a key signs. Cognito keeps two key pairs a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// ID tokens
    Id,
    /// access tokens
    Access,
}

impl KeyUse {
    /// The word it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Access => "access",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        match word {
            "id" => Ok(Self::Id),
            "access" => Ok(Self::Access),
            _ => Err(StoreError::Unreadable("a signing key's use".to_owned())),
        }
    }
}

/// A key pair of a pool.
#[derive(Clone, Debug, PartialEq)]
pub struct SigningKey {
    /// The pool it signs for.
    pub pool: PoolId,
    /// Key id, as in the JWKS.
    pub kid: String,
    /// Which tokens it signs.
    pub purpose: KeyUse,
    /// The private key (PKCS #8 DER), sealed.
    pub pkcs8: Sealed,
    /// The public key as it stands in the JWKS.
    pub jwk: Json,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped signing; it verifies on until it is deleted.
    pub retired_at: Option<Timestamp>,
}

/// A key that seals secrets at rest, wrapped by the master key.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey {
    /// Named in every value it seals.
    pub id: u32,
    /// The key under the master key.
    pub wrapped: Vec<u8>,
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataKey").field("id", &self.id).field("wrapped", &"***").finish()
    }
}

/// An administrator's access key (SigV4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// The access key id.
    pub id: String,
    /// The secret access key, sealed.
    pub secret: Sealed,
    /// When it was made.
    pub created_at: Timestamp,
}

fn access_key(row: &Row<'_>) -> Result<AccessKey> {
    Ok(AccessKey { id: row.text(0)?, secret: Sealed(row.bytes(1)?), created_at: row.time(2)? })
}

impl Reader {
    /// Keys of a pool, oldest first, retired ones included.
    ///
    /// # Errors
    /// The database's.
    pub fn signing_keys(&mut self, pool: &PoolId) -> Result<Vec<SigningKey>> {
        let sql = "SELECT kid, purpose, pkcs8, jwk, created_at, retired_at FROM signing_keys
                   WHERE pool = ?1 ORDER BY created_at, kid";
        self.rows(sql, params![pool], |row| {
            Ok(SigningKey {
                pool: pool.clone(),
                kid: row.text(0)?,
                purpose: KeyUse::parse(row.str(1)?)?,
                pkcs8: Sealed(row.bytes(2)?),
                jwk: row.json(3)?,
                created_at: row.time(4)?,
                retired_at: row.opt_time(5)?,
            })
        })
    }

    /// All data keys, by id.
    ///
    /// # Errors
    /// The database's.
    pub fn data_keys(&mut self) -> Result<Vec<DataKey>> {
        self.rows("SELECT id, wrapped FROM data_keys ORDER BY id", &[], |row| {
            let id = u32::try_from(row.int(0)?).map_err(|_| StoreError::Unreadable("a data key's id".to_owned()))?;
            Ok(DataKey { id, wrapped: row.bytes(1)? })
        })
    }

    /// An access key.
    ///
    /// # Errors
    /// The database's.
    pub fn access_key(&mut self, id: &str) -> Result<Option<AccessKey>> {
        self.row("SELECT id, secret, created_at FROM access_keys WHERE id = ?1", params![id], access_key)
    }

    /// All access keys, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub fn access_keys(&mut self) -> Result<Vec<AccessKey>> {
        self.rows("SELECT id, secret, created_at FROM access_keys ORDER BY created_at, id", &[], access_key)
    }
}

impl Tx {
    /// Adds a key pair to a pool.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`signing key`); [`StoreError::Orphan`] without its pool; the database's.
    pub fn insert_signing_key(&mut self, key: &SigningKey) -> Result<()> {
        let sql = "INSERT INTO signing_keys (pool, kid, purpose, pkcs8, jwk, created_at, retired_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
        let jwk = key.jwk.to_string();
        let values =
            params![&key.pool, &key.kid, key.purpose.as_str(), &key.pkcs8, &jwk, key.created_at, key.retired_at];
        self.insert("signing key", sql, values)
    }

    /// Ends a key's signing; false where there is none, or it is over already.
    ///
    /// # Errors
    /// The database's.
    pub fn retire_signing_key(&mut self, pool: &PoolId, kid: &str, at: Timestamp) -> Result<bool> {
        let sql = "UPDATE signing_keys SET retired_at = ?3 WHERE pool = ?1 AND kid = ?2 AND retired_at IS NULL";
        Ok(self.run(sql, params![pool, kid, at])? > 0)
    }

    /// Removes a key: tokens it signed no longer verify.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_signing_key(&mut self, pool: &PoolId, kid: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM signing_keys WHERE pool = ?1 AND kid = ?2", params![pool, kid])? > 0)
    }

    /// Adds a data key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`data key`); the database's.
    pub fn insert_data_key(&mut self, key: &DataKey) -> Result<()> {
        let sql = "INSERT INTO data_keys (id, wrapped) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.insert("data key", sql, params![i64::from(key.id), key.wrapped.as_slice()])
    }

    /// Puts these in the place of all data keys: the same keys under another master key.
    ///
    /// # Errors
    /// The database's.
    pub fn replace_data_keys(&mut self, keys: &[DataKey]) -> Result<()> {
        self.atomic(|tx| {
            tx.run("DELETE FROM data_keys", &[])?;
            keys.iter().try_for_each(|key| tx.insert_data_key(key))
        })
    }

    /// Adds an access key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`access key`); the database's.
    pub fn insert_access_key(&mut self, key: &AccessKey) -> Result<()> {
        let sql = "INSERT INTO access_keys (id, secret, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.insert("access key", sql, params![&key.id, &key.secret, key.created_at])
    }

    /// Removes an access key; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_access_key(&mut self, id: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM access_keys WHERE id = ?1", params![id])? > 0)
    }
}
