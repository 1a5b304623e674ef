//! Keeping a session alive: one refresh at a time, nobody signed out by a bad network, nothing resurrected.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;

use crate::Auth;
use crate::error::{Error, Kind, Result};
use crate::host::{Area, Change, Ending, Host};
use crate::json::{Json, Object};
use crate::session::Session;

/// How good the tokens must be.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Milliseconds the access token must still be good for. More than half its lifetime counts as half, or every call
    /// would refresh.
    pub validity: i64,
    /// An access token a service refused although it looked good: anything but this one.
    pub not: Option<String>,
}

impl Wanted {
    fn content_with(&self, session: &Session, now: i64) -> bool {
        let most = (session.expires_at - session.fetched_at) / 2;
        session.remaining(now) > self.validity.clamp(0, most) && self.not.as_ref() != Some(&session.access_token)
    }
}

fn nobody() -> Error {
    Error::new(Kind::NotSignedIn, "nobody is signed in")
}

impl<H: Host> Auth<H> {
    /// The session, refreshed when it must be.
    ///
    /// # Errors
    /// [`Kind::NotSignedIn`]; [`Kind::NotAuthorized`] (and signed out) when the service refused the refresh token;
    /// [`Kind::Network`] and the service's own troubles, which leave the session as it is.
    pub async fn tokens(&self, wanted: &Wanted) -> Result<Rc<Session>> {
        let session = self.session().await?.ok_or_else(nobody)?;
        if wanted.content_with(&session, self.host.now()) {
            return Ok(session);
        }
        let _guard = self.host.lock(&self.config.prefix).await;
        self.refresh(wanted).await
    }

    /// The session as last read, from storage the first time.
    ///
    /// # Errors
    /// [`Kind::Storage`]
    pub async fn session(&self) -> Result<Option<Rc<Session>>> {
        if let Some(known) = &self.state.borrow().session {
            return Ok(known.clone());
        }
        let stored = self.stored().await?;
        self.state.borrow_mut().session = Some(stored.clone());
        Ok(stored)
    }

    /// Reads storage again after another tab wrote it.
    ///
    /// # Errors
    /// [`Kind::Storage`]
    pub async fn sync(&self) -> Result<()> {
        let stored = self.stored().await?;
        self.adopt(stored);
        Ok(())
    }

    /// With the lock held: takes over what another tab fetched, or fetches.
    async fn refresh(&self, wanted: &Wanted) -> Result<Rc<Session>> {
        let session = self.adopt(self.stored().await?).ok_or_else(nobody)?;
        if wanted.content_with(&session, self.host.now()) {
            return Ok(session);
        }
        match self.fetch_tokens(&session).await {
            Ok(fresh) => self.replace(&session, fresh).await,
            Err(error) if error.ends_session() => {
                // Another tab may have rotated the token while this one held an old copy.
                match self.adopt(self.stored().await?) {
                    Some(other) if other.access_token != session.access_token => Ok(other),
                    Some(_) => {
                        self.drop_session(Ending::Refused).await?;
                        Err(error)
                    }
                    None => Err(nobody()),
                }
            }
            Err(error) => {
                // A bad network is no reason to refuse a token that is still good.
                let usable = session.remaining(self.host.now()) > 0 && wanted.not.is_none();
                if usable { Ok(session) } else { Err(error) }
            }
        }
    }

    /// Stores fresh tokens in place of `old`, unless somebody signed out, in, or refreshed meanwhile (the lock may
    /// have been taken by force).
    async fn replace(&self, old: &Session, fresh: Box<Session>) -> Result<Rc<Session>> {
        match self.adopt(self.stored().await?) {
            Some(stored) if stored.access_token == old.access_token => {
                let fresh = self.keep(fresh).await?;
                self.host.changed(Change::Refreshed(&fresh));
                Ok(fresh)
            }
            Some(stored) => Ok(stored),
            None => {
                self.revoke(&fresh).await;
                Err(nobody())
            }
        }
    }

