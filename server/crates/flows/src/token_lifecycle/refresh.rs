//! Refreshing: GetTokensFromRefreshToken, REFRESH_TOKEN_AUTH, the refresh_token grant.

use domain::{Error, Reason, Result, User};
use tokens::{RefreshError, RefreshToken};
use triggers::TokenSource;

use crate::token_lifecycle::access::signed_out;
use crate::token_lifecycle::issue::Session;
use crate::{Audience, ClientContext, Ctx, Latchkey, TokenSet};

/// Which of the three ways a refresh comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshWay {
    /// InitiateAuth, AdminInitiateAuth: refused where tokens rotate.
    AuthFlow,
    /// GetTokensFromRefreshToken
    Operation,
    /// /oauth2/token
    OAuth,
}

impl Latchkey {
    /// New tokens for a refresh token of this client. `device` is the DEVICE_KEY sent along.
    ///
    /// # Errors
    /// `NotAuthorizedException`; `RefreshTokenReuseException` for a token that was rotated out.
    pub async fn refresh(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        way: RefreshWay,
        token: &str,
        device: Option<&str>,
    ) -> Result<TokenSet> {
        let rotation = app.client.rotation_grace();
        if rotation.is_some() && way == RefreshWay::AuthFlow {
            return Err(Reason::RefreshTokenRotates.into());
        }
        let token = self.open_refresh_token(ctx, app, token)?;
        let user = self.user_of_refresh_token(app, &token, rotation.is_some()).await?;
        self.check_device(app, way, &token, &user, device).await?;
        let session = Session {
            auth_time: token.auth_time,
            origin_jti: token.origin_jti.clone(),
            event_id: token.event_id.clone().unwrap_or_default(),
            device: token.device_key.clone(),
            audience: audience(&token),
            source: TokenSource::RefreshTokens,
        };
        let generation = match rotation {
            Some(grace) => Some(self.rotate(&token, grace).await?),
            None => None,
        };
        let mut set = self.mint(ctx, app, &user, &session).await?;
        set.refresh = generation
            .map(|generation| self.make_refresh_token(ctx, app, &user, &session, token.expires_at, generation));
        Ok(set)
    }

    /// REFRESH_TOKEN_AUTH names no user: its SECRET_HASH is over the username the token was made for, which
    /// clients know as `cognito:username` or sub.
    ///
    /// # Errors
    /// `NotAuthorizedException`.
    pub fn check_refresh_secret_hash(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        token: &str,
        sent: Option<&str>,
    ) -> Result<()> {
        if !app.client.is_confidential() {
            return crate::check_secret_hash(self, app, "", sent);
        }
        let token = self.open_refresh_token(ctx, app, token)?;
        crate::check_secret_hash(self, app, token.username.as_str(), sent)
            .or_else(|_| crate::check_secret_hash(self, app, token.sub.as_str(), sent))
    }

    /// Opens a refresh token; it must be this client's.
    pub(crate) fn open_refresh_token(&self, ctx: &Ctx, app: &ClientContext, token: &str) -> Result<RefreshToken> {
        let opened = RefreshToken::open(&self.vault, ctx.now, token).map_err(|error| match error {
            RefreshError::Expired => Error::from(Reason::RefreshTokenExpired),
            RefreshError::Invalid => invalid(),
        })?;
        if opened.belongs_to(&app.pool.id, &app.client.id) { Ok(opened) } else { Err(invalid()) }
    }

    /// The user, who must still be signed in. Where the client's tokens rotate, the rotation itself judges the
    /// token's generation; where they no longer do, one that was rotated out before stays void.
    async fn user_of_refresh_token(&self, app: &ClientContext, token: &RefreshToken, rotates: bool) -> Result<User> {
        let (pool, username, origin) = (app.pool.id.clone(), token.username.clone(), token.origin_jti.clone());
        let generation = i64::from(token.generation);
        let (user, revoked) = self
            .store
            .read(move |r| -> Result<_> {
                let user = r.user(&pool, &username)?;
                let replaced =
                    !rotates && r.refresh_family(&origin)?.is_some_and(|family| family.generation > generation);
                Ok((user, replaced || r.is_revoked(&origin)?))
            })
            .await?;
        let user = user.filter(|user| user.sub == token.sub).ok_or_else(invalid)?;
        if revoked || signed_out(&user, Some(&token.origin_jti), token.auth_time) {
            return Err(Reason::RefreshTokenRevoked.into());
        }
        if !user.enabled {
            return Err(Reason::UserDisabled.into());
        }
        Ok(user)
    }

    /// With device tracking on, a refresh must come with the device that was announced at its sign-in, once confirmed.
    async fn check_device(
        &self,
        app: &ClientContext,
        way: RefreshWay,
        token: &RefreshToken,
        user: &User,
        sent: Option<&str>,
    ) -> Result<()> {
        if !app.pool.tracks_devices() {
            return Ok(());
        }
        let Some(key) = token.device_key.clone() else {
            return Ok(());
        };
        // The token endpoint has no way to name a device (developer guide, "token endpoint").
        if way == RefreshWay::OAuth || sent.is_some_and(|sent| sent != key.as_str()) {
            return Err(invalid());
        }
        let (pool, username) = (user.pool.clone(), user.username.clone());
        let device = self.store.read(move |r| r.device(&pool, &username, &key).map_err(Error::from)).await?;
        // A forgotten device takes its sessions along, and one that was never confirmed gives it none.
        let confirmed = device.is_some_and(|device| device.verifier.is_some());
        if confirmed && sent.is_some() { Ok(()) } else { Err(invalid()) }
    }

    /// Replaces a refresh token: answers the next one's generation. The one before the latest works on for the
    /// grace period and leads to the same next generation.
    async fn rotate(&self, token: &RefreshToken, grace: jiff::SignedDuration) -> Result<u32> {
        let (origin, generation, expires_at, now) =
            (token.origin_jti.clone(), token.generation, token.expires_at, self.now());
        self.store
            .write(move |tx| -> Result<u32> {
                let next = generation.saturating_add(1);
                if tx.advance_refresh_family(&origin, i64::from(generation), now, expires_at)? {
                    return Ok(next);
                }
                let in_grace = tx.refresh_family(&origin)?.is_some_and(|family| {
                    family.generation == i64::from(next) && now.duration_since(family.rotated_at) < grace
                });
                if in_grace {
                    return Ok(next);
                }
                Err(Reason::RefreshTokenReused.into())
            })
            .await
    }
}

fn audience(token: &RefreshToken) -> Audience {
    if token.oauth {
        Audience::OAuth { scopes: token.scopes.clone(), nonce: token.nonce.clone() }
    } else {
        Audience::Api
    }
}

fn invalid() -> Error {
    Error::from(Reason::RefreshTokenInvalid)
}
