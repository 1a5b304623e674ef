//! Codes by mail and SMS: made, checked, used up.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Code, CodePurpose, Delivery, Error, Limit, PoolId, Reason, Result, User, Username};
use jiff::Timestamp;
use protocol::Sensitive;
use store::Tx;
use tokens::Purpose;

use crate::notifications::outbox::Queued;
use crate::{Ctx, EntryPoint, Latchkey};

/// Wrong guesses after which a code is dead: one in 40,000 at six digits.
const MOST_FAILURES: u32 = 25;

/// A fresh code: the row to be stored, and what is sent once that holds.
#[derive(Clone)]
pub(crate) struct NewCode {
    pub(crate) row: Code,
    pub(crate) digits: Sensitive,
    pub(crate) delivery: Delivery,
}

impl Latchkey {
    /// Draws a code for an address. Nothing is stored or sent yet.
    pub(crate) fn make_code(&self, ctx: &Ctx, user: &User, purpose: &CodePurpose, delivery: Delivery) -> NewCode {
        let now = ctx.now;
        let digits = Sensitive::from(world::digits(self.world.entropy(), 6));
        let row = Code {
            digits: self.seal(Purpose::Code, &context(&user.pool, &user.username, purpose), digits.as_bytes()),
            sent_at: now,
            expires_at: now + purpose.lifetime(),
            attribute: delivery.medium.attribute().to_owned(),
            destination: delivery.address.clone(),
            failures: 0,
        };
        NewCode { row, digits, delivery }
    }

    /// Stores a fresh code and the message that tells it; an older code for the same purpose is void.
    ///
    /// # Errors
    /// [`Reason::AttemptLimit`] where its destination has been sent too many, unless an administrator sends it.
    pub(crate) async fn store_code(
        &self,
        ctx: &Ctx,
        user: &User,
        purpose: &CodePurpose,
        code: &NewCode,
        queued: &Queued,
    ) -> Result<()> {
        let sent = self.destination(ctx, &user.pool, purpose, &code.delivery.address);
        let (user, purpose, code, queued) = (user.clone(), purpose.clone(), code.clone(), queued.clone());
        self.store
            .write(move |tx| {
                sent.admit(tx, Limit::DestinationCode)?;
                put_code(tx, &user, &purpose, &code)?;
                queued.insert(tx)
            })
            .await
    }

    /// Whether `typed` is the open code for the purpose. Every guess is counted; a right one is not yet used
    /// up: the caller takes the code in the transaction that saves what it proves.
    ///
    /// # Errors
    /// `ExpiredCodeException` for one that lapsed or was never sent, `CodeMismatchException`,
    /// `TooManyFailedAttemptsException`.
    pub(crate) async fn check_code(&self, ctx: &Ctx, user: &User, purpose: &CodePurpose, typed: &str) -> Result<Code> {
        let (pool, username, key) = (user.pool.clone(), user.username.clone(), purpose.clone());
        let code = self.store.read(move |r| r.code(&pool, &username, &key).map_err(Error::from)).await?;
        let code = code.ok_or(Reason::CodeExpired)?;
        if ctx.now >= code.expires_at {
            return Err(Reason::CodeExpired.into());
        }
        if code.failures >= MOST_FAILURES {
            return Err(Reason::TooManyWrongCodes.into());
        }
        // Counted before it is judged: where the count cannot be kept, nothing is told.
        let guessed = self.destination(ctx, &user.pool, purpose, &code.destination);
        let (pool, username, key) = (user.pool.clone(), user.username.clone(), purpose.clone());
        self.store
            .write(move |tx| -> Result<()> {
                guessed.admit(tx, Limit::DestinationGuess)?;
                tx.update_code(&pool, &username, &key, |code| -> Result<()> {
                    if code.failures >= MOST_FAILURES {
                        return Err(Reason::TooManyWrongCodes.into());
                    }
                    code.failures += 1;
                    Ok(())
                })?
                .ok_or_else(|| Reason::CodeExpired.into())
            })
            .await?;
        let digits = self.unseal(Purpose::Code, &context(&user.pool, &user.username, purpose), &code.digits)?;
        if verify_slices_are_equal(digits.as_slice(), typed.trim().as_bytes()).is_ok() {
            return Ok(code);
        }
        Err(Reason::CodeWrong.into())
    }

