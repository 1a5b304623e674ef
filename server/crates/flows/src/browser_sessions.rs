//! Browser sessions: what the hosted pages remember of a sign-in, under the hash of a cookie.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AnsweredChallenge, Error, Pool, PoolId, Result, Sub, User, UserStatus, Username};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::grants::derive_hash;
use crate::sign_in::SignedIn;
use crate::{App, Ctx, Latchkey};

/// From the last interactive sign-in; using it does not prolong it.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

#[derive(Clone, Serialize, Deserialize)]
struct SessionDocument {
    pool: PoolId,
    username: Username,
    sub: Sub,
    auth_time: Timestamp,
    /// Through which provider; None for the pool's own directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    /// What was proven.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<AnsweredChallenge>,
}

impl Latchkey {
    /// Remembers a sign-in in the place of the browser's earlier one; answers the cookie's value.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn make_browser_session(&self, app: &App, signed_in: &SignedIn, earlier: Option<&str>) -> Result<String> {
        let secret: [u8; 32] = world::bytes(self.world.entropy());
        let cookie = URL_SAFE_NO_PAD.encode(secret);
        let document = SessionDocument {
            pool: app.pool.id.clone(),
            username: signed_in.user.username.clone(),
            sub: signed_in.user.sub.clone(),
            auth_time: signed_in.auth_time,
            provider: signed_in.provider.clone(),
            history: signed_in.history.clone(),
        };
        let (hash, earlier) = (derive_hash(&cookie), earlier.map(derive_hash));
        let expires_at = signed_in.auth_time + LIFETIME;
        self.store
            .write(move |tx| -> Result<()> {
                if let Some(earlier) = earlier {
                    tx.delete_session(&earlier)?;
                }
                let (pool, username) = (document.pool.clone(), document.username.clone());
                Ok(tx.put_session(&hash, &pool, &username, &document, expires_at)?)
            })
            .await?;
        Ok(cookie)
    }

    /// Who has signed in to this pool in the browser that sent the cookie, and when. A password set since then, a
    /// disabled user and one with something left to do end it.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn browser_session(&self, ctx: &Ctx, pool: &Pool, cookie: &str) -> Result<Option<SignedIn>> {
        let (hash, now, id) = (derive_hash(cookie), ctx.now, pool.id.clone());
        let found = self
            .store
            .read(move |r| -> Result<_> {
                let document = r.session::<SessionDocument>(&hash, now)?.filter(|document| document.pool == id);
                let Some(document) = document else { return Ok(None) };
                Ok(r.user(&id, &document.username)?.map(|user| (document, user)))
            })
            .await?;
        let lasting = found.filter(|(document, user)| stands(document, user));
        Ok(lasting.map(|(document, user)| SignedIn {
            user,
            auth_time: document.auth_time,
            device: None,
            new_device: None,
            provider: document.provider,
            history: document.history,
        }))
    }

    /// Forgets the browser's sign-in.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn end_browser_session(&self, cookie: &str) -> Result<()> {
        let hash = derive_hash(cookie);
        self.store.write(move |tx| tx.delete_session(&hash).map(drop).map_err(Error::from)).await
    }
}

fn stands(document: &SessionDocument, user: &User) -> bool {
    user.sub == document.sub
        && user.enabled
        && matches!(user.status, UserStatus::Confirmed | UserStatus::ExternalProvider)
        && user.password.as_ref().is_none_or(|password| password.set_at <= document.auth_time)
}
