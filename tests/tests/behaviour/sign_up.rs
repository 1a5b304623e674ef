//! Signing up and confirming.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

#[tokio::test]
async fn a_code_confirms_and_verifies() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::new(&server, &client, "alice");
    let answer = alice.sign_up(json!([{ "Name": "email", "Value": "alice@example.com" }])).await.ok();
    assert_eq!(answer["UserConfirmed"], json!(false));
    let details = json!({ "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" });
    assert_eq!(answer["CodeDeliveryDetails"], details);
    assert_eq!(alice.sign_in().await.error(), "UserNotConfirmed");
    let wrong = alice.confirm("000000").await;
    assert_eq!(
        (wrong.error(), wrong.message()),
        ("CodeMismatch", "Invalid verification code provided, please try again.")
    );
    let code = server.mailbox.code("alice@example.com").expect("a code");
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    alice.confirm(&code).await.ok();
    let user = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    assert_eq!(user["UserStatus"], "CONFIRMED");
    assert!(
        user["UserAttributes"]
            .as_array()
            .expect("a list")
            .contains(&json!({ "Name": "email_verified", "Value": "true" }))
    );
    assert_eq!(alice.confirm(&code).await.message(), "User cannot be confirmed. Current status is CONFIRMED");
}

#[tokio::test]
async fn a_code_lapses_after_a_day_and_a_new_one_voids_it() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::new(&server, &client, "alice");
    alice.sign_up(json!([{ "Name": "email", "Value": "alice@example.com" }])).await.ok();
    let old = server.mailbox.code("alice@example.com").expect("a code");
    server.call("ResendConfirmationCode", json!({ "ClientId": client, "Username": "alice" })).await.ok();
    let new = server.mailbox.code("alice@example.com").expect("a code");
    if old != new {
        assert_eq!(alice.confirm(&old).await.error(), "CodeMismatch");
    }
    server.world.clock.advance_secs(86_400);
    assert_eq!(alice.confirm(&new).await.error(), "ExpiredCode");
}

#[tokio::test]
async fn resending_is_limited_by_the_hour() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::new(&server, &client, "alice");
    alice.sign_up(json!([{ "Name": "email", "Value": "alice@example.com" }])).await.ok();
    let resend = json!({ "ClientId": client, "Username": "alice" });
    for _ in 0..5 {
        server.call("ResendConfirmationCode", resend.clone()).await.ok();
    }
    let refused = server.call("ResendConfirmationCode", resend.clone()).await;
    assert_eq!(
        (refused.error(), refused.message()),
        ("LimitExceeded", "Attempt limit exceeded, please try after some time.")
    );
    server.world.clock.advance_secs(3_600);
    server.call("ResendConfirmationCode", resend).await.ok();
}

#[tokio::test]
async fn an_email_address_as_username_becomes_a_sub() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let refused = Actor::new(&server, &client, "alice").sign_up(json!([])).await;
    assert_eq!(refused.message(), "Username should be an email.");
    let alice = Actor::new(&server, &client, "alice@example.com");
    let answer = alice.sign_up(json!([])).await.ok();
    let taken = alice.sign_up(json!([])).await;
    assert_eq!((taken.error(), taken.message()), ("UsernameExists", "An account with the given email already exists."));
    alice.confirm(&server.mailbox.code("alice@example.com").expect("a code")).await.ok();
    let user = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice@example.com" })).await.ok();
    assert_eq!(user["Username"], answer["UserSub"]);
    alice.sign_in().await.ok();
}

