//! Second factors: codes of authenticator apps, codes by SMS and mail, and the choice among them.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use domain::{
    AnsweredChallenge, Attempts, AuthSession, Delivery, Error, Factor, Limit, Medium, PendingChallenge, Pool, Reason,
    Result, User,
};
use jiff::SignedDuration;
use messages::Kind;
use store::StoreError;
use tokens::{Opened, Purpose};

use super::challenge::{Challenge, OpenChallenge, Outcome};
use super::next::{Proven, Step};
use super::password::FACTOR;
use crate::accounts::codes::as_code_limit;
use crate::rates::Counted;
use crate::{ClientContext, Ctx, EntryPoint, Latchkey};

/// How long a sent code is good on the pages at least (NIST SP 800-63B §3.1.3.2 allows no more than ten minutes).
const PAGE_CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

impl Latchkey {
    /// Puts the challenge of one factor; codes are sent here.
    pub(super) async fn ask_factor(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        session: &AuthSession,
        user: &User,
        factor: Factor,
    ) -> Result<OpenChallenge> {
        let Some(medium) = factor.medium() else {
            let friendly_name = user.totp.as_ref().and_then(|totp| totp.friendly_name.clone());
            let challenge = Challenge::Totp { friendly_name };
            return Ok(self.challenge(ctx, app, session, user, challenge, PendingChallenge::Totp));
        };
        let address = user.attribute(medium.attribute()).unwrap_or_default().to_owned();
        let delivery = Delivery { medium, address };
        self.admit_caller(ctx, Counted::Code)?;
        self.admit_factor_code(ctx, user, &delivery.address).await?;
        let digits = world::digits(self.world.entropy(), 6);
        self.send(app.notification(user, Kind::Authentication, &delivery, &digits)).await?;
        let challenge = Challenge::SentCode { medium, masked: delivery.masked() };
        let ends_at = (ctx.entry_point == EntryPoint::HostedUi)
            .then(|| ctx.now + app.client.challenge_lifetime().max(PAGE_CODE_LIFETIME));
        let pending = PendingChallenge::SentCode { medium, digits: digits.into(), address: delivery.address, ends_at };
        Ok(self.challenge(ctx, app, session, user, challenge, pending))
    }

    /// Sends the code of a sign-in again, on the pages: as a new challenge, in the place of the one that is open.
    ///
    /// # Errors
    /// As RespondToAuthChallenge declares; [`Reason::CodeLimit`].
    pub async fn send_factor_code_again(&self, ctx: &Ctx, app: &ClientContext, session: &str) -> Result<Outcome> {
        let opened: Opened<AuthSession> = self.open_state(Purpose::Session, ctx.now, session)?;
        let state = &opened.value;
        let PendingChallenge::SentCode { medium, .. } = state.pending else {
            return Err(Reason::SessionInvalid.into());
        };
        if state.client != app.client.id || state.pool != app.pool.id {
            return Err(Reason::SessionInvalid.into());
        }
        let user = self.unanswered_user(state, opened.id).await?;
        let open = self.ask_factor(ctx, app, state, &user, Factor::by(medium)).await?;
        self.consume_state(&opened).await?;
        Ok(Outcome::Challenge(open))
    }

    pub(super) async fn select_factor(
        &self,
        opened: Opened<AuthSession>,
        user: User,
        chosen: Option<Factor>,
    ) -> Result<Step> {
        let offered = match &opened.value.pending {
            PendingChallenge::SelectFactor(factors) => factors.as_slice(),
            _ => &[],
        };
        let chosen = chosen.filter(|factor| offered.contains(factor)).ok_or(Reason::FactorNotOffered)?;
        self.consume_state(&opened).await?;
        let session = AuthSession { chosen: Some(chosen), ..opened.value.awaiting(PendingChallenge::None) };
        Ok(Step::Proven(Box::new(Proven { user, session, srp_a: None })))
    }

    pub(super) async fn check_totp_factor(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        opened: Opened<AuthSession>,
        user: User,
        code: &str,
    ) -> Result<Step> {
        check_given(code)?;
        self.count_guess(ctx, &app.pool, &user, None).await?;
        if !self.use_totp(ctx, &app.pool, &user, code).await? {
            return Err(Reason::ChallengeCodeWrong.into());
        }
        self.consume_state(&opened).await?;
        self.forgive_guesses(&app.pool, &user).await?;
        Step::proven(user, opened.value, AnsweredChallenge::Totp)
    }

