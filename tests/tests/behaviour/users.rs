//! Users as administrators and they themselves see them.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

async fn create(server: &TestServer, pool: &str, name: &str, more: Value) -> latchkey_tests::Answered {
    let mut input = json!({ "UserPoolId": pool, "Username": name });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    server.call("AdminCreateUser", input).await
}

fn attributes(list: &Value) -> Value {
    let pairs = list.as_array().expect("a list").iter();
    pairs.map(|pair| (pair["Name"].as_str().expect("a name").to_owned(), pair["Value"].clone())).collect()
}

fn email(address: &str) -> Value {
    json!([{ "Name": "email", "Value": address }, { "Name": "email_verified", "Value": "true" }])
}

#[tokio::test]
async fn an_invited_user_signs_in_with_the_password_that_was_mailed() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let mail = json!({ "UserAttributes": email("alice@example.com"), "DesiredDeliveryMediums": ["EMAIL"] });
    let user = create(&server, &pool, "alice", mail).await.ok()["User"].clone();
    assert_eq!((&user["UserStatus"], &user["Enabled"]), (&json!("FORCE_CHANGE_PASSWORD"), &json!(true)));
    assert_eq!(user["Attributes"][0]["Name"], "sub");
    let mut alice = Actor::new(&server, &client, "alice");
    alice.password = server.mailbox.code("alice@example.com").expect("an invitation");
    let challenge = alice.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let responses = json!({ "USERNAME": "alice", "NEW_PASSWORD": "Br4nd-new-one!" });
    let answer = json!({ "ClientId": client, "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": challenge["Session"], "ChallengeResponses": responses });
    server.call("RespondToAuthChallenge", answer).await.ok();
    let read = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    assert_eq!(read["UserStatus"], "CONFIRMED");
}

#[tokio::test]
async fn invitations_go_where_they_are_wanted_and_can_go() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let both = json!([{ "Name": "email", "Value": "a@example.com" }, { "Name": "phone_number", "Value": "+15550001" }]);
    create(&server, &pool, "alice", json!({ "UserAttributes": both })).await.ok();
    assert_eq!(
        (server.mailbox.to("a@example.com").len(), server.mailbox.to("+15550001").len()),
        (0, 1),
        "SMS by default"
    );
    let mediums = json!(["EMAIL", "SMS"]);
    create(
        &server,
        &pool,
        "bob",
        json!({ "UserAttributes": email("b@example.com"), "DesiredDeliveryMediums": mediums }),
    )
    .await
    .ok();
    assert_eq!(server.mailbox.to("b@example.com").len(), 1);
    let quiet = json!({ "UserAttributes": email("c@example.com"), "DesiredDeliveryMediums": ["EMAIL"],
        "MessageAction": "SUPPRESS" });
    create(&server, &pool, "carol", quiet).await.ok();
    assert!(server.mailbox.to("c@example.com").is_empty());
    server.mailbox.set_broken(true);
    let lost = json!({ "UserAttributes": email("d@example.com"), "DesiredDeliveryMediums": ["EMAIL"] });
    assert_eq!(create(&server, &pool, "dave", lost).await.error(), "CodeDeliveryFailure");
    server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "dave" })).await.ok();
}

