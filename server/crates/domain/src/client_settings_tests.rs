#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value
)]

use protocol::idp::CreateUserPoolRequest;
use serde_json::{Value, json};

use super::*;
use crate::{ClientId, PoolId, PoolMfa, Reason, RedirectUriFault, Tier, new_pool_settings};

fn pool(input: Value) -> Pool {
    let input: CreateUserPoolRequest = serde_json::from_value(input).unwrap();
    let (settings, mfa): (_, PoolMfa) = new_pool_settings(input).unwrap();
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    Pool { id: PoolId::from("eu-west-1_abc"), created_at: at, modified_at: at, settings, mfa }
}

fn around(confidential: bool) -> ClientSurroundings {
    ClientSurroundings {
        confidential,
        custom_scopes: ["api/read".to_owned()].into(),
        providers: ["Google".to_owned()].into(),
    }
}

fn create_in(pool: &Pool, mut input: Value, confidential: bool) -> Result<UserPoolClientType> {
    input["UserPoolId"] = json!("eu-west-1_abc");
    input["ClientName"] = json!("app");
    new_client_settings(pool, serde_json::from_value(input).unwrap(), &around(confidential))
}

fn refusal(input: Value, confidential: bool) -> Reason {
    let made = create_in(&pool(json!({"PoolName": "p"})), input.clone(), confidential);
    made.err().unwrap_or_else(|| panic!("accepted: {input}")).reason
}

#[test]
fn defaults_are_shown_as_the_service_shows_them() {
    let settings = create_in(&pool(json!({"PoolName": "p"})), json!({"CallbackURLs": []}), false).unwrap();
    assert_eq!(
        serde_json::to_value(settings).unwrap(),
        json!({
            "ClientName": "app",
            "RefreshTokenValidity": 30,
            "TokenValidityUnits": {},
            "AllowedOAuthFlowsUserPoolClient": false,
            "EnableTokenRevocation": true,
            "EnablePropagateAdditionalUserContextData": false,
            "AuthSessionValidity": 3,
            "ClientType": "REGULAR",
        })
    );
}

#[test]
fn one_unit_and_a_rotation_bring_their_defaults_along() {
    let said = json!({"AccessTokenValidity": 10, "TokenValidityUnits": {"AccessToken": "minutes"},
        "RefreshTokenRotation": {"Feature": "DISABLED"}});
    let shown = serde_json::to_value(create_in(&pool(json!({"PoolName": "p"})), said, false).unwrap()).unwrap();
    let units = json!({"AccessToken": "minutes", "IdToken": "hours", "RefreshToken": "days"});
    assert_eq!(shown["TokenValidityUnits"], units);
    assert_eq!(shown["RefreshTokenRotation"], json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}));
}

