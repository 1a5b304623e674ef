//! Ending sessions.

use domain::{Error, Pool, Reason, Result, Username};
use jiff::SignedDuration;
use tokens::RefreshToken;

use crate::{ClientContext, Ctx, Latchkey};

impl Latchkey {
    /// Revokes a refresh token and every token of its session (RevokeToken, RFC 7009). A token that is expired,
    /// unknown or already revoked is no error.
    ///
    /// # Errors
    /// `UnsupportedOperationException` where the client has revocation off; `UnsupportedTokenTypeException`
    /// for what is no refresh token; `UnauthorizedException` for another client's.
    pub async fn revoke(&self, app: &ClientContext, token: &str) -> Result<()> {
        if !app.client.revokes_tokens() {
            return Err(Reason::RevocationNotEnabled.into());
        }
        if tokens::peek_issuer(token).is_some() {
            return Err(Reason::TokenTypeNotRevocable.into());
        }
        let Ok(opened) = RefreshToken::open_of_any_age(&self.vault, token) else {
            return Ok(());
        };
        if !opened.belongs_to(&app.pool.id, &app.client.id) {
            return Err(Reason::TokenOfOtherClient.into());
        }
        self.revoke_session(&opened.origin_jti, opened.expires_at).await
    }

    /// Revokes everything of one session. Access tokens outlive their refresh token by a day at most.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn revoke_session(&self, origin_jti: &str, expires_at: jiff::Timestamp) -> Result<()> {
        let (origin, until) = (origin_jti.to_owned(), expires_at + SignedDuration::from_hours(24));
        self.store.write(move |tx| tx.revoke(&origin, until).map_err(Error::from)).await
    }

    /// Ends every session of a user (GlobalSignOut, AdminUserGlobalSignOut).
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub async fn sign_out_everywhere(&self, ctx: &Ctx, pool: &Pool, username: &Username) -> Result<()> {
        let (pool, username, now) = (pool.clone(), username.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &username, |user| -> Result<()> {
                    // A session right after a sign-out is dated one millisecond past it: see `issue`.
                    let past = |at: jiff::Timestamp| now.max(at + SignedDuration::from_millis(1));
                    user.signed_out_at = Some(user.signed_out_at.map_or(now, past));
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await
    }
}
