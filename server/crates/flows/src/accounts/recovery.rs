//! Forgotten, changed and set passwords.

use domain::{CodePurpose, Delivery, Error, Limit, Medium, Pool, Reason, Result, User, UserStatus, Username};
use messages::Kind;
use protocol::idp::RecoveryOptionNameType;
use store::StoreError;
use triggers::{PostConfirmation, PostConfirmationSource};

use crate::accounts::codes::take_code;
use crate::accounts::sign_up::{first_delivery, unknown_here};
use crate::notifications::{Notification, Sender, Sending};
use crate::rates::Counted;
use crate::sign_in::browser_sessions::RenewedBrowserSession;
use crate::{ClientContext, Ctx, EntryPoint, Latchkey, Subject};

/// The record of codes that were only said to be sent.
const SIMULATED: &str = "simulated-recovery";

impl Latchkey {
    /// Sends a reset code (ForgotPassword).
    ///
    /// # Errors
    /// As ForgotPassword declares. Unknown and unreachable users get a simulated answer where the client
    /// hides them; then what becomes of the mail is nobody's to see either.
    pub async fn forgot_password(&self, ctx: &Ctx, app: &ClientContext, typed: &str) -> Result<Delivery> {
        self.admit_caller(ctx, Counted::Code)?;
        let sending = self.begin_sending(app)?;
        let user = self.find_user(&app.pool, typed).await?;
        let name = user.as_ref().map_or_else(|| app.pool.fold_case(typed), |user| user.username.to_string());
        self.admit(ctx, &app.pool.id, &name, Limit::Recovery).await?;
        let hides = app.client.hides_unknown_users();
        let Some(user) = user else {
            return if hides {
                self.simulate_code(ctx, &app.pool, &name, SIMULATED, typed).await
            } else {
                Err(unknown_here())
            };
        };
        let reachable = check_resettable(&user).and_then(|()| reset_delivery(ctx, &app.pool, &user));
        let delivery = match reachable {
            Ok(delivery) => delivery,
            Err(_) if hides => return self.simulate_code(ctx, &app.pool, &name, SIMULATED, typed).await,
            Err(error) => return Err(error),
        };
        self.send_reset_code(ctx, app.into(), sending, &user, delivery).await
    }

    /// Does as if a code was sent, and notes it: whoever asked for one is told of wrong digits, others that there is
    /// no code, as it would be with a real user.
    pub(crate) async fn simulate_code(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        name: &str,
        record: &'static str,
        typed: &str,
    ) -> Result<Delivery> {
        let delivery = self.dummy_delivery(pool, typed);
        let purpose = if record == SIMULATED { CodePurpose::Recovery } else { CodePurpose::SignUp };
        let sent = self.destination(ctx, &pool.id, &purpose, &delivery.address);
        let (id, key, now) = (pool.id.clone(), self.counted_name(&pool.id, name), ctx.now);
        let expires_at = now + CodePurpose::Recovery.lifetime();
        self.store
            .write(move |tx| {
                sent.admit(tx, Limit::DestinationCode)?;
                tx.update_attempts(&id, &key, record, expires_at, |simulated| -> Result<()> {
                    simulated.last_at = Some(now);
                    Ok(())
                })
            })
            .await?;
        Ok(delivery)
    }

    /// How a code is refused that nobody can have: with the reads and the write that a real one costs.
    async fn refuse_simulated(&self, ctx: &Ctx, pool: &Pool, name: &str, user: Option<&User>) -> Result<Error> {
        let (id, key, now) = (pool.id.clone(), self.counted_name(&pool.id, name), ctx.now);
        let simulated = self.store.read(move |r| r.attempts(&id, &key, SIMULATED).map_err(Error::from)).await?;
        let lifetime = CodePurpose::Recovery.lifetime();
        if simulated.last_at.is_some_and(|at| now < at + lifetime) {
            self.simulate_wrong_guess(ctx, &pool.id, name, CodePurpose::Recovery, SIMULATED).await?;
            return Ok(Error::from(Reason::CodeWrong));
        }
        if user.is_none() {
            let (id, nobody) = (pool.id.clone(), Username::from(name));
            self.store.read(move |r| r.code(&id, &nobody, &CodePurpose::Recovery).map_err(Error::from)).await?;
        }
        Ok(Error::from(Reason::CodeExpired))
    }

    async fn send_reset_code(
        &self,
        ctx: &Ctx,
        sender: Sender<'_>,
        sending: Sending,
        user: &User,
        delivery: Delivery,
    ) -> Result<Delivery> {
        let code = self.make_code(ctx, user, &CodePurpose::Recovery, delivery);
        let notification = Notification {
            sender,
            kind: Kind::ForgotPassword,
            delivery: &code.delivery,
            username: user.username.as_str(),
            code: &code.digits,
        };
        let queued = self.queue(&sending, notification, code.row.expires_at)?;
        self.store_code(ctx, user, &CodePurpose::Recovery, &code, &queued).await?;
        self.deliver(sending, queued, notification).await?;
        Ok(code.delivery)
    }

