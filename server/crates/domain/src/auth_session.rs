//! Where a sign-in stands between two of its steps.

use jiff::Timestamp;
use protocol::idp::AuthFlowType;
use protocol::{Blob, Sensitive};
use serde::{Deserialize, Serialize};

use crate::{Client, ClientId, DeviceKey, Factor, Medium, PoolId, Reason, Sub, User, Username};

/// Answers that a sign-in remembers at most: the whole of it travels in Session, which is capped at 4,096 characters.
const MOST_ANSWERS: usize = 16;

/// What is proven so far, and what is asked. It travels sealed, in Session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthSession {
    /// The pool signed in to.
    pub pool: PoolId,
    /// The client that asks.
    pub client: ClientId,
    /// Who signs in.
    pub username: Username,
    /// The same: usernames can be given anew, subs never.
    pub sub: Sub,
    /// Salt of the password that was proven: one set since then ends the sign-in.
    pub proven_with: Option<Blob>,
    /// A device that the app named and we know.
    pub device: Option<DeviceKey>,
    /// The flow that it began with.
    pub flow: AuthFlowType,
    /// What has been answered, in order. Custom challenges will stand here, too; what they carry beside that and does
    /// not fit into a Session belongs in the store.
    pub history: Vec<AnsweredChallenge>,
    /// The second factor that the user has chosen.
    pub chosen: Option<Factor>,
    /// Which answer the Session stands open for.
    pub pending: PendingChallenge,
}

/// One challenge that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnsweredChallenge {
    /// The password, by SRP or in clear.
    Password,
    /// A new password in the place of a temporary one.
    NewPassword,
    /// A code by SMS.
    Sms,
    /// A code of an authenticator app.
    Totp,
    /// A code by mail.
    Email,
    /// A remembered device.
    Device,
    /// A challenge of the pool's own functions.
    Custom {
        /// Whether the answer was right.
        right: bool,
        /// What the pool's function noted with it.
        metadata: Option<String>,
    },
}

impl AnsweredChallenge {
    /// The answer by which a second factor is proven.
    pub fn of_factor(factor: Factor) -> Self {
        match factor {
            Factor::Sms => Self::Sms,
            Factor::Totp => Self::Totp,
            Factor::Email => Self::Email,
        }
    }

    /// Whether it counts as the second factor: one, or a remembered device in its place.
    fn is_second_factor(&self) -> bool {
        matches!(self, Self::Sms | Self::Totp | Self::Email | Self::Device)
    }

    /// The name of the method in `amr` (RFC 8176, and Cognito's own for codes that are sent).
    fn amr(&self) -> Option<&'static str> {
        match self {
            Self::Password => Some("pwd"),
            Self::Sms => Some("sms"),
            Self::Totp => Some("otp"),
            Self::Email => Some("email_otp"),
            Self::NewPassword | Self::Device | Self::Custom { .. } => None,
        }
    }
}

/// Authentication methods, as `amr` lists them: each once, and `mfa` where there are several.
pub fn derive_amr(history: &[AnsweredChallenge]) -> Vec<&'static str> {
    let mut methods: Vec<&'static str> = Vec::new();
    for method in history.iter().filter_map(AnsweredChallenge::amr) {
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    if methods.len() > 1 {
        methods.push("mfa");
    }
    methods
}

/// Which answer a Session stands open for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PendingChallenge {
    /// None: a step is still running.
    None,
    /// The confirmation of the sign-up.
    Confirmation,
    /// A new password.
    NewPassword,
    /// A code of the authenticator app.
    Totp,
    /// A code that was sent.
    SentCode {
        /// By what.
        medium: Medium,
        /// The code.
        digits: Sensitive,
        /// The address that it proves.
        address: String,
        /// When the code ends; None where it lasts as long as the Session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// One of these factors.
    SelectFactor(Vec<Factor>),
    /// A factor that is to be registered.
    SetUp {
        /// Whether the authenticator app has shown a code.
        verified: bool,
    },
    /// A of a device's proof.
    DeviceSrp,
    /// A device's proof.
    DevicePasswordVerifier,
}

impl AuthSession {
    /// The state once the password is proven.
    pub fn begin(client: &Client, user: &User, flow: AuthFlowType, device: Option<DeviceKey>) -> Self {
        Self {
            pool: client.pool.clone(),
            client: client.id.clone(),
            username: user.username.clone(),
            sub: user.sub.clone(),
            proven_with: user.password_salt().cloned(),
            device,
            flow,
            history: vec![AnsweredChallenge::Password],
            chosen: None,
            pending: PendingChallenge::None,
        }
    }

    /// The state after one more answer; nothing is asked any more.
    ///
    /// # Errors
    /// [`Reason::SessionInvalid`] once the Session would grow too long.
    pub fn answered(mut self, answer: AnsweredChallenge) -> Result<Self, Reason> {
        if self.history.len() >= MOST_ANSWERS {
            return Err(Reason::SessionInvalid);
        }
        self.history.push(answer);
        self.pending = PendingChallenge::None;
        Ok(self)
    }

    /// The same state, standing open for an answer.
    #[must_use]
    pub fn awaiting(&self, pending: PendingChallenge) -> Self {
        Self { pending, ..self.clone() }
    }

    /// Whether a second factor, or a remembered device in its place, is proven.
    pub fn has_second_factor(&self) -> bool {
        self.history.iter().any(AnsweredChallenge::is_second_factor)
    }

    /// Whether the user is still the one who began, with the password that was proven, and not shut out meanwhile.
    ///
    /// # Errors
    /// Why the sign-in cannot go on.
    pub fn check_user(&self, user: &User) -> Result<(), Reason> {
        if user.sub != self.sub {
            return Err(Reason::UserNotFound);
        }
        if user.password_salt() != self.proven_with.as_ref() {
            return Err(Reason::SessionInvalid);
        }
        if user.enabled { Ok(()) } else { Err(Reason::UserDisabled) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_listed_once_and_several_are_mfa() {
        use AnsweredChallenge as A;
        for (history, expected) in [
            (vec![A::Password], vec!["pwd"]),
            (vec![A::Password, A::NewPassword], vec!["pwd"]),
            (vec![A::Password, A::Device], vec!["pwd"]),
            (vec![A::Password, A::Totp], vec!["pwd", "otp", "mfa"]),
            (vec![A::Password, A::NewPassword, A::Sms, A::Sms], vec!["pwd", "sms", "mfa"]),
            (vec![A::Email], vec!["email_otp"]),
            (vec![A::Custom { right: true, metadata: None }], vec![]),
            (vec![], vec![]),
        ] {
            assert_eq!(derive_amr(&history), expected, "{history:?}");
        }
    }

    #[test]
    fn digits_are_not_shown() {
        let digits = "271828";
        let pending = PendingChallenge::SentCode {
            medium: Medium::Email,
            digits: digits.into(),
            address: "ada@example.com".to_owned(),
            ends_at: None,
        };
        assert!(!format!("{pending:?}").contains(digits));
    }
}
