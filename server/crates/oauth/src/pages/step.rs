//! Where a browser stands between two pages.

use domain::{Delivery, Medium};
use hosted_ui::{Message, Notice, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The pages' paths; they match in any case.
pub(super) const PATHS: [&str; 9] = [
    "/login",
    "/signup",
    "/confirm",
    "/forgotPassword",
    "/confirmforgotPassword",
    "/newPassword",
    "/mfa",
    "/mfa/setup",
    "/mfa/select",
];

/// One step, with all its page shows and its form needs. `username` is as typed; `session` is the challenge's.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Username and password.
    SignIn { username: String, news: Option<News> },
    /// A new account.
    SignUp,
    /// The code of a new account.
    Confirm { username: String, sent: Option<Sent>, again: bool },
    /// Whose password is forgotten.
    Forgot,
    /// Code and new password; `demanded` where an administrator reset the old one.
    Reset { username: String, sent: Option<Sent>, again: bool, demanded: bool },
    /// NEW_PASSWORD_REQUIRED, and attributes without a value.
    NewPassword { username: String, session: String, attributes: Vec<String> },
    /// MFA_SETUP, with the authenticator's key in base32.
    SetUpTotp { username: String, session: String, secret: String },
    /// SOFTWARE_TOKEN_MFA
    TotpCode { username: String, session: String, device: Option<String> },
    /// SMS_MFA or EMAIL_OTP
    SentCode { username: String, session: String, sent: Sent },
    /// SELECT_MFA_TYPE: challenge names with masked addresses.
    SelectFactor { username: String, session: String, choices: Vec<(String, String)> },
}

/// Where a code went, and when.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(super) sms: bool,
    pub(super) masked: String,
    pub(super) at: Timestamp,
}

impl Sent {
    pub(super) fn of(delivery: &Delivery, at: Timestamp) -> Self {
        Self { sms: delivery.medium == Medium::Sms, masked: delivery.masked(), at }
    }
}

/// What the sign-in page has to tell.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum News {
    /// The sign-up is confirmed.
    Confirmed,
    /// The account is made, and nothing is to be confirmed.
    AccountCreated,
    /// The new password is in force.
    PasswordChanged,
    /// The form was not this browser's.
    FormStale,
    /// The form was too old.
    SessionExpired,
    /// A round trip to a provider came to nothing.
    Interrupted,
}

impl News {
    pub(super) fn notice(self) -> Option<Notice> {
        match self {
            Self::Confirmed => Some(Notice::Confirmed),
            Self::AccountCreated => Some(Notice::AccountCreated),
            Self::PasswordChanged => Some(Notice::PasswordChanged),
            Self::FormStale | Self::SessionExpired | Self::Interrupted => None,
        }
    }

    fn problem(self) -> Option<Message> {
        match self {
            Self::FormStale => Some(Message::FormStale),
            Self::SessionExpired => Some(Message::SessionExpired),
            Self::Interrupted => Some(Message::SomethingWrong),
            Self::Confirmed | Self::AccountCreated | Self::PasswordChanged => None,
        }
    }
}

impl Step {
    /// The beginning.
    pub(super) fn sign_in() -> Self {
        Self::SignIn { username: String::new(), news: None }
    }

    /// The step of a page that may be opened at any time.
    pub(super) fn entrance(path: &str) -> Option<Self> {
        [Self::sign_in(), Self::SignUp, Self::Forgot].into_iter().find(|step| step.path().eq_ignore_ascii_case(path))
    }

    /// Whether nothing is proven yet: such a step may take its time.
    pub(crate) fn is_entrance(&self) -> bool {
        matches!(self, Self::SignIn { .. } | Self::SignUp | Self::Forgot)
    }

    /// The path of its page.
    pub(crate) fn path(&self) -> &'static str {
        match self {
            Self::SignIn { .. } => "/login",
            Self::SignUp => "/signup",
            Self::Confirm { .. } => "/confirm",
            Self::Forgot => "/forgotPassword",
            Self::Reset { .. } => "/confirmforgotPassword",
            Self::NewPassword { .. } => "/newPassword",
            Self::SetUpTotp { .. } => "/mfa/setup",
            Self::TotpCode { .. } | Self::SentCode { .. } => "/mfa",
            Self::SelectFactor { .. } => "/mfa/select",
        }
    }

    /// What its page says is wrong when it is opened.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let message = match self {
            Self::SignIn { news, .. } => news.and_then(News::problem),
            Self::Reset { demanded: true, .. } => Some(Message::ResetRequired),
            Self::Confirm { sent: None, .. } => Some(Message::NotConfirmed),
            _ => None,
        };
        message.map(Problem::of_form).into_iter().collect()
    }
}