#[tokio::test]
async fn aliases_have_one_verified_owner() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let attributes = json!([{ "Name": "email", "Value": "both@example.com" }]);
    let first = Actor::new(&server, &client, "first");
    first.sign_up(attributes.clone()).await.ok();
    first.confirm(&server.mailbox.code("both@example.com").expect("a code")).await.ok();
    let second = Actor::new(&server, &client, "second");
    second.sign_up(attributes).await.ok();
    let code = server.mailbox.code("both@example.com").expect("a code");
    let clash = second.confirm(&code).await;
    assert_eq!((clash.error(), clash.message()), ("AliasExists", "An account with the email already exists."));
    let force =
        json!({ "ClientId": client, "Username": "second", "ConfirmationCode": code, "ForceAliasCreation": true });
    server.call("ConfirmSignUp", force).await.ok();
    let owner = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "both@example.com" })).await.ok();
    assert_eq!(owner["Username"], "second");
    let loser = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "first" })).await.ok();
    assert!(
        loser["UserAttributes"]
            .as_array()
            .expect("a list")
            .contains(&json!({ "Name": "email_verified", "Value": "false" }))
    );
}

#[tokio::test]
async fn case_is_folded_where_the_pool_says_so() {
    let server = TestServer::new().await;
    let pool = server
        .pool(json!({ "UsernameConfiguration": { "CaseSensitive": false }, "AutoVerifiedAttributes": ["email"] }))
        .await;
    let client = server.client(&pool, json!({})).await;
    let mut alice = Actor::join(&server, &client, "Alice").await;
    alice.username = "aLICE".to_owned();
    let (proof, challenge) = alice.start_srp().await;
    let challenge = challenge.ok();
    assert_eq!(challenge["ChallengeParameters"]["USER_ID_FOR_SRP"], "alice");
    alice.answer_srp(&pool, &proof, &challenge, json!({})).await.ok();
    assert_eq!(Actor::new(&server, &client, "ALICE").sign_up(json!([])).await.error(), "UsernameExists");
}

#[tokio::test]
async fn a_mail_that_cannot_leave_is_told_and_the_user_is_kept() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::new(&server, &client, "alice");
    server.mailbox.set_broken(true);
    let refused = alice.sign_up(json!([{ "Name": "email", "Value": "alice@example.com" }])).await;
    assert_eq!(refused.error(), "CodeDeliveryFailure");
    server.mailbox.set_broken(false);
    server.call("ResendConfirmationCode", json!({ "ClientId": client, "Username": "alice" })).await.ok();
    alice.confirm(&server.mailbox.code("alice@example.com").expect("a code")).await.ok();
}

#[tokio::test]
async fn schema_and_policy_bite() {
    let server = TestServer::new().await;
    let pool = server
        .pool(json!({ "Schema": [{ "Name": "name", "Required": true }, { "Name": "team", "AttributeDataType": "String",
            "StringAttributeConstraints": { "MinLength": "2", "MaxLength": "4" } }] }))
        .await;
    let client = server.client(&pool, json!({})).await;
    let mut alice = Actor::new(&server, &client, "alice");
    let missing = alice.sign_up(json!([])).await;
    assert_eq!(missing.error(), "InvalidParameter");
    assert!(missing.message().contains("name: The attribute is required"), "{}", missing.message());
    let unknown = alice.sign_up(json!([{ "Name": "name", "Value": "A" }, { "Name": "custom:x", "Value": "1" }])).await;
    assert_eq!(unknown.message(), "A client attempted to write unauthorized attribute");
    let long =
        alice.sign_up(json!([{ "Name": "name", "Value": "A" }, { "Name": "custom:team", "Value": "12345" }])).await;
    assert_eq!(long.error(), "InvalidParameter");
    alice.password = "Short1!".to_owned();
    let weak = alice.sign_up(json!([{ "Name": "name", "Value": "A" }])).await;
    assert_eq!(
        (weak.error(), weak.message()),
        ("InvalidPassword", "Password did not conform with policy: Password not long enough")
    );
}

#[tokio::test]
async fn unknown_users_are_hidden_or_told() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let legacy = server.client(&pool, json!({})).await;
    let hiding = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let input = |client: &str| json!({ "ClientId": client, "Username": "nobody" });
    for operation in ["ForgotPassword", "ResendConfirmationCode"] {
        let told = server.call(operation, input(&legacy)).await;
        assert_eq!((told.error(), told.message()), ("UserNotFound", "Username/client id combination not found."));
        let hidden = server.call(operation, input(&hiding)).await.ok();
        assert_eq!(hidden["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL", "{operation}");
    }
    let confirm = json!({ "ClientId": hiding, "Username": "nobody", "ConfirmationCode": "123456" });
    assert_eq!(server.call("ConfirmSignUp", confirm).await.error(), "CodeMismatch");
}

