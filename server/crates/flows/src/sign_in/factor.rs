//! Second factors: SOFTWARE_TOKEN_MFA, SELECT_MFA_TYPE, codes by SMS and mail.

use super::next::factor_names;
use super::password::FACTOR;
use super::step::{Answer, Expects, Outcome, Progress};
use crate::{App, Latchkey};
use domain::{Attempts, Delivery, Error, Factor, Limit, Medium, Pool, Reason, Result, User};
use messages::Kind;
use protocol::idp::ChallengeNameType;
use store::StoreError;

impl Latchkey {
    /// Puts the challenge of one factor; codes are sent here.
    pub(super) async fn ask_factor(
        &self,
        app: &App,
        progress: &Progress,
        user: &User,
        factor: Factor,
    ) -> Result<Outcome> {
        let (name, medium) = match factor {
            Factor::Totp => {
                let device = user.totp.as_ref().and_then(|totp| totp.friendly_name.clone());
                let parameters = device.map(|device| ("FRIENDLY_DEVICE_NAME", device));
                return self.challenge(
                    app,
                    progress,
                    user,
                    ChallengeNameType::SoftwareTokenMfa,
                    Expects::Code(Factor::Totp),
                    parameters,
                );
            }
            Factor::Sms => (ChallengeNameType::SmsMfa, Medium::Sms),
            Factor::Email => (ChallengeNameType::EmailOtp, Medium::Email),
        };
        let address = user.attribute(medium.attribute()).unwrap_or_default().to_owned();
        let delivery = Delivery { medium, address };
        self.admit_code(&self.server_ctx(), user, Limit::FactorCode).await?;
        let digits = world::digits(self.world.entropy(), 6);
        self.send(app.letter(user, Kind::Authentication, &delivery, &digits)).await?;
        let details = [
            ("CODE_DELIVERY_DELIVERY_MEDIUM", if medium == Medium::Sms { "SMS" } else { "EMAIL" }.to_owned()),
            ("CODE_DELIVERY_DESTINATION", delivery.masked()),
        ];
        let expects = Expects::SentCode { factor, digits, address: delivery.address };
        self.challenge(app, progress, user, name, expects, details)
    }

    pub(super) fn ask_choice(
        &self,
        app: &App,
        progress: &Progress,
        user: &User,
        factors: Vec<Factor>,
    ) -> Result<Outcome> {
        let names = factor_names(&factors);
        self.challenge(
            app,
            progress,
            user,
            ChallengeNameType::SelectMfaType,
            Expects::Choice(factors),
            [("MFAS_CAN_CHOOSE", names)],
        )
    }

    pub(super) async fn select_factor(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (opened, user) = self.resume(answer).await?;
        let chosen = Factor::parse(answer.required("ANSWER")?);
        let offered = match &opened.value.expects {
            Expects::Choice(factors) => factors.as_slice(),
            _ => &[],
        };
        let Some(factor) = chosen.filter(|factor| offered.contains(factor)) else {
            return Err(Reason::FactorNotOffered.into());
        };
        self.spend_session(&opened).await?;
        self.ask_factor(answer.app, &opened.value, &user, factor).await
    }

    pub(super) async fn check_totp_factor(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (opened, user) = self.resume(answer).await?;
        let code = answer.required("SOFTWARE_TOKEN_MFA_CODE")?;
        self.count_guess(&answer.app.pool, &user).await?;
        if !self.use_totp(&self.server_ctx(), &answer.app.pool, &user, code).await? {
            return Err(Reason::ChallengeCodeWrong.into());
        }
        self.spend_session(&opened).await?;
        self.factor_proven(answer, opened.value, user).await
    }

    pub(super) async fn check_sent_code(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (opened, mut user) = self.resume(answer).await?;
        let Expects::SentCode { factor, digits, address } = &opened.value.expects else {
            return Err(Reason::SessionInvalid.into());
        };
        let code = answer.required(match factor {
            Factor::Sms => "SMS_MFA_CODE",
            Factor::Email => "EMAIL_OTP_CODE",
            Factor::Totp => "SOFTWARE_TOKEN_MFA_CODE",
        })?;
        self.count_guess(&answer.app.pool, &user).await?;
        if aws_lc_rs::constant_time::verify_slices_are_equal(code.as_bytes(), digits.as_bytes()).is_err() {
            return Err(Reason::ChallengeCodeWrong.into());
        }
        let medium = if *factor == Factor::Sms { Medium::Sms } else { Medium::Email };
        self.spend_session(&opened).await?;
        // A code that came back proves the address it went to (developer guide, "MFA").
        if !user.is_verified(medium.attribute()) && self.note_proven(&answer.app.pool, &user, medium, address).await? {
            user.attributes.insert(format!("{}_verified", medium.attribute()), "true".to_owned());
        }
        self.factor_proven(answer, opened.value, user).await
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
    async fn count_guess(&self, pool: &Pool, user: &User) -> Result<()> {
        let (pool, key, now) = (pool.id.clone(), user.username.to_string(), self.now());
        let admitted = self
            .store
            .write(move |tx| {
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

    async fn factor_proven(&self, answer: &Answer<'_>, progress: Progress, user: User) -> Result<Outcome> {
        let (pool, key) = (answer.app.pool.id.clone(), user.username.to_string());
        self.store.write(move |tx| tx.clear_attempts(&pool, &key, FACTOR).map_err(Error::from)).await?;
        let progress = Progress { second_factor: true, expects: Expects::Nothing, ..progress };
        self.next(answer.app, answer.door, &progress, user).await
    }
}
