//! Keys: what pools sign with, what seals secrets at rest, and what administrators sign with.

use domain::{PoolId, Sealed};
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::connection::{Reader, Tx};
use crate::value::{Row, params};
use crate::{Result, StoreError};

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

/// Whose an access key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOwner {
    /// the account itself
    Root,
    /// an IAM user
    User {
        /// its name
        name: String,
    },
    /// a session of a role
    Role {
        /// the role's name
        name: String,
        /// the session's name
        session: String,
    },
}

impl KeyOwner {
    /// The columns `owner`, `owner_name` and `role_session`.
    fn columns(&self) -> (&'static str, &str, &str) {
        match self {
            Self::Root => ("root", "", ""),
            Self::User { name } => ("user", name, ""),
            Self::Role { name, session } => ("role", name, session),
        }
    }

    fn read(owner: &str, name: String, session: String) -> Result<Self> {
        match owner {
            "root" => Ok(Self::Root),
            "user" => Ok(Self::User { name }),
            "role" => Ok(Self::Role { name, session }),
            _ => Err(StoreError::Unreadable("an access key's owner".to_owned())),
        }
    }
}

/// What temporary access keys have besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySession {
    /// The session token that must come along, sealed.
    pub token: Sealed,
    /// When the key ends.
    pub expires_at: Timestamp,
    /// The policy document that narrows what it may do.
    pub policy: Option<String>,
}

/// An access key (SigV4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// The access key id.
    pub id: String,
    /// The secret access key, sealed.
    pub secret: Sealed,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whose it is.
    pub owner: KeyOwner,
    /// None for a lasting key.
    pub session: Option<KeySession>,
}

fn access_key(row: &Row<'_>) -> Result<AccessKey> {
    let session = match (row.opt_bytes(6)?, row.opt_time(7)?) {
        (Some(token), Some(expires_at)) => {
            Some(KeySession { token: Sealed(token), expires_at, policy: row.opt_text(8)? })
        }
        (None, None) => None,
        // Half a session would be a lasting key.
        _ => return Err(StoreError::Unreadable("an access key's session".to_owned())),
    };
    Ok(AccessKey {
        id: row.text(0)?,
        secret: Sealed(row.bytes(1)?),
        created_at: row.time(2)?,
        owner: KeyOwner::read(row.str(3)?, row.text(4)?, row.text(5)?)?,
        session,
    })
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

    /// The version of a pool's signing keys: another one after every change of them. None without the pool.
    ///
    /// # Errors
    /// The database's.
    pub fn keys_version(&mut self, pool: &PoolId) -> Result<Option<i64>> {
        self.row("SELECT keys_version FROM pools WHERE id = ?1", params![pool], |row| row.int(0))
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
        let sql = "SELECT id, secret, created_at, owner, owner_name, role_session, session_token, expires_at, policy
                   FROM access_keys WHERE id = ?1";
        self.row(sql, params![id], access_key)
    }

    /// Whether the account itself has an access key.
    ///
    /// # Errors
    /// The database's.
    pub fn has_root_access_key(&mut self) -> Result<bool> {
        let sql = "SELECT id FROM access_keys WHERE owner = 'root' LIMIT 1";
        Ok(self.row(sql, &[], |row| row.text(0))?.is_some())
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
        self.insert("signing key", sql, values)?;
        self.raise_keys_version(&key.pool)
    }

    /// Ends a key's signing; false where there is none, or it is over already.
    ///
    /// # Errors
    /// The database's.
    pub fn retire_signing_key(&mut self, pool: &PoolId, kid: &str, at: Timestamp) -> Result<bool> {
        let sql = "UPDATE signing_keys SET retired_at = ?3 WHERE pool = ?1 AND kid = ?2 AND retired_at IS NULL";
        let retired = self.run(sql, params![pool, kid, at])? > 0;
        self.raise_keys_version(pool)?;
        Ok(retired)
    }

    /// Removes a key: tokens it signed no longer verify.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_signing_key(&mut self, pool: &PoolId, kid: &str) -> Result<bool> {
        let removed = self.run("DELETE FROM signing_keys WHERE pool = ?1 AND kid = ?2", params![pool, kid])? > 0;
        self.raise_keys_version(pool)?;
        Ok(removed)
    }

    /// Tells every process that has the pool's keys in memory to read them anew.
    fn raise_keys_version(&mut self, pool: &PoolId) -> Result<()> {
        self.run("UPDATE pools SET keys_version = keys_version + 1 WHERE id = ?1", params![pool]).map(drop)
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
        let sql = "INSERT INTO access_keys
                   (id, secret, created_at, owner, owner_name, role_session, session_token, expires_at, policy)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
        let (owner, name, role_session) = key.owner.columns();
        let session = key.session.as_ref();
        let token = session.map(|session| &session.token);
        let expires_at = session.map(|session| session.expires_at);
        let policy = session.and_then(|session| session.policy.as_ref());
        let values =
            params![&key.id, &key.secret, key.created_at, owner, name, role_session, token, expires_at, policy];
        self.insert("access key", sql, values)
    }

    /// Removes an access key; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_access_key(&mut self, id: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM access_keys WHERE id = ?1", params![id])? > 0)
    }
}
