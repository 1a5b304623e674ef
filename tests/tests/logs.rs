//! The log, however much of it is asked for, holds no secret: no password, code, token, session, client secret,
//! signature or cookie, be it right or wrong. A binary of its own: the log is the process's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "logs/browser.rs"]
mod browser;

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Request, StatusCode};
use latchkey::logs::{Format, Level, subscriber};
use latchkey::{AppState, Draining};
use latchkey_tests::{Actor, AnsweredText, TestServer};
use protocol::samples::{text_of, with_texts};
use protocol::{OPERATIONS, Operation, Protocol};
use serde_json::{Value, json};

/// Stand wherever a secret may, in forms for every pattern.
const CANARIES: &[&str] = &[
    "Canary-Zq7-Secret1!",
    "Canary-Zq7-Secret1-0000000000000000000000000000000000000000",
    "CanaryZq7Secret",
    "CanaryZq7Secret000000000000000000000000000000000000000000",
    "canary-zq7@example.com",
    "+19182736450",
    "918273",
];
/// What of them, in lower case, must not be in the log: neither so nor in base64.
const TRACES: &[&str] = &["zq7", "canary", "9182736450", "918273", "q2fuyxj5"];

const CALLBACK: &str = "https://app.example/cb";
const HOST: &str = "localhost:9229";

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A server as the binary makes it, and secrets that are right.
struct Scene {
    server: TestServer,
    pool: String,
    client: String,
    client_secret: String,
    secrets: RefCell<Vec<String>>,
}

