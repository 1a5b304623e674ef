//! The dispatcher of a sign-in: one loop that sends, and `react`, which alone decides what follows an answer.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;

use zeroize::Zeroizing;

use crate::call::{Call, Caller};
use crate::device::{self, Device};
use crate::error::{Error, Failure, Kind, Result};
use crate::host::{Change, Host};
use crate::json::{Json, Object};
use crate::proof::Proof;
use crate::session::Session;
use crate::sign_in::{Answer, Ask, Delivery, Factor, Flow, SignIn, Step};
use crate::{Auth, account, text, tokens::Wanted};

/// Sign-ins that may wait for their users at once; the oldest is dropped.
const MOST_ATTEMPTS: usize = 8;
/// Requests in a row without asking the user, before the service is taken for broken.
const MOST_TURNS: usize = 12;

const RESPOND: &str = "RespondToAuthChallenge";
const ASSOCIATE: &str = "AssociateSoftwareToken";
const VERIFY: &str = "VerifySoftwareToken";
const PREFER: &str = "SetUserMFAPreference";
const CONFIRM_DEVICE: &str = "ConfirmDevice";
const INITIATE: &str = "InitiateAuth";

/// A sign-in under way. Holds the password only while it may still be needed.
pub(crate) struct Attempt {
    /// As typed.
    username: String,
    /// As the service knows it, once it said so.
    user_id: Option<String>,
    password: Option<Zeroizing<String>>,
    flow: Flow,
    proof: Option<Proof>,
    session: Option<Zeroizing<String>>,
    device: Option<Device>,
    /// The service forgot the device kept here.
    forgotten: bool,
    /// Ends in this session, once the device is confirmed.
    done: Option<Box<Session>>,
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

/// What happens next in an attempt.
enum Next {
    Send(&'static str, Object, Caller),
    Ask(Wants, Ask),
    /// Signed in: keep this session.
    Done(Box<Session>),
    /// The signed-in user's authenticator is enrolled.
    Enrolled,
}

fn missing(what: &str) -> Error {
    Error::new(Kind::InvalidParameter, &[what, " is missing"].concat())
}

fn broken() -> Error {
    Error::new(Kind::UnexpectedResponse, "the service's challenge makes no sense")
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
        if attempt.flow == Flow::Password {
            attempt.device = self.device(&attempt.username).await;
        }
        let next = self.initiate(&mut attempt)?;
        self.drive(None, attempt, next).await
    }

    /// Answers a step. After an error the step stands and may be answered again (a wrong code is not the end).
    ///
    /// # Errors
    /// [`Kind::CodeMismatch`] and its like; [`Kind::StepExpired`] for a step already answered or dropped.
    pub async fn answer(&self, id: u32, answer: Answer) -> Result<Step> {
        let mut attempt = self.take_attempt(id)?;
        match self.reply(&mut attempt, answer) {
            Ok(next) => self.drive(Some(id), attempt, next).await,
            Err(error) => {
                self.park(Some(id), attempt);
                Err(error)
            }
        }
    }

    /// The call, for [`Auth::perform`], that sends the code of a `ConfirmSignUp` or `ResetRequired` step again.
    ///
    /// # Errors
    /// [`Kind::StepExpired`].
    pub fn resend(&self, id: u32) -> Result<Call> {
        let attempt = self.take_attempt(id)?;
        let call = match attempt.wants {
            Wants::ConfirmSignUp => Some(account::resend_code(&attempt.username)),
            Wants::Reset => Some(account::reset_password(&attempt.username)),
            _ => None,
        };
        self.park(Some(id), attempt);
        call.ok_or_else(|| Error::new(Kind::StepExpired, "this step sends no code"))
    }

    /// Begins to enrol an authenticator for the signed-in user: a `TotpSetup` step.
    ///
    /// # Errors
    /// [`Kind::NotSignedIn`], and what the service says.
    pub async fn set_up_totp(&self) -> Result<Step> {
        let session = self.tokens(&Wanted::default()).await?;
        let attempt = Attempt::new(session.username.clone(), Wants::Enrol);
        self.drive(None, attempt, Next::Send(ASSOCIATE, Object::new(), Caller::User)).await
    }

