//! The confirmation of a sign-up, as a step of a sign-in on the pages.
//!
//! Who has just signed up, or proven the password of an account that is not confirmed yet, confirms it and is signed
//! in: the password need not be typed again. Programs are told `UserNotConfirmedException` instead, as at Cognito.

use std::collections::BTreeMap;

use domain::{
    AuthSession, Delivery, Error, Limit, PendingChallenge, Pool, Reason, Result, User, UserStatus, Writer,
    validate_attributes,
};
use protocol::Sensitive;
use protocol::idp::AuthFlowType;
use store::StoreError;
use tokens::{Opened, Purpose};

use super::challenge::{Challenge, OpenChallenge};
use super::factor::check_given;
use super::next::{Proven, Step};
use crate::accounts::sign_up::first_delivery;
use crate::{ClientContext, Ctx, Latchkey, SignedUp};

impl Latchkey {
    /// Asks for the confirmation, with a new code: the reader may not find the old one any more.
    pub(super) async fn ask_confirmation(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        session: &AuthSession,
        user: &User,
    ) -> Result<OpenChallenge> {
        let sent = match self.resend_code_to_owner(ctx, app, user.username.as_str()).await {
            Err(error) if error.is_internal() => return Err(error),
            sent => sent.map_err(|error| error.reason),
        };
        let challenge = Challenge::Confirmation { sent };
        Ok(self.challenge(ctx, app, session, user, challenge, PendingChallenge::Confirmation))
    }

    /// The Session of somebody who has just signed up, and so knows the password: it awaits the confirmation.
    pub fn await_confirmation(&self, ctx: &Ctx, app: &ClientContext, signed_up: &SignedUp) -> Sensitive {
        let session = AuthSession::begin(&app.client, &signed_up.user, AuthFlowType::UserPasswordAuth, None);
        self.make_session(ctx, app, &session, PendingChallenge::Confirmation).into()
    }

    /// Confirms the account, or finds it confirmed already, and goes on with the sign-in.
    ///
    /// # Errors
    /// As ConfirmSignUp declares; [`Reason::UserNotConfirmed`] where there is no code and nobody has confirmed it.
    pub(super) async fn take_confirmation(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        opened: Opened<AuthSession>,
        user: User,
        code: Option<&str>,
    ) -> Result<Step> {
        let user = match code {
            Some(code) if user.status == UserStatus::Unconfirmed => {
                check_given(code)?;
                match self.confirm_sign_up(ctx, app, user.username.as_str(), code, false).await {
                    // Somebody else was faster.
                    Err(error) if matches!(error.reason, Reason::CannotConfirm { .. }) => {
                        self.user(&app.pool, user.username.as_str()).await?
                    }
                    confirmed => confirmed?,
                }
            }
            _ => user,
        };
        if user.status == UserStatus::Unconfirmed {
            return Err(Reason::UserNotConfirmed.into());
        }
        self.run_pre_authentication(ctx, app, user.username.as_str(), Some(&user)).await?;
        self.consume_state(&opened).await?;
        let session = opened.value.awaiting(PendingChallenge::None);
        Ok(Step::Proven(Box::new(Proven { user, session, srp_a: None })))
    }

    /// Puts another address in the place of the one that an account is to be confirmed by, and sends the code there.
    /// The code that went to the old one is void.
    ///
    /// # Errors
    /// As UpdateUserAttributes and ResendConfirmationCode declare, and what makes the Session invalid.
    pub async fn change_unconfirmed_address(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        session: &str,
        address: &str,
    ) -> Result<Delivery> {
        let opened: Opened<AuthSession> = self.open_state(Purpose::Session, ctx.now, session)?;
        let state = &opened.value;
        if state.client != app.client.id || state.pending != PendingChallenge::Confirmation {
            return Err(Reason::SessionInvalid.into());
        }
        let mut user = self.unanswered_user(state, opened.id).await?;
        let sending = self.begin_sending(app)?;
        let attribute = first_delivery(&app.pool, &user).ok_or(Reason::NoAutoVerification)?.medium.attribute();
        check_change(app, &user, attribute, address)?;
        self.admit(ctx, &app.pool.id, user.username.as_str(), Limit::Resend).await?;
        let (pool, username, value, now) = (app.pool.clone(), user.username.clone(), address.to_owned(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &username, |row| -> store::Result<bool> {
                    let waits = row.status == UserStatus::Unconfirmed;
                    if waits {
                        row.attributes.insert(attribute.to_owned(), value);
                        row.modified_at = now;
                    }
                    Ok(waits)
                })
                .map_err(|error| taken(&pool, error))?
                .filter(|waits| *waits)
                .map(drop)
                .ok_or_else(|| Reason::AlreadyConfirmed.into())
            })
            .await?;
        user.attributes.insert(attribute.to_owned(), address.to_owned());
        self.send_sign_up_code(ctx, app, sending, &user).await
    }
}

fn check_change(app: &ClientContext, user: &User, attribute: &str, address: &str) -> Result<()> {
    if user.status != UserStatus::Unconfirmed {
        return Err(Reason::AlreadyConfirmed.into());
    }
    if !app.client.writes(attribute) {
        return Err(Reason::AttributeNotWritable.into());
    }
    validate_attributes(&app.pool, Writer::User, BTreeMap::from([(attribute.to_owned(), address.to_owned())])).map(drop)
}

/// The address is another user's sign-in name.
fn taken(pool: &Pool, error: StoreError) -> Error {
    match error {
        StoreError::Conflict { what } if pool.is_username_attribute(&what) => {
            Reason::UsernameAttributeTaken { attribute: what.into_owned() }.into()
        }
        StoreError::Conflict { what } => Reason::AliasTaken { attribute: what.into_owned() }.into(),
        other => other.into(),
    }
}
