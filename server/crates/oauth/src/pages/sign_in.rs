//! The sign-in form, and what follows a proof.

use super::step::Sent;
use super::{Next, Step, face};
use crate::authorize::Authorization;
use crate::call::Call;
use crate::page::language;
use crate::params::Params;
use domain::{Error, Medium, Reason, Result, Username, mask_email, mask_phone_number};
use flows::sign_in::{Challenge, Door, Outcome, Start};
use hosted_ui::{Message, Problem, UsernameKind};
use protocol::idp::{AuthFlowType, ChallengeNameType};
use std::collections::BTreeMap;

/// Longer names are nobody's; the bound keeps what is carried in a cookie small.
const LONGEST_NAME: usize = 512;

/// Without scripts: the password is posted.
pub(super) async fn by_password(call: &Call, request: &Authorization, step: Step, form: &Params) -> Result<Next> {
    if let Some(problem) = obstacle(request) {
        return Ok(Next::problem(step, problem));
    }
    let username = form.typed("username").trim();
    let problems = missing(call, request, form, username);
    if !problems.is_empty() {
        return Ok(Next::Again(step, http::StatusCode::BAD_REQUEST, problems));
    }
    let parameters = BTreeMap::from([
        ("USERNAME".to_owned(), username.to_owned()),
        ("PASSWORD".to_owned(), form.typed("password").to_owned()),
    ]);
    let start = Start {
        app: &request.app,
        door: Door::Page,
        flow: AuthFlowType::UserPasswordAuth,
        parameters: &parameters,
        ip: None,
    };
    let outcome = call.start_sign_in(&start).await;
    follow(call, request, step, username, outcome).await
}

/// Why no password is taken here at all.
fn obstacle(request: &Authorization) -> Option<Problem> {
    let client = &request.app.client;
    if !client.supports_provider("COGNITO") {
        Some(Problem::of_form(Message::NotAllowed))
    } else if client.srp_only {
        Some(Problem::of_form(Message::PasswordNeedsScripts))
    } else {
        None
    }
}

fn missing(call: &Call, request: &Authorization, form: &Params, username: &str) -> Vec<Problem> {
    let words = &language(call).words;
    let mut problems = Vec::new();
    problems.extend(name_problem(call, request, username));
    if form.get("password").is_none() {
        problems.push(Problem::of_field("password", Message::FieldRequired(words.password.to_string())));
    }
    problems
}

/// What is wrong with a typed name, whoever has it.
pub(super) fn name_problem(call: &Call, request: &Authorization, username: &str) -> Option<Problem> {
    let label = username_label(call, request);
    if username.is_empty() {
        Some(Problem::of_field("username", Message::FieldRequired(label)))
    } else if username.len() > LONGEST_NAME || username.chars().any(char::is_control) {
        Some(Problem::of_field("username", Message::FieldInvalid(label)))
    } else {
        None
    }
}

/// The label of the username field.
pub(super) fn username_label(call: &Call, request: &Authorization) -> String {
    let words = &language(call).words;
    let label = match super::draw::username_kind(&request.app.pool) {
        UsernameKind::Email => &words.email,
        UsernameKind::Phone => &words.phone,
        UsernameKind::EmailOrPhone => &words.email_or_phone,
        UsernameKind::Username => &words.username,
        UsernameKind::Any => &words.any_username,
    };
    label.to_string()
}

/// What follows a step of a sign-in, also where it was refused: an unconfirmed account and a reset password have
/// pages of their own.
pub(super) async fn follow(
    call: &Call,
    request: &Authorization,
    step: Step,
    username: &str,
    outcome: Result<Outcome>,
) -> Result<Next> {
    let username = username.to_owned();
    match outcome {
        Ok(Outcome::SignedIn(signed_in)) => Ok(Next::SignedIn(signed_in)),
        Ok(Outcome::Challenge(challenge)) => match step_of(call, request, username, challenge).await {
            Ok(step) => Ok(Next::Go(step)),
            Err(error) => Ok(face::refuse(call, step, &error)),
        },
        Err(error) if error.reason == Reason::UserNotConfirmed => {
            Ok(Next::Go(Step::Confirm { username, sent: None, again: false }))
        }
        Err(error) if error.reason == Reason::PasswordResetRequired => {
            Ok(Next::Go(Step::Reset { username, sent: None, again: false, demanded: true }))
        }
        Err(error) => Ok(face::refuse(call, step, &error)),
    }
}

/// The step that puts a challenge.
async fn step_of(call: &Call, request: &Authorization, username: String, challenge: Challenge) -> Result<Step> {
    let session = challenge.session.ok_or_else(|| Error::internal("a challenge for a page has no session"))?;
    let parameter = |name: &str| challenge.parameters.get(name).cloned();
    let list = |name: &str| -> Vec<String> {
        parameter(name).and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
    };
    match challenge.name {
        ChallengeNameType::NewPasswordRequired => {
            let bare = |name: String| name.strip_prefix("userAttributes.").map_or(name.clone(), str::to_owned);
            let attributes = list("requiredAttributes").into_iter().map(bare).collect();
            Ok(Step::NewPassword { username, session, attributes })
        }
        ChallengeNameType::SoftwareTokenMfa => {
            Ok(Step::TotpCode { username, session, device: parameter("FRIENDLY_DEVICE_NAME") })
        }
        ChallengeNameType::SmsMfa | ChallengeNameType::EmailOtp => {
            let masked = parameter("CODE_DELIVERY_DESTINATION").unwrap_or_default();
            let sent = Sent { sms: challenge.name == ChallengeNameType::SmsMfa, masked, at: call.ctx.now };
            Ok(Step::SentCode { username, session, sent })
        }
        ChallengeNameType::SelectMfaType => {
            let choices = masked_choices(call, request, challenge.user, list("MFAS_CAN_CHOOSE")).await?;
            Ok(Step::SelectFactor { username, session, choices })
        }
        ChallengeNameType::MfaSetup if list("MFAS_CAN_SETUP").iter().any(|name| name == "SOFTWARE_TOKEN_MFA") => {
            let set_up = call.open_set_up(&session).await?;
            let secret = call.associate_totp(&set_up.app.pool, &set_up.user).await?;
            Ok(Step::SetUpTotp { username, session, secret })
        }
        other => Err(Reason::ChallengeNotAvailable(other).into()),
    }
}

/// Challenge names, each with the user's masked address that it would reach.
async fn masked_choices(
    call: &Call,
    request: &Authorization,
    user: Option<Username>,
    names: Vec<String>,
) -> Result<Vec<(String, String)>> {
    let username = user.ok_or_else(|| Error::internal("a choice of factors is put to nobody"))?;
    let pool = request.app.pool.id.clone();
    let user = call.store().read(move |r| r.user(&pool, &username).map_err(Error::from)).await?;
    let address = |medium: Medium| {
        let value = user.as_ref().and_then(|user| user.attribute(medium.attribute()));
        value.unwrap_or_default().to_owned()
    };
    let masked = |name: &str| match name {
        "SMS_MFA" => mask_phone_number(&address(Medium::Sms)),
        "EMAIL_OTP" => mask_email(&address(Medium::Email)),
        _ => String::new(),
    };
    Ok(names.into_iter().map(|name| (name.clone(), masked(&name))).collect())
}
