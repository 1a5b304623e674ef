//! Second factors: those of a pool, and the authenticator apps and preferences of its users.

use domain::{Preference, User, shown_pool_mfa};
use flows::MfaChange;
use protocol::idp::{
    AdminDeleteSoftwareTokenRequest, AdminDeleteSoftwareTokenResponse, AdminGetUserAuthFactorsRequest,
    AdminGetUserAuthFactorsResponse, AdminSetUserMFAPreferenceRequest, AdminSetUserMFAPreferenceResponse,
    AssociateSoftwareTokenRequest, AssociateSoftwareTokenResponse, AuthFactorType, EmailMfaSettingsType,
    GetUserAuthFactorsRequest, GetUserAuthFactorsResponse, GetUserPoolMfaConfigRequest, GetUserPoolMfaConfigResponse,
    SMSMfaSettingsType, SetUserMFAPreferenceRequest, SetUserMFAPreferenceResponse, SetUserPoolMfaConfigRequest,
    SetUserPoolMfaConfigResponse, SoftwareTokenMfaSettingsType, VerifySoftwareTokenRequest,
    VerifySoftwareTokenResponse, VerifySoftwareTokenResponseType,
};

use crate::error::{Error, Result};
use crate::request::Request;
use crate::wire::{enabled_mfa, preferred_mfa};

crate::table::operations! {
    idp::AssociateSoftwareToken => associate_software_token,
    idp::VerifySoftwareToken => verify_software_token,
    idp::AdminDeleteSoftwareToken => admin_delete_software_token,
    idp::SetUserMFAPreference => set_user_mfa_preference,
    idp::AdminSetUserMFAPreference => admin_set_user_mfa_preference,
    idp::GetUserAuthFactors => get_user_auth_factors,
    idp::AdminGetUserAuthFactors => admin_get_user_auth_factors,
    idp::GetUserPoolMfaConfig => get_user_pool_mfa_config,
    idp::SetUserPoolMfaConfig => set_user_pool_mfa_config,
}

async fn associate_software_token(
    request: &Request,
    input: AssociateSoftwareTokenRequest,
) -> Result<AssociateSoftwareTokenResponse> {
    match (&request.subject, input.session.as_deref()) {
        (Some(_), Some(_)) => Err(both_given()),
        (Some(subject), None) => {
            let secret = request.associate_own_totp(subject).await?;
            Ok(AssociateSoftwareTokenResponse { secret_code: Some(secret.into()), session: None })
        }
        (None, Some(session)) => {
            let set_up = request.open_set_up(&request.ctx, session).await?;
            let secret = request.associate_totp(&set_up.app.pool, &set_up.user).await?;
            let session = request.hand_on_set_up(&request.ctx, &set_up, false).await?;
            Ok(AssociateSoftwareTokenResponse { secret_code: Some(secret.into()), session: Some(session.into()) })
        }
        (None, None) => Err(none_given()),
    }
}

async fn verify_software_token(
    request: &Request,
    input: VerifySoftwareTokenRequest,
) -> Result<VerifySoftwareTokenResponse> {
    let name = input.friendly_device_name.as_deref();
    let session = match (&request.subject, input.session.as_deref()) {
        (Some(_), Some(_)) => return Err(both_given()),
        (Some(subject), None) => {
            request.verify_own_totp(&request.ctx, subject, &input.user_code, name).await?;
            None
        }
        (None, Some(session)) => {
            let set_up = request.open_set_up(&request.ctx, session).await?;
            Some(request.verify_totp_set_up(&request.ctx, &set_up, &input.user_code, name).await?)
        }
        (None, None) => return Err(none_given()),
    };
    Ok(VerifySoftwareTokenResponse {
        status: Some(VerifySoftwareTokenResponseType::Success),
        session: session.map(Into::into),
    })
}