impl Scene {
    async fn set() -> Self {
        let server = TestServer::new().await;
        let state = AppState {
            latchkey: server.latchkey.clone(),
            proxies: Arc::new([]),
            mailbox: None,
            draining: Draining::default(),
        };
        let server = server.behind(latchkey::app(state));
        let pool = server
            .pool(json!({
                "AutoVerifiedAttributes": ["email"],
                "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true },
            }))
            .await;
        let factors = json!({
            "UserPoolId": pool, "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        });
        server.call("SetUserPoolMfaConfig", factors).await.ok();
        let settings = json!({
            "CallbackURLs": [CALLBACK], "AllowedOAuthFlows": ["code"], "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthScopes": ["openid", "aws.cognito.signin.user.admin"],
            "SupportedIdentityProviders": ["COGNITO"], "GenerateSecret": true,
        });
        let confidential = server.client(&pool, settings).await;
        let input = json!({ "UserPoolId": pool, "ClientId": confidential });
        let described = server.call("DescribeUserPoolClient", input).await.ok();
        let client_secret = described["UserPoolClient"]["ClientSecret"].as_str().unwrap().to_owned();
        let secrets = RefCell::new(vec![client_secret.clone()]);
        Self { server, pool, client: confidential, client_secret, secrets }
    }

    /// Takes all texts within that are long enough to be told from chance.
    fn learn(&self, value: &Value) {
        match value {
            Value::String(text) if text.len() >= 6 => self.secrets.borrow_mut().push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(members) => members.values().for_each(|member| self.learn(member)),
            _ => {}
        }
    }

    async fn ask(&self, request: http::request::Builder, body: impl Into<Body>) -> AnsweredText {
        self.server.send_text(request.header("host", HOST).body(body.into()).unwrap()).await
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> AnsweredText {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request, body).await
    }
}

/// An input of the operation with canaries where a secret may stand, and with these texts in members of these names.
fn input(operation: &Operation, known: &[(&str, &str)]) -> Value {
    with_texts(operation.input, |place, shape| {
        let member = place.innermost().first().and_then(|member| member.split('.').nth(1)).unwrap_or_default();
        match known.iter().find(|(name, _)| *name == member) {
            Some((_, text)) => (*text).to_owned(),
            None if place.may_be_secret() => text_of(shape, CANARIES),
            None => text_of(shape, &[]),
        }
    })
}

/// Puts first what leaves most in place.
fn destroys(operation: &Operation) -> usize {
    let has = |words: &[&str]| words.iter().any(|word| operation.name.contains(word));
    match () {
        () if has(&["Delete", "SignOut", "Disable", "Revoke", "Forget"]) => 2,
        () if has(&["Update", "Set", "Reset", "Stop"]) => 1,
        () => 0,
    }
}

/// Every operation: with all that is right but the secrets, with nothing right, with what no constraint takes, and with
/// bodies that are no JSON.
async fn operations(scene: &Scene) {
    let server = &scene.server;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::join(server, &client, "alice").await;
    let tokens = alice.sign_in().await.ok()["AuthenticationResult"].clone();
    let (mut taken, mut refused) = (0, 0);
    let mut operations: Vec<_> = OPERATIONS.iter().filter(|op| op.service.protocol() == Protocol::Json).collect();
    operations.sort_by_key(|operation| destroys(operation));
    for operation in operations {
        let access = tokens["AccessToken"].as_str().unwrap();
        let names = [("UserPoolId", pool.as_str()), ("ClientId", client.as_str())];
        let mut right = vec![("Username", "alice"), ("AccessToken", access)];
        right.extend(names);
        let overlong = CANARIES[0].repeat(2_000);
        let broken = with_texts(operation.input, |_, _| overlong.clone());
        for input in [input(operation, &right), input(operation, &names), input(operation, &[]), broken] {
            let answered = server.call_target(operation.target, input).await;
            if answered.status == StatusCode::OK { taken += 1 } else { refused += 1 }
        }
        for body in
            ["{\"Password\": \"Canary-Zq7-Secret1!\"", "\"Canary-Zq7-Secret1!\"", "{\"Canary-Zq7-Secret1!\": 1}"]
        {
            let request = Request::post("/").header("x-amz-target", operation.target);
            scene.ask(request, body).await;
        }
    }
    assert!(taken > 30 && refused > 400, "{taken} taken, {refused} refused");
    let request = Request::post("/").header("x-amz-target", "AWSCognitoIdentityProviderService.Canary-Zq7");
    scene.ask(request, "{}").await;
    let form = [("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("WebIdentityToken", CANARIES[1])];
    scene.post("/", &[("authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, Signature=Canary-Zq7")], &form).await;
    scene.learn(&tokens);
    scene.learn(&json!(alice.password));
}

/// Signing up, in and out, with right secrets and wrong ones.
async fn sign_ins(scene: &Scene) {
    let mut learned = Vec::new();
    let server = &scene.server;
    let client = server.client(&scene.pool, json!({})).await;
    let bob = Actor::new(server, &client, "bob");
    bob.sign_up(json!([{ "Name": "email", "Value": bob.email() }])).await.ok();
    let code = server.mailbox.code(&bob.email()).unwrap();
    bob.confirm("918273").await;
    bob.confirm(&code).await.ok();
    learned.push(json!([bob.password, code]));

    let mut wrong = Actor::new(server, &client, "bob");
    wrong.password = CANARIES[0].to_owned();
    for actor in [&wrong, &bob] {
        let answered = actor.sign_in().await;
        assert_eq!(answered.status == StatusCode::OK, actor.password == bob.password);
        let (proof, challenge) = actor.start_srp().await;
        let challenge = challenge.ok();
        learned.push(json!(challenge["ChallengeParameters"]["SECRET_BLOCK"]));
        let input = actor.srp_answer(&scene.pool, &proof, &challenge, json!({}));
        learned.push(input["ChallengeResponses"]["PASSWORD_CLAIM_SIGNATURE"].clone());
        server.call("RespondToAuthChallenge", input).await;
    }
    let tokens = bob.sign_in().await.ok()["AuthenticationResult"].clone();
    let access = tokens["AccessToken"].clone();
    for token in [&tokens["RefreshToken"], &json!(CANARIES[1])] {
        let refresh = json!({ "ClientId": client, "RefreshToken": token });
        if let Some(fresh) = server.call("GetTokensFromRefreshToken", refresh).await.body.get("AuthenticationResult") {
            learned.push(json!([fresh["AccessToken"], fresh["IdToken"]]));
        }
    }
    let seed = server.call("AssociateSoftwareToken", json!({ "AccessToken": access })).await.ok();
    server.call("VerifySoftwareToken", json!({ "AccessToken": access, "UserCode": "918273" })).await;
    let (proof, challenge) = bob.start_srp().await;
    let proven =
        bob.answer_srp(&scene.pool, &proof, &challenge.ok(), json!({})).await.ok()["AuthenticationResult"].clone();
    learned.push(json!([proven["AccessToken"], proven["IdToken"], proven["RefreshToken"]]));
    let device = &proven["NewDeviceMetadata"];
    let verifier = json!({ "PasswordVerifier": STANDARD.encode(CANARIES[0]), "Salt": "QUJD" });
    let confirm = json!({ "AccessToken": proven["AccessToken"], "DeviceKey": device["DeviceKey"], "DeviceSecretVerifierConfig": verifier });
    server.call("ConfirmDevice", confirm).await.ok();
    let change = |previous: &str| json!({ "AccessToken": access, "PreviousPassword": previous, "ProposedPassword": "Canary-Zq7-New1!" });
    server.call("ChangePassword", change(CANARIES[0])).await;
    server.call("ChangePassword", change(&bob.password)).await.ok();
    server.call("ForgotPassword", json!({ "ClientId": client, "Username": "bob" })).await.ok();
    let code = server.mailbox.code(&bob.email()).unwrap();
    for code in ["918273", &code] {
        let input = json!({ "ClientId": client, "Username": "bob", "ConfirmationCode": code, "Password": "Canary-Zq7-Reset1!" });
        server.call("ConfirmForgotPassword", input).await;
    }
    let input = json!({
        "UserPoolId": scene.pool, "Username": "carol", "TemporaryPassword": "Canary-Zq7-Temp1!", "MessageAction": "SUPPRESS",
    });
    server.call("AdminCreateUser", input).await.ok();
    let mut carol = Actor::new(server, &client, "carol");
    carol.password = "Canary-Zq7-Temp1!".to_owned();
    let session = carol.sign_in().await.ok()["Session"].clone();
    let answer = json!({
        "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": client, "Session": session,
        "ChallengeResponses": { "USERNAME": "carol", "NEW_PASSWORD": "Canary-Zq7-Own1!" },
    });
    server.call("RespondToAuthChallenge", answer).await.ok();
    let provider = json!({
        "UserPoolId": scene.pool, "ProviderName": "Google", "ProviderType": "Google",
        "ProviderDetails": { "client_id": "id", "client_secret": CANARIES[0], "authorize_scopes": "openid" },
    });
    server.call("CreateIdentityProvider", provider).await.ok();
    let added = json!({ "UserPoolId": scene.pool, "ClientId": scene.client, "ClientSecret": CANARIES[3] });
    server.call("AddUserPoolClientSecret", added).await;
    learned.push(json!([code, seed["SecretCode"], session]));
    learned.push(json!([tokens["AccessToken"], tokens["IdToken"], tokens["RefreshToken"]]));
    learned.iter().for_each(|value| scene.learn(value));
}

#[tokio::test]
async fn no_secret_is_in_the_log() {
    tracing::subscriber::set_global_default(subscriber(Format::Text, Level::Trace, || Log)).unwrap();
    let scene = Scene::set().await;
    operations(&scene).await;
    sign_ins(&scene).await;
    browser::sign_in(&scene).await;
    browser::paths(&scene).await;

    let log = String::from_utf8(LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap();
    // Nor what only looks like one: the time of a line, to the microsecond.
    let lines: Vec<&str> = log.lines().map(|line| line.split_once("Z ").map_or(line, |(_, rest)| rest)).collect();
    assert!(lines.len() > 1_000 && log.contains("answered") && log.contains("the call was refused"), "{}", lines.len());
    let secrets = scene.secrets.borrow();
    assert!(secrets.len() > 20);
    for line in lines {
        let lower = line.to_lowercase();
        let found = TRACES.iter().find(|trace| lower.contains(**trace)).map(|trace| (*trace).to_owned());
        // A part is enough to give a secret away.
        let parts = || secrets.iter().map(|secret| secret.get(..24).unwrap_or(secret));
        let found = found.or_else(|| parts().find(|part| line.contains(*part)).map(str::to_owned));
        assert_eq!(found, None, "{line}");
    }
}
