#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value
)]

use serde_json::{Value, json};

use super::*;
use crate::{PoolId, TagFault};

const SMS: &str = "arn:aws:iam::123456789012:role/sms";

fn create(mut input: Value) -> Result<(UserPoolType, PoolMfa)> {
    input["PoolName"] = json!("people");
    new_pool_settings(serde_json::from_value(input).unwrap())
}

fn refusal(input: Value) -> Reason {
    create(input.clone()).err().unwrap_or_else(|| panic!("accepted: {input}")).reason
}

fn pool(input: Value) -> Pool {
    let (settings, mfa) = create(input).unwrap();
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    Pool { id: PoolId::from("eu-west-1_abc"), created_at: at, modified_at: at, settings, mfa }
}

fn update(pool: &Pool, mut input: Value) -> Result<(UserPoolType, PoolMfa)> {
    input["UserPoolId"] = json!("eu-west-1_abc");
    updated_pool_settings(pool, serde_json::from_value(input).unwrap())
}

#[test]
fn defaults_are_shown_as_the_service_shows_them() {
    let (settings, mfa) = create(json!({})).unwrap();
    let mut shown = serde_json::to_value(&settings).unwrap();
    assert_eq!(shown["SchemaAttributes"].as_array().unwrap().len(), 20);
    shown.as_object_mut().unwrap().remove("SchemaAttributes");
    assert_eq!(
        shown,
        json!({
            "Name": "people",
            "Policies": {
                "PasswordPolicy": {"MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true,
                    "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7},
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
            },
            "DeletionProtection": "INACTIVE",
            "LambdaConfig": {},
            "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
            "MfaConfiguration": "OFF",
            "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7},
            "UserPoolTier": "ESSENTIALS",
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"},
                {"Priority": 2, "Name": "verified_phone_number"}]},
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
            "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
            "IssuerConfiguration": {"Type": "ORIGINAL"},
        })
    );
    assert_eq!(mfa, PoolMfa::default());
    // A pool from before it had a recovery of its own goes on without.
    let older = UserPoolType { account_recovery_setting: None, ..settings };
    let older = Pool { settings: older, ..pool(json!({})) };
    assert_eq!(update(&older, json!({"AutoVerifiedAttributes": []})).unwrap().0.account_recovery_setting, None);
}

#[test]
fn a_policy_that_is_given_demands_only_what_it_says() {
    let (settings, _) = create(json!({"Policies": {"PasswordPolicy": {"RequireNumbers": true}}})).unwrap();
    assert_eq!(
        serde_json::to_value(settings.policies.unwrap().password_policy).unwrap(),
        json!({"MinimumLength": 8, "RequireUppercase": false, "RequireLowercase": false, "RequireNumbers": true,
            "RequireSymbols": false, "TemporaryPasswordValidityDays": 7})
    );
}

#[test]
fn temporary_passwords_have_one_lifetime_under_two_names() {
    let (settings, _) = create(json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 3}})).unwrap();
    let policy = settings.policies.unwrap().password_policy.unwrap();
    assert_eq!(policy.temporary_password_validity_days, Some(3));
    let both = json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 3},
        "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}}});
    assert_eq!(refusal(both), PoolFault::TemporaryPasswordDaysTwice.into());
}

#[test]
fn messages_and_the_token_trigger_are_shown_under_both_names() {
    let arn = "arn:aws:lambda:eu-west-1:123456789012:function:tokens";
    let (settings, _) = create(json!({"EmailVerificationMessage": "Code: {####}",
        "VerificationMessageTemplate": {"EmailSubject": "Your code"},
        "LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": arn}}}))
    .unwrap();
    let template = settings.verification_message_template.unwrap();
    assert_eq!(template.email_message.as_deref(), Some("Code: {####}"));
    assert_eq!(settings.email_verification_subject.as_deref(), Some("Your code"));
    assert_eq!(settings.lambda_config.unwrap().pre_token_generation.as_deref(), Some(arn));
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let sms = json!({"SnsCallerArn": SMS, "ExternalId": "x"});
    for (input, fault) in [
        (
            json!({"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}),
            PoolFault::AliasesAndUsernameAttributes,
        ),
        (json!({"MfaConfiguration": "OPTIONAL"}), PoolFault::MfaWithoutSms),
        (json!({"AutoVerifiedAttributes": ["phone_number"]}), PoolFault::PhoneVerificationWithoutSms),
        (
            json!({"AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": sms, "UserAttributeUpdateSettings":
                {"AttributesRequireVerificationBeforeUpdate": ["email"]}}),
            PoolFault::UpdateWaitsForUnverified,
        ),
        (
            json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"},
                {"Priority": 1, "Name": "verified_phone_number"}]}}),
            PoolFault::RecoveryDuplicate,
        ),
        (
            json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"},
                {"Priority": 2, "Name": "verified_email"}]}}),
            PoolFault::RecoveryAdminOnlyNotAlone,
        ),
        (
            json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["EMAIL_OTP"]}}}),
            PoolFault::PasswordNotAmongFirstFactors,
        ),
        (json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}), PoolFault::EmailSourceMissing),
        (
            json!({"AliasAttributes": ["preferred_username"],
                "Schema": [{"Name": "preferred_username", "Required": true}]}),
            PoolFault::PreferredUsernameRequired,
        ),
        (json!({"SmsConfiguration": {}}), PoolFault::SmsSenderNotOne),
        (
            json!({"LambdaConfig": {"PreTokenGeneration": "a",
                "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": "b"}}}),
            PoolFault::TokenTriggersDiffer,
        ),
        (
            json!({"LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": "a"}}}),
            PoolFault::CustomSenderWithoutKey,
        ),
    ] {
        assert_eq!(refusal(input), fault.into());
    }
    let key = "aws:mine".to_owned();
    assert_eq!(refusal(json!({"UserPoolTags": {"aws:mine": "x"}})), Reason::PoolTags(TagFault::ReservedKey { key }));
}

