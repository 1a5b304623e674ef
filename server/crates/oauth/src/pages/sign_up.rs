//! New accounts.

use std::collections::BTreeMap;

use domain::{Reason, Result, UserStatus, Writer, is_email, is_phone_number, validate_attributes};
use flows::{ClientContext, SignUp, SignedUp};
use hosted_ui::{Message, Problem, UsernameKind, attribute_label};
use http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::draw::{sign_up_attributes, username_kind};
use super::sign_in::name_problem;
use super::step::{Asked, AskedBy, ChallengeStep, Confirmation, News, Sent, SignInStep};
use super::typed::{read_attribute, read_code, read_username};
use super::{Next, Step, errors, sign_in};
use crate::http::call::{Call, log};
use crate::http::page_context::PageContext;
use crate::http::params::Params;

/// Nobody who was born earlier is alive.
const EARLIEST_YEAR: i16 = 1900;

/// Makes the account and asks for the code it sent.
pub(super) async fn sign_up(call: &Call, page: PageContext<'_>, form: &Params) -> Result<Next> {
    let app = page.app;
    let username = &*read_username(&app.pool, form.typed("username"));
    let asked = sign_up_attributes(app);
    let mut problems: Vec<Problem> = name_problem(page, username, true).into_iter().collect();
    if problems.is_empty() {
        problems.extend(form_problem(app, username));
    }
    problems.extend(attribute_problems(call, page, &asked, form));
    problems.extend(password_problem(app, form));
    if !problems.is_empty() {
        return Ok(Next::Again(Step::SignUp, StatusCode::BAD_REQUEST, problems));
    }
    let attributes = typed_attributes(&asked, form);
    match call.sign_up(&call.ctx, app, SignUp { username, password: form.typed("password"), attributes }).await {
        Ok(made) => Ok(Next::Go(after_sign_up(call, page, username, &made))),
        // The account is there all the same; who signs in is sent another code.
        Err(error) if error.reason == Reason::CodeNotDelivered => {
            log(call, &error);
            sign_in::by_password(call, page, SignInStep::default(), form).await
        }
        Err(error) => Ok(errors::refuse(call, Step::SignUp, &error)),
    }
}

/// The confirmation of the new account, by whoever can confirm it.
fn after_sign_up(call: &Call, page: PageContext<'_>, username: &str, made: &SignedUp) -> Step {
    match &made.delivery {
        _ if made.user.status == UserStatus::Confirmed => Step::sign_in_with(username, Some(News::AccountCreated)),
        None => Step::sign_in_with(username, Some(News::AccountWaits)),
        Some(delivery) => {
            let sent = Sent::typed_here(delivery, &[delivery.address.as_str()], call.ctx.now);
            let by_link = page.app.confirms_by_link(delivery.medium);
            Step::Challenge(ChallengeStep {
                username: username.to_owned(),
                session: call.await_confirmation(&call.ctx, page.app, made),
                asked: Asked::Confirmation(Confirmation { sent: Some(sent), by_link, asked_by: AskedBy::SignUp }),
            })
        }
    }
}

/// Whether the name is of the form that the pool's users sign in with.
fn form_problem(app: &ClientContext, username: &str) -> Option<Problem> {
    let message = match username_kind(&app.pool) {
        UsernameKind::Email if !is_email(username) => Message::EmailInvalid,
        UsernameKind::Phone if !is_phone_number(username) => Message::PhoneInvalid,
        UsernameKind::EmailOrPhone if !is_email(username) && !is_phone_number(username) => Message::EmailInvalid,
        _ => return None,
    };
    Some(Problem::of_field("username", message))
}

/// What is wrong with typed attributes, each at its own field.
pub(super) fn attribute_problems(call: &Call, page: PageContext<'_>, names: &[String], form: &Params) -> Vec<Problem> {
    let words = &page.language.words;
    let judge = |name: &String| {
        let value = read_attribute(name, form.typed(name)).into_owned();
        if value.is_empty() {
            return Some(Problem::of_field(name.as_str(), Message::FieldRequired(attribute_label(words, name))));
        }
        if name == "birthdate" && !is_birthdate(&value, call) {
            return Some(Problem::of_field(name.as_str(), Message::BirthdateInvalid));
        }
        let one = BTreeMap::from([(name.clone(), value)]);
        validate_attributes(&page.app.pool, Writer::AdminCreate, one).err().map(|_| {
            let message = match name.as_str() {
                "email" => Message::EmailInvalid,
                "phone_number" => Message::PhoneInvalid,
                other => Message::FieldInvalid(attribute_label(words, other)),
            };
            Problem::of_field(name.as_str(), message)
        })
    };
    names.iter().filter_map(judge).collect()
}

/// Whether the password keeps the pool's rules.
pub(super) fn password_problem(app: &ClientContext, form: &Params) -> Option<Problem> {
    let weak = app.pool.password_rules().weakness(form.typed("password")).is_some();
    weak.then(|| Problem::of_field("password", Message::PasswordPolicy))
}

pub(super) fn typed_attributes(names: &[String], form: &Params) -> BTreeMap<String, String> {
    names.iter().map(|name| (name.clone(), read_attribute(name, form.typed(name)).into_owned())).collect()
}

/// Whether it is a day on which somebody who is alive can be born.
fn is_birthdate(value: &str, call: &Call) -> bool {
    // Somewhere it is tomorrow already.
    let tomorrow = (call.ctx.now + SignedDuration::from_hours(14)).to_zoned(TimeZone::UTC).date();
    value.parse::<Date>().is_ok_and(|day| day <= tomorrow && day.year() >= EARLIEST_YEAR)
}

/// The digits of a typed code.
pub(super) fn typed_code(form: &Params) -> String {
    read_code(form.typed("code"))
}

/// The page that waits for a code, after it was sent again or was not.
pub(super) fn sent_again(
    call: &Call,
    step: Step,
    sent: Result<Sent>,
    waiting: impl FnOnce(Sent) -> Step,
) -> Result<Next> {
    match sent {
        Ok(sent) => Ok(Next::Go(waiting(sent))),
        Err(error) if error.reason == Reason::AttemptLimit => {
            Ok(Next::problem(step, Problem::of_form(Message::TooManyCodes)))
        }
        Err(error) => Ok(errors::refuse(call, step, &error)),
    }
}
