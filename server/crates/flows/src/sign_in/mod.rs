//! Signing in: from a first proof through challenges to [`SignedIn`].
//!
//! Every step returns to the dispatcher in [`next`], which performs what [`domain::next_step`] says; steps never call
//! one another. The API's InitiateAuth, its admin twin and the hosted pages all run this flow and differ only in
//! [`Ctx::entry_point`].

pub(crate) mod browser_sessions;
mod challenge;
mod confirmation;
mod device;
mod factor;
mod new_password;
mod next;
mod password;
mod request;
mod set_up;
mod srp;

use domain::{AuthSession, Error, PendingChallenge, Pool, Reason, Result, User};
use jiff::SignedDuration;
use protocol::idp::AuthFlowType;
use tokens::{Opened, Purpose};

use crate::rates::Counted;
use crate::{ClientContext, Ctx, EntryPoint, Latchkey};

pub use challenge::{Challenge, FactorChoice, OpenChallenge, Outcome, SignedIn, SrpAgreement};
pub(crate) use device::context as device_context;
use next::Step;
pub(crate) use password::PASSWORD;
pub use request::{AnsweredSession, ChallengeResponse, InitiateAuth, SrpProof, TypedUsername};
pub use set_up::SetUp;

/// How long a step of a sign-in may take on the pages, where people scan pictures, look for a phone, or read slowly. A
/// program is bound by the client's AuthSessionValidity.
pub const PAGE_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Whether the client may use the flow through this door. The pages run SRP or take the password whatever
/// ExplicitAuthFlows says.
///
/// # Errors
/// [`Reason::AuthFlowNotEnabled`]
pub fn check_auth_flow(ctx: &Ctx, app: &ClientContext, flow: AuthFlowType) -> Result<()> {
    if ctx.entry_point == EntryPoint::HostedUi || app.client.allows(&flow) {
        return Ok(());
    }
    Err(Reason::AuthFlowNotEnabled(flow).into())
}

impl Latchkey {
    /// Begins a sign-in (InitiateAuth, AdminInitiateAuth, the sign-in page). A refresh is [`Latchkey::refresh`]'s.
    ///
    /// # Errors
    /// As InitiateAuth declares.
    pub async fn initiate_auth(&self, ctx: &Ctx, app: &ClientContext, request: InitiateAuth) -> Result<Outcome> {
        self.admit_caller(ctx, Counted::SignIn)?;
        let flow = request.flow(ctx);
        check_auth_flow(ctx, app, flow)?;
        let step = match request {
            InitiateAuth::Srp { username, srp_a } => self.start_srp(ctx, app, username.as_str(), srp_a).await?,
            InitiateAuth::Password { username, password, device } => {
                self.check_password_step(ctx, app, flow, username.as_str(), &password, device).await?
            }
        };
        self.proceed(ctx, app, step).await
    }

    /// Answers a challenge (RespondToAuthChallenge and its admin twin, the pages behind sign-in).
    ///
    /// # Errors
    /// As RespondToAuthChallenge declares; [`Reason::AnswerMissing`] for an empty code or password.
    pub async fn respond_to_auth_challenge(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        answered: AnsweredSession<'_>,
        response: ChallengeResponse,
    ) -> Result<Outcome> {
        let step = self.take_answer(ctx, app, answered, &response).await?;
        self.proceed(ctx, app, step).await
    }

