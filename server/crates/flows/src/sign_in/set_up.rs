//! MFA_SETUP: a pool demands a second factor that the user has yet to register.
//!
//! AssociateSoftwareToken and VerifySoftwareToken take this challenge's Session in the place of an access
//! token and hand on a new one; answering MFA_SETUP with the last of them ends the sign-in.

use domain::{AnsweredChallenge, AuthSession, MfaDecision, PendingChallenge, Reason, Result, User, decide_mfa};
use tokens::{Opened, Purpose};

use super::next::Step;
use crate::{ClientContext, Ctx, Latchkey};

impl Latchkey {
    /// The app and user of a Session that stands open for MFA_SETUP.
    ///
    /// # Errors
    /// `NotAuthorizedException` where it is none, expired or used.
    pub async fn open_set_up(&self, ctx: &Ctx, session: &str) -> Result<SetUp> {
        let opened: Opened<AuthSession> = self.open_state(Purpose::Session, ctx.now, session)?;
        if !matches!(opened.value.pending, PendingChallenge::SetUp { .. }) {
            return Err(Reason::SessionInvalid.into());
        }
        let app = self.app(opened.value.client.as_str()).await?;
        let user = self.unanswered_user(&opened.value, opened.id).await?;
        // Who has a factor by now is asked for it: a session from before must not put another in its place.
        if !matches!(decide_mfa(&app.pool, &user), MfaDecision::SetUp(_)) {
            return Err(Reason::SessionInvalid.into());
        }
        Ok(SetUp { app, user, opened })
    }

    /// Uses the Session up and hands on the next one, `verified` once the authenticator app has shown a code.
    ///
    /// # Errors
    /// `NotAuthorizedException` where another answer came first.
    pub async fn hand_on_set_up(&self, ctx: &Ctx, set_up: &SetUp, verified: bool) -> Result<String> {
        self.consume_state(&set_up.opened).await?;
        Ok(self.make_session(ctx, &set_up.app, &set_up.opened.value, PendingChallenge::SetUp { verified }))
    }

    pub(super) async fn finish_set_up(&self, opened: Opened<AuthSession>, user: User) -> Result<Step> {
        if opened.value.pending != (PendingChallenge::SetUp { verified: true }) || !user.has_totp() {
            return Err(Reason::TotpSetUpIncomplete.into());
        }
        self.consume_state(&opened).await?;
        Step::proven(user, opened.value, AnsweredChallenge::Totp)
    }
}

/// An opened MFA_SETUP.
pub struct SetUp {
    /// What is signed in to.
    pub app: ClientContext,
    /// Who signs in.
    pub user: User,
    opened: Opened<AuthSession>,
}
