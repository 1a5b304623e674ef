//! The sign-in form, and what follows a proof.

use domain::{Delivery, Error, Factor, Medium, Reason, Result};
use flows::ClientContext;
use flows::sign_in::{Challenge, FactorChoice, InitiateAuth, OpenChallenge, Outcome, TypedUsername};
use hosted_ui::{Message, Problem, username_label};

use super::step::{Asked, AskedBy, ChallengeStep, Confirmation, ResetStep, Sent, SignInStep};
use super::typed::read_username;
use super::{Next, Step, errors, over};
use crate::http::call::{Call, log};
use crate::http::page_context::PageContext;
use crate::http::params::Params;

/// Longer names are nobody's; the bound keeps what is carried in a cookie small.
const LONGEST_NAME: usize = 512;

/// Without scripts: the password is posted.
pub(super) async fn by_password(call: &Call, page: PageContext<'_>, step: SignInStep, form: &Params) -> Result<Next> {
    let step = Step::SignIn(step);
    if let Some(problem) = obstacle(page) {
        return Ok(Next::problem(step, problem));
    }
    let username = &*read_username(&page.app.pool, form.typed("username"));
    let problems = missing(page, form, username);
    if !problems.is_empty() {
        return Ok(Next::Again(step, http::StatusCode::BAD_REQUEST, problems));
    }
    let first = InitiateAuth::Password {
        username: TypedUsername::new(username)?,
        password: form.typed("password").into(),
        device: None,
    };
    let outcome = call.initiate_auth(&call.ctx, page.app, first).await;
    follow(call, step, page.app, username, outcome).await
}

/// Why no password is taken here at all.
fn obstacle(page: PageContext<'_>) -> Option<Problem> {
    let client = &page.app.client;
    if !client.supports_provider("COGNITO") {
        Some(Problem::of_form(Message::NotAllowed))
    } else if client.srp_only {
        Some(Problem::of_form(Message::PasswordNeedsScripts))
    } else {
        None
    }
}

fn missing(page: PageContext<'_>, form: &Params, username: &str) -> Vec<Problem> {
    let words = &page.language.words;
    let mut problems = Vec::new();
    problems.extend(name_problem(page, username, false));
    if form.get("password").is_none() {
        problems.push(Problem::of_field("password", Message::FieldRequired(words.password.to_string())));
    }
    problems
}

/// What is wrong with a typed name, whoever has it.
pub(super) fn name_problem(page: PageContext<'_>, username: &str, signing_up: bool) -> Option<Problem> {
    let kind = super::draw::username_kind(&page.app.pool);
    let label = username_label(&page.language.words, kind, signing_up).to_owned();
    if username.is_empty() {
        Some(Problem::of_field("username", Message::FieldRequired(label)))
    } else if username.len() > LONGEST_NAME || username.chars().any(char::is_control) {
        Some(Problem::of_field("username", Message::FieldInvalid(label)))
    } else {
        None
    }
}

/// What follows a step of a sign-in, also where it was refused: a reset password has a page of its own.
pub(super) async fn follow(
    call: &Call,
    step: Step,
    app: &ClientContext,
    username: &str,
    outcome: Result<Outcome>,
) -> Result<Next> {
    let username = username.to_owned();
    match outcome {
        Ok(Outcome::SignedIn(signed_in)) => Ok(Next::SignedIn(signed_in)),
        Ok(Outcome::Challenge(open)) => match step_of(call, app, username, open).await {
            Ok(step) => Ok(Next::Go(Step::Challenge(step))),
            Err(error) => Ok(errors::refuse(call, step, &error)),
        },
        Err(error) if error.reason == Reason::PasswordResetRequired => {
            Ok(Next::Go(Step::Reset(ResetStep { username, sent: None, again: false, demanded: true })))
        }
        Err(error) if matches!(step, Step::Challenge(_)) && is_over(&error.reason) => {
            log(call, &error);
            Ok(over(&username))
        }
        Err(error) => Ok(errors::refuse(call, step, &error)),
    }
}

/// Whether no answer to the challenge can be right any more.
fn is_over(reason: &Reason) -> bool {
    matches!(reason, Reason::SessionInvalid | Reason::SessionExpired | Reason::SessionUsed | Reason::UserNotFound)
}

/// The step that puts a challenge.
async fn step_of(call: &Call, app: &ClientContext, username: String, open: OpenChallenge) -> Result<ChallengeStep> {
    let session = open.session.ok_or_else(|| Error::internal("a challenge for a page has no session"))?;
    let asked = match open.challenge {
        Challenge::Confirmation { sent } => Asked::Confirmation(confirmation(call, app, &username, sent)?),
        Challenge::NewPassword { missing, .. } => Asked::NewPassword { attributes: missing },
        Challenge::Totp { friendly_name } => Asked::TotpCode { device: friendly_name },
        Challenge::SentCode { medium, masked } => {
            Asked::SentCode { sent: Sent { medium, shown: masked, is_masked: true, at: call.ctx.now }, again: false }
        }
        Challenge::SelectFactor(choices) => {
            let choices = choices.into_iter().map(|FactorChoice { factor, masked }| (factor, masked));
            Asked::SelectFactor { choices: choices.collect() }
        }
        Challenge::SetUp(factors) if factors.contains(&Factor::Totp) => {
            let set_up = call.open_set_up(&call.ctx, &session).await?;
            Asked::SetUpTotp { secret: call.associate_totp(&app.pool, &set_up.user).await?.into() }
        }
        // An address cannot be added here.
        Challenge::SetUp(_) => return Err(Reason::NoUsableFactor.into()),
        Challenge::PasswordVerifier(_) | Challenge::DeviceSrp { .. } | Challenge::DevicePasswordVerifier { .. } => {
            return Err(Error::internal("a page was asked for a proof that only scripts make"));
        }
    };
    Ok(ChallengeStep { username, session, asked })
}

/// The page of somebody who signed in before confirming.
///
/// # Errors
/// Why nobody but an administrator can confirm the account.
fn confirmation(call: &Call, app: &ClientContext, typed: &str, sent: Result<Delivery, Reason>) -> Result<Confirmation> {
    let sent = match sent {
        Ok(delivery) => Some(Sent::typed_here(&delivery, &[typed], call.ctx.now)),
        Err(Reason::NoAutoVerification) => return Err(Reason::NoAutoVerification.into()),
        Err(_) => None,
    };
    let medium = sent.as_ref().map_or(Medium::Email, |sent| sent.medium);
    Ok(Confirmation { sent, by_link: app.confirms_by_link(medium), asked_by: AskedBy::SignIn })
}
