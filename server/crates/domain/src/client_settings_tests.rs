#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value
)]

use super::*;
use crate::{ClientId, PoolId, PoolMfa, new_pool_settings};
use protocol::idp::CreateUserPoolRequest;
use serde_json::{Value, json};

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

fn refusal(input: Value, confidential: bool) -> (ErrorName, String) {
    let error = create_in(&pool(json!({"PoolName": "p"})), input.clone(), confidential);
    let error = error.err().unwrap_or_else(|| panic!("accepted: {input}"));
    error.wire()
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
fn an_update_puts_back_what_it_leaves_out() {
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
    };
    let update = json!({"UserPoolId": "eu-west-1_abc", "ClientId": "c", "ReadAttributes": ["email"]});
    let updated =
        updated_client_settings(&pool, &client, serde_json::from_value(update).unwrap(), &around(false)).unwrap();
    assert_eq!(updated.client_name.as_deref(), Some("app"));
    assert_eq!(updated.read_attributes, Some(vec!["email".to_owned()]));
    assert_eq!(updated.auth_session_validity, Some(3));
    assert_eq!(updated.enable_token_revocation, Some(true));
    assert!(updated.explicit_auth_flows.is_none() && updated.callback_urls.is_none());
    assert_eq!(updated.allowed_oauth_flows_user_pool_client, Some(false));
}

#[test]
fn auth_flows_of_two_generations_do_not_mix() {
    let (name, said) = refusal(json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH"]}), false);
    assert_eq!(name, ErrorName::InvalidParameter);
    assert_eq!(said, "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.");
    let rotation = json!({"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED"}});
    assert!(refusal(rotation, false).1.contains("rotation"));
    refusal(json!({"ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]}), true);
    refusal(json!({"ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]}), false);
    let pool = pool(json!({"PoolName": "p", "UserPoolTier": "LITE"}));
    let error = create_in(&pool, json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}), false).unwrap_err();
    assert_eq!(error.wire().0, ErrorName::FeatureUnavailableInTier);
}

#[test]
fn lifetimes_have_ranges_and_an_order() {
    let range = (ErrorName::InvalidParameter, "Invalid range for token validity.".to_owned());
    for bad in [
        json!({"AccessTokenValidity": 25}),
        json!({"IdTokenValidity": 4, "TokenValidityUnits": {"IdToken": "minutes"}}),
        json!({"RefreshTokenValidity": 3651}),
        json!({"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}}),
        // The unit alone makes 30 minutes of the default.
        json!({"TokenValidityUnits": {"RefreshToken": "minutes"}}),
    ] {
        assert_eq!(refusal(bad, false), range);
    }
    let order = json!({"AccessTokenValidity": 2, "RefreshTokenValidity": 90,
        "TokenValidityUnits": {"RefreshToken": "minutes"}});
    assert_eq!(
        refusal(order, false).1,
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times."
    );
    let pool = pool(json!({"PoolName": "p"}));
    let good = json!({"AccessTokenValidity": 5, "IdTokenValidity": 86400, "RefreshTokenValidity": 0,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "seconds"}});
    assert_eq!(create_in(&pool, good, false).unwrap().refresh_token_validity, Some(30));
}

#[test]
fn secrets_are_published_nowhere() {
    let (name, said) = refusal(json!({"PublishSecretsInAWSSecretsManager": true}), true);
    assert_eq!(name, ErrorName::InvalidParameter);
    assert_eq!(said, "PublishSecretsInAWSSecretsManager is not supported.");
    let unpublished = json!({"PublishSecretsInAWSSecretsManager": false});
    assert!(create_in(&pool(json!({"PoolName": "p"})), unpublished, true).is_ok());
}

#[test]
fn attribute_lists_name_what_the_schema_has() {
    let schema = json!({"PoolName": "p", "Schema": [{"Name": "email", "Required": true}, {"Name": "tier"}]});
    let pool = pool(schema);
    let good = json!({"ReadAttributes": ["email", "custom:tier", "email_verified"], "WriteAttributes": ["email"]});
    assert!(create_in(&pool, good, false).is_ok());
    for (bad, said) in [
        (json!({"ReadAttributes": ["tier"]}), "Invalid read attributes specified while creating a client"),
        (json!({"WriteAttributes": ["custom:tier"]}), "Invalid write attributes specified while creating a client"),
        (
            json!({"WriteAttributes": ["email", "email_verified"]}),
            "Invalid write attributes specified while creating a client",
        ),
    ] {
        assert_eq!(create_in(&pool, bad, false).unwrap_err().wire().1, said);
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
    use ErrorName::{InvalidOAuthFlow, InvalidParameter, ScopeDoesNotExist};
    for (input, confidential, name, said) in [
        (
            json!({"AllowedOAuthFlows": []}),
            false,
            InvalidOAuthFlow,
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ),
        (
            json!({"CallbackURLs": []}),
            false,
            InvalidOAuthFlow,
            "CallbackUrls can not be empty when code flow or implicit flow is selected",
        ),
        (json!({"AllowedOAuthScopes": ["api/write"]}), false, ScopeDoesNotExist, "Invalid scope requested: api/write"),
        (
            machine,
            false,
            InvalidOAuthFlow,
            "client_credentials flow can not be selected if client does not have a client secret.",
        ),
        (
            json!({"AllowedOAuthFlows": ["code", "client_credentials"]}),
            true,
            InvalidOAuthFlow,
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ),
        (
            json!({"AllowedOAuthFlows": ["client_credentials"]}),
            true,
            InvalidOAuthFlow,
            "openid is not supported with client_credentials flow",
        ),
        (
            json!({"DefaultRedirectURI": "https://b.example"}),
            false,
            InvalidParameter,
            "The default redirect URI https://b.example is not in the callback URIs list.",
        ),
        (
            json!({"LogoutURLs": ["http://a.example"]}),
            false,
            InvalidParameter,
            "http://a.example cannot use the HTTP protocol.",
        ),
        (
            json!({"SupportedIdentityProviders": ["COGNITO", "Google", "Okta"]}),
            false,
            InvalidParameter,
            "The provider Okta does not exist for User Pool eu-west-1_abc.",
        ),
    ] {
        assert_eq!(refusal(code(input), confidential), (name, said.to_owned()));
    }
}
