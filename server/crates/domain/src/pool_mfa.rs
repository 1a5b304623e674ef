//! SetUserPoolMfaConfig: which second factors a pool offers.

use protocol::idp::{
    GetUserPoolMfaConfigResponse, SetUserPoolMfaConfigRequest, SoftwareTokenMfaConfigType, UserPoolMfaType,
};

use crate::{Feature, Pool, PoolFault, Result};

/// Applies SetUserPoolMfaConfig. A factor that is left out is switched off, and so is MFA itself where its mode is left
/// out; the passkey settings alone stay as they are.
///
/// # Errors
/// [`PoolFault`] for a mode without factors or factors without a mode, [`crate::Reason::FeatureNotInTier`]
pub fn set_pool_mfa(pool: &mut Pool, input: SetUserPoolMfaConfigRequest) -> Result<()> {
    let tier = pool.tier();
    let mode = input.mfa_configuration.unwrap_or(UserPoolMfaType::Off);
    let software_token = input
        .software_token_mfa_configuration
        .as_ref()
        .and_then(|configuration| configuration.enabled)
        .unwrap_or(false);
    let sms = input
        .sms_mfa_configuration
        .filter(|sms| sms.sms_configuration.is_some() || sms.sms_authentication_message.is_some());
    let email = input.email_mfa_configuration;
    let any = software_token || sms.is_some() || email.is_some();
    match mode {
        // Also a factor that is named to be switched off is too much.
        UserPoolMfaType::Off if any || input.software_token_mfa_configuration.is_some() => {
            return Err(PoolFault::MfaOffWithFactors.into());
        }
        UserPoolMfaType::On | UserPoolMfaType::Optional if !any => {
            return Err(PoolFault::MfaWithoutFactors.into());
        }
        _ => {}
    }
    if email.is_some() {
        tier.check(Feature::EmailMfa)?;
    }
    if input.web_authn_configuration.is_some() {
        tier.check(Feature::PasskeySignIn)?;
    }
    if let Some(sms) = &sms {
        let known = sms.sms_configuration.as_ref().or(pool.settings.sms_configuration.as_ref());
        if known.is_none() {
            return Err(PoolFault::SmsMfaWithoutSms.into());
        }
        pool.settings.sms_configuration = known.cloned();
        pool.settings.sms_authentication_message.clone_from(&sms.sms_authentication_message);
    }
    pool.mfa.sms = sms.map(|mut sms| {
        sms.sms_configuration.clone_from(&pool.settings.sms_configuration);
        sms
    });
    pool.mfa.software_token = (mode != UserPoolMfaType::Off).then_some(software_token);
    pool.mfa.email = email;
    if input.web_authn_configuration.is_some() {
        pool.mfa.web_authn = input.web_authn_configuration;
    }
    pool.settings.mfa_configuration = Some(mode);
    Ok(())
}

/// What GetUserPoolMfaConfig shows.
pub fn shown_pool_mfa(pool: &Pool) -> GetUserPoolMfaConfigResponse {
    GetUserPoolMfaConfigResponse {
        sms_mfa_configuration: pool.mfa.sms.clone(),
        software_token_mfa_configuration: pool
            .mfa
            .software_token
            .map(|enabled| SoftwareTokenMfaConfigType { enabled: Some(enabled) }),
        email_mfa_configuration: pool.mfa.email.clone(),
        mfa_configuration: Some(pool.mfa_mode()),
        web_authn_configuration: pool.mfa.web_authn.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use serde_json::{Value, json};

    use super::*;
    use crate::{PoolId, Reason, Tier, new_pool_settings};

    fn pool(tier: &str) -> Pool {
        let input = json!({"PoolName": "p", "UserPoolTier": tier});
        let (settings, mfa) = new_pool_settings(serde_json::from_value(input).unwrap()).unwrap();
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        Pool { id: PoolId::from("eu-west-1_abc"), created_at: at, modified_at: at, settings, mfa }
    }

    fn set(pool: &mut Pool, mut input: Value) -> Result<Value> {
        input["UserPoolId"] = json!("eu-west-1_abc");
        set_pool_mfa(pool, serde_json::from_value(input).unwrap())?;
        Ok(serde_json::to_value(shown_pool_mfa(pool)).unwrap())
    }

    #[test]
    fn factors_and_mode_go_together() {
        let mut pool = pool("ESSENTIALS");
        assert_eq!(serde_json::to_value(shown_pool_mfa(&pool)).unwrap(), json!({"MfaConfiguration": "OFF"}));
        let totp = json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}, "MfaConfiguration": "OPTIONAL"});
        assert_eq!(set(&mut pool, totp.clone()).unwrap(), totp);
        assert!(pool.offers_totp());
        let off = set(&mut pool, json!({"MfaConfiguration": "OFF"})).unwrap();
        assert_eq!(off, json!({"MfaConfiguration": "OFF"}));
        assert!(!pool.offers_totp());
    }

    #[test]
    fn contradictions_are_refused() {
        let mut on = pool("ESSENTIALS");
        let together = json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}, "MfaConfiguration": "OFF"});
        let refusal = |pool: &mut Pool, input| set(pool, input).unwrap_err().reason;
        assert_eq!(refusal(&mut on, together), PoolFault::MfaOffWithFactors.into());
        assert_eq!(refusal(&mut on, json!({"MfaConfiguration": "ON"})), PoolFault::MfaWithoutFactors.into());
        let sms = json!({"SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####}"}, "MfaConfiguration": "ON"});
        assert_eq!(refusal(&mut on, sms), PoolFault::SmsMfaWithoutSms.into());
        let email = json!({"EmailMfaConfiguration": {"Message": "Code {####}"}, "MfaConfiguration": "ON"});
        assert!(set(&mut on, email.clone()).is_ok());
        let unavailable = Reason::FeatureNotInTier { feature: Feature::EmailMfa, tier: Tier::Lite };
        assert_eq!(refusal(&mut pool("LITE"), email), unavailable);
        let passkeys = json!({"WebAuthnConfiguration": {"RelyingPartyId": "example.com"}});
        let unavailable = Reason::FeatureNotInTier { feature: Feature::PasskeySignIn, tier: Tier::Lite };
        assert_eq!(refusal(&mut pool("LITE"), passkeys), unavailable);
    }

    #[test]
    fn passkey_settings_stay_beside_the_factors() {
        let mut pool = pool("ESSENTIALS");
        let keys = json!({"RelyingPartyId": "example.com", "UserVerification": "required"});
        set(&mut pool, json!({"WebAuthnConfiguration": keys})).unwrap();
        let totp = json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}, "MfaConfiguration": "ON"});
        let shown = set(&mut pool, totp).unwrap();
        assert_eq!(shown["WebAuthnConfiguration"], keys);
    }
}
