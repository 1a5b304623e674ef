//! What strangers send costs no more than its size is worth: whole servers are asked for every path and operation with
//! much of everything, and the processor time is held against the bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use latchkey::{AppState, Draining};
use latchkey_tests::TestServer;
use protocol::samples::{Fill, input};
use protocol::{Caller, OPERATIONS, Operation, Protocol};
use serde_json::{Value, json};

const CALLBACK: &str = "https://app.example/cb";
const HOST: &str = "localhost:9229";
/// Where time grows with the square of the input, four times as much of it costs sixteen times as much.
const SMALL: usize = 14_000;
const LARGE: usize = 4 * SMALL;
/// Nanoseconds of processor time that any request may cost, whatever its size; these tests are not optimized.
const ANYHOW: u64 = 30_000_000;

struct Scene {
    server: TestServer,
    client: String,
    confidential: (String, String),
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
        let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
        let client = server
            .client(
                &pool,
                json!({
                    "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code", "implicit"],
                    "AllowedOAuthScopes": ["openid", "email"], "CallbackURLs": [CALLBACK], "LogoutURLs": [CALLBACK],
                    "SupportedIdentityProviders": ["COGNITO"], "PreventUserExistenceErrors": "ENABLED",
                }),
            )
            .await;
        let scopes = json!([{ "ScopeName": "read", "ScopeDescription": "read" }]);
        let api = json!({ "UserPoolId": pool, "Identifier": "api", "Name": "api", "Scopes": scopes });
        server.call("CreateResourceServer", api).await.ok();
        let machine = json!({
            "UserPoolId": pool, "ClientName": "machine", "GenerateSecret": true, "AllowedOAuthScopes": ["api/read"],
            "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["client_credentials"],
        });
        let machine = server.call("CreateUserPoolClient", machine).await.ok()["UserPoolClient"].clone();
        let text = |name: &str| machine[name].as_str().unwrap().to_owned();
        Self { server, client, confidential: (text("ClientId"), text("ClientSecret")) }
    }

    /// Processor time of this thread, which does all but the database's work.
    async fn cost(&self, make: &impl Fn(usize) -> Request<Body>, size: usize, times: usize) -> u64 {
        let mut least = u64::MAX;
        for _ in 0..times {
            let request = make(size);
            let before = processor_time();
            let status = self.server.send_text(request).await.status;
            least = least.min(processor_time() - before);
            assert!(status != StatusCode::INTERNAL_SERVER_ERROR);
        }
        least
    }

    async fn hold(&self, what: &str, make: impl Fn(usize) -> Request<Body>) {
        if self.cost(&make, LARGE, 1).await <= ANYHOW {
            return;
        }
        let large = self.cost(&make, LARGE, 3).await;
        let small = self.cost(&make, SMALL, 3).await;
        let grows = large / small.max(1);
        assert!(grows < 8, "{what}: {small} ns for {SMALL} bytes, {large} ns for {LARGE}: {grows} times as much");
    }
}

/// Nanoseconds that this thread has run.
fn processor_time() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split_whitespace().next().unwrap().parse().unwrap()
}

/// A text of about so many bytes.
type Text = fn(usize) -> String;

/// About so many bytes, in ways that have cost much somewhere.
const TEXTS: &[(&str, Text)] = &[
    ("words", |size| (0..size / 6).map(|word| format!("{word:05}")).collect::<Vec<_>>().join(" ")),
    ("letters", |size| "a".repeat(size)),
    ("commas", |size| ",".repeat(size)),
    ("slashes", |size| "a/".repeat(size / 2)),
];

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn ask(method: &Method, address: &str, body: String) -> Request<Body> {
    let form = "application/x-www-form-urlencoded";
    // What is longer, no library takes.
    let address = address.get(..64_000).unwrap_or(address);
    let request = Request::builder().method(method).uri(address).header("host", HOST).header("content-type", form);
    request.body(Body::from(body)).unwrap()
}

const PATHS: &[&str] = &[
    "/oauth2/token",
    "/oauth2/revoke",
    "/oauth2/userInfo",
    "/oauth2/authorize",
    "/oauth2/idpresponse",
    "/logout",
    "/error",
    "/confirmUser",
    "/resendcode",
    "/login",
    "/login/srp",
    "/signup",
    "/confirm",
    "/forgotPassword",
    "/confirmforgotPassword",
    "/newPassword",
    "/mfa",
    "/mfa/setup",
    "/mfa/select",
    "/account/password",
    "/",
    "/nowhere",
];

const NAMES: &[&str] = &[
    "scope",
    "state",
    "nonce",
    "prompt",
    "login_hint",
    "ui_locales",
    "lang",
    "idp_identifier",
    "acr_values",
    "code_challenge",
    "logout_uri",
    "code",
    "token",
    "refresh_token",
    "username",
    "password",
    "csrf",
];

