//! What a page can tell its reader: problems, notices and the reasons of the error page, each a key into the words.
//!
//! The door that renders a page (and the JSON answers of its SRP handler) picks a value; the text follows the
//! reader's language.

use crate::words::{Words, fill};

/// What is wrong, said above the form and at the field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub enum Message {
    /// Username and password do not match, or there is no such user.
    WrongCredentials,
    /// The user is disabled.
    AccountDisabled,
    /// The user has not confirmed the sign-up.
    NotConfirmed,
    /// The link that confirms the sign-up was not opened yet.
    LinkNotOpened,
    /// Only an administrator can confirm the sign-up.
    AwaitsAdministrator,
    /// Only an administrator can reset the password.
    RecoveryByAdministrator,
    /// An administrator reset the password.
    ResetRequired,
    /// Lockout, or a rate limit on tries.
    TooManyAttempts,
    /// The limit on codes.
    TooManyCodes,
    /// The code is not the one that was sent, or that the authenticator shows.
    WrongCode,
    /// The code was right once.
    ExpiredCode,
    /// The password breaks a rule of the pool.
    PasswordPolicy,
    /// The password was used before.
    PasswordHistory,
    /// The password that was to be changed is another one.
    WrongPassword,
    /// The username is taken.
    UsernameTaken,
    /// The e-mail address or phone number is another user's.
    AliasTaken,
    /// A field is empty; its label.
    FieldRequired(String),
    /// A field's value is not accepted; its label.
    FieldInvalid(String),
    /// Not an e-mail address.
    EmailInvalid,
    /// Not a phone number in E.164 form.
    PhoneInvalid,
    /// A name that nobody can have.
    UsernameInvalid,
    /// A name of the form of an address, which is another way to sign in.
    UsernameLikeAddress,
    /// Not a day on which a living person can be born.
    BirthdateInvalid,
    /// The sealed state is too old or was used before: the sign-in starts over.
    SessionExpired,
    /// A temporary password was not replaced in time.
    TemporaryPasswordExpired,
    /// The CSRF token does not fit: the same form is shown afresh.
    FormStale,
    /// The browser keeps no cookies.
    CookiesNeeded,
    /// The first code of an authenticator does not fit its key.
    SecretRefused,
    /// Mail or SMS failed.
    CannotDeliver,
    /// Sign-up is for administrators only.
    SignUpClosed,
    /// The client's settings forbid this.
    NotAllowed,
    /// A password was posted to an SRP-only client.
    PasswordNeedsScripts,
    /// An internal error.
    SomethingWrong,
    /// Somebody else's words, shown as they are: a Lambda trigger's error.
    Foreign(String),
}

impl Message {
    /// The message in a language.
    pub fn text(&self, words: &Words) -> String {
        let plain = match self {
            Self::WrongCredentials => &words.wrong_credentials,
            Self::AccountDisabled => &words.account_disabled,
            Self::NotConfirmed => &words.not_confirmed,
            Self::LinkNotOpened => &words.link_not_opened,
            Self::AwaitsAdministrator => &words.awaits_administrator,
            Self::RecoveryByAdministrator => &words.recovery_by_administrator,
            Self::ResetRequired => &words.reset_required,
            Self::TooManyAttempts => &words.too_many_attempts,
            Self::TooManyCodes => &words.too_many_codes,
            Self::WrongCode => &words.wrong_code,
            Self::ExpiredCode => &words.expired_code,
            Self::PasswordPolicy => &words.password_policy,
            Self::PasswordHistory => &words.password_history,
            Self::WrongPassword => &words.wrong_password,
            Self::UsernameTaken => &words.username_taken,
            Self::AliasTaken => &words.alias_taken,
            Self::FieldRequired(field) => return fill(&words.field_required, &[("field", field)]),
            Self::FieldInvalid(field) => return fill(&words.field_invalid, &[("field", field)]),
            Self::EmailInvalid => &words.email_invalid,
            Self::PhoneInvalid => &words.phone_invalid,
            Self::UsernameInvalid => &words.username_invalid,
            Self::UsernameLikeAddress => &words.username_like_address,
            Self::BirthdateInvalid => &words.birthdate_invalid,
            Self::SessionExpired => &words.session_expired,
            Self::TemporaryPasswordExpired => &words.temporary_password_expired,
            Self::FormStale => &words.form_stale,
            Self::CookiesNeeded => &words.cookies_needed,
            Self::SecretRefused => &words.secret_refused,
            Self::CannotDeliver => &words.cannot_deliver,
            Self::SignUpClosed => &words.sign_up_closed,
            Self::NotAllowed => &words.not_allowed,
            Self::PasswordNeedsScripts => &words.password_needs_scripts,
            Self::SomethingWrong => &words.something_wrong,
            Self::Foreign(text) => return text.clone(),
        };
        plain.clone().into_owned()
    }

