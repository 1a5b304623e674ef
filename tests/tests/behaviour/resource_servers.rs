//! Resource servers and the scopes they give to app clients.

use latchkey_tests::House;
use serde_json::{Value, json};

use crate::clients::make;

#[tokio::test]
async fn custom_scopes_come_from_resource_servers() {
    let house = House::new().await;
    let pool = house.pool(json!({})).await;
    let machine = json!({ "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["https://api.example/read"] });
    let early = make(&house, &pool, machine.clone()).await;
    assert_eq!(
        (early.error(), early.message()),
        ("ScopeDoesNotExist", "Invalid scope requested: https://api.example/read")
    );
    let key = json!({ "UserPoolId": pool, "Identifier": "https://api.example" });
    let with = |name: &str, scopes: Value| {
        let mut input = key.clone();
        input["Name"] = json!(name);
        input["Scopes"] = scopes;
        input
    };
    let scope = |name: &str| json!({ "ScopeName": name, "ScopeDescription": name });
    let made = house.call("CreateResourceServer", with("api", json!([scope("read")]))).await.ok();
    assert_eq!(made["ResourceServer"], with("api", json!([scope("read")])));
    make(&house, &pool, machine).await.ok();
    assert_eq!(house.call("CreateResourceServer", with("again", json!([]))).await.error(), "InvalidParameter");
    let twice = with("api", json!([scope("read"), scope("read")]));
    assert_eq!(house.call("UpdateResourceServer", twice).await.error(), "InvalidParameter");
    house.call("UpdateResourceServer", with("all", json!([]))).await.ok();
    let described = house.call("DescribeResourceServer", key.clone()).await.ok();
    assert_eq!(described["ResourceServer"], with("all", json!([])));
    let listed = house.call("ListResourceServers", json!({ "UserPoolId": pool })).await.ok();
    assert_eq!(listed, json!({ "ResourceServers": [with("all", json!([]))] }));
    assert_eq!(house.call("DeleteResourceServer", key.clone()).await.ok(), Value::Null);
    for operation in ["DescribeResourceServer", "DeleteResourceServer"] {
        assert_eq!(house.call(operation, key.clone()).await.error(), "ResourceNotFound", "{operation}");
    }
    assert_eq!(house.call("UpdateResourceServer", with("x", json!([]))).await.error(), "ResourceNotFound");
}
