//! Forgotten, changed and set passwords.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

async fn server(settings: Value) -> (TestServer, String, String) {
    let server = TestServer::new().await;
    let mut all = json!({ "AutoVerifiedAttributes": ["email"] });
    all.as_object_mut().expect("an object").extend(settings.as_object().expect("an object").clone());
    let pool = server.pool(all).await;
    let client = server.client(&pool, json!({})).await;
    (server, pool, client)
}

#[tokio::test]
async fn a_code_resets_and_clears_the_lock() {
    let (server, _, client) = server(json!({})).await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    alice.password = "Wr0ng-horse!".to_owned();
    for _ in 0..8 {
        alice.sign_in().await;
        server.world.clock.advance_secs(300);
    }
    let forgot = json!({ "ClientId": client, "Username": "alice" });
    server.call("ForgotPassword", forgot).await.ok();
    let code = server.mailbox.code("alice@example.com").expect("a code");
    let reset = |code: &str, password: &str| json!({ "ClientId": client, "Username": "alice", "ConfirmationCode": code, "Password": password });
    let weak = server.call("ConfirmForgotPassword", reset(&code, "short1!A")).await;
    assert_eq!(weak.status, 200, "eight characters of all kinds are enough: {}", weak.body);
    let used = server.call("ConfirmForgotPassword", reset(&code, "N3w-password!")).await;
    assert_eq!(used.error(), "ExpiredCode");
    alice.password = "short1!A".to_owned();
    alice.sign_in().await.ok();
}

#[tokio::test]
async fn a_reset_code_lives_an_hour() {
    let (server, _, client) = server(json!({})).await;
    Actor::join(&server, &client, "alice").await;
    server.call("ForgotPassword", json!({ "ClientId": client, "Username": "alice" })).await.ok();
    let code = server.mailbox.code("alice@example.com").expect("a code");
    server.world.clock.advance_secs(3_600);
    let late =
        json!({ "ClientId": client, "Username": "alice", "ConfirmationCode": code, "Password": "N3w-password!" });
    assert_eq!(server.call("ConfirmForgotPassword", late).await.error(), "ExpiredCode");
}