async fn admin_delete_software_token(
    request: &Request,
    input: AdminDeleteSoftwareTokenRequest,
) -> Result<AdminDeleteSoftwareTokenResponse> {
    let (pool, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    request.forget_totp(&request.ctx, &pool, &user).await?;
    Ok(AdminDeleteSoftwareTokenResponse::default())
}

async fn set_user_mfa_preference(
    request: &Request,
    input: SetUserMFAPreferenceRequest,
) -> Result<SetUserMFAPreferenceResponse> {
    let subject = request.subject()?;
    let change = change(input.sms_mfa_settings, input.software_token_mfa_settings, input.email_mfa_settings);
    request.set_own_mfa_preference(&request.ctx, subject, change).await?;
    Ok(SetUserMFAPreferenceResponse::default())
}

async fn admin_set_user_mfa_preference(
    request: &Request,
    input: AdminSetUserMFAPreferenceRequest,
) -> Result<AdminSetUserMFAPreferenceResponse> {
    let (pool, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    let change = change(input.sms_mfa_settings, input.software_token_mfa_settings, input.email_mfa_settings);
    request.set_mfa_preference(&request.ctx, &pool, &user, change).await?;
    Ok(AdminSetUserMFAPreferenceResponse::default())
}

async fn get_user_auth_factors(request: &Request, _: GetUserAuthFactorsRequest) -> Result<GetUserAuthFactorsResponse> {
    let user = &request.subject()?.user;
    Ok(GetUserAuthFactorsResponse {
        username: user.username.to_string(),
        preferred_mfa_setting: preferred_mfa(user),
        user_mfa_setting_list: enabled_mfa(user),
        configured_user_auth_factors: Some(factors(user)),
    })
}

async fn admin_get_user_auth_factors(
    request: &Request,
    input: AdminGetUserAuthFactorsRequest,
) -> Result<AdminGetUserAuthFactorsResponse> {
    let (_, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    Ok(AdminGetUserAuthFactorsResponse {
        username: user.username.to_string(),
        preferred_mfa_setting: preferred_mfa(&user),
        user_mfa_setting_list: enabled_mfa(&user),
        configured_user_auth_factors: Some(factors(&user)),
    })
}

async fn get_user_pool_mfa_config(
    request: &Request,
    input: GetUserPoolMfaConfigRequest,
) -> Result<GetUserPoolMfaConfigResponse> {
    Ok(shown_pool_mfa(&request.pool(&input.user_pool_id).await?))
}

async fn set_user_pool_mfa_config(
    request: &Request,
    input: SetUserPoolMfaConfigRequest,
) -> Result<SetUserPoolMfaConfigResponse> {
    let shown = shown_pool_mfa(&request.set_pool_mfa(&request.ctx, input).await?);
    Ok(SetUserPoolMfaConfigResponse {
        sms_mfa_configuration: shown.sms_mfa_configuration,
        software_token_mfa_configuration: shown.software_token_mfa_configuration,
        email_mfa_configuration: shown.email_mfa_configuration,
        mfa_configuration: shown.mfa_configuration,
        web_authn_configuration: shown.web_authn_configuration,
    })
}

fn factors(user: &User) -> Vec<AuthFactorType> {
    let mut factors = Vec::new();
    if user.password.is_some() {
        factors.push(AuthFactorType::Password);
    }
    if user.is_verified("email") {
        factors.push(AuthFactorType::EmailOtp);
    }
    if user.is_verified("phone_number") {
        factors.push(AuthFactorType::SmsOtp);
    }
    if user.has_totp() {
        factors.push(AuthFactorType::SoftwareToken);
    }
    factors
}

fn change(
    sms: Option<SMSMfaSettingsType>,
    totp: Option<SoftwareTokenMfaSettingsType>,
    email: Option<EmailMfaSettingsType>,
) -> MfaChange {
    let preference = |enabled: Option<bool>, preferred: Option<bool>| Preference {
        enabled: enabled == Some(true),
        preferred: preferred == Some(true),
    };
    MfaChange {
        sms: sms.map(|settings| preference(settings.enabled, settings.preferred_mfa)),
        totp: totp.map(|settings| preference(settings.enabled, settings.preferred_mfa)),
        email: email.map(|settings| preference(settings.enabled, settings.preferred_mfa)),
    }
}

fn both_given() -> Error {
    Error::invalid_parameter("Only one of AccessToken and Session may be given.")
}

fn none_given() -> Error {
    Error::invalid_parameter("AccessToken or Session is required.")
}
