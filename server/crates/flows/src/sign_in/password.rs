//! USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, and the sign-in form without scripts.

use domain::{Attempts, AuthSession, DeviceKey, Error, Pool, Reason, Result, User, UserStatus, Verdict};
use jiff::Timestamp;
use protocol::Sensitive;
use protocol::idp::AuthFlowType;
use triggers::{PreAuthentication, UserMigration, UserMigrationSource};

use super::next::{Proven, Step};
use crate::{ClientContext, Ctx, EntryPoint, Latchkey};

impl Latchkey {
    pub(super) async fn check_password_step(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        flow: AuthFlowType,
        typed: &str,
        password: &Sensitive,
        device: Option<DeviceKey>,
    ) -> Result<Step> {
        let (user, attempts) = self.find_for_sign_in(app, typed).await?;
        check_lock(ctx, &attempts)?;
        check_told_standing(ctx, app, user.as_ref())?;
        if user.is_none() {
            let call = ctx.trigger_call(&app.pool, Some(&app.client.id), typed);
            let event = UserMigration { source: UserMigrationSource::Authentication, password: Some(password) };
            self.triggers.user_migration(&call, &event).await?;
        }
        self.run_pre_authentication(ctx, app, typed, user.as_ref()).await?;
        let key = self.attempts_key(&app.pool, typed, user.as_ref());
        let right = self.check_password(&app.pool, typed, user.as_ref(), password)?;
        let user = self.count_proof(ctx, app, &key, user, right, None).await?;
        let device = self.claimed_device(app, Some(&user), device.as_ref()).await?;
        let session = AuthSession::begin(&app.client, &user, flow, device);
        Ok(Step::Proven(Box::new(Proven { user, session, srp_a: None })))
    }

    /// Tells the pool's function that a sign-in is about to be judged. Of a name that nobody has, it learns only where
    /// the client hides that.
    pub(super) async fn run_pre_authentication(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        typed: &str,
        user: Option<&User>,
    ) -> Result<()> {
        if user.is_none() && !app.client.hides_unknown_users() {
            return Ok(());
        }
        let username = user.map_or(typed, |user| user.username.as_str());
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), username);
        self.triggers.pre_authentication(&call, &PreAuthentication { user }).await
    }

    /// The user by typed name with the record of failed proofs: the same reads whether known or not.
    pub(super) async fn find_for_sign_in(&self, app: &ClientContext, typed: &str) -> Result<(Option<User>, Attempts)> {
        let (latchkey, pool) = (self.clone(), app.pool.clone());
        let folded = app.pool.fold_case(typed);
        self.store
            .read(move |r| -> Result<_> {
                let user = r.user_by_name(&pool.id, &folded)?;
                let key = latchkey.attempts_key(&pool, &folded, user.as_ref());
                let attempts = r.attempts(&pool.id, &key, PASSWORD)?;
                Ok((user, attempts))
            })
            .await
    }

    /// Counts a password that was judged, and answers whose it is.
    ///
    /// The verdict passes through the name's row before anybody learns it, and until then nothing depends on it: right
    /// or wrong, it waits for the same lock, and where earlier failures lock by then, it is dropped. So however many
    /// come at once, to however many processes, no more are told than if they had come one by one. A right one writes
    /// as well, unless the store is certain that a failure before it would have been kept: where the database cannot
    /// note failures, nothing is told either.
    ///
    /// `state` is what a right proof uses up.
    ///
    /// # Errors
    /// [`Reason::SignInLocked`]; [`Reason::WrongCredentials`] or [`Reason::UserNotFound`] for a wrong one;
    /// [`Reason::SessionUsed`].
    pub(super) async fn count_proof(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        key: &str,
        user: Option<User>,
        right: bool,
        state: Option<([u8; 16], Timestamp)>,
    ) -> Result<User> {
        let (pool, key, now) = (app.pool.id.clone(), key.to_owned(), ctx.now);
        let verdict = self
            .store
            .write(move |tx| -> Result<Verdict> {
                let verdict = if right && tx.has_no_attempts(&pool, &key, PASSWORD)? {
                    Verdict::Right
                } else {
                    tx.update_attempts(&pool, &key, PASSWORD, now + Attempts::MEMORY, |attempts| {
                        Ok::<_, Error>(attempts.count(right, now))
                    })?
                };
                match (verdict, &state) {
                    // Nothing is written.
                    (Verdict::Locked, _) => Err(locked()),
                    (Verdict::Right, Some((id, expires_at))) if !tx.consume(id, *expires_at)? => {
                        Err(Reason::SessionUsed.into())
                    }
                    _ => Ok(verdict),
                }
            })
            .await?;
        let known = user.is_some();
        user.filter(|_| verdict == Verdict::Right).ok_or_else(|| refused_proof(app, known))
    }

    /// Under which name failures are counted: the user's own where there is one, whichever alias was typed.
    pub(super) fn attempts_key(&self, pool: &Pool, typed: &str, user: Option<&User>) -> String {
        match user {
            Some(user) => self.counted_name(&pool.id, user.username.as_str()),
            None => self.counted_name(&pool.id, &pool.fold_case(typed)),
        }
    }

    /// A DEVICE_KEY the app sent, which must be one of the user's.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, upon which clients drop the key and retry.
    pub(super) async fn known_device(&self, user: &User, sent: Option<&DeviceKey>) -> Result<Option<DeviceKey>> {
        let Some(key) = sent.cloned() else {
            return Ok(None);
        };
        let (pool, username, wanted) = (user.pool.clone(), user.username.clone(), key.clone());
        let device = self.store.read(move |r| r.device(&pool, &username, &wanted).map_err(Error::from)).await?;
        if device.is_some() { Ok(Some(key)) } else { Err(Reason::DeviceNotFound.into()) }
    }
}

/// The record of failed passwords.
pub(crate) const PASSWORD: &str = "password";
/// The record of failed second factors: a right password, which is known to whoever gets to guess a code, must not
/// wipe it out.
pub(super) const FACTOR: &str = "factor";

/// The words for an attempt that is refused unseen.
pub(super) fn locked() -> Error {
    Error::from(Reason::SignInLocked)
}

/// Refuses unseen while the lock of earlier failures holds.
pub(super) fn check_lock(ctx: &Ctx, attempts: &Attempts) -> Result<()> {
    if attempts.locked(ctx.now) { Err(locked()) } else { Ok(()) }
}

/// Refuses unseen who is not confirmed yet, or has to set a new password first, so that apps lead on to that whatever
/// was typed. Where the client hides who exists, and on the pages, a right password is what it takes to be told.
pub(super) fn check_told_standing(ctx: &Ctx, app: &ClientContext, user: Option<&User>) -> Result<()> {
    if app.client.hides_unknown_users() || ctx.entry_point == EntryPoint::HostedUi {
        return Ok(());
    }
    match user.map(|user| user.status) {
        Some(UserStatus::Unconfirmed) => Err(Reason::UserNotConfirmed.into()),
        Some(UserStatus::ResetRequired) => Err(Reason::PasswordResetRequired.into()),
        _ => Ok(()),
    }
}

/// The words for a failed proof. Unknown users get their own only where the client does not hide them.
fn refused_proof(app: &ClientContext, known: bool) -> Error {
    if known || app.client.hides_unknown_users() {
        Error::from(Reason::WrongCredentials)
    } else {
        Error::from(Reason::UserNotFound)
    }
}
