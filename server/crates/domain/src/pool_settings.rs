//! What CreateUserPool and UpdateUserPool make of their input: defaults, and the rules between settings. What an update
//! leaves out is [`crate::update`]'s.

use protocol::idp::{
    AdminCreateUserConfigType, AdvancedSecurityModeType, AuthFactorType, CreateUserPoolRequest, DefaultEmailOptionType,
    DeletionProtectionType, EmailConfigurationType, EmailSendingAccountType, EncryptionKeyType, IssuerType,
    LambdaConfigType, PasswordPolicyType, PreTokenGenerationLambdaVersionType, PreTokenGenerationVersionConfigType,
    RecoveryOptionNameType, RecoveryOptionType, SignInPolicyType, SmsMfaConfigType, UpdateUserPoolRequest,
    UserPoolMfaType, UserPoolTierType, UserPoolType, VerificationMessageTemplateType,
};

use crate::pool_schema::new_schema;
use crate::update::update_pool;
use crate::{Feature, Pool, PoolFault, PoolMfa, Reason, Result, Tier, check_tags};

/// Days a temporary password lives where nothing is said.
const TEMPORARY_PASSWORD_DAYS: i32 = 7;

/// The settings of a new pool, complete and checked.
///
/// # Errors
/// [`PoolFault`], [`crate::SchemaFault`], [`Reason::PoolTags`], [`Reason::FeatureNotInTier`]
pub fn new_pool_settings(input: CreateUserPoolRequest) -> Result<(UserPoolType, PoolMfa)> {
    let aliases = input.alias_attributes.filter(|list| !list.is_empty());
    let usernames = input.username_attributes.filter(|list| !list.is_empty());
    if aliases.is_some() && usernames.is_some() {
        return Err(PoolFault::AliasesAndUsernameAttributes.into());
    }
    let mut settings = UserPoolType {
        name: Some(input.pool_name),
        schema_attributes: Some(new_schema(input.schema.as_deref().unwrap_or_default())?),
        alias_attributes: aliases,
        username_attributes: usernames,
        username_configuration: input.username_configuration,
        policies: input.policies,
        deletion_protection: input.deletion_protection,
        lambda_config: input.lambda_config,
        auto_verified_attributes: input.auto_verified_attributes,
        sms_verification_message: input.sms_verification_message,
        email_verification_message: input.email_verification_message,
        email_verification_subject: input.email_verification_subject,
        verification_message_template: input.verification_message_template,
        sms_authentication_message: input.sms_authentication_message,
        mfa_configuration: input.mfa_configuration,
        user_attribute_update_settings: input.user_attribute_update_settings,
        device_configuration: input.device_configuration,
        email_configuration: input.email_configuration,
        sms_configuration: input.sms_configuration,
        user_pool_tags: input.user_pool_tags,
        admin_create_user_config: input.admin_create_user_config,
        user_pool_add_ons: input.user_pool_add_ons,
        dcr_configuration: input.dcr_configuration,
        account_recovery_setting: input.account_recovery_setting,
        user_pool_tier: input.user_pool_tier,
        key_configuration: input.key_configuration,
        issuer_configuration: input.issuer_configuration,
        acr_configuration: input.acr_configuration,
        ..UserPoolType::default()
    };
    fill_in_unsaid(&mut settings);
    complete(&mut settings)?;
    let mut mfa = PoolMfa::default();
    settle_mfa(&settings, &mut mfa)?;
    Ok((settings, mfa))
}

/// The settings of a pool after UpdateUserPool. Schema, sign-in names and case sensitivity stay.
///
/// # Errors
/// [`PoolFault`], [`Reason::PoolTags`], [`Reason::FeatureNotInTier`], [`Reason::TierChangeNotAllowed`]
pub fn updated_pool_settings(pool: &Pool, input: UpdateUserPoolRequest) -> Result<(UserPoolType, PoolMfa)> {
    let mut settings = pool.settings.clone();
    update_pool(&mut settings, input);
    let mut mfa = pool.mfa.clone();
    complete(&mut settings).and_then(|()| settle_mfa(&settings, &mut mfa)).map_err(|error| match error.reason {
        // A plan too low for what is switched on is a refused change of plan, if the plan changes.
        Reason::FeatureNotInTier { feature, tier } if tier < pool.tier() => {
            Reason::TierChangeNotAllowed { feature, tier }.into()
        }
        _ => error,
    })?;
    Ok((settings, mfa))
}

/// Fills in what a new pool has and shows where nothing is said. A pool that was made without stays without.
fn fill_in_unsaid(settings: &mut UserPoolType) {
    let recovery = settings.account_recovery_setting.get_or_insert_default();
    recovery.recovery_mechanisms.get_or_insert_with(|| {
        let option = |priority, name| RecoveryOptionType { priority, name };
        vec![option(1, RecoveryOptionNameType::VerifiedEmail), option(2, RecoveryOptionNameType::VerifiedPhoneNumber)]
    });
    let update = settings.user_attribute_update_settings.get_or_insert_default();
    update.attributes_require_verification_before_update.get_or_insert_default();
    let key = settings.key_configuration.get_or_insert_default();
    key.key_type.get_or_insert(EncryptionKeyType::AwsOwnedKey);
    let issuer = settings.issuer_configuration.get_or_insert_default();
    issuer.r#type.get_or_insert(IssuerType::Original);
}

