//! USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, and the sign-in form without scripts.

use domain::{Attempts, AuthSession, DeviceKey, Error, Pool, Reason, Result, User};
use protocol::Sensitive;
use protocol::idp::AuthFlowType;
use triggers::{PreAuthentication, UserMigration, UserMigrationSource};

use super::next::{Proven, Step};
use crate::turns::Turn;
use crate::{App, Ctx, Latchkey};

impl Latchkey {
    pub(super) async fn check_password_step(
        &self,
        ctx: &Ctx,
        app: &App,
        flow: AuthFlowType,
        typed: &str,
        password: &Sensitive,
        device: Option<DeviceKey>,
    ) -> Result<Step> {
        let (user, attempts) = self.find_for_sign_in(app, typed).await?;
        check_lock(ctx, &attempts)?;
        if user.is_none() {
            let call = ctx.trigger_call(&app.pool, Some(&app.client.id), typed);
            let event = UserMigration { source: UserMigrationSource::Authentication, password: Some(password) };
            self.triggers.user_migration(&call, &event).await?;
        }
        self.run_pre_authentication(ctx, app, typed, user.as_ref()).await?;
        let key = attempts_key(&app.pool, typed, user.as_ref());
        let (turn, attempts) = self.await_turn(&app.pool, &key).await?;
        check_lock(ctx, &attempts)?;
        let right = self.check_password(&app.pool, typed, user.as_ref(), password)?;
        let known = user.is_some();
        let Some(user) = user.filter(|_| right) else {
            self.count_failure(ctx, &app.pool, &key).await?;
            return Err(refused_proof(app, known));
        };
        self.forgive(&app.pool, &key, &attempts).await?;
        drop(turn);
        let device = self.claimed_device(app, Some(&user), device.as_ref()).await?;
        let session = AuthSession::begin(&app.client, &user, flow, device);
        Ok(Step::Proven(Box::new(Proven { user, session, srp_a: None })))
    }

    /// Tells the pool's function that a sign-in is about to be judged. Of a name that nobody has, it learns only where
    /// the client hides that.
    pub(super) async fn run_pre_authentication(
        &self,
        ctx: &Ctx,
        app: &App,
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
    pub(super) async fn find_for_sign_in(&self, app: &App, typed: &str) -> Result<(Option<User>, Attempts)> {
        let pool = app.pool.clone();
        let folded = app.pool.fold_case(typed);
        self.store
            .read(move |r| -> Result<_> {
                let user = r.user_by_name(&pool.id, &folded)?;
                let key = attempts_key(&pool, &folded, user.as_ref());
                let attempts = r.attempts(&pool.id, &key, PASSWORD)?;
                Ok((user, attempts))
            })
            .await
    }

    /// Waits until a proof of the name may be judged, and reads the record it is judged by. The turn is to be kept
    /// until the outcome is recorded: guesses made at once would all pass the same lock.
    pub(super) async fn await_turn(&self, pool: &Pool, key: &str) -> Result<(Turn, Attempts)> {
        let turn = self.turns.take(&pool.id, key, false).await;
        let attempts = self.password_attempts(pool, key).await?;
        if attempts.failures == 0 {
            return Ok((turn, attempts));
        }
        drop(turn);
        let turn = self.turns.take(&pool.id, key, true).await;
        Ok((turn, self.password_attempts(pool, key).await?))
    }

    async fn password_attempts(&self, pool: &Pool, key: &str) -> Result<Attempts> {
        let (pool, key) = (pool.id.clone(), key.to_owned());
        self.store.read(move |r| r.attempts(&pool, &key, PASSWORD).map_err(Error::from)).await
    }

    /// Counts a failed proof.
    pub(super) async fn count_failure(&self, ctx: &Ctx, pool: &Pool, key: &str) -> Result<()> {
        let (pool, key, now) = (pool.id.clone(), key.to_owned(), ctx.now);
        self.store
            .write(move |tx| {
                tx.update_attempts(&pool, &key, PASSWORD, now + Attempts::MEMORY, |attempts| -> Result<()> {
                    *attempts = attempts.failed(now);
                    Ok(())
                })
            })
            .await
    }

    /// Forgets earlier failures, if there were any.
    pub(super) async fn forgive(&self, pool: &Pool, key: &str, attempts: &Attempts) -> Result<()> {
        if attempts.failures == 0 {
            return Ok(());
        }
        let (pool, key) = (pool.id.clone(), key.to_owned());
        self.store.write(move |tx| tx.clear_attempts(&pool, &key, PASSWORD).map_err(Error::from)).await
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

/// The words for a failed proof. Unknown users get their own only where the client does not hide them.
pub(super) fn refused_proof(app: &App, known: bool) -> Error {
    if known || app.client.hides_unknown_users() {
        Error::from(Reason::WrongCredentials)
    } else {
        Error::from(Reason::UserNotFound)
    }
}

/// Under which name failures are counted: the user's own where there is one, whichever alias was typed.
pub(super) fn attempts_key(pool: &Pool, typed: &str, user: Option<&User>) -> String {
    user.map_or_else(|| pool.fold_case(typed), |user| user.username.to_string())
}
