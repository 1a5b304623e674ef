//! ChallengeName and ChallengeParameters: what `flows` asks of a user, as AWS's map.

use std::collections::BTreeMap;

use domain::{Factor, Medium};
use flows::sign_in::{Challenge, OpenChallenge, SrpAgreement};
use protocol::idp::ChallengeNameType;

use crate::auth_parameters::attribute_parameter;
use crate::error::Result;

/// The name of a challenge, and its parameters.
pub(crate) fn challenge_parameters(open: OpenChallenge) -> Result<(ChallengeNameType, BTreeMap<String, String>)> {
    let username = open.username.to_string();
    let user_id = ("USER_ID_FOR_SRP", username.clone());
    let (name, parameters) = match open.challenge {
        Challenge::PasswordVerifier(agreement) => {
            let [salt, srp_b, block] = agreement_parameters(agreement);
            (ChallengeNameType::PasswordVerifier, vec![salt, srp_b, block, ("USERNAME", username), user_id])
        }
        Challenge::DeviceSrp { device } => {
            (ChallengeNameType::DeviceSrpAuth, vec![("DEVICE_KEY", device.to_string()), user_id])
        }
        Challenge::DevicePasswordVerifier { device, agreement } => {
            let [salt, srp_b, block] = agreement_parameters(agreement);
            let device = ("DEVICE_KEY", device.to_string());
            (ChallengeNameType::DevicePasswordVerifier, vec![salt, srp_b, block, ("USERNAME", username), device])
        }
        Challenge::Confirmation { .. } => {
            return Err(domain::Error::internal("only pages ask for a confirmation as a challenge").into());
        }
        Challenge::NewPassword { attributes, missing } => {
            let missing: Vec<String> = missing.iter().map(|name| attribute_parameter(name)).collect();
            let parameters =
                vec![("userAttributes", json(&attributes)?), ("requiredAttributes", json(&missing)?), user_id];
            (ChallengeNameType::NewPasswordRequired, parameters)
        }
        Challenge::Totp { friendly_name } => {
            let device = friendly_name.map(|name| ("FRIENDLY_DEVICE_NAME", name));
            (ChallengeNameType::SoftwareTokenMfa, device.into_iter().chain([user_id]).collect())
        }
        Challenge::SentCode { medium, masked } => {
            let (name, medium) = match medium {
                Medium::Sms => (ChallengeNameType::SmsMfa, "SMS"),
                Medium::Email => (ChallengeNameType::EmailOtp, "EMAIL"),
            };
            let medium = ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.to_owned());
            (name, vec![medium, ("CODE_DELIVERY_DESTINATION", masked), user_id])
        }
        Challenge::SelectFactor(choices) => {
            let names = factor_names(choices.iter().map(|choice| choice.factor))?;
            (ChallengeNameType::SelectMfaType, vec![("MFAS_CAN_CHOOSE", names), user_id])
        }
        Challenge::SetUp(factors) => {
            let names = factor_names(factors.into_iter())?;
            (ChallengeNameType::MfaSetup, vec![("MFAS_CAN_SETUP", names), user_id])
        }
    };
    Ok((name, parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

fn agreement_parameters(agreement: SrpAgreement) -> [(&'static str, String); 3] {
    [("SALT", agreement.salt), ("SRP_B", agreement.srp_b), ("SECRET_BLOCK", agreement.secret_block.into_inner())]
}

/// Factors as a JSON list of their names.
fn factor_names(factors: impl Iterator<Item = Factor>) -> Result<String> {
    json(&factors.map(Factor::as_str).collect::<Vec<_>>())
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| domain::Error::internal(error).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use flows::sign_in::FactorChoice;

    use super::*;

    fn parameters(challenge: Challenge) -> (ChallengeNameType, Vec<(String, String)>) {
        let open = OpenChallenge { challenge, session: Some("session".into()), username: "ada".into() };
        let (name, parameters) = challenge_parameters(open).unwrap();
        (name, parameters.into_iter().collect())
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn lists_are_json_without_blanks() {
        let choice = |factor, masked: Option<&str>| FactorChoice { factor, masked: masked.map(str::to_owned) };
        let challenge =
            Challenge::SelectFactor(vec![choice(Factor::Sms, Some("+***1234")), choice(Factor::Totp, None)]);
        let expected = [("MFAS_CAN_CHOOSE", r#"["SMS_MFA","SOFTWARE_TOKEN_MFA"]"#), ("USER_ID_FOR_SRP", "ada")];
        assert_eq!(parameters(challenge), (ChallengeNameType::SelectMfaType, pairs(&expected)));
    }

    #[test]
    fn a_new_password_names_the_attributes_as_they_are_answered() {
        let attributes = BTreeMap::from([("email".to_owned(), "ada@example.com".to_owned())]);
        let challenge = Challenge::NewPassword { attributes, missing: vec!["name".to_owned()] };
        let expected = [
            ("USER_ID_FOR_SRP", "ada"),
            ("requiredAttributes", r#"["userAttributes.name"]"#),
            ("userAttributes", r#"{"email":"ada@example.com"}"#),
        ];
        assert_eq!(parameters(challenge), (ChallengeNameType::NewPasswordRequired, pairs(&expected)));
    }

    #[test]
    fn only_an_authenticator_app_with_a_name_is_named() {
        let bare = parameters(Challenge::Totp { friendly_name: None });
        assert_eq!(bare, (ChallengeNameType::SoftwareTokenMfa, pairs(&[("USER_ID_FOR_SRP", "ada")])));
        let named = parameters(Challenge::Totp { friendly_name: Some("phone".to_owned()) });
        assert_eq!(named.1, pairs(&[("FRIENDLY_DEVICE_NAME", "phone"), ("USER_ID_FOR_SRP", "ada")]));
    }
}
