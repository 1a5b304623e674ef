//! What the values of several pages hold. The pages themselves stand in `pages`.
//!
//! A form posts to [`FormState::action`] as `application/x-www-form-urlencoded` with the hidden fields `csrf` and
//! `state` and the fields named in each struct's documentation. Links are addresses; an absent one is not shown.

use std::fmt;

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
    /// The address or number: masked, such as `a***@e***`, or whole where the reader has just typed it.
    pub shown: String,
}

/// Asking for a new code: a form of its own with `csrf` and `state`, no other field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resend {
    /// Where it posts to.
    pub action: String,
    /// Seconds until the server will send again. Counted down with scripts; the server decides.
    pub wait: u32,
}