    /// Sends what is next until the user is asked or the sign-in ends. An error after the user's answer leaves the step
    /// standing.
    async fn drive(&self, id: Option<u32>, mut attempt: Box<Attempt>, mut next: Next) -> Result<Step> {
        for _ in 0..MOST_TURNS {
            match next {
                Next::Send(operation, body, caller) => {
                    let answer = self.send(operation, body, caller).await;
                    if !attempt.forgotten
                        && answer.as_ref().is_ok_and(|answer| answer.text("ChallengeName") == Some("PASSWORD_VERIFIER"))
                    {
                        let user_id = answer
                            .as_ref()
                            .ok()
                            .and_then(|answer| answer.get("ChallengeParameters")?.text("USER_ID_FOR_SRP"));
                        attempt.device = self.device(user_id.unwrap_or(&attempt.username)).await;
                    }
                    next = match self.react(&mut attempt, operation, answer) {
                        Ok(next) => next,
                        Err(error) => {
                            if let Some(id) = id {
                                self.park(Some(id), attempt);
                            }
                            return Err(error);
                        }
                    };
                }
                Next::Ask(wants, ask) => {
                    attempt.wants = wants;
                    return Ok(Step { id: Some(self.park(None, attempt)), ask });
                }
                Next::Done(session) => {
                    if let Some(device) = attempt.device.as_ref().filter(|device| device.fresh) {
                        self.keep_device(&session.username, device).await;
                    }
                    let session = self.keep(session).await?;
                    self.host.changed(Change::SignedIn(&session));
                    return Ok(Step { id: None, ask: Ask::Done(session) });
                }
                Next::Enrolled => {
                    return Ok(Step { id: None, ask: Ask::Done(self.tokens(&Wanted::default()).await?) });
                }
            }
        }
        Err(broken())
    }

    fn initiate(&self, attempt: &mut Attempt) -> Result<Next> {
        let password = attempt.password.as_deref().ok_or_else(|| missing("password"))?;
        let parameters = Object::new().text("USERNAME", &attempt.username);
        let (flow, parameters) = match attempt.flow {
            Flow::Srp => {
                let proof = self.take_proof()?;
                let parameters = parameters.text("SRP_A", &proof.public_a());
                attempt.proof = Some(proof);
                ("USER_SRP_AUTH", parameters)
            }
            Flow::Password => {
                let parameters = parameters.text("PASSWORD", password);
                ("USER_PASSWORD_AUTH", parameters.maybe("DEVICE_KEY", attempt.device_key()))
            }
        };
        let body = Object::new().text("AuthFlow", flow).object("AuthParameters", parameters);
        Ok(Next::Send(INITIATE, body, Caller::Client))
    }

