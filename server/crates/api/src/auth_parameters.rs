//! AuthParameters and ChallengeResponses: AWS's maps, read into what `flows` asks for.

use std::collections::BTreeMap;

use domain::{DeviceKey, Factor, Medium, Reason};
use flows::sign_in::{ChallengeResponse, InitiateAuth, SrpProof, TypedUsername};
use flows::{ClientContext, Latchkey, check_secret_hash};
use protocol::Sensitive;
use protocol::idp::{AuthFlowType, ChallengeNameType};

use crate::error::{Error, Result};

/// What the names of a new user's attributes begin with in ChallengeResponses.
const ATTRIBUTE: &str = "userAttributes.";

/// AuthParameters or ChallengeResponses.
#[derive(Debug)]
pub(crate) struct Parameters(BTreeMap<String, Sensitive>);

impl From<Option<BTreeMap<String, Sensitive>>> for Parameters {
    fn from(sent: Option<BTreeMap<String, Sensitive>>) -> Self {
        Self(sent.unwrap_or_default())
    }
}

impl Parameters {
    /// A member, as it was sent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Sensitive::as_str)
    }

    /// A member that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str> {
        self.get(name).filter(|value| !value.is_empty()).ok_or_else(|| Error::missing_parameter(name))
    }

    /// A member whose absence the flow tells in its own time.
    fn secret(&self, name: &str) -> Sensitive {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// DEVICE_KEY, where it names one.
    pub(crate) fn device(&self) -> Option<DeviceKey> {
        self.get("DEVICE_KEY").filter(|key| !key.is_empty()).map(DeviceKey::from)
    }

    /// The first step of a sign-in.
    pub(crate) fn initiate_auth(
        &self,
        latchkey: &Latchkey,
        app: &ClientContext,
        flow: AuthFlowType,
    ) -> Result<InitiateAuth> {
        let username = TypedUsername::new(self.required("USERNAME")?)?;
        check_secret_hash(latchkey, app, username.as_str(), self.get("SECRET_HASH"))?;
        match flow {
            AuthFlowType::UserSrpAuth => Ok(InitiateAuth::Srp { username, srp_a: self.required("SRP_A")?.to_owned() }),
            AuthFlowType::UserPasswordAuth | AuthFlowType::AdminUserPasswordAuth | AuthFlowType::AdminNoSrpAuth => {
                let password = self.required("PASSWORD")?.into();
                Ok(InitiateAuth::Password { username, password, device: self.device() })
            }
            AuthFlowType::CustomAuth
            | AuthFlowType::UserAuth
            | AuthFlowType::RefreshToken
            | AuthFlowType::RefreshTokenAuth => Err(Error::not_available(flow.as_str())),
        }
    }

    /// The answer to a challenge.
    pub(crate) fn challenge_response(
        &self,
        latchkey: &Latchkey,
        app: &ClientContext,
        challenge: ChallengeNameType,
    ) -> Result<ChallengeResponse> {
        let username = self.get("USERNAME").unwrap_or_default();
        check_secret_hash(latchkey, app, username, self.get("SECRET_HASH"))?;
        Ok(match challenge {
            ChallengeNameType::PasswordVerifier => {
                let (signature, timestamp) = self.signed()?;
                self.required("USERNAME")?;
                let proof = self.proof(signature, timestamp)?;
                ChallengeResponse::PasswordVerifier { proof, device: self.device() }
            }
            ChallengeNameType::DeviceSrpAuth => {
                let srp_a = self.required("SRP_A")?.to_owned();
                ChallengeResponse::DeviceSrp { srp_a, device: DeviceKey::from(self.required("DEVICE_KEY")?) }
            }
            ChallengeNameType::DevicePasswordVerifier => {
                let (signature, timestamp) = self.signed()?;
                let proof = self.proof(signature, timestamp)?;
                ChallengeResponse::DevicePasswordVerifier { proof, device: self.get("DEVICE_KEY").map(DeviceKey::from) }
            }
            ChallengeNameType::NewPasswordRequired => ChallengeResponse::NewPassword {
                password: self.secret("NEW_PASSWORD"),
                attributes: self.new_attributes(),
            },
            ChallengeNameType::SoftwareTokenMfa => {
                ChallengeResponse::Totp { code: self.secret("SOFTWARE_TOKEN_MFA_CODE") }
            }
            ChallengeNameType::SmsMfa => {
                ChallengeResponse::SentCode { medium: Medium::Sms, code: self.secret("SMS_MFA_CODE") }
            }
            ChallengeNameType::EmailOtp => {
                ChallengeResponse::SentCode { medium: Medium::Email, code: self.secret("EMAIL_OTP_CODE") }
            }
            ChallengeNameType::SelectMfaType => {
                ChallengeResponse::SelectFactor(self.get("ANSWER").and_then(Factor::parse))
            }
            ChallengeNameType::MfaSetup => ChallengeResponse::SetUp,
            other => return Err(Error::not_available(other.as_str())),
        })
    }

    /// The words for a refused answer: a member that was not sent is told by its name, once the Session that it belongs
    /// to has been found good.
    pub(crate) fn refusal(&self, challenge: ChallengeNameType, error: domain::Error) -> Error {
        let member = match challenge {
            ChallengeNameType::NewPasswordRequired => "NEW_PASSWORD",
            ChallengeNameType::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA_CODE",
            ChallengeNameType::SmsMfa => "SMS_MFA_CODE",
            ChallengeNameType::EmailOtp => "EMAIL_OTP_CODE",
            _ => "ANSWER",
        };
        match error.reason {
            Reason::AnswerMissing | Reason::FactorNotOffered if self.required(member).is_err() => {
                Error::missing_parameter(member)
            }
            _ => error.into(),
        }
    }

    fn signed(&self) -> Result<(Sensitive, String)> {
        let signature = self.required("PASSWORD_CLAIM_SIGNATURE")?.into();
        Ok((signature, self.required("TIMESTAMP")?.to_owned()))
    }

    fn proof(&self, signature: Sensitive, timestamp: String) -> Result<SrpProof> {
        let secret_block = self.required("PASSWORD_CLAIM_SECRET_BLOCK")?.into();
        Ok(SrpProof { secret_block, signature, timestamp })
    }

    fn new_attributes(&self) -> BTreeMap<String, String> {
        let named = self.0.iter().filter_map(|(name, value)| Some((name.strip_prefix(ATTRIBUTE)?, value)));
        named.map(|(name, value)| (name.to_owned(), value.as_str().to_owned())).collect()
    }
}

