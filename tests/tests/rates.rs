//! How often anybody may have codes sent, guess at them and make rows: by destination, by the caller's address, in all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use flows::{Rate, Rates};
use http::Request;
use latchkey::{AppState, Draining, Peer};
use latchkey_tests::{Actor, Answered, TestServer};
use serde_json::{Value, json};
use store::{Database, Store};

const VICTIM: &str = "victim@example.com";

async fn sign_up(server: &TestServer, client: &str, name: &str, address: &str) -> Answered {
    Actor::new(server, client, name).sign_up(json!([{ "Name": "email", "Value": address }])).await
}

/// Many accounts with one stranger's address are no more mails to it and no more guesses at what they tell.
#[tokio::test]
async fn an_address_gets_so_many_codes_and_guesses_whoever_asks() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let mut own = Actor::new(&server, &client, "victim");
    own.password = "Corr3ct-horse!".to_owned();
    Actor::join(&server, &client, "victim").await;
    let mut names = Vec::new();
    for number in 0..60 {
        // The same mailbox, spelled another way.
        let address = if number % 2 == 0 { VICTIM } else { "Victim@Example.com" };
        let name = format!("thief-{number}");
        match sign_up(&server, &client, &name, address).await.error() {
            "" => names.push(name),
            refused => assert_eq!(refused, "LimitExceeded"),
        }
    }
    // One was the victim's own.
    assert_eq!(names.len(), 29);
    let mut answers: Vec<String> = Vec::new();
    for name in &names {
        for code in ["111111", "222222"] {
            answers.push(Actor::new(&server, &client, name).confirm(code).await.error().to_owned());
        }
        let again = json!({ "ClientId": client, "Username": name });
        assert_eq!(server.call("ResendConfirmationCode", again).await.error(), "LimitExceeded");
    }
    let judged = answers.iter().filter(|error| *error != "LimitExceeded").count();
    assert_eq!(judged, 29, "one was the victim's own: {answers:?}");
    // What others did in the victim's name keeps the victim from nothing else.
    server.call("ForgotPassword", json!({ "ClientId": client, "Username": "victim" })).await.ok();
    let code = server.mailbox.code(VICTIM).unwrap();
    let reset =
        json!({ "ClientId": client, "Username": "victim", "ConfirmationCode": code, "Password": "N3w-horse-one!" });
    server.call("ConfirmForgotPassword", reset).await.ok();
    // Other addresses are free, and this one is after an hour.
    sign_up(&server, &client, "other", "other@example.com").await.ok();
    server.world.clock.advance_secs(3_601);
    sign_up(&server, &client, "later", VICTIM).await.ok();
}

/// An address that is put into many accounts by their owners, too.
#[tokio::test]
async fn changed_addresses_count_for_the_address() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let (mut sent, mut judged) = (0, 0);
    for number in 0..12 {
        let name = format!("thief-{number}");
        let thief = Actor::join(&server, &client, &name).await;
        let token = thief.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
        for attempt in 0..2 {
            let address = if attempt == 0 { VICTIM.to_owned() } else { thief.email() };
            let attributes = json!([{ "Name": "email", "Value": address }]);
            let input = json!({ "AccessToken": token, "UserAttributes": attributes });
            let changed = server.call("UpdateUserAttributes", input).await;
            assert!(["", "TooManyRequests"].contains(&changed.error()), "{}", changed.body);
            if attempt == 0 {
                sent += usize::from(changed.error().is_empty());
                for _ in 0..3 {
                    let input = json!({ "AccessToken": token, "AttributeName": "email", "Code": "000000" });
                    let guessed = server.call("VerifyUserAttribute", input).await;
                    judged += usize::from(guessed.error() == "CodeMismatch");
                }
                // Where the address was not taken, the next code goes to the thief's own.
                let again = if changed.error().is_empty() { 2 } else { 0 };
                for _ in 0..again {
                    let input = json!({ "AccessToken": token, "AttributeName": "email" });
                    let again = server.call("GetUserAttributeVerificationCode", input).await;
                    assert!(["", "LimitExceeded"].contains(&again.error()), "{}", again.body);
                    sent += usize::from(again.error().is_empty());
                }
            }
        }
    }
    assert_eq!((sent, judged), (30, 30));
}

struct Callers {
    server: TestServer,
    client: String,
}

impl Callers {
    async fn with(rates: Rates) -> Self {
        let server = TestServer::with_rates(Store::open(&Database::Memory).unwrap(), rates).await;
        let state = AppState {
            latchkey: server.latchkey.clone(),
            proxies: Arc::new([]),
            mailbox: None,
            draining: Draining::default(),
        };
        let server = server.behind(latchkey::app(state));
        let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
        let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
        Self { server, client }
    }

    /// What an operation answers a caller of this address.
    async fn call(&self, from: &str, operation: &str, mut input: Value) -> String {
        input["ClientId"] = json!(self.client);
        let mut request = Request::post("/")
            .header("host", "localhost:9229")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"))
            // Nobody may say so of themselves.
            .header("x-forwarded-for", "192.0.2.1")
            .body(Body::from(input.to_string()))
            .unwrap();
        let peer: SocketAddr = SocketAddr::new(from.parse().unwrap(), 4711);
        request.extensions_mut().insert(Peer(peer));
        let answered = self.server.send(request).await;
        if answered.error() == "TooManyRequests" {
            assert_eq!(answered.message(), "Rate exceeded");
        }
        answered.error().to_owned()
    }
}

