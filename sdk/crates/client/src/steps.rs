//! The dispatcher of a sign-in: each answer of the service decides, here alone, what comes next.

use crate::device::Device;
use crate::error::{Error, Kind, Result};
use crate::host::{Change, Host};
use crate::json::{Json, Object};
use crate::proof::Proof;
use crate::session::Session;
use crate::sign_in::{Answer, Ask, Delivery, Factor, Flow, SignIn, Step};
use crate::{Auth, account, tokens::Wanted};
use std::rc::Rc;
use zeroize::Zeroizing;

/// Sign-ins that may wait for their users at once; the oldest is dropped.
const MOST_ATTEMPTS: usize = 8;
/// Challenges answered without asking the user, in a row, before the service is taken for broken.
const MOST_TURNS: usize = 8;

/// A sign-in under way. Holds the password only while it may still be needed.
pub(crate) struct Attempt {
    /// As typed.
    pub(crate) username: String,
    /// As the service knows it, once it said so.
    user_id: Option<String>,
    password: Option<Zeroizing<String>>,
    flow: Flow,
    proof: Option<Proof>,
    pub(crate) session: Option<String>,
    device: Option<Device>,
    wants: Wants,
}

/// What the user's answer is for.
#[derive(Clone, Copy, PartialEq)]
enum Wants {
    Nothing,
    Code(Factor),
    TotpSetup,
    ChooseMfa,
    NewPassword,
    ConfirmSignUp,
    Reset,
    /// A signed-in user enrols an authenticator.
    Enrol,
}

/// How far the service's answers led without the user.
enum Walked {
    Done(Rc<Session>),
    Asks(Wants, Ask),
}

/// What an answer led to.
enum Replied {
    Answer(Json),
    SignInAgain,
    Enrolled,
}

fn missing(what: &str) -> Error {
    Error::new(Kind::InvalidParameter, &[what, " is missing"].concat())
}

impl Attempt {
    fn new(username: String, wants: Wants) -> Self {
        Attempt {
            username,
            user_id: None,
            password: None,
            flow: Flow::Srp,
            proof: None,
            session: None,
            device: None,
            wants,
        }
    }

    fn user_id(&self) -> &str {
        self.user_id.as_deref().unwrap_or(&self.username)
    }
}

impl<H: Host> Auth<H> {
    /// Signs in with a password. Leads to [`Ask::Done`] or to a question.
    ///
    /// # Errors
    /// [`Kind::NotAuthorized`] for a wrong user name or password, whatever the service says otherwise, [`Kind::Network`].
    pub async fn sign_in(&self, request: SignIn) -> Result<Step> {
        let mut attempt = Attempt::new(request.username, Wants::Nothing);
        attempt.password = Some(request.password);
        attempt.flow = request.flow;
        self.begin(attempt).await
    }

    /// Answers a step. After an error the step stands and may be answered again (a wrong code is not the end).
    ///
    /// # Errors
    /// [`Kind::CodeMismatch`] and its like; [`Kind::StepExpired`] for a step already answered or dropped.
    pub async fn answer(&self, id: u32, answer: Answer) -> Result<Step> {
        let mut attempt = self.take_attempt(id)?;
        match self.reply(&mut attempt, answer).await {
            Ok(Replied::Answer(json)) => self.settle(attempt, Ok(json)).await,
            Ok(Replied::SignInAgain) => self.begin(attempt).await,
            Ok(Replied::Enrolled) => Ok(Step {
                id: None,
                ask: Ask::Done(self.tokens(&Wanted::default()).await?),
            }),
            Err(error) => {
                self.park(Some(id), attempt);
                Err(error)
            }
        }
    }

    /// Sends the code of a `ConfirmSignUp` or `ResetRequired` step again.
    ///
    /// # Errors
    /// [`Kind::LimitExceeded`] and what else the service says; [`Kind::StepExpired`].
    pub async fn resend(&self, id: u32) -> Result<Delivery> {
        let attempt = self.take_attempt(id)?;
        let call = match attempt.wants {
            Wants::ConfirmSignUp => Ok(account::resend_code(&attempt.username)),
            Wants::Reset => Ok(account::reset_password(&attempt.username)),
            _ => Err(Error::new(Kind::StepExpired, "this step sends no code")),
        };
        let sent = match call {
            Ok(call) => self.perform(call).await,
            Err(error) => Err(error),
        };
        self.park(Some(id), attempt);
        sent
    }

    /// Begins to enrol an authenticator for the signed-in user: a `TotpSetup` step.
    ///
    /// # Errors
    /// [`Kind::NotSignedIn`], and what the service says.
    pub async fn set_up_totp(&self) -> Result<Step> {
        let (answer, session) = self
            .call_as_user("AssociateSoftwareToken", Object::new())
            .await?;
        let ask = totp_setup(&answer, &session.username)?;
        let id = self.park(None, Attempt::new(session.username.clone(), Wants::Enrol));
        Ok(Step { id: Some(id), ask })
    }

