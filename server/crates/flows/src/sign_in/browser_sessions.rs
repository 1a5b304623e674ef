//! Browser sessions: what the hosted pages remember of a sign-in, under the hash of a cookie.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AnsweredChallenge, Error, Pool, PoolId, Reason, Result, Sub, User, UserStatus, Username};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::sign_in::SignedIn;
use crate::token_lifecycle::grants::derive_hash;
use crate::{ClientContext, Ctx, Latchkey};

/// From the last interactive sign-in; using it does not prolong it.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

#[derive(Clone, Debug, Serialize, Deserialize)]
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
    /// When the session itself set a new password, which so does not end it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_set_at: Option<Timestamp>,
    /// The user's last sign-out everywhere by the time the session began; a later one ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signed_out_at: Option<Timestamp>,
}

/// A session that stands, and under which hash.
#[derive(Clone, Debug)]
pub(crate) struct OpenedBrowserSession {
    hash: Vec<u8>,
    document: SessionDocument,
}

/// A session that is to go on under another cookie.
#[derive(Clone)]
pub(crate) struct RenewedBrowserSession {
    earlier: Vec<u8>,
    hash: Vec<u8>,
    document: SessionDocument,
}

impl RenewedBrowserSession {
    /// Puts the session in the place of the earlier one.
    ///
    /// # Errors
    /// [`Reason::SessionExpired`] where the earlier one has ended meanwhile; the store's.
    pub(crate) fn put(&self, tx: &mut Tx) -> Result<()> {
        if !tx.delete_session(&self.earlier)? {
            return Err(Reason::SessionExpired.into());
        }
        let (document, expires_at) = (&self.document, self.document.auth_time + LIFETIME);
        Ok(tx.put_session(&self.hash, &document.pool, &document.username, document, expires_at)?)
    }
}

impl Latchkey {
    /// Remembers a sign-in in the place of the browser's earlier one; answers the cookie's value.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn make_browser_session(
        &self,
        app: &ClientContext,
        signed_in: &SignedIn,
        earlier: Option<&str>,
    ) -> Result<String> {
        let cookie = self.make_session_cookie();
        let document = SessionDocument {
            pool: app.pool.id.clone(),
            username: signed_in.user.username.clone(),
            sub: signed_in.user.sub.clone(),
            auth_time: signed_in.auth_time,
            provider: signed_in.provider.clone(),
            history: signed_in.history.clone(),
            password_set_at: None,
            signed_out_at: signed_in.user.signed_out_at,
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
    /// sign-out everywhere, a disabled user and one with something left to do end it.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn browser_session(&self, ctx: &Ctx, pool: &Pool, cookie: &str) -> Result<Option<SignedIn>> {
        let found = self.open_browser_session(ctx, pool, cookie).await?;
        Ok(found.map(|(OpenedBrowserSession { document, .. }, user)| SignedIn {
            user,
            auth_time: document.auth_time,
            device: None,
            new_device: None,
            provider: document.provider,
            history: document.history,
        }))
    }

    /// The session that the cookie is for and its user, as [`Latchkey::browser_session`] finds them.
    pub(crate) async fn open_browser_session(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        cookie: &str,
    ) -> Result<Option<(OpenedBrowserSession, User)>> {
        let (hash, now, id) = (derive_hash(cookie), ctx.now, pool.id.clone());
        let key = hash.clone();
        let found = self
            .store
            .read(move |r| -> Result<_> {
                let document = r.session::<SessionDocument>(&key, now)?.filter(|document| document.pool == id);
                let Some(document) = document else { return Ok(None) };
                Ok(r.user(&id, &document.username)?.map(|user| (document, user)))
            })
            .await?;
        let lasting = found.filter(|(document, user)| stands(document, user));
        Ok(lasting.map(|(document, user)| (OpenedBrowserSession { hash, document }, user)))
    }

    /// A session as it goes on once it has set its user's password: as old as it was, under a new cookie.
    pub(crate) fn renew_browser_session(
        &self,
        ctx: &Ctx,
        session: &OpenedBrowserSession,
    ) -> (String, RenewedBrowserSession) {
        let cookie = self.make_session_cookie();
        let document = SessionDocument { password_set_at: Some(ctx.now), ..session.document.clone() };
        let renewed = RenewedBrowserSession { earlier: session.hash.clone(), hash: derive_hash(&cookie), document };
        (cookie, renewed)
    }

    fn make_session_cookie(&self) -> String {
        let secret: [u8; 32] = world::bytes(self.world.entropy());
        URL_SAFE_NO_PAD.encode(secret)
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
    let known = document.password_set_at.map_or(document.auth_time, |set_at| set_at.max(document.auth_time));
    user.sub == document.sub
        && user.enabled
        && user.signed_out_at == document.signed_out_at
        && matches!(user.status, UserStatus::Confirmed | UserStatus::ExternalProvider)
        && user.password.as_ref().is_none_or(|password| password.set_at <= known)
}
