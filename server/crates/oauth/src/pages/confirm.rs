//! The confirmation of a new account: its code or link, another one, another address.

use domain::{Medium, Reason, Result, is_email, is_phone_number};
use flows::sign_in::{AnsweredSession, ChallengeResponse};
use hosted_ui::{Message, Problem, attribute_label};
use http::StatusCode;

use super::sign_up::{sent_again, typed_code};
use super::step::{Asked, AskedBy, ChallengeStep, Confirmation, Sent};
use super::typed::read_attribute;
use super::{Next, Step, over, sign_in};
use crate::http::call::Call;
use crate::http::page_context::PageContext;
use crate::http::params::Params;

/// The code, typed, or the word that the link was opened.
pub(super) async fn confirm(call: &Call, page: PageContext<'_>, step: ChallengeStep, form: &Params) -> Result<Next> {
    let by_link = matches!(&step.asked, Asked::Confirmation(Confirmation { by_link: true, .. }));
    let code = (!by_link).then(|| typed_code(form).into());
    match answer(call, page, &step, code).await {
        Err(error) if error.reason == Reason::UserNotConfirmed => {
            let message = if by_link { Message::LinkNotOpened } else { Message::NotConfirmed };
            Ok(Next::problem(Step::Challenge(step), Problem::of_form(message)))
        }
        outcome => follow(call, page, step, outcome).await,
    }
}

/// The page, opened: whoever has confirmed the account meanwhile, in whichever browser, goes on. None where it still
/// waits.
pub(super) async fn opened(call: &Call, page: PageContext<'_>, step: &ChallengeStep) -> Result<Option<Next>> {
    match answer(call, page, step, None).await {
        Err(error) if error.reason == Reason::UserNotConfirmed => Ok(None),
        outcome => follow(call, page, step.clone(), outcome).await.map(Some),
    }
}

type Answered = Result<flows::sign_in::Outcome>;

async fn answer(
    call: &Call,
    page: PageContext<'_>,
    step: &ChallengeStep,
    code: Option<protocol::Sensitive>,
) -> Answered {
    let answered = AnsweredSession { session: Some(step.session.as_str()), username: None };
    call.respond_to_auth_challenge(&call.ctx, page.app, answered, ChallengeResponse::Confirmation { code }).await
}

async fn follow(call: &Call, page: PageContext<'_>, step: ChallengeStep, outcome: Answered) -> Result<Next> {
    let username = step.username.clone();
    sign_in::follow(call, Step::Challenge(step), page.app, &username, outcome).await
}

/// Sends the account's code or link again.
pub(super) async fn send_again(
    call: &Call,
    page: PageContext<'_>,
    step: ChallengeStep,
    confirmation: Confirmation,
) -> Result<Next> {
    let sent = call.resend_code_to_owner(&call.ctx, page.app, &step.username).await;
    if matches!(&sent, Err(error) if error.reason == Reason::AlreadyConfirmed) {
        let outcome = answer(call, page, &step, None).await;
        return follow(call, page, step, outcome).await;
    }
    let known = confirmation.sent.as_ref().map(|sent| sent.shown.as_str()).unwrap_or_default();
    let sent = sent.map(|delivery| Sent::typed_here(&delivery, &[&step.username, known], call.ctx.now));
    sent_again(call, Step::Challenge(step.clone()), sent, |sent| waiting(step, &confirmation, sent))
}

/// Has the account confirmed by another address.
pub(super) async fn change_address(
    call: &Call,
    page: PageContext<'_>,
    step: ChallengeStep,
    form: &Params,
) -> Result<Next> {
    let Asked::Confirmation(confirmation) = step.asked.clone() else { return Ok(over(&step.username)) };
    let medium = confirmation.sent.as_ref().map_or(Medium::Email, |sent| sent.medium);
    let attribute = medium.attribute();
    let address = &*read_attribute(attribute, form.typed(attribute));
    let message = match medium {
        _ if address.is_empty() => Some(Message::FieldRequired(attribute_label(&page.language.words, attribute))),
        Medium::Email => (!is_email(address)).then_some(Message::EmailInvalid),
        Medium::Sms => (!is_phone_number(address)).then_some(Message::PhoneInvalid),
    };
    if let Some(message) = message {
        let problems = vec![Problem::of_field(attribute, message)];
        return Ok(Next::Again(Step::Challenge(step), StatusCode::BAD_REQUEST, problems));
    }
    let changed = call.change_unconfirmed_address(&call.ctx, page.app, step.session.as_str(), address).await;
    match changed {
        Err(error) if error.reason == Reason::AlreadyConfirmed => {
            let outcome = answer(call, page, &step, None).await;
            follow(call, page, step, outcome).await
        }
        Err(error) if matches!(error.reason, Reason::AliasTaken { .. } | Reason::UsernameAttributeTaken { .. }) => {
            Ok(Next::problem(Step::Challenge(step), Problem::of_field(attribute, Message::AliasTaken)))
        }
        changed => {
            // Who signed in by the old address does by the new one from now on.
            let is_name =
                confirmation.sent.as_ref().is_some_and(|sent| sent.shown.eq_ignore_ascii_case(&step.username));
            let username = if is_name { address.to_owned() } else { step.username.clone() };
            let renamed = ChallengeStep { username, ..step.clone() };
            let sent = changed.map(|delivery| Sent::typed_here(&delivery, &[address], call.ctx.now));
            sent_again(call, Step::Challenge(step), sent, |sent| waiting(renamed, &confirmation, sent))
        }
    }
}

fn waiting(step: ChallengeStep, confirmation: &Confirmation, sent: Sent) -> Step {
    let by_link = confirmation.by_link;
    let asked = Asked::Confirmation(Confirmation { sent: Some(sent), by_link, asked_by: AskedBy::Resend });
    Step::Challenge(ChallengeStep { asked, ..step })
}