    async fn begin(&self, mut attempt: Attempt) -> Result<Step> {
        let first = self.initiate(&mut attempt).await;
        self.settle(attempt, first).await
    }

    async fn initiate(&self, attempt: &mut Attempt) -> Result<Json> {
        let password = attempt
            .password
            .clone()
            .ok_or_else(|| missing("password"))?;
        let parameters = Object::new().text("USERNAME", &attempt.username);
        let (flow, parameters) = match attempt.flow {
            Flow::Srp => {
                let proof = self.take_proof()?;
                let parameters = parameters.text("SRP_A", &proof.public_a());
                attempt.proof = Some(proof);
                ("USER_SRP_AUTH", parameters)
            }
            Flow::Password => {
                attempt.device = self.device(&attempt.username).await;
                let key = attempt.device.as_ref().map(|device| device.key.as_str());
                (
                    "USER_PASSWORD_AUTH",
                    parameters
                        .text("PASSWORD", &password)
                        .maybe("DEVICE_KEY", key),
                )
            }
        };
        let body = Object::new()
            .text("AuthFlow", flow)
            .text("ClientId", &self.config.client_id)
            .object("AuthParameters", parameters);
        self.call("InitiateAuth", body).await
    }

    /// Follows the service's answers as far as they go without the user, and parks the attempt where they stop.
    async fn settle(&self, mut attempt: Attempt, first: Result<Json>) -> Result<Step> {
        let walked = match first {
            Ok(answer) => self.walk(&mut attempt, answer).await,
            Err(error) => Err(error),
        };
        let (wants, ask) = match walked {
            Ok(Walked::Done(session)) => {
                return Ok(Step {
                    id: None,
                    ask: Ask::Done(session),
                });
            }
            Ok(Walked::Asks(wants, ask)) => {
                attempt.password = None;
                (wants, ask)
            }
            Err(error) if error.kind == Kind::UserNotConfirmed => {
                (Wants::ConfirmSignUp, Ask::ConfirmSignUp)
            }
            Err(error) if error.kind == Kind::PasswordResetRequired => {
                (Wants::Reset, Ask::ResetRequired)
            }
            Err(error) => return Err(error),
        };
        attempt.wants = wants;
        Ok(Step {
            id: Some(self.park(None, attempt)),
            ask,
        })
    }

    async fn walk(&self, attempt: &mut Attempt, mut answer: Json) -> Result<Walked> {
        for _ in 0..MOST_TURNS {
            if let Some(result) = answer
                .get("AuthenticationResult")
                .filter(|result| !result.members().is_empty())
            {
                return self.finish(attempt, result).await.map(Walked::Done);
            }
            attempt.session = answer.text("Session").map(str::to_owned);
            let parameters = answer.get("ChallengeParameters").unwrap_or(&Json::Null);
            if let Some(user_id) = parameters.text("USER_ID_FOR_SRP") {
                attempt.user_id = Some(user_id.to_owned());
            }
            let name = answer.text("ChallengeName").unwrap_or_default();
            answer = match name {
                "PASSWORD_VERIFIER" => self.prove_password(attempt, parameters).await?,
                "DEVICE_SRP_AUTH" => self.begin_device_proof(attempt).await?,
                "DEVICE_PASSWORD_VERIFIER" => self.prove_device(attempt, parameters).await?,
                "MFA_SETUP" => return self.begin_totp_setup(attempt, parameters).await,
                _ => return asked(name, parameters),
            };
        }
        Err(Error::new(
            Kind::UnexpectedResponse,
            "the service asks in circles",
        ))
    }

    async fn prove_password(&self, attempt: &mut Attempt, challenge: &Json) -> Result<Json> {
        let (Some(proof), Some(password)) = (&attempt.proof, &attempt.password) else {
            return Err(missing("password"));
        };
        let claim = proof.answer(
            &self.host,
            &self.config.pool_name,
            attempt.user_id(),
            password,
            challenge,
        )?;
        attempt.device = self.device(attempt.user_id()).await;
        let first = self
            .respond(
                attempt,
                "PASSWORD_VERIFIER",
                claim.write(Object::new(), challenge),
            )
            .await;
        match first {
            // The service forgot this device: so do we, and the same proof still counts.
            Err(error) if error.kind == Kind::ResourceNotFound && attempt.device.is_some() => {
                self.forget_device(attempt.user_id()).await;
                attempt.device = None;
                self.respond(
                    attempt,
                    "PASSWORD_VERIFIER",
                    claim.write(Object::new(), challenge),
                )
                .await
            }
            other => other,
        }
    }

