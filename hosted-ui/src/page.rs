//! The pages as values: one variant a screen, each with everything it shows.
//!
//! A form posts to [`FormState::action`] as `application/x-www-form-urlencoded` with the hidden fields `csrf` and
//! `state` and the fields named in each struct's documentation. Links are addresses; an absent one is not shown.

use std::fmt;

use crate::message::{Notice, Problem, Reason};

/// A page to render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Username and password, and other ways in.
    SignIn(SignIn),
    /// A new account.
    SignUp(SignUp),
    /// The code that proves an address after sign-up.
    Confirm(SentCode),
    /// Asks for the account whose password is forgotten.
    Forgot(Forgot),
    /// Code and new password.
    Reset(Reset),
    /// A new password in place of a temporary one.
    NewPassword(NewPassword),
    /// Enrols an authenticator app.
    TotpSetup(TotpSetup),
    /// The code an authenticator app shows.
    TotpCode(TotpCode),
    /// The code sent by SMS or mail as a second factor.
    MfaCode(SentCode),
    /// Which second factor.
    SelectMfa(SelectMfa),
    /// The link of a mail has confirmed the account.
    Confirmed(Confirmed),
    /// The session has ended.
    SignedOut(SignedOut),
    /// Nothing can go on from here.
    Error(ErrorPage),
}

/// What every form carries.
#[derive(Clone, PartialEq, Eq)]
pub struct FormState {
    /// Where the form posts to, same origin.
    pub action: String,
    /// The token against forged requests: hidden field `csrf`.
    pub csrf: String,
    /// The sealed state of the sign-in: hidden field `state`. Opaque here.
    pub state: String,
}

impl fmt::Debug for FormState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormState").field("action", &self.action).field("csrf", &"***").field("state", &"***").finish()
    }
}

/// What a pool's users sign in with: decides label, keyboard and autofill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameKind {
    /// A username.
    Username,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// An e-mail address or a phone number.
    EmailOrPhone,
    /// A username or one of its aliases.
    Any,
}

/// Fields: `username`, `password`. With scripts and SRP nothing of this is posted: see the crate's documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The form.
    pub form: FormState,
    /// What users sign in with.
    pub kind: UsernameKind,
    /// What was typed before, or `login_hint`.
    pub username: String,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news.
    pub notice: Option<Notice>,
    /// Whether there is a form for passwords at all, and what may become of one.
    pub password: PasswordEntry,
    /// Other ways in, in order.
    pub providers: Vec<ProviderButton>,
    /// The sign-up page, where the pool allows it.
    pub sign_up: Option<String>,
    /// The recovery page, where the pool allows it.
    pub forgot: Option<String>,
}

/// How the sign-in page takes passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordEntry {
    /// SRP with scripts; posted over TLS without.
    Allowed,
    /// SRP or nothing: without scripts the page says so, and the form cannot post a password.
    SrpOnly,
    /// Only providers.
    Absent,
}

/// A way in through somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderButton {
    /// What people call it.
    pub name: String,
    /// Begins the round trip.
    pub href: String,
    /// Which mark it bears.
    pub mark: ProviderMark,
    /// Whether this browser used it last.
    pub last_used: bool,
}

/// A provider's mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderMark {
    /// Google's.
    Google,
    /// Apple's.
    Apple,
    /// Facebook's.
    Facebook,
    /// A picture of the customer's.
    Image(String),
    /// The first letter of the name.
    Initial,
}

/// An attribute asked for. Posted under its own attribute name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The attribute's name, such as `given_name` or `custom:team`; the form field's name too.
    pub attribute: String,
    /// What was typed before.
    pub value: String,
    /// Whether it may stay empty.
    pub required: bool,
}

impl Field {
    /// A required attribute, empty.
    pub fn required(attribute: impl Into<String>) -> Self {
        Self { attribute: attribute.into(), value: String::new(), required: true }
    }
}

/// A pool's password policy as people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// Least number of characters.
    pub length: u32,
    /// Needs `a`–`z`.
    pub lower: bool,
    /// Needs `A`–`Z`.
    pub upper: bool,
    /// Needs `0`–`9`.
    pub digit: bool,
    /// Needs one of Cognito's symbols, or a space that is not at an end.
    pub symbol: bool,
    /// Must differ from this many former passwords; 0 where that is not asked, or nothing is known of them.
    pub history: u32,
}

/// Fields: `username` (where `username` is given), the attributes by name, `password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUp {
    /// The form.
    pub form: FormState,
    /// What users sign in with; with `Email`, `Phone` or `EmailOrPhone` the field `username` takes that, and
    /// `fields` should not ask for it again.
    pub kind: UsernameKind,
    /// What was typed before.
    pub username: String,
    /// The pool's required attributes.
    pub fields: Vec<Field>,
    /// The policy.
    pub rules: PasswordRules,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The sign-in page.
    pub sign_in: String,
}

