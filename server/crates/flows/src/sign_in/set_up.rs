//! MFA_SETUP: a pool demands a second factor that the user has yet to register.
//!
//! AssociateSoftwareToken and VerifySoftwareToken take this challenge's Session in the place of an access
//! token and hand on a new one; answering MFA_SETUP with the last of them ends the sign-in.

use super::next::factor_names;
use super::step::{Answer, Expects, Outcome, Progress};
use crate::{App, Latchkey};
use domain::{Factor, MfaDecision, Reason, Result, User, decide_mfa};
use protocol::idp::ChallengeNameType;
use tokens::{Opened, Purpose};

impl Latchkey {
    pub(super) fn ask_set_up(
        &self,
        app: &App,
        progress: &Progress,
        user: &User,
        factors: &[Factor],
    ) -> Result<Outcome> {
        self.challenge(
            app,
            progress,
            user,
            ChallengeNameType::MfaSetup,
            Expects::SetUp { verified: false },
            [("MFAS_CAN_SETUP", factor_names(factors))],
        )
    }

    /// The app and user of a Session that stands open for MFA_SETUP.
    ///
    /// # Errors
    /// `NotAuthorizedException` where it is none, expired or used.
    pub async fn open_set_up(&self, session: &str) -> Result<SetUp> {
        let opened: Opened<Progress> = self.open_state(Purpose::Session, self.now(), session)?;
        if !matches!(opened.value.expects, Expects::SetUp { .. }) {
            return Err(Reason::SessionInvalid.into());
        }
        let app = self.app(opened.value.client.as_str()).await?;
        let (pool, username, id) = (app.pool.id.clone(), opened.value.username.clone(), opened.id);
        let (user, spent) =
            self.store.read(move |r| -> Result<_> { Ok((r.user(&pool, &username)?, r.is_consumed(&id)?)) }).await?;
        if spent {
            return Err(Reason::SessionUsed.into());
        }
        let user = super::standing(user, &opened.value)?;
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
    pub async fn hand_on_set_up(&self, set_up: &SetUp, verified: bool) -> Result<String> {
        self.spend_session(&set_up.opened).await?;
        Ok(self.make_session(&set_up.app, &set_up.opened.value, Expects::SetUp { verified }))
    }

    pub(super) async fn finish_set_up(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (opened, user) = self.resume(answer).await?;
        if opened.value.expects != (Expects::SetUp { verified: true }) || !user.has_totp() {
            return Err(Reason::TotpSetUpIncomplete.into());
        }
        self.spend_session(&opened).await?;
        let progress = Progress { second_factor: true, expects: Expects::Nothing, ..opened.value };
        self.next(answer.app, answer.door, &progress, user).await
    }
}

/// An opened MFA_SETUP.
pub struct SetUp {
    /// What is signed in to.
    pub app: App,
    /// Who signs in.
    pub user: User,
    opened: Opened<Progress>,
}
