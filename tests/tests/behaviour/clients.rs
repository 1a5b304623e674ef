//! App clients, their secrets, and the resource servers whose scopes they ask for.

use latchkey_tests::House;
use serde_json::{Value, json};

pub(crate) async fn make(house: &House, pool: &str, mut settings: Value) -> latchkey_tests::Answered {
    settings["UserPoolId"] = json!(pool);
    settings["ClientName"] = json!("app");
    house.call("CreateUserPoolClient", settings).await
}

async fn describe(house: &House, pool: &str, client: &Value) -> Value {
    let input = json!({ "UserPoolId": pool, "ClientId": client["ClientId"] });
    house.call("DescribeUserPoolClient", input).await.ok()["UserPoolClient"].clone()
}

#[tokio::test]
async fn a_client_is_described_as_it_was_made() {
    let house = House::new().await;
    let pool = house.pool(json!({})).await;
    let made = make(&house, &pool, json!({})).await.ok()["UserPoolClient"].clone();
    let id = made["ClientId"].as_str().expect("an id");
    assert!(id.len() == 26 && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{id}");
    let at = made["CreationDate"].clone();
    assert_eq!(
        made,
        json!({
            "UserPoolId": pool, "ClientId": id, "ClientName": "app", "CreationDate": at, "LastModifiedDate": at,
            "RefreshTokenValidity": 30, "TokenValidityUnits": {}, "AllowedOAuthFlowsUserPoolClient": false,
            "EnableTokenRevocation": true, "EnablePropagateAdditionalUserContextData": false,
            "AuthSessionValidity": 3, "ClientType": "REGULAR",
        })
    );
    assert_eq!(describe(&house, &pool, &made).await, made);
    let other = house.pool(json!({})).await;
    let elsewhere = json!({ "UserPoolId": other, "ClientId": id });
    for operation in ["DescribeUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"] {
        let refused = house.call(operation, elsewhere.clone()).await;
        assert_eq!(refused.message(), format!("User pool client {id} does not exist."), "{operation}");
    }
    let key = json!({ "UserPoolId": pool, "ClientId": id });
    assert_eq!(house.call("DeleteUserPoolClient", key.clone()).await.ok(), Value::Null);
    assert_eq!(house.call("DescribeUserPoolClient", key).await.error(), "ResourceNotFound");
}

#[tokio::test]
async fn an_update_keeps_name_and_secret_only() {
    let house = House::new().await;
    let pool = house.pool(json!({})).await;
    let settings = json!({ "GenerateSecret": true, "AuthSessionValidity": 10, "ReadAttributes": ["email"],
        "PreventUserExistenceErrors": "ENABLED", "CallbackURLs": ["https://a.example/cb"] });
    let made = make(&house, &pool, settings).await.ok()["UserPoolClient"].clone();
    assert_eq!(made["ClientSecret"].as_str().map(str::len), Some(51));
    let key = json!({ "UserPoolId": pool, "ClientId": made["ClientId"] });
    let updated = house.call("UpdateUserPoolClient", key).await.ok()["UserPoolClient"].clone();
    for gone in ["ReadAttributes", "PreventUserExistenceErrors", "CallbackURLs"] {
        assert!(updated.get(gone).is_none(), "{gone}");
    }
    assert_eq!((&updated["ClientName"], &updated["AuthSessionValidity"]), (&json!("app"), &json!(3)));
    assert_eq!(updated["ClientSecret"], made["ClientSecret"]);
    assert_eq!(describe(&house, &pool, &made).await, updated);
}

#[tokio::test]
async fn secrets_are_made_brought_and_rotated() {
    let house = House::new().await;
    let pool = house.pool(json!({})).await;
    let own = "an_own_secret_of_some_length";
    let both = make(&house, &pool, json!({ "GenerateSecret": true, "ClientSecret": own })).await;
    assert_eq!(both.error(), "InvalidParameter");
    let made = make(&house, &pool, json!({ "ClientSecret": own })).await.ok()["UserPoolClient"].clone();
    assert_eq!(made["ClientSecret"], own);
    let key = json!({ "UserPoolId": pool, "ClientId": made["ClientId"] });
    let added = house.call("AddUserPoolClientSecret", key.clone()).await.ok()["ClientSecretDescriptor"].clone();
    assert_eq!(added["ClientSecretValue"].as_str().map(str::len), Some(51));
    let third = house.call("AddUserPoolClientSecret", key.clone()).await;
    assert_eq!(third.error(), "LimitExceeded");
    let listed = house.call("ListUserPoolClientSecrets", key.clone()).await.ok()["ClientSecrets"].clone();
    let ids: Vec<String> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|secret| {
            assert!(secret.get("ClientSecretValue").is_none());
            secret["ClientSecretId"].as_str().expect("an id").to_owned()
        })
        .collect();
    assert!(ids.len() == 2 && ids[0] != ids[1], "{ids:?}");
    let prefix = format!("{}--", made["ClientId"].as_str().expect("an id"));
    assert!(ids.iter().all(|id| id.starts_with(&prefix)), "{ids:?}");
    let delete = |id: &str| {
        let mut input = key.clone();
        input["ClientSecretId"] = json!(id);
        house.call("DeleteUserPoolClientSecret", input)
    };
    assert_eq!(delete("nobody--1").await.error(), "ResourceNotFound");
    delete(&ids[0]).await.ok();
    assert_eq!(describe(&house, &pool, &made).await["ClientSecret"], added["ClientSecretValue"]);
    assert_eq!(delete(&ids[1]).await.error(), "InvalidParameter");
    let public = make(&house, &pool, json!({})).await.ok()["UserPoolClient"].clone();
    let key = json!({ "UserPoolId": pool, "ClientId": public["ClientId"] });
    assert_eq!(house.call("AddUserPoolClientSecret", key).await.error(), "InvalidParameter");
}

#[tokio::test]
async fn clients_are_listed_in_pages_by_pool_and_type() {
    let house = House::new().await;
    let pool = house.pool(json!({})).await;
    let other = house.pool(json!({})).await;
    make(&house, &other, json!({})).await.ok();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(make(&house, &pool, json!({})).await.ok()["UserPoolClient"]["ClientId"].clone());
        house.world.clock.advance_secs(1);
    }
    let first = house.call("ListUserPoolClients", json!({ "UserPoolId": pool, "MaxResults": 2 })).await.ok();
    let rest = json!({ "UserPoolId": pool, "MaxResults": 2, "NextToken": first["NextToken"] });
    let second = house.call("ListUserPoolClients", rest.clone()).await.ok();
    assert!(second.get("NextToken").is_none());
    let ids: Vec<Value> = [&first, &second]
        .iter()
        .flat_map(|page| page["UserPoolClients"].as_array().expect("a list"))
        .map(|client| client["ClientId"].clone())
        .collect();
    assert_eq!(ids, made);
    let mut crossed = rest;
    crossed["UserPoolId"] = json!(other);
    assert_eq!(house.call("ListUserPoolClients", crossed).await.error(), "InvalidParameter");
    let dcr = json!({ "UserPoolId": pool, "ClientType": "DCR" });
    assert_eq!(house.call("ListUserPoolClients", dcr).await.ok()["UserPoolClients"], json!([]));
}
