//! Signing in: InitiateAuth and RespondToAuthChallenge.

use futures_util::future::join_all;
use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

async fn server() -> (TestServer, String, String) {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    (server, pool, client)
}

fn claims(token: &Value) -> Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let payload = token.as_str().and_then(|token| token.split('.').nth(1)).expect("a JWT");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

#[tokio::test]
async fn srp_leads_to_tokens() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let (proof, challenge) = alice.start_srp().await;
    let challenge = challenge.ok();
    assert_eq!(challenge["ChallengeName"], "PASSWORD_VERIFIER");
    let answer = alice.answer_srp(&pool, &proof, &challenge, json!({})).await.ok();
    let result = &answer["AuthenticationResult"];
    assert_eq!(result["TokenType"], "Bearer");
    assert_eq!(result["ExpiresIn"], 3600);
    assert_eq!(answer["ChallengeParameters"], json!({}));
    let (id, access) = (claims(&result["IdToken"]), claims(&result["AccessToken"]));
    assert_eq!(id["token_use"], "id");
    assert_eq!(id["aud"], json!(client));
    assert_eq!(id["iss"], json!(format!("http://localhost:9229/{pool}")));
    assert_eq!(id["cognito:username"], "alice");
    assert_eq!(id["email_verified"], json!(true));
    assert!(id.get("at_hash").is_none(), "API sign-ins carry no at_hash");
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin");
    assert_eq!(access["client_id"], json!(client));
    assert!(access.get("version").is_none() && access.get("aud").is_none());
    assert_eq!(id["origin_jti"], access["origin_jti"]);
}

#[tokio::test]
async fn a_verified_alias_signs_in_with_the_same_proof() {
    let (server, pool, client) = server().await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    alice.username = alice.email();
    let (proof, challenge) = alice.start_srp().await;
    let challenge = challenge.ok();
    assert_eq!(challenge["ChallengeParameters"]["USER_ID_FOR_SRP"], "alice");
    alice.answer_srp(&pool, &proof, &challenge, json!({})).await.ok();
}

#[tokio::test]
async fn a_secret_block_counts_once() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let (proof, challenge) = alice.start_srp().await;
    let challenge = challenge.ok();
    alice.answer_srp(&pool, &proof, &challenge, json!({})).await.ok();
    let again = alice.answer_srp(&pool, &proof, &challenge, json!({})).await;
    assert_eq!(again.error(), "NotAuthorized");
    assert_eq!(again.message(), "Invalid session for the user, session can only be used once.");
}

#[tokio::test]
async fn a_secret_block_lapses() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let (proof, challenge) = alice.start_srp().await;
    server.world.clock.advance_secs(180);
    let late = alice.answer_srp(&pool, &proof, &challenge.ok(), json!({})).await;
    assert_eq!(late.message(), "Invalid session for the user, session is expired.");
}

#[tokio::test]
async fn a_stale_or_false_timestamp_is_refused() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    for timestamp in ["", "now", "Tue Nov 3 04:05:06 UTC 1999"] {
        let (proof, challenge) = alice.start_srp().await;
        let answer = alice.answer_srp(&pool, &proof, &challenge.ok(), json!({ "TIMESTAMP": timestamp })).await;
        assert!(["NotAuthorized", "InvalidParameter"].contains(&answer.error()), "{timestamp}");
    }
}

#[tokio::test]
async fn a_block_of_another_client_is_refused() {
    let (server, pool, client) = server().await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    let (proof, challenge) = alice.start_srp().await;
    alice.client = server.client(&pool, json!({})).await;
    let answer = alice.answer_srp(&pool, &proof, &challenge.ok(), json!({})).await;
    assert_eq!(answer.message(), "Incorrect username or password.");
}

#[tokio::test]
async fn wrong_passwords_lock_and_time_unlocks() {
    let (server, _, client) = server().await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    let right = std::mem::replace(&mut alice.password, "Wr0ng-horse!".to_owned());
    for _ in 0..5 {
        assert_eq!(alice.sign_in().await.message(), "Incorrect username or password.");
    }
    alice.password = right;
    assert_eq!(alice.sign_in().await.message(), "Password attempts exceeded");
    server.world.clock.advance_secs(1);
    alice.sign_in().await.ok();
}