#[tokio::test]
async fn an_invitation_can_be_sent_again_until_it_is_accepted() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let mail = json!({ "UserAttributes": email("alice@example.com"), "DesiredDeliveryMediums": ["EMAIL"] });
    create(&server, &pool, "alice", mail).await.ok();
    server.world.clock.advance_secs(8 * 86_400);
    let mut alice = Actor::new(&server, &client, "alice");
    alice.password = server.mailbox.code("alice@example.com").expect("an invitation");
    let late = alice.sign_in().await;
    assert_eq!(late.message(), "Temporary password has expired and must be reset by an administrator.");
    let resend = json!({ "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"] });
    create(&server, &pool, "alice", resend.clone()).await.ok();
    alice.password = server.mailbox.code("alice@example.com").expect("another invitation");
    assert_eq!(alice.sign_in().await.ok()["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let permanent = json!({ "UserPoolId": pool, "Username": "alice", "Password": "Br4nd-new-one!", "Permanent": true });
    server.call("AdminSetUserPassword", permanent).await.ok();
    let refused = create(&server, &pool, "alice", resend.clone()).await;
    assert_eq!(refused.error(), "UnsupportedUserState");
    assert_eq!(refused.message(), "Resend not possible. alice status is not FORCE_CHANGE_PASSWORD");
    assert_eq!(create(&server, &pool, "nobody", resend).await.error(), "UserNotFound");
}

#[tokio::test]
async fn names_are_unique_and_forced_aliases_move() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AliasAttributes": ["email"] })).await;
    let quiet = |more: Value| {
        let mut all = json!({ "MessageAction": "SUPPRESS", "UserAttributes": email("shared@example.com") });
        all.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        all
    };
    create(&server, &pool, "alice", quiet(json!({}))).await.ok();
    let again = create(&server, &pool, "alice", json!({})).await;
    assert_eq!((again.error(), again.message()), ("UsernameExists", "User account already exists"));
    let taken = create(&server, &pool, "bob", quiet(json!({}))).await;
    assert_eq!((taken.error(), taken.message()), ("AliasExists", "An account with the email already exists."));
    create(&server, &pool, "bob", quiet(json!({ "ForceAliasCreation": true }))).await.ok();
    let by_email = json!({ "UserPoolId": pool, "Username": "shared@example.com" });
    assert_eq!(server.call("AdminGetUser", by_email).await.ok()["Username"], "bob");
    let alice = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    assert_eq!(attributes(&alice["UserAttributes"])["email_verified"], "false");
    let twice = json!([{ "Name": "name", "Value": "a" }, { "Name": "name", "Value": "b" }]);
    assert_eq!(create(&server, &pool, "carol", json!({ "UserAttributes": twice })).await.error(), "InvalidParameter");
    let weak = json!({ "TemporaryPassword": "short" });
    assert_eq!(create(&server, &pool, "carol", weak).await.error(), "InvalidPassword");
}

#[tokio::test]
async fn where_addresses_are_usernames_the_username_is_the_sub() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "UsernameAttributes": ["email"] })).await;
    let mail = json!({ "DesiredDeliveryMediums": ["EMAIL"] });
    let user = create(&server, &pool, "alice@example.com", mail.clone()).await.ok()["User"].clone();
    let values = attributes(&user["Attributes"]);
    assert_eq!((&user["Username"], &values["email"]), (&values["sub"], &json!("alice@example.com")));
    let text = &server.mailbox.to("alice@example.com")[0].text;
    assert!(!text.contains(user["Username"].as_str().expect("text")), "people do not know their sub: {text}");
    let again = create(&server, &pool, "alice@example.com", mail.clone()).await;
    assert_eq!(again.message(), "An account with the given email already exists.");
    let named = create(&server, &pool, "alice", mail).await;
    assert_eq!(named.message(), "Username should be an email.");
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_stays_out() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::join(&server, &client, "alice").await;
    let tokens = alice.sign_in().await.ok()["AuthenticationResult"].clone();
    let me = || server.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
    me().await.ok();
    let key = json!({ "UserPoolId": pool, "Username": "alice" });
    server.call("AdminDisableUser", key.clone()).await.ok();
    assert_eq!(me().await.error(), "NotAuthorized");
    assert_eq!(alice.sign_in().await.message(), "User is disabled.");
    assert_eq!(server.call("AdminGetUser", key.clone()).await.ok()["Enabled"], false);
    server.world.clock.advance_secs(1);
    server.call("AdminEnableUser", key.clone()).await.ok();
    assert_eq!(me().await.message(), "Access Token has been revoked", "old sessions stay over");
    alice.sign_in().await.ok();
    assert_eq!(server.call("AdminDeleteUser", key.clone()).await.ok(), Value::Null);
    for operation in ["AdminGetUser", "AdminDeleteUser", "AdminEnableUser", "AdminDisableUser"] {
        let refused = server.call(operation, key.clone()).await;
        assert_eq!((refused.error(), refused.message()), ("UserNotFound", "User does not exist."), "{operation}");
    }
}

