//! The pages' face of an error.

use domain::{Error, Reason};
use hosted_ui::{Message, Problem};
use http::StatusCode;

use super::{Next, Step};
use crate::http::call::{Call, log};

/// The same page again with the error's words; faults of ours are logged and answered with their own status.
pub(super) fn refuse(call: &Call, step: Step, error: &Error) -> Next {
    log(call, error);
    Next::Again(step, status_of(error), vec![problem_of(&error.reason)])
}

/// The status of a page that is shown again with what is wrong.
pub(super) fn status_of(error: &Error) -> StatusCode {
    match error.reason {
        Reason::RateExceeded => StatusCode::TOO_MANY_REQUESTS,
        _ if error.is_internal() => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// What a reader is told, and at which field.
pub(super) fn problem_of(reason: &Reason) -> Problem {
    use Reason as R;
    match reason {
        R::WrongCredentials | R::UserNotFound | R::UserNotFoundForClient => Problem::of_form(Message::WrongCredentials),
        R::UserDisabled => Problem::of_form(Message::AccountDisabled),
        R::UserNotConfirmed => Problem::of_form(Message::NotConfirmed),
        R::NoAutoVerification => Problem::of_form(Message::AwaitsAdministrator),
        R::RecoveryByAdministrator => Problem::of_form(Message::RecoveryByAdministrator),
        R::PasswordResetRequired => Problem::of_form(Message::ResetRequired),
        R::TemporaryPasswordExpired => Problem::of_form(Message::TemporaryPasswordExpired),
        R::SessionInvalid | R::SessionExpired | R::SessionUsed => Problem::of_form(Message::SessionExpired),
        R::SignUpNotPermitted => Problem::of_form(Message::SignUpClosed),

        // Nothing typed is a wrong code like any other.
        R::CodeWrong | R::ChallengeCodeWrong | R::AnswerMissing => Problem::of_field("code", Message::WrongCode),
        R::CodeExpired | R::TotpCodeUsed => Problem::of_field("code", Message::ExpiredCode),
        R::TotpCodeWrong => Problem::of_field("code", Message::SecretRefused),
        R::CodeNotDelivered => Problem::of_form(Message::CannotDeliver),

        R::PasswordWeak { .. } => Problem::of_field("password", Message::PasswordPolicy),
        R::PasswordReused => Problem::of_field("password", Message::PasswordHistory),

        R::UsernameLikeAlias(_) => Problem::of_field("username", Message::UsernameLikeAddress),
        R::UsernameTooLong | R::UsernameOfProvider | R::UsernameNotOfForm(_) => {
            Problem::of_field("username", Message::UsernameInvalid)
        }
        R::UsernameTaken => Problem::of_field("username", Message::UsernameTaken),
        R::UserAlreadyExists | R::UsernameAttributeTaken { .. } | R::FederatedUsernameTaken => {
            Problem::of_field("username", Message::AliasTaken)
        }
        R::AliasTaken { .. } | R::AttributeAliasTaken { .. } => Problem::of_form(Message::AliasTaken),

        R::Busy | R::SignInLocked | R::AttemptLimit | R::CodeLimit | R::RateExceeded | R::TooManyWrongCodes => {
            Problem::of_form(Message::TooManyAttempts)
        }

        R::AuthFlowNotEnabled(_)
        | R::SessionMissing
        | R::SrpPublicValueInvalid
        | R::NoUsableFactor
        | R::FactorNotOffered
        | R::TotpSetUpIncomplete
        | R::FederatedUserHasNoFactor
        | R::SeveralPreferredFactors
        | R::FactorNotSetUp
        | R::FactorNotVerified
        | R::FactorNotEnabled(_)
        | R::FactorWithoutAddress(_)
        | R::DeviceTrackingOff
        | R::DeviceNotConfirmed
        | R::AttributeNotWritable
        | R::SignInNameTaken { .. }
        | R::CannotConfirm { .. }
        | R::AlreadyConfirmed
        | R::PreviousPasswordMissing
        | R::PasswordNotResettable
        | R::NoRecoveryAddress
        | R::AttributeNotVerifiable
        | R::AttributeMissing { .. }
        | R::RequiredAttributeMissing { .. }
        | R::AttributeAlreadyProvided { .. }
        | R::AttributeImmutable { .. }
        | R::AccessTokenInvalid
        | R::AccessTokenExpired
        | R::AccessTokenRevoked
        | R::AccessTokenScopeMissing
        | R::RefreshTokenInvalid
        | R::RefreshTokenExpired
        | R::RefreshTokenRevoked
        | R::RefreshTokenRotates
        | R::RevocationNotEnabled
        | R::SecretHashUnexpected { .. }
        | R::SecretHashMissing { .. }
        | R::SecretHashWrong { .. }
        | R::AuthorizationCodeInvalid
        | R::FederatedUsernameTooLong
        | R::UsernameOfOtherUser { .. }
        | R::PageTokenInvalid
        | R::TextWithNul
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
        | R::Group(_) => Problem::of_form(Message::NotAllowed),

        R::Internal
        | R::TotpNotOffered
        | R::TotpNotAssociated
        | R::DeviceNotFound
        | R::DeviceOfOtherSignIn
        | R::DeviceAlreadyConfirmed
        | R::InvitationNotPending { .. }
        | R::RefreshTokenReused
        | R::TokenTypeNotRevocable
        | R::TokenOfOtherClient
        | R::ClientCredentialsNotEnabled
        | R::ScopeNotAllowed
        | R::PoolNotFound { .. }
        | R::ClientNotFound { .. }
        | R::OwnerGone
        | R::TriggerFailed { .. } => Problem::of_form(Message::SomethingWrong),
    }
}
