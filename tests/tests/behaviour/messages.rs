//! What goes out by mail, and what its going out may tell.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};
use store::{Lease, OutboxEntry, OutboxState};

/// A pool with one confirmed user, `alice`, one who is not, `bob`, and a client that hides who exists or does not.
async fn peopled(hides: bool) -> (TestServer, String) {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let hiding = if hides { "ENABLED" } else { "LEGACY" };
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": hiding })).await;
    Actor::join(&server, &client, "alice").await;
    let bob = Actor::new(&server, &client, "bob");
    bob.sign_up(json!([{ "Name": "email", "Value": "bob@example.com" }])).await.ok();
    (server, client)
}

/// Somebody who is there and somebody who is not, for each call that sends a code to whoever is named.
const ASKED: [(&str, &str, &str); 2] =
    [("ForgotPassword", "alice", "alice@example.com"), ("ResendConfirmationCode", "bob", "bob@example.com")];

fn named(client: &str, username: &str) -> Value {
    json!({ "ClientId": client, "Username": username })
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_mail_of_a_user_that_must_not_be_told() {
    let (server, client) = peopled(true).await;
    for (operation, username, address) in ASKED {
        let before = server.mailbox.to(address).len();
        server.mailbox.hold(true);
        let known = server.call(operation, named(&client, username)).await.ok();
        assert_eq!(server.mailbox.to(address).len(), before, "{operation} has waited for the mail server");
        let unknown = server.call(operation, named(&client, "nobody")).await.ok();
        for member in ["DeliveryMedium", "AttributeName"] {
            assert_eq!(known["CodeDeliveryDetails"][member], unknown["CodeDeliveryDetails"][member], "{operation}");
        }
        server.mailbox.hold(false);
        server.latchkey.outbox().drain().await;
        assert_eq!(server.mailbox.to(address).len(), before + 1, "{operation}: the mail is not lost");
    }
}

#[tokio::test]
async fn a_mail_server_that_refuses_tells_nobody_who_exists() {
    let (server, client) = peopled(true).await;
    let (open, known) = peopled(false).await;
    server.mailbox.set_broken(true);
    open.mailbox.set_broken(true);
    for (operation, username, _) in ASKED {
        server.call(operation, named(&client, username)).await.ok();
        server.call(operation, named(&client, "nobody")).await.ok();
        // Where existence is no secret, whoever asked learns that no mail comes, as with Cognito.
        assert_eq!(open.call(operation, named(&known, username)).await.error(), "CodeDeliveryFailure");
    }
}

#[tokio::test]
async fn too_many_waiting_mails_refuse_everybody_alike() {
    let (server, client) = peopled(true).await;
    let mut places = Vec::new();
    while let Some(place) = server.latchkey.outbox().reserve() {
        places.push(place);
        assert!(places.len() <= 100_000, "there is an end to what waits");
    }
    for (operation, username, address) in ASKED {
        let before = server.mailbox.to(address).len();
        for username in [username, "nobody"] {
            let refused = server.call(operation, named(&client, username)).await;
            assert_eq!(refused.error(), "TooManyRequests", "{operation} of {username}");
        }
        places.pop();
        server.call(operation, named(&client, username)).await.ok();
        assert_eq!(server.mailbox.to(address).len(), before + 1);
        places.extend(server.latchkey.outbox().reserve());
    }
}

/// The outbox's rows in a state.
async fn rows(server: &TestServer, state: OutboxState) -> Vec<OutboxEntry> {
    server.latchkey.store().read(move |r| r.messages(state, 100)).await.expect("the outbox")
}

#[tokio::test]
async fn what_nobody_waits_for_is_tried_again_until_it_has_left_once() {
    let (server, client) = peopled(true).await;
    let before = server.mailbox.to("alice@example.com").len();
    server.mailbox.set_broken(true);
    server.call("ForgotPassword", named(&client, "alice")).await.ok();
    server.latchkey.send_due_messages().await;
    let [waiting] = rows(&server, OutboxState::Waiting).await.try_into().expect("one message");
    assert_eq!((waiting.attempts, waiting.purpose.as_str()), (1, "ForgotPassword"));
    assert_eq!(waiting.last_error.as_deref(), Some("the mailbox is broken"));

    server.world.clock.advance_secs(60);
    server.latchkey.send_due_messages().await;
    let [waiting] = rows(&server, OutboxState::Waiting).await.try_into().expect("one message");
    assert_eq!(waiting.attempts, 2);

    server.mailbox.set_broken(false);
    server.world.clock.advance_secs(120);
    for _ in 0..3 {
        server.latchkey.send_due_messages().await;
    }
    assert_eq!(server.mailbox.to("alice@example.com").len(), before + 1);
    assert!(rows(&server, OutboxState::Waiting).await.is_empty() && rows(&server, OutboxState::Dead).await.is_empty());
    let code = server.mailbox.code("alice@example.com").expect("a code");
    let input = json!({ "ClientId": client, "Username": "alice", "ConfirmationCode": code, "Password": "N3w-horse!" });
    server.call("ConfirmForgotPassword", input).await.ok();
}

#[tokio::test]
async fn what_cannot_leave_ends_as_a_dead_letter() {
    let (server, client) = peopled(false).await;
    server.mailbox.set_broken(true);
    // Its caller is told, and can ask again: then it is not tried behind its back.
    assert_eq!(server.call("ForgotPassword", named(&client, "alice")).await.error(), "CodeDeliveryFailure");
    let [dead] = rows(&server, OutboxState::Dead).await.try_into().expect("one message");
    assert_eq!((dead.attempts, dead.last_error.as_deref()), (1, Some("the mailbox is broken")));

    // One that nobody waits for is given up when its code is of no more use.
    let (server, client) = peopled(true).await;
    server.mailbox.set_broken(true);
    server.call("ForgotPassword", named(&client, "alice")).await.ok();
    for _ in 0..30 {
        server.world.clock.advance_secs(600);
        server.latchkey.send_due_messages().await;
    }
    let [dead] = rows(&server, OutboxState::Dead).await.try_into().expect("one message");
    assert!(dead.attempts > 3, "{dead:?}");
    server.mailbox.set_broken(false);
    server.latchkey.send_due_messages().await;
    assert!(rows(&server, OutboxState::Waiting).await.is_empty());
}

#[tokio::test]
async fn a_message_that_waits_is_sealed() {
    let (server, client) = peopled(true).await;
    server.mailbox.set_broken(true);
    server.call("ForgotPassword", named(&client, "alice")).await.ok();
    server.world.clock.advance_secs(60);
    let now = server.latchkey.now();
    let lease = Lease { token: "thief".to_owned(), until: now };
    let stolen = server.latchkey.store().write(move |tx| tx.lease_due_message(&lease, now)).await.expect("the outbox");
    let body = String::from_utf8_lossy(&stolen.expect("a message").body.0).into_owned();
    for secret in ["alice", "example.com", "ForgotPassword", &client] {
        assert!(!body.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_message_is_there_before_the_call_that_sent_it_answers() {
    let (server, client) = peopled(true).await;
    for (operation, username, address) in ASKED {
        let before = server.mailbox.to(address).len();
        server.call(operation, named(&client, username)).await.ok();
        assert_eq!(server.mailbox.to(address).len(), before + 1, "{operation}");
    }
}

#[tokio::test]
async fn a_mail_is_from_the_app_that_asked_else_from_the_pool() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "PoolName": "people", "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({ "ClientName": "Acme Shop" })).await;
    let alice = Actor::join(&server, &client, "alice").await;
    server.call("ForgotPassword", named(&client, "alice")).await.ok();
    server.call("AdminResetUserPassword", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    let invited = json!([{ "Name": "email", "Value": "ann@example.com" }]);
    let invite = json!({ "UserPoolId": pool, "Username": "ann", "UserAttributes": invited, "DesiredDeliveryMediums": ["EMAIL"] });
    server.call("AdminCreateUser", invite).await.ok();
    let mails = server.mailbox.to(&alice.email());
    let subjects: Vec<&str> = mails.iter().filter_map(|mail| mail.subject.as_deref()).collect();
    let [signed_up, forgot, reset] = subjects.as_slice() else { panic!("three mails: {subjects:?}") };
    assert!(signed_up.ends_with(" is your Acme Shop code"), "{signed_up}");
    assert!(forgot.ends_with(" is your Acme Shop password reset code"), "{forgot}");
    assert!(reset.ends_with(" is your people password reset code"), "{reset}");
    let [invitation] = server.mailbox.to("ann@example.com").try_into().expect("one mail");
    assert_eq!(invitation.subject.as_deref(), Some("Your people account"));
    let said = format!("{:?}{}{:?}", invitation.subject, invitation.text, invitation.html);
    assert!(!said.to_lowercase().contains("latchkey"), "{said}");
}

#[tokio::test]
async fn a_pool_that_confirms_by_link_still_verifies_by_code() {
    let server = TestServer::new().await;
    let template = json!({ "DefaultEmailOption": "CONFIRM_WITH_LINK" });
    let pool =
        server.pool(json!({ "AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": template })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::join(&server, &client, "alice").await;
    let [signed_up] = server.mailbox.to(&alice.email()).try_into().expect("one mail");
    let link = signed_up.link.clone().expect("a link");
    assert!(link.starts_with("http://localhost:9229/confirmUser?client_id="), "{link}");
    assert!(
        !signed_up.text.contains(&format!("code is {}", signed_up.code.as_deref().expect("a code"))),
        "a link, not a code"
    );
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let change = json!([{ "Name": "email", "Value": "new@example.com" }]);
    server.call("UpdateUserAttributes", json!({ "AccessToken": token, "UserAttributes": change })).await.ok();
    let [changed] = server.mailbox.to("new@example.com").try_into().expect("one mail");
    assert!(changed.link.is_none() && changed.text.contains(changed.code.as_deref().expect("a code")));
}

#[tokio::test]
async fn a_custom_domain_is_the_links_host_outside_of_development() {
    let template = json!({ "DefaultEmailOption": "CONFIRM_WITH_LINK" });
    let settings = json!({ "AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": template });
    let arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
    for (server, custom, base) in [
        (TestServer::new().await, true, "http://localhost:9229/confirmUser?"),
        (TestServer::in_production().await, true, "https://login.acme.example/confirmUser?"),
        (TestServer::in_production().await, false, "http://localhost:9229/confirmUser?"),
    ] {
        let pool = server.pool(settings.clone()).await;
        let client = server.client(&pool, json!({})).await;
        server.call("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "acme-people" })).await.ok();
        if custom {
            let custom = json!({ "CertificateArn": arn });
            let named = json!({ "UserPoolId": pool, "Domain": "login.acme.example", "CustomDomainConfig": custom });
            server.call("CreateUserPoolDomain", named).await.ok();
        }
        let alice = Actor::new(&server, &client, "a&b");
        alice.sign_up(json!([{ "Name": "email", "Value": "alice@example.com" }])).await.ok();
        let [mail] = server.mailbox.to("alice@example.com").try_into().expect("one mail");
        let link = mail.link.clone().expect("a link");
        assert!(link.starts_with(base), "{link}");
        assert!(link.contains("&user_name=a%26b&confirmation_code="), "{link}");
    }
}

#[tokio::test]
async fn nobody_mails_a_stranger_by_changing_addresses() {
    let (server, client) = peopled(true).await;
    let alice = Actor::new(&server, &client, "alice");
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let change = |email: &str| json!({ "AccessToken": token, "UserAttributes": [{ "Name": "email", "Value": email }] });
    // Codes that were asked for by name count too.
    let by_name = json!({ "AccessToken": token, "AttributeName": "email" });
    server.call("GetUserAttributeVerificationCode", by_name.clone()).await.ok();
    for number in 0..4 {
        server.call("UpdateUserAttributes", change(&format!("victim+{number}@example.com"))).await.ok();
    }
    let refused = server.call("UpdateUserAttributes", change("victim@example.com")).await;
    assert_eq!(
        (refused.error(), refused.message()),
        ("TooManyRequests", "Attempt limit exceeded, please try after some time.")
    );
    assert_eq!(server.call("GetUserAttributeVerificationCode", by_name).await.error(), "LimitExceeded");
    assert!(server.mailbox.to("victim@example.com").is_empty());
    let user = server.call("GetUser", json!({ "AccessToken": token })).await.ok();
    assert!(user["UserAttributes"].to_string().contains("victim+3@example.com"), "nothing was changed: {user}");
    // What sends no code is not held up, and the hour ends.
    let name = json!({ "AccessToken": token, "UserAttributes": [{ "Name": "name", "Value": "Alice" }] });
    server.call("UpdateUserAttributes", name).await.ok();
    server.world.clock.advance_secs(3_600);
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let change = json!({ "AccessToken": token, "UserAttributes": [{ "Name": "email", "Value": "new@example.com" }] });
    server.call("UpdateUserAttributes", change).await.ok();
}

#[tokio::test]
async fn a_stolen_password_does_not_flood_its_owner_with_sign_in_codes() {
    let server = TestServer::new().await;
    let sms = json!({ "SnsCallerArn": "arn:aws:iam::123456789012:role/sms" });
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": sms })).await;
    let mfa =
        json!({ "UserPoolId": pool, "MfaConfiguration": "ON", "SmsMfaConfiguration": { "SmsConfiguration": sms } });
    server.call("SetUserPoolMfaConfig", mfa).await.ok();
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::new(&server, &client, "alice");
    alice.sign_up(json!([{ "Name": "phone_number", "Value": "+15555550100" }])).await.ok();
    alice.confirm(&server.mailbox.code("+15555550100").expect("a code")).await.ok();
    for _ in 0..20 {
        assert_eq!(alice.sign_in().await.ok()["ChallengeName"], "SMS_MFA");
    }
    let sent = server.mailbox.to("+15555550100").len();
    assert_eq!(alice.sign_in().await.error(), "TooManyRequests");
    assert_eq!(server.mailbox.to("+15555550100").len(), sent);
    server.world.clock.advance_secs(3_600);
    assert_eq!(alice.sign_in().await.ok()["ChallengeName"], "SMS_MFA");
}