    /// The name that a row counts something under: always the same for a name, of one size, and of no use to who reads
    /// the database.
    pub(crate) fn counted_name(&self, pool: &PoolId, name: &str) -> String {
        let mut bytes = [0_u8; 16];
        self.vault.derive_dummy(b"counted", format!("{pool}\0{name}").as_bytes(), &mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Where codes of one kind go. Each kind counts by itself: what strangers have sent to an address in a sign-up of theirs
    /// must not keep back its owner's second factor.
    pub(crate) fn destination(&self, ctx: &Ctx, pool: &PoolId, purpose: &CodePurpose, address: &str) -> HourlyCount {
        let kind = match purpose {
            CodePurpose::SignUp | CodePurpose::UsedSignUp => "sign-up",
            CodePurpose::Recovery => "recovery",
            CodePurpose::Attribute(_) => "attribute",
        };
        self.destination_of(ctx, pool, kind, address)
    }

    /// The same for codes of second factors.
    pub(crate) fn factor_destination(&self, ctx: &Ctx, pool: &PoolId, address: &str) -> HourlyCount {
        self.destination_of(ctx, pool, "factor", address)
    }

    fn destination_of(&self, ctx: &Ctx, pool: &PoolId, kind: &str, address: &str) -> HourlyCount {
        let is_counted = ctx.entry_point != EntryPoint::AdminApi && ctx.entry_point != EntryPoint::Server;
        let name = self.counted_name(pool, &format!("to {kind}\0{}", address.to_lowercase()));
        HourlyCount { pool: pool.clone(), name: is_counted.then_some(name), now: ctx.now }
    }

    /// Does what the count of a wrong guess costs, for a name that has no code to count it on.
    pub(crate) async fn simulate_wrong_guess(
        &self,
        ctx: &Ctx,
        pool: &PoolId,
        name: &str,
        purpose: CodePurpose,
        record: &'static str,
    ) -> Result<()> {
        let counted = self.counted_name(pool, name);
        let (pool, nobody, expires_at) = (pool.clone(), Username::from(name), ctx.now + purpose.lifetime());
        self.store
            .write(move |tx| {
                tx.code(&pool, &nobody, &purpose)?;
                tx.update_attempts(&pool, &counted, record, expires_at, |simulated| -> Result<()> {
                    simulated.failures = simulated.failures.saturating_add(1);
                    Ok(())
                })
            })
            .await
    }

    /// A code as it is kept under another purpose.
    pub(crate) fn reseal_code(&self, user: &User, from: &CodePurpose, to: &CodePurpose, code: &Code) -> Result<Code> {
        let digits = self.unseal(Purpose::Code, &context(&user.pool, &user.username, from), &code.digits)?;
        let digits = self.seal(Purpose::Code, &context(&user.pool, &user.username, to), &digits);
        Ok(Code { digits, failures: 0, ..code.clone() })
    }

    /// Notes one code that is about to be sent by an operation which declares no `LimitExceededException`.
    ///
    /// # Errors
    /// `TooManyRequestsException` in that one's words.
    pub(crate) async fn admit_code(&self, ctx: &Ctx, user: &User, limit: Limit) -> Result<()> {
        self.admit(ctx, &user.pool, user.username.as_str(), limit).await.map_err(as_code_limit)
    }

    /// Notes one use of a per-user limit, for names that exist and names that do not.
    ///
    /// # Errors
    /// `LimitExceededException`.
    pub(crate) async fn admit(&self, ctx: &Ctx, pool: &PoolId, name: &str, limit: Limit) -> Result<()> {
        let used = self.count_of(ctx, pool, name);
        self.store.write(move |tx| used.admit(tx, limit)).await
    }

    /// What a name did within the hour.
    pub(crate) fn count_of(&self, ctx: &Ctx, pool: &PoolId, name: &str) -> HourlyCount {
        HourlyCount { pool: pool.clone(), name: Some(self.counted_name(pool, name)), now: ctx.now }
    }
}

/// Whom a limit by the hour is kept for.
#[derive(Clone)]
pub(crate) struct HourlyCount {
    pool: PoolId,
    /// None where nothing is counted: administrators have no such limit.
    name: Option<String>,
    now: Timestamp,
}

impl HourlyCount {
    /// Notes one more.
    ///
    /// # Errors
    /// [`Reason::AttemptLimit`]
    pub(crate) fn admit(&self, tx: &mut Tx, limit: Limit) -> Result<()> {
        let Self { pool, name, now } = self;
        let Some(name) = name else { return Ok(()) };
        let forgotten_at = *now + jiff::SignedDuration::from_hours(1);
        tx.update_window(pool, name, limit, forgotten_at, |window| {
            if window.admit(limit, *now) { Ok(()) } else { Err(Reason::AttemptLimit.into()) }
        })
    }
}

/// A limit's refusal, for operations which declare no `LimitExceededException`.
pub(crate) fn as_code_limit(error: Error) -> Error {
    match error.reason {
        Reason::AttemptLimit => Error { reason: Reason::CodeLimit, ..error },
        _ => error,
    }
}

/// Uses a code up inside the transaction that saves what it proves; another taker may have been faster.
pub(crate) fn take_code(tx: &mut Tx, user: &User, purpose: &CodePurpose, seen: &Code) -> Result<()> {
    match tx.take_code(&user.pool, &user.username, purpose)? {
        Some(taken) if taken.digits == seen.digits => Ok(()),
        _ => Err(Reason::CodeExpired.into()),
    }
}

/// Stores a fresh code; an older one for the same purpose is void.
pub(crate) fn put_code(tx: &mut Tx, user: &User, purpose: &CodePurpose, code: &NewCode) -> Result<()> {
    tx.put_code(&user.pool, &user.username, purpose, &code.row).map_err(Error::from)
}

fn context(pool: &PoolId, username: &Username, purpose: &CodePurpose) -> String {
    format!("{pool}\0{username}\0{}", purpose.key())
}

/// A timestamp after which a code may be asked for again, for the pages' countdown.
pub fn resend_after(sent_at: Timestamp) -> Timestamp {
    sent_at + jiff::SignedDuration::from_secs(30)
}
