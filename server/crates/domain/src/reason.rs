//! Why something was refused, in the domain's terms. Each door owns the words for it.

use std::fmt;

use protocol::idp::{AuthFlowType, UserStatusType};

use crate::{
    AttributeFault, BrandingFault, ClientFault, DomainFault, Factor, Feature, FilterFault, GroupFault, Medium,
    PasswordWeakness, PoolFault, ProviderFault, RedirectUriFault, ResourceServerFault, SchemaFault, TagFault, Tier,
    UsernameForm,
};

/// Why a decision or a flow refused, or that it failed.
///
/// A reason carries what a door needs for its answer and nothing else; what only the operator may read is
/// [`crate::Error::detail`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A fault of ours: the caller learns nothing but that.
    Internal,
    /// Too much waits already; later it may be taken.
    Busy,

    // Signing in
    /// A wrong password or proof; an unknown user where that is hidden.
    WrongCredentials,
    /// Wrong proofs came too often: this one was not judged.
    SignInLocked,
    /// No such user, told to sign-in and to administrators.
    UserNotFound,
    /// No such user, told to an operation that a client calls for somebody not signed in.
    UserNotFoundForClient,
    /// The account is disabled.
    UserDisabled,
    /// The sign-up is not confirmed yet.
    UserNotConfirmed,
    /// An administrator demands a new password.
    PasswordResetRequired,
    /// The temporary password's days are over.
    TemporaryPasswordExpired,
    /// A Session that is not ours, or for another step.
    SessionInvalid,
    /// A Session whose time is over.
    SessionExpired,
    /// A Session that was answered before.
    SessionUsed,
    /// No name is that long.
    UsernameTooLong,
    /// The client's ExplicitAuthFlows lack the flow.
    AuthFlowNotEnabled(AuthFlowType),
    /// An answer came without the Session that it belongs to.
    SessionMissing,
    /// An answer came without what it should have held: a code, a password.
    AnswerMissing,
    /// SRP_A is no number of the group.
    SrpPublicValueInvalid,
    /// The pool demands a second factor that the user cannot have.
    NoUsableFactor,
    /// The chosen factor was not among those offered.
    FactorNotOffered,
    /// MFA_SETUP was answered before a code of the authenticator app was shown.
    TotpSetUpIncomplete,

    // Second factors and devices
    /// The pool has authenticator apps off.
    TotpNotOffered,
    /// No seed waits for a first code.
    TotpNotAssociated,
    /// The first code of an authenticator app was wrong.
    TotpCodeWrong,
    /// The code was used before.
    TotpCodeUsed,
    /// Who comes through an identity provider has no factor here.
    FederatedUserHasNoFactor,
    /// More than one factor was to be preferred.
    SeveralPreferredFactors,
    /// The user has no authenticator app.
    FactorNotSetUp,
    /// The user's authenticator app has not shown its first code.
    FactorNotVerified,
    /// The pool has the factor off.
    FactorNotEnabled(Factor),
    /// The user has no address for the factor's codes.
    FactorWithoutAddress(Factor),
    /// No such device of the user.
    DeviceNotFound,
    /// The device is not the one that was announced with the sign-in at hand.
    DeviceOfOtherSignIn,
    /// The pool tracks no devices.
    DeviceTrackingOff,
    /// The device was confirmed before.
    DeviceAlreadyConfirmed,
    /// The device was never confirmed.
    DeviceNotConfirmed,

    // Codes and limits
    /// A wrong code of a confirmation, reset or attribute.
    CodeWrong,
    /// The code's time is over, or there never was one.
    CodeExpired,
    /// A wrong code in answer to a challenge.
    ChallengeCodeWrong,
    /// Wrong codes came too often: this one is void.
    TooManyWrongCodes,
    /// A per-user limit is reached.
    AttemptLimit,
    /// The per-user limit of codes sent is reached.
    CodeLimit,
    /// A caller, or all callers together, do it too often.
    RateExceeded,
    /// The code could not be delivered.
    CodeNotDelivered,

    // Accounts
    /// Only administrators make users in this pool.
    SignUpNotPermitted,
    /// The client may not write the attribute.
    AttributeNotWritable,
    /// The username is taken.
    UsernameTaken,
    /// The same, told to an administrator.
    UserAlreadyExists,
    /// The address that is the username is taken.
    UsernameAttributeTaken {
        /// `email` or `phone_number`
        attribute: String,
    },
    /// Another user has the alias.
    AliasTaken {
        /// `email`, `phone_number` or `preferred_username`
        attribute: String,
    },
    /// The same, told to who changes attributes.
    AttributeAliasTaken {
        /// `email`, `phone_number` or `preferred_username`
        attribute: String,
    },
    /// A password would give the user a sign-in name that another user has.
    SignInNameTaken {
        /// `email`, `phone_number` or `preferred_username`
        attribute: String,
    },
    /// The username is not of the form that the pool asks for.
    UsernameNotOfForm(UsernameForm),
    /// The username looks like an address, and addresses are aliases here.
    UsernameLikeAlias(Medium),
    /// The username would be that of who comes through an identity provider.
    UsernameOfProvider,
    /// A sign-up that cannot be confirmed in the user's status.
    CannotConfirm {
        /// The status.
        status: UserStatusType,
    },
    /// No code is sent to who is confirmed.
    AlreadyConfirmed,
    /// The pool verifies nothing automatically: there is nowhere to send a code.
    NoAutoVerification,
    /// An invitation is renewed only until its user has signed in.
    InvitationNotPending {
        /// As typed.
        username: String,
    },

    // Passwords
    /// The password breaks a rule of the pool's.
    PasswordWeak {
        /// The first rule.
        weakness: PasswordWeakness,
        /// Whether a reset asked for it.
        on_reset: bool,
    },
    /// The password was in use before.
    PasswordReused,
    /// The present password was not sent.
    PreviousPasswordMissing,
    /// Who has a temporary password, or none, cannot reset it.
    PasswordNotResettable,
    /// Only administrators reset passwords in this pool.
    RecoveryByAdministrator,
    /// The user has no verified address that a reset code may go to.
    NoRecoveryAddress,

    // Attributes
    /// Only addresses are verified.
    AttributeNotVerifiable,
    /// The user has no such attribute.
    AttributeMissing {
        /// Its name.
        attribute: String,
    },
    /// A required attribute was neither there nor given.
    RequiredAttributeMissing {
        /// Its name.
        attribute: String,
    },
    /// The attribute has a value that this step may not replace.
    AttributeAlreadyProvided {
        /// Its name.
        attribute: String,
    },
    /// The attribute can be written once.
    AttributeImmutable {
        /// Its name.
        attribute: String,
    },

    // Tokens
    /// Not an access token of ours.
    AccessTokenInvalid,
    /// Its time is over.
    AccessTokenExpired,
    /// Its session was ended.
    AccessTokenRevoked,
    /// It lacks the scope that the call needs.
    AccessTokenScopeMissing,
    /// Not a refresh token of this client's.
    RefreshTokenInvalid,
    /// Its time is over.
    RefreshTokenExpired,
    /// Its session was ended.
    RefreshTokenRevoked,
    /// It was replaced by another.
    RefreshTokenReused,
    /// Rotation is on: GetTokensFromRefreshToken is the way.
    RefreshTokenRotates,
    /// The client's tokens cannot be revoked.
    RevocationNotEnabled,
    /// Only refresh tokens can be revoked.
    TokenTypeNotRevocable,
    /// The token is another client's.
    TokenOfOtherClient,
    /// SECRET_HASH was sent for a client without secret.
    SecretHashUnexpected {
        /// The client.
        client_id: String,
    },
    /// SECRET_HASH is missing.
    SecretHashMissing {
        /// The client.
        client_id: String,
    },
    /// SECRET_HASH is wrong.
    SecretHashWrong {
        /// The client.
        client_id: String,
    },
    /// No authorization code that this redemption may take.
    AuthorizationCodeInvalid,
    /// The client may not use client_credentials.
    ClientCredentialsNotEnabled,
    /// The scope is unknown, or not the client's.
    ScopeNotAllowed,

    // Federation
    /// The provider's name for the user is too long to become a username.
    FederatedUsernameTooLong,
    /// Another first sign-in has just made the profile.
    FederatedUsernameTaken,
    /// The profile's username is somebody else's.
    UsernameOfOtherUser {
        /// The username.
        username: String,
    },

    // Resources
    /// No such user pool.
    PoolNotFound {
        /// As asked.
        id: String,
    },
    /// No such app client (in this pool).
    ClientNotFound {
        /// As asked.
        id: String,
    },
    /// The pool, user or group that a row belongs to was removed meanwhile.
    OwnerGone,
    /// A position in a list that is not ours, or of another list.
    PageTokenInvalid,
    /// Text that no database keeps.
    TextWithNul,

    // Triggers
    /// The pool's function could not be run.
    TriggerFailed {
        /// The function's ARN.
        function: String,
        /// What is wrong with it.
        failure: String,
    },

    // Settings: what is wrong with a subject stands beside it
    /// A user pool.
    Pool(PoolFault),
    /// A user pool's tags, as its settings have them.
    PoolTags(TagFault),
    /// A resource's tags.
    Tags(TagFault),
    /// The schema of a user pool.
    Schema(SchemaFault),
    /// A feature that the pool's plan lacks.
    FeatureNotInTier {
        /// The feature.
        feature: Feature,
        /// The plan.
        tier: Tier,
    },
    /// A lower plan, which lacks a feature that stays switched on.
    TierChangeNotAllowed {
        /// The feature.
        feature: Feature,
        /// The new plan.
        tier: Tier,
    },
    /// A domain.
    Domain(DomainFault),
    /// An app client.
    Client(ClientFault),
    /// An address that is no redirect URI.
    RedirectUri {
        /// As registered.
        uri: String,
        /// Why not.
        fault: RedirectUriFault,
    },
    /// A resource server.
    ResourceServer(ResourceServerFault),
    /// An identity provider.
    Provider(ProviderFault),
    /// How the hosted pages look.
    Branding(BrandingFault),

    // Users and groups
    /// A user's attributes, held against the schema.
    Attributes(AttributeFault),
    /// A filter of users.
    Filter(FilterFault),
    /// A group.
    Group(GroupFault),
}

/// Lets a check answer its own fault, and `?` make an error of it.
macro_rules! faults {
    ($($variant:ident($fault:ty),)*) => {$(
        impl From<$fault> for Reason {
            fn from(fault: $fault) -> Self {
                Self::$variant(fault)
            }
        }

        impl From<$fault> for crate::Error {
            fn from(fault: $fault) -> Self {
                Reason::$variant(fault).into()
            }
        }
    )*};
}

faults! {
    Pool(PoolFault),
    Tags(TagFault),
    Schema(SchemaFault),
    Domain(DomainFault),
    Client(ClientFault),
    ResourceServer(ResourceServerFault),
    Provider(ProviderFault),
    Branding(BrandingFault),
    Attributes(AttributeFault),
    Filter(FilterFault),
    Group(GroupFault),
}

impl Reason {
    /// [`Reason::PoolNotFound`]
    pub fn pool_not_found(id: impl fmt::Display) -> Self {
        Self::PoolNotFound { id: id.to_string() }
    }

    /// [`Reason::ClientNotFound`]
    pub fn client_not_found(id: impl fmt::Display) -> Self {
        Self::ClientNotFound { id: id.to_string() }
    }
}