#[tokio::test]
async fn users_see_what_their_client_may_read_and_can_leave() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({ "ReadAttributes": ["email_verified"] })).await;
    let alice = Actor::join(&server, &client, "alice").await;
    let token = json!({ "AccessToken": alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"] });
    let me = server.call("GetUser", token.clone()).await.ok();
    assert_eq!(me["Username"], "alice");
    let mut seen = attributes(&me["UserAttributes"]);
    assert!(seen.as_object_mut().expect("an object").remove("sub").is_some());
    assert_eq!(seen, json!({ "email_verified": "true" }));
    assert!(me.get("UserMFASettingList").is_none() && me.get("PreferredMfaSetting").is_none());
    assert_eq!(server.call("DeleteUser", token.clone()).await.ok(), Value::Null);
    assert_ne!(server.call("GetUser", token).await.status, 200);
    alice.sign_up(json!([])).await.ok();
}

#[tokio::test]
async fn users_are_found_by_filter_page_and_chosen_attributes() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    for (name, family) in [("ann", "Reddy"), ("bea", "Redfern"), ("cyd", "Green")] {
        let attributes = json!([{ "Name": "family_name", "Value": family }]);
        create(&server, &pool, name, json!({ "UserAttributes": attributes, "MessageAction": "SUPPRESS" })).await.ok();
        server.world.clock.advance_secs(1);
    }
    server.call("AdminDisableUser", json!({ "UserPoolId": pool, "Username": "cyd" })).await.ok();
    let list = |more: Value| {
        let mut input = json!({ "UserPoolId": pool });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        server.call("ListUsers", input)
    };
    let names = |answer: &Value| -> Vec<String> {
        let users = answer["Users"].as_array().expect("a list").iter();
        users.map(|user| user["Username"].as_str().expect("a name").to_owned()).collect()
    };
    for (filter, found) in [
        ("family_name ^= \"Red\"", vec!["ann", "bea"]),
        ("family_name = \"Reddy\"", vec!["ann"]),
        ("status = \"Disabled\"", vec!["cyd"]),
        ("cognito:user_status = \"force_change_password\"", vec!["ann", "bea", "cyd"]),
        ("username = \"nobody\"", vec![]),
    ] {
        assert_eq!(names(&list(json!({ "Filter": filter })).await.ok()), found, "{filter}");
    }
    let first = list(json!({ "Limit": 2 })).await.ok();
    let second = list(json!({ "Limit": 2, "PaginationToken": first["PaginationToken"] })).await.ok();
    assert_eq!([names(&first), names(&second)].concat(), ["ann", "bea", "cyd"]);
    assert!(second.get("PaginationToken").is_none());
    let crossed = json!({ "Filter": "status = \"Enabled\"", "PaginationToken": first["PaginationToken"] });
    assert_eq!(list(crossed).await.error(), "InvalidParameter");
    let chosen = list(json!({ "AttributesToGet": ["family_name"], "Limit": 1 })).await.ok();
    assert_eq!(attributes(&chosen["Users"][0]["Attributes"]), json!({ "family_name": "Reddy" }));
    for bad in [json!({ "AttributesToGet": ["nowhere"] }), json!({ "Filter": "custom:x = \"1\"" })] {
        assert_eq!(list(bad).await.error(), "InvalidParameter");
    }
}

