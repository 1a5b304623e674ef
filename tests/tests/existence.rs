//! Users who do not exist look and cost like those who do, where the client says so. A binary of its own: the
//! counter of exponentiations is the process's.

use std::collections::BTreeSet;

use latchkey_tests::{Actor, Answered, TestServer};
use serde_json::{Value, json};

/// What one call costs: statements that read, commits, and modular exponentiations.
async fn cost(server: &TestServer, call: impl Future<Output = ()>) -> (u64, u64, u64) {
    let (before, powers) = (server.latchkey.store().counts(), srp::modexps());
    call.await;
    let after = server.latchkey.store().counts();
    (after.reads - before.reads, after.commits - before.commits, srp::modexps() - powers)
}

/// What a call costs that does not wait for its mail to leave, as none does outside of development: the brand is two
/// reads in one transaction, and another one takes the mail out of the outbox.
fn without_sending((reads, commits, powers): (u64, u64, u64)) -> (u64, u64, u64) {
    (reads - 2, commits - 2, powers)
}

#[tokio::test]
async fn unknown_users_look_and_cost_like_known_ones() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    alice.password = "Wr0ng-horse!".to_owned();
    let nobody = Actor::new(&server, &client, "nobody");

    // The proof of SRP, both steps.
    let mut shapes = Vec::new();
    let mut costs = Vec::new();
    for actor in [&alice, &nobody] {
        let mut shape = Vec::new();
        let spent = cost(&server, async {
            let (proof, challenge) = actor.start_srp().await;
            let challenge = challenge.ok();
            let parameters = challenge["ChallengeParameters"].as_object().expect("parameters").clone();
            shape.extend(parameters.keys().cloned());
            assert!(challenge.get("Session").is_none());
            let refused = actor.answer_srp(&pool, &proof, &challenge, json!({})).await;
            shape.push(refused.message().to_owned());
        })
        .await;
        shapes.push(shape);
        costs.push(spent);
    }
    assert_eq!(shapes[0], shapes[1]);
    assert_eq!(costs[0], costs[1], "reads and exponentiations of SRP");

    let known = cost(&server, async { assert_eq!(alice.sign_in().await.error(), "NotAuthorized") }).await;
    let unknown = cost(&server, async { assert_eq!(nobody.sign_in().await.error(), "NotAuthorized") }).await;
    assert_eq!(known, unknown, "reads and exponentiations of a password");

    // The dummy stays the same from one try to the next.
    let (_, first) = nobody.start_srp().await;
    let (_, second) = nobody.start_srp().await;
    let (first, second) = (first.ok(), second.ok());
    for name in ["SALT", "USER_ID_FOR_SRP"] {
        assert_eq!(first["ChallengeParameters"][name], second["ChallengeParameters"][name]);
    }
    assert_ne!(first["ChallengeParameters"]["SRP_B"], second["ChallengeParameters"]["SRP_B"]);

    // Recovery: a code that is wrong, one that nobody asked for, and asking for one.
    for (step, error) in [("not asked", "ExpiredCode"), ("asked", ""), ("wrong", "CodeMismatch")] {
        let mut costs = Vec::new();
        for name in ["alice", "nobody"] {
            let spent = cost(&server, async {
                let answer = match step {
                    "asked" => server.call("ForgotPassword", json!({ "ClientId": client, "Username": name })).await,
                    _ => {
                        let input = json!({ "ClientId": client, "Username": name, "ConfirmationCode": "123",
                            "Password": "N3w-horse-one!" });
                        server.call("ConfirmForgotPassword", input).await
                    }
                };
                assert_eq!(answer.error(), error, "{step}: {name}");
            })
            .await;
            costs.push(if step == "asked" && name == "alice" { without_sending(spent) } else { spent });
        }
        assert_eq!(costs[0], costs[1], "reads, commits and exponentiations of recovery, {step}");
    }

    // A sign-up's code: wrong, and sent again.
    let bob = Actor::new(&server, &client, "bob");
    bob.sign_up(json!([{ "Name": "email", "Value": bob.email() }])).await.ok();
    for (operation, error) in [("ConfirmSignUp", "CodeMismatch"), ("ResendConfirmationCode", "")] {
        let mut costs = Vec::new();
        for name in ["bob", "nobody"] {
            let spent = cost(&server, async {
                let mut input = json!({ "ClientId": client, "Username": name });
                if operation == "ConfirmSignUp" {
                    input["ConfirmationCode"] = json!("123");
                }
                assert_eq!(server.call(operation, input).await.error(), error, "{operation}: {name}");
            })
            .await;
            costs.push(if error.is_empty() && name == "bob" { without_sending(spent) } else { spent });
        }
        assert_eq!(costs[0], costs[1], "reads, commits and exponentiations of {operation}");
    }
}