#[test]
fn an_update_keeps_single_values_and_puts_lists_back() {
    let pool = pool(json!({"PoolName": "p"}));
    let first = json!({"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "AuthSessionValidity": 9,
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": ["https://a.example/cb"], "EnableTokenRevocation": false});
    let settings = create_in(&pool, first, false).unwrap();
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    let client = Client {
        id: ClientId::from("c"),
        pool: pool.id.clone(),
        created_at: at,
        modified_at: at,
        settings,
        secrets: Vec::new(),
        srp_only: false,
        pkce_optional: false,
    };
    let update = json!({"UserPoolId": "eu-west-1_abc", "ClientId": "c", "ReadAttributes": ["email"]});
    let updated =
        updated_client_settings(&pool, &client, serde_json::from_value(update).unwrap(), &around(false)).unwrap();
    assert_eq!(updated.client_name.as_deref(), Some("app"));
    assert_eq!(updated.read_attributes, Some(vec!["email".to_owned()]));
    assert_eq!(updated.auth_session_validity, Some(9));
    assert_eq!(updated.enable_token_revocation, Some(false));
    assert!(updated.explicit_auth_flows.is_none() && updated.callback_urls.is_none());
    assert_eq!(updated.allowed_oauth_flows_user_pool_client, Some(false));
}

#[test]
fn auth_flows_of_two_generations_do_not_mix() {
    let mixed = json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH"]});
    assert_eq!(refusal(mixed, false), ClientFault::AuthFlowNamesMixed.into());
    let rotation = json!({"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED"}});
    assert_eq!(refusal(rotation, false), ClientFault::RefreshTokenAuthWithRotation.into());
    let two = json!({"ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]});
    assert_eq!(refusal(two, true), ClientFault::ClientTokenAuthNotAlone.into());
    let public = json!({"ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]});
    assert_eq!(refusal(public, false), ClientFault::ClientTokenAuthWithoutSecret.into());
    let pool = pool(json!({"PoolName": "p", "UserPoolTier": "LITE"}));
    let error = create_in(&pool, json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}), false).unwrap_err();
    let (feature, tier) = (Feature::ChoiceBasedSignIn, Tier::Lite);
    assert_eq!(error.reason, Reason::FeatureNotInTier { feature, tier });
}

#[test]
fn lifetimes_have_ranges_and_an_order() {
    for bad in [
        json!({"AccessTokenValidity": 25}),
        json!({"IdTokenValidity": 4, "TokenValidityUnits": {"IdToken": "minutes"}}),
        json!({"RefreshTokenValidity": 3651}),
        json!({"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}}),
        // The unit alone makes 30 minutes of the default.
        json!({"TokenValidityUnits": {"RefreshToken": "minutes"}}),
    ] {
        assert_eq!(refusal(bad, false), ClientFault::TokenValidityOutOfRange.into());
    }
    let order = json!({"AccessTokenValidity": 2, "RefreshTokenValidity": 90,
        "TokenValidityUnits": {"RefreshToken": "minutes"}});
    assert_eq!(refusal(order, false), ClientFault::TokenValidityOrder.into());
    let pool = pool(json!({"PoolName": "p"}));
    let good = json!({"AccessTokenValidity": 5, "IdTokenValidity": 86400, "RefreshTokenValidity": 0,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "seconds"}});
    assert_eq!(create_in(&pool, good, false).unwrap().refresh_token_validity, Some(30));
}

#[test]
fn secrets_are_published_nowhere() {
    let published = json!({"PublishSecretsInAWSSecretsManager": true});
    assert_eq!(refusal(published, true), ClientFault::SecretsNotPublished.into());
    let unpublished = json!({"PublishSecretsInAWSSecretsManager": false});
    assert!(create_in(&pool(json!({"PoolName": "p"})), unpublished, true).is_ok());
}

#[test]
fn attribute_lists_name_what_the_schema_has() {
    let tier = json!({"Name": "tier", "AttributeDataType": "String"});
    let schema = json!({"PoolName": "p", "Schema": [{"Name": "email", "Required": true}, tier]});
    let pool = pool(schema);
    let good = json!({"ReadAttributes": ["email", "custom:tier", "email_verified"], "WriteAttributes": ["email"]});
    assert!(create_in(&pool, good, false).is_ok());
    for (bad, fault) in [
        (json!({"ReadAttributes": ["tier"]}), ClientFault::ReadAttributes { is_new: true }),
        (json!({"WriteAttributes": ["custom:tier"]}), ClientFault::WriteAttributes { is_new: true }),
        (json!({"WriteAttributes": ["email", "email_verified"]}), ClientFault::WriteAttributes { is_new: true }),
    ] {
        assert_eq!(create_in(&pool, bad, false).unwrap_err().reason, fault.into());
    }
}

#[test]
fn oauth_settings_fit_each_other() {
    let code = |more: Value| {
        let mut input = json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "api/read"], "CallbackURLs": ["https://a.example/cb"]});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    };
    let pool = pool(json!({"PoolName": "p"}));
    assert!(create_in(&pool, code(json!({"DefaultRedirectURI": "https://a.example/cb"})), false).is_ok());
    let machine = json!({"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["api/read"],
        "CallbackURLs": []});
    assert!(create_in(&pool, code(machine.clone()), true).is_ok());
    let text = str::to_owned;
    for (input, confidential, reason) in [
        (json!({"AllowedOAuthFlows": []}), false, ClientFault::OAuthFlowsOrScopesMissing.into()),
        (json!({"CallbackURLs": []}), false, ClientFault::CallbackUrlMissing.into()),
        (
            json!({"AllowedOAuthScopes": ["api/write"]}),
            false,
            ClientFault::ScopeUnknown { scope: text("api/write") }.into(),
        ),
        (machine, false, ClientFault::ClientCredentialsWithoutSecret.into()),
        (
            json!({"AllowedOAuthFlows": ["code", "client_credentials"]}),
            true,
            ClientFault::ClientCredentialsNotAlone.into(),
        ),
        (
            json!({"AllowedOAuthFlows": ["client_credentials"]}),
            true,
            ClientFault::ClientCredentialsScope { scope: text("openid") }.into(),
        ),
        (
            json!({"DefaultRedirectURI": "https://b.example"}),
            false,
            ClientFault::DefaultRedirectUriUnknown { uri: text("https://b.example") }.into(),
        ),
        (
            json!({"LogoutURLs": ["http://a.example"]}),
            false,
            Reason::RedirectUri { uri: text("http://a.example"), fault: RedirectUriFault::PlainHttp },
        ),
        (
            json!({"SupportedIdentityProviders": ["COGNITO", "Google", "Okta"]}),
            false,
            ClientFault::ProviderUnknown { name: text("Okta"), pool: pool.id }.into(),
        ),
        (json!({"AnalyticsConfiguration": {"ApplicationId": "a"}}), false, ClientFault::Analytics.into()),
    ] {
        assert_eq!(refusal(code(input), confidential), reason);
    }
}
