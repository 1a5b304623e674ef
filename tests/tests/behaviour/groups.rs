//! Groups and who is in them.

use latchkey_tests::House;
use serde_json::{Value, json};

async fn house() -> (House, String) {
    let house = House::new().await;
    let pool = house.pool(json!({})).await;
    for name in ["alice", "bob", "carol"] {
        let input = json!({ "UserPoolId": pool, "Username": name, "MessageAction": "SUPPRESS" });
        house.call("AdminCreateUser", input).await.ok();
    }
    (house, pool)
}

fn names(answer: &Value, list: &str, name: &str) -> Vec<String> {
    let entries = answer[list].as_array().expect("a list").iter();
    entries.map(|entry| entry[name].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn groups_are_made_changed_and_removed() {
    let (house, pool) = house().await;
    let key = json!({ "UserPoolId": pool, "GroupName": "admins" });
    let role = "arn:aws:iam::000000000000:role/admins";
    let mut input = key.clone();
    input["Precedence"] = json!(0);
    input["RoleArn"] = json!(role);
    let made = house.call("CreateGroup", input).await.ok()["Group"].clone();
    assert_eq!((&made["Precedence"], &made["RoleArn"]), (&json!(0), &json!(role)));
    assert!(made.get("Description").is_none());
    assert_eq!(house.call("CreateGroup", key.clone()).await.error(), "GroupExists");
    house.world.clock.advance_secs(5);
    let mut input = key.clone();
    input["Description"] = json!("They may");
    let updated = house.call("UpdateGroup", input).await.ok()["Group"].clone();
    assert_eq!((&updated["Description"], &updated["RoleArn"]), (&json!("They may"), &json!(role)));
    assert_ne!(updated["LastModifiedDate"], updated["CreationDate"]);
    assert_eq!(house.call("GetGroup", key.clone()).await.ok()["Group"], updated);
    assert_eq!(house.call("DeleteGroup", key.clone()).await.ok(), Value::Null);
    for operation in ["GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"] {
        let refused = house.call(operation, key.clone()).await;
        assert_eq!((refused.error(), refused.message()), ("ResourceNotFound", "Group not found."), "{operation}");
    }
}

#[tokio::test]
async fn users_come_and_go() {
    let (house, pool) = house().await;
    house.call("CreateGroup", json!({ "UserPoolId": pool, "GroupName": "staff" })).await.ok();
    let member = |name: &str| json!({ "UserPoolId": pool, "GroupName": "staff", "Username": name });
    for name in ["carol", "alice", "alice", "bob"] {
        assert_eq!(house.call("AdminAddUserToGroup", member(name)).await.ok(), Value::Null);
    }
    assert_eq!(house.call("AdminAddUserToGroup", member("nobody")).await.error(), "UserNotFound");
    let mut wrong = member("alice");
    wrong["GroupName"] = json!("nowhere");
    assert_eq!(house.call("AdminAddUserToGroup", wrong).await.message(), "Group not found.");
    let list = json!({ "UserPoolId": pool, "GroupName": "staff", "Limit": 2 });
    let first = house.call("ListUsersInGroup", list.clone()).await.ok();
    assert_eq!(names(&first, "Users", "Username"), ["alice", "bob"]);
    let mut rest = list.clone();
    rest["NextToken"] = first["NextToken"].clone();
    let second = house.call("ListUsersInGroup", rest).await.ok();
    assert_eq!(names(&second, "Users", "Username"), ["carol"]);
    assert!(second.get("NextToken").is_none());
    assert_eq!(house.call("AdminRemoveUserFromGroup", member("alice")).await.ok(), Value::Null);
    house.call("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "bob" })).await.ok();
    let left = house.call("ListUsersInGroup", list).await.ok();
    assert_eq!(names(&left, "Users", "Username"), ["carol"]);
}

#[tokio::test]
async fn a_users_groups_are_told_as_they_count() {
    let (house, pool) = house().await;
    for (name, precedence) in
        [("z", json!(1)), ("a", json!(10)), ("m", Value::Null), ("b", json!(2)), ("k", Value::Null)]
    {
        let mut input = json!({ "UserPoolId": pool, "GroupName": name });
        if !precedence.is_null() {
            input["Precedence"] = precedence;
        }
        house.call("CreateGroup", input).await.ok();
        let member = json!({ "UserPoolId": pool, "GroupName": name, "Username": "alice" });
        house.call("AdminAddUserToGroup", member).await.ok();
    }
    let (mut told, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut input = json!({ "UserPoolId": pool, "Username": "alice", "Limit": 2 });
        if !token.is_null() {
            input["NextToken"] = token;
        }
        let page = house.call("AdminListGroupsForUser", input).await.ok();
        told.extend(names(&page, "Groups", "GroupName"));
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(told, ["z", "b", "a", "k", "m"]);
    let all = house.call("ListGroups", json!({ "UserPoolId": pool })).await.ok();
    assert_eq!(names(&all, "Groups", "GroupName"), ["a", "b", "k", "m", "z"]);
}
