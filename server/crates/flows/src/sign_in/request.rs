//! What a caller sends: the first step of a sign-in, and the answer to a challenge.

use std::collections::BTreeMap;
use std::fmt;

use domain::{DeviceKey, Factor, Medium, PendingChallenge, Reason, Result};
use protocol::Sensitive;
use protocol::idp::AuthFlowType;

use crate::{Ctx, EntryPoint};

/// Bytes of the longest name that a sign-in may begin with.
const LONGEST_NAME: usize = 2_048;

/// A name as somebody typed it to sign in, of a bearable length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedUsername(String);

impl TypedUsername {
    /// The name as typed.
    ///
    /// # Errors
    /// [`Reason::UsernameTooLong`]: no attribute is longer, so the name is nobody's, and nothing is to be remembered
    /// of it.
    pub fn new(typed: impl Into<String>) -> Result<Self> {
        let typed = typed.into();
        if typed.len() > LONGEST_NAME { Err(Reason::UsernameTooLong.into()) } else { Ok(Self(typed)) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first step of a sign-in (InitiateAuth, AdminInitiateAuth, the sign-in page).
#[derive(Clone, Debug)]
pub enum InitiateAuth {
    /// USER_SRP_AUTH
    Srp {
        /// Who signs in.
        username: TypedUsername,
        /// A, in hex.
        srp_a: String,
    },
    /// USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, and the sign-in form without scripts.
    Password {
        /// Who signs in.
        username: TypedUsername,
        /// In clear.
        password: Sensitive,
        /// A device that the app knows from an earlier sign-in.
        device: Option<DeviceKey>,
    },
}

impl InitiateAuth {
    /// The flow that a client must have enabled for this.
    pub(super) fn flow(&self, ctx: &Ctx) -> AuthFlowType {
        match self {
            Self::Srp { .. } => AuthFlowType::UserSrpAuth,
            Self::Password { .. } if ctx.entry_point == EntryPoint::AdminApi => AuthFlowType::AdminUserPasswordAuth,
            Self::Password { .. } => AuthFlowType::UserPasswordAuth,
        }
    }
}

/// Which sign-in an answer belongs to.
#[derive(Clone, Copy, Default)]
pub struct AnsweredSession<'a> {
    /// The Session that came with the challenge.
    pub session: Option<&'a str>,
    /// The user's name, where it was sent along; it must be a name of the session's user.
    pub username: Option<&'a str>,
}

impl fmt::Debug for AnsweredSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnsweredSession").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The answer to a challenge. An empty code or password stands for one that was not sent.
#[derive(Clone, Debug)]
pub enum ChallengeResponse {
    /// PASSWORD_VERIFIER
    PasswordVerifier {
        /// That the password is known.
        proof: SrpProof,
        /// A device that the app knows from an earlier sign-in.
        device: Option<DeviceKey>,
    },
    /// DEVICE_SRP_AUTH
    DeviceSrp {
        /// The device that proves itself.
        device: DeviceKey,
        /// A, in hex.
        srp_a: String,
    },
    /// DEVICE_PASSWORD_VERIFIER
    DevicePasswordVerifier {
        /// That the device's password is known.
        proof: SrpProof,
        /// The device, where it was sent along.
        device: Option<DeviceKey>,
    },
    /// The confirmation of the sign-up, on pages.
    Confirmation {
        /// The code; None where it is said to be confirmed already, by a link or in another browser.
        code: Option<Sensitive>,
    },
    /// NEW_PASSWORD_REQUIRED
    NewPassword {
        /// The new password, in clear.
        password: Sensitive,
        /// Attributes to be written with it.
        attributes: BTreeMap<String, String>,
    },
    /// SOFTWARE_TOKEN_MFA
    Totp {
        /// The code that the authenticator app shows.
        code: Sensitive,
    },
    /// SMS_MFA and EMAIL_OTP
    SentCode {
        /// By what it was sent.
        medium: Medium,
        /// The code.
        code: Sensitive,
    },
    /// SELECT_MFA_TYPE; None where the choice is no factor at all.
    SelectFactor(Option<Factor>),
    /// MFA_SETUP: the factor is registered.
    SetUp,
}

impl ChallengeResponse {
    /// Whether a Session that stands open for `pending` awaits this.
    pub(super) fn answers(&self, pending: &PendingChallenge) -> bool {
        use PendingChallenge as P;
        match (self, pending) {
            (Self::Confirmation { .. }, P::Confirmation)
            | (Self::NewPassword { .. }, P::NewPassword)
            | (Self::Totp { .. }, P::Totp)
            | (Self::SelectFactor(_), P::SelectFactor(_))
            | (Self::SetUp, P::SetUp { .. })
            | (Self::DeviceSrp { .. }, P::DeviceSrp)
            | (Self::DevicePasswordVerifier { .. }, P::DevicePasswordVerifier) => true,
            (Self::SentCode { medium, .. }, P::SentCode { medium: sent_by, .. }) => medium == sent_by,
            _ => false,
        }
    }
}

/// What proves a password by SRP: the signature over the secret block, with the key that both sides derive.
#[derive(Clone, Debug)]
pub struct SrpProof {
    /// The secret block as it was given.
    pub secret_block: Sensitive,
    /// The signature in base64.
    pub signature: Sensitive,
    /// When it was signed, in the words of the client's clock.
    pub timestamp: String,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{NewVerifier, SignUp, TokenSet};

    #[test]
    fn no_secret_is_shown() {
        let canary = "Canary-271828";
        let secret = || Sensitive::from(canary);
        let proof = || SrpProof { secret_block: secret(), signature: secret(), timestamp: String::new() };
        let device = || DeviceKey::from("device");
        let verifier = canary.as_bytes().to_vec();
        let shown = [
            format!("{:?}", AnsweredSession { session: Some(canary), username: Some("ada") }),
            format!("{:?}", ChallengeResponse::PasswordVerifier { proof: proof(), device: None }),
            format!("{:?}", ChallengeResponse::DevicePasswordVerifier { proof: proof(), device: Some(device()) }),
            format!("{:?}", ChallengeResponse::NewPassword { password: secret(), attributes: BTreeMap::new() }),
            format!("{:?}", ChallengeResponse::Totp { code: secret() }),
            format!("{:?}", ChallengeResponse::SentCode { medium: Medium::Sms, code: secret() }),
            format!("{:?}", SignUp { username: "ada", password: canary, attributes: BTreeMap::new() }),
            format!("{:?}", NewVerifier { salt: verifier.clone(), verifier: verifier.clone().into() }),
            format!(
                "{:?}",
                TokenSet {
                    access: secret(),
                    id: Some(secret()),
                    refresh: Some(secret()),
                    expires_in: 3_600,
                    new_device: None,
                }
            ),
        ];
        for shown in shown {
            assert!(!shown.contains(canary) && !shown.contains(&format!("{verifier:?}")), "{shown}");
        }
        let username = TypedUsername::new("ada");
        let first = username.map(|username| InitiateAuth::Password { username, password: secret(), device: None });
        assert!(!format!("{first:?}").contains(canary));
    }
}
