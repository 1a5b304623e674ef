//! Resource servers and the scopes they give to app clients.

use latchkey_tests::TestServer;
use serde_json::{Value, json};

use crate::clients::make;

#[tokio::test]
async fn custom_scopes_come_from_resource_servers() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let machine = json!({ "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["https://api.example/read"] });
    let early = make(&server, &pool, machine.clone()).await;
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
    let made = server.call("CreateResourceServer", with("api", json!([scope("read")]))).await.ok();
    assert_eq!(made["ResourceServer"], with("api", json!([scope("read")])));
    make(&server, &pool, machine).await.ok();
    assert_eq!(server.call("CreateResourceServer", with("again", json!([]))).await.error(), "InvalidParameter");
    let twice = with("api", json!([scope("read"), scope("read")]));
    assert_eq!(server.call("UpdateResourceServer", twice).await.error(), "InvalidParameter");
    server.call("UpdateResourceServer", with("all", json!([]))).await.ok();
    let described = server.call("DescribeResourceServer", key.clone()).await.ok();
    assert_eq!(described["ResourceServer"], with("all", json!([])));
    let listed = server.call("ListResourceServers", json!({ "UserPoolId": pool })).await.ok();
    assert_eq!(listed, json!({ "ResourceServers": [with("all", json!([]))] }));
    assert_eq!(server.call("DeleteResourceServer", key.clone()).await.ok(), Value::Null);
    for operation in ["DescribeResourceServer", "DeleteResourceServer"] {
        assert_eq!(server.call(operation, key.clone()).await.error(), "ResourceNotFound", "{operation}");
    }
    assert_eq!(server.call("UpdateResourceServer", with("x", json!([]))).await.error(), "ResourceNotFound");
}
