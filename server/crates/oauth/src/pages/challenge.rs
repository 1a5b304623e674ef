//! Challenges behind the password: a new one, second factors, setting one up.

use super::account::{attribute_problems, misled, password_problem, typed_attributes, typed_code};
use super::{Next, Step, sign_in};
use crate::authorize::Authorization;
use crate::call::Call;
use crate::params::Params;
use domain::{Error, Result};
use flows::sign_in::{Answer, Door, Outcome};
use http::StatusCode;
use protocol::idp::ChallengeNameType;
use std::collections::BTreeMap;

/// Longer names of devices are cut.
const LONGEST_DEVICE_NAME: usize = 64;

/// Answers the step's challenge with what was typed.
pub(super) async fn answer(call: &Call, request: &Authorization, step: Step, form: &Params) -> Result<Next> {
    let code = typed_code(form);
    match &step {
        Step::NewPassword { username, session, attributes } => {
            let mut problems = attribute_problems(call, &request.app, attributes, form);
            problems.extend(password_problem(&request.app, form));
            if !problems.is_empty() {
                return Ok(Next::Again(step, StatusCode::BAD_REQUEST, problems));
            }
            let mut responses = BTreeMap::from([("NEW_PASSWORD".to_owned(), form.typed("password").to_owned())]);
            let given = typed_attributes(attributes, form).into_iter();
            responses.extend(given.map(|(name, value)| (format!("userAttributes.{name}"), value)));
            let outcome = respond(call, request, ChallengeNameType::NewPasswordRequired, session, responses).await;
            sign_in::follow(call, request, step.clone(), username, outcome).await
        }
        Step::TotpCode { username, session, .. } => {
            let responses = BTreeMap::from([("SOFTWARE_TOKEN_MFA_CODE".to_owned(), or_zero(code))]);
            let outcome = respond(call, request, ChallengeNameType::SoftwareTokenMfa, session, responses).await;
            sign_in::follow(call, request, step.clone(), username, outcome).await
        }
        Step::SentCode { username, session, sent } => {
            let (challenge, name) = match sent.sms {
                true => (ChallengeNameType::SmsMfa, "SMS_MFA_CODE"),
                false => (ChallengeNameType::EmailOtp, "EMAIL_OTP_CODE"),
            };
            let responses = BTreeMap::from([(name.to_owned(), or_zero(code))]);
            let outcome = respond(call, request, challenge, session, responses).await;
            sign_in::follow(call, request, step.clone(), username, outcome).await
        }
        Step::SelectFactor { username, session, .. } => {
            let responses = BTreeMap::from([("ANSWER".to_owned(), form.typed("choice").to_owned())]);
            let outcome = respond(call, request, ChallengeNameType::SelectMfaType, session, responses).await;
            sign_in::follow(call, request, step.clone(), username, outcome).await
        }
        Step::SetUpTotp { username, session, .. } => {
            let outcome = set_up(call, request, session, &code, form.typed("device_name")).await;
            sign_in::follow(call, request, step.clone(), username, outcome).await
        }
        _ => Err(misled()),
    }
}

/// Registers the authenticator by its first code, then ends the challenge.
async fn set_up(call: &Call, request: &Authorization, session: &str, code: &str, device: &str) -> Result<Outcome> {
    let device: String = device.trim().chars().filter(|c| !c.is_control()).take(LONGEST_DEVICE_NAME).collect();
    let set_up = call.open_set_up(session).await?;
    if set_up.app.client.id != request.app.client.id {
        return Err(misled());
    }
    let session = call
        .verify_totp_set_up(&call.ctx, &set_up, code, Some(device.as_str()).filter(|name| !name.is_empty()))
        .await?;
    respond(call, request, ChallengeNameType::MfaSetup, &session, BTreeMap::new()).await
}

async fn respond(
    call: &Call,
    request: &Authorization,
    challenge: ChallengeNameType,
    session: &str,
    responses: BTreeMap<String, String>,
) -> Result<Outcome, Error> {
    let answer = Answer {
        app: &request.app,
        door: Door::Page,
        challenge,
        session: Some(session),
        responses: &responses,
        ip: None,
    };
    call.answer_challenge(&answer).await
}

/// Nothing typed is a wrong code like any other.
fn or_zero(code: String) -> String {
    if code.is_empty() { "0".to_owned() } else { code }
}
