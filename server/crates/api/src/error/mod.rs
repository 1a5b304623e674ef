//! The AWS face of errors: which exception a reason is, and Cognito's sentence for it. What is wrong with settings has
//! one file a subject; the rest is worded here.

mod attributes;
mod branding;
mod clients;
mod domains;
mod groups;
mod identity_providers;
mod resource_servers;
mod schema;
#[cfg(test)]
mod sentences_tests;
mod user_pools;

use std::borrow::Cow;
use std::fmt;

use domain::{Factor, Medium, PasswordWeakness, Reason, UsernameForm};
use protocol::ErrorName;

/// What the AWS door answers in the place of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The exception.
    pub name: ErrorName,
    /// The caller's words: Cognito's text where clients depend on it.
    pub message: Cow<'static, str>,
    /// What only the operator may read.
    pub detail: Option<String>,
}

/// What handlers end in.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An exception with its sentence.
    pub(crate) fn new(name: ErrorName, message: impl Into<Cow<'static, str>>) -> Self {
        Self { name, message: message.into(), detail: None }
    }

    /// The same with words for the operator's log.
    #[must_use]
    pub(crate) fn with_detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// `InvalidParameterException`
    pub(crate) fn invalid_parameter(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::InvalidParameter, message)
    }

    /// `NotAuthorizedException`
    pub(crate) fn not_authorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorName::NotAuthorized, message)
    }

    /// A parameter map that lacks a member.
    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::invalid_parameter(format!("Missing required parameter {name}"))
    }

    /// A flow or challenge that is declared and not built.
    pub(crate) fn not_available(name: &str) -> Self {
        Self::new(ErrorName::UnsupportedOperation, format!("{name} is not available yet."))
    }

    /// Whether the fault is ours.
    pub(crate) fn is_internal(&self) -> bool {
        self.name.http_status() >= 500
    }
}

impl From<domain::Error> for Error {
    fn from(error: domain::Error) -> Self {
        let (name, message) = wire(error.reason);
        Self { name, message, detail: error.detail }
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        domain::Error::from(reason).into()
    }
}

