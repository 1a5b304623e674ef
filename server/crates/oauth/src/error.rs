//! The OAuth face of reasons: error codes (RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1) and, for what an app is told
//! of a user whom a provider vouched for, Cognito's sentences.

use domain::Reason;
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
        R::Busy | R::AttemptLimit | R::CodeLimit => UNAVAILABLE,
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
        | R::ResourceGone
        | R::PoolNotFound { .. }
        | R::ClientNotFound { .. } => INVALID_GRANT,

        R::UsernameTooLong
        | R::AuthFlowNotEnabled(_)
        | R::AuthFlowOfOtherOperation
        | R::AuthFlowNotAvailable(_)
        | R::ChallengeNotAvailable(_)
        | R::ParameterMissing(_)
        | R::SrpPublicValueInvalid
        | R::FactorNotOffered
        | R::SeveralPreferredFactors
        | R::FactorNotRegistered(_)
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
        | R::Wire { .. } => SERVER_ERROR,
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
        Reason::Wire { message, .. } => message.trim().to_owned(),
        _ => "The user could not be signed in.".to_owned(),
    };
    ("invalid_request", description)
}