#[tokio::test]
async fn nobody_takes_a_name_that_reaches_somebody_else() {
    let server = TestServer::new().await;
    let aliases = json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["preferred_username"] });
    let pool = server.pool(aliases).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::join(&server, &client, "alice").await;
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let named = json!({ "AccessToken": token, "UserAttributes": [{ "Name": "preferred_username", "Value": "ally" }] });
    server.call("UpdateUserAttributes", named).await.ok();
    let mut ally = Actor::new(&server, &client, "ally");
    assert_eq!(ally.sign_up(json!([])).await.error(), "UsernameExists");
    ally.password.clone_from(&alice.password);
    ally.sign_in().await.ok();
}

#[tokio::test]
async fn all_that_does_not_conform_is_told_at_once() {
    let server = TestServer::new().await;
    let schema = json!([{ "Name": "name", "Required": true }, { "Name": "gender", "Required": true },
        { "Name": "team", "AttributeDataType": "String", "StringAttributeConstraints": { "MaxLength": "2" } }]);
    let pool = server.pool(json!({ "Schema": schema })).await;
    let client = server.client(&pool, json!({})).await;
    let refused =
        Actor::new(&server, &client, "alice").sign_up(json!([{ "Name": "custom:team", "Value": "long" }])).await;
    assert_eq!(refused.error(), "InvalidParameter");
    assert_eq!(
        refused.message(),
        "Attributes did not conform to the schema: custom:team: String must be no longer than 2 characters\n\
         name: The attribute is required\ngender: The attribute is required\n"
    );
    let unknown = json!([{ "Name": "custom:a", "Value": "x" }, { "Name": "custom:b", "Value": "y" }]);
    let input = json!({ "UserPoolId": pool, "Username": "alice", "UserAttributes": unknown });
    assert_eq!(
        server.call("AdminCreateUser", input).await.message(),
        "Attributes did not conform to the schema: custom:a: Attribute does not exist in the schema.\n\
         custom:b: Attribute does not exist in the schema.\n"
    );
}

/// What reaches one user reaches nobody else, in whichever way: usernames are no free preferred_usernames.
#[tokio::test]
async fn nobody_takes_the_name_of_another_as_preferred_username() {
    let server = TestServer::new().await;
    let pool =
        server.pool(json!({ "AliasAttributes": ["preferred_username"], "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    for name in ["alice", "mallory"] {
        Actor::join(&server, &client, name).await;
    }
    let mallory = Actor::new(&server, &client, "mallory");
    let token = mallory.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let call = async |operation: &str, more: Value| {
        let attributes = |value: &str| json!([{ "Name": "preferred_username", "Value": value }]);
        let mut answers = Vec::new();
        for value in ["alice", "mallory", "Mallory-III"] {
            let mut input = more.clone();
            input["UserAttributes"] = attributes(value);
            answers.push(server.call(operation, input).await.error().to_owned());
        }
        answers
    };
    let own = call("UpdateUserAttributes", json!({ "AccessToken": token })).await;
    assert_eq!(own, ["AliasExists", "", ""]);
    let admin = call("AdminUpdateUserAttributes", json!({ "UserPoolId": pool, "Username": "mallory" })).await;
    assert_eq!(admin, ["AliasExists", "", ""]);
    let mut thief = Actor::new(&server, &client, "thief");
    let refused = thief.sign_up(json!([{ "Name": "preferred_username", "Value": "alice" }])).await;
    assert_eq!(refused.error(), "UsernameExists");
    thief.username = "Mallory-III".to_owned();
    assert_eq!(thief.sign_up(json!([])).await.error(), "UsernameExists");
}
