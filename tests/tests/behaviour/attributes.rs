//! Attributes: what is added to a schema.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

use crate::user_pools::describe;

#[tokio::test]
async fn custom_attributes_are_added_and_used() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "Schema": [{ "Name": "tier", "AttributeDataType": "String" }] })).await;
    let add = |attributes: Value| {
        server.call("AddCustomAttributes", json!({ "UserPoolId": pool, "CustomAttributes": attributes }))
    };
    add(json!([{ "Name": "seat", "AttributeDataType": "Number" }])).await.ok();
    let again = add(json!([{ "Name": "tier", "AttributeDataType": "String" }])).await;
    assert_eq!(again.message(), "custom:tier: Existing attribute already has name custom:tier.");
    let schema = describe(&server, &pool).await["SchemaAttributes"].clone();
    let last: Vec<&Value> = schema.as_array().expect("a list").iter().skip(20).map(|a| &a["Name"]).collect();
    assert_eq!(last, ["custom:tier", "custom:seat"]);
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::new(&server, &client, "alice");
    let attributes = json!([{ "Name": "custom:seat", "Value": "no number" }]);
    assert_eq!(alice.sign_up(attributes).await.error(), "InvalidParameter");
    alice.sign_up(json!([{ "Name": "custom:seat", "Value": "12" }])).await.ok();
}

#[tokio::test]
async fn what_the_schema_lacks_no_client_writes() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let unknown = json!([{ "Name": "custom:none", "Value": "x" }]);
    let alice = Actor::join(&server, &client, "alice").await;
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let update = json!({ "AccessToken": token, "UserAttributes": unknown });
    let delete = json!({ "AccessToken": token, "UserAttributeNames": ["custom:none"] });
    for refused in [
        Actor::new(&server, &client, "bob").sign_up(unknown.clone()).await,
        server.call("UpdateUserAttributes", update).await,
        server.call("DeleteUserAttributes", delete).await,
    ] {
        let said = "A client attempted to write unauthorized attribute";
        assert_eq!((refused.error(), refused.message()), ("NotAuthorized", said));
    }
    // Administrators are told what is missing.
    let update = json!({ "UserPoolId": pool, "Username": "alice", "UserAttributes": unknown });
    let refused = server.call("AdminUpdateUserAttributes", update).await;
    let said = "user.custom:none: Attribute does not exist in the schema.\n";
    assert_eq!((refused.error(), refused.message()), ("InvalidParameter", said));
}