    async fn begin_device_proof(&self, attempt: &mut Attempt) -> Result<Json> {
        let proof = match attempt.proof.take() {
            Some(proof) => proof,
            None => self.take_proof()?,
        };
        let responses = Object::new().text("SRP_A", &proof.public_a());
        attempt.proof = Some(proof);
        self.respond(attempt, "DEVICE_SRP_AUTH", responses).await
    }

    async fn prove_device(&self, attempt: &mut Attempt, challenge: &Json) -> Result<Json> {
        let (Some(proof), Some(device)) = (&attempt.proof, &attempt.device) else {
            return Err(Error::new(Kind::UnsupportedChallenge, "no device to prove")
                .with_code("DEVICE_PASSWORD_VERIFIER"));
        };
        let claim = proof.answer(
            &self.host,
            &device.group_key,
            &device.key,
            &device.password,
            challenge,
        )?;
        self.respond(
            attempt,
            "DEVICE_PASSWORD_VERIFIER",
            claim.write(Object::new(), challenge),
        )
        .await
    }

    async fn begin_totp_setup(&self, attempt: &mut Attempt, parameters: &Json) -> Result<Walked> {
        let can = parameters.text("MFAS_CAN_SETUP").unwrap_or_default();
        if !(can.is_empty() || can.split('"').any(|name| name == "SOFTWARE_TOKEN_MFA")) {
            return Err(Error::new(
                Kind::UnsupportedChallenge,
                "this pool sets up a factor the SDK does not know",
            )
            .with_code("MFA_SETUP"));
        }
        let answer = self
            .call(
                "AssociateSoftwareToken",
                Object::new().maybe("Session", attempt.session.as_deref()),
            )
            .await?;
        attempt.session = answer
            .text("Session")
            .map(str::to_owned)
            .or_else(|| attempt.session.take());
        Ok(Walked::Asks(
            Wants::TotpSetup,
            totp_setup(&answer, &attempt.username)?,
        ))
    }

    async fn finish(&self, attempt: &mut Attempt, result: &Json) -> Result<Rc<Session>> {
        let mut session = Session::from_answer(result, self.host.now())?;
        attempt.password = None;
        session.device_key = match result.get("NewDeviceMetadata") {
            Some(new) => self.confirm_device(&session, new).await,
            None => attempt.device.take().map(|device| device.key),
        };
        let session = self.keep(session).await?;
        self.host.changed(Change::SignedIn(&session));
        Ok(session)
    }

    /// RespondToAuthChallenge with what every challenge takes.
    async fn respond(&self, attempt: &Attempt, challenge: &str, responses: Object) -> Result<Json> {
        let device = attempt.device.as_ref().map(|device| device.key.as_str());
        let responses = responses
            .text("USERNAME", attempt.user_id())
            .maybe("DEVICE_KEY", device);
        let body = Object::new()
            .text("ClientId", &self.config.client_id)
            .text("ChallengeName", challenge)
            .maybe("Session", attempt.session.as_deref())
            .object("ChallengeResponses", responses);
        self.call("RespondToAuthChallenge", body).await
    }

    /// Sends the user's answer to what the attempt wants.
    async fn reply(&self, attempt: &mut Attempt, answer: Answer) -> Result<Replied> {
        let code = || {
            answer
                .code
                .as_deref()
                .map(|code| code.trim())
                .filter(|code| !code.is_empty())
                .ok_or_else(|| missing("code"))
        };
        let password = || answer.password.clone().ok_or_else(|| missing("password"));
        let responses = Object::new();
        let (challenge, responses) = match attempt.wants {
            Wants::Nothing => return Err(Error::new(Kind::StepExpired, "nothing is asked")),
            Wants::Code(factor) => {
                let name = match factor {
                    Factor::Totp => "SOFTWARE_TOKEN_MFA_CODE",
                    Factor::Sms => "SMS_MFA_CODE",
                    Factor::Email => "EMAIL_OTP_CODE",
                };
                (factor.challenge(), responses.text(name, code()?))
            }
            Wants::ChooseMfa => {
                let choice = answer.choice.ok_or_else(|| missing("choice"))?;
                (
                    "SELECT_MFA_TYPE",
                    responses.text("ANSWER", choice.challenge()),
                )
            }
            Wants::NewPassword => {
                let mut responses = responses.text("NEW_PASSWORD", &password()?);
                for (name, value) in &answer.attributes {
                    responses = responses.text(&["userAttributes.", name].concat(), value);
                }
                ("NEW_PASSWORD_REQUIRED", responses)
            }
            Wants::TotpSetup | Wants::Enrol => {
                let enrol = attempt.wants == Wants::Enrol;
                let body = Object::new()
                    .text("UserCode", code()?)
                    .maybe("FriendlyDeviceName", answer.device_name.as_deref());
                self.verify_totp(attempt, body, enrol).await?;
                if enrol {
                    return Ok(Replied::Enrolled);
                }
                ("MFA_SETUP", responses)
            }
            Wants::ConfirmSignUp | Wants::Reset => {
                let call = if attempt.wants == Wants::Reset {
                    let password = password()?;
                    let call =
                        account::confirm_reset_password(&attempt.username, code()?, &password);
                    attempt.password = Some(password);
                    call
                } else {
                    account::confirm_sign_up(&attempt.username, code()?)
                };
                self.perform(call).await?;
                return Ok(Replied::SignInAgain);
            }
        };
        self.respond(attempt, challenge, responses)
            .await
            .map(Replied::Answer)
    }