#[tokio::test]
async fn a_request_to_the_browsers_door_costs_what_it_is_long() {
    let scene = Scene::set().await;
    for path in PATHS {
        let usual = [("client_id", scene.client.as_str()), ("response_type", "token"), ("redirect_uri", CALLBACK)];
        for name in NAMES {
            for (kind, text) in TEXTS {
                let pairs = |size| {
                    let text = text(size);
                    let mut pairs = usual.to_vec();
                    pairs.push((name, &text));
                    form(&pairs)
                };
                scene
                    .hold(&format!("GET {path}, {kind} as {name}"), |size| {
                        ask(&Method::GET, &format!("{path}?{}", pairs(size)), String::new())
                    })
                    .await;
                let query = form(&usual);
                scene
                    .hold(&format!("POST {path}, {kind} as {name}"), |size| {
                        ask(&Method::POST, &format!("{path}?{query}"), pairs(size))
                    })
                    .await;
            }
        }
        // Many parameters in the place of long ones, and long headers.
        let many = |size: usize| (0..size / 6).map(|name| format!("{name:04}&")).collect::<String>();
        scene
            .hold(&format!("GET {path}, many"), |size| {
                ask(&Method::GET, &format!("{path}?{}", many(size)), String::new())
            })
            .await;
        scene.hold(&format!("POST {path}, many"), |size| ask(&Method::POST, path, many(size))).await;
        for header in ["cookie", "accept-language", "authorization", "x-forwarded-for"] {
            let query = form(&usual);
            scene
                .hold(&format!("{path}, {header}"), |size| {
                    let mut request = ask(&Method::GET, &format!("{path}?{query}"), String::new());
                    let text = (0..size / 10).map(|name| format!("a{name:04}=b;,")).collect::<String>();
                    request.headers_mut().insert(header, text.parse().unwrap());
                    request
                })
                .await;
        }
    }
}

#[tokio::test]
async fn a_scope_costs_what_it_is_long_to_clients_too() {
    let scene = Scene::set().await;
    let (id, secret) = &scene.confidential;
    for scope in ["api/read ", "api/write "] {
        let make = |size: usize| {
            let scopes = scope.repeat(size / scope.len());
            let pairs = [
                ("grant_type", "client_credentials"),
                ("client_id", id.as_str()),
                ("client_secret", secret.as_str()),
                ("scope", scopes.as_str()),
            ];
            ask(&Method::POST, "/oauth2/token", form(&pairs))
        };
        scene.hold(scope, make).await;
        let answered = scene.server.send_text(make(SMALL)).await;
        if scope == "api/read " {
            // Named a thousand times, it is granted once.
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
            assert!(answered.text.len() < 2_000, "{} bytes", answered.text.len());
        } else {
            assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{}", answered.text);
        }
    }
}

/// The input of an operation with this member as large as asked.
fn enlarged(operation: &Operation, client: &str, member: &str, size: usize, text: Text) -> Value {
    let mut input = input(operation, Fill::All);
    if input.get("ClientId").is_some() {
        input["ClientId"] = json!(client);
    }
    match &mut input[member] {
        Value::String(old) => *old = text(size),
        Value::Array(list) => {
            let one = list.first().cloned().unwrap_or_default();
            let count = size / (one.to_string().len() + 8).max(8);
            *list = (0..count)
                .map(|number| {
                    let mut one = one.clone();
                    if let Some(name) = one.get_mut("Name") {
                        *name = json!(format!("custom:{number}"));
                    }
                    one
                })
                .collect();
        }
        Value::Object(members) => {
            for number in 0..size / 20 {
                members.insert(format!("name-{number:05}"), json!("v"));
            }
        }
        _ => {}
    }
    input
}

#[tokio::test]
async fn an_operation_that_anybody_calls_costs_what_its_input_is_long() {
    let scene = Scene::set().await;
    let open = OPERATIONS
        .iter()
        .filter(|operation| operation.caller != Caller::Sigv4 && operation.service.protocol() == Protocol::Json);
    let mut held = 0;
    for operation in open {
        let sample = input(operation, Fill::All);
        for member in sample.as_object().unwrap().keys().filter(|member| *member != "ClientId") {
            for (kind, text) in TEXTS {
                scene
                    .hold(&format!("{}, {kind} in {member}", operation.name), |size| {
                        let input = enlarged(operation, &scene.client, member, size, *text);
                        call(operation.target, input.to_string())
                    })
                    .await;
                held += 1;
            }
        }
    }
    assert!(held > 200, "{held}");
}

fn call(target: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/").header("host", HOST).header("content-type", "application/x-amz-json-1.1");
    request.header("x-amz-target", target).body(body.into()).unwrap()
}

#[tokio::test]
async fn only_pictures_are_large() {
    let scene = Scene::set().await;
    let pictures = ["CreateManagedLoginBranding", "UpdateManagedLoginBranding", "SetUICustomization"];
    for operation in OPERATIONS.iter().filter(|operation| operation.service.protocol() == Protocol::Json) {
        let answered = scene.server.send(call(operation.target, vec![b' '; 129 * 1024])).await;
        let is_read = answered.message() != "Request body is too large";
        assert_eq!(is_read, pictures.contains(&operation.name), "{}: {}", operation.name, answered.body);
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{}", operation.name);
    }
    let too_large = call("AWSCognitoIdentityProviderService.SetUICustomization", vec![b' '; 5 * 1024 * 1024]);
    assert_eq!(scene.server.send(too_large).await.message(), "Request body is too large");
    // An unknown operation has no pictures either, and the Query protocol none at all.
    let unknown = call("AWSCognitoIdentityProviderService.Nothing", vec![b' '; 129 * 1024]);
    assert_eq!(scene.server.send(unknown).await.message(), "Request body is too large");
    // Short, and large once it is read.
    let many = format!("[{}0]", r#"{"a":0},"#.repeat(10_000));
    let answered = scene.server.send(call("AWSCognitoIdentityProviderService.InitiateAuth", many)).await;
    assert_eq!(answered.error(), "Serialization", "{}", answered.body);
    assert_eq!(answered.message(), "The request body holds too many values.");
}