/// Makes a user with a temporary password and opens its first sign-in twice.
async fn invite_twice(server: &TestServer, pool: &str, client: &str) -> [Value; 2] {
    let mut attributes = email("alice@example.com");
    attributes.as_array_mut().expect("a list").push(json!({ "Name": "custom:tenant", "Value": "acme" }));
    let more =
        json!({ "UserAttributes": attributes, "TemporaryPassword": "Temp0rary-one!", "MessageAction": "SUPPRESS" });
    create(server, pool, "alice", more).await.ok();
    let mut alice = Actor::new(server, client, "alice");
    alice.password = "Temp0rary-one!".to_owned();
    [alice.sign_in().await.ok(), alice.sign_in().await.ok()]
}

fn first_password(client: &str, challenge: &Value, password: &str, more: Value) -> Value {
    let mut responses = json!({ "USERNAME": "alice", "NEW_PASSWORD": password });
    responses.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    json!({ "ClientId": client, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
        "ChallengeResponses": responses })
}

#[tokio::test]
async fn the_first_sign_in_rewrites_nothing_that_the_administrator_vouched_for() {
    let server = TestServer::new().await;
    let schema = json!([{ "Name": "tenant", "AttributeDataType": "String", "Mutable": false },
        { "Name": "rank", "AttributeDataType": "String", "Mutable": true, "DeveloperOnlyAttribute": true }]);
    let pool = server.pool(json!({ "Schema": schema })).await;
    let client = server.client(&pool, json!({})).await;
    let [challenge, _] = invite_twice(&server, &pool, &client).await;
    let unwritable = "A client attempted to write unauthorized attribute";
    for (name, value, said) in [
        ("email", "victim@example.com", "Cannot modify an already provided email"),
        ("email", "alice@example.com", "Cannot modify an already provided email"),
        ("email_verified", "true", unwritable),
        ("custom:tenant", "mine", "Cannot modify an already provided custom:tenant"),
        ("dev:custom:rank", "mine", unwritable),
        ("custom:none", "mine", unwritable),
    ] {
        let given = json!({ format!("userAttributes.{name}"): value });
        let answer = first_password(&client, &challenge, "Br4nd-new-one!", given);
        let refused = server.call("RespondToAuthChallenge", answer).await;
        assert_eq!((refused.error(), refused.message()), ("NotAuthorized", said), "{name}");
    }
    let given = json!({ "userAttributes.name": "Alice", "userAttributes.phone_number": "+15555550100" });
    let answer = first_password(&client, &challenge, "Br4nd-new-one!", given);
    server.call("RespondToAuthChallenge", answer).await.ok();
    let user = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    let now = attributes(&user["UserAttributes"]);
    assert_eq!(
        (&now["custom:tenant"], &now["email"], &now["name"]),
        (&json!("acme"), &json!("alice@example.com"), &json!("Alice"))
    );
    assert_eq!((&now["email_verified"], &now["phone_number_verified"]), (&json!("true"), &json!("false")));
}

#[tokio::test]
async fn a_first_password_is_set_once_however_many_sessions_stand_open() {
    let server = TestServer::new().await;
    let schema = json!([{ "Name": "tenant", "AttributeDataType": "String", "Mutable": false }]);
    let pool = server.pool(json!({ "Schema": schema })).await;
    let client = server.client(&pool, json!({})).await;
    let [first, second] = invite_twice(&server, &pool, &client).await;
    let answer = first_password(&client, &first, "Br4nd-new-one!", json!({}));
    server.call("RespondToAuthChallenge", answer).await.ok();
    let late = first_password(&client, &second, "S0mebody-elses!", json!({}));
    let late = server.call("RespondToAuthChallenge", late).await;
    assert_eq!(late.message(), "Invalid session for the user.");
    let mut alice = Actor::new(&server, &client, "alice");
    alice.password = "Br4nd-new-one!".to_owned();
    alice.sign_in().await.ok();
}

