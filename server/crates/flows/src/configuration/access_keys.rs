//! Access keys, which sign the AWS door's calls.

use std::fmt;

use domain::{Error, Principal, Result, Sealed};
use jiff::Timestamp;
use store::{AccessKey, KeyOwner};
use tokens::Purpose;
use zeroize::Zeroizing;

use crate::Latchkey;

/// An access key, opened.
pub struct OpenedKey {
    /// The secret access key.
    pub secret: Zeroizing<String>,
    /// Whose it is.
    pub principal: Principal,
    /// None for a lasting key.
    pub session: Option<OpenedSession>,
}

/// What temporary access keys have besides.
pub struct OpenedSession {
    /// The session token that must come along.
    pub token: Zeroizing<String>,
    /// When the key ends.
    pub expires_at: Timestamp,
    /// The policy document (JSON) that narrows what it may do.
    pub policy: Option<String>,
}

impl fmt::Debug for OpenedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedKey")
            .field("principal", &self.principal)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OpenedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedSession").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Latchkey {
    /// An access key by its id; None for an unknown one. Whether it has ended is the caller's to judge.
    ///
    /// # Errors
    /// An internal error where it cannot be read.
    pub async fn access_key(&self, id: &str) -> Result<Option<OpenedKey>> {
        let key = id.to_owned();
        let row = self.store.read(move |r| r.access_key(&key).map_err(Error::from)).await?;
        row.map(|row| self.open_access_key(row)).transpose()
    }

    /// The secret of the account's own access key; None for an unknown one and one of somebody else.
    ///
    /// # Errors
    /// An internal error where it cannot be read.
    pub async fn root_access_key_secret(&self, id: &str) -> Result<Option<Zeroizing<String>>> {
        let key = self.access_key(id).await?.filter(|key| matches!(key.principal, Principal::Root { .. }));
        Ok(key.map(|key| key.secret))
    }

    /// Stores an access key of the account itself, which may do everything, replacing one of the same name.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn put_root_access_key(&self, id: &str, secret: &str) -> Result<()> {
        let row = AccessKey {
            id: id.to_owned(),
            secret: self.seal(Purpose::AccessKey, id, secret.as_bytes()),
            created_at: self.now(),
            owner: KeyOwner::Root,
            session: None,
        };
        self.store
            .write(move |tx| -> Result<()> {
                tx.delete_access_key(&row.id)?;
                Ok(tx.insert_access_key(&row)?)
            })
            .await
    }

    fn open_access_key(&self, row: AccessKey) -> Result<OpenedKey> {
        let open = |context: &str, sealed: &Sealed| -> Result<Zeroizing<String>> {
            let opened = self.unseal(Purpose::AccessKey, context, sealed)?;
            let text = std::str::from_utf8(&opened).map_err(Error::internal)?;
            Ok(Zeroizing::new(text.to_owned()))
        };
        let account = self.settings.account.clone();
        let session = row.session.map(|session| -> Result<OpenedSession> {
            let token = open(&session_context(&row.id), &session.token)?;
            Ok(OpenedSession { token, expires_at: session.expires_at, policy: session.policy })
        });
        Ok(OpenedKey {
            secret: open(&row.id, &row.secret)?,
            principal: match row.owner {
                KeyOwner::Root => Principal::Root { account },
                KeyOwner::User { name } => Principal::IamUser { account, name },
                KeyOwner::Role { name, session } => Principal::AssumedRole { account, role: name, session },
            },
            session: session.transpose()?,
        })
    }
}

/// What the session token of an access key is sealed to: never taken for its secret.
fn session_context(id: &str) -> String {
    format!("{id}\0session")
}
