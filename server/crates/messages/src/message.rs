//! A message, and whoever takes it.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Serialize, Serializer};
use zeroize::Zeroize as _;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// mail
    Email,
    /// SMS
    Sms,
}

impl Channel {
    /// `email` or `sms`, as the dev mailbox says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
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

impl Purpose {
    /// The purpose that [`Purpose::as_str`] names.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::SignUp,
            Self::ResendCode,
            Self::ForgotPassword,
            Self::VerifyUserAttribute,
            Self::Invitation,
            Self::Authentication,
        ];
        all.into_iter().find(|purpose| purpose.as_str() == word)
    }

    /// The word of Cognito's custom message trigger, which says the same after its `CustomMessage_`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "SignUp",
            Self::ResendCode => "ResendCode",
            Self::ForgotPassword => "ForgotPassword",
            Self::VerifyUserAttribute => "VerifyUserAttribute",
            Self::Invitation => "AdminCreateUser",
            Self::Authentication => "Authentication",
        }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Purpose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// How a mail's HTML part names the [`Message::logo`] (RFC 2392).
pub const LOGO: &str = "logo@mail";

/// A picture that travels inside of a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Such as `image/png`.
    pub media_type: String,
    /// The file.
    pub bytes: Arc<[u8]>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// Whose message it is, as people know them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The name.
    pub name: String,
    /// What stands above the words of a mail that we lay out; without one the name does.
    pub logo: Option<Picture>,
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
    /// mail's subject: one line, at most 140 characters
    pub subject: Option<String>,
    /// plain text, always there
    pub text: String,
    /// mail's HTML part
    pub html: Option<String>,
    /// what the HTML part shows as `cid:` and [`LOGO`]
    pub logo: Option<Picture>,
    /// the code within, bare; an invitation's temporary password
    pub code: Option<String>,
    /// the link within
    pub link: Option<String>,
    /// who sends it, where the pool says so (`NAME <ADDRESS>` or an address)
    pub from: Option<String>,
    /// where answers go, where the pool says so
    pub reply_to: Option<String>,
}

/// A code is told in the text, too.
impl Drop for Message {
    fn drop(&mut self) {
        self.text.zeroize();
        for secret in [&mut self.html, &mut self.code, &mut self.link] {
            secret.zeroize();
        }
    }
}

/// Address, text and code are for the recipient alone.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("channel", &self.channel)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// Why a message did not leave. For the operator: it names no address and quotes nothing of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent {
    reason: String,
    is_permanent: bool,
}

impl NotSent {
    /// It may leave when it is tried again.
    pub fn for_now(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_permanent: false }
    }

    /// It would be refused again.
    pub fn for_good(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_permanent: true }
    }

    /// Whether it would be refused again.
    pub fn is_permanent(&self) -> bool {
        self.is_permanent
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for NotSent {}

/// Where messages go.
#[async_trait]
pub trait MessageSender: Send + Sync {
    /// Hands the message over; it has left (or is in the mailbox) when this returns.
    async fn send(&self, message: Message) -> Result<(), NotSent>;

    /// Whether that takes no time worth telling: nobody else is asked.
    fn is_instant(&self) -> bool {
        false
    }
}

/// Takes nothing: no mail server was set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSender;

#[async_trait]
impl MessageSender for NoSender {
    fn is_instant(&self) -> bool {
        true
    }

    async fn send(&self, message: Message) -> Result<(), NotSent> {
        Err(NotSent::for_good(match message.channel {
            Channel::Email => "no mail server is set up: the setting smtp-url names one".to_owned(),
            Channel::Sms => NO_CARRIER.to_owned(),
        }))
    }
}

/// What is said of every SMS outside of dev mode.
pub(crate) const NO_CARRIER: &str = "SMS has no carrier: this release sends mail only";
