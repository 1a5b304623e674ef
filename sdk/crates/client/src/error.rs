//! What can go wrong, under Cognito's own names, plus what happens outside Cognito.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::ops::Deref;

use crate::text;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal),* $(,)?) => {
        /// The kinds of failure. The same list stands in the npm package as the type `AuthErrorName`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])* $kind),*
        }

        impl Kind {
            /// Every kind there is.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),*];

            /// The name callers switch on.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => $name),*
                }
            }
        }
    };
}

kinds! {
    /// E-mail or phone number belongs to another account.
    AliasExists = "AliasExistsException",
    /// The code could not be sent.
    CodeDeliveryFailure = "CodeDeliveryFailureException",
    /// Wrong code.
    CodeMismatch = "CodeMismatchException",
    /// Two changes at once.
    ConcurrentModification = "ConcurrentModificationException",
    /// The device key is taken.
    DeviceKeyExists = "DeviceKeyExistsException",
    /// Wrong authenticator code while enrolling.
    EnableSoftwareTokenMfa = "EnableSoftwareTokenMFAException",
    /// The code is too old or was used.
    ExpiredCode = "ExpiredCodeException",
    /// The pool's plan does not include this.
    FeatureUnavailableInTier = "FeatureUnavailableInTierException",
    /// A firewall refused.
    Forbidden = "ForbiddenException",
    /// The service failed.
    InternalError = "InternalErrorException",
    /// The pool may not send mail.
    InvalidEmailRoleAccessPolicy = "InvalidEmailRoleAccessPolicyException",
    /// A trigger answered nonsense.
    InvalidLambdaResponse = "InvalidLambdaResponseException",
    /// A parameter is missing or wrong.
    InvalidParameter = "InvalidParameterException",
    /// The password does not meet the policy.
    InvalidPassword = "InvalidPasswordException",
    /// The pool may not send SMS.
    InvalidSmsRoleAccessPolicy = "InvalidSmsRoleAccessPolicyException",
    /// The pool may not send SMS.
    InvalidSmsRoleTrustRelationship = "InvalidSmsRoleTrustRelationshipException",
    /// The pool is set up wrongly.
    InvalidUserPoolConfiguration = "InvalidUserPoolConfigurationException",
    /// Too many codes or attempts.
    LimitExceeded = "LimitExceededException",
    /// The pool knows no such MFA method.
    MfaMethodNotFound = "MFAMethodNotFoundException",
    /// Wrong user name or password, expired session, revoked token.
    NotAuthorized = "NotAuthorizedException",
    /// Switched off here.
    OperationNotEnabled = "OperationNotEnabledException",
    /// The password was used before.
    PasswordHistoryPolicyViolation = "PasswordHistoryPolicyViolationException",
    /// An administrator asked for a reset.
    PasswordResetRequired = "PasswordResetRequiredException",
    /// A rotated refresh token came back.
    RefreshTokenReuse = "RefreshTokenReuseException",
    /// No such pool, client or device.
    ResourceNotFound = "ResourceNotFoundException",
    /// No authenticator is enrolled or allowed.
    SoftwareTokenMfaNotFound = "SoftwareTokenMFANotFoundException",
    /// Too many wrong codes.
    TooManyFailedAttempts = "TooManyFailedAttemptsException",
    /// Slow down.
    TooManyRequests = "TooManyRequestsException",
    /// The client may not do this.
    Unauthorized = "UnauthorizedException",
    /// A trigger failed.
    UnexpectedLambda = "UnexpectedLambdaException",
    /// The service does not do this (here).
    UnsupportedOperation = "UnsupportedOperationException",
    /// Not a refresh token.
    UnsupportedTokenType = "UnsupportedTokenTypeException",
    /// A trigger refused.
    UserLambdaValidation = "UserLambdaValidationException",
    /// The account is not confirmed yet.
    UserNotConfirmed = "UserNotConfirmedException",
    /// No such user.
    UserNotFound = "UserNotFoundException",
    /// The user name is taken.
    UsernameExists = "UsernameExistsException",
    /// The service named an error this list does not know; its name is in [`Failure::code`].
    UnknownService = "UnknownServiceException",
    /// The domain's OAuth endpoints refused; RFC 6749's code is in [`Failure::code`].
    OAuth = "OAuthError",
    /// The identity provider refused, or the person did there: nobody consented. Its code is in [`Failure::code`].
    ProviderRefused = "ProviderRefused",
    /// The identity provider's answer was an error, or not to be believed. Its code is in [`Failure::code`].
    ProviderFailed = "ProviderFailed",
    /// The identity provider could not be reached, or is out of order. The code is in [`Failure::code`].
    ProviderUnavailable = "ProviderUnavailable",
    /// No answer: offline, DNS, TLS, CORS, time-out. Never signs anyone out.
    Network = "NetworkError",
    /// An answer that is not the service's (a captive portal, a proxy's error page).
    UnexpectedResponse = "UnexpectedResponse",
    /// Nobody is signed in here.
    NotSignedIn = "NotSignedIn",
    /// The step was already used or is too old.
    StepExpired = "StepExpired",
    /// The service asks for a challenge the SDK cannot answer; its name is in [`Failure::code`].
    UnsupportedChallenge = "UnsupportedChallenge",
    /// The redirect back does not belong to a sign-in begun here (state or issuer differ).
    InvalidRedirect = "InvalidRedirect",
    /// The ID token failed a check.
    InvalidIdToken = "InvalidIdToken",
    /// The configuration is incomplete or contradicts itself.
    InvalidConfiguration = "InvalidConfiguration",
    /// The store failed.
    Storage = "StorageError",
    /// The engine could not be started (no wasm, no worker, blocked by a content security policy).
    Engine = "EngineUnavailable",
}