/// An answer with its texts as strangers see them: short ones as they are, long ones by their length, and names of the
/// one who was asked for in a word.
fn appearance(answered: &Answered, typed: &str) -> String {
    fn look(value: &Value, typed: &str) -> Value {
        match value {
            Value::String(text) if text == typed => json!("as typed"),
            Value::String(text) if text.len() == 36 && text.matches('-').count() == 4 => json!("made"),
            // What is random may be a digit or two shorter.
            Value::String(text) if text.len() > 64 => json!(text.len().div_ceil(4)),
            Value::String(text) if text.len() == 32 => json!("32 characters"),
            Value::Array(list) => list.iter().map(|one| look(one, typed)).collect(),
            Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), look(value, typed))).collect(),
            other => other.clone(),
        }
    }
    let headers: Vec<&str> = answered.headers.keys().map(http::HeaderName::as_str).collect();
    format!("{} {headers:?} {}", answered.status, look(&answered.body, typed))
}

/// Whole answers of every flow that a stranger may begin, over several people of each kind: neither shape nor length nor
/// value tells who exists, and who is confirmed.
#[tokio::test]
async fn whole_answers_do_not_tell_who_exists() {
    let server = TestServer::new().await;
    let settings = [
        json!({}),
        json!({ "AutoVerifiedAttributes": ["email"] }),
        json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email", "preferred_username"] }),
        json!({ "AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"] }),
    ];
    for settings in settings {
        let by_address = settings.get("UsernameAttributes").is_some();
        let confirms = settings.get("AutoVerifiedAttributes").is_some();
        let pool = server.pool(settings.clone()).await;
        let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
        let name = |name: String| if by_address { format!("{name}@example.com") } else { name };
        let mut seen: [BTreeSet<String>; 2] = Default::default();
        for number in 10..16 {
            let known = name(format!("known-{number}"));
            let actor = Actor::new(&server, &client, &known);
            actor.sign_up(json!([{ "Name": "email", "Value": actor.email() }])).await.ok();
            // In a pool that verifies nothing, an administrator confirms.
            if confirms {
                actor.confirm(&server.mailbox.code(&actor.email()).expect("a code was mailed")).await.ok();
            } else {
                server.call("AdminConfirmSignUp", json!({ "UserPoolId": pool, "Username": known })).await.ok();
            }
            let nobody = name(format!("knave-{number}"));
            for (seen, typed) in seen.iter_mut().zip([known, nobody]) {
                let mut thief = Actor::new(&server, &client, &typed);
                thief.password = "Wr0ng-horse!".to_owned();
                let (proof, challenge) = thief.start_srp().await;
                seen.insert(appearance(&challenge, &typed));
                let challenge = challenge.ok();
                seen.insert(appearance(&thief.answer_srp(&pool, &proof, &challenge, json!({})).await, &typed));
                seen.insert(appearance(&thief.sign_in().await, &typed));
                for (operation, more) in
                    [("ConfirmSignUp", json!({ "ConfirmationCode": "123" })), ("ResendConfirmationCode", json!({}))]
                {
                    let mut input = json!({ "ClientId": client, "Username": typed });
                    input.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
                    let mut answered = server.call(operation, input).await;
                    // The first characters are those of an address, real or made up.
                    if !by_address && answered.body["CodeDeliveryDetails"]["Destination"].is_string() {
                        answered.body["CodeDeliveryDetails"]["Destination"] = json!("somewhere");
                    }
                    seen.insert(format!("{operation} {}", appearance(&answered, &typed)));
                }
            }
        }
        assert_eq!(seen[0], seen[1], "{settings}");
    }
}

/// Who has the code that confirmed an account hears that it did; to others a confirmed account is none.
#[tokio::test]
async fn only_the_code_that_was_used_tells_that_it_was() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let alice = Actor::new(&server, &client, "alice");
    alice.sign_up(json!([{ "Name": "email", "Value": alice.email() }])).await.ok();
    let code = server.mailbox.code(&alice.email()).expect("a code was mailed");
    alice.confirm(&code).await.ok();
    assert_eq!(alice.confirm(&code).await.message(), "User cannot be confirmed. Current status is CONFIRMED");
    let wrong = if code == "000000" { "111111" } else { "000000" };
    assert_eq!(alice.confirm(wrong).await.error(), "CodeMismatch");
    let mut costs = Vec::new();
    for name in ["alice", "nobody"] {
        let spent = cost(&server, async {
            assert_eq!(Actor::new(&server, &client, name).confirm(wrong).await.error(), "CodeMismatch");
        });
        costs.push(spent.await);
    }
    assert_eq!(costs[0], costs[1]);
}
