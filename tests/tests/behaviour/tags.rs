//! Tags of user pools.

use latchkey_tests::House;
use serde_json::{Value, json};

use crate::user_pools::describe;

#[tokio::test]
async fn tags_are_the_pools_tags_by_its_arn() {
    let house = House::new().await;
    let pool = house.pool(json!({ "UserPoolTags": { "a": "1" } })).await;
    let arn = describe(&house, &pool).await["Arn"].clone();
    house.call("TagResource", json!({ "ResourceArn": arn, "Tags": { "b": "2", "a": "3" } })).await.ok();
    let tags = house.call("ListTagsForResource", json!({ "ResourceArn": arn })).await.ok();
    assert_eq!(tags, json!({ "Tags": { "a": "3", "b": "2" } }));
    house.call("UntagResource", json!({ "ResourceArn": arn, "TagKeys": ["a", "absent"] })).await.ok();
    assert_eq!(describe(&house, &pool).await["UserPoolTags"], json!({ "b": "2" }));
    let many: serde_json::Map<String, Value> = (0..50).map(|n| (format!("k{n}"), json!("v"))).collect();
    let refused = house.call("TagResource", json!({ "ResourceArn": arn, "Tags": many })).await;
    assert_eq!(refused.error(), "InvalidParameter");
    assert_eq!(describe(&house, &pool).await["UserPoolTags"], json!({ "b": "2" }), "nothing of it was kept");
    let foreign = arn.as_str().expect("text").replace("000000000000", "111111111111");
    let refused = house.call("ListTagsForResource", json!({ "ResourceArn": foreign })).await;
    assert_eq!(refused.error(), "ResourceNotFound");
}