    /// Sets a new password by a reset code (ConfirmForgotPassword).
    ///
    /// # Errors
    /// As ConfirmForgotPassword declares.
    pub async fn confirm_forgot_password(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        typed: &str,
        code: &str,
        password: &str,
    ) -> Result<()> {
        self.admit_caller(ctx, Counted::Guess)?;
        // Before anybody is looked up: a weak password must not tell who exists.
        app.pool.password_rules().check_reset(password)?;
        let user = self.find_user(&app.pool, typed).await?;
        let name = user.as_ref().map_or_else(|| app.pool.fold_case(typed), |user| user.username.to_string());
        self.admit(ctx, &app.pool.id, &name, Limit::Recovery).await?;
        let hides = app.client.hides_unknown_users();
        let Some(mut user) = user else {
            return Err(if hides { self.refuse_simulated(ctx, &app.pool, &name, None).await? } else { unknown_here() });
        };
        if !user.enabled {
            let disabled = || Error::from(Reason::UserDisabled);
            return Err(if hides { self.refuse_simulated(ctx, &app.pool, &name, None).await? } else { disabled() });
        }
        let code = match self.check_code(ctx, &user, &CodePurpose::Recovery, code).await {
            Err(error) if hides && error.reason == Reason::CodeExpired => {
                return Err(self.refuse_simulated(ctx, &app.pool, &name, Some(&user)).await?);
            }
            checked => checked?,
        };
        self.replace_password(&app.pool, &mut user, password, ctx.now, false)?;
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), user.username.as_str());
        let source = PostConfirmationSource::ConfirmForgotPassword;
        // The moment is after the write. As long as no function runs, its refusal must leave nothing half done.
        self.triggers.post_confirmation(&call, &PostConfirmation { source, user: &user }).await?;
        let counted = self.counted_name(&app.pool.id, user.username.as_str());
        let (pool, now) = (app.pool.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                take_code(tx, &user, &CodePurpose::Recovery, &code)?;
                let proven = user.attribute(&code.attribute) == Some(code.destination.as_str());
                tx.update_user(&pool, &user.username, |row| -> Result<()> {
                    row.password.clone_from(&user.password);
                    row.old_passwords.clone_from(&user.old_passwords);
                    row.status = UserStatus::Confirmed;
                    row.modified_at = now;
                    if proven {
                        row.attributes.insert(format!("{}_verified", code.attribute), "true".to_owned());
                    }
                    Ok(())
                })?
                .ok_or_else(unknown_here)?;
                Ok(tx.clear_attempts(&pool.id, &counted, crate::sign_in::PASSWORD)?)
            })
            .await
    }

    /// Changes the subject's password (ChangePassword). It ends the sessions of all browsers; the one that asked for
    /// it goes on, under a new cookie, which is the answer: whoever has the old one has nothing.
    ///
    /// # Errors
    /// As ChangePassword declares; [`Reason::SessionExpired`] where the browser's session has ended meanwhile.
    pub async fn change_password(
        &self,
        ctx: &Ctx,
        subject: &Subject,
        previous: Option<&str>,
        proposed: &str,
    ) -> Result<Option<String>> {
        let (pool, mut user) = (&subject.app.pool, subject.user.clone());
        self.admit_caller(ctx, Counted::Guess)?;
        self.admit(ctx, &pool.id, user.username.as_str(), Limit::ChangePassword).await?;
        if user.status == UserStatus::ExternalProvider {
            // Its provider keeps its password; one of ours would be a second way in.
            return Err(Reason::WrongCredentials.into());
        }
        if user.password.is_some() {
            let previous = previous.ok_or(Reason::PreviousPasswordMissing)?;
            if !self.check_password(pool, user.username.as_str(), Some(&user), previous)? {
                return Err(Reason::WrongCredentials.into());
            }
        }
        pool.password_rules().check(proposed)?;
        self.replace_password(pool, &mut user, proposed, ctx.now, false)?;
        let renewal = subject.session.as_ref().map(|session| self.renew_browser_session(ctx, session));
        let (cookie, renewed) = renewal.unzip();
        self.save_password(ctx, pool, user, None, renewed).await?;
        Ok(cookie)
    }

    /// Sets a user's password (AdminSetUserPassword).
    ///
    /// # Errors
    /// As AdminSetUserPassword declares.
    pub async fn admin_set_password(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        typed: &str,
        password: &str,
        permanent: bool,
    ) -> Result<()> {
        let mut user = self.user(pool, typed).await?;
        pool.password_rules().check_reset(password)?;
        self.replace_password(pool, &mut user, password, ctx.now, !permanent)?;
        let status = if permanent { UserStatus::Confirmed } else { UserStatus::ForceChangePassword };
        self.save_password(ctx, pool, user, Some(status), None).await
    }

    async fn save_password(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        user: User,
        status: Option<UserStatus>,
        renewed: Option<RenewedBrowserSession>,
    ) -> Result<()> {
        let counted = self.counted_name(&pool.id, user.username.as_str());
        let (pool, now) = (pool.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &user.username, |row| -> store::Result<()> {
                    row.password.clone_from(&user.password);
                    row.old_passwords.clone_from(&user.old_passwords);
                    row.modified_at = now;
                    if let Some(status) = status {
                        row.status = status;
                    }
                    Ok(())
                })
                .map_err(name_taken)?
                .ok_or(Reason::UserNotFound)?;
                if let Some(renewed) = &renewed {
                    renewed.put(tx)?;
                }
                Ok(tx.clear_attempts(&pool.id, &counted, crate::sign_in::PASSWORD)?)
            })
            .await
    }

    /// Makes a user reset its password, and sends the code (AdminResetUserPassword).
    ///
    /// # Errors
    /// As AdminResetUserPassword declares.
    pub async fn admin_reset_password(&self, ctx: &Ctx, pool: &Pool, typed: &str) -> Result<()> {
        let user = self.user(pool, typed).await?;
        check_resettable(&user)?;
        let delivery = recovery_delivery(pool, &user)?;
        let (row, now) = (pool.clone(), ctx.now);
        let username = user.username.clone();
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&row, &username, |user| -> Result<()> {
                    user.status = UserStatus::ResetRequired;
                    user.modified_at = now;
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await?;
        self.send_reset_code(ctx, pool.into(), Sending::Awaited, &user, delivery).await.map(drop)
    }
}

