//! A session: the tokens of one sign-in, how they are stored, and what is read out of them.

use alloc::boxed::Box;
use alloc::string::String;

use zeroize::Zeroize as _;

use crate::error::{Error, Kind, Result};
use crate::json::{Json, Object};
use crate::{base64, text};

/// The tokens of one sign-in. Whoever holds it is the user: it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// The access token.
    pub access_token: String,
    /// The ID token; none when a redirect sign-in did not ask for `openid`.
    pub id_token: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// Who it is: the user name the service knows.
    pub username: String,
    /// The device the session is tied to, when the pool tracks devices.
    pub device_key: Option<String>,
    /// Whether it began with a redirect, so that signing out means leaving the hosted page's session too.
    pub by_redirect: bool,
    /// When the tokens were fetched, ms since 1970 by this machine's clock.
    pub fetched_at: i64,
    /// When the access token ends, ms since 1970 by this machine's clock (fetched + ExpiresIn, so that a wrong clock
    /// does no harm).
    pub expires_at: i64,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.access_token.zeroize();
        self.id_token.zeroize();
        self.refresh_token.zeroize();
    }
}

impl Session {
    /// A session out of an AuthenticationResult or a token endpoint's answer, whose members it takes in either spelling.
    pub(crate) fn from_answer(answer: &Json, now: i64) -> Result<Box<Self>> {
        let either = |api: &str, oauth: &str| answer.own(api).or_else(|| answer.own(oauth));
        let wrong = || Error::new(Kind::UnexpectedResponse, "the answer carries no usable tokens");
        let access_token = either("AccessToken", "access_token").ok_or_else(wrong)?;
        let id_token = either("IdToken", "id_token");
        let lifetime =
            answer.integer("ExpiresIn").or_else(|| answer.integer("expires_in")).unwrap_or(3600).clamp(0, 86_400);
        let username = claims(&access_token).ok().and_then(|claims| claims.own("username")).ok_or_else(wrong)?;
        // Boxed: it passes through many futures.
        Ok(Box::new(Session {
            access_token,
            id_token,
            refresh_token: either("RefreshToken", "refresh_token"),
            username,
            device_key: None,
            by_redirect: false,
            fetched_at: now,
            expires_at: now + lifetime * 1000,
        }))
    }

    /// The session as it is stored.
    pub(crate) fn write(&self) -> zeroize::Zeroizing<String> {
        Object::new()
            .integer("v", 1)
            .text("accessToken", &self.access_token)
            .maybe("idToken", self.id_token.as_deref())
            .maybe("refreshToken", self.refresh_token.as_deref())
            .text("username", &self.username)
            .maybe("deviceKey", self.device_key.as_deref())
            .flag("byRedirect", self.by_redirect)
            .integer("fetchedAt", self.fetched_at)
            .integer("expiresAt", self.expires_at)
            .finish()
    }

    /// A stored session; `None` for what is none of ours or of a later version.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let json = Json::parse(text).ok()?;
        let own = |name| json.own(name);
        if json.integer("v") != Some(1) {
            return None;
        }
        Some(Session {
            access_token: own("accessToken")?,
            id_token: own("idToken"),
            refresh_token: own("refreshToken"),
            username: own("username")?,
            device_key: own("deviceKey"),
            by_redirect: json.flag("byRedirect"),
            fetched_at: json.integer("fetchedAt")?,
            expires_at: json.integer("expiresAt")?,
        })
    }

    /// Milliseconds the access token is still good for. A clock that went back before the fetch makes it none:
    /// then nothing stored says when it ends.
    #[must_use]
    pub fn remaining(&self, now: i64) -> i64 {
        if now < self.fetched_at { 0 } else { (self.expires_at - now).max(0) }
    }

    /// Who it is, as JSON: `{sub, username, claims}`, the claims of the ID token (of the access token without one).
    /// Read, not verified: these tokens came straight from the service over TLS.
    pub fn user(&self) -> Object {
        let claims = claims(self.id_token.as_deref().unwrap_or(&self.access_token)).unwrap_or(Json::Null);
        Object::new()
            .text("sub", claims.text("sub").unwrap_or_default())
            .text("username", &self.username)
            .json("claims", &claims)
    }
}

/// The claims of a JWT (RFC 7519 §7.2, without the signature).
pub(crate) fn claims(token: &str) -> Result<Json> {
    part(token, 1)
}

/// The header of a JWT.
pub(crate) fn header(token: &str) -> Result<Json> {
    part(token, 0)
}

fn part(token: &str, index: usize) -> Result<Json> {
    let wrong = || Error::new(Kind::UnexpectedResponse, "not a JSON web token");
    let bytes = text::words(token, b'.').nth(index).and_then(base64::decode).ok_or_else(wrong)?;
    let text = core::str::from_utf8(&bytes).map_err(|_| wrong())?;
    Json::parse(text).map_err(|_| wrong())
}
