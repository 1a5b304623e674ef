//! Second factors: SOFTWARE_TOKEN_MFA, SELECT_MFA_TYPE, codes by SMS and mail.

use super::next::factor_names;
use super::step::{Answer, Expects, Outcome, Progress};
use crate::{App, Latchkey};
use domain::{Delivery, Error, Factor, Medium, Result, User};
use messages::Kind;
use protocol::idp::ChallengeNameType;

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
        let digits = world::digits(self.world.entropy(), 6);
        self.send_code(&app.pool, user, &delivery, Kind::Authentication, &digits).await?;
        let details = [
            ("CODE_DELIVERY_DELIVERY_MEDIUM", if medium == Medium::Sms { "SMS" } else { "EMAIL" }.to_owned()),
            ("CODE_DELIVERY_DESTINATION", delivery.masked()),
        ];
        self.challenge(app, progress, user, name, Expects::SentCode { factor, digits }, details)
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
            return Err(Error::invalid_parameter("Invalid MFA type selected."));
        };
        self.spend_session(&opened).await?;
        self.ask_factor(answer.app, &opened.value, &user, factor).await
    }

    pub(super) async fn check_totp_factor(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (opened, user) = self.resume(answer).await?;
        let code = answer.required("SOFTWARE_TOKEN_MFA_CODE")?;
        self.check_lock_of(answer.app, &user).await?;
        if !self.use_totp(&answer.app.pool, &user, code).await? {
            self.count_failure(&answer.app.pool, user.username.as_str()).await?;
            return Err(Error::wrong_challenge_code());
        }
        self.spend_session(&opened).await?;
        self.factor_proven(answer, opened.value, user).await
    }

    pub(super) async fn check_sent_code(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (opened, mut user) = self.resume(answer).await?;
        let Expects::SentCode { factor, digits } = &opened.value.expects else {
            return Err(crate::carried::invalid_session(""));
        };
        let code = answer.required(match factor {
            Factor::Sms => "SMS_MFA_CODE",
            Factor::Email => "EMAIL_OTP_CODE",
            Factor::Totp => "SOFTWARE_TOKEN_MFA_CODE",
        })?;
        self.check_lock_of(answer.app, &user).await?;
        if aws_lc_rs::constant_time::verify_slices_are_equal(code.as_bytes(), digits.as_bytes()).is_err() {
            self.count_failure(&answer.app.pool, user.username.as_str()).await?;
            return Err(Error::wrong_challenge_code());
        }
        let verified = if *factor == Factor::Sms { "phone_number_verified" } else { "email_verified" };
        self.spend_session(&opened).await?;
        // A code that came back proves the address (developer guide, "MFA").
        if user.attributes.get(verified).is_none_or(|value| value != "true") {
            let (pool, username) = (answer.app.pool.clone(), user.username.clone());
            self.store
                .write(move |tx| {
                    tx.update_user(&pool, &username, |row| -> Result<()> {
                        row.attributes.insert(verified.to_owned(), "true".to_owned());
                        Ok(())
                    })
                })
                .await?;
            user.attributes.insert(verified.to_owned(), "true".to_owned());
        }
        self.factor_proven(answer, opened.value, user).await
    }

    /// Wrong codes count like wrong passwords.
    async fn check_lock_of(&self, app: &App, user: &User) -> Result<()> {
        let (pool, key) = (app.pool.id.clone(), user.username.to_string());
        let attempts =
            self.store.read(move |r| r.attempts(&pool, &key, super::password::PASSWORD).map_err(Error::from)).await?;
        self.check_lock(&attempts)
    }

    async fn factor_proven(&self, answer: &Answer<'_>, progress: Progress, user: User) -> Result<Outcome> {
        let progress = Progress { second_factor: true, expects: Expects::Nothing, ..progress };
        self.next(answer.app, answer.door, &progress, user).await
    }
}
