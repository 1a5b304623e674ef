//! Sentences about user pools, their tags and their plans.

use domain::{Feature, PoolFault, TagFault, Tier};
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn pool(fault: PoolFault) -> Wire {
    use PoolFault as F;
    let said = match fault {
        F::AliasesAndUsernameAttributes => {
            "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."
        }
        F::PreferredUsernameRequired => "preferred_username cannot be both an alias and a required attribute.",
        F::TemporaryPasswordDaysTwice => {
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
        }
        F::PasswordNotAmongFirstFactors => "Password should be configured as one of the allowed first auth factors.",
        F::TokenTriggersDiffer => "PreTokenGeneration and PreTokenGenerationConfig must name the same function.",
        F::CustomSenderWithoutKey => "KMSKeyID is required for a custom email or SMS sender.",
        F::EmailSourceMissing => "Source ARN is required to use DEVELOPER email sending owner",
        F::RecoveryDuplicate => "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.",
        F::RecoveryAdminOnlyNotAlone => {
            "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms."
        }
        F::UpdateWaitsForUnverified => {
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
        }
        F::PhoneVerificationWithoutSms => {
            "SMS configuration is required when phone_number is selected for auto verification"
        }
        F::SmsSenderNotOne => "SMS configuration must have either SnsCallerArn or EumsSms.",
        F::MfaWithoutSms => {
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
        }
        F::MfaOffWithFactors => "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
        F::MfaWithoutFactors => {
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
        }
        F::SmsMfaWithoutSms => "SMS configuration is required for SMS MFA.",
        F::DeletionProtected => {
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first."
        }
        F::HasDomain => "User pool cannot be deleted. It has a domain configured that should be deleted first.",
    };
    (E::InvalidParameter, said.into())
}

pub(super) fn tags(exception: E, fault: TagFault) -> Wire {
    let said = match fault {
        TagFault::TooMany { most } => format!("The maximum number of tags is {most}."),
        TagFault::ReservedKey { key } => format!("{key} is a reserved tag key."),
    };
    (exception, said.into())
}

pub(super) fn tier(exception: E, feature: Feature, tier: Tier) -> Wire {
    let feature = match feature {
        Feature::ThreatProtection => "Threat protection",
        Feature::PasswordHistory => "Password history",
        Feature::ChoiceBasedSignIn => "Choice-based sign-in",
        Feature::AccessTokenCustomization => "Access token customization",
        Feature::EmailMfa => "Email MFA",
        Feature::PasskeySignIn => "Sign-in with passkeys",
        Feature::ManagedLogin => "Managed login",
        Feature::ManagedLoginBranding => "Managed login branding",
    };
    let plan = match tier {
        Tier::Lite => "LITE",
        Tier::Essentials => "ESSENTIALS",
        Tier::Plus => "PLUS",
    };
    (exception, format!("{feature} is not available in the {plan} feature plan of the user pool.").into())
}
