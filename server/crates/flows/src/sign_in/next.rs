//! The dispatcher: what follows what has been proven.

use super::step::{Challenge, Door, Expects, Outcome, Progress, SignedIn};
use crate::{App, Latchkey};
use domain::{Device, DeviceKey, Error, Factor, MfaDecision, Reason, Result, User, UserStatus, decide_mfa};
use jiff::SignedDuration;
use protocol::idp::ChallengeNameType;
use std::collections::BTreeMap;
use triggers::Trigger;

impl Latchkey {
    /// Decides what follows; the first factor is proven.
    pub(super) async fn next(&self, app: &App, door: Door, progress: &Progress, user: User) -> Result<Outcome> {
        check_standing(self, app, &user)?;
        if user.status == UserStatus::ForceChangePassword {
            return self.ask_new_password(app, progress, &user);
        }
        let decision = if progress.second_factor { MfaDecision::Pass } else { decide_mfa(&app.pool, &user) };
        if let Some(device) = self.remembered_device(app, progress, &user, &decision).await? {
            return self.ask_device_proof(app, progress, &user, &device);
        }
        match decision {
            MfaDecision::Pass => self.finish(app, door, progress, user).await,
            MfaDecision::Ask(factor) => self.ask_factor(app, progress, &user, factor).await,
            MfaDecision::Choose(factors) => self.ask_choice(app, progress, &user, factors),
            MfaDecision::SetUp(factors) => self.ask_set_up(app, progress, &user, &factors),
            MfaDecision::Impossible => Err(Reason::NoUsableFactor.into()),
        }
    }

    /// The device that may stand in for the second factor, where one was named and is remembered.
    async fn remembered_device(
        &self,
        app: &App,
        progress: &Progress,
        user: &User,
        decision: &MfaDecision,
    ) -> Result<Option<Device>> {
        let Some(key) = progress.device.clone().filter(|_| app.pool.tracks_devices() && !progress.second_factor) else {
            return Ok(None);
        };
        if *decision == MfaDecision::Pass && !app.pool.challenges_new_devices() {
            return Ok(None);
        }
        let (pool, username) = (user.pool.clone(), user.username.clone());
        let device = self.store.read(move |r| r.device(&pool, &username, &key).map_err(Error::from)).await?;
        Ok(device.filter(|device| device.remembered && device.verifier.is_some()))
    }

    /// Everything is proven: the end of every sign-in.
    async fn finish(&self, app: &App, door: Door, progress: &Progress, user: User) -> Result<Outcome> {
        triggers::run(&app.pool, Trigger::PostAuthentication)?;
        let auth_time = self.now();
        let announces = app.pool.tracks_devices() && progress.device.is_none() && door != Door::Page;
        let new_device = if announces { Some(self.announce_device(app, &user).await?) } else { None };
        let device = progress.device.clone();
        Ok(Outcome::SignedIn(Box::new(SignedIn { user, auth_time, device, new_device, provider: None })))
    }

    /// Records a device the app may confirm (NewDeviceMetadata).
    async fn announce_device(&self, app: &App, user: &User) -> Result<Device> {
        let now = self.now();
        let entropy = self.world.entropy();
        let device = Device {
            key: DeviceKey::new(format!("{}_{}", app.pool.id.region(), world::uuid_v4(entropy))),
            group_key: format!("-{}", world::token(entropy, 8, world::alphabet::ALPHANUMERIC)),
            verifier: None,
            name: None,
            remembered: false,
            last_ip: None,
            created_at: now,
            modified_at: now,
            authenticated_at: now,
        };
        let (pool, username, row) = (user.pool.clone(), user.username.clone(), device.clone());
        self.store.write(move |tx| tx.insert_device(&pool, &username, &row).map_err(Error::from)).await?;
        Ok(device)
    }

    /// A challenge that is answered with a Session.
    pub(super) fn challenge(
        &self,
        app: &App,
        progress: &Progress,
        user: &User,
        name: ChallengeNameType,
        expects: Expects,
        parameters: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Outcome> {
        let session = self.make_session(app, progress, expects);
        let mut parameters: BTreeMap<String, String> =
            parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        parameters.insert("USER_ID_FOR_SRP".to_owned(), user.username.to_string());
        Ok(Outcome::Challenge(Challenge {
            name,
            parameters,
            session: Some(session),
            user: Some(user.username.clone()),
        }))
    }
}

/// Whether the user may sign in at all, now that the first proof holds.
fn check_standing(latchkey: &Latchkey, app: &App, user: &User) -> Result<()> {
    if !user.enabled {
        return Err(Reason::UserDisabled.into());
    }
    match user.status {
        UserStatus::Unconfirmed => Err(Reason::UserNotConfirmed.into()),
        UserStatus::ResetRequired => Err(Reason::PasswordResetRequired.into()),
        UserStatus::ForceChangePassword => {
            let days = i64::from(app.pool.temporary_password_days());
            let lapsed = user.password.as_ref().is_some_and(|password| {
                password.temporary
                    && latchkey.now().duration_since(password.set_at) > SignedDuration::from_hours(24 * days)
            });
            if lapsed {
                return Err(Reason::TemporaryPasswordExpired.into());
            }
            Ok(())
        }
        // Its provider vouches for it, and nothing else does.
        UserStatus::ExternalProvider => Err(Reason::WrongCredentials.into()),
        _ => Ok(()),
    }
}

/// Factors as the JSON array that challenge parameters carry.
pub(super) fn factor_names(factors: &[Factor]) -> String {
    let names: Vec<String> = factors.iter().map(|factor| format!("\"{}\"", factor.as_str())).collect();
    format!("[{}]", names.join(","))
}
