//! Tags of user pools.

use latchkey_tests::TestServer;
use serde_json::{Value, json};

use crate::user_pools::describe;

#[tokio::test]
async fn tags_are_the_pools_tags_by_its_arn() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "UserPoolTags": { "a": "1" } })).await;
    let arn = describe(&server, &pool).await["Arn"].clone();
    server.call("TagResource", json!({ "ResourceArn": arn, "Tags": { "b": "2", "a": "3" } })).await.ok();
    let tags = server.call("ListTagsForResource", json!({ "ResourceArn": arn })).await.ok();
    assert_eq!(tags, json!({ "Tags": { "a": "3", "b": "2" } }));
    server.call("UntagResource", json!({ "ResourceArn": arn, "TagKeys": ["a", "absent"] })).await.ok();
    assert_eq!(describe(&server, &pool).await["UserPoolTags"], json!({ "b": "2" }));
    let many: serde_json::Map<String, Value> = (0..50).map(|n| (format!("k{n}"), json!("v"))).collect();
    let refused = server.call("TagResource", json!({ "ResourceArn": arn, "Tags": many })).await;
    assert_eq!(refused.error(), "InvalidParameter");
    assert_eq!(describe(&server, &pool).await["UserPoolTags"], json!({ "b": "2" }), "nothing of it was kept");
    let foreign = arn.as_str().expect("text").replace("000000000000", "111111111111");
    let refused = server.call("ListTagsForResource", json!({ "ResourceArn": foreign })).await;
    assert_eq!(refused.error(), "ResourceNotFound");
}
