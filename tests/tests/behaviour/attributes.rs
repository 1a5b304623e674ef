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
    let again = add(json!([{ "Name": "tier" }])).await;
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