#[test]
fn features_need_their_plan() {
    let history = json!({"PasswordPolicy": {"PasswordHistorySize": 3}});
    let lower = json!({"UserPoolTier": "LITE", "Policies": history});
    let (feature, tier) = (Feature::PasswordHistory, Tier::Lite);
    assert_eq!(refusal(lower.clone()), Reason::FeatureNotInTier { feature, tier });
    let protect = json!({"AdvancedSecurityMode": "ENFORCED"});
    let (settings, _) = create(json!({"UserPoolAddOns": protect})).unwrap();
    assert_eq!(settings.user_pool_tier, Some(UserPoolTierType::Plus));
    assert_eq!(
        refusal(json!({"UserPoolTier": "ESSENTIALS", "UserPoolAddOns": protect})),
        Reason::FeatureNotInTier { feature: Feature::ThreatProtection, tier: Tier::Essentials }
    );
    let remembers = pool(json!({"Policies": history}));
    for lower in [lower, json!({"UserPoolTier": "LITE"})] {
        assert_eq!(update(&remembers, lower).unwrap_err().reason, Reason::TierChangeNotAllowed { feature, tier });
    }
    let (lite, _) = update(&pool(json!({})), json!({"UserPoolTier": "LITE"})).unwrap();
    assert!(lite.policies.unwrap().sign_in_policy.is_none());
}

#[test]
fn an_update_keeps_what_it_leaves_out() {
    let pool = pool(json!({"AliasAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": false},
        "AutoVerifiedAttributes": ["email"], "UserPoolTags": {"team": "a"}, "DeletionProtection": "ACTIVE",
        "EmailVerificationMessage": "Code: {####}", "Schema": [{"Name": "tier", "AttributeDataType": "String"}]}));
    let (settings, _) = update(&pool, json!({"AutoVerifiedAttributes": ["email"]})).unwrap();
    assert_eq!(settings, pool.settings);
    let (settings, _) = update(&pool, json!({})).unwrap();
    assert_eq!(settings.auto_verified_attributes, None);
}

#[test]
fn what_is_said_in_one_of_two_places_is_shown_in_both() {
    let policy = json!({"PasswordPolicy": {"MinimumLength": 9, "TemporaryPasswordValidityDays": 3}});
    let pool = pool(json!({"Policies": policy, "EmailVerificationSubject": "old", "SmsVerificationMessage": "{####}"}));
    let days = |settings: &UserPoolType| {
        let policy = settings.policies.as_ref().unwrap().password_policy.as_ref().unwrap();
        let unused = settings.admin_create_user_config.as_ref().unwrap().unused_account_validity_days;
        (policy.minimum_length, policy.temporary_password_validity_days, unused)
    };
    for (said, expected) in [
        (json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 5}}), (Some(9), Some(5), Some(5))),
        (json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 0}}), (Some(9), Some(3), Some(3))),
        (json!({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}}), (Some(9), Some(3), Some(3))),
        (json!({"Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 4}}}), (Some(8), Some(4), Some(4))),
    ] {
        assert_eq!(days(&update(&pool, said.clone()).unwrap().0), expected, "{said}");
    }
    let shown = |said: Value| {
        let (settings, _) = update(&pool, said).unwrap();
        let template = settings.verification_message_template.unwrap();
        assert_eq!(template.email_subject, settings.email_verification_subject);
        assert_eq!(template.sms_message, settings.sms_verification_message);
        (template.email_subject, template.sms_message)
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(shown(json!({"EmailVerificationSubject": "new"})), (text("new"), text("{####}")));
    assert_eq!(shown(json!({"VerificationMessageTemplate": {"EmailSubject": "new"}})), (text("new"), None));
}

#[test]
fn a_plan_is_kept_unless_what_is_said_needs_a_higher_one() {
    let pool = pool(json!({}));
    let (protected, _) = update(&pool, json!({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}})).unwrap();
    assert_eq!(protected.user_pool_tier, Some(UserPoolTierType::Plus));
    let pool = Pool { settings: protected, ..pool };
    let (off, _) = update(&pool, json!({"UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}})).unwrap();
    assert_eq!(off.user_pool_tier, Some(UserPoolTierType::Plus));
    let lower = update(&pool, json!({"UserPoolTier": "ESSENTIALS"})).unwrap_err().reason;
    let (feature, tier) = (Feature::ThreatProtection, Tier::Essentials);
    assert_eq!(lower, Reason::TierChangeNotAllowed { feature, tier });
}

#[test]
fn second_factors_survive_an_update_that_keeps_the_mode() {
    let mut pool = pool(json!({}));
    pool.mfa.software_token = Some(true);
    pool.settings.mfa_configuration = Some(UserPoolMfaType::Optional);
    for (said, mode) in
        [(json!({}), UserPoolMfaType::Optional), (json!({"MfaConfiguration": "ON"}), UserPoolMfaType::On)]
    {
        let (settings, mfa) = update(&pool, said).unwrap();
        assert_eq!((settings.mfa_configuration, mfa.software_token, mfa.sms), (Some(mode), Some(true), None));
    }
    let (settings, mfa) = update(&pool, json!({"MfaConfiguration": "OFF"})).unwrap();
    assert_eq!((settings.mfa_configuration, mfa), (Some(UserPoolMfaType::Off), PoolMfa::default()));
    let sms = json!({"SnsCallerArn": SMS, "ExternalId": "x"});
    let (_, mfa) = create(json!({"MfaConfiguration": "ON", "SmsConfiguration": sms})).unwrap();
    assert!(mfa.sms.is_some());
}
