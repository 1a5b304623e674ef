//! Who an access token speaks for. What that user may do alone takes a [`crate::Subject`].

use domain::{ClientId, Error, PoolId, Reason, Result, User};
use tokens::{AccessClaims, TokenError};

use crate::{ClientContext, Latchkey};

/// An accepted access token.
#[derive(Clone, Debug)]
pub struct Access {
    /// The client it was issued to, and its pool.
    pub app: ClientContext,
    /// Whose it is.
    pub user: User,
    /// What it says.
    pub claims: AccessClaims,
}

impl Latchkey {
    /// Accepts an access token that has a scope (userInfo asks for `openid`): signature, expiry, revocation, and that
    /// the user is there and enabled.
    ///
    /// # Errors
    /// `NotAuthorizedException`, `UserNotFoundException`.
    pub async fn access_with_scope(&self, token: &str, scope: &str) -> Result<Access> {
        let pool_id = self.issuing_pool(token).ok_or_else(invalid)?;
        let claims = self.verify_access_token(&pool_id, token).await?;
        if !claims.has_scope(scope) {
            return Err(Reason::AccessTokenScopeMissing.into());
        }
        let username = claims.username.clone().ok_or_else(invalid)?;
        let client_id = claims.client_id.clone();
        let origin = claims.origin_jti.clone();
        let latchkey = self.clone();
        let (app, user, revoked) = self
            .store
            .read(move |r| -> Result<_> {
                let app = latchkey.read_app(r, &client_id)?.filter(|app| app.pool.id == pool_id);
                let user = r.user(&pool_id, &username)?;
                let revoked = match &origin {
                    Some(origin) => r.is_revoked(origin)?,
                    None => false,
                };
                Ok((app, user, revoked))
            })
            .await?;
        let app = app.ok_or_else(invalid)?;
        let user = user.filter(|user| user.sub.as_str() == claims.sub).ok_or(Reason::UserNotFound)?;
        if revoked || signed_out(&user, claims.origin_jti.as_deref(), claims.auth_time) {
            return Err(Reason::AccessTokenRevoked.into());
        }
        if !user.enabled {
            return Err(Reason::UserDisabled.into());
        }
        Ok(Access { app, user, claims })
    }

    async fn verify_access_token(&self, pool: &PoolId, token: &str) -> Result<AccessClaims> {
        // A pool that another process has removed has no keys any more, and its tokens end.
        let keys = self.current_keys(pool).await?.ok_or_else(invalid)?;
        let issuer = self.settings.issuer(pool);
        tokens::verify_access(token, &keys.verifying, &issuer, self.now()).map_err(|error| match error {
            TokenError::Expired => Error::from(Reason::AccessTokenExpired),
            _ => invalid(),
        })
    }

    /// Whether there is such a pool.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn pool_exists(&self, pool: &PoolId) -> Result<bool> {
        let id = pool.clone();
        self.store.read(move |r| Ok(r.pool(&id)?.is_some())).await
    }

    /// The client that an ID token of ours was made for, whatever its age (`id_token_hint`, RP-Initiated Logout §2).
    pub async fn client_of_id_hint(&self, token: &str) -> Option<ClientId> {
        let pool = self.issuing_pool(token)?;
        let keys = self.keys(&pool).await.ok()?;
        tokens::verify_id_hint(token, &keys.verifying, &self.settings.issuer(&pool)).ok().map(|claims| claims.aud)
    }

    /// The pool a token claims to come from, unverified: the issuer's last path segment.
    fn issuing_pool(&self, token: &str) -> Option<PoolId> {
        let issuer = tokens::peek_issuer(token)?;
        let pool = PoolId::from(issuer.rsplit('/').next()?);
        (self.settings.issuer(&pool) == issuer).then_some(pool)
    }
}

/// Whether a sign-out everywhere came after the session began.
pub(crate) fn signed_out(user: &User, origin_jti: Option<&str>, auth_time: jiff::Timestamp) -> bool {
    let Some(out_at) = user.signed_out_at else {
        return false;
    };
    let began_at = origin_jti.and_then(tokens::origin_instant).unwrap_or(auth_time);
    began_at.as_millisecond() <= out_at.as_millisecond()
}

fn invalid() -> Error {
    Error::from(Reason::AccessTokenInvalid)
}
