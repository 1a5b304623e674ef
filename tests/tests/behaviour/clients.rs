//! App clients, their secrets, and the resource servers whose scopes they ask for.

use latchkey_tests::TestServer;
use serde_json::{Value, json};

pub(crate) async fn make(server: &TestServer, pool: &str, mut settings: Value) -> latchkey_tests::Answered {
    settings["UserPoolId"] = json!(pool);
    settings["ClientName"] = json!("app");
    server.call("CreateUserPoolClient", settings).await
}

async fn describe(server: &TestServer, pool: &str, client: &Value) -> Value {
    let input = json!({ "UserPoolId": pool, "ClientId": client["ClientId"] });
    server.call("DescribeUserPoolClient", input).await.ok()["UserPoolClient"].clone()
}

#[tokio::test]
async fn a_client_is_described_as_it_was_made() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let made = make(&server, &pool, json!({})).await.ok()["UserPoolClient"].clone();
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
    assert_eq!(describe(&server, &pool, &made).await, made);
    let other = server.pool(json!({})).await;
    let elsewhere = json!({ "UserPoolId": other, "ClientId": id });
    for operation in ["DescribeUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"] {
        let refused = server.call(operation, elsewhere.clone()).await;
        assert_eq!(refused.message(), format!("User pool client {id} does not exist."), "{operation}");
    }
    let key = json!({ "UserPoolId": pool, "ClientId": id });
    assert_eq!(server.call("DeleteUserPoolClient", key.clone()).await.ok(), Value::Null);
    assert_eq!(server.call("DescribeUserPoolClient", key).await.error(), "ResourceNotFound");
}

#[tokio::test]
async fn secrets_are_made_brought_and_rotated() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let own = "an_own_secret_of_some_length";
    let both = make(&server, &pool, json!({ "GenerateSecret": true, "ClientSecret": own })).await;
    assert_eq!(both.error(), "InvalidParameter");
    let made = make(&server, &pool, json!({ "ClientSecret": own })).await.ok()["UserPoolClient"].clone();
    assert_eq!(made["ClientSecret"], own);
    let key = json!({ "UserPoolId": pool, "ClientId": made["ClientId"] });
    let added = server.call("AddUserPoolClientSecret", key.clone()).await.ok()["ClientSecretDescriptor"].clone();
    assert_eq!(added["ClientSecretValue"].as_str().map(str::len), Some(51));
    let third = server.call("AddUserPoolClientSecret", key.clone()).await;
    assert_eq!(third.error(), "LimitExceeded");
    let listed = server.call("ListUserPoolClientSecrets", key.clone()).await.ok()["ClientSecrets"].clone();
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
        server.call("DeleteUserPoolClientSecret", input)
    };
    assert_eq!(delete("nobody--1").await.error(), "ResourceNotFound");
    delete(&ids[0]).await.ok();
    assert_eq!(describe(&server, &pool, &made).await["ClientSecret"], added["ClientSecretValue"]);
    assert_eq!(delete(&ids[1]).await.error(), "InvalidParameter");
    let public = make(&server, &pool, json!({})).await.ok()["UserPoolClient"].clone();
    let key = json!({ "UserPoolId": pool, "ClientId": public["ClientId"] });
    assert_eq!(server.call("AddUserPoolClientSecret", key).await.error(), "InvalidParameter");
}

#[tokio::test]
async fn clients_are_listed_in_pages_by_pool_and_type() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let other = server.pool(json!({})).await;
    make(&server, &other, json!({})).await.ok();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(make(&server, &pool, json!({})).await.ok()["UserPoolClient"]["ClientId"].clone());
        server.world.clock.advance_secs(1);
    }
    let first = server.call("ListUserPoolClients", json!({ "UserPoolId": pool, "MaxResults": 2 })).await.ok();
    let rest = json!({ "UserPoolId": pool, "MaxResults": 2, "NextToken": first["NextToken"] });
    let second = server.call("ListUserPoolClients", rest.clone()).await.ok();
    assert!(second.get("NextToken").is_none());
    let ids: Vec<Value> = [&first, &second]
        .iter()
        .flat_map(|page| page["UserPoolClients"].as_array().expect("a list"))
        .map(|client| client["ClientId"].clone())
        .collect();
    assert_eq!(ids, made);
    let mut crossed = rest;
    crossed["UserPoolId"] = json!(other);
    assert_eq!(server.call("ListUserPoolClients", crossed).await.error(), "InvalidParameter");
    let dcr = json!({ "UserPoolId": pool, "ClientType": "DCR" });
    assert_eq!(server.call("ListUserPoolClients", dcr).await.ok()["UserPoolClients"], json!([]));
}
