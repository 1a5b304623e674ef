//! Signing in: from a first proof through challenges to [`SignedIn`].
//!
//! Every step ends in [`next`], which alone decides what follows; steps never call one another. The API's
//! InitiateAuth, its admin twin and the hosted pages all run this flow and differ only in their [`Door`].

mod device;
mod factor;
mod new_password;
mod next;
mod password;
mod set_up;
mod srp;
mod step;

pub(crate) use device::context as device_context;
pub(crate) use password::PASSWORD;
pub use set_up::SetUp;
pub use step::{Answer, Challenge, Door, Outcome, SignedIn, Start};

use crate::{Latchkey, check_secret_hash};
use domain::{Error, Reason, Result, User};
use protocol::idp::{AuthFlowType, ChallengeNameType};
use step::{Expects, Progress};
use tokens::{Opened, Purpose};

/// Bytes of the longest name that a sign-in may begin with.
const LONGEST_NAME: usize = 2_048;

impl Latchkey {
    /// Begins a sign-in (InitiateAuth, AdminInitiateAuth, the sign-in page). REFRESH_TOKEN_AUTH is
    /// [`Latchkey::refresh`]'s.
    ///
    /// # Errors
    /// As InitiateAuth declares.
    pub async fn start_sign_in(&self, start: &Start<'_>) -> Result<Outcome> {
        self.check_flow(start)?;
        let username = start.required("USERNAME")?;
        // No attribute is longer: the name is nobody's, and nothing is to be remembered of it.
        if username.len() > LONGEST_NAME {
            return Err(Reason::UsernameTooLong.into());
        }
        check_secret_hash_unless_page(self, start.door, start.app, username, start.parameter("SECRET_HASH"))?;
        match start.flow {
            AuthFlowType::UserSrpAuth => self.start_srp(start, username).await,
            AuthFlowType::UserPasswordAuth | AuthFlowType::AdminUserPasswordAuth | AuthFlowType::AdminNoSrpAuth => {
                self.start_password(start, username).await
            }
            AuthFlowType::CustomAuth | AuthFlowType::UserAuth => Err(Reason::AuthFlowNotAvailable(start.flow).into()),
            AuthFlowType::RefreshToken | AuthFlowType::RefreshTokenAuth => {
                Err(Error::internal("a refresh was sent to sign-in"))
            }
        }
    }

    /// Answers a challenge (RespondToAuthChallenge and its admin twin, the pages behind sign-in).
    ///
    /// # Errors
    /// As RespondToAuthChallenge declares.
    pub async fn answer_challenge(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let username = answer.response("USERNAME");
        check_secret_hash_unless_page(
            self,
            answer.door,
            answer.app,
            username.unwrap_or_default(),
            answer.response("SECRET_HASH"),
        )?;
        match answer.challenge {
            ChallengeNameType::PasswordVerifier => self.verify_srp(answer).await,
            ChallengeNameType::DeviceSrpAuth => self.start_device_srp(answer).await,
            ChallengeNameType::DevicePasswordVerifier => self.verify_device_srp(answer).await,
            ChallengeNameType::NewPasswordRequired => self.set_new_password(answer).await,
            ChallengeNameType::SoftwareTokenMfa => self.check_totp_factor(answer).await,
            ChallengeNameType::SelectMfaType => self.select_factor(answer).await,
            ChallengeNameType::MfaSetup => self.finish_set_up(answer).await,
            ChallengeNameType::SmsMfa | ChallengeNameType::EmailOtp => self.check_sent_code(answer).await,
            other => Err(Reason::ChallengeNotAvailable(other).into()),
        }
    }

    /// Whether the client may use the flow through this door. The pages run SRP or take the password
    /// whatever ExplicitAuthFlows says.
    fn check_flow(&self, start: &Start<'_>) -> Result<()> {
        let admin_flow = matches!(start.flow, AuthFlowType::AdminUserPasswordAuth | AuthFlowType::AdminNoSrpAuth);
        if start.door == Door::Page {
            return Ok(());
        }
        // Each door has the password flow of its own name (Cognito refuses the other's with these words).
        let refused_flow = match start.door {
            Door::Api => admin_flow,
            Door::Admin => start.flow == AuthFlowType::UserPasswordAuth,
            Door::Page => false,
        };
        if refused_flow {
            return Err(Reason::AuthFlowOfOtherOperation.into());
        }
        if start.app.client.allows(&start.flow) {
            return Ok(());
        }
        Err(Reason::AuthFlowNotEnabled(start.flow).into())
    }

    /// Opens a Session and finds its user; the session must belong to this client and await this challenge.
    async fn resume(&self, answer: &Answer<'_>) -> Result<(Opened<Progress>, User)> {
        let now = self.now();
        let session = answer.session.ok_or_else(|| step::missing("Session"))?;
        let opened: Opened<Progress> = self.open_state(Purpose::Session, now, session)?;
        let progress = &opened.value;
        if progress.client != answer.app.client.id || progress.pool != answer.app.pool.id {
            return Err(Reason::SessionInvalid.into());
        }
        if !progress.expects.accepts(answer.challenge) {
            return Err(Reason::SessionInvalid.into());
        }
        let (pool, username, id) = (progress.pool.clone(), progress.username.clone(), opened.id);
        let (user, spent) =
            self.store.read(move |r| -> Result<_> { Ok((r.user(&pool, &username)?, r.is_consumed(&id)?)) }).await?;
        if spent {
            return Err(Reason::SessionUsed.into());
        }
        let user = standing(user, progress)?;
        if answer.response("USERNAME").is_some_and(|typed| !names(&answer.app.pool, &user, typed)) {
            return Err(Reason::SessionInvalid.into());
        }
        Ok((opened, user))
    }

    /// Marks a session as answered; the second answer loses.
    async fn spend_session<T>(&self, opened: &Opened<T>) -> Result<()> {
        let (id, expires_at) = (opened.id, opened.expires_at);
        let first = self.store.write(move |tx| tx.consume(&id, expires_at).map_err(Error::from)).await?;
        if first { Ok(()) } else { Err(Reason::SessionUsed.into()) }
    }

    /// A new Session that expects `expects`.
    fn make_session(&self, app: &crate::App, progress: &Progress, expects: Expects) -> String {
        let expires_at = self.now() + app.client.challenge_lifetime();
        let state = Progress { expects, ..progress.clone() };
        self.seal_state(Purpose::Session, expires_at, &state)
    }
}

/// The user of a Session: still the same one with the password that was proven, and not shut out meanwhile.
fn standing(user: Option<User>, progress: &Progress) -> Result<User> {
    let user = user.filter(|user| user.sub == progress.sub).ok_or(Reason::UserNotFound)?;
    if password::salt(&user) != progress.proven_with {
        return Err(Reason::SessionInvalid.into());
    }
    if user.enabled { Ok(user) } else { Err(Reason::UserDisabled.into()) }
}

/// Whether what the caller typed as USERNAME names this user: the username, or one of its sign-in names.
fn names(pool: &domain::Pool, user: &User, typed: &str) -> bool {
    let typed = pool.fold_case(typed);
    user.username.as_str() == typed
        || user.sub.as_str() == typed
        || user.sign_in_names(pool).iter().any(|name| name.value == typed)
}

/// The hosted pages hold no client secret and are trusted without one.
fn check_secret_hash_unless_page(
    latchkey: &Latchkey,
    door: Door,
    app: &crate::App,
    username: &str,
    sent: Option<&str>,
) -> Result<()> {
    match door {
        Door::Page => Ok(()),
        Door::Api | Door::Admin => check_secret_hash(latchkey, app, username, sent),
    }
}
