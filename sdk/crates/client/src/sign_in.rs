//! Signing in: what an app sends, what it is asked in return.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::session::Session;

/// How the password is shown to the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// By proof (USER_SRP_AUTH): it never leaves this machine.
    #[default]
    Srp,
    /// In the request (USER_PASSWORD_AUTH), for pools that migrate users by trigger.
    Password,
}

/// A sign-in with a password.
pub struct SignIn {
    /// User name or alias, as typed.
    pub username: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// How it is shown.
    pub flow: Flow,
}

/// A second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// An authenticator app.
    Totp,
    /// A code by SMS.
    Sms,
    /// A code by e-mail.
    Email,
}

impl Factor {
    /// The word apps use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Factor::Totp => "totp",
            Factor::Sms => "sms",
            Factor::Email => "email",
        }
    }

    /// From the word apps use.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Factor::Totp, Factor::Sms, Factor::Email].into_iter().find(|factor| factor.name() == name)
    }

    /// From Cognito's name of the challenge.
    pub(crate) fn from_challenge(name: &str) -> Option<Self> {
        match name {
            "SOFTWARE_TOKEN_MFA" => Some(Factor::Totp),
            "SMS_MFA" => Some(Factor::Sms),
            "EMAIL_OTP" | "EMAIL_MFA" => Some(Factor::Email),
            _ => None,
        }
    }

    /// Cognito's name of the challenge.
    pub(crate) fn challenge(self) -> &'static str {
        match self {
            Factor::Totp => "SOFTWARE_TOKEN_MFA",
            Factor::Sms => "SMS_MFA",
            Factor::Email => "EMAIL_OTP",
        }
    }
}

/// Where a code went, masked by the service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// `SMS` or `EMAIL`.
    pub medium: Option<String>,
    /// `j***@e***`
    pub destination: Option<String>,
    /// `email` or `phone_number`.
    pub attribute: Option<String>,
}

/// What comes next.
pub struct Step {
    /// The handle [`crate::Auth::answer`] takes; none when nothing is asked.
    pub id: Option<u32>,
    /// What is asked.
    pub ask: Ask,
}

/// What a sign-in asks of the user.
pub enum Ask {
    /// Nothing: signed in.
    Done(Rc<Session>),
    /// The code of the authenticator app.
    Totp {
        /// The name the user gave the authenticator.
        device_name: Option<String>,
    },
    /// Enrolling an authenticator app.
    TotpSetup {
        /// The secret, base32.
        secret: Zeroizing<String>,
        /// User name for the label of an `otpauth:` address.
        username: String,
    },
    /// Choosing a second factor; answered with [`Answer::choice`].
    ChooseMfa(Vec<Factor>),
    /// A code sent by SMS or e-mail.
    Code(Delivery),
    /// A new password in place of a temporary one; answered with [`Answer::password`].
    NewPassword {
        /// Attributes that must be given with it.
        required: Vec<String>,
    },
    /// The code sent at sign-up; signs in afterwards.
    ConfirmSignUp,
    /// The code an administrator's reset sent, with a new password; signs in afterwards.
    ResetRequired,
}

/// An answer to a [`Step`]; each kind of step reads its own members.
#[derive(Default)]
pub struct Answer {
    /// The code.
    pub code: Option<Zeroizing<String>>,
    /// The new password.
    pub password: Option<Zeroizing<String>>,
    /// The chosen factor.
    pub choice: Option<Factor>,
    /// Attributes given with a new password.
    pub attributes: Vec<(String, String)>,
    /// What to call the new authenticator.
    pub device_name: Option<String>,
}