    /// A stable code for the JSON answers of the SRP handler.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::AccountDisabled => "account_disabled",
            Self::NotConfirmed => "not_confirmed",
            Self::LinkNotOpened => "link_not_opened",
            Self::AwaitsAdministrator => "awaits_administrator",
            Self::RecoveryByAdministrator => "recovery_by_administrator",
            Self::ResetRequired => "reset_required",
            Self::TooManyAttempts => "too_many_attempts",
            Self::TooManyCodes => "too_many_codes",
            Self::WrongCode => "wrong_code",
            Self::ExpiredCode => "expired_code",
            Self::PasswordPolicy => "password_policy",
            Self::PasswordHistory => "password_history",
            Self::WrongPassword => "wrong_password",
            Self::UsernameTaken => "username_taken",
            Self::AliasTaken => "alias_taken",
            Self::FieldRequired(_) => "field_required",
            Self::FieldInvalid(_) => "field_invalid",
            Self::EmailInvalid => "email_invalid",
            Self::PhoneInvalid => "phone_invalid",
            Self::UsernameInvalid => "username_invalid",
            Self::UsernameLikeAddress => "username_like_address",
            Self::BirthdateInvalid => "birthdate_invalid",
            Self::SessionExpired => "session_expired",
            Self::TemporaryPasswordExpired => "temporary_password_expired",
            Self::FormStale => "form_stale",
            Self::CookiesNeeded => "cookies_needed",
            Self::SecretRefused => "secret_refused",
            Self::CannotDeliver => "cannot_deliver",
            Self::SignUpClosed => "sign_up_closed",
            Self::NotAllowed => "not_allowed",
            Self::PasswordNeedsScripts => "password_needs_scripts",
            Self::SomethingWrong => "something_wrong",
            Self::Foreign(_) => "foreign",
        }
    }
}

/// A message and the form field it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct Problem {
    /// The `name` of the field; `None` for the form as a whole.
    pub field: Option<String>,
    /// What is wrong.
    pub message: Message,
}

impl Problem {
    /// A problem of the whole form.
    pub fn of_form(message: Message) -> Self {
        Self { field: None, message }
    }

    /// A problem of one field, by its form name.
    pub fn of_field(field: impl Into<String>, message: Message) -> Self {
        Self { field: Some(field.into()), message }
    }
}

/// Good news above a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The session has ended.
    SignedOut,
    /// A new password is in force, and is to be signed in with now.
    PasswordChanged,
    /// A new password is in force, and the session goes on.
    PasswordSaved,
    /// The sign-up is done and needs no confirmation.
    AccountCreated,
    /// The sign-up is done, and an administrator has to confirm it.
    AccountWaits,
    /// A new code was sent; where to.
    CodeSent(String),
    /// A new link was sent; where to.
    LinkSent(String),
    /// A new code was sent, or would have been if the user existed; where to.
    CodeSentPerhaps(String),
}

impl Notice {
    /// The notice in a language.
    pub fn text(&self, words: &Words) -> String {
        let plain = match self {
            Self::SignedOut => &words.notice_signed_out,
            Self::PasswordChanged => &words.notice_password_changed,
            Self::PasswordSaved => &words.notice_password_saved,
            Self::AccountCreated => &words.notice_account_created,
            Self::CodeSent(to) => return fill(&words.notice_code_sent, &[("destination", to)]),
            Self::AccountWaits => &words.notice_account_waits,
            Self::LinkSent(to) => return fill(&words.notice_link_sent, &[("destination", to)]),
            Self::CodeSentPerhaps(to) => return fill(&words.notice_code_sent_perhaps, &[("destination", to)]),
        };
        plain.clone().into_owned()
    }
}

/// Why the error page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Unknown client.
    Client,
    /// The redirect address is not registered.
    Redirect,
    /// The request lacks something or contradicts itself.
    Request,
    /// No such pool or domain.
    Pool,
    /// No such page.
    NotFound,
    /// An internal error.
    Server,
    /// Too many requests.
    Busy,
    /// A sign-in that was begun too long ago.
    Expired,
    /// The link of a mail that confirms nothing (any more).
    Link,
    /// A provider's answer that belongs to nothing begun here.
    Interrupted,
    /// A way in that has no behaviour yet.
    NotYet,
}

impl Reason {
    /// The page's heading in a language.
    pub fn heading(self, words: &Words) -> &str {
        match self {
            Self::Client => &words.error_client_heading,
            Self::Redirect => &words.error_redirect_heading,
            Self::Request => &words.error_request_heading,
            Self::Pool | Self::NotFound => &words.error_not_found_heading,
            Self::Server => &words.error_server_heading,
            Self::Busy => &words.error_busy_heading,
            Self::Link => &words.error_link_heading,
            Self::Expired | Self::Interrupted => &words.error_interrupted_heading,
            Self::NotYet => &words.error_not_yet_heading,
        }
    }

    /// The sentence in a language.
    pub fn text(self, words: &Words) -> &str {
        match self {
            Self::Client => &words.reason_client,
            Self::Redirect => &words.reason_redirect,
            Self::Request => &words.reason_request,
            Self::Pool => &words.reason_pool,
            Self::NotFound => &words.reason_not_found,
            Self::Server => &words.reason_server,
            Self::Busy => &words.reason_busy,
            Self::Expired => &words.session_expired,
            Self::Link => &words.reason_link,
            Self::Interrupted => &words.reason_interrupted,
            Self::NotYet => &words.reason_not_yet,
        }
    }
}
