//! User pools: what is made, read back, replaced, protected and removed.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

pub(crate) async fn describe(server: &TestServer, pool: &str) -> Value {
    server.call("DescribeUserPool", json!({ "UserPoolId": pool })).await.ok()["UserPool"].clone()
}

#[tokio::test]
async fn a_pool_is_described_as_it_was_made() {
    let server = TestServer::new().await;
    let made = server.call("CreateUserPool", json!({ "PoolName": "people" })).await.ok()["UserPool"].clone();
    let id = made["Id"].as_str().expect("an id");
    let (region, name) = id.split_once('_').expect("two parts");
    assert_eq!(region, "us-east-1");
    assert!(name.len() == 9 && name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
    assert_eq!(made["Arn"], format!("arn:aws:cognito-idp:us-east-1:000000000000:userpool/{id}"));
    assert_eq!(made["EstimatedNumberOfUsers"], 0);
    assert_eq!(describe(&server, id).await, made);
    assert!(made.get("Domain").is_none() && made.get("UserPoolTags").is_none());
    let client = server.client(id, json!({})).await;
    Actor::new(&server, &client, "alice").sign_up(json!([])).await.ok();
    assert_eq!(describe(&server, id).await["EstimatedNumberOfUsers"], 1);
}

#[tokio::test]
async fn an_update_changes_what_it_says_and_is_dated() {
    let server = TestServer::new().await;
    let pool = server
        .pool(json!({ "AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"],
            "EmailVerificationSubject": "Hello", "EmailVerificationMessage": "Code: {####}" }))
        .await;
    let before = describe(&server, &pool).await;
    assert_eq!(before["VerificationMessageTemplate"]["EmailSubject"], "Hello");
    server.world.clock.advance_secs(60);
    // A setting with two places is said in either, and shown in both.
    let update = json!({ "UserPoolId": pool, "PoolName": "later", "EmailVerificationSubject": "Welcome" });
    server.call("UpdateUserPool", update).await.ok();
    let after = describe(&server, &pool).await;
    assert_eq!(after["Name"], "later");
    let template =
        json!({ "DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailMessage": "Code: {####}", "EmailSubject": "Welcome" });
    assert_eq!(
        (&after["VerificationMessageTemplate"], &after["EmailVerificationSubject"]),
        (&template, &json!("Welcome"))
    );
    for kept in ["UsernameAttributes", "SchemaAttributes", "CreationDate", "Id"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    let seconds = |pool: &Value| pool["LastModifiedDate"].as_f64().expect("a number");
    assert!((seconds(&after) - seconds(&before) - 60.0).abs() < 0.001);
    let template = json!({ "EmailSubject": "Again", "EmailMessage": "{####}" });
    server.call("UpdateUserPool", json!({ "UserPoolId": pool, "VerificationMessageTemplate": template })).await.ok();
    assert_eq!(describe(&server, &pool).await["EmailVerificationMessage"], "{####}");
    let missing = server.call("UpdateUserPool", json!({ "UserPoolId": "us-east-1_nowhere" })).await;
    assert_eq!(missing.message(), "User pool us-east-1_nowhere does not exist.");
}

#[tokio::test]
async fn a_protected_pool_and_one_with_a_domain_stay() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "DeletionProtection": "ACTIVE" })).await;
    let client = server.client(&pool, json!({})).await;
    let delete = || server.call("DeleteUserPool", json!({ "UserPoolId": pool }));
    let refused = delete().await;
    assert_eq!(refused.error(), "InvalidParameter");
    assert!(refused.message().contains("deletion protection is activated"), "{}", refused.message());
    server.call("UpdateUserPool", json!({ "UserPoolId": pool, "DeletionProtection": "INACTIVE" })).await.ok();
    let domain = json!({ "Domain": "acme", "UserPoolId": pool });
    server.call("CreateUserPoolDomain", domain.clone()).await.ok();
    assert_eq!(
        delete().await.message(),
        "User pool cannot be deleted. It has a domain configured that should be deleted first."
    );
    server.call("DeleteUserPoolDomain", domain).await.ok();
    assert_eq!(delete().await.ok(), Value::Null);
    assert_eq!(delete().await.error(), "ResourceNotFound");
    let orphan = Actor::new(&server, &client, "alice").sign_in().await;
    assert_eq!(orphan.message(), format!("User pool client {client} does not exist."));
}

#[tokio::test]
async fn pools_are_listed_in_pages_whose_tokens_cannot_be_made_up() {
    let server = TestServer::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(server.pool(json!({})).await);
        server.world.clock.advance_secs(1);
    }
    let (mut listed, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut input = json!({ "MaxResults": 2 });
        if !token.is_null() {
            input["NextToken"] = token;
        }
        let page = server.call("ListUserPools", input).await.ok();
        let pools = page["UserPools"].as_array().expect("a list");
        assert!(pools.len() <= 2);
        listed.extend(pools.iter().filter_map(|pool| pool["Id"].as_str().map(str::to_owned)));
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(listed, made);
    let forged = server.call("ListUserPools", json!({ "MaxResults": 2, "NextToken": "bm8=" })).await;
    assert_eq!(forged.error(), "InvalidParameter");
    let other = server.call("ListUserPools", json!({ "MaxResults": 2 })).await.ok()["NextToken"].clone();
    let input = json!({ "UserPoolId": made[0], "NextToken": other });
    assert_eq!(server.call("ListUserPoolClients", input).await.error(), "InvalidParameter");
}