    /// GetTokensFromRefreshToken, which works with and without rotation; services that do not know it get
    /// REFRESH_TOKEN_AUTH.
    pub(crate) async fn fetch_tokens(&self, session: &Session) -> Result<Box<Session>> {
        let token = session
            .refresh_token
            .as_deref()
            .ok_or_else(|| Error::new(Kind::NotAuthorized, "the session cannot be refreshed"))?;
        let device = session.device_key.as_deref();
        let client = &self.config.client_id;
        let body = Object::new().text("ClientId", client).text("RefreshToken", token).maybe("DeviceKey", device);
        let answer = match self.call("GetTokensFromRefreshToken", body).await {
            Err(error) if matches!(error.kind, Kind::UnknownService | Kind::UnsupportedOperation) => {
                let parameters = Object::new().text("REFRESH_TOKEN", token).maybe("DEVICE_KEY", device);
                let body = Object::new()
                    .text("AuthFlow", "REFRESH_TOKEN_AUTH")
                    .text("ClientId", client)
                    .object("AuthParameters", parameters);
                self.call("InitiateAuth", body).await?
            }
            other => other?,
        };
        let mut fresh =
            Session::from_answer(answer.get("AuthenticationResult").unwrap_or(&Json::Null), self.host.now())?;
        fresh.refresh_token = fresh.refresh_token.take().or_else(|| session.refresh_token.clone());
        fresh.device_key.clone_from(&session.device_key);
        fresh.by_redirect = session.by_redirect;
        Ok(fresh)
    }

    async fn stored(&self) -> Result<Option<Rc<Session>>> {
        Ok(self.host.load(Area::Kept, &self.session_at()).await?.as_deref().and_then(Session::read).map(Rc::new))
    }

    fn session_at(&self) -> String {
        [&self.config.prefix, ".session"].concat()
    }

    /// Makes what storage says the truth, and tells whoever listens if that is news.
    fn adopt(&self, stored: Option<Rc<Session>>) -> Option<Rc<Session>> {
        let before = self.state.borrow_mut().session.replace(stored.clone()).flatten();
        match (&before, &stored) {
            (Some(_), None) => self.host.changed(Change::SignedOut(Ending::Elsewhere)),
            (before, Some(now)) if before.as_ref() != Some(now) => self.host.changed(Change::Adopted(now)),
            _ => {}
        }
        stored
    }

    /// Stores a session.
    pub(crate) async fn keep(&self, session: Box<Session>) -> Result<Rc<Session>> {
        self.host.save(Area::Kept, &self.session_at(), Some(&session.write())).await?;
        let session = Rc::<Session>::from(session);
        self.state.borrow_mut().session = Some(Some(session.clone()));
        Ok(session)
    }

    async fn drop_session(&self, why: Ending) -> Result<()> {
        self.state.borrow_mut().session = Some(None);
        let removed = self.host.save(Area::Kept, &self.session_at(), None).await;
        self.host.changed(Change::SignedOut(why));
        removed
    }

    /// Signs out here, whatever the network does: first the tokens are removed, then the service is told. `global` ends
    /// every session of the user. Returns where to send the browser to leave the hosted page's session too, when the
    /// session began there and a sign-out address is configured.
    ///
    /// # Errors
    /// Only what failed of a `global` sign-out (the tokens here are gone all the same), or [`Kind::Storage`].
    pub async fn sign_out(&self, global: bool) -> Result<Option<String>> {
        // A store that cannot be read must still be emptied.
        let session = self.session().await.ok().flatten();
        self.drop_session(Ending::Here).await?;
        let Some(session) = session else {
            return Ok(None);
        };
        if global {
            let fresh =
                if session.remaining(self.host.now()) > 0 { None } else { Some(self.fetch_tokens(&session).await?) };
            let token = &fresh.as_deref().unwrap_or(&session).access_token;
            self.call("GlobalSignOut", Object::new().text("AccessToken", token)).await?;
        } else {
            self.revoke(&session).await;
        }
        Ok(if session.by_redirect { self.logout_url() } else { None })
    }

    /// Signs out because another tab did; this tab's tokens are its own (a store per tab), so they are revoked too.
    ///
    /// # Errors
    /// [`Kind::Storage`]
    pub async fn leave(&self) -> Result<()> {
        if let Some(session) = self.session().await? {
            self.drop_session(Ending::Elsewhere).await?;
            self.revoke(&session).await;
        }
        Ok(())
    }

    async fn revoke(&self, session: &Session) {
        if let Some(token) = &session.refresh_token {
            // Best effort: signed out offline, the token lives until it ends.
            let _ = self
                .call("RevokeToken", Object::new().text("Token", token).text("ClientId", &self.config.client_id))
                .await;
        }
    }
}
