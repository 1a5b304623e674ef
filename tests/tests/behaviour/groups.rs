//! Groups and who is in them.

use latchkey_tests::TestServer;
use serde_json::{Value, json};

async fn server() -> (TestServer, String) {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    for name in ["alice", "bob", "carol"] {
        let input = json!({ "UserPoolId": pool, "Username": name, "MessageAction": "SUPPRESS" });
        server.call("AdminCreateUser", input).await.ok();
    }
    (server, pool)
}

fn names(answer: &Value, list: &str, name: &str) -> Vec<String> {
    let entries = answer[list].as_array().expect("a list").iter();
    entries.map(|entry| entry[name].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn groups_are_made_changed_and_removed() {
    let (server, pool) = server().await;
    let key = json!({ "UserPoolId": pool, "GroupName": "admins" });
    let role = "arn:aws:iam::000000000000:role/admins";
    let mut input = key.clone();
    input["Precedence"] = json!(0);
    input["RoleArn"] = json!(role);
    let made = server.call("CreateGroup", input).await.ok()["Group"].clone();
    assert_eq!((&made["Precedence"], &made["RoleArn"]), (&json!(0), &json!(role)));
    assert!(made.get("Description").is_none());
    assert_eq!(server.call("CreateGroup", key.clone()).await.error(), "GroupExists");
    server.world.clock.advance_secs(5);
    let mut input = key.clone();
    input["Description"] = json!("They may");
    let updated = server.call("UpdateGroup", input).await.ok()["Group"].clone();
    assert_eq!((&updated["Description"], &updated["RoleArn"]), (&json!("They may"), &json!(role)));
    assert_ne!(updated["LastModifiedDate"], updated["CreationDate"]);
    assert_eq!(server.call("GetGroup", key.clone()).await.ok()["Group"], updated);
    assert_eq!(server.call("DeleteGroup", key.clone()).await.ok(), Value::Null);
    for operation in ["GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"] {
        let refused = server.call(operation, key.clone()).await;
        assert_eq!((refused.error(), refused.message()), ("ResourceNotFound", "Group not found."), "{operation}");
    }
}

#[tokio::test]
async fn users_come_and_go() {
    let (server, pool) = server().await;
    server.call("CreateGroup", json!({ "UserPoolId": pool, "GroupName": "staff" })).await.ok();
    let member = |name: &str| json!({ "UserPoolId": pool, "GroupName": "staff", "Username": name });
    for name in ["carol", "alice", "alice", "bob"] {
        assert_eq!(server.call("AdminAddUserToGroup", member(name)).await.ok(), Value::Null);
    }
    assert_eq!(server.call("AdminAddUserToGroup", member("nobody")).await.error(), "UserNotFound");
    let mut wrong = member("alice");
    wrong["GroupName"] = json!("nowhere");
    assert_eq!(server.call("AdminAddUserToGroup", wrong).await.message(), "Group not found.");
    let list = json!({ "UserPoolId": pool, "GroupName": "staff", "Limit": 2 });
    let first = server.call("ListUsersInGroup", list.clone()).await.ok();
    assert_eq!(names(&first, "Users", "Username"), ["alice", "bob"]);
    let mut rest = list.clone();
    rest["NextToken"] = first["NextToken"].clone();
    let second = server.call("ListUsersInGroup", rest).await.ok();
    assert_eq!(names(&second, "Users", "Username"), ["carol"]);
    assert!(second.get("NextToken").is_none());
    assert_eq!(server.call("AdminRemoveUserFromGroup", member("alice")).await.ok(), Value::Null);
    server.call("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "bob" })).await.ok();
    let left = server.call("ListUsersInGroup", list).await.ok();
    assert_eq!(names(&left, "Users", "Username"), ["carol"]);
}

#[tokio::test]
async fn a_users_groups_are_told_as_they_count() {
    let (server, pool) = server().await;
    for (name, precedence) in
        [("z", json!(1)), ("a", json!(10)), ("m", Value::Null), ("b", json!(2)), ("k", Value::Null)]
    {
        let mut input = json!({ "UserPoolId": pool, "GroupName": name });
        if !precedence.is_null() {
            input["Precedence"] = precedence;
        }
        server.call("CreateGroup", input).await.ok();
        let member = json!({ "UserPoolId": pool, "GroupName": name, "Username": "alice" });
        server.call("AdminAddUserToGroup", member).await.ok();
    }
    let (mut told, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut input = json!({ "UserPoolId": pool, "Username": "alice", "Limit": 2 });
        if !token.is_null() {
            input["NextToken"] = token;
        }
        let page = server.call("AdminListGroupsForUser", input).await.ok();
        told.extend(names(&page, "Groups", "GroupName"));
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(told, ["z", "b", "a", "k", "m"]);
    let all = server.call("ListGroups", json!({ "UserPoolId": pool })).await.ok();
    assert_eq!(names(&all, "Groups", "GroupName"), ["a", "b", "k", "m", "z"]);
}
