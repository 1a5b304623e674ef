//! What CreateUserPoolClient and UpdateUserPoolClient make of their input: defaults, and the rules between
//! settings. What an update leaves out is [`crate::update`]'s.

use std::collections::BTreeSet;

use protocol::idp::{
    ClientTypeType, CreateUserPoolClientRequest, ExplicitAuthFlowsType, FeatureType, OAuthFlowType, TimeUnitsType,
    TokenValidityUnitsType, UpdateUserPoolClientRequest, UserPoolClientType,
};

use crate::update::update_client;
use crate::{Client, ClientFault, Feature, Pool, Result, STANDARD_SCOPES, TokenKind, check_redirect_uri};

/// Days a refresh token lives where nothing is said; the number also stands where only its unit is said.
const REFRESH_TOKEN_VALIDITY: i32 = 30;

/// What the rules ask for besides the settings themselves.
#[derive(Clone, Debug, Default)]
pub struct ClientSurroundings {
    /// True for a client that has, or is about to get, a secret.
    pub confidential: bool,
    /// `IDENTIFIER/NAME` of every scope of the pool's resource servers.
    pub custom_scopes: BTreeSet<String>,
    /// Names of the pool's identity providers.
    pub providers: BTreeSet<String>,
}

/// The settings of a new client, complete and checked.
///
/// # Errors
/// [`ClientFault`], [`crate::Reason::RedirectUri`], [`crate::Reason::FeatureNotInTier`]
pub fn new_client_settings(
    pool: &Pool,
    input: CreateUserPoolClientRequest,
    around: &ClientSurroundings,
) -> Result<UserPoolClientType> {
    check_publishing(input.publish_secrets_in_aws_secrets_manager)?;
    let mut settings = UserPoolClientType {
        client_name: Some(input.client_name),
        refresh_token_validity: input.refresh_token_validity,
        access_token_validity: input.access_token_validity,
        id_token_validity: input.id_token_validity,
        token_validity_units: input.token_validity_units,
        read_attributes: input.read_attributes,
        write_attributes: input.write_attributes,
        explicit_auth_flows: input.explicit_auth_flows,
        supported_identity_providers: input.supported_identity_providers,
        callback_urls: input.callback_urls,
        logout_urls: input.logout_urls,
        default_redirect_uri: input.default_redirect_uri,
        allowed_oauth_flows: input.allowed_oauth_flows,
        allowed_oauth_scopes: input.allowed_oauth_scopes,
        allowed_oauth_flows_user_pool_client: input.allowed_oauth_flows_user_pool_client,
        analytics_configuration: input.analytics_configuration,
        prevent_user_existence_errors: input.prevent_user_existence_errors,
        enable_token_revocation: input.enable_token_revocation,
        enable_propagate_additional_user_context_data: input.enable_propagate_additional_user_context_data,
        auth_session_validity: input.auth_session_validity,
        refresh_token_rotation: input.refresh_token_rotation,
        client_type: Some(ClientTypeType::Regular),
        ..UserPoolClientType::default()
    };
    complete(pool, &mut settings, around, true)?;
    Ok(settings)
}

/// The settings of a client after UpdateUserPoolClient.
///
/// # Errors
/// [`ClientFault`], [`crate::Reason::RedirectUri`], [`crate::Reason::FeatureNotInTier`]
pub fn updated_client_settings(
    pool: &Pool,
    client: &Client,
    input: UpdateUserPoolClientRequest,
    around: &ClientSurroundings,
) -> Result<UserPoolClientType> {
    check_publishing(input.publish_secrets_in_aws_secrets_manager)?;
    let mut settings = client.settings.clone();
    update_client(&mut settings, input);
    complete(pool, &mut settings, around, false)?;
    Ok(settings)
}

/// There is no Secrets Manager to publish to: who relies on a secret being there must hear that it is not.
fn check_publishing(asked: Option<bool>) -> Result<()> {
    if asked == Some(true) {
        return Err(ClientFault::SecretsNotPublished.into());
    }
    Ok(())
}

