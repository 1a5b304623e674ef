//! The pages' face of an error.

use super::{Next, Step};
use crate::call::Call;
use crate::failure::log;
use domain::Error;
use hosted_ui::{Message, Problem};
use http::StatusCode;
use protocol::ErrorName;

/// The same page again with the error's words; faults of ours are logged and answered with their own status.
pub(super) fn refuse(call: &Call, step: Step, error: &Error) -> Next {
    log(call, error);
    let status = match error.name.http_status() {
        500.. => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    Next::Again(step, status, vec![problem_of(error)])
}

/// What a reader is told, and at which field.
pub(super) fn problem_of(error: &Error) -> Problem {
    use ErrorName as E;
    let said = error.said.as_ref();
    match error.name {
        E::NotAuthorized => Problem::of_form(refusal_of(said)),
        E::UserNotFound => Problem::of_form(Message::WrongCredentials),
        E::UserNotConfirmed => Problem::of_form(Message::NotConfirmed),
        E::PasswordResetRequired => Problem::of_form(Message::ResetRequired),
        E::CodeMismatch => Problem::of_field("code", Message::WrongCode),
        E::ExpiredCode => Problem::of_field("code", Message::ExpiredCode),
        E::EnableSoftwareTokenMFA => Problem::of_field("code", Message::SecretRefused),
        E::InvalidPassword => Problem::of_field("password", Message::PasswordPolicy),
        E::PasswordHistoryPolicyViolation => Problem::of_field("password", Message::PasswordHistory),
        E::UsernameExists if said == "User already exists" => Problem::of_field("username", Message::UsernameTaken),
        E::UsernameExists => Problem::of_field("username", Message::AliasTaken),
        E::AliasExists => Problem::of_form(Message::AliasTaken),
        E::LimitExceeded | E::TooManyFailedAttempts | E::TooManyRequests => Problem::of_form(Message::TooManyAttempts),
        E::CodeDeliveryFailure => Problem::of_form(Message::CannotDeliver),
        E::UserLambdaValidation => Problem::of_form(Message::Foreign(said.to_owned())),
        E::InvalidParameter | E::UnsupportedOperation | E::InvalidUserPoolConfiguration => {
            Problem::of_form(Message::NotAllowed)
        }
        _ => Problem::of_form(Message::SomethingWrong),
    }
}

/// `NotAuthorizedException` has many meanings; its words, which clients depend on, tell them apart.
fn refusal_of(said: &str) -> Message {
    match said {
        "Incorrect username or password." => Message::WrongCredentials,
        "Password attempts exceeded" => Message::TooManyAttempts,
        "User is disabled." => Message::AccountDisabled,
        "SignUp is not permitted for this user pool" => Message::SignUpClosed,
        said if said.starts_with("Invalid session for the user") => Message::SessionExpired,
        said if said.starts_with("Temporary password has expired") => Message::Foreign(said.to_owned()),
        _ => Message::NotAllowed,
    }
}