/// A failure. One pointer wide: it travels through every future of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Failure>);

/// What an [`Error`] says: its kind and the service's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub kind: Kind,
    /// For people: the service's message, or ours.
    pub message: String,
    /// The service's own code where [`Kind`] has no word for it (unknown exceptions, OAuth codes, challenges).
    pub code: Option<String>,
    /// The identity provider that it is about, where that is known.
    pub provider: Option<String>,
    /// The service's request id, to quote in a report.
    pub request_id: Option<String>,
}

impl Deref for Error {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl Error {
    /// A failure with our own words.
    #[must_use]
    pub fn new(kind: Kind, message: &str) -> Self {
        Error(Box::new(Failure { kind, message: message.to_owned(), code: None, provider: None, request_id: None }))
    }

    /// The same with a code.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> Self {
        self.0.code = Some(code.to_owned());
        self
    }

    /// The same about an identity provider.
    #[must_use]
    pub fn with_provider(mut self, provider: Option<&str>) -> Self {
        self.0.provider = provider.map(str::to_owned);
        self
    }

    /// The same with the service's request id.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<&str>) -> Self {
        self.0.request_id = id.map(str::to_owned);
        self
    }

    /// From the name the service gave (`__type`, possibly with a namespace before `#`, possibly followed by `:`).
    #[must_use]
    pub fn from_service(name: &str, message: &str) -> Self {
        let name = text::before(text::cut_last(name, b'#').map_or(name, |(_, name)| name), b':');
        match Kind::ALL.iter().find(|kind| kind.name() == name) {
            Some(kind) => Error::new(*kind, message),
            None => Error::new(Kind::UnknownService, message).with_code(name),
        }
    }

    /// True when the refresh token itself was refused, so that the session is over. Everything else keeps it.
    #[must_use]
    pub fn ends_session(&self) -> bool {
        matches!(self.kind, Kind::NotAuthorized | Kind::RefreshTokenReuse | Kind::UserNotFound)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        f.write_str(": ")?;
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}

/// What the engine's calls return.
pub type Result<T> = core::result::Result<T, Error>;