    /// What follows an answer of the service.
    fn react(&self, attempt: &mut Attempt, operation: &str, answer: Result<Json>) -> Result<Next> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.react_to_failure(attempt, operation, error),
        };
        match operation {
            // The account is confirmed or the password set: sign in with it.
            "ConfirmSignUp" | "ConfirmForgotPassword" => self.initiate(attempt),
            ASSOCIATE => {
                attempt.hear_session(&answer);
                let secret = answer.own("SecretCode").ok_or_else(broken)?;
                let wants = if attempt.wants == Wants::Enrol { Wants::Enrol } else { Wants::TotpSetup };
                Ok(Next::Ask(wants, Ask::TotpSetup { secret: secret.into(), username: attempt.username.clone() }))
            }
            VERIFY if answer.text("Status") == Some("ERROR") => {
                Err(Error::new(Kind::EnableSoftwareTokenMfa, "the code is not right"))
            }
            VERIFY if attempt.wants == Wants::Enrol => {
                let on = Object::new().flag("Enabled", true).flag("PreferredMfa", true);
                Ok(Next::Send(PREFER, Object::new().object("SoftwareTokenMfaSettings", on), Caller::User))
            }
            VERIFY => {
                attempt.hear_session(&answer);
                Ok(attempt.respond("MFA_SETUP", Object::new()))
            }
            PREFER => Ok(Next::Enrolled),
            CONFIRM_DEVICE => attempt.end(),
            _ => self.react_to_challenge(attempt, &answer),
        }
    }

    fn react_to_failure(&self, attempt: &mut Attempt, operation: &str, error: Error) -> Result<Next> {
        let Failure { kind, .. } = *error;
        match kind {
            // A sign-in stands without its device.
            _ if operation == CONFIRM_DEVICE => {
                attempt.device = None;
                attempt.end()
            }
            Kind::UserNotConfirmed => Ok(Next::Ask(Wants::ConfirmSignUp, Ask::ConfirmSignUp)),
            Kind::PasswordResetRequired => Ok(Next::Ask(Wants::Reset, Ask::ResetRequired)),
            // The service forgot this device: so do we, from the start.
            Kind::ResourceNotFound if operation == RESPOND && attempt.device.take().is_some() => {
                attempt.forgotten = true;
                self.initiate(attempt)
            }
            _ => Err(error),
        }
    }

    fn react_to_challenge(&self, attempt: &mut Attempt, answer: &Json) -> Result<Next> {
        if let Some(result) = answer.get("AuthenticationResult").filter(|result| !result.members().is_empty()) {
            return self.react_to_tokens(attempt, result);
        }
        attempt.session = answer.own("Session").map(Zeroizing::new);
        let parameters = answer.get("ChallengeParameters").unwrap_or(&Json::Null);
        attempt.user_id = parameters.own("USER_ID_FOR_SRP").or_else(|| attempt.user_id.take());
        let name = answer.text("ChallengeName").unwrap_or_default();
        match name {
            "PASSWORD_VERIFIER" => {
                let (proof, password) =
                    (attempt.proof.as_ref().ok_or_else(broken)?, attempt.password.as_deref().ok_or_else(broken)?);
                let claim =
                    proof.answer(&self.host, &self.config.pool_name, attempt.user_id(), password, parameters)?;
                Ok(attempt.respond("PASSWORD_VERIFIER", claim.write(Object::new(), parameters)))
            }
            "DEVICE_SRP_AUTH" => {
                if attempt.proof.is_none() {
                    attempt.proof = Some(self.take_proof()?);
                }
                let public_a = attempt.proof.as_ref().map(Proof::public_a);
                Ok(attempt.respond("DEVICE_SRP_AUTH", Object::new().maybe("SRP_A", public_a.as_deref())))
            }
            "DEVICE_PASSWORD_VERIFIER" => {
                let (proof, device) =
                    (attempt.proof.as_ref().ok_or_else(broken)?, attempt.device.as_ref().ok_or_else(broken)?);
                let claim = proof.answer(&self.host, &device.group_key, &device.key, &device.password, parameters)?;
                Ok(attempt.respond("DEVICE_PASSWORD_VERIFIER", claim.write(Object::new(), parameters)))
            }
            "MFA_SETUP" if may_set_up_totp(parameters) => {
                attempt.password = None;
                Ok(Next::Send(
                    ASSOCIATE,
                    Object::new().maybe("Session", attempt.session.as_deref().map(String::as_str)),
                    Caller::Anybody,
                ))
            }
            _ => {
                attempt.password = None;
                asked(name, parameters)
            }
        }
    }

    fn react_to_tokens(&self, attempt: &mut Attempt, result: &Json) -> Result<Next> {
        let session = Session::from_answer(result, self.host.now())?;
        attempt.password = None;
        let proposed = result.get("NewDeviceMetadata").and_then(|new| device::make(&self.host, new));
        let Some((device, verifier)) = proposed else {
            attempt.done = Some(session);
            return attempt.end();
        };
        // Without ConfirmDevice the refresh token would be refused.
        let body = Object::new().text("AccessToken", &session.access_token).text("DeviceKey", &device.key);
        attempt.device = Some(device);
        attempt.done = Some(session);
        Ok(Next::Send(CONFIRM_DEVICE, body.object("DeviceSecretVerifierConfig", verifier), Caller::Anybody))
    }

    /// What the user's answer sends.
    fn reply(&self, attempt: &mut Attempt, answer: Answer) -> Result<Next> {
        let code = answer
            .code
            .as_deref()
            .map(|code| code.trim_ascii())
            .filter(|code| !code.is_empty())
            .ok_or_else(|| missing("code"));
        let password = answer.password.ok_or_else(|| missing("password"));
        let body = Object::new();
        match attempt.wants {
            Wants::Nothing => Err(Error::new(Kind::StepExpired, "nothing is asked")),
            Wants::Code(factor) => {
                let name = match factor {
                    Factor::Totp => "SOFTWARE_TOKEN_MFA_CODE",
                    Factor::Sms => "SMS_MFA_CODE",
                    Factor::Email => "EMAIL_OTP_CODE",
                };
                Ok(attempt.respond(factor.challenge(), body.text(name, code?)))
            }
            Wants::ChooseMfa => {
                let choice = answer.choice.ok_or_else(|| missing("choice"))?;
                Ok(attempt.respond("SELECT_MFA_TYPE", body.text("ANSWER", choice.challenge())))
            }
            Wants::NewPassword => {
                let mut body = body.text("NEW_PASSWORD", &password?);
                for (name, value) in &answer.attributes {
                    body = body.text(&["userAttributes.", name].concat(), value);
                }
                Ok(attempt.respond("NEW_PASSWORD_REQUIRED", body))
            }
            Wants::TotpSetup | Wants::Enrol => {
                let body = body.text("UserCode", code?).maybe("FriendlyDeviceName", answer.device_name.as_deref());
                Ok(if attempt.wants == Wants::Enrol {
                    Next::Send(VERIFY, body, Caller::User)
                } else {
                    Next::Send(
                        VERIFY,
                        body.maybe("Session", attempt.session.as_deref().map(String::as_str)),
                        Caller::Anybody,
                    )
                })
            }
            Wants::ConfirmSignUp => {
                let body = body.text("Username", &attempt.username).text("ConfirmationCode", code?);
                Ok(Next::Send("ConfirmSignUp", body, Caller::Client))
            }
            Wants::Reset => {
                let password = password?;
                let body = body
                    .text("Username", &attempt.username)
                    .text("ConfirmationCode", code?)
                    .text("Password", &password);
                attempt.password = Some(password);
                Ok(Next::Send("ConfirmForgotPassword", body, Caller::Client))
            }
        }
    }

    fn take_attempt(&self, id: u32) -> Result<Box<Attempt>> {
        let attempts = &mut self.state.borrow_mut().attempts;
        let at = attempts.iter().position(|(known, _)| *known == id);
        at.map(|at| attempts.remove(at).1).ok_or_else(|| {
            Error::new(Kind::StepExpired, "this step was answered already, or is too old; sign in again")
        })
    }

    /// Keeps an attempt for its user's answer, under a new handle or back under its old one.
    fn park(&self, id: Option<u32>, attempt: Box<Attempt>) -> u32 {
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

impl Attempt {
    fn new(username: String, wants: Wants) -> Box<Self> {
        Box::new(Attempt {
            username,
            user_id: None,
            password: None,
            flow: Flow::Srp,
            proof: None,
            session: None,
            device: None,
            forgotten: false,
            done: None,
            wants,
        })
    }

    fn user_id(&self) -> &str {
        self.user_id.as_deref().unwrap_or(&self.username)
    }

    fn device_key(&self) -> Option<&str> {
        self.device.as_ref().map(|device| device.key.as_str())
    }

    /// A new Session where the answer brings one.
    fn hear_session(&mut self, answer: &Json) {
        self.session = answer.own("Session").map(Zeroizing::new).or_else(|| self.session.take());
    }

    /// RespondToAuthChallenge with what every challenge takes.
    fn respond(&self, challenge: &str, responses: Object) -> Next {
        let responses = responses.text("USERNAME", self.user_id()).maybe("DEVICE_KEY", self.device_key());
        let body = Object::new()
            .text("ChallengeName", challenge)
            .maybe("Session", self.session.as_deref().map(String::as_str));
        Next::Send(RESPOND, body.object("ChallengeResponses", responses), Caller::Client)
    }

    fn end(&mut self) -> Result<Next> {
        let mut session = self.done.take().ok_or_else(broken)?;
        session.device_key = self.device_key().map(str::to_owned);
        Ok(Next::Done(session))
    }
}

/// MFAS_CAN_SETUP is a JSON list inside a string; services that do not send it mean TOTP.
fn may_set_up_totp(parameters: &Json) -> bool {
    parameters
        .text("MFAS_CAN_SETUP")
        .is_none_or(|list| text::words(list, b'"').any(|name| name == "SOFTWARE_TOKEN_MFA"))
}

/// The challenges only the user can answer.
fn asked(name: &str, parameters: &Json) -> Result<Next> {
    // Lists come as JSON inside a string.
    let listed = |name| Json::parse(parameters.text(name).unwrap_or("[]")).unwrap_or(Json::Null);
    let (wants, ask) = match (name, Factor::from_challenge(name)) {
        (_, Some(Factor::Totp)) => {
            (Wants::Code(Factor::Totp), Ask::Totp { device_name: parameters.own("FRIENDLY_DEVICE_NAME") })
        }
        (_, Some(factor)) => {
            let medium = parameters.own("CODE_DELIVERY_DELIVERY_MEDIUM");
            let destination = parameters.own("CODE_DELIVERY_DESTINATION");
            (Wants::Code(factor), Ask::Code(Delivery { medium, destination, attribute: None }))
        }
        ("SELECT_MFA_TYPE", _) => {
            let choices = listed("MFAS_CAN_CHOOSE").texts().filter_map(Factor::from_challenge).collect();
            (Wants::ChooseMfa, Ask::ChooseMfa(choices))
        }
        ("NEW_PASSWORD_REQUIRED", _) => {
            let plain = |name: &str| name.strip_prefix("userAttributes.").unwrap_or(name).to_owned();
            (
                Wants::NewPassword,
                Ask::NewPassword { required: listed("requiredAttributes").texts().map(plain).collect() },
            )
        }
        _ => {
            let error = Error::new(Kind::UnsupportedChallenge, "the service asks for something this SDK cannot answer");
            return Err(error.with_code(name));
        }
    };
    Ok(Next::Ask(wants, ask))
}
