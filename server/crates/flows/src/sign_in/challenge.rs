//! What a step ends in: something more to prove, or a proven user.

use std::collections::BTreeMap;

use domain::{AnsweredChallenge, Delivery, Device, DeviceKey, Factor, Medium, Reason, User, Username, derive_amr};
use jiff::Timestamp;
use protocol::Sensitive;

/// What a step ends in.
#[derive(Debug)]
pub enum Outcome {
    /// Something more to prove.
    Challenge(OpenChallenge),
    /// Enough.
    SignedIn(Box<SignedIn>),
}

/// A challenge as it is put to somebody.
#[derive(Clone, Debug)]
pub struct OpenChallenge {
    /// What is asked.
    pub challenge: Challenge,
    /// Session, to be sent back with the answer; None where the answer carries the secret block.
    pub session: Option<Sensitive>,
    /// The user it is put to, or the username that a user of the typed name would have.
    pub username: Username,
}

/// Something more to prove.
#[derive(Clone, Debug)]
pub enum Challenge {
    /// PASSWORD_VERIFIER
    PasswordVerifier(SrpAgreement),
    /// DEVICE_SRP_AUTH
    DeviceSrp {
        /// The remembered device.
        device: DeviceKey,
    },
    /// DEVICE_PASSWORD_VERIFIER
    DevicePasswordVerifier {
        /// The remembered device.
        device: DeviceKey,
        /// What its proof is made from.
        agreement: SrpAgreement,
    },
    /// The confirmation of the sign-up. Only pages ask for it here; programs are told that it is missing.
    Confirmation {
        /// Where a new code, or link, was sent; else why none was.
        sent: Result<Delivery, Reason>,
    },
    /// NEW_PASSWORD_REQUIRED
    NewPassword {
        /// The user's attributes.
        attributes: BTreeMap<String, String>,
        /// Required attributes that have no value yet.
        missing: Vec<String>,
    },
    /// SOFTWARE_TOKEN_MFA
    Totp {
        /// What the user calls the authenticator app.
        friendly_name: Option<String>,
    },
    /// SMS_MFA and EMAIL_OTP
    SentCode {
        /// By what the code was sent.
        medium: Medium,
        /// Where to, masked.
        masked: String,
    },
    /// SELECT_MFA_TYPE
    SelectFactor(Vec<FactorChoice>),
    /// MFA_SETUP, with the factors that may be set up.
    SetUp(Vec<Factor>),
}

/// One of several factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorChoice {
    /// The factor.
    pub factor: Factor,
    /// The masked address that its codes go to; None for an authenticator app.
    pub masked: Option<String>,
}

/// What a client makes its SRP proof from.
#[derive(Clone, Debug)]
pub struct SrpAgreement {
    /// The salt, in hex.
    pub salt: String,
    /// B, in hex.
    pub srp_b: String,
    /// What the server must remember until the proof comes, sealed; base64.
    pub secret_block: Sensitive,
}

/// A proven user: tokens or an authorization code may be made of it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// When the sign-in succeeded.
    pub auth_time: Timestamp,
    /// The known device it came from.
    pub device: Option<DeviceKey>,
    /// A device announced with this sign-in, to be confirmed by the app.
    pub new_device: Option<Device>,
    /// What was proven, in order; empty where a provider vouched for the user.
    pub history: Vec<AnsweredChallenge>,
    /// The identity provider that vouched for the user; None where the pool's own directory did.
    pub provider: Option<String>,
}

impl SignedIn {
    /// How the user was authenticated (`amr`): `fed` where that is the provider's affair. Tokens tell it only to clients
    /// that ask for levels of authentication, which are yet to come.
    pub fn amr(&self) -> Vec<&'static str> {
        if self.provider.is_some() { vec!["fed"] } else { derive_amr(&self.history) }
    }
}
