//! The OAuth face of reasons: error codes (RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1) and, for what an app is told
//! of a user whom a provider vouched for, Cognito's sentences.

use domain::{AttributeFault, Reason, ValueFault};
use http::StatusCode;

/// An error code as protocols spell it, with the status of an answer that is not a redirect.
pub(crate) type Code = (&'static str, StatusCode);

const INVALID_GRANT: Code = ("invalid_grant", StatusCode::BAD_REQUEST);
const INVALID_REQUEST: Code = ("invalid_request", StatusCode::BAD_REQUEST);
const UNAVAILABLE: Code = ("temporarily_unavailable", StatusCode::TOO_MANY_REQUESTS);
const SERVER_ERROR: Code = ("server_error", StatusCode::INTERNAL_SERVER_ERROR);

/// The code of a refusal at the token endpoint and its like.
pub(crate) fn code(reason: &Reason) -> Code {
    use Reason as R;
    match reason {
        R::Busy | R::AttemptLimit | R::CodeLimit | R::RateExceeded => UNAVAILABLE,
        R::ScopeNotAllowed => ("invalid_scope", StatusCode::BAD_REQUEST),
        R::ClientCredentialsNotEnabled => ("unauthorized_client", StatusCode::BAD_REQUEST),
        R::TokenTypeNotRevocable => ("unsupported_token_type", StatusCode::BAD_REQUEST),

        R::WrongCredentials
        | R::SignInLocked
        | R::UserNotFound
        | R::UserNotFoundForClient
        | R::UserDisabled
        | R::UserNotConfirmed
        | R::PasswordResetRequired
        | R::TemporaryPasswordExpired
        | R::SessionInvalid
        | R::SessionExpired
        | R::SessionUsed
        | R::FederatedUserHasNoFactor
        | R::TotpSetUpIncomplete
        | R::DeviceNotFound
        | R::DeviceOfOtherSignIn
        | R::SignUpNotPermitted
        | R::AttributeNotWritable
        | R::CannotConfirm { .. }
        | R::PasswordNotResettable
        | R::RecoveryByAdministrator
        | R::AttributeAlreadyProvided { .. }
        | R::AccessTokenInvalid
        | R::AccessTokenExpired
        | R::AccessTokenRevoked
        | R::AccessTokenScopeMissing
        | R::RefreshTokenInvalid
        | R::RefreshTokenExpired
        | R::RefreshTokenRevoked
        | R::RefreshTokenReused
        | R::RefreshTokenRotates
        | R::TokenOfOtherClient
        | R::SecretHashUnexpected { .. }
        | R::SecretHashMissing { .. }
        | R::SecretHashWrong { .. }
        | R::AuthorizationCodeInvalid
        | R::PoolNotFound { .. }
        | R::ClientNotFound { .. }
        | R::OwnerGone => INVALID_GRANT,

        R::UsernameTooLong
        | R::AuthFlowNotEnabled(_)
        | R::SessionMissing
        | R::AnswerMissing
        | R::SrpPublicValueInvalid
        | R::FactorNotOffered
        | R::SeveralPreferredFactors
        | R::FactorNotSetUp
        | R::FactorNotVerified
        | R::FactorNotEnabled(_)
        | R::FactorWithoutAddress(_)
        | R::DeviceNotConfirmed
        | R::SignInNameTaken { .. }
        | R::UsernameNotOfForm(_)
        | R::UsernameLikeAlias(_)
        | R::UsernameOfProvider
        | R::AlreadyConfirmed
        | R::NoAutoVerification
        | R::PreviousPasswordMissing
        | R::NoRecoveryAddress
        | R::AttributeNotVerifiable
        | R::AttributeMissing { .. }
        | R::RequiredAttributeMissing { .. }
        | R::AttributeImmutable { .. }
        | R::RevocationNotEnabled
        | R::FederatedUsernameTooLong
        | R::UsernameOfOtherUser { .. }
        | R::PageTokenInvalid
        | R::TextWithNul => INVALID_REQUEST,

        R::Internal
        | R::NoUsableFactor
        | R::TotpNotOffered
        | R::TotpNotAssociated
        | R::TotpCodeWrong
        | R::TotpCodeUsed
        | R::DeviceTrackingOff
        | R::DeviceAlreadyConfirmed
        | R::CodeWrong
        | R::CodeExpired
        | R::ChallengeCodeWrong
        | R::TooManyWrongCodes
        | R::CodeNotDelivered
        | R::UsernameTaken
        | R::UserAlreadyExists
        | R::UsernameAttributeTaken { .. }
        | R::AliasTaken { .. }
        | R::AttributeAliasTaken { .. }
        | R::InvitationNotPending { .. }
        | R::PasswordWeak { .. }
        | R::PasswordReused
        | R::FederatedUsernameTaken
        | R::TriggerFailed { .. }
        | R::Pool(_)
        | R::PoolTags(_)
        | R::Tags(_)
        | R::FeatureNotInTier { .. }
        | R::TierChangeNotAllowed { .. }
        | R::Schema(_)
        | R::Domain(_)
        | R::Client(_)
        | R::RedirectUri { .. }
        | R::ResourceServer(_)
        | R::Provider(_)
        | R::Branding(_)
        | R::Attributes(_)
        | R::Filter(_)
        | R::Group(_) => SERVER_ERROR,
    }
}

/// What an app is told where a provider vouched for a user whom the pool does not let in: Cognito's code and sentence.
pub(crate) fn refused_profile(reason: &Reason) -> (&'static str, String) {
    let description = match reason {
        Reason::UserDisabled => return ("access_denied", "User is not enabled".to_owned()),
        Reason::FederatedUsernameTooLong => {
            "Invalid user attributes: username: String must be no longer than 128".to_owned()
        }
        Reason::FederatedUsernameTaken => "Already found an entry for username".to_owned(),
        Reason::UsernameOfOtherUser { username } => format!("Already found an entry for username {username}"),
        Reason::TriggerFailed { function, failure } => {
            format!("{function} invocation failed due to error: {failure}.")
        }
        Reason::Attributes(fault) => refused_attributes(fault),
        Reason::AttributeImmutable { attribute } => format!("user.{attribute}: Attribute cannot be updated."),
        Reason::AttributeNotWritable => "A client attempted to write unauthorized attribute".to_owned(),
        _ => "The user could not be signed in.".to_owned(),
    };
    ("invalid_request", description)
}

fn refused_attributes(fault: &AttributeFault) -> String {
    use AttributeFault as F;
    match fault {
        F::Unknown { name } => format!("user.{name}: Attribute does not exist in the schema."),
        F::EmailFormat => "Invalid email address format.".to_owned(),
        F::PhoneNumberFormat => "Invalid phone number format.".to_owned(),
        F::Unfit { values } => {
            let each = values.iter().map(|(name, fault)| format!("{name}: {}", refused_value(*fault)));
            format!("Attributes did not conform to the schema: {}", each.collect::<Vec<_>>().join(" "))
        }
        F::MappedTooLong { name, most } => {
            format!("Invalid user attributes: {name}: String must be no longer than {most} characters")
        }
        F::MappedImmutable { name } => format!("Invalid user attributes: {name}: Attribute cannot be updated."),
        F::RequiredMissing { names } => format!("attributes required: [{}]", names.join(", ")),
        F::RequestedUnknown => "The user could not be signed in.".to_owned(),
    }
}

fn refused_value(fault: ValueFault) -> String {
    use ValueFault as F;
    match fault {
        F::Unknown => "Attribute does not exist in the schema.".to_owned(),
        F::Required => "The attribute is required".to_owned(),
        F::TooShort { least } => format!("String must be at least {least} characters"),
        F::TooLong { most } => format!("String must be no longer than {most} characters"),
        F::NotBoolean => "The attribute value must be true or false".to_owned(),
        F::NotNumber => "The attribute value must be a number".to_owned(),
        F::TooSmall { least } => format!("Number must be at least {least}"),
        F::TooLarge { most } => format!("Number must be no more than {most}"),
        F::NotDate => "Invalid birthdate format, please use yyyy-MM-dd.".to_owned(),
        F::NotDateTime => "The attribute value must be a date and time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_told_which_attribute_is_wrong() {
        let name = || "birthdate".to_owned();
        let value = |fault| Reason::from(AttributeFault::Unfit { values: vec![(name(), fault)] });
        for (reason, said) in [
            (
                value(ValueFault::NotDate),
                "Attributes did not conform to the schema: birthdate: Invalid birthdate format, please use yyyy-MM-dd.",
            ),
            (
                value(ValueFault::TooLong { most: 10 }),
                "Attributes did not conform to the schema: birthdate: String must be no longer than 10 characters",
            ),
            (AttributeFault::EmailFormat.into(), "Invalid email address format."),
            (
                AttributeFault::MappedTooLong { name: name(), most: 2_048 }.into(),
                "Invalid user attributes: birthdate: String must be no longer than 2048 characters",
            ),
            (
                AttributeFault::MappedImmutable { name: name() }.into(),
                "Invalid user attributes: birthdate: Attribute cannot be updated.",
            ),
            (
                AttributeFault::RequiredMissing { names: vec![name(), "email".to_owned()] }.into(),
                "attributes required: [birthdate, email]",
            ),
        ] {
            assert_eq!(refused_profile(&reason), ("invalid_request", said.to_owned()));
        }
    }
}
