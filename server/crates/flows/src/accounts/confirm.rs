//! Confirming a sign-up: by code, by a new code, by an administrator.

use domain::{CodePurpose, Delivery, Error, Limit, Pool, Reason, Result, SignInName, User, UserStatus, Username};
use messages::Kind;
use store::StoreError;
use triggers::{PostConfirmation, PostConfirmationSource};

use crate::accounts::codes::take_code;
use crate::accounts::sign_up::{first_delivery, unknown_here};
use crate::notifications::Sending;
use crate::rates::Counted;
use crate::{ClientContext, Ctx, Latchkey};

/// The record of codes that were only said to be sent; nobody reads it, but it costs what a real one does.
const SIMULATED: &str = "simulated-sign-up";

impl Latchkey {
    /// Confirms a sign-up by its code and verifies the attribute the code was sent to.
    ///
    /// # Errors
    /// As ConfirmSignUp declares.
    pub async fn confirm_sign_up(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        typed: &str,
        code: &str,
        force_alias: bool,
    ) -> Result<User> {
        self.admit_caller(ctx, Counted::Guess)?;
        let user = self.find_user(&app.pool, typed).await?;
        let name = user.as_ref().map_or_else(|| app.pool.fold_case(typed), |user| user.username.to_string());
        self.admit(ctx, &app.pool.id, &name, Limit::Confirm).await?;
        let Some(user) = user else {
            if !app.client.hides_unknown_users() {
                return Err(unknown_here());
            }
            return Err(self.refuse_sign_up_code(ctx, &app.pool, &name).await?);
        };
        if user.status != UserStatus::Unconfirmed && app.client.hides_unknown_users() {
            return Err(self.refuse_confirmed(ctx, &app.pool, &user, code).await?);
        }
        check_unconfirmed(&user)?;
        let code = self.check_code(ctx, &user, &CodePurpose::SignUp, code).await?;
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), user.username.as_str());
        let source = PostConfirmationSource::ConfirmSignUp;
        // The moment is after the write. As long as no function runs, its refusal must leave nothing half done.
        self.triggers.post_confirmation(&call, &PostConfirmation { source, user: &user }).await?;
        let (pool, now) = (app.pool.clone(), ctx.now);
        let used = self.reseal_code(&user, &CodePurpose::SignUp, &CodePurpose::UsedSignUp, &code)?;
        self.store
            .write(move |tx| -> Result<User> {
                take_code(tx, &user, &CodePurpose::SignUp, &code)?;
                tx.put_code(&user.pool, &user.username, &CodePurpose::UsedSignUp, &used)?;
                // The code proves the address it was sent to, not one that came later.
                let proven = user.attribute(&code.attribute) == Some(code.destination.as_str());
                let verified = format!("{}_verified", code.attribute);
                if proven && force_alias {
                    let value = pool.fold_case(&code.destination);
                    let name = SignInName { attribute: code.attribute.clone(), value };
                    tx.move_name(&pool, &name, &user.username).map_err(alias_taken)?;
                }
                let updated = tx
                    .update_user(&pool, &user.username, |row| -> store::Result<User> {
                        row.status = UserStatus::Confirmed;
                        row.modified_at = now;
                        if proven {
                            row.attributes.insert(verified.clone(), "true".to_owned());
                        }
                        Ok(row.clone())
                    })
                    .map_err(alias_taken)?;
                updated.ok_or_else(unknown_here)
            })
            .await
    }

    /// How a sign-up's code is refused that nobody can have: with the reads and the write that a wrong one costs.
    async fn refuse_sign_up_code(&self, ctx: &Ctx, pool: &Pool, name: &str) -> Result<Error> {
        let (id, nobody) = (pool.id.clone(), Username::from(name));
        self.store.read(move |r| r.code(&id, &nobody, &CodePurpose::SignUp).map_err(Error::from)).await?;
        self.simulate_wrong_guess(ctx, &pool.id, name, CodePurpose::SignUp, SIMULATED).await?;
        Ok(Reason::CodeWrong.into())
    }

    /// How a user who waits for no code is refused, where the client hides who exists: only who has the code that
    /// confirmed them hears that it did; others hear what they hear of names nobody has.
    async fn refuse_confirmed(&self, ctx: &Ctx, pool: &Pool, user: &User, code: &str) -> Result<Error> {
        match self.check_code(ctx, user, &CodePurpose::UsedSignUp, code).await {
            Ok(_) => Ok(Reason::CannotConfirm { status: user.status }.into()),
            Err(error) if matches!(error.reason, Reason::CodeExpired | Reason::TooManyWrongCodes) => {
                self.simulate_wrong_guess(ctx, &pool.id, user.username.as_str(), CodePurpose::SignUp, SIMULATED)
                    .await?;
                Ok(Reason::CodeWrong.into())
            }
            Err(error) => Ok(error),
        }
    }

    /// Confirms a sign-up by the link of its mail. A link that was opened before (twice by its reader, or first by a
    /// machine that looks through mail) is as good as new while it lives: whoever holds it learns that it worked.
    ///
    /// # Errors
    /// As ConfirmSignUp declares.
    pub async fn confirm_by_link(&self, ctx: &Ctx, app: &ClientContext, username: &str, code: &str) -> Result<()> {
        let refused = match self.confirm_sign_up(ctx, app, username, code, false).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        let spent = match refused.reason {
            // Confirmed before, or by another request at this moment.
            Reason::CannotConfirm { .. } | Reason::CodeExpired => self.find_user(&app.pool, username).await?,
            _ => None,
        };
        match spent {
            Some(user) => self.check_code(ctx, &user, &CodePurpose::UsedSignUp, code).await.map(drop),
            None => Err(refused),
        }
    }

    /// Sends a new sign-up code.
    ///
    /// # Errors
    /// As ResendConfirmationCode declares. Names that nobody has and users who wait for no code get a simulated answer
    /// where the client hides who exists.
    pub async fn resend_code(&self, ctx: &Ctx, app: &ClientContext, typed: &str) -> Result<Delivery> {
        self.resend_or_hide(ctx, app, typed, app.client.hides_unknown_users()).await
    }

    /// Sends a new sign-up code to somebody who has proven the account's password, and so may know how it stands.
    ///
    /// # Errors
    /// As ResendConfirmationCode declares, where nobody's existence is hidden.
    pub async fn resend_code_to_owner(&self, ctx: &Ctx, app: &ClientContext, username: &str) -> Result<Delivery> {
        self.resend_or_hide(ctx, app, username, false).await
    }

    async fn resend_or_hide(&self, ctx: &Ctx, app: &ClientContext, typed: &str, hides: bool) -> Result<Delivery> {
        self.admit_caller(ctx, Counted::Code)?;
        let sending = self.begin_sending(app)?;
        let user = self.find_user(&app.pool, typed).await?;
        let name = user.as_ref().map_or_else(|| app.pool.fold_case(typed), |user| user.username.to_string());
        self.admit(ctx, &app.pool.id, &name, Limit::Resend).await?;
        let Some(user) = user else {
            if hides {
                return self.simulate_code(ctx, &app.pool, &name, SIMULATED, typed).await;
            }
            return Err(unknown_here());
        };
        let unreachable = if user.status == UserStatus::Unconfirmed {
            first_delivery(&app.pool, &user).is_none().then_some(Reason::NoAutoVerification)
        } else {
            Some(Reason::AlreadyConfirmed)
        };
        match unreachable {
            None => self.send_sign_up_code(ctx, app, sending, &user).await,
            Some(_) if hides => self.simulate_code(ctx, &app.pool, &name, SIMULATED, typed).await,
            Some(reason) => Err(reason.into()),
        }
    }

    /// Makes a new sign-up code and sends it; the old one is void.
    pub(crate) async fn send_sign_up_code(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        sending: Sending,
        user: &User,
    ) -> Result<Delivery> {
        let delivery = first_delivery(&app.pool, user).ok_or(Reason::NoAutoVerification)?;
        let code = self.make_code(ctx, user, &CodePurpose::SignUp, delivery);
        let notification = app.notification(user, Kind::ResendCode, &code.delivery, &code.digits);
        let queued = self.queue(&sending, notification, code.row.expires_at)?;
        self.store_code(ctx, user, &CodePurpose::SignUp, &code, &queued).await?;
        self.deliver(sending, queued, notification).await?;
        Ok(code.delivery)
    }

    /// Confirms a user without a code (AdminConfirmSignUp).
    ///
    /// # Errors
    /// `UserNotFoundException`; `NotAuthorizedException` for a user who is not waiting.
    pub async fn admin_confirm_sign_up(&self, ctx: &Ctx, pool: &Pool, typed: &str) -> Result<()> {
        let user = self.user(pool, typed).await?;
        check_unconfirmed(&user)?;
        let call = ctx.trigger_call(pool, None, user.username.as_str());
        let source = PostConfirmationSource::ConfirmSignUp;
        // The moment is after the write. As long as no function runs, its refusal must leave nothing half done.
        self.triggers.post_confirmation(&call, &PostConfirmation { source, user: &user }).await?;
        let (pool, now) = (pool.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &user.username, |row| -> Result<()> {
                    row.status = UserStatus::Confirmed;
                    row.modified_at = now;
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await
    }
}

fn alias_taken(error: StoreError) -> Error {
    match error {
        StoreError::Conflict { what } => Error::from(Reason::AliasTaken { attribute: what.into_owned() }),
        other => other.into(),
    }
}

fn check_unconfirmed(user: &User) -> Result<()> {
    if user.status == UserStatus::Unconfirmed {
        return Ok(());
    }
    Err(Reason::CannotConfirm { status: user.status }.into())
}