/// What an operation is sent for a name.
type Input<'a> = &'a dyn Fn(&str) -> Value;

fn of_one(most: u32) -> Rate {
    Rate { of_one: Some(most), in_all: None }
}

/// Every operation that has a code sent, judges one, or writes a row for a stranger, is counted for its caller.
#[tokio::test]
async fn a_caller_is_refused_beyond_a_rate_and_others_are_not() {
    let rates = Rates { codes: of_one(3), guesses: of_one(3), sign_ins: of_one(3), providers: of_one(3) };
    let callers = Callers::with(rates).await;
    let password = |name: &str| {
        let parameters = json!({ "USERNAME": name, "PASSWORD": "Wr0ng-horse!" });
        json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters })
    };
    let srp = |name: &str| {
        let parameters = json!({ "USERNAME": name, "SRP_A": "ab" });
        json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters })
    };
    let named = |name: &str| json!({ "Username": name });
    let code = |name: &str| json!({ "Username": name, "ConfirmationCode": "123456", "Password": "N3w-horse-one!" });
    let joining = |name: &str| {
        let attributes = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
        json!({ "Username": name, "Password": "Corr3ct-horse!", "UserAttributes": attributes })
    };
    let operations: [(&str, Input<'_>); 7] = [
        ("SignUp", &joining),
        ("ResendConfirmationCode", &named),
        ("ForgotPassword", &named),
        ("ConfirmSignUp", &code),
        ("ConfirmForgotPassword", &code),
        ("InitiateAuth", &password),
        ("InitiateAuth", &srp),
    ];
    for (number, (operation, input)) in operations.into_iter().enumerate() {
        let ask = async |from: &str, name: &str| {
            let mut input = input(&format!("{name}-{number}"));
            if operation == "ConfirmSignUp" {
                input.as_object_mut().unwrap().remove("Password");
            }
            callers.call(from, operation, input).await
        };
        for name in ["a", "b", "c"] {
            assert_ne!(ask("203.0.113.9", name).await, "TooManyRequests", "{operation}");
        }
        assert_eq!(ask("203.0.113.9", "d").await, "TooManyRequests", "{operation}");
        // Another caller, with all addresses of a network.
        for (from, name) in [("2001:db8::1", "e"), ("2001:db8::2", "f"), ("2001:db8::3:4:5:6", "g")] {
            assert_ne!(ask(from, name).await, "TooManyRequests", "{operation}");
        }
        assert_eq!(ask("2001:db8::ffff", "h").await, "TooManyRequests", "{operation}");
        assert_ne!(ask("2001:db8:0:1::1", "i").await, "TooManyRequests", "{operation}");
        callers.server.world.clock.advance_secs(20);
        assert_ne!(ask("203.0.113.9", "j").await, "TooManyRequests", "{operation}");
        assert_eq!(ask("203.0.113.9", "k").await, "TooManyRequests", "{operation}");
        callers.server.world.clock.advance_secs(60);
    }
}

/// However many addresses an attacker has, all together have a rate too; who has used up their own takes nothing of it.
#[tokio::test]
async fn all_callers_together_have_a_rate() {
    let rate = Rate { of_one: Some(2), in_all: Some(10) };
    let callers = Callers::with(Rates { guesses: rate, ..Rates::default() }).await;
    let guess = async |from: &str| {
        let input = json!({ "Username": "nobody", "ConfirmationCode": "123456" });
        callers.call(from, "ConfirmSignUp", input).await != "TooManyRequests"
    };
    for _ in 0..50 {
        guess("203.0.113.9").await;
    }
    let mut judged = 0;
    for last in 10..30 {
        judged += usize::from(guess(&format!("203.0.113.{last}")).await);
    }
    assert_eq!(judged, 8);
}

/// A row that a stranger's call leaves is small, and does not tell the name, whatever was sent.
#[tokio::test]
async fn rows_of_unknown_names_are_small() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let server = TestServer::with_store(Store::open(&Database::Sqlite(file.clone())).unwrap()).await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let long = "n".repeat(2_000);
    let mut thief = Actor::new(&server, &client, &long);
    thief.password = "Wr0ng-horse!".to_owned();
    assert_eq!(thief.sign_in().await.error(), "NotAuthorized");
    for name in [&long[..128], "short"] {
        for operation in ["ConfirmSignUp", "ResendConfirmationCode", "ForgotPassword", "ConfirmForgotPassword"] {
            let mut input = json!({ "ClientId": client, "Username": name });
            if operation.starts_with("Confirm") {
                input["ConfirmationCode"] = json!("123456");
            }
            if operation == "ConfirmForgotPassword" {
                input["Password"] = json!("N3w-horse-one!");
            }
            server.call(operation, input).await;
        }
    }
    let database = rusqlite::Connection::open(&file).unwrap();
    let mut statement = database.prepare("SELECT name, length(doc) FROM rate_limits").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).unwrap();
    let rows: Vec<(String, i64)> = rows.map(Result::unwrap).collect();
    assert!(rows.len() > 8, "{rows:?}");
    for (name, doc) in rows {
        assert!(name.len() == 22 && !name.contains("nnnn") && name != "short", "{name}");
        assert!(doc < 200, "{doc}");
    }
}
