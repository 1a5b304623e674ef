//! Challenges behind the password: a new one, second factors, setting one up.

use domain::{Error, Factor, Reason, Result};
use flows::sign_in::{AnsweredSession, ChallengeResponse, Outcome};
use hosted_ui::{Message, Problem};
use http::StatusCode;

use super::draw::shown_factor;
use super::sign_up::{attribute_problems, password_problem, typed_attributes, typed_code};
use super::step::{Asked, ChallengeStep};
use super::{Next, Step, confirm, over, sign_in};
use crate::http::call::Call;
use crate::http::page_context::PageContext;
use crate::http::params::Params;

/// Longer names of devices are cut.
const LONGEST_DEVICE_NAME: usize = 64;

/// Answers the step's challenge with what was typed.
pub(super) async fn answer(call: &Call, page: PageContext<'_>, step: ChallengeStep, form: &Params) -> Result<Next> {
    let code = typed_code(form);
    let response = match &step.asked {
        Asked::Confirmation(_) => return confirm::confirm(call, page, step, form).await,
        Asked::NewPassword { attributes } => {
            let mut problems = attribute_problems(call, page, attributes, form);
            problems.extend(password_problem(page.app, form));
            if !problems.is_empty() {
                return Ok(Next::Again(Step::Challenge(step), StatusCode::BAD_REQUEST, problems));
            }
            let password = form.typed("password").into();
            ChallengeResponse::NewPassword { password, attributes: typed_attributes(attributes, form) }
        }
        Asked::TotpCode { .. } => ChallengeResponse::Totp { code: code.into() },
        Asked::SentCode { sent, .. } => ChallengeResponse::SentCode { medium: sent.medium, code: code.into() },
        Asked::SelectFactor { choices } => ChallengeResponse::SelectFactor(typed_choice(choices, form)),
        Asked::SetUpTotp { .. } => {
            let outcome = set_up(call, page, &step.session, &code, form.typed("device_name")).await;
            return follow(call, page, step, outcome).await;
        }
    };
    let outcome = respond(call, page, &step.session, response).await;
    follow(call, page, step, outcome).await
}

/// Sends the code, or the link, again that the step waits for.
pub(super) async fn send_again(call: &Call, page: PageContext<'_>, step: ChallengeStep) -> Result<Next> {
    match step.asked.clone() {
        Asked::Confirmation(confirmation) => confirm::send_again(call, page, step, confirmation).await,
        Asked::SentCode { .. } => match call.send_factor_code_again(&call.ctx, page.app, step.session.as_str()).await {
            Err(error) if error.reason == Reason::CodeLimit => {
                Ok(Next::problem(Step::Challenge(step), Problem::of_form(Message::TooManyCodes)))
            }
            outcome => follow(call, page, step, outcome).await.map(say_again),
        },
        _ => Ok(over(&step.username)),
    }
}

/// The page tells that its code is a new one.
fn say_again(next: Next) -> Next {
    match next {
        Next::Go(Step::Challenge(step)) => Next::Go(Step::Challenge(match step.asked {
            Asked::SentCode { sent, .. } => ChallengeStep { asked: Asked::SentCode { sent, again: true }, ..step },
            asked => ChallengeStep { asked, ..step },
        })),
        next => next,
    }
}

async fn follow(call: &Call, page: PageContext<'_>, step: ChallengeStep, outcome: Result<Outcome>) -> Result<Next> {
    let username = step.username.clone();
    sign_in::follow(call, Step::Challenge(step), page.app, &username, outcome).await
}

/// The factor whose value was posted.
fn typed_choice(choices: &[(Factor, Option<String>)], form: &Params) -> Option<Factor> {
    let typed = form.typed("choice");
    let chosen = choices.iter().find(|(factor, masked)| shown_factor(*factor, masked.as_deref()).value() == typed);
    chosen.map(|(factor, _)| *factor)
}

/// Registers the authenticator by its first code, then ends the challenge.
async fn set_up(call: &Call, page: PageContext<'_>, session: &str, code: &str, device: &str) -> Result<Outcome> {
    let device: String = device.trim().chars().filter(|c| !c.is_control()).take(LONGEST_DEVICE_NAME).collect();
    let set_up = call.open_set_up(&call.ctx, session).await?;
    if set_up.app.client.id != page.app.client.id {
        return Err(Error::internal("a page's session is another client's"));
    }
    let device = Some(device.as_str()).filter(|name| !name.is_empty());
    let session = call.verify_totp_set_up(&call.ctx, &set_up, code, device).await?;
    respond(call, page, &session, ChallengeResponse::SetUp).await
}

async fn respond(call: &Call, page: PageContext<'_>, session: &str, response: ChallengeResponse) -> Result<Outcome> {
    let answered = AnsweredSession { session: Some(session), username: None };
    call.respond_to_auth_challenge(&call.ctx, page.app, answered, response).await
}
