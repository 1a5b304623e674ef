//! What goes into a step, what comes out, and what is carried between two.

use crate::App;
use domain::{ClientId, Device, DeviceKey, Error, Factor, PoolId, Reason, Result, Sub, User, Username};
use jiff::Timestamp;
use protocol::Blob;
use protocol::idp::{AuthFlowType, ChallengeNameType};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Through which door a sign-in comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// InitiateAuth and RespondToAuthChallenge.
    Api,
    /// Their admin twins, signed with IAM credentials.
    Admin,
    /// The hosted pages.
    Page,
}

/// The first step.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// What is signed in to.
    pub app: &'a App,
    /// Through which door.
    pub door: Door,
    /// AuthFlow
    pub flow: AuthFlowType,
    /// AuthParameters
    pub parameters: &'a BTreeMap<String, String>,
    /// The caller's address, for device records.
    pub ip: Option<&'a str>,
}

impl<'a> Start<'a> {
    /// One of AuthParameters.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// One that must be there.
    ///
    /// # Errors
    /// `InvalidParameterException`.
    pub fn required(&self, name: &str) -> Result<&'a str> {
        self.parameter(name).filter(|value| !value.is_empty()).ok_or_else(|| missing(name))
    }
}

/// A later step.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// What is signed in to.
    pub app: &'a App,
    /// Through which door.
    pub door: Door,
    /// ChallengeName
    pub challenge: ChallengeNameType,
    /// Session
    pub session: Option<&'a str>,
    /// ChallengeResponses
    pub responses: &'a BTreeMap<String, String>,
    /// The caller's address, for device records.
    pub ip: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// One of ChallengeResponses.
    pub fn response(&self, name: &str) -> Option<&'a str> {
        self.responses.get(name).map(String::as_str)
    }

    /// One that must be there.
    ///
    /// # Errors
    /// `InvalidParameterException`.
    pub fn required(&self, name: &str) -> Result<&'a str> {
        self.response(name).filter(|value| !value.is_empty()).ok_or_else(|| missing(name))
    }
}

pub(super) fn missing(name: &str) -> Error {
    Error::from(Reason::ParameterMissing(name.to_owned()))
}

/// What a step ends in.
#[derive(Debug)]
pub enum Outcome {
    /// Something more to prove.
    Challenge(Challenge),
    /// Enough.
    SignedIn(Box<SignedIn>),
}

/// Something more to prove.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// ChallengeName
    pub name: ChallengeNameType,
    /// ChallengeParameters
    pub parameters: BTreeMap<String, String>,
    /// Session
    pub session: Option<String>,
    /// The user it is put to; None where that must not be known yet.
    pub user: Option<Username>,
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
    /// The identity provider that vouched for the user; None where the pool's own directory did.
    pub provider: Option<String>,
}

/// What is proven so far, carried in Session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) pool: PoolId,
    pub(crate) client: ClientId,
    pub(crate) username: Username,
    /// Usernames can be given anew, subs never.
    pub(crate) sub: Sub,
    /// Salt of the password that was proven: one set since then ends the sign-in.
    pub(crate) proven_with: Option<Blob>,
    /// DEVICE_KEY as the app sent it and we know it.
    pub(crate) device: Option<DeviceKey>,
    /// A second factor (or a remembered device in its place) has been proven.
    pub(crate) second_factor: bool,
    pub(crate) expects: Expects,
}

/// Which answer a Session stands open for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Expects {
    /// Nothing yet: a step is still running.
    Nothing,
    /// NEW_PASSWORD_REQUIRED
    NewPassword,
    /// A code of this factor.
    Code(Factor),
    /// A code that was sent; its digits, sealed with the session, and the address that they prove.
    SentCode { factor: Factor, digits: String, address: String },
    /// SELECT_MFA_TYPE with these choices.
    Choice(Vec<Factor>),
    /// MFA_SETUP; `verified` once VerifySoftwareToken has succeeded.
    SetUp { verified: bool },
    /// DEVICE_SRP_AUTH
    DeviceSrp,
    /// DEVICE_PASSWORD_VERIFIER
    DeviceVerifier,
}

impl Expects {
    pub(crate) fn accepts(&self, challenge: ChallengeNameType) -> bool {
        match self {
            Self::Nothing => false,
            Self::NewPassword => challenge == ChallengeNameType::NewPasswordRequired,
            Self::Code(factor) | Self::SentCode { factor, .. } => challenge.as_str() == factor.as_str(),
            Self::Choice(_) => challenge == ChallengeNameType::SelectMfaType,
            Self::SetUp { .. } => challenge == ChallengeNameType::MfaSetup,
            Self::DeviceSrp => challenge == ChallengeNameType::DeviceSrpAuth,
            Self::DeviceVerifier => challenge == ChallengeNameType::DevicePasswordVerifier,
        }
    }
}