/// How a code travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
}

/// Where a code went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// How.
    pub medium: Medium,
    /// The masked address or number, such as `a***@e***`.
    pub masked: String,
}

/// Asking for a new code: a form of its own with `csrf` and `state`, no other field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resend {
    /// Where it posts to.
    pub action: String,
    /// Seconds until the server will send again. Counted down with scripts; the server decides.
    pub wait: u32,
}

/// Field: `code`. For [`Page::Confirm`] and [`Page::MfaCode`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// The form.
    pub form: FormState,
    /// Whose code it is, as typed.
    pub username: String,
    /// Where it went; `None` where that is not to be said.
    pub destination: Option<Destination>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news, such as a code sent again.
    pub notice: Option<Notice>,
    /// Ask for another.
    pub resend: Option<Resend>,
    /// Another factor ([`Page::MfaCode`]).
    pub other: Option<String>,
    /// The way back.
    pub back: Option<String>,
}

/// Field: `username`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgot {
    /// The form.
    pub form: FormState,
    /// What users sign in with.
    pub kind: UsernameKind,
    /// What was typed before.
    pub username: String,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The sign-in page.
    pub sign_in: String,
}

/// Fields: `code`, `password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// The form.
    pub form: FormState,
    /// Whose password: shown to password managers.
    pub username: String,
    /// Where the code went; `None` where that is not to be said.
    pub destination: Option<Destination>,
    /// The policy.
    pub rules: PasswordRules,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news.
    pub notice: Option<Notice>,
    /// Ask for another code.
    pub resend: Option<Resend>,
    /// The sign-in page.
    pub sign_in: String,
}

/// Fields: `password`, and the missing attributes by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPassword {
    /// The form.
    pub form: FormState,
    /// Whose password: shown to password managers.
    pub username: String,
    /// Required attributes that have no value yet.
    pub fields: Vec<Field>,
    /// The policy.
    pub rules: PasswordRules,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The way back.
    pub back: Option<String>,
}

/// Fields: `code`, `device_name` (may be empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpSetup {
    /// The form.
    pub form: FormState,
    /// Whose authenticator.
    pub username: String,
    /// The key.
    pub key: TotpKey,
    /// The name typed before.
    pub device_name: String,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The way back.
    pub back: Option<String>,
}

/// An authenticator's key, in its two spellings.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey {
    /// In base32, ungrouped.
    pub secret: String,
    /// The `otpauth://` URI that the picture carries. Past 1,200 bytes no picture is drawn.
    pub uri: String,
}

impl fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Field: `code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpCode {
    /// The form.
    pub form: FormState,
    /// Whose code.
    pub username: String,
    /// The authenticator's name, where it has one.
    pub device_name: Option<String>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Another factor.
    pub other: Option<String>,
    /// The way back.
    pub back: Option<String>,
}

/// Field: `choice`, the value of one of the choices (Cognito's challenge names).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectMfa {
    /// The form.
    pub form: FormState,
    /// Whose sign-in.
    pub username: String,
    /// What there is; the first is chosen already.
    pub choices: Vec<Factor>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The way back.
    pub back: Option<String>,
}

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Factor {
    /// `SOFTWARE_TOKEN_MFA`.
    Totp,
    /// `SMS_MFA`; masked number.
    Sms(String),
    /// `EMAIL_OTP`; masked address.
    Email(String),
}

impl Factor {
    /// The value posted as `choice`.
    pub fn value(&self) -> &'static str {
        match self {
            Self::Totp => "SOFTWARE_TOKEN_MFA",
            Self::Sms(_) => "SMS_MFA",
            Self::Email(_) => "EMAIL_OTP",
        }
    }
}

/// No form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOut {
    /// A fresh sign-in, where the app is known.
    pub sign_in: Option<String>,
    /// The app, where its address is known.
    pub app: Option<String>,
}

/// No form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The app, where its address is known.
    pub app: Option<String>,
}

/// No form. Shows the frame's request id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPage {
    /// The error's code as protocols spell it, such as `invalid_request`.
    pub code: String,
    /// The sentence.
    pub reason: Reason,
    /// The way back, where one is known.
    pub back: Option<String>,
}

impl Page {
    /// What went wrong, where the page has a form.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::SignIn(page) => &page.problems,
            Self::SignUp(page) => &page.problems,
            Self::Confirm(page) | Self::MfaCode(page) => &page.problems,
            Self::Forgot(page) => &page.problems,
            Self::Reset(page) => &page.problems,
            Self::NewPassword(page) => &page.problems,
            Self::TotpSetup(page) => &page.problems,
            Self::TotpCode(page) => &page.problems,
            Self::SelectMfa(page) => &page.problems,
            Self::Confirmed(_) | Self::SignedOut(_) | Self::Error(_) => &[],
        }
    }
}
