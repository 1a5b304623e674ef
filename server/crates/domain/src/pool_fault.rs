//! What is wrong with a user pool's settings, or forbids to delete it.

/// Why CreateUserPool, UpdateUserPool, SetUserPoolMfaConfig or DeleteUserPool is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolFault {
    /// Both AliasAttributes and UsernameAttributes.
    AliasesAndUsernameAttributes,
    /// `preferred_username` can only be set by users who exist: it cannot be an alias and required.
    PreferredUsernameRequired,
    /// Both TemporaryPasswordValidityDays and the older UnusedAccountValidityDays.
    TemporaryPasswordDaysTwice,
    /// AllowedFirstAuthFactors without PASSWORD.
    PasswordNotAmongFirstFactors,
    /// PreTokenGeneration and PreTokenGenerationConfig name two functions.
    TokenTriggersDiffer,
    /// A custom sender of mail or SMS without KMSKeyID.
    CustomSenderWithoutKey,
    /// EmailSendingAccount DEVELOPER without SourceArn.
    EmailSourceMissing,
    /// Two recovery mechanisms with one name or one priority.
    RecoveryDuplicate,
    /// `admin_only` beside another recovery mechanism.
    RecoveryAdminOnlyNotAlone,
    /// AttributesRequireVerificationBeforeUpdate names an attribute that is not verified automatically.
    UpdateWaitsForUnverified,
    /// `phone_number` is verified automatically, and there is no SmsConfiguration.
    PhoneVerificationWithoutSms,
    /// SmsConfiguration with both SnsCallerArn and EumsSms, or neither.
    SmsSenderNotOne,
    /// MFA is on or optional, and there is nothing but SMS that could do it, which is not configured.
    MfaWithoutSms,
    /// MFA is off, and a factor is configured.
    MfaOffWithFactors,
    /// MFA is on or optional, and no factor is configured.
    MfaWithoutFactors,
    /// SmsMfaConfiguration, and neither it nor the pool has an SmsConfiguration.
    SmsMfaWithoutSms,
    /// DeletionProtection is active.
    DeletionProtected,
    /// The pool has a domain, which goes first.
    HasDomain,
}