#[tokio::test]
async fn concurrent_guesses_cannot_bypass_the_lockout() {
    let (server, _, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let guesses = (0..40).map(|guess| {
        let mut thief = Actor::new(&server, &client, "alice");
        thief.password = format!("Gu3ss-{guess}!");
        async move { thief.sign_in().await.message().to_owned() }
    });
    let answers = join_all(guesses).await;
    let judged = answers.iter().filter(|answer| *answer == "Incorrect username or password.").count();
    assert_eq!(judged, 5);
    assert_eq!(answers.iter().filter(|answer| *answer == "Password attempts exceeded").count(), 35);
    // Once a failure is on record, the lock opens for one guess at a time.
    server.world.clock.advance_secs(1);
    let guesses = (0..10).map(|guess| {
        let mut thief = Actor::new(&server, &client, "alice");
        thief.password = format!("Gu3ss-again-{guess}!");
        async move { thief.sign_in().await.message().to_owned() }
    });
    let answers = join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| *answer == "Incorrect username or password.").count(), 1);
    server.world.clock.advance_secs(2);
    alice.sign_in().await.ok();
}

#[tokio::test]
async fn concurrent_srp_proofs_cannot_bypass_the_lockout() {
    let (server, pool, client) = server().await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    let (proof, challenge) = alice.start_srp().await;
    let challenge = challenge.ok();
    let right = std::mem::replace(&mut alice.password, "Wr0ng-horse!".to_owned());
    let wrong = alice.srp_answer(&pool, &proof, &challenge, json!({}));
    let answers = join_all((0..40).map(|_| server.call("RespondToAuthChallenge", wrong.clone()))).await;
    let judged = answers.iter().filter(|answer| answer.message() == "Incorrect username or password.").count();
    assert_eq!(judged, 5);
    server.world.clock.advance_secs(1);
    alice.password = right;
    alice.answer_srp(&pool, &proof, &challenge, json!({})).await.ok();
}

#[tokio::test]
async fn sign_ins_made_at_once_all_succeed() {
    let (server, _, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    for answer in join_all((0..20).map(|_| alice.sign_in())).await {
        answer.ok();
    }
}

#[tokio::test]
async fn unknown_names_lock_like_known_ones() {
    let (server, pool, _) = server().await;
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let nobody = Actor::new(&server, &client, "nobody");
    for _ in 0..5 {
        assert_eq!(nobody.sign_in().await.message(), "Incorrect username or password.");
    }
    assert_eq!(nobody.sign_in().await.message(), "Password attempts exceeded");
}

#[tokio::test]
async fn legacy_clients_tell_unknown_users() {
    let (server, _, client) = server().await;
    let nobody = Actor::new(&server, &client, "nobody");
    assert_eq!(nobody.sign_in().await.error(), "UserNotFound");
    let (_, answer) = nobody.start_srp().await;
    assert_eq!((answer.error(), answer.message()), ("UserNotFound", "User does not exist."));
}

#[tokio::test]
async fn flows_must_be_allowed() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let srp_only = server.client(&pool, json!({ "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"] })).await;
    let mut other = Actor::new(&server, &srp_only, "alice");
    other.password.clone_from(&alice.password);
    let refused = other.sign_in().await;
    assert_eq!(refused.message(), "USER_PASSWORD_AUTH flow not enabled for this client");
    let input = json!({
        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "ClientId": client,
        "AuthParameters": { "USERNAME": "alice", "PASSWORD": alice.password },
    });
    assert_eq!(server.call("InitiateAuth", input).await.message(), "Initiate Auth method not supported.");
}

#[tokio::test]
async fn confidential_clients_prove_themselves() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let confidential = server.client(&pool, json!({ "GenerateSecret": true })).await;
    let mut other = Actor::new(&server, &confidential, "alice");
    other.password.clone_from(&alice.password);
    let refused = other.sign_in().await;
    let said = format!("Client {confidential} is configured with secret but SECRET_HASH was not received");
    assert_eq!(refused.message(), said);
    let refused = other.sign_in_with(json!({ "SECRET_HASH": "AAAA" })).await;
    assert_eq!(refused.message(), format!("Unable to verify secret hash for client {confidential}"));
}