    async fn take_answer(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        answered: AnsweredSession<'_>,
        response: &ChallengeResponse,
    ) -> Result<Step> {
        use ChallengeResponse as R;
        match response {
            R::PasswordVerifier { proof, device } => return self.verify_srp(ctx, app, proof, device.as_ref()).await,
            R::DevicePasswordVerifier { proof, device } => {
                return self.verify_device_srp(ctx, app, proof, device.as_ref()).await;
            }
            R::DeviceSrp { device, srp_a } if answered.session.is_none() => {
                let kept = self.session_kept_under(ctx, app, srp_a).await?;
                let answered = AnsweredSession { session: kept.as_deref(), ..answered };
                let (opened, user) = self.resume(ctx, app, answered, response).await?;
                return self.start_device_srp(ctx, app, &opened, user, device, srp_a).await;
            }
            _ => {}
        }
        let (opened, user) = self.resume(ctx, app, answered, response).await?;
        match response {
            R::DeviceSrp { device, srp_a } => self.start_device_srp(ctx, app, &opened, user, device, srp_a).await,
            R::Confirmation { code } => self.take_confirmation(ctx, app, opened, user, code.as_deref()).await,
            R::NewPassword { password, attributes } => {
                self.set_new_password(ctx, app, opened, user, password, attributes).await
            }
            R::Totp { code } => self.check_totp_factor(ctx, app, opened, user, code).await,
            R::SentCode { code, .. } => self.check_sent_code(ctx, app, opened, user, code).await,
            R::SelectFactor(chosen) => self.select_factor(opened, user, *chosen).await,
            R::SetUp => self.finish_set_up(opened, user).await,
            R::PasswordVerifier { .. } | R::DevicePasswordVerifier { .. } => Err(Reason::SessionInvalid.into()),
        }
    }

    /// Opens a Session and finds its user; the session must belong to this client and await this answer.
    async fn resume(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        answered: AnsweredSession<'_>,
        response: &ChallengeResponse,
    ) -> Result<(Opened<AuthSession>, User)> {
        let session = answered.session.ok_or(Reason::SessionMissing)?;
        let opened: Opened<AuthSession> = self.open_state(Purpose::Session, ctx.now, session)?;
        let state = &opened.value;
        if state.client != app.client.id || state.pool != app.pool.id || !response.answers(&state.pending) {
            return Err(Reason::SessionInvalid.into());
        }
        let user = self.unanswered_user(state, opened.id).await?;
        if answered.username.is_some_and(|typed| !names(&app.pool, &user, typed)) {
            return Err(Reason::SessionInvalid.into());
        }
        Ok((opened, user))
    }

    /// The user of a sign-in that may go on, by a sealed state (a Session or a secret block) that was not answered yet.
    async fn unanswered_user(&self, session: &AuthSession, state_id: [u8; 16]) -> Result<User> {
        let (pool, username) = (session.pool.clone(), session.username.clone());
        let (user, is_consumed) = self
            .store
            .read(move |r| -> Result<_> { Ok((r.user(&pool, &username)?, r.is_consumed(&state_id)?)) })
            .await?;
        if is_consumed {
            return Err(Reason::SessionUsed.into());
        }
        let user = user.ok_or(Reason::UserNotFound)?;
        session.check_user(&user)?;
        Ok(user)
    }

    /// Marks a state as answered; the second answer loses.
    async fn consume_state<T>(&self, opened: &Opened<T>) -> Result<()> {
        let (id, expires_at) = (opened.id, opened.expires_at);
        let first = self.store.write(move |tx| tx.consume(&id, expires_at).map_err(Error::from)).await?;
        if first { Ok(()) } else { Err(Reason::SessionUsed.into()) }
    }

    /// A new Session that stands open for `pending`.
    fn make_session(&self, ctx: &Ctx, app: &ClientContext, session: &AuthSession, pending: PendingChallenge) -> String {
        let lifetime = match ctx.entry_point {
            EntryPoint::HostedUi => PAGE_LIFETIME,
            _ => app.client.challenge_lifetime(),
        };
        self.seal_state(Purpose::Session, ctx.now + lifetime, &session.awaiting(pending))
    }
}

/// Whether what the caller typed as its name is this user's: the username, or one of its sign-in names.
fn names(pool: &Pool, user: &User, typed: &str) -> bool {
    let typed = pool.fold_case(typed);
    user.username.as_str() == typed
        || user.sub.as_str() == typed
        || user.sign_in_names(pool).iter().any(|name| name.value == typed)
}
