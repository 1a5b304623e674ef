//! Mail and SMS: what is said, and how it leaves.

use async_trait::async_trait;
use std::fmt;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// mail
    Email,
    /// SMS
    Sms,
}

/// Why a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// code of a sign-up
    SignUp,
    /// the same, sent again
    ResendCode,
    /// code of a password reset
    ForgotPassword,
    /// code of a changed attribute
    VerifyUserAttribute,
    /// a user made by an administrator
    Invitation,
    /// code of a second factor
    Authentication,
}

/// One message, worded and addressed.
#[derive(Clone)]
pub struct Message {
    /// mail or SMS
    pub channel: Channel,
    /// the address
    pub to: String,
    /// why
    pub purpose: Purpose,
    /// mail's subject
    pub subject: Option<String>,
    /// plain text, always there
    pub text: String,
    /// mail's HTML part
    pub html: Option<String>,
    /// the code within, bare
    pub code: Option<String>,
    /// the link within
    pub link: Option<String>,
    /// who sends it, where the pool says so
    pub from: Option<String>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("channel", &self.channel).field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// Why a message did not leave.
#[derive(Clone, Debug)]
pub struct NotSent(pub String);

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotSent {}

/// Where messages go.
#[async_trait]
pub trait Post: Send + Sync {
    /// Hands the message over; it has left (or is in the mailbox) when this returns.
    async fn send(&self, message: Message) -> Result<(), NotSent>;
}

/// Which of the pool's wordings a message takes.
pub type Kind = Purpose;

/// What a wording may say.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// `{username}`
    pub username: &'a str,
    /// `{####}`
    pub code: &'a str,
    /// Address of `{##Click here##}`, where codes are links.
    pub link: Option<&'a str>,
}

/// Words a message as the pool's templates say.
pub fn word(_pool: &domain::Pool, kind: Kind, delivery: &domain::Delivery, values: &Values<'_>) -> Message {
    let channel = match delivery.medium {
        domain::Medium::Email => Channel::Email,
        domain::Medium::Sms => Channel::Sms,
    };
    Message {
        channel,
        to: delivery.address.clone(),
        purpose: kind,
        subject: None,
        text: format!("Your verification code is {}. ", values.code),
        html: None,
        code: Some(values.code.to_owned()),
        link: values.link.map(str::to_owned),
        from: None,
    }
}