fn complete(pool: &Pool, settings: &mut UserPoolClientType, around: &ClientSurroundings, is_new: bool) -> Result<()> {
    drop_empty_lists(settings);
    let refresh = settings.refresh_token_validity.filter(|validity| *validity > 0);
    settings.refresh_token_validity = Some(refresh.unwrap_or(REFRESH_TOKEN_VALIDITY));
    complete_units(settings.token_validity_units.get_or_insert_default());
    if let Some(rotation) = &mut settings.refresh_token_rotation {
        rotation.retry_grace_period_seconds.get_or_insert(0);
    }
    settings.allowed_oauth_flows_user_pool_client.get_or_insert(false);
    settings.enable_token_revocation.get_or_insert(true);
    settings.enable_propagate_additional_user_context_data.get_or_insert(false);
    settings.auth_session_validity.get_or_insert(3);
    check_auth_flows(pool, settings, around)?;
    check_lifetimes(settings)?;
    check_attributes(pool, settings, is_new)?;
    check_providers(pool, settings, around)?;
    check_redirects(settings)?;
    check_oauth(settings, around)?;
    check_analytics(settings)
}

/// Where one unit is said, the others are shown as well.
fn complete_units(units: &mut TokenValidityUnitsType) {
    if *units == TokenValidityUnitsType::default() {
        return;
    }
    units.access_token.get_or_insert(TimeUnitsType::Hours);
    units.id_token.get_or_insert(TimeUnitsType::Hours);
    units.refresh_token.get_or_insert(TimeUnitsType::Days);
}

/// An empty list is no list: it is not shown, and means the default.
fn drop_empty_lists(settings: &mut UserPoolClientType) {
    for list in [
        &mut settings.read_attributes,
        &mut settings.write_attributes,
        &mut settings.supported_identity_providers,
        &mut settings.callback_urls,
        &mut settings.logout_urls,
        &mut settings.allowed_oauth_scopes,
    ] {
        if list.as_ref().is_some_and(Vec::is_empty) {
            *list = None;
        }
    }
    settings.explicit_auth_flows = settings.explicit_auth_flows.take().filter(|list| !list.is_empty());
    settings.allowed_oauth_flows = settings.allowed_oauth_flows.take().filter(|list| !list.is_empty());
}

fn check_auth_flows(pool: &Pool, settings: &UserPoolClientType, around: &ClientSurroundings) -> Result<()> {
    use ExplicitAuthFlowsType as E;
    let flows = settings.explicit_auth_flows.as_deref().unwrap_or_default();
    let named_new = flows.iter().filter(|flow| flow.as_str().starts_with("ALLOW_")).count();
    if named_new > 0 && named_new < flows.len() {
        return Err(ClientFault::AuthFlowNamesMixed.into());
    }
    if flows.contains(&E::AllowClientTokenAuth) {
        if flows.len() > 1 {
            return Err(ClientFault::ClientTokenAuthNotAlone.into());
        }
        if !around.confidential {
            return Err(ClientFault::ClientTokenAuthWithoutSecret.into());
        }
    }
    if flows.contains(&E::AllowUserAuth) {
        pool.tier().check(Feature::ChoiceBasedSignIn)?;
    }
    let rotates =
        settings.refresh_token_rotation.as_ref().is_some_and(|rotation| rotation.feature == FeatureType::Enabled);
    if rotates && flows.contains(&E::AllowRefreshTokenAuth) {
        return Err(ClientFault::RefreshTokenAuthWithRotation.into());
    }
    Ok(())
}

fn check_lifetimes(settings: &UserPoolClientType) -> Result<()> {
    let units = settings.token_validity_units.clone().unwrap_or_default();
    let hour = 3_600;
    let access = lifetime(settings.access_token_validity, units.access_token, TokenKind::Access);
    let id = lifetime(settings.id_token_validity, units.id_token, TokenKind::Id);
    let refresh = lifetime(settings.refresh_token_validity, units.refresh_token, TokenKind::Refresh);
    let fits =
        |seconds: Option<i64>, most: i64, least: i64| seconds.is_none_or(|seconds| (least..=most).contains(&seconds));
    if !fits(access, 24 * hour, 300) || !fits(id, 24 * hour, 300) || !fits(refresh, 3_650 * 24 * hour, hour) {
        return Err(ClientFault::TokenValidityOutOfRange.into());
    }
    let longest = access.unwrap_or(hour).max(id.unwrap_or(hour));
    if refresh.is_some_and(|refresh| longest > refresh) {
        return Err(ClientFault::TokenValidityOrder.into());
    }
    Ok(())
}