/// Who came through a provider has no sign-in names; with a password of its own it would, and somebody may have them.
fn name_taken(error: StoreError) -> Error {
    match error {
        StoreError::Conflict { what } => Error::from(Reason::SignInNameTaken { attribute: what.into_owned() }),
        other => other.into(),
    }
}

/// Whether the user's password may be reset by code at all.
fn check_resettable(user: &User) -> Result<()> {
    if !user.enabled {
        return Err(Reason::UserDisabled.into());
    }
    match user.status {
        UserStatus::ForceChangePassword | UserStatus::ExternalProvider => Err(Reason::PasswordNotResettable.into()),
        _ => Ok(()),
    }
}

/// Where a code that was asked for by name goes. On the pages, an account that was never confirmed is reached at the
/// address that would confirm it: who has forgotten its password has no other way in, and the code proves that address as
/// well. Programs are refused, as at Cognito.
fn reset_delivery(ctx: &Ctx, pool: &Pool, user: &User) -> Result<Delivery> {
    let verified = recovery_delivery(pool, user);
    let awaits = user.status == UserStatus::Unconfirmed && ctx.entry_point == EntryPoint::HostedUi;
    match verified {
        Err(error) if error.reason == Reason::NoRecoveryAddress && awaits => first_delivery(pool, user).ok_or(error),
        delivery => delivery,
    }
}

/// Where a reset code goes: the first of the pool's recovery mechanisms that is verified and is not the user's
/// second factor. Without a setting: the phone, then the mail.
fn recovery_delivery(pool: &Pool, user: &User) -> Result<Delivery> {
    let mut mechanisms: Vec<_> = pool
        .settings
        .account_recovery_setting
        .iter()
        .flat_map(|setting| setting.recovery_mechanisms.as_deref().unwrap_or_default())
        .collect();
    mechanisms.sort_by_key(|mechanism| mechanism.priority);
    if mechanisms.iter().any(|mechanism| mechanism.name == RecoveryOptionNameType::AdminOnly) {
        return Err(Reason::RecoveryByAdministrator.into());
    }
    let media: Vec<Medium> = if mechanisms.is_empty() {
        vec![Medium::Sms, Medium::Email]
    } else {
        mechanisms
            .iter()
            .map(|mechanism| match mechanism.name {
                RecoveryOptionNameType::VerifiedPhoneNumber => Medium::Sms,
                _ => Medium::Email,
            })
            .collect()
    };
    let usable = |medium: &Medium| {
        let second_factor = match medium {
            Medium::Sms => user.mfa.sms.enabled,
            Medium::Email => user.mfa.email.enabled,
        };
        user.is_verified(medium.attribute()) && !second_factor
    };
    media
        .into_iter()
        .find(usable)
        .and_then(|medium| Some(Delivery { medium, address: user.attribute(medium.attribute())?.to_owned() }))
        .ok_or_else(|| Error::from(Reason::NoRecoveryAddress))
}
