//! Forgotten passwords: asking for a code, and setting a new password with it.
//!
//! Nothing here tells whether an account exists: the client is always taken to hide unknown users (see `judge`),
//! and what only real accounts are refused for is judged before anybody is looked up.

use domain::{Error, Reason, Result};
use hosted_ui::{Message, Problem};
use http::StatusCode;

use super::draw::recovers_by_admin_only;
use super::sign_in::name_problem;
use super::sign_up::{password_problem, sent_again, typed_code};
use super::step::{News, ResetStep, Sent};
use super::typed::read_username;
use super::{Next, Step, errors};
use crate::http::call::Call;
use crate::http::page_context::PageContext;
use crate::http::params::Params;

/// Sends a code, or does as if.
pub(super) async fn forgot(call: &Call, page: PageContext<'_>, form: &Params) -> Result<Next> {
    let username = &*read_username(&page.app.pool, form.typed("username"));
    if recovers_by_admin_only(&page.app.pool) {
        return Ok(Next::problem(Step::Forgot, Problem::of_form(Message::RecoveryByAdministrator)));
    }
    if let Some(problem) = name_problem(page, username, false) {
        return Ok(Next::problem(Step::Forgot, problem));
    }
    match call.forgot_password(&call.ctx, page.app, username).await {
        Ok(delivery) => Ok(Next::Go(Step::Reset(ResetStep {
            username: username.to_owned(),
            sent: Some(Sent::of(&delivery, call.ctx.now)),
            again: false,
            demanded: false,
        }))),
        Err(error) if error.reason == Reason::AttemptLimit => {
            Ok(Next::problem(Step::Forgot, Problem::of_form(Message::TooManyCodes)))
        }
        Err(error) => Ok(errors::refuse(call, Step::Forgot, &error)),
    }
}

/// Sets the new password.
pub(super) async fn reset(call: &Call, page: PageContext<'_>, step: ResetStep, form: &Params) -> Result<Next> {
    let (code, password) = (typed_code(form), form.typed("password"));
    let mut problems = Vec::new();
    if code.is_empty() {
        let label = page.language.words.code.to_string();
        problems.push(Problem::of_field("code", Message::FieldRequired(label)));
    }
    problems.extend(password_problem(page.app, form));
    if !problems.is_empty() {
        return Ok(Next::Again(Step::Reset(step), StatusCode::BAD_REQUEST, problems));
    }
    match call.confirm_forgot_password(&call.ctx, page.app, &step.username, &code, password).await {
        Ok(()) => Ok(Next::Go(Step::sign_in_with(&step.username, Some(News::PasswordChanged)))),
        Err(error) => {
            let error = hide_missing_code(error);
            Ok(errors::refuse(call, Step::Reset(step), &error))
        }
    }
}

/// A code that was never sent is answered like one that does not fit: only real accounts could have had one.
fn hide_missing_code(error: Error) -> Error {
    if error.reason == Reason::CodeExpired { Reason::CodeWrong.into() } else { error }
}

/// Sends the code again.
pub(super) async fn send_again(call: &Call, page: PageContext<'_>, step: ResetStep) -> Result<Next> {
    let sent = call.forgot_password(&call.ctx, page.app, &step.username).await;
    let (username, demanded) = (step.username.clone(), step.demanded);
    let sent = sent.map(|delivery| Sent::of(&delivery, call.ctx.now));
    sent_again(call, Step::Reset(step), sent, |sent| {
        Step::Reset(ResetStep { username, sent: Some(sent), again: true, demanded })
    })
}