#[tokio::test]
async fn history_refuses_old_passwords() {
    let policy = json!({ "MinimumLength": 8, "PasswordHistorySize": 2, "RequireUppercase": true,
        "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true });
    let (server, _, client) = server(json!({ "Policies": { "PasswordPolicy": policy } })).await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    let change = |token: Value, old: String, new: &str| json!({ "AccessToken": token, "PreviousPassword": old, "ProposedPassword": new });
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let first = alice.password.clone();
    let same = server.call("ChangePassword", change(token.clone(), first.clone(), &first)).await;
    assert_eq!(same.error(), "PasswordHistoryPolicyViolation");
    server.call("ChangePassword", change(token.clone(), first.clone(), "Sec0nd-one!")).await.ok();
    let back = server.call("ChangePassword", change(token.clone(), "Sec0nd-one!".to_owned(), &first)).await;
    assert_eq!(back.error(), "PasswordHistoryPolicyViolation");
    server.call("ChangePassword", change(token.clone(), "Sec0nd-one!".to_owned(), "Th1rd-one!")).await.ok();
    server.call("ChangePassword", change(token, "Th1rd-one!".to_owned(), &first)).await.ok();
    alice.password = first;
    alice.sign_in().await.ok();
}

#[tokio::test]
async fn a_wrong_old_password_changes_nothing() {
    let (server, _, client) = server(json!({})).await;
    let alice = Actor::join(&server, &client, "alice").await;
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let input =
        json!({ "AccessToken": token, "PreviousPassword": "Wr0ng-horse!", "ProposedPassword": "N3w-password!" });
    let refused = server.call("ChangePassword", input).await;
    assert_eq!((refused.error(), refused.message()), ("NotAuthorized", "Incorrect username or password."));
    alice.sign_in().await.ok();
}

#[tokio::test]
async fn an_administrator_resets_and_sets() {
    let (server, pool, client) = server(json!({})).await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    let user = json!({ "UserPoolId": pool, "Username": "alice" });
    server.call("AdminResetUserPassword", user).await.ok();
    assert_eq!(alice.sign_in().await.error(), "PasswordResetRequired");
    let set = json!({ "UserPoolId": pool, "Username": "alice", "Password": "Set-by-4dmin!", "Permanent": true });
    server.call("AdminSetUserPassword", set).await.ok();
    alice.password = "Set-by-4dmin!".to_owned();
    alice.sign_in().await.ok();
    let weak = json!({ "UserPoolId": pool, "Username": "alice", "Password": "nodigits!A", "Permanent": true });
    let refused = server.call("AdminSetUserPassword", weak).await;
    assert_eq!(refused.message(), "Password does not conform to policy: Password must have numeric characters");
}

#[tokio::test]
async fn neither_a_weak_password_nor_a_masked_address_tells_who_exists() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    Actor::join(&server, &client, "alice").await;
    let weak = |name: &str| json!({ "ClientId": client, "Username": name, "ConfirmationCode": "000000", "Password": "weakling" });
    let known = server.call("ConfirmForgotPassword", weak("alice")).await;
    let unknown = server.call("ConfirmForgotPassword", weak("nobody")).await;
    assert_eq!(known.error(), "InvalidPassword");
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    // An address that is made up may begin with any letter: one that could not would be a real one's.
    let mut letters = std::collections::BTreeSet::new();
    for number in 0..100 {
        let forgot = json!({ "ClientId": client, "Username": format!("nobody{number}") });
        let answer = server.call("ForgotPassword", forgot).await.ok();
        let masked = answer["CodeDeliveryDetails"]["Destination"].as_str().expect("an address").to_owned();
        letters.extend(masked.chars().next());
    }
    assert!(letters.len() >= 20, "{letters:?}");
}

#[tokio::test]
async fn a_name_too_long_to_be_anybodys_is_not_remembered() {
    let (server, _, client) = server(json!({})).await;
    let nobody = Actor::new(&server, &client, &"x".repeat(5_000));
    assert_eq!(nobody.sign_in().await.error(), "InvalidParameter");
    assert_eq!(nobody.start_srp().await.1.error(), "InvalidParameter");
}

#[tokio::test]
async fn a_code_that_was_never_asked_for_tells_nothing_either() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    for name in ["alice", "bob", "carol"] {
        Actor::join(&server, &client, name).await;
    }
    // Bob cannot be reached, Carol is shut out, Dora does not exist.
    let unverified = json!({ "UserPoolId": pool, "Username": "bob", "UserAttributes": [{ "Name": "email_verified", "Value": "false" }] });
    server.call("AdminUpdateUserAttributes", unverified).await.ok();
    server.call("AdminDisableUser", json!({ "UserPoolId": pool, "Username": "carol" })).await.ok();
    let guess = |name: &str| json!({ "ClientId": client, "Username": name, "ConfirmationCode": "none", "Password": "N3w-password!" });
    for name in ["alice", "bob", "carol", "dora"] {
        assert_eq!(server.call("ConfirmForgotPassword", guess(name)).await.error(), "ExpiredCode", "{name}");
        server.call("ForgotPassword", json!({ "ClientId": client, "Username": name })).await.ok();
        assert_eq!(server.call("ConfirmForgotPassword", guess(name)).await.error(), "CodeMismatch", "{name}");
    }
    server.world.clock.advance_secs(3_600);
    for name in ["alice", "bob", "carol", "dora"] {
        assert_eq!(server.call("ConfirmForgotPassword", guess(name)).await.error(), "ExpiredCode", "{name}");
    }
}

#[tokio::test]
async fn a_new_pool_recovers_by_mail_before_the_phone() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let recovery = json!({ "RecoveryMechanisms": [{ "Priority": 1, "Name": "verified_email" },
        { "Priority": 2, "Name": "verified_phone_number" }] });
    assert_eq!(crate::user_pools::describe(&server, &pool).await["AccountRecoverySetting"], recovery);
    let client = server.client(&pool, json!({})).await;
    let both = json!([{ "Name": "email", "Value": "alice@example.com" }, { "Name": "email_verified", "Value": "true" },
        { "Name": "phone_number", "Value": "+15550001" }, { "Name": "phone_number_verified", "Value": "true" }]);
    let create =
        json!({ "UserPoolId": pool, "Username": "alice", "MessageAction": "SUPPRESS", "UserAttributes": both });
    server.call("AdminCreateUser", create).await.ok();
    let password = json!({ "UserPoolId": pool, "Username": "alice", "Password": "Br4nd-new-one!", "Permanent": true });
    server.call("AdminSetUserPassword", password).await.ok();
    let sent = server.call("ForgotPassword", json!({ "ClientId": client, "Username": "alice" })).await.ok();
    assert_eq!(sent["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
}
