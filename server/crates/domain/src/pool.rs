//! A user pool: its settings as spoken, and what they mean.

use jiff::Timestamp;
use protocol::idp::{
    EmailMfaConfigType, SchemaAttributeType, SmsMfaConfigType, UserPoolMfaType, UserPoolType, WebAuthnConfigurationType,
};
use serde::{Deserialize, Serialize};

use crate::{PasswordRules, PoolId, Tier};

/// A user pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    /// `REGION_NAME`.
    pub id: PoolId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its settings last changed.
    pub modified_at: Timestamp,
    /// DescribeUserPool's `UserPool` as last spoken; id, arn, dates, domain and counts are filled in when read.
    pub settings: UserPoolType,
    /// What SetUserPoolMfaConfig keeps beside it.
    #[serde(default)]
    pub mfa: PoolMfa,
}

/// Second-factor settings that DescribeUserPool does not show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PoolMfa {
    /// SoftwareTokenMfaConfiguration.Enabled; None when it was never set.
    pub software_token: Option<bool>,
    /// SmsMfaConfiguration as spoken.
    pub sms: Option<SmsMfaConfigType>,
    /// EmailMfaConfiguration as spoken.
    pub email: Option<EmailMfaConfigType>,
    /// WebAuthnConfiguration as spoken.
    pub web_authn: Option<WebAuthnConfigurationType>,
}

/// What users of a pool type as their username.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameForm {
    /// A name of their choice.
    Name,
    /// An email address; the username becomes the sub.
    Email,
    /// A phone number; the username becomes the sub.
    PhoneNumber,
    /// Either of the two.
    EmailOrPhoneNumber,
}

impl Pool {
    /// The password policy in force.
    pub fn password_rules(&self) -> PasswordRules {
        PasswordRules::of(self.settings.policies.as_ref().and_then(|policies| policies.password_policy.as_ref()))
    }

    /// The feature plan.
    pub fn tier(&self) -> Tier {
        Tier::of(self.settings.user_pool_tier.as_ref())
    }

    /// What users type as username (`UsernameAttributes`).
    pub fn username_form(&self) -> UsernameForm {
        match (self.is_username_attribute("email"), self.is_username_attribute("phone_number")) {
            (false, false) => UsernameForm::Name,
            (true, false) => UsernameForm::Email,
            (false, true) => UsernameForm::PhoneNumber,
            (true, true) => UsernameForm::EmailOrPhoneNumber,
        }
    }

    /// Whether the attribute is one of `UsernameAttributes`.
    pub fn is_username_attribute(&self, attribute: &str) -> bool {
        let attributes = self.settings.username_attributes.as_deref().unwrap_or_default();
        attributes.iter().any(|name| name.as_str() == attribute)
    }

    /// Whether the attribute is one of `AliasAttributes`.
    pub fn is_alias(&self, attribute: &str) -> bool {
        let attributes = self.settings.alias_attributes.as_deref().unwrap_or_default();
        attributes.iter().any(|name| name.as_str() == attribute)
    }

    /// Whether a code is sent for the attribute at sign-up (`AutoVerifiedAttributes`).
    pub fn is_auto_verified(&self, attribute: &str) -> bool {
        let attributes = self.settings.auto_verified_attributes.as_deref().unwrap_or_default();
        attributes.iter().any(|name| name.as_str() == attribute)
    }

    /// Whether a new value of the attribute waits for its code before it replaces the old one.
    pub fn waits_for_verification(&self, attribute: &str) -> bool {
        self.settings
            .user_attribute_update_settings
            .as_ref()
            .and_then(|settings| settings.attributes_require_verification_before_update.as_deref())
            .unwrap_or_default()
            .iter()
            .any(|name| name.as_str() == attribute)
    }

    /// `UsernameConfiguration.CaseSensitive`; true when the pool was made without it.
    pub fn is_case_sensitive(&self) -> bool {
        self.settings.username_configuration.as_ref().is_none_or(|configuration| configuration.case_sensitive)
    }

    /// A username or alias in the form it is compared in.
    pub fn fold_case(&self, name: &str) -> String {
        if self.is_case_sensitive() { name.to_owned() } else { name.to_lowercase() }
    }

    /// The schema: standard attributes and the pool's own.
    pub fn schema(&self) -> &[SchemaAttributeType] {
        self.settings.schema_attributes.as_deref().unwrap_or_default()
    }

    /// One attribute's definition, by its full name (`custom:x`).
    pub fn attribute(&self, name: &str) -> Option<&SchemaAttributeType> {
        self.schema().iter().find(|attribute| attribute.name.as_deref() == Some(name))
    }

    /// Names of the attributes that sign-up demands, without `sub`.
    pub fn required_attributes(&self) -> impl Iterator<Item = &str> {
        self.schema()
            .iter()
            .filter(|attribute| attribute.required == Some(true))
            .filter_map(|attribute| attribute.name.as_deref())
            .filter(|name| *name != "sub")
    }

    /// MFA: OFF, ON or OPTIONAL.
    pub fn mfa_mode(&self) -> UserPoolMfaType {
        self.settings.mfa_configuration.unwrap_or(UserPoolMfaType::Off)
    }

    /// Whether users may register an authenticator app.
    pub fn offers_totp(&self) -> bool {
        self.mfa.software_token == Some(true) && self.mfa_mode() != UserPoolMfaType::Off
    }

    /// Whether codes by SMS may serve as a second factor. A pool that only verifies numbers by SMS does not.
    pub fn offers_sms_mfa(&self) -> bool {
        self.mfa_mode() != UserPoolMfaType::Off && self.mfa.sms.is_some()
    }

    /// Whether codes by email may serve as a second factor.
    pub fn offers_email_mfa(&self) -> bool {
        self.mfa_mode() != UserPoolMfaType::Off && self.mfa.email.is_some()
    }

    /// Whether devices are tracked at all (`DeviceConfiguration`).
    pub fn tracks_devices(&self) -> bool {
        self.settings.device_configuration.is_some()
    }

    /// Whether a tracked device is remembered only when the user says so.
    pub fn remembers_on_prompt(&self) -> bool {
        self.settings
            .device_configuration
            .as_ref()
            .is_some_and(|configuration| configuration.device_only_remembered_on_user_prompt == Some(true))
    }

    /// Whether a remembered device stands in for the second factor.
    pub fn challenges_new_devices(&self) -> bool {
        self.settings
            .device_configuration
            .as_ref()
            .is_some_and(|configuration| configuration.challenge_required_on_new_device == Some(true))
    }

    /// Whether only administrators make users.
    pub fn is_admin_create_only(&self) -> bool {
        self.settings
            .admin_create_user_config
            .as_ref()
            .is_some_and(|config| config.allow_admin_create_user_only == Some(true))
    }

    /// Days a temporary password lives: `TemporaryPasswordValidityDays`, or the older
    /// `UnusedAccountValidityDays`; 7 where neither says.
    pub fn temporary_password_days(&self) -> i32 {
        let policy = self
            .settings
            .policies
            .as_ref()
            .and_then(|policies| policies.password_policy.as_ref())
            .and_then(|policy| policy.temporary_password_validity_days);
        let older =
            self.settings.admin_create_user_config.as_ref().and_then(|config| config.unused_account_validity_days);
        policy.filter(|days| *days > 0).or(older.filter(|days| *days > 0)).unwrap_or(7)
    }
}