    /// VerifySoftwareToken, in a sign-in or for a signed-in user, whose preferred factor it then becomes.
    async fn verify_totp(&self, attempt: &mut Attempt, body: Object, enrol: bool) -> Result<()> {
        let answer = if enrol {
            self.call_as_user("VerifySoftwareToken", body).await?.0
        } else {
            self.call(
                "VerifySoftwareToken",
                body.maybe("Session", attempt.session.as_deref()),
            )
            .await?
        };
        if answer.text("Status") == Some("ERROR") {
            return Err(Error::new(
                Kind::EnableSoftwareTokenMfa,
                "the code is not right",
            ));
        }
        if enrol {
            let on = Object::new()
                .flag("Enabled", true)
                .flag("PreferredMfa", true);
            self.call_as_user(
                "SetUserMFAPreference",
                Object::new().object("SoftwareTokenMfaSettings", on),
            )
            .await?;
        } else if let Some(session) = answer.text("Session") {
            attempt.session = Some(session.to_owned());
        }
        Ok(())
    }

    fn take_attempt(&self, id: u32) -> Result<Attempt> {
        let attempts = &mut self.state.borrow_mut().attempts;
        let at = attempts.iter().position(|(known, _)| *known == id);
        at.map(|at| attempts.remove(at).1).ok_or_else(|| {
            Error::new(
                Kind::StepExpired,
                "this step was answered already, or is too old; sign in again",
            )
        })
    }

    /// Keeps an attempt for its user's answer, under a new handle or back under its old one.
    fn park(&self, id: Option<u32>, attempt: Attempt) -> u32 {
        let state = &mut *self.state.borrow_mut();
        let id = id.unwrap_or_else(|| {
            state.last_attempt = state.last_attempt.wrapping_add(1);
            state.last_attempt
        });
        if state.attempts.len() >= MOST_ATTEMPTS {
            state.attempts.remove(0);
        }
        state.attempts.push((id, attempt));
        id
    }
}

fn totp_setup(answer: &Json, username: &str) -> Result<Ask> {
    let secret = answer
        .text("SecretCode")
        .ok_or_else(|| Error::new(Kind::UnexpectedResponse, "no secret for the authenticator"))?;
    Ok(Ask::TotpSetup {
        secret: secret.to_owned(),
        username: username.to_owned(),
    })
}

/// The challenges only the user can answer.
fn asked(name: &str, parameters: &Json) -> Result<Walked> {
    let own = |name| parameters.text(name).map(str::to_owned);
    // Lists come as JSON inside a string.
    let listed = |name| Json::parse(parameters.text(name).unwrap_or("[]")).unwrap_or(Json::Null);
    let (wants, ask) = match (name, Factor::from_challenge(name)) {
        (_, Some(Factor::Totp)) => (
            Wants::Code(Factor::Totp),
            Ask::Totp {
                device_name: own("FRIENDLY_DEVICE_NAME"),
            },
        ),
        (_, Some(factor)) => {
            let medium = own("CODE_DELIVERY_DELIVERY_MEDIUM");
            (
                Wants::Code(factor),
                Ask::Code(Delivery {
                    medium,
                    destination: own("CODE_DELIVERY_DESTINATION"),
                    attribute: None,
                }),
            )
        }
        ("SELECT_MFA_TYPE", _) => {
            let choices = listed("MFAS_CAN_CHOOSE")
                .texts()
                .filter_map(Factor::from_challenge)
                .collect();
            (Wants::ChooseMfa, Ask::ChooseMfa(choices))
        }
        ("NEW_PASSWORD_REQUIRED", _) => {
            let required = listed("requiredAttributes")
                .texts()
                .map(|name| name.trim_start_matches("userAttributes.").to_owned())
                .collect();
            (Wants::NewPassword, Ask::NewPassword { required })
        }
        _ => {
            return Err(Error::new(
                Kind::UnsupportedChallenge,
                "the service asks for something this SDK cannot answer",
            )
            .with_code(name));
        }
    };
    Ok(Walked::Asks(wants, ask))
}
