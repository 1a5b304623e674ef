//! What an Update operation makes of the members that a call leaves out.
//!
//! The reference says that all of them go back to their defaults. The service does not: most stay, and which do is
//! known member by member from what was measured there. The rule stands here once for every operation whose input is
//! a list of settings; a member that is new on the wire does not compile until it has its place in a list.

use protocol::idp::{
    AdvancedSecurityModeType, AuthFactorType, UpdateUserPoolClientRequest, UpdateUserPoolRequest, UserPoolAddOnsType,
    UserPoolClientType, UserPoolPolicyType, UserPoolType,
};

/// A function that takes a call's members into settings: those in `kept` stay as they are where the call leaves them
/// out, those in `reset` go. What is in `elsewhere` names the resource, or is seen to by hand.
macro_rules! absent_members {
    (
        $(#[$doc:meta])*
        $name:ident: $input:ident => $settings:ident;
        elsewhere: $($elsewhere:ident),*;
        kept: $($kept:ident),*;
        reset: $($reset:ident),*;
    ) => {
        $(#[$doc])*
        fn $name(settings: &mut $settings, input: $input) {
            let $input { $($elsewhere: _,)* $($kept,)* $($reset,)* } = input;
            $(if $kept.is_some() {
                settings.$kept = $kept;
            })*
            $(settings.$reset = $reset;)*
        }
    };
}

absent_members! {
    /// UpdateUserPool. Lists of attributes to verify go, everything else stays.
    take_pool_members: UpdateUserPoolRequest => UserPoolType;
    elsewhere: user_pool_id, pool_name, policies;
    kept: deletion_protection, lambda_config, sms_verification_message, email_verification_message,
        email_verification_subject, verification_message_template, sms_authentication_message,
        user_attribute_update_settings, mfa_configuration, device_configuration, email_configuration,
        sms_configuration, user_pool_tags, admin_create_user_config, user_pool_add_ons, dcr_configuration,
        account_recovery_setting, user_pool_tier, key_configuration, issuer_configuration, acr_configuration;
    reset: auto_verified_attributes;
}

absent_members! {
    /// UpdateUserPoolClient. What lists something, and what hangs on such a list, goes; single values stay.
    take_client_members: UpdateUserPoolClientRequest => UserPoolClientType;
    elsewhere: user_pool_id, client_id, publish_secrets_in_aws_secrets_manager;
    kept: client_name, refresh_token_validity, access_token_validity, id_token_validity, token_validity_units,
        prevent_user_existence_errors, enable_token_revocation, enable_propagate_additional_user_context_data,
        auth_session_validity, refresh_token_rotation;
    reset: read_attributes, write_attributes, explicit_auth_flows, supported_identity_providers, callback_urls,
        logout_urls, default_redirect_uri, allowed_oauth_flows, allowed_oauth_scopes,
        allowed_oauth_flows_user_pool_client, analytics_configuration;
}

/// A pool's settings with those of an UpdateUserPool in their places; not checked yet.
pub(crate) fn update_pool(settings: &mut UserPoolType, mut input: UpdateUserPoolRequest) {
    let_go_of_second_places(settings, &input);
    if input.pool_name.is_some() {
        settings.name = input.pool_name.take();
    }
    if let Some(said) = input.policies.take() {
        let kept = settings.policies.get_or_insert_default();
        let UserPoolPolicyType { password_policy, sign_in_policy } = said;
        kept.password_policy = password_policy.or(kept.password_policy.take());
        kept.sign_in_policy = sign_in_policy.or(kept.sign_in_policy.take());
    }
    take_pool_members(settings, input);
}

/// A client's settings with those of an UpdateUserPoolClient in their places; not checked yet.
pub(crate) fn update_client(settings: &mut UserPoolClientType, input: UpdateUserPoolClientRequest) {
    take_client_members(settings, input);
}

/// Some settings have two places, and are shown in both. What a call says in one of them must not meet what was kept
/// in the other.
fn let_go_of_second_places(kept: &mut UserPoolType, said: &UpdateUserPoolRequest) {
    let policy = said.policies.as_ref().and_then(|policies| policies.password_policy.as_ref());
    let unused = said.admin_create_user_config.as_ref().and_then(|admin| admin.unused_account_validity_days);
    if let Some(admin) = &mut kept.admin_create_user_config {
        admin.unused_account_validity_days = None;
    }
    if policy.is_none()
        && unused.is_some_and(|days| days > 0)
        && let Some(policy) = kept.policies.as_mut().and_then(|policies| policies.password_policy.as_mut())
    {
        policy.temporary_password_validity_days = None;
    }

    let olders = [
        &mut kept.sms_verification_message,
        &mut kept.email_verification_message,
        &mut kept.email_verification_subject,
    ];
    match (&said.verification_message_template, &mut kept.verification_message_template) {
        (Some(_), _) => olders.into_iter().for_each(|older| *older = None),
        (None, Some(template)) => {
            for (place, older) in [
                (&mut template.sms_message, &said.sms_verification_message),
                (&mut template.email_message, &said.email_verification_message),
                (&mut template.email_subject, &said.email_verification_subject),
            ] {
                if older.is_some() {
                    place.clone_from(older);
                }
            }
        }
        (None, None) => {}
    }

    // A plan has its first factors, and threat protection its plan, where nothing is said: what followed from the old
    // settings does not stand in the way of new ones.
    if let Some(policies) = &mut kept.policies {
        let factors = policies.sign_in_policy.as_ref().and_then(|policy| policy.allowed_first_auth_factors.as_deref());
        if factors == Some([AuthFactorType::Password].as_slice()) {
            policies.sign_in_policy = None;
        }
    }
    let protects = |add_ons: &UserPoolAddOnsType| add_ons.advanced_security_mode != AdvancedSecurityModeType::Off;
    if said.user_pool_add_ons.as_ref().is_some_and(protects) {
        kept.user_pool_tier = None;
    }
}