#[tokio::test]
async fn faulty_schemas_are_refused_in_the_services_words() {
    let server = TestServer::new().await;
    let text = |name: &str, least: &str, most: &str| {
        json!({ "Name": name, "AttributeDataType": "String",
            "StringAttributeConstraints": { "MinLength": least, "MaxLength": most } })
    };
    let number = json!({ "Name": "updated_at", "AttributeDataType": "Number",
        "NumberAttributeConstraints": { "MinValue": "2", "MaxValue": "1" } });
    let untyped = "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.";
    for (attribute, said) in [
        (text("email", "-1", "5"), "Invalid StringAttributeConstraints for schema attribute email"),
        (text("email", "none", "5"), "Invalid StringAttributeConstraints for schema attribute email"),
        (text("email", "1", "2049"), "user.email: String attributes cannot have a length of more than 2048"),
        (text("email", "5", "1"), "user.email: Max length cannot be less than min length."),
        (text("team", "5", "1"), "user.custom:team: Max length cannot be less than min length."),
        (number, "user.updated_at: Max value cannot be less than min value."),
        (json!({ "Name": "team" }), untyped),
    ] {
        let refused = server.call("CreateUserPool", json!({ "PoolName": "p", "Schema": [attribute] })).await;
        assert_eq!((refused.error(), refused.message()), ("InvalidParameter", said));
    }
    let pool = server.pool(json!({ "Schema": [{ "Name": "email", "Required": true }] })).await;
    let add = json!({ "UserPoolId": pool, "CustomAttributes": [{ "Name": "team" }] });
    let refused = server.call("AddCustomAttributes", add).await;
    assert_eq!((refused.error(), refused.message()), ("InvalidParameter", untyped));
}

#[tokio::test]
async fn keys_are_published_in_their_places() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let server = TestServer::new().await;
    for _ in 0..8 {
        let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
        let client = server.client(&pool, json!({})).await;
        let alice = Actor::join(&server, &client, "alice").await;
        for _ in 0..2 {
            let tokens = alice.sign_in().await.ok()["AuthenticationResult"].clone();
            let kid = |token: &Value| -> Value {
                let header = token.as_str().and_then(|token| token.split('.').next()).expect("a JWT");
                let header = URL_SAFE_NO_PAD.decode(header).expect("base64url");
                serde_json::from_slice::<Value>(&header).expect("JSON")["kid"].clone()
            };
            let answered = server.get(&format!("/{pool}/.well-known/jwks.json")).await;
            let keys: Value = serde_json::from_str(&answered.text).expect("JSON");
            assert_eq!(keys["keys"][0]["kid"], kid(&tokens["IdToken"]));
            assert_eq!(keys["keys"][1]["kid"], kid(&tokens["AccessToken"]));
            let row = server.latchkey.pool(&pool).await.expect("a pool");
            server.latchkey.rotate_keys(&row).await.expect("new keys");
        }
    }
}

/// Whatever is under way when a pool goes, is told that it is gone: nothing fails as a fault of ours.
#[tokio::test]
async fn a_pool_that_goes_under_traffic_is_gone_and_no_fault() {
    use futures_util::future::join_all;
    use latchkey_tests::Actor;
    let folder = tempfile::tempdir().unwrap();
    let databases = [store::Database::Memory, store::Database::Sqlite(folder.path().join("store.db"))];
    for database in databases {
        let server = TestServer::with_store(store::Store::open(&database).unwrap()).await;
        for _ in 0..5 {
            let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
            let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
            Actor::join(&server, &client, "alice").await;
            let call = async |number: usize| {
                let name = format!("user-{number}");
                let actor = Actor::new(&server, &client, if number.is_multiple_of(3) { "alice" } else { &name });
                let named = json!({ "ClientId": client, "Username": actor.username });
                // What is answered with 500, panics.
                match number % 7 {
                    0 => drop(actor.sign_up(json!([{ "Name": "email", "Value": actor.email() }])).await),
                    1 => drop(actor.sign_in().await),
                    2 => drop(actor.confirm("123456").await),
                    3 => drop(server.call("ForgotPassword", named).await),
                    4 => drop(server.call("ResendConfirmationCode", named).await),
                    5 => drop(actor.start_srp().await),
                    _ => {
                        let gone = server.call("DeleteUserPool", json!({ "UserPoolId": pool })).await;
                        assert!(["", "ResourceNotFound"].contains(&gone.error()), "{}", gone.body);
                    }
                }
            };
            join_all((0..70).map(call)).await;
        }
    }
}