/// How ChallengeParameters name an attribute that the answer may give.
pub(crate) fn attribute_parameter(name: &str) -> String {
    format!("{ATTRIBUTE}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Parameters {
        Parameters(pairs.iter().map(|(name, value)| ((*name).to_owned(), Sensitive::from(*value))).collect())
    }

    #[test]
    fn a_member_that_is_empty_is_missing() {
        for parameters in [sent(&[]), sent(&[("USERNAME", "")])] {
            let message = parameters.required("USERNAME").map_err(|error| error.message);
            assert_eq!(message, Err("Missing required parameter USERNAME".into()));
        }
        assert_eq!(sent(&[("USERNAME", "ada")]).required("USERNAME"), Ok("ada"));
    }

    #[test]
    fn a_missing_answer_is_told_by_its_name() {
        use ChallengeNameType as N;
        for (challenge, reason, member) in [
            (N::NewPasswordRequired, Reason::AnswerMissing, "NEW_PASSWORD"),
            (N::SoftwareTokenMfa, Reason::AnswerMissing, "SOFTWARE_TOKEN_MFA_CODE"),
            (N::SmsMfa, Reason::AnswerMissing, "SMS_MFA_CODE"),
            (N::EmailOtp, Reason::AnswerMissing, "EMAIL_OTP_CODE"),
            (N::SelectMfaType, Reason::FactorNotOffered, "ANSWER"),
        ] {
            let refusal = sent(&[]).refusal(challenge, reason.clone().into());
            assert_eq!(refusal.message, format!("Missing required parameter {member}"));
            let refusal = sent(&[(member, "x")]).refusal(challenge, Reason::SessionUsed.into());
            assert_eq!(refusal, Reason::SessionUsed.into());
        }
        let refusal = sent(&[("ANSWER", "x")]).refusal(N::SelectMfaType, Reason::FactorNotOffered.into());
        assert_eq!(refusal, Reason::FactorNotOffered.into());
    }

    #[test]
    fn attributes_of_a_new_user_are_told_by_their_prefix() {
        let parameters = sent(&[("userAttributes.name", "Ada"), ("NEW_PASSWORD", "secret"), ("name", "x")]);
        assert_eq!(parameters.new_attributes(), BTreeMap::from([("name".to_owned(), "Ada".to_owned())]));
        assert!(!format!("{parameters:?}").contains("secret"));
    }
}