impl From<iam::Error> for Error {
    fn from(error: iam::Error) -> Self {
        Self::new(error.name, error.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name.as_str(), self.message)?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// An exception, and its sentence.
type Wire = (ErrorName, Cow<'static, str>);

/// The exception of a reason, and its sentence.
fn wire(reason: Reason) -> Wire {
    use ErrorName as E;
    use Reason as R;
    match reason {
        R::Internal => (E::InternalError, "Internal server error".into()),
        R::Busy | R::RateExceeded => (E::TooManyRequests, "Rate exceeded".into()),

        R::WrongCredentials => (E::NotAuthorized, "Incorrect username or password.".into()),
        R::SignInLocked => (E::NotAuthorized, "Password attempts exceeded".into()),
        R::UserNotFound => (E::UserNotFound, "User does not exist.".into()),
        R::UserNotFoundForClient => (E::UserNotFound, "Username/client id combination not found.".into()),
        R::UserDisabled => (E::NotAuthorized, "User is disabled.".into()),
        R::UserNotConfirmed => (E::UserNotConfirmed, "User is not confirmed.".into()),
        R::PasswordResetRequired => (E::PasswordResetRequired, "Password reset required for the user".into()),
        R::TemporaryPasswordExpired => {
            (E::NotAuthorized, "Temporary password has expired and must be reset by an administrator.".into())
        }
        R::SessionInvalid => (E::NotAuthorized, "Invalid session for the user.".into()),
        R::SessionExpired => (E::NotAuthorized, "Invalid session for the user, session is expired.".into()),
        R::SessionUsed => (E::NotAuthorized, "Invalid session for the user, session can only be used once.".into()),
        R::UsernameTooLong => (E::InvalidParameter, "USERNAME is too long.".into()),
        R::AuthFlowNotEnabled(flow) => (E::InvalidParameter, flow_not_enabled(&flow)),
        R::SessionMissing => (E::InvalidParameter, "Missing required parameter Session".into()),
        // `auth_parameters` knows which member it was.
        R::AnswerMissing => (E::InvalidParameter, "Missing required parameter ANSWER".into()),
        R::SrpPublicValueInvalid => (E::InvalidParameter, "Invalid SRP_A".into()),
        R::NoUsableFactor => (
            E::InvalidUserPoolConfiguration,
            "The user pool requires MFA, but the user has no factor that it allows.".into(),
        ),
        R::FactorNotOffered => (E::InvalidParameter, "Invalid MFA type selected.".into()),
        R::TotpSetUpIncomplete => (E::NotAuthorized, "Software token MFA has not been set up.".into()),

        R::TotpNotOffered => {
            (E::SoftwareTokenMFANotFound, "Software Token MFA has not been enabled by the userpool.".into())
        }
        R::TotpNotAssociated => (E::SoftwareTokenMFANotFound, "No software token has been associated.".into()),
        R::TotpCodeWrong => (E::EnableSoftwareTokenMFA, "Code mismatch and fail enable Software Token MFA".into()),
        R::TotpCodeUsed => (E::ExpiredCode, "Your software token has already been used once.".into()),
        R::FederatedUserHasNoFactor => {
            (E::NotAuthorized, "Federated users cannot register an authenticator app.".into())
        }
        R::SeveralPreferredFactors => (E::InvalidParameter, "Only one MFA factor can be preferred.".into()),
        R::FactorNotSetUp => (E::InvalidParameter, "User has not set up software token mfa".into()),
        R::FactorNotVerified => (E::InvalidParameter, "User has not verified software token mfa".into()),
        R::FactorNotEnabled(factor) => {
            let factor = match factor {
                Factor::Totp => "Software token",
                Factor::Sms => "SMS",
                Factor::Email => "Email",
            };
            (E::InvalidParameter, format!("{factor} MFA is not enabled for the user pool.").into())
        }
        R::FactorWithoutAddress(factor) => (
            E::InvalidParameter,
            format!("User does not have delivery config set to turn on {}", factor.as_str()).into(),
        ),
        R::DeviceNotFound => (E::ResourceNotFound, "Device does not exist.".into()),
        R::DeviceOfOtherSignIn => (E::InvalidParameter, "Invalid device key given.".into()),
        R::DeviceTrackingOff => (E::InvalidUserPoolConfiguration, "Device tracking is not enabled.".into()),
        R::DeviceAlreadyConfirmed => (E::DeviceKeyExists, "Device key already exists.".into()),
        R::DeviceNotConfirmed => (E::InvalidParameter, "Device has not been confirmed.".into()),

        R::CodeWrong => (E::CodeMismatch, "Invalid verification code provided, please try again.".into()),
        R::CodeExpired => (E::ExpiredCode, "Invalid code provided, please request a code again.".into()),
        R::ChallengeCodeWrong => (E::CodeMismatch, "Invalid code or auth state for the user.".into()),
        R::TooManyWrongCodes => {
            (E::TooManyFailedAttempts, "Too many failed attempts: please request a code again.".into())
        }
        R::AttemptLimit => (E::LimitExceeded, ATTEMPT_LIMIT.into()),
        // The operations that send these codes declare no LimitExceededException.
        R::CodeLimit => (E::TooManyRequests, ATTEMPT_LIMIT.into()),
        R::CodeNotDelivered => (E::CodeDeliveryFailure, "The code could not be delivered.".into()),

        R::SignUpNotPermitted => (E::NotAuthorized, "SignUp is not permitted for this user pool".into()),
        R::AttributeNotWritable => (E::NotAuthorized, "A client attempted to write unauthorized attribute".into()),
        R::UsernameTaken => (E::UsernameExists, "User already exists".into()),
        R::UserAlreadyExists => (E::UsernameExists, "User account already exists".into()),
        R::UsernameAttributeTaken { attribute } => (E::UsernameExists, given_taken(&attribute)),
        R::AliasTaken { attribute } => {
            (E::AliasExists, format!("An account with the {} already exists.", attribute.replace('_', " ")).into())
        }
        R::AttributeAliasTaken { attribute } => (E::AliasExists, given_taken(&attribute)),
        R::SignInNameTaken { attribute } => (E::InvalidParameter, given_taken(&attribute)),
        R::UsernameNotOfForm(form) => (E::InvalidParameter, username_form(form).into()),
        R::UsernameLikeAlias(medium) => (
            E::InvalidParameter,
            match medium {
                Medium::Email => {
                    "Username cannot be of email format, since user pool is configured for email alias.".into()
                }
                Medium::Sms => {
                    "Username cannot be of phone number format, since user pool is configured for phone number alias."
                        .into()
                }
            },
        ),
        R::UsernameOfProvider => {
            (E::InvalidParameter, "Username cannot begin with the name of an identity provider.".into())
        }
        R::CannotConfirm { status } => {
            (E::NotAuthorized, format!("User cannot be confirmed. Current status is {}", status.as_str()).into())
        }
        R::AlreadyConfirmed => (E::InvalidParameter, "User is already confirmed.".into()),
        R::NoAutoVerification => (E::InvalidParameter, "Cannot resend codes. Auto verification not turned on.".into()),
        R::InvitationNotPending { username } => (
            E::UnsupportedUserState,
            format!("Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD").into(),
        ),

        R::PasswordWeak { weakness, on_reset } => (E::InvalidPassword, password_weak(weakness, on_reset)),
        R::PasswordReused => (E::PasswordHistoryPolicyViolation, "Password has previously been used".into()),
        R::PreviousPasswordMissing => (E::InvalidParameter, "Missing required parameter PreviousPassword".into()),
        R::PasswordNotResettable => (E::NotAuthorized, "User password cannot be reset in the current state.".into()),
        R::RecoveryByAdministrator => (E::NotAuthorized, "Contact administrator to reset password.".into()),
        R::NoRecoveryAddress => (
            E::InvalidParameter,
            "Cannot reset password for the user as there is no registered/verified email or phone_number".into(),
        ),

        R::AttributeNotVerifiable => (E::InvalidParameter, "Invalid attribute name.".into()),
        R::AttributeMissing { attribute } => {
            (E::InvalidParameter, format!("User does not have attribute {attribute}.").into())
        }
        R::RequiredAttributeMissing { attribute } => {
            (E::InvalidParameter, format!("Invalid attributes given, {attribute} is missing").into())
        }
        R::AttributeAlreadyProvided { attribute } => {
            (E::NotAuthorized, format!("Cannot modify an already provided {attribute}").into())
        }
        R::AttributeImmutable { attribute } => {
            (E::InvalidParameter, format!("user.{attribute}: Attribute cannot be updated.\n").into())
        }

        R::AccessTokenInvalid => (E::NotAuthorized, "Invalid Access Token".into()),
        R::AccessTokenExpired => (E::NotAuthorized, "Access Token has expired".into()),
        R::AccessTokenRevoked => (E::NotAuthorized, "Access Token has been revoked".into()),
        R::AccessTokenScopeMissing => (E::NotAuthorized, "Access Token does not have required scopes".into()),
        R::RefreshTokenInvalid => (E::NotAuthorized, "Invalid Refresh Token.".into()),
        R::RefreshTokenExpired => (E::NotAuthorized, "Refresh Token has expired".into()),
        R::RefreshTokenRevoked => (E::NotAuthorized, "Refresh Token has been revoked".into()),
        R::RefreshTokenReused => {
            (E::RefreshTokenReuse, "Refresh token has been rotated and can no longer be used.".into())
        }
        R::RefreshTokenRotates => {
            (E::NotAuthorized, "Refresh token rotation is enabled: use GetTokensFromRefreshToken.".into())
        }
        R::RevocationNotEnabled => (E::UnsupportedOperation, "Revocation is not enabled for the client.".into()),
        R::TokenTypeNotRevocable => (E::UnsupportedTokenType, "Unsupported token type.".into()),
        R::TokenOfOtherClient => (E::Unauthorized, "Refresh token was not issued to this client.".into()),
        R::SecretHashUnexpected { client_id } => (
            E::NotAuthorized,
            format!("Client {client_id} is configured without secret but SECRET_HASH was received").into(),
        ),
        R::SecretHashMissing { client_id } => (
            E::NotAuthorized,
            format!("Client {client_id} is configured with secret but SECRET_HASH was not received").into(),
        ),
        R::SecretHashWrong { client_id } => {
            (E::NotAuthorized, format!("Unable to verify secret hash for client {client_id}").into())
        }
        R::AuthorizationCodeInvalid => (E::NotAuthorized, "Invalid authorization code".into()),
        R::ClientCredentialsNotEnabled => {
            (E::InvalidOAuthFlow, "client_credentials is not enabled for the client.".into())
        }
        R::ScopeNotAllowed => (E::ScopeDoesNotExist, "The scope is unknown or not allowed for the client.".into()),

        R::FederatedUsernameTooLong => {
            (E::InvalidParameter, "Invalid user attributes: username: String must be no longer than 128".into())
        }
        R::FederatedUsernameTaken => (E::UsernameExists, "Already found an entry for username".into()),
        R::UsernameOfOtherUser { username } => {
            (E::InvalidParameter, format!("Already found an entry for username {username}").into())
        }

        R::PoolNotFound { id } => (E::ResourceNotFound, format!("User pool {id} does not exist.").into()),
        R::ClientNotFound { id } => (E::ResourceNotFound, format!("User pool client {id} does not exist.").into()),
        R::OwnerGone => (E::ResourceNotFound, "The resource does not exist.".into()),
        R::PageTokenInvalid => (E::InvalidParameter, "Invalid pagination token.".into()),
        R::TextWithNul => (E::InvalidParameter, "Invalid input: text must not contain NUL characters.".into()),

        R::TriggerFailed { function, failure } => {
            (E::UnexpectedLambda, format!("{function} invocation failed due to error: {failure}.").into())
        }

        R::Pool(fault) => user_pools::pool(fault),
        R::PoolTags(fault) => user_pools::tags(E::UserPoolTagging, fault),
        R::Tags(fault) => user_pools::tags(E::InvalidParameter, fault),
        R::FeatureNotInTier { feature, tier } => user_pools::tier(E::FeatureUnavailableInTier, feature, tier),
        R::TierChangeNotAllowed { feature, tier } => user_pools::tier(E::TierChangeNotAllowed, feature, tier),
        R::Schema(fault) => schema::schema(fault),
        R::Domain(fault) => domains::domain(fault),
        R::Client(fault) => clients::client(fault),
        R::RedirectUri { uri, fault } => clients::redirect_uri(&uri, fault),
        R::ResourceServer(fault) => resource_servers::resource_server(fault),
        R::Provider(fault) => identity_providers::provider(fault),
        R::Branding(fault) => branding::branding(fault),
        R::Attributes(fault) => attributes::attributes(fault),
        R::Filter(fault) => attributes::filter(fault),
        R::Group(fault) => groups::group(fault),
    }
}

const ATTEMPT_LIMIT: &str = "Attempt limit exceeded, please try after some time.";

fn flow_not_enabled(flow: &protocol::idp::AuthFlowType) -> Cow<'static, str> {
    use protocol::idp::AuthFlowType;
    match flow {
        AuthFlowType::UserPasswordAuth => "USER_PASSWORD_AUTH flow not enabled for this client".into(),
        AuthFlowType::AdminUserPasswordAuth
        | AuthFlowType::AdminNoSrpAuth
        | AuthFlowType::RefreshToken
        | AuthFlowType::RefreshTokenAuth => "Auth flow not enabled for this client".into(),
        other => format!("{} is not enabled for the client.", other.as_str()).into(),
    }
}

fn given_taken(attribute: &str) -> Cow<'static, str> {
    format!("An account with the given {attribute} already exists.").into()
}

fn username_form(form: UsernameForm) -> &'static str {
    match form {
        UsernameForm::Email => "Username should be an email.",
        UsernameForm::PhoneNumber => "Username should be a phone number.",
        UsernameForm::EmailOrPhoneNumber => "Username should be either an email or a phone number.",
        UsernameForm::Name => "Username is not valid.",
    }
}

fn password_weak(weakness: PasswordWeakness, on_reset: bool) -> Cow<'static, str> {
    let lead = if on_reset { "Password does not conform to policy" } else { "Password did not conform with policy" };
    let rule = match weakness {
        PasswordWeakness::Short => "Password not long enough",
        PasswordWeakness::Long => "Password must not be longer than 256 characters",
        PasswordWeakness::OuterSpace => "Password must not begin or end with a space",
        PasswordWeakness::NoUppercase => "Password must have uppercase characters",
        PasswordWeakness::NoLowercase => "Password must have lowercase characters",
        PasswordWeakness::NoNumber => "Password must have numeric characters",
        PasswordWeakness::NoSymbol => "Password must have symbol characters",
    };
    format!("{lead}: {rule}").into()
}
