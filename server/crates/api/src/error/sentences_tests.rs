//! Every reason with its exception and its sentence, as clients depend on them.
//!
//! A variant without a row does not compile; a sentence that changes shows in this file.

use domain::{
    AttributeFault, BrandingFault, ClientFault, ClientId, CssFault, DomainFault, Factor, Feature, FilterFault,
    GroupFault, Medium, MetadataFault, PasswordWeakness, PoolFault, PoolId, ProviderFault, Reason, RedirectUriFault,
    ResourceServerFault, SchemaFault, SvgFault, TagFault, Tier, UsernameForm, ValueFault,
};
use protocol::ErrorName;
use protocol::idp::{AssetCategoryType, AssetExtensionType, AuthFlowType, IdentityProviderTypeType, UserStatusType};

use super::Error;

/// Rows of one enum: `Variant(…) => Exception, "sentence";`, the variant put into a reason by the closure.
macro_rules! sentences {
    (
        $test:ident, $enum:ident, $reason:expr;
        $($variant:ident $(($($tuple:tt)*))? $({$($member:tt)*})? => $exception:ident, $said:expr;)*
    ) => {
        #[test]
        fn $test() {
            #[allow(unreachable_patterns, reason = "a variant may have several rows")]
            fn every_variant_has_a_row(one: &$enum) {
                match one {
                    $($enum::$variant { .. } => {})*
                }
            }
            let rows = [
                $(($enum::$variant $(($($tuple)*))? $({$($member)*})?, ErrorName::$exception, $said),)*
            ];
            let reason: fn($enum) -> Reason = $reason;
            for (one, name, said) in rows {
                every_variant_has_a_row(&one);
                let shown = format!("{one:?}");
                let error = Error::from(reason(one));
                assert_eq!((error.name, error.message.as_ref()), (name, said), "{shown}");
            }
        }
    };
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn pool() -> PoolId {
    PoolId::from("eu-west-1_abc")
}

fn email() -> String {
    text("email")
}

sentences! {
    reasons, Reason, |reason| reason;
    Internal => InternalError, "Internal server error";
    Busy => TooManyRequests, "Rate exceeded";
    RateExceeded => TooManyRequests, "Rate exceeded";
    WrongCredentials => NotAuthorized, "Incorrect username or password.";
    SignInLocked => NotAuthorized, "Password attempts exceeded";
    UserNotFound => UserNotFound, "User does not exist.";
    UserNotFoundForClient => UserNotFound, "Username/client id combination not found.";
    UserDisabled => NotAuthorized, "User is disabled.";
    UserNotConfirmed => UserNotConfirmed, "User is not confirmed.";
    PasswordResetRequired => PasswordResetRequired, "Password reset required for the user";
    TemporaryPasswordExpired => NotAuthorized, "Temporary password has expired and must be reset by an administrator.";
    SessionInvalid => NotAuthorized, "Invalid session for the user.";
    SessionExpired => NotAuthorized, "Invalid session for the user, session is expired.";
    SessionUsed => NotAuthorized, "Invalid session for the user, session can only be used once.";
    UsernameTooLong => InvalidParameter, "USERNAME is too long.";
    AuthFlowNotEnabled(AuthFlowType::UserPasswordAuth) => InvalidParameter,
        "USER_PASSWORD_AUTH flow not enabled for this client";
    AuthFlowNotEnabled(AuthFlowType::AdminNoSrpAuth) => InvalidParameter, "Auth flow not enabled for this client";
    AuthFlowNotEnabled(AuthFlowType::UserSrpAuth) => InvalidParameter, "USER_SRP_AUTH is not enabled for the client.";
    SessionMissing => InvalidParameter, "Missing required parameter Session";
    AnswerMissing => InvalidParameter, "Missing required parameter ANSWER";
    SrpPublicValueInvalid => InvalidParameter, "Invalid SRP_A";
    NoUsableFactor => InvalidUserPoolConfiguration,
        "The user pool requires MFA, but the user has no factor that it allows.";
    FactorNotOffered => InvalidParameter, "Invalid MFA type selected.";
    TotpSetUpIncomplete => NotAuthorized, "Software token MFA has not been set up.";
    TotpNotOffered => SoftwareTokenMFANotFound, "Software Token MFA has not been enabled by the userpool.";
    TotpNotAssociated => SoftwareTokenMFANotFound, "No software token has been associated.";
    TotpCodeWrong => EnableSoftwareTokenMFA, "Code mismatch and fail enable Software Token MFA";
    TotpCodeUsed => ExpiredCode, "Your software token has already been used once.";
    FederatedUserHasNoFactor => NotAuthorized, "Federated users cannot register an authenticator app.";
    SeveralPreferredFactors => InvalidParameter, "Only one MFA factor can be preferred.";
    FactorNotSetUp => InvalidParameter, "User has not set up software token mfa";
    FactorNotVerified => InvalidParameter, "User has not verified software token mfa";
    FactorNotEnabled(Factor::Totp) => InvalidParameter, "Software token MFA is not enabled for the user pool.";
    FactorNotEnabled(Factor::Sms) => InvalidParameter, "SMS MFA is not enabled for the user pool.";
    FactorNotEnabled(Factor::Email) => InvalidParameter, "Email MFA is not enabled for the user pool.";
    FactorWithoutAddress(Factor::Email) => InvalidParameter,
        "User does not have delivery config set to turn on EMAIL_OTP";
    DeviceNotFound => ResourceNotFound, "Device does not exist.";
    DeviceOfOtherSignIn => InvalidParameter, "Invalid device key given.";
    DeviceTrackingOff => InvalidUserPoolConfiguration, "Device tracking is not enabled.";
    DeviceAlreadyConfirmed => DeviceKeyExists, "Device key already exists.";
    DeviceNotConfirmed => InvalidParameter, "Device has not been confirmed.";
    CodeWrong => CodeMismatch, "Invalid verification code provided, please try again.";
    CodeExpired => ExpiredCode, "Invalid code provided, please request a code again.";
    ChallengeCodeWrong => CodeMismatch, "Invalid code or auth state for the user.";
    TooManyWrongCodes => TooManyFailedAttempts, "Too many failed attempts: please request a code again.";
    AttemptLimit => LimitExceeded, "Attempt limit exceeded, please try after some time.";
    CodeLimit => TooManyRequests, "Attempt limit exceeded, please try after some time.";
    CodeNotDelivered => CodeDeliveryFailure, "The code could not be delivered.";
    SignUpNotPermitted => NotAuthorized, "SignUp is not permitted for this user pool";
    AttributeNotWritable => NotAuthorized, "A client attempted to write unauthorized attribute";
    UsernameTaken => UsernameExists, "User already exists";
    UserAlreadyExists => UsernameExists, "User account already exists";
    UsernameAttributeTaken { attribute: email() } => UsernameExists, "An account with the given email already exists.";
    AliasTaken { attribute: text("phone_number") } => AliasExists, "An account with the phone number already exists.";
    AttributeAliasTaken { attribute: email() } => AliasExists, "An account with the given email already exists.";
    SignInNameTaken { attribute: email() } => InvalidParameter, "An account with the given email already exists.";
    UsernameNotOfForm(UsernameForm::Email) => InvalidParameter, "Username should be an email.";
    UsernameNotOfForm(UsernameForm::PhoneNumber) => InvalidParameter, "Username should be a phone number.";
    UsernameNotOfForm(UsernameForm::EmailOrPhoneNumber) => InvalidParameter,
        "Username should be either an email or a phone number.";
    UsernameNotOfForm(UsernameForm::Name) => InvalidParameter, "Username is not valid.";
    UsernameLikeAlias(Medium::Email) => InvalidParameter,
        "Username cannot be of email format, since user pool is configured for email alias.";
    UsernameLikeAlias(Medium::Sms) => InvalidParameter,
        "Username cannot be of phone number format, since user pool is configured for phone number alias.";
    UsernameOfProvider => InvalidParameter, "Username cannot begin with the name of an identity provider.";
    CannotConfirm { status: UserStatusType::Confirmed } => NotAuthorized,
        "User cannot be confirmed. Current status is CONFIRMED";
    AlreadyConfirmed => InvalidParameter, "User is already confirmed.";
    NoAutoVerification => InvalidParameter, "Cannot resend codes. Auto verification not turned on.";
    InvitationNotPending { username: text("ann") } => UnsupportedUserState,
        "Resend not possible. ann status is not FORCE_CHANGE_PASSWORD";
    PasswordWeak { weakness: PasswordWeakness::Short, on_reset: false } => InvalidPassword,
        "Password did not conform with policy: Password not long enough";
    PasswordWeak { weakness: PasswordWeakness::Short, on_reset: true } => InvalidPassword,
        "Password does not conform to policy: Password not long enough";
    PasswordWeak { weakness: PasswordWeakness::Long, on_reset: false } => InvalidPassword,
        "Password did not conform with policy: Password must not be longer than 256 characters";
    PasswordWeak { weakness: PasswordWeakness::OuterSpace, on_reset: false } => InvalidPassword,
        "Password did not conform with policy: Password must not begin or end with a space";
    PasswordWeak { weakness: PasswordWeakness::NoUppercase, on_reset: false } => InvalidPassword,
        "Password did not conform with policy: Password must have uppercase characters";
    PasswordWeak { weakness: PasswordWeakness::NoLowercase, on_reset: false } => InvalidPassword,
        "Password did not conform with policy: Password must have lowercase characters";
    PasswordWeak { weakness: PasswordWeakness::NoNumber, on_reset: false } => InvalidPassword,
        "Password did not conform with policy: Password must have numeric characters";
    PasswordWeak { weakness: PasswordWeakness::NoSymbol, on_reset: false } => InvalidPassword,
        "Password did not conform with policy: Password must have symbol characters";
    PasswordReused => PasswordHistoryPolicyViolation, "Password has previously been used";
    PreviousPasswordMissing => InvalidParameter, "Missing required parameter PreviousPassword";
    PasswordNotResettable => NotAuthorized, "User password cannot be reset in the current state.";
    RecoveryByAdministrator => NotAuthorized, "Contact administrator to reset password.";
    NoRecoveryAddress => InvalidParameter,
        "Cannot reset password for the user as there is no registered/verified email or phone_number";
    AttributeNotVerifiable => InvalidParameter, "Invalid attribute name.";
    AttributeMissing { attribute: email() } => InvalidParameter, "User does not have attribute email.";
    RequiredAttributeMissing { attribute: email() } => InvalidParameter, "Invalid attributes given, email is missing";
    AttributeAlreadyProvided { attribute: email() } => NotAuthorized, "Cannot modify an already provided email";
    AttributeImmutable { attribute: email() } => InvalidParameter, "user.email: Attribute cannot be updated.\n";
    AccessTokenInvalid => NotAuthorized, "Invalid Access Token";
    AccessTokenExpired => NotAuthorized, "Access Token has expired";
    AccessTokenRevoked => NotAuthorized, "Access Token has been revoked";
    AccessTokenScopeMissing => NotAuthorized, "Access Token does not have required scopes";
    RefreshTokenInvalid => NotAuthorized, "Invalid Refresh Token.";
    RefreshTokenExpired => NotAuthorized, "Refresh Token has expired";
    RefreshTokenRevoked => NotAuthorized, "Refresh Token has been revoked";
    RefreshTokenReused => RefreshTokenReuse, "Refresh token has been rotated and can no longer be used.";
    RefreshTokenRotates => NotAuthorized, "Refresh token rotation is enabled: use GetTokensFromRefreshToken.";
    RevocationNotEnabled => UnsupportedOperation, "Revocation is not enabled for the client.";
    TokenTypeNotRevocable => UnsupportedTokenType, "Unsupported token type.";
    TokenOfOtherClient => Unauthorized, "Refresh token was not issued to this client.";
    SecretHashUnexpected { client_id: text("c") } => NotAuthorized,
        "Client c is configured without secret but SECRET_HASH was received";
    SecretHashMissing { client_id: text("c") } => NotAuthorized,
        "Client c is configured with secret but SECRET_HASH was not received";
    SecretHashWrong { client_id: text("c") } => NotAuthorized, "Unable to verify secret hash for client c";
    AuthorizationCodeInvalid => NotAuthorized, "Invalid authorization code";
    ClientCredentialsNotEnabled => InvalidOAuthFlow, "client_credentials is not enabled for the client.";
    ScopeNotAllowed => ScopeDoesNotExist, "The scope is unknown or not allowed for the client.";
    FederatedUsernameTooLong => InvalidParameter,
        "Invalid user attributes: username: String must be no longer than 128";
    FederatedUsernameTaken => UsernameExists, "Already found an entry for username";
    UsernameOfOtherUser { username: text("ann") } => InvalidParameter, "Already found an entry for username ann";
    PoolNotFound { id: text("p") } => ResourceNotFound, "User pool p does not exist.";
    ClientNotFound { id: text("c") } => ResourceNotFound, "User pool client c does not exist.";
    OwnerGone => ResourceNotFound, "The resource does not exist.";
    PageTokenInvalid => InvalidParameter, "Invalid pagination token.";
    TextWithNul => InvalidParameter, "Invalid input: text must not contain NUL characters.";
    TriggerFailed { function: text("f"), failure: text("none") } => UnexpectedLambda,
        "f invocation failed due to error: none.";
    // Each of the following enums has its own table below.
    Pool(PoolFault::HasDomain) => InvalidParameter,
        "User pool cannot be deleted. It has a domain configured that should be deleted first.";
    PoolTags(TagFault::TooMany { most: 50 }) => UserPoolTagging, "The maximum number of tags is 50.";
    Tags(TagFault::TooMany { most: 50 }) => InvalidParameter, "The maximum number of tags is 50.";
    Schema(SchemaFault::NameMissing) => InvalidParameter, "The name of a schema attribute is required.";
    FeatureNotInTier { feature: Feature::EmailMfa, tier: Tier::Lite } => FeatureUnavailableInTier,
        "Email MFA is not available in the LITE feature plan of the user pool.";
    TierChangeNotAllowed { feature: Feature::EmailMfa, tier: Tier::Lite } => TierChangeNotAllowed,
        "Email MFA is not available in the LITE feature plan of the user pool.";
    Domain(DomainFault::NotFound) => InvalidParameter, "No such domain or user pool exists.";
    Client(ClientFault::LastSecret) => InvalidParameter, "The last secret of a client can not be deleted.";
    RedirectUri { uri: text("x"), fault: RedirectUriFault::NotAbsolute } => InvalidParameter,
        "x is not an absolute URI.";
    ResourceServer(ResourceServerFault::NotFound { identifier: text("api") }) => ResourceNotFound,
        "Resource server api does not exist.";
    Provider(ProviderFault::DiscoveryFailed) => InvalidParameter, "Unable to contact well-known endpoint";
    Branding(BrandingFault::NotFound) => ResourceNotFound, "ManagedLoginBranding does not exist.";
    Attributes(AttributeFault::EmailFormat) => InvalidParameter, "Invalid email address format.";
    Filter(FilterFault::Malformed) => InvalidParameter, "Error while parsing filter.";
    Group(GroupFault::NotFound) => ResourceNotFound, "Group not found.";
}

sentences! {
    user_pools, PoolFault, Reason::Pool;
    AliasesAndUsernameAttributes => InvalidParameter,
        "Only one of the aliasAttributes or usernameAttributes can be set in a User pool.";
    PreferredUsernameRequired => InvalidParameter,
        "preferred_username cannot be both an alias and a required attribute.";
    TemporaryPasswordDaysTwice => InvalidParameter,
        "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays";
    PasswordNotAmongFirstFactors => InvalidParameter,
        "Password should be configured as one of the allowed first auth factors.";
    TokenTriggersDiffer => InvalidParameter,
        "PreTokenGeneration and PreTokenGenerationConfig must name the same function.";
    CustomSenderWithoutKey => InvalidParameter, "KMSKeyID is required for a custom email or SMS sender.";
    EmailSourceMissing => InvalidParameter, "Source ARN is required to use DEVELOPER email sending owner";
    RecoveryDuplicate => InvalidParameter,
        "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.";
    RecoveryAdminOnlyNotAlone => InvalidParameter,
        "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.";
    UpdateWaitsForUnverified => InvalidParameter,
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes";
    PhoneVerificationWithoutSms => InvalidParameter,
        "SMS configuration is required when phone_number is selected for auto verification";
    SmsSenderNotOne => InvalidParameter, "SMS configuration must have either SnsCallerArn or EumsSms.";
    MfaWithoutSms => InvalidParameter,
        "SMS configuration and Auto verification for phone_number are required when MFA is required/optional";
    MfaOffWithFactors => InvalidParameter,
        "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.";
    MfaWithoutFactors => InvalidParameter,
        "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.";
    SmsMfaWithoutSms => InvalidParameter, "SMS configuration is required for SMS MFA.";
    DeletionProtected => InvalidParameter,
        "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.";
    HasDomain => InvalidParameter,
        "User pool cannot be deleted. It has a domain configured that should be deleted first.";
}

sentences! {
    tags, TagFault, Reason::Tags;
    TooMany { most: 50 } => InvalidParameter, "The maximum number of tags is 50.";
    ReservedKey { key: text("aws:x") } => InvalidParameter, "aws:x is a reserved tag key.";
}

sentences! {
    features, Feature, |feature| Reason::FeatureNotInTier { feature, tier: Tier::Essentials };
    ThreatProtection => FeatureUnavailableInTier,
        "Threat protection is not available in the ESSENTIALS feature plan of the user pool.";
    PasswordHistory => FeatureUnavailableInTier,
        "Password history is not available in the ESSENTIALS feature plan of the user pool.";
    ChoiceBasedSignIn => FeatureUnavailableInTier,
        "Choice-based sign-in is not available in the ESSENTIALS feature plan of the user pool.";
    AccessTokenCustomization => FeatureUnavailableInTier,
        "Access token customization is not available in the ESSENTIALS feature plan of the user pool.";
    EmailMfa => FeatureUnavailableInTier,
        "Email MFA is not available in the ESSENTIALS feature plan of the user pool.";
    PasskeySignIn => FeatureUnavailableInTier,
        "Sign-in with passkeys is not available in the ESSENTIALS feature plan of the user pool.";
    ManagedLogin => FeatureUnavailableInTier,
        "Managed login is not available in the ESSENTIALS feature plan of the user pool.";
    ManagedLoginBranding => FeatureUnavailableInTier,
        "Managed login branding is not available in the ESSENTIALS feature plan of the user pool.";
}

sentences! {
    schemas, SchemaFault, Reason::Schema;
    NameMissing => InvalidParameter, "The name of a schema attribute is required.";
    DuplicateName { name: text("custom:a") } => InvalidParameter,
        "Duplicate custom attribute names custom:a are not allowed in a user pool schema.";
    NameTaken { name: text("custom:a"), by: text("dev:custom:a") } => InvalidParameter,
        "custom:a: Existing attribute already has name dev:custom:a.";
    TooManyCustom { most: 50 } => InvalidParameter, "The user pool cannot have more than 50 custom attributes.";
    StandardRetyped { name: email() } => InvalidParameter,
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email";
    CustomRequired => InvalidParameter, "Required custom attributes are not supported currently.";
    TypeMissing => InvalidParameter,
        "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.";
    LengthInvalid { name: email() } => InvalidParameter,
        "Invalid StringAttributeConstraints for schema attribute email";
    ValueInvalid { name: text("updated_at") } => InvalidParameter,
        "Invalid NumberAttributeConstraints for schema attribute updated_at";
    LengthTooLarge { name: email(), most: 2048 } => InvalidParameter,
        "user.email: String attributes cannot have a length of more than 2048";
    LengthsOutOfOrder { name: email() } => InvalidParameter,
        "user.email: Max length cannot be less than min length.";
    ValuesOutOfOrder { name: text("updated_at") } => InvalidParameter,
        "user.updated_at: Max value cannot be less than min value.";
}

sentences! {
    domains, DomainFault, Reason::Domain;
    NotFound => InvalidParameter, "No such domain or user pool exists.";
    NotHostName => InvalidParameter, "A custom domain must be a fully qualified domain name.";
    NotLabel => InvalidParameter,
        r"The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$";
    ReservedWord { word: "aws" } => InvalidParameter, "Domain cannot contain reserved word: aws";
    ManagedLoginVersion => InvalidParameter, "ManagedLoginVersion must be 1 or 2.";
    PoolHasOne => InvalidParameter, "User pool already has a domain configured.";
    Taken => InvalidParameter, "Domain already associated with another user pool.";
    NotCustom => InvalidParameter, "CustomDomainConfig can only be set for a custom domain.";
}

sentences! {
    clients, ClientFault, Reason::Client;
    AuthFlowNamesMixed => InvalidParameter,
        "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.";
    ClientTokenAuthNotAlone => InvalidParameter,
        "ALLOW_CLIENT_TOKEN_AUTH cannot be used with any other auth flow.";
    ClientTokenAuthWithoutSecret => InvalidParameter,
        "ALLOW_CLIENT_TOKEN_AUTH can not be selected if client does not have a client secret.";
    RefreshTokenAuthWithRotation => InvalidParameter,
        "ALLOW_REFRESH_TOKEN_AUTH cannot be used when refresh token rotation is enabled.";
    TokenValidityOutOfRange => InvalidParameter, "Invalid range for token validity.";
    TokenValidityOrder => InvalidParameter,
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.";
    ReadAttributes { is_new: true } => InvalidParameter, "Invalid read attributes specified while creating a client";
    ReadAttributes { is_new: false } => InvalidParameter, "Invalid read attributes specified while updating a client";
    WriteAttributes { is_new: true } => InvalidParameter, "Invalid write attributes specified while creating a client";
    WriteAttributes { is_new: false } => InvalidParameter, "Invalid write attributes specified while updating a client";
    ProviderUnknown { name: text("Okta"), pool: pool() } => InvalidParameter,
        "The provider Okta does not exist for User Pool eu-west-1_abc.";
    DefaultRedirectUriUnknown { uri: text("https://b.example") } => InvalidParameter,
        "The default redirect URI https://b.example is not in the callback URIs list.";
    ScopeUnknown { scope: text("api/write") } => ScopeDoesNotExist, "Invalid scope requested: api/write";
    OAuthFlowsOrScopesMissing => InvalidOAuthFlow,
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
    ClientCredentialsNotAlone => InvalidOAuthFlow,
        "client_credentials flow can not be selected along with code flow or implicit flow.";
    ClientCredentialsWithoutSecret => InvalidOAuthFlow,
        "client_credentials flow can not be selected if client does not have a client secret.";
    ClientCredentialsScope { scope: text("openid") } => InvalidOAuthFlow,
        "openid is not supported with client_credentials flow";
    CallbackUrlMissing => InvalidOAuthFlow,
        "CallbackUrls can not be empty when code flow or implicit flow is selected";
    Analytics => InvalidParameter,
        "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid";
    SecretsNotPublished => InvalidParameter, "PublishSecretsInAWSSecretsManager is not supported.";
    SecretGivenAndGenerated => InvalidParameter,
        "ClientSecret can not be specified when GenerateSecret is true.";
    SecretOfPublicClient => InvalidParameter,
        "Client secrets can only be added to a client that has a secret.";
    TooManySecrets { most: 2 } => LimitExceeded, "A client can have at most 2 active secrets.";
    SecretNotFound { id: text("c--1") } => ResourceNotFound, "Client secret c--1 does not exist.";
    LastSecret => InvalidParameter, "The last secret of a client can not be deleted.";
}

sentences! {
    redirect_uris, RedirectUriFault, |fault| Reason::RedirectUri { uri: "u:v".to_owned(), fault };
    NotAbsolute => InvalidParameter, "u:v is not an absolute URI.";
    Fragment => InvalidParameter, "u:v cannot use fragment";
    PlainHttp => InvalidParameter, "u:v cannot use the HTTP protocol.";
    Scheme(text("data")) => InvalidParameter, "u:v cannot use the data protocol.";
}

sentences! {
    resource_servers, ResourceServerFault, Reason::ResourceServer;
    NotFound { identifier: text("api") } => ResourceNotFound, "Resource server api does not exist.";
    Exists { identifier: text("api"), pool: pool() } => InvalidParameter,
        "api already exists in user pool eu-west-1_abc.";
    DuplicateScope { scope: text("read"), identifier: text("api") } => InvalidParameter,
        "Duplicate scope name read for resource server api.";
}

sentences! {
    identity_providers, ProviderFault, Reason::Provider;
    NotFound { name: text("Okta"), pool: pool() } => ResourceNotFound,
        "Identity provider Okta does not exist in user pool eu-west-1_abc.";
    IdentifierNotFound { identifier: text("a.example"), pool: pool() } => ResourceNotFound,
        "Identity provider with identifier a.example does not exist in user pool eu-west-1_abc.";
    Duplicate { name: text("Okta"), pool: pool() } => DuplicateProvider,
        "Okta already exists in user pool eu-west-1_abc.";
    TooMany { pool: pool(), most: 300 } => LimitExceeded,
        "User pool eu-west-1_abc can have at most 300 identity providers.";
    OwnDirectory { name: text("Cognito") } => UnsupportedIdentityProvider,
        "Cognito is the user pool's own directory.";
    NameNotOfType { name: text("Mine"), kind: IdentityProviderTypeType::Google } => InvalidParameter,
        "Provider Mine cannot be of type Google.";
    MappingTargets { targets: vec![text("custom:none"), text("sub")] } => InvalidParameter,
        "AttributeMapping contains invalid mapping: [custom:none, sub]";
    IdentifierTaken { identifier: text("a.example"), pool: pool() } => InvalidParameter,
        "The identifier a.example is already in use in user pool eu-west-1_abc.";
    DetailMissing { kind: IdentityProviderTypeType::Google } => InvalidParameter,
        "clientId, clientSecret and authorizeScopes are all required idp details.";
    DetailMissing { kind: IdentityProviderTypeType::SignInWithApple } => InvalidParameter,
        "clientId, privateKey, teamId, and keyId are all required idp details.";
    DetailMissing { kind: IdentityProviderTypeType::Oidc } => InvalidParameter,
        "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.";
    DetailMissing { kind: IdentityProviderTypeType::Saml } => InvalidParameter,
        "At least one of the MetadataURL or MetadataFile should be provided.";
    DetailValue { member: "attributes_request_method", allowed: &["POST", "GET"] } => InvalidParameter,
        "1 validation error detected: Value at 'attributesRequestMethod' failed to satisfy constraint: Member must satisfy enum value set: [POST, GET]";
    DetailValue { member: "IDPInit", allowed: &["true", "false"] } => InvalidParameter,
        "1 validation error detected: Value at 'IDPInit' failed to satisfy constraint: Member must satisfy enum value set: [true, false]";
    EndpointNotHttps => InvalidParameter, "OIDC endpoint must start with https://";
    MetadataUrlNotHttps => InvalidParameter, "MetadataURL must start with https://";
    MetadataTwice => InvalidParameter, "Only one of the MetadataURL or MetadataFile should be provided.";
    MetadataUnreachable { url: text("https://a.example") } => InvalidParameter,
        "Unable to retrieve metadata from https://a.example";
    MetadataStatus { url: text("https://a.example"), status: 404 } => InvalidParameter,
        "Non-ok status code 404 returned from remote metadata source https://a.example";
    Metadata(MetadataFault::NoEntityId) => InvalidParameter, "No entityID found in metadata.";
    DiscoveryFailed => InvalidParameter, "Unable to contact well-known endpoint";
    Changed => ConcurrentModification, "The identity provider was changed by somebody else.";
}

sentences! {
    saml_metadata, MetadataFault, |fault| Reason::Provider(ProviderFault::Metadata(fault));
    Xml(text("a DTD at 1:1")) => InvalidParameter,
        "The SAML metadata is not a well-formed XML document without a document type: a DTD at 1:1.";
    NoProvider => InvalidParameter, "No SAML 2.0 identity provider (IDPSSODescriptor) found in metadata.";
    NoEntityId => InvalidParameter, "No entityID found in metadata.";
    NoSignOn => InvalidParameter, "No SingleSignOn Http redirect binding location found in metadata.";
    Location => InvalidParameter, "A location in the metadata is neither an https nor an http address.";
    NoCertificate => InvalidParameter, "No valid signing certificate found in metadata.";
    Certificate => InvalidParameter, "A certificate in the metadata is invalid.";
}

sentences! {
    brandings, BrandingFault, Reason::Branding;
    NotFound => ResourceNotFound, "ManagedLoginBranding does not exist.";
    NotFoundForClient { client: ClientId::from("c") } => ResourceNotFound,
        "ManagedLoginBranding for client c does not exist.";
    Exists { client: ClientId::from("c") } => ManagedLoginBrandingExists,
        "A ManagedLoginBranding already exists for client c";
    TooMany { most: 20 } => LimitExceeded, "A user pool can have at most 20 managed login branding styles.";
    SettingsOrProvided => InvalidParameter,
        "useCognitoProvidedValues or settings should be specified (but not both)";
    SettingsNotObject => InvalidParameter, "Settings must be a JSON object.";
    SettingsUnknown { path: text("components.form.colour") } => InvalidParameter,
        "Settings have an unknown property: components.form.colour.";
    RequestTooLarge { most: 2_000_000 } => InvalidParameter, "The request is larger than 2 MB; send it in parts.";
    TooManyAssets { most: 40 } => InvalidParameter, "A branding style can have at most 40 assets.";
    AssetWithoutBytes { category: AssetCategoryType::FormLogo } => InvalidParameter,
        "Bytes are required for the asset FORM_LOGO.";
    AssetKind {
        category: AssetCategoryType::IdpButtonIcon,
        extension: AssetExtensionType::Png,
        allowed: &[AssetExtensionType::Ico, AssetExtensionType::Svg],
    } => InvalidParameter, "An asset of category IDP_BUTTON_ICON can not be of type PNG. Allowed types: ICO, SVG.";
    NotPicture { extension: AssetExtensionType::Png } => InvalidParameter,
        "The asset is not a valid image of type PNG.";
    Svg(SvgFault::NotUtf8) => InvalidParameter, "The asset is not a valid image of type SVG: it is not UTF-8.";
    LogoTooLarge { most: 102_400 } => InvalidParameter, "The logo must not be larger than 100 KB.";
    LogoKind => InvalidParameter, "The logo must be a PNG, JPG or JPEG image.";
    CustomizationTooLarge => InvalidParameter, "request parameters too large";
    Css(CssFault::Brace) => InvalidParameter, "The CSS is not valid: braces do not match.";
    CssSelector { selector: text("body") } => InvalidParameter,
        "The CSS class body is not in the list of allowed classes.";
    CssForbidden { word: text("@import") } => InvalidParameter, "The CSS must not contain @import.";
    DomainMissing => InvalidParameter, "A domain must be associated with this user pool.";
}

sentences! {
    style_sheets, CssFault, |fault| Reason::Branding(BrandingFault::Css(fault));
    Escape => InvalidParameter, "The CSS is not valid: escapes are not allowed.";
    Open => InvalidParameter, "The CSS is not valid: a comment or string has no end.";
    Brace => InvalidParameter, "The CSS is not valid: braces do not match.";
    Nested => InvalidParameter, "The CSS is not valid: rules must not be nested.";
    Malformed => InvalidParameter, "The CSS is not valid: it can not be read.";
    Character('\0') => InvalidParameter, r"The CSS is not valid: '\0' is not allowed.";
}

sentences! {
    drawings, SvgFault, |fault| Reason::Branding(BrandingFault::Svg(fault));
    NotUtf8 => InvalidParameter, "The asset is not a valid image of type SVG: it is not UTF-8.";
    Entities => InvalidParameter, "The asset is not a valid image of type SVG: it declares entities.";
    NotXml => InvalidParameter, "The asset is not a valid image of type SVG: it is not well-formed XML.";
    Root => InvalidParameter, "The asset is not a valid image of type SVG: its root is not an svg element.";
    TooDeep => InvalidParameter, "The asset is not a valid image of type SVG: its elements are nested too deeply.";
}

sentences! {
    attributes, AttributeFault, Reason::Attributes;
    Unknown { name: text("shoe") } => InvalidParameter, "user.shoe: Attribute does not exist in the schema.\n";
    EmailFormat => InvalidParameter, "Invalid email address format.";
    PhoneNumberFormat => InvalidParameter, "Invalid phone number format.";
    Unfit { values: vec![(email(), ValueFault::Required), (text("custom:a"), ValueFault::Unknown)] } =>
        InvalidParameter,
        "Attributes did not conform to the schema: email: The attribute is required\ncustom:a: Attribute does not exist in the schema.\n";
    MappedTooLong { name: text("name"), most: 2_048 } => InvalidParameter,
        "Invalid user attributes: name: String must be no longer than 2048 characters";
    MappedImmutable { name: text("name") } => InvalidParameter,
        "Invalid user attributes: name: Attribute cannot be updated.";
    RequiredMissing { names: vec![email(), text("name")] } => InvalidParameter, "attributes required: [email, name]";
    RequestedUnknown => InvalidParameter, "One or more requested attributes do not exist in user pool.";
}

sentences! {
    values, ValueFault, |fault| Reason::Attributes(AttributeFault::Unfit { values: vec![("a".to_owned(), fault)] });
    Unknown => InvalidParameter, "Attributes did not conform to the schema: a: Attribute does not exist in the schema.\n";
    Required => InvalidParameter, "Attributes did not conform to the schema: a: The attribute is required\n";
    TooShort { least: 2 } => InvalidParameter,
        "Attributes did not conform to the schema: a: String must be at least 2 characters\n";
    TooLong { most: 9 } => InvalidParameter,
        "Attributes did not conform to the schema: a: String must be no longer than 9 characters\n";
    NotBoolean => InvalidParameter,
        "Attributes did not conform to the schema: a: The attribute value must be true or false\n";
    NotNumber => InvalidParameter,
        "Attributes did not conform to the schema: a: The attribute value must be a number\n";
    TooSmall { least: -1 } => InvalidParameter,
        "Attributes did not conform to the schema: a: Number must be at least -1\n";
    TooLarge { most: 7 } => InvalidParameter,
        "Attributes did not conform to the schema: a: Number must be no more than 7\n";
    NotDate => InvalidParameter,
        "Attributes did not conform to the schema: a: Invalid birthdate format, please use yyyy-MM-dd.\n";
    NotDateTime => InvalidParameter,
        "Attributes did not conform to the schema: a: The attribute value must be a date and time\n";
}

sentences! {
    filters, FilterFault, Reason::Filter;
    Malformed => InvalidParameter, "Error while parsing filter.";
    AttributeNotSearchable { name: text("shoe") } => InvalidParameter, "Invalid search attribute: shoe";
}

sentences! {
    groups, GroupFault, Reason::Group;
    NotFound => ResourceNotFound, "Group not found.";
    Exists => GroupExists, "A group with the name already exists.";
    TooManyOfUser { most: 100 } => LimitExceeded, "A user can be in at most 100 groups.";
}
