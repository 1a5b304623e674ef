//! Users who do not exist look and cost like those who do, where the client says so. A binary of its own: the
//! counter of exponentiations is the process's.

use latchkey_tests::{Actor, TestServer};
use serde_json::json;

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
