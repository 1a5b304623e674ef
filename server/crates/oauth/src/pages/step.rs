//! Where a browser stands between two pages.

use domain::{Delivery, Factor, Medium};
use flows::sign_in::PAGE_LIFETIME;
use hosted_ui::{Message, Notice, Problem};
use jiff::{SignedDuration, Timestamp};
use protocol::Sensitive;
use serde::{Deserialize, Serialize};

use crate::http::forms::{Carry, FORM_LIFETIME};

/// The pages' paths; they match in any case.
pub(crate) mod path {
    pub(crate) const SIGN_IN: &str = "/login";
    pub(crate) const SIGN_UP: &str = "/signup";
    pub(crate) const CONFIRM: &str = "/confirm";
    pub(crate) const CONFIRM_ADDRESS: &str = "/confirm/address";
    pub(crate) const FORGOT: &str = "/forgotPassword";
    pub(crate) const RESET: &str = "/confirmforgotPassword";
    pub(crate) const NEW_PASSWORD: &str = "/newPassword";
    pub(crate) const FACTOR: &str = "/mfa";
    pub(crate) const SET_UP_FACTOR: &str = "/mfa/setup";
    pub(crate) const SELECT_FACTOR: &str = "/mfa/select";
}

/// One step, with all its page shows and its form needs.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Username and password.
    SignIn(SignInStep),
    /// A new account.
    SignUp,
    /// Whose password is forgotten.
    Forgot,
    /// Code and new password.
    Reset(ResetStep),
    /// A challenge of a sign-in.
    Challenge(ChallengeStep),
}

/// Username and password.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct SignInStep {
    /// As typed; empty where nothing was.
    pub(super) username: String,
    pub(super) news: Option<News>,
}

/// A code that resets a password is awaited.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ResetStep {
    /// As typed.
    pub(super) username: String,
    pub(super) sent: Option<Sent>,
    /// Whether the code was sent another time.
    pub(super) again: bool,
    /// Whether an administrator reset the old password.
    pub(super) demanded: bool,
}

/// The confirmation of a new account.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Confirmation {
    /// None where nothing could be sent.
    pub(super) sent: Option<Sent>,
    pub(super) by_link: bool,
    /// How it came to be asked for.
    pub(super) asked_by: AskedBy,
}

/// How a confirmation came to be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AskedBy {
    /// The account was made just now.
    SignUp,
    /// Somebody signed in who had not confirmed yet.
    SignIn,
    /// The reader, who wants another code.
    Resend,
}

/// A challenge of a sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ChallengeStep {
    /// As typed.
    pub(super) username: String,
    /// The challenge's Session.
    pub(super) session: Sensitive,
    pub(super) asked: Asked,
}

/// What a challenge asks for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Asked {
    /// The confirmation of a new account.
    Confirmation(Confirmation),
    /// A new password, and the attributes that have no value yet.
    NewPassword { attributes: Vec<String> },
    /// An authenticator app, by its key in base32.
    SetUpTotp { secret: Sensitive },
    /// A code of the authenticator app, by its name.
    TotpCode { device: Option<String> },
    /// A code that was sent.
    SentCode { sent: Sent, again: bool },
    /// One of several factors, each with the masked address that its codes go to.
    SelectFactor { choices: Vec<(Factor, Option<String>)> },
}

/// Where a code went, and when.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(super) medium: Medium,
    /// The address as far as it may be shown.
    pub(super) shown: String,
    pub(super) is_masked: bool,
    pub(super) at: Timestamp,
}

impl Sent {
    /// Masked: the reader need not know the address.
    pub(super) fn of(delivery: &Delivery, at: Timestamp) -> Self {
        Self { medium: delivery.medium, shown: delivery.masked(), is_masked: true, at }
    }

    /// Whole where it is what the reader has typed: so it can be checked.
    pub(super) fn typed_here(delivery: &Delivery, typed: &[&str], at: Timestamp) -> Self {
        let is_typed = typed.iter().any(|typed| delivery.address.eq_ignore_ascii_case(typed));
        let shown = if is_typed { delivery.address.clone() } else { delivery.masked() };
        Self { medium: delivery.medium, shown, is_masked: !is_typed, at }
    }
}

/// What the sign-in page has to tell.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum News {
    /// The account is made, and nothing is to be confirmed.
    AccountCreated,
    /// The account is made, and an administrator has to confirm it.
    AccountWaits,
    /// The new password is in force.
    PasswordChanged,
}

impl News {
    pub(super) fn notice(self) -> Notice {
        match self {
            Self::AccountCreated => Notice::AccountCreated,
            Self::AccountWaits => Notice::AccountWaits,
            Self::PasswordChanged => Notice::PasswordChanged,
        }
    }
}

impl Carry for Step {
    /// As long as nothing is proven, a step may take its time.
    fn lifetime(&self) -> SignedDuration {
        match self {
            Self::SignIn(_) | Self::SignUp | Self::Forgot | Self::Reset(_) => FORM_LIFETIME,
            Self::Challenge(_) => PAGE_LIFETIME,
        }
    }
}

impl Step {
    /// Whose it is, as typed; empty where nobody said.
    pub(super) fn username(&self) -> &str {
        match self {
            Self::SignIn(step) => &step.username,
            Self::Reset(step) => &step.username,
            Self::Challenge(step) => &step.username,
            Self::SignUp | Self::Forgot => "",
        }
    }

    /// The beginning.
    pub(super) fn sign_in() -> Self {
        Self::SignIn(SignInStep::default())
    }

    /// The sign-in page with something to tell.
    pub(super) fn sign_in_with(username: &str, news: Option<News>) -> Self {
        Self::SignIn(SignInStep { username: username.to_owned(), news })
    }

    /// The step of a page that may be opened at any time.
    pub(super) fn entrance(path: &str) -> Option<Self> {
        [Self::sign_in(), Self::SignUp, Self::Forgot].into_iter().find(|step| step.path().eq_ignore_ascii_case(path))
    }

    /// The path of its page.
    pub(crate) fn path(&self) -> &'static str {
        match self {
            Self::SignIn(_) => path::SIGN_IN,
            Self::SignUp => path::SIGN_UP,
            Self::Forgot => path::FORGOT,
            Self::Reset(_) => path::RESET,
            Self::Challenge(step) => match step.asked {
                Asked::Confirmation(_) => path::CONFIRM,
                Asked::NewPassword { .. } => path::NEW_PASSWORD,
                Asked::SetUpTotp { .. } => path::SET_UP_FACTOR,
                Asked::TotpCode { .. } | Asked::SentCode { .. } => path::FACTOR,
                Asked::SelectFactor { .. } => path::SELECT_FACTOR,
            },
        }
    }

    /// What its page says is wrong when it is opened.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let message = match self {
            Self::Reset(step) => step.demanded.then_some(Message::ResetRequired),
            Self::Challenge(ChallengeStep { asked: Asked::Confirmation(confirmation), .. }) => {
                (confirmation.asked_by == AskedBy::SignIn).then_some(Message::NotConfirmed)
            }
            _ => None,
        };
        message.map(Problem::of_form).into_iter().collect()
    }
}