#[tokio::test]
async fn administrators_name_users_by_their_subject_identifiers_too() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let quiet = json!({ "MessageAction": "SUPPRESS", "TemporaryPassword": "Temp0rary-one!" });
    let made = create(&server, &pool, "alice", quiet).await.ok()["User"].clone();
    let sub = attributes(&made["Attributes"])["sub"].as_str().expect("a sub").to_owned();
    server.call("CreateGroup", json!({ "UserPoolId": pool, "GroupName": "staff" })).await.ok();
    for (operation, more) in [
        ("AdminGetUser", json!({})),
        ("AdminUpdateUserAttributes", json!({ "UserAttributes": [{ "Name": "name", "Value": "Alice" }] })),
        ("AdminDeleteUserAttributes", json!({ "UserAttributeNames": ["name"] })),
        ("AdminDisableUser", json!({})),
        ("AdminEnableUser", json!({})),
        ("AdminAddUserToGroup", json!({ "GroupName": "staff" })),
        ("AdminListGroupsForUser", json!({})),
        ("AdminRemoveUserFromGroup", json!({ "GroupName": "staff" })),
        ("AdminListDevices", json!({})),
        ("AdminGetUserAuthFactors", json!({})),
        ("AdminSetUserMFAPreference", json!({})),
        ("AdminUserGlobalSignOut", json!({})),
        ("AdminSetUserPassword", json!({ "Password": "Br4nd-new-one!", "Permanent": true })),
    ] {
        let mut input = json!({ "UserPoolId": pool, "Username": sub });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let answered = server.call(operation, input).await;
        assert_eq!(answered.status, 200, "{operation}: {}", answered.body);
        if operation == "AdminGetUser" {
            assert_eq!(answered.body["Username"], "alice");
        }
    }
    // Nobody signs in by it, nor takes it as a username to be taken for its owner.
    let mut by_sub = Actor::new(&server, &client, &sub);
    by_sub.password = "Br4nd-new-one!".to_owned();
    assert_eq!(by_sub.sign_in().await.error(), "UserNotFound");
    let (_, challenge) = by_sub.start_srp().await;
    assert_eq!(challenge.error(), "UserNotFound");
    assert_eq!(by_sub.sign_up(json!([])).await.error(), "UsernameExists");
    server.call("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": sub })).await.ok();
    let gone = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await;
    assert_eq!(gone.error(), "UserNotFound");
}

#[tokio::test]
async fn booleans_are_taken_in_any_case() {
    let server = TestServer::new().await;
    let schema = json!([{ "Name": "vip", "AttributeDataType": "Boolean" }]);
    let pool = server.pool(json!({ "AliasAttributes": ["email"], "Schema": schema })).await;
    let client = server.client(&pool, json!({})).await;
    let verified = json!([{ "Name": "email", "Value": "alice@example.com" },
        { "Name": "email_verified", "Value": "True" }, { "Name": "custom:vip", "Value": "TRUE" }]);
    let quiet = json!({ "MessageAction": "SUPPRESS", "UserAttributes": verified });
    create(&server, &pool, "alice", quiet).await.ok();
    // Verified: it is an alias.
    let read = || async {
        let by_email = json!({ "UserPoolId": pool, "Username": "alice@example.com" });
        attributes(&server.call("AdminGetUser", by_email).await.ok()["UserAttributes"])
    };
    let now = read().await;
    assert_eq!((&now["email_verified"], &now["custom:vip"]), (&json!("true"), &json!("true")));
    let update = |value: &str| {
        let list = json!([{ "Name": "custom:vip", "Value": value }]);
        server.call(
            "AdminUpdateUserAttributes",
            json!({ "UserPoolId": pool, "Username": "alice", "UserAttributes": list }),
        )
    };
    update("False").await.ok();
    assert_eq!(read().await["custom:vip"], "false");
    assert_eq!(update("yes").await.error(), "InvalidParameter");
    let bob = Actor::new(&server, &client, "bob");
    bob.sign_up(json!([{ "Name": "custom:vip", "Value": "tRUE" }])).await.ok();
    let bob = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "bob" })).await.ok();
    assert_eq!(attributes(&bob["UserAttributes"])["custom:vip"], "true");
}