#[tokio::test]
async fn a_temporary_password_gives_way() {
    let (server, pool, client) = server().await;
    let email = "bob@example.com";
    let input = json!({
        "UserPoolId": pool, "Username": "bob", "TemporaryPassword": "Temp0rary!", "MessageAction": "SUPPRESS",
        "UserAttributes": [{ "Name": "email", "Value": email }, { "Name": "email_verified", "Value": "true" }],
    });
    server.call("AdminCreateUser", input).await.ok();
    let mut bob = Actor::new(&server, &client, "bob");
    bob.password = "Temp0rary!".to_owned();
    let challenge = bob.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let attributes: Value =
        serde_json::from_str(challenge["ChallengeParameters"]["userAttributes"].as_str().expect("text")).expect("JSON");
    assert_eq!(attributes, json!({ "email": email, "email_verified": "true" }));
    let answer = |password: &str| {
        json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": client, "Session": challenge["Session"],
            "ChallengeResponses": { "USERNAME": "bob", "NEW_PASSWORD": password },
        })
    };
    let weak = server.call("RespondToAuthChallenge", answer("short")).await;
    assert_eq!(weak.error(), "InvalidPassword");
    let done = server.call("RespondToAuthChallenge", answer("N3w-password!")).await.ok();
    assert!(done["AuthenticationResult"]["AccessToken"].is_string());
    let again = server.call("RespondToAuthChallenge", answer("N3w-password!")).await;
    assert_eq!(again.error(), "NotAuthorized");
    bob.password = "N3w-password!".to_owned();
    bob.sign_in().await.ok();
}

#[tokio::test]
async fn a_temporary_password_lapses() {
    let (server, pool, client) = server().await;
    let input = json!({
        "UserPoolId": pool, "Username": "bob", "TemporaryPassword": "Temp0rary!", "MessageAction": "SUPPRESS",
    });
    server.call("AdminCreateUser", input).await.ok();
    server.world.clock.advance_secs(7 * 86_400 + 1);
    let mut bob = Actor::new(&server, &client, "bob");
    bob.password = "Temp0rary!".to_owned();
    let refused = bob.sign_in().await;
    assert_eq!(refused.message(), "Temporary password has expired and must be reset by an administrator.");
}

#[tokio::test]
async fn a_configured_trigger_is_never_passed_over() {
    let server = TestServer::new().await;
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:check";
    for (trigger, fails) in [("PreAuthentication", true), ("PostAuthentication", true), ("PreTokenGeneration", true)] {
        let plain = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
        let client = server.client(&plain, json!({})).await;
        let alice = Actor::join(&server, &client, "alice").await;
        let input =
            json!({ "UserPoolId": plain, "AutoVerifiedAttributes": ["email"], "LambdaConfig": { trigger: arn } });
        server.call("UpdateUserPool", input).await.ok();
        assert_eq!(alice.sign_in().await.error() == "UnexpectedLambda", fails, "{trigger}");
    }
}

/// What a wrong password, by both flows, is answered with.
async fn wrong_password(server: &TestServer, pool: &str, client: &str, username: &str) -> [String; 2] {
    let mut actor = Actor::new(server, client, username);
    actor.password = "Not-the-passw0rd".to_owned();
    let by_password = actor.sign_in().await;
    let (proof, challenge) = actor.start_srp().await;
    let by_srp = actor.answer_srp(pool, &proof, &challenge.ok(), json!({})).await;
    [by_password, by_srp].map(|refused| format!("{}: {}", refused.error(), refused.message()))
}

#[tokio::test]
async fn who_has_a_step_left_hears_of_it_before_the_password_is_judged() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let discreet = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let email = |name: &str| json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
    Actor::new(&server, &client, "new").sign_up(email("new")).await.ok();
    Actor::join(&server, &client, "reset").await;
    server.call("AdminResetUserPassword", json!({ "UserPoolId": pool, "Username": "reset" })).await.ok();
    Actor::join(&server, &client, "alice").await;
    let wrong = "NotAuthorized: Incorrect username or password.";
    for (username, told) in [
        ("new", "UserNotConfirmed: User is not confirmed."),
        ("reset", "PasswordResetRequired: Password reset required for the user"),
        ("alice", wrong),
    ] {
        assert_eq!(wrong_password(&server, &pool, &client, username).await, [told, told], "{username}");
        assert_eq!(wrong_password(&server, &pool, &discreet, username).await, [wrong, wrong], "{username}");
    }
}

#[tokio::test]
async fn a_changed_secret_block_is_a_wrong_proof() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let (proof, challenge) = alice.start_srp().await;
    let challenge = challenge.ok();
    let block = challenge["ChallengeParameters"]["SECRET_BLOCK"].as_str().expect("a block").to_owned();
    let changed = if block.starts_with('A') { block.replacen('A', "B", 1) } else { format!("A{}", &block[1..]) };
    for changed in [changed, "AAAA".to_owned(), "not base64!".to_owned()] {
        let mut answer = alice.srp_answer(&pool, &proof, &challenge, json!({}));
        answer["ChallengeResponses"]["PASSWORD_CLAIM_SECRET_BLOCK"] = json!(changed);
        let refused = server.call("RespondToAuthChallenge", answer).await;
        assert_eq!((refused.error(), refused.message()), ("NotAuthorized", "Incorrect username or password."));
    }
}
