//! The dispatcher: performs what [`domain::next_step`] decides.

use domain::{
    AnsweredChallenge, AuthSession, Device, DeviceKey, Error, Factor, NextStep, PendingChallenge, Reason, Result, User,
    next_step,
};
use protocol::idp::AuthFlowType;
use triggers::PostAuthentication;

use super::challenge::{Challenge, FactorChoice, OpenChallenge, Outcome, SignedIn};
use crate::{ClientContext, Ctx, EntryPoint, Latchkey};

/// What a step comes to.
pub(super) enum Step {
    /// An answer was right: the dispatcher says what follows.
    Proven(Box<Proven>),
    /// A proof takes two messages, and this is the first one's answer.
    Challenge(OpenChallenge),
}

/// Somebody who has proven something.
pub(super) struct Proven {
    pub(super) user: User,
    pub(super) session: AuthSession,
    /// The A that the password was proven with, in this very step: clients that carry no Session go on by it.
    pub(super) srp_a: Option<String>,
}

impl Step {
    /// A right answer. What it was is added to the session's history.
    pub(super) fn proven(user: User, session: AuthSession, answer: AnsweredChallenge) -> Result<Self> {
        Ok(Self::Proven(Box::new(Proven { user, session: session.answered(answer)?, srp_a: None })))
    }
}

impl Latchkey {
    /// Performs what follows a step.
    pub(super) async fn proceed(&self, ctx: &Ctx, app: &ClientContext, step: Step) -> Result<Outcome> {
        let Proven { user, session, srp_a } = match step {
            Step::Challenge(challenge) => return Ok(Outcome::Challenge(challenge)),
            Step::Proven(proven) => *proven,
        };
        let device = self.device_of(&session).await?;
        let next = match next_step(&app.pool, &user, &session, device.as_ref(), ctx.now) {
            Err(Reason::UserNotConfirmed) if ctx.entry_point == EntryPoint::HostedUi => {
                return Ok(Outcome::Challenge(self.ask_confirmation(ctx, app, &session, &user).await?));
            }
            next => next?,
        };
        let open = match next {
            NextStep::Done => return self.finish(ctx, app, session, user).await,
            NextStep::NewPassword => self.ask_new_password(ctx, app, &session, &user),
            NextStep::ProveDevice(key) => self.ask_device_proof(ctx, app, &session, &user, key, srp_a).await?,
            NextStep::Ask(factor) => self.ask_factor(ctx, app, &session, &user, factor).await?,
            NextStep::Choose(factors) => {
                let choices = factors.iter().map(|factor| choice(&user, *factor)).collect();
                let pending = PendingChallenge::SelectFactor(factors);
                self.challenge(ctx, app, &session, &user, Challenge::SelectFactor(choices), pending)
            }
            NextStep::SetUp(factors) => {
                let pending = PendingChallenge::SetUp { verified: false };
                self.challenge(ctx, app, &session, &user, Challenge::SetUp(factors), pending)
            }
        };
        Ok(Outcome::Challenge(open))
    }

    /// The device that the session names, as long as it may still have to prove itself.
    async fn device_of(&self, session: &AuthSession) -> Result<Option<Device>> {
        let Some(key) = session.device.clone().filter(|_| !session.has_second_factor()) else {
            return Ok(None);
        };
        let (pool, username) = (session.pool.clone(), session.username.clone());
        self.store.read(move |r| r.device(&pool, &username, &key).map_err(Error::from)).await
    }

    /// Everything is proven: the end of every sign-in.
    async fn finish(&self, ctx: &Ctx, app: &ClientContext, session: AuthSession, user: User) -> Result<Outcome> {
        // Apps that send the password itself are told of no device.
        let announces = app.pool.tracks_devices()
            && session.device.is_none()
            && session.flow != AuthFlowType::UserPasswordAuth
            && ctx.entry_point != EntryPoint::HostedUi;
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), user.username.as_str());
        let event = PostAuthentication { user: &user, new_device: announces };
        self.triggers.post_authentication(&call, &event).await?;
        let new_device = if announces { Some(self.announce_device(ctx, app, &user).await?) } else { None };
        Ok(Outcome::SignedIn(Box::new(SignedIn {
            user,
            auth_time: ctx.now,
            device: session.device,
            new_device,
            history: session.history,
            provider: None,
        })))
    }

    /// Records a device the app may confirm (NewDeviceMetadata).
    async fn announce_device(&self, ctx: &Ctx, app: &ClientContext, user: &User) -> Result<Device> {
        let entropy = self.world.entropy();
        let device = Device {
            key: DeviceKey::new(format!("{}_{}", app.pool.id.region(), world::uuid_v4(entropy))),
            group_key: format!("-{}", world::token(entropy, 8, world::alphabet::ALPHANUMERIC)),
            verifier: None,
            name: None,
            remembered: false,
            last_ip: None,
            created_at: ctx.now,
            modified_at: ctx.now,
            authenticated_at: ctx.now,
        };
        let (pool, username, row) = (user.pool.clone(), user.username.clone(), device.clone());
        self.store.write(move |tx| tx.insert_device(&pool, &username, &row).map_err(Error::from)).await?;
        Ok(device)
    }

    /// A challenge that is answered with a Session.
    pub(super) fn challenge(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        session: &AuthSession,
        user: &User,
        challenge: Challenge,
        pending: PendingChallenge,
    ) -> OpenChallenge {
        let session = self.make_session(ctx, app, session, pending);
        OpenChallenge { challenge, session: Some(session.into()), username: user.username.clone() }
    }
}

/// A factor with the masked address that its codes go to.
fn choice(user: &User, factor: Factor) -> FactorChoice {
    let masked = factor.medium().map(|medium| {
        let address = user.attribute(medium.attribute()).unwrap_or_default().to_owned();
        domain::Delivery { medium, address }.masked()
    });
    FactorChoice { factor, masked }
}