/// Seconds; None where the default holds.
fn lifetime(validity: Option<i32>, unit: Option<TimeUnitsType>, kind: TokenKind) -> Option<i64> {
    let unit = unit.unwrap_or(match kind {
        TokenKind::Access | TokenKind::Id => TimeUnitsType::Hours,
        TokenKind::Refresh => TimeUnitsType::Days,
    });
    let seconds = match unit {
        TimeUnitsType::Seconds => 1,
        TimeUnitsType::Minutes => 60,
        TimeUnitsType::Hours => 3_600,
        TimeUnitsType::Days => 86_400,
    };
    validity.map(|validity| i64::from(validity) * seconds)
}

fn check_attributes(pool: &Pool, settings: &UserPoolClientType, is_new: bool) -> Result<()> {
    let known = |name: &String| pool.attribute(name).is_some();
    if let Some(read) = &settings.read_attributes
        && !read.iter().all(known)
    {
        return Err(ClientFault::ReadAttributes { is_new }.into());
    }
    if let Some(write) = &settings.write_attributes {
        let never = ["sub", "email_verified", "phone_number_verified", "identities"];
        let fits = write.iter().all(|name| known(name) && !never.contains(&name.as_str()));
        let complete = pool.required_attributes().all(|name| write.iter().any(|written| written == name));
        if !fits || !complete {
            return Err(ClientFault::WriteAttributes { is_new }.into());
        }
    }
    Ok(())
}

fn check_providers(pool: &Pool, settings: &UserPoolClientType, around: &ClientSurroundings) -> Result<()> {
    let providers = settings.supported_identity_providers.as_deref().unwrap_or_default();
    match providers.iter().find(|name| *name != "COGNITO" && !around.providers.contains(*name)) {
        Some(name) => Err(ClientFault::ProviderUnknown { name: name.clone(), pool: pool.id.clone() }.into()),
        None => Ok(()),
    }
}

fn check_redirects(settings: &UserPoolClientType) -> Result<()> {
    let callbacks = settings.callback_urls.as_deref().unwrap_or_default();
    let logouts = settings.logout_urls.as_deref().unwrap_or_default();
    callbacks.iter().chain(logouts).try_for_each(|uri| check_redirect_uri(uri))?;
    match &settings.default_redirect_uri {
        Some(default) if !callbacks.contains(default) => {
            Err(ClientFault::DefaultRedirectUriUnknown { uri: default.clone() }.into())
        }
        _ => Ok(()),
    }
}

fn check_oauth(settings: &UserPoolClientType, around: &ClientSurroundings) -> Result<()> {
    let flows = settings.allowed_oauth_flows.as_deref().unwrap_or_default();
    let scopes = settings.allowed_oauth_scopes.as_deref().unwrap_or_default();
    if let Some(unknown) =
        scopes.iter().find(|scope| !STANDARD_SCOPES.contains(&scope.as_str()) && !around.custom_scopes.contains(*scope))
    {
        return Err(ClientFault::ScopeUnknown { scope: unknown.clone() }.into());
    }
    let uses_oauth = settings.allowed_oauth_flows_user_pool_client == Some(true);
    if uses_oauth && (flows.is_empty() || scopes.is_empty()) {
        return Err(ClientFault::OAuthFlowsOrScopesMissing.into());
    }
    if flows.contains(&OAuthFlowType::ClientCredentials) {
        if flows.len() > 1 {
            return Err(ClientFault::ClientCredentialsNotAlone.into());
        }
        if !around.confidential {
            return Err(ClientFault::ClientCredentialsWithoutSecret.into());
        }
        // There is no user whose data these scopes would open.
        if let Some(scope) = scopes.iter().find(|scope| STANDARD_SCOPES.contains(&scope.as_str())) {
            return Err(ClientFault::ClientCredentialsScope { scope: scope.clone() }.into());
        }
    } else if uses_oauth && settings.callback_urls.is_none() {
        return Err(ClientFault::CallbackUrlMissing.into());
    }
    Ok(())
}

fn check_analytics(settings: &UserPoolClientType) -> Result<()> {
    let Some(analytics) = &settings.analytics_configuration else { return Ok(()) };
    let by_id = analytics.application_id.is_some() && analytics.role_arn.is_some() && analytics.external_id.is_some();
    let by_arn =
        analytics.application_arn.is_some() && analytics.application_id.is_none() && analytics.external_id.is_none();
    if by_id && analytics.application_arn.is_none() || by_arn {
        return Ok(());
    }
    Err(ClientFault::Analytics.into())
}

#[cfg(test)]
#[path = "client_settings_tests.rs"]
mod tests;
