//! A panic is one failed request: each door answers in its own form, the log names the request and the place, and the
//! next request is served as if nothing had been.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Once;

use axum::body::Body;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use latchkey::seed::{BACKEND, BACKEND_SECRET, EMAIL, PASSWORD, SPA};
use serde_json::json;
use store::StoreError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

mod server;

use server::{Answered, Served};

/// The hook of production, with the usual report after it: these tests want to say what they are missing.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            panics::note(info);
            usual(info);
        }));
    });
}

fn sign_in() -> Request<Body> {
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": SPA,
        "AuthParameters": { "USERNAME": EMAIL, "PASSWORD": PASSWORD },
    });
    let target = "AWSCognitoIdentityProviderService.InitiateAuth";
    Request::post("/").header("x-amz-target", target).body(Body::from(input.to_string())).unwrap()
}

fn token() -> Request<Body> {
    Request::post("/oauth2/token")
        .header("host", "localhost:9229")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("grant_type=client_credentials&client_id={BACKEND}&client_secret={BACKEND_SECRET}")))
        .unwrap()
}

/// Where the sign-in page is.
fn login_address() -> String {
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    format!(
        "/login?client_id={SPA}&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F\
         &code_challenge_method=S256&code_challenge={challenge}"
    )
}

fn login() -> Request<Body> {
    Request::get(login_address()).header("host", "localhost:9229").body(Body::empty()).unwrap()
}

/// Sends a request whose handler panics, and holds what the log says of it against its answer.
async fn panicked(served: &Served, request: Request<Body>, id: &str) -> Answered {
    let before = panics::count();
    served.panic_in_handler();
    let answered = served.send(request).await;
    assert!(!served.world.entropy.has_still_to_panic());
    assert_eq!(answered.status, StatusCode::INTERNAL_SERVER_ERROR, "{answered:?}");
    assert!(panics::count() > before);

    let lines = served.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["level"], "ERROR");
    assert!(!answered.header(id).is_empty(), "{answered:?}");
    assert_eq!(lines[0]["request_id"], answered.header(id));
    assert!(lines[0]["location"].as_str().unwrap().contains("fake.rs:"), "{lines:?}");
    assert_eq!(lines[0]["message_of_panic"], "panics on purpose");
    for secret in [EMAIL, PASSWORD, BACKEND_SECRET] {
        assert!(!lines[0].to_string().contains(secret) && !answered.body.contains(secret));
    }
    answered
}

#[tokio::test]
async fn a_panic_in_the_aws_door() {
    install();
    let served = Served::new().await;
    let answered = panicked(&served, sign_in(), "x-amzn-requestid").await;
    let error = answered.json();
    assert_eq!(error, json!({ "__type": "InternalErrorException", "message": "Internal server error" }));
    assert_eq!(answered.header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(answered.header("x-amzn-errortype"), "InternalErrorException:");
    assert_eq!(answered.header("access-control-allow-origin"), "*");
    assert_eq!(answered.header("cache-control"), "no-store");

    let answered = served.send(sign_in()).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
}

#[tokio::test]
async fn a_panic_in_an_oauth_endpoint() {
    install();
    let served = Served::new().await;
    let answered = panicked(&served, token(), "x-amz-cognito-request-id").await;
    assert_eq!(answered.json(), json!({ "error": "server_error" }));
    assert_eq!(answered.header("content-type"), "application/json;charset=UTF-8");
    assert_eq!(answered.header("access-control-allow-origin"), "*");
    assert_eq!(answered.header("cache-control"), "no-store");

    let answered = served.send(token()).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
}

#[tokio::test]
async fn a_panic_on_a_page() {
    install();
    let served = Served::new().await;
    let answered = panicked(&served, login(), "x-amz-cognito-request-id").await;
    assert_eq!(answered.header("content-type"), "text/html; charset=utf-8");
    assert!(answered.header("content-security-policy").contains("default-src 'none'"));
    assert!(answered.body.starts_with("<!doctype html>"), "{}", answered.body);
    assert!(answered.body.contains(answered.header("x-amz-cognito-request-id")), "a person can name the request");

    let answered = served.send(login()).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
}

#[tokio::test]
async fn a_panic_in_a_transaction() {
    install();
    let served = Served::new().await;
    let outcome: Result<(), domain::Error> = served
        .latchkey
        .store()
        .write(|tx| {
            tx.put_meta("half", "done")?;
            panic!("on purpose")
        })
        .await;
    // What the doors log of it.
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("panics/main.rs:") && error.contains("on purpose"), "{error}");
    let half: Result<_, StoreError> = served.latchkey.store().read(|r| r.meta("half")).await;
    assert_eq!(half, Ok(None));
    assert_eq!(served.send(sign_in()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_panic_leaves_the_connection_open() {
    install();
    let served = Served::new().await;
    let (mut browser, server) = tokio::io::duplex(64 * 1024);
    let router = served.router.clone();
    let service = service_fn(move |request: Request<Incoming>| router.clone().oneshot(request.map(Body::new)));
    let connection = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(server), service).into_owned();
    let connection = tokio::spawn(connection);
    let address = login_address();
    let request = |closing: &str| format!("GET {address} HTTP/1.1\r\nHost: localhost:9229\r\n{closing}\r\n");
    served.panic_in_handler();
    browser.write_all(request("").as_bytes()).await.unwrap();
    let mut first = Vec::new();
    while !first.windows(7).any(|part| part == b"</html>") {
        assert_ne!(browser.read_buf(&mut first).await.unwrap(), 0, "the connection was closed");
    }
    assert!(first.starts_with(b"HTTP/1.1 500 "));
    browser.write_all(request("Connection: close\r\n").as_bytes()).await.unwrap();
    let mut second = String::new();
    browser.read_to_string(&mut second).await.unwrap();
    assert!(second.starts_with("HTTP/1.1 200 "), "{second}");
    connection.await.unwrap().unwrap();
}