/// Fills in defaults and checks the rules between settings.
fn complete(settings: &mut UserPoolType) -> Result<()> {
    settings.deletion_protection.get_or_insert(DeletionProtectionType::Inactive);
    settings.mfa_configuration.get_or_insert(UserPoolMfaType::Off);
    settings.auto_verified_attributes = settings.auto_verified_attributes.take().filter(|list| !list.is_empty());
    let tier = complete_tier(settings)?;
    complete_policies(settings, tier)?;
    complete_triggers(settings, tier)?;
    complete_messages(settings);
    complete_email(settings)?;
    check_recovery(settings)?;
    check_verification(settings)?;
    check_sign_in_names(settings)?;
    settings.user_pool_tags = settings.user_pool_tags.take().filter(|tags| !tags.is_empty());
    if let Some(tags) = &settings.user_pool_tags {
        check_tags(tags).map_err(Reason::PoolTags)?;
    }
    Ok(())
}

/// Threat protection needs the highest plan; where none is named, it brings that plan with it.
fn complete_tier(settings: &mut UserPoolType) -> Result<Tier> {
    let protects = settings
        .user_pool_add_ons
        .as_ref()
        .is_some_and(|add_ons| add_ons.advanced_security_mode != AdvancedSecurityModeType::Off);
    let default = if protects { UserPoolTierType::Plus } else { UserPoolTierType::Essentials };
    let tier = Tier::of(Some(settings.user_pool_tier.get_or_insert(default)));
    if protects {
        tier.check(Feature::ThreatProtection)?;
    }
    Ok(tier)
}

fn complete_policies(settings: &mut UserPoolType, tier: Tier) -> Result<()> {
    let policies = settings.policies.get_or_insert_default();
    let admin = settings.admin_create_user_config.get_or_insert_default();
    // 0 is how some clients say nothing.
    let unused = admin.unused_account_validity_days.filter(|days| *days > 0);
    let spoken = policies.password_policy.as_ref().and_then(|policy| policy.temporary_password_validity_days);
    if unused.is_some() && spoken.is_some() {
        return Err(PoolFault::TemporaryPasswordDaysTwice.into());
    }
    let days = spoken.or(unused).filter(|days| *days > 0).unwrap_or(TEMPORARY_PASSWORD_DAYS);
    complete_admin(admin, days);
    let policy = policies.password_policy.get_or_insert_with(|| PasswordPolicyType {
        require_uppercase: Some(true),
        require_lowercase: Some(true),
        require_numbers: Some(true),
        require_symbols: Some(true),
        ..PasswordPolicyType::default()
    });
    policy.minimum_length.get_or_insert(8);
    for rule in [
        &mut policy.require_uppercase,
        &mut policy.require_lowercase,
        &mut policy.require_numbers,
        &mut policy.require_symbols,
    ] {
        rule.get_or_insert(false);
    }
    policy.temporary_password_validity_days = Some(days);
    if policy.password_history_size.is_some_and(|size| size > 0) {
        tier.check(Feature::PasswordHistory)?;
    }
    complete_first_factors(&mut policies.sign_in_policy, tier)
}

fn complete_admin(admin: &mut AdminCreateUserConfigType, days: i32) {
    admin.allow_admin_create_user_only.get_or_insert(false);
    admin.unused_account_validity_days = Some(days);
}

fn complete_first_factors(policy: &mut Option<SignInPolicyType>, tier: Tier) -> Result<()> {
    let factors = policy.as_ref().and_then(|policy| policy.allowed_first_auth_factors.as_deref());
    match factors {
        None if tier < Tier::Essentials => *policy = None,
        None => {
            *policy = Some(SignInPolicyType { allowed_first_auth_factors: Some(vec![AuthFactorType::Password]) });
        }
        Some(factors) => {
            tier.check(Feature::ChoiceBasedSignIn)?;
            if !factors.contains(&AuthFactorType::Password) {
                return Err(PoolFault::PasswordNotAmongFirstFactors.into());
            }
        }
    }
    Ok(())
}

/// The token trigger has two names; each is shown under both.
fn complete_triggers(settings: &mut UserPoolType, tier: Tier) -> Result<()> {
    let config: &mut LambdaConfigType = settings.lambda_config.get_or_insert_default();
    match (&config.pre_token_generation, &config.pre_token_generation_config) {
        (Some(function), Some(versioned)) if *function != versioned.lambda_arn => {
            return Err(PoolFault::TokenTriggersDiffer.into());
        }
        (Some(function), None) => {
            config.pre_token_generation_config = Some(PreTokenGenerationVersionConfigType {
                lambda_version: PreTokenGenerationLambdaVersionType::V1_0,
                lambda_arn: function.clone(),
            });
        }
        (None, Some(versioned)) => config.pre_token_generation = Some(versioned.lambda_arn.clone()),
        _ => {}
    }
    let customizes_access_tokens = config
        .pre_token_generation_config
        .as_ref()
        .is_some_and(|versioned| versioned.lambda_version != PreTokenGenerationLambdaVersionType::V1_0);
    if customizes_access_tokens {
        tier.check(Feature::AccessTokenCustomization)?;
    }
    let sends = config.custom_email_sender.is_some() || config.custom_sms_sender.is_some();
    if sends && config.kms_key_id.is_none() {
        return Err(PoolFault::CustomSenderWithoutKey.into());
    }
    Ok(())
}