    pub(super) async fn check_sent_code(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        opened: Opened<AuthSession>,
        mut user: User,
        code: &str,
    ) -> Result<Step> {
        let PendingChallenge::SentCode { medium, digits, address, ends_at } = &opened.value.pending else {
            return Err(Reason::SessionInvalid.into());
        };
        let medium = *medium;
        check_given(code)?;
        if ends_at.is_some_and(|ends_at| ctx.now >= ends_at) {
            return Err(Reason::CodeExpired.into());
        }
        self.count_guess(ctx, &app.pool, &user, Some(address)).await?;
        if verify_slices_are_equal(code.as_bytes(), digits.as_bytes()).is_err() {
            return Err(Reason::ChallengeCodeWrong.into());
        }
        self.consume_state(&opened).await?;
        // A code that came back proves the address it went to (developer guide, "MFA").
        if !user.is_verified(medium.attribute()) && self.note_proven(&app.pool, &user, medium, address).await? {
            user.attributes.insert(format!("{}_verified", medium.attribute()), "true".to_owned());
        }
        self.forgive_guesses(&app.pool, &user).await?;
        Step::proven(user, opened.value, AnsweredChallenge::of_factor(Factor::by(medium)))
    }

    /// Marks the address as verified, unless it has changed since the code was sent, or somebody else has it as
    /// an alias. Answers whether it is verified now.
    async fn note_proven(&self, pool: &Pool, user: &User, medium: Medium, address: &str) -> Result<bool> {
        let (pool, username, address) = (pool.clone(), user.username.clone(), address.to_owned());
        let noted = self
            .store
            .write(move |tx| -> Result<Option<bool>> {
                tx.update_user(&pool, &username, |row| -> store::Result<bool> {
                    let same = row.attribute(medium.attribute()) == Some(address.as_str());
                    if same {
                        row.attributes.insert(format!("{}_verified", medium.attribute()), "true".to_owned());
                    }
                    Ok(same)
                })
                .map_err(|error| match error {
                    StoreError::Conflict { what } => Reason::AliasTaken { attribute: what.into_owned() }.into(),
                    other => Error::from(other),
                })
            })
            .await;
        match noted {
            Ok(noted) => Ok(noted == Some(true)),
            Err(error) if matches!(error.reason, Reason::AliasTaken { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Counts a guess before it is judged, so that guesses made at once do not all pass the same lock; a right one
    /// makes the record void.
    /// `address` is where the code went, if it went anywhere.
    pub(super) async fn count_guess(&self, ctx: &Ctx, pool: &Pool, user: &User, address: Option<&str>) -> Result<()> {
        self.admit_caller(ctx, Counted::Guess)?;
        let guessed = address.map(|address| self.factor_destination(ctx, &pool.id, address));
        let (pool, key, now) = (pool.id.clone(), self.counted_name(&pool.id, user.username.as_str()), ctx.now);
        let admitted = self
            .store
            .write(move |tx| {
                if let Some(guessed) = &guessed {
                    guessed.admit(tx, Limit::DestinationGuess).map_err(as_code_limit)?;
                }
                tx.update_attempts(&pool, &key, FACTOR, now + Attempts::MEMORY, |attempts| -> Result<bool> {
                    let locked = attempts.locked(now);
                    if !locked {
                        *attempts = attempts.failed(now);
                    }
                    Ok(!locked)
                })
            })
            .await?;
        if admitted { Ok(()) } else { Err(super::password::locked()) }
    }

    /// Notes one code of a second factor that is about to be sent.
    async fn admit_factor_code(&self, ctx: &Ctx, user: &User, address: &str) -> Result<()> {
        let sent = self.factor_destination(ctx, &user.pool, address);
        let by_user = self.count_of(ctx, &user.pool, user.username.as_str());
        let admitted = self.store.write(move |tx| {
            sent.admit(tx, Limit::DestinationCode)?;
            by_user.admit(tx, Limit::FactorCode)
        });
        admitted.await.map_err(as_code_limit)
    }

    /// Makes the record of wrong guesses void.
    async fn forgive_guesses(&self, pool: &Pool, user: &User) -> Result<()> {
        let (pool, key) = (pool.id.clone(), self.counted_name(&pool.id, user.username.as_str()));
        self.store.write(move |tx| tx.clear_attempts(&pool, &key, FACTOR).map_err(Error::from)).await
    }
}

/// An empty answer is none, and counts as no guess.
pub(super) fn check_given(answer: &str) -> Result<()> {
    if answer.is_empty() { Err(Reason::AnswerMissing.into()) } else { Ok(()) }
}