/// Verification messages have an older and a newer place; each is shown in both.
fn complete_messages(settings: &mut UserPoolType) {
    let template: &mut VerificationMessageTemplateType = settings.verification_message_template.get_or_insert_default();
    template.default_email_option.get_or_insert(DefaultEmailOptionType::ConfirmWithCode);
    for (newer, older) in [
        (&mut template.sms_message, &mut settings.sms_verification_message),
        (&mut template.email_message, &mut settings.email_verification_message),
        (&mut template.email_subject, &mut settings.email_verification_subject),
    ] {
        if newer.is_none() {
            newer.clone_from(older);
        }
        older.clone_from(newer);
    }
}

fn complete_email(settings: &mut UserPoolType) -> Result<()> {
    let email: &mut EmailConfigurationType = settings.email_configuration.get_or_insert_default();
    let account = email.email_sending_account.get_or_insert(EmailSendingAccountType::CognitoDefault);
    if *account == EmailSendingAccountType::Developer && email.source_arn.is_none() {
        return Err(PoolFault::EmailSourceMissing.into());
    }
    Ok(())
}

fn check_recovery(settings: &UserPoolType) -> Result<()> {
    let mechanisms = settings
        .account_recovery_setting
        .as_ref()
        .and_then(|setting| setting.recovery_mechanisms.as_deref())
        .unwrap_or_default();
    let [first, second] = mechanisms else { return Ok(()) };
    if first.name == second.name || first.priority == second.priority {
        return Err(PoolFault::RecoveryDuplicate.into());
    }
    if mechanisms.iter().any(|mechanism| mechanism.name == RecoveryOptionNameType::AdminOnly) {
        return Err(PoolFault::RecoveryAdminOnlyNotAlone.into());
    }
    Ok(())
}

fn check_verification(settings: &UserPoolType) -> Result<()> {
    let verified = settings.auto_verified_attributes.as_deref().unwrap_or_default();
    let waiting = settings
        .user_attribute_update_settings
        .as_ref()
        .and_then(|update| update.attributes_require_verification_before_update.as_deref())
        .unwrap_or_default();
    if waiting.iter().any(|attribute| !verified.contains(attribute)) {
        return Err(PoolFault::UpdateWaitsForUnverified.into());
    }
    let by_phone = verified.iter().any(|attribute| attribute.as_str() == "phone_number");
    if by_phone && settings.sms_configuration.is_none() {
        return Err(PoolFault::PhoneVerificationWithoutSms.into());
    }
    if let Some(sms) = &settings.sms_configuration
        && sms.sns_caller_arn.is_some() == sms.eums_sms.is_some()
    {
        return Err(PoolFault::SmsSenderNotOne.into());
    }
    Ok(())
}

/// A preferred name can only be set by users who exist already: as an alias it cannot be demanded of new ones.
fn check_sign_in_names(settings: &UserPoolType) -> Result<()> {
    let aliased = settings
        .alias_attributes
        .as_deref()
        .unwrap_or_default()
        .iter()
        .any(|alias| alias.as_str() == "preferred_username");
    let required =
        settings.schema_attributes.as_deref().unwrap_or_default().iter().any(|attribute| {
            attribute.name.as_deref() == Some("preferred_username") && attribute.required == Some(true)
        });
    if aliased && required {
        return Err(PoolFault::PreferredUsernameRequired.into());
    }
    Ok(())
}

/// Fits what SetUserPoolMfaConfig keeps to the settings: codes by SMS are the only second factor that
/// these operations switch on, and OFF switches all of them off.
fn settle_mfa(settings: &UserPoolType, mfa: &mut PoolMfa) -> Result<()> {
    if settings.mfa_configuration == Some(UserPoolMfaType::Off) {
        *mfa = PoolMfa { web_authn: mfa.web_authn.take(), ..PoolMfa::default() };
        return Ok(());
    }
    let tier = Tier::of(settings.user_pool_tier.as_ref());
    if mfa.email.is_some() {
        tier.check(Feature::EmailMfa)?;
    }
    let has_other = mfa.software_token == Some(true) || mfa.email.is_some();
    match &settings.sms_configuration {
        Some(_) if mfa.sms.is_some() || !has_other => {
            mfa.sms = Some(SmsMfaConfigType {
                sms_authentication_message: settings.sms_authentication_message.clone(),
                sms_configuration: settings.sms_configuration.clone(),
            });
        }
        Some(_) => {}
        None if has_other => mfa.sms = None,
        None => {
            return Err(PoolFault::MfaWithoutSms.into());
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "pool_settings_tests.rs"]
mod tests;
