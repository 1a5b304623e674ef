//! Every declaration through the AWS door, and the public table of what is built.

#[path = "compatibility/query.rs"]
mod query;

use std::fmt::Write as _;

use axum::body::Body;
use http::{Request, StatusCode};
use latchkey_tests::TestServer;
use protocol::samples::{Fill, input};
use protocol::{CAPABILITIES, Caller, Capability, OPERATIONS, Operation, Protocol, Service};
use serde_json::{Value, json};

const COMMITTED: &str = include_str!("../../docs/compatibility.md");

const SERVICES: [(Service, &str); 3] = [
    (Service::Idp, "User pools (cognito-idp)"),
    (Service::Identity, "Identity pools (cognito-identity)"),
    (Service::Sts, "Security tokens (sts)"),
];

/// The operations of the services that speak AWS JSON.
fn json_operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(|operation| operation.service.protocol() == Protocol::Json)
}

fn operations_of(capability: &Capability) -> Vec<&'static Operation> {
    let own =
        |operation: &&Operation| operation.service == capability.service && operation.capability == capability.name;
    OPERATIONS.iter().copied().filter(own).collect()
}

/// Read from the committed table, so that nobody takes a behaviour away while writing it anew.
#[test]
fn what_is_said_to_be_built_stays_built() {
    let mut done = 0;
    for capability in CAPABILITIES {
        let Some((_, section)) = COMMITTED.split_once(&format!("\n### {}\n", capability.title)) else { continue };
        let section = section.split("\n#").next().unwrap_or_default();
        for operation in operations_of(capability) {
            if section
                .lines()
                .any(|line| line.starts_with(&format!("| {} |", operation.name)) && line.ends_with("| done |"))
            {
                assert!(api::is_built(operation), "{} has no behaviour any more", operation.target);
                done += 1;
            }
        }
    }
    assert!(done > 0, "docs/compatibility.md tells no operation as done");
}

/// The word of a capability finds it in `protocol`, in `api` (a test there holds it) and here.
#[test]
fn every_capability_with_a_behaviour_has_a_file_of_tests() {
    for capability in CAPABILITIES {
        let built = operations_of(capability).iter().any(|operation| api::is_built(operation));
        let file = format!("{}/tests/behaviour/{}.rs", env!("CARGO_MANIFEST_DIR"), capability.name);
        assert!(!built || std::path::Path::new(&file).is_file(), "{file} is missing");
    }
}

/// The table as docs/compatibility.md holds it. Set LATCHKEY_BLESS to write it anew.
#[test]
#[allow(clippy::disallowed_methods, reason = "whoever runs the test says whether to write")]
fn the_table_is_true() {
    let table = table();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/compatibility.md");
    if std::env::var_os("LATCHKEY_BLESS").is_some() {
        std::fs::write(path, &table).expect("the table is written");
    }
    let written = std::fs::read_to_string(path).expect("docs/compatibility.md is there");
    assert_eq!(written, table, "docs/compatibility.md is stale: run the tests with LATCHKEY_BLESS=1");
}

fn table() -> String {
    let mut text = format!(
        "# Compatibility\n\n\
         Written by a test (`tests/tests/compatibility.rs`), which fails when it is not true.\n\n\
         Of {} operations, those that are done have their full behaviour. The others are routed, authenticated and \
         validated like the rest, and then answer `UnsupportedOperationException`.\n",
        OPERATIONS.len(),
    );
    for (service, name) in SERVICES {
        let _ = write!(text, "\n## {name}\n");
        for capability in CAPABILITIES.iter().filter(|capability| capability.service == service) {
            let _ = write!(text, "\n### {}\n\n| Operation | Caller | State |\n| --- | --- | --- |\n", capability.title);
            for operation in operations_of(capability) {
                let caller = match operation.caller {
                    Caller::Anyone => "anyone",
                    Caller::AccessToken => "access token",
                    Caller::AccessTokenOrSession => "access token or Session",
                    Caller::Sigv4 => "SigV4",
                    Caller::AnyoneOrSigv4 => "app client or SigV4",
                };
                let state = if api::is_built(operation) { "done" } else { "not yet" };
                let _ = writeln!(text, "| {} | {caller} | {state} |", operation.name);
            }
        }
    }
    text.push_str(include_str!("compatibility_notes.md"));
    text
}

#[tokio::test]
async fn unsigned_calls_of_signed_operations_are_refused() {
    let server = TestServer::new().await;
    for operation in json_operations().filter(|operation| operation.caller == Caller::Sigv4) {
        let request = Request::post("/").header("host", "localhost:9229").header("x-amz-target", operation.target);
        let answered = server.send(request.body(Body::from("{}")).expect("a request")).await;
        assert_eq!(answered.error(), "MissingAuthenticationToken", "{}", operation.target);
        assert_eq!(answered.headers["x-amzn-errortype"], "MissingAuthenticationTokenException:");
    }
}

#[tokio::test]
async fn required_members_are_asked_for_through_the_door() {
    let server = TestServer::new().await;
    for operation in json_operations() {
        let answered = server.call_target(operation.target, json!({})).await;
        let expected = protocol::validate(operation, &json!({}));
        match expected {
            Err(invalid) => {
                assert_eq!(answered.body["__type"], json!(invalid.error.as_str()), "{}", operation.target);
                assert_eq!(answered.message(), invalid.message, "{}", operation.target);
            }
            // One of two members is asked for by the behaviour itself.
            Ok(()) if operation.caller == Caller::AccessTokenOrSession => {}
            Ok(()) => assert_ne!(answered.error(), "InvalidParameter", "{}: {}", operation.target, answered.body),
        }
    }
}

#[tokio::test]
async fn unbuilt_operations_say_so_after_everything_else() {
    let server = TestServer::new().await;
    for operation in json_operations().filter(|operation| !api::is_built(operation)) {
        let answered = server.call_target(operation.target, input(operation, Fill::All)).await;
        let expected = match operation.caller {
            Caller::AccessToken | Caller::AccessTokenOrSession => "NotAuthorized",
            Caller::Anyone | Caller::Sigv4 | Caller::AnyoneOrSigv4 => "UnsupportedOperation",
        };
        assert_eq!(answered.error(), expected, "{}: {}", operation.target, answered.body);
    }
}

#[tokio::test]
async fn whatever_comes_is_answered_in_the_protocols_form() {
    let server = TestServer::new().await;
    let bodies: &[&[u8]] = &[
        b"{",
        b"[]",
        b"null",
        b"\"x\"",
        b"\xff\xfe",
        b"{\"a\":",
        b"[[[[[[[[",
        b"1e999",
        b"{\"ClientId\":{\"a\":[1]}}",
    ];
    for operation in json_operations().filter(|operation| operation.caller == Caller::Anyone) {
        for body in bodies {
            let request = Request::post("/").header("x-amz-target", operation.target).body(Body::from(body.to_vec()));
            let answered = server.send(request.expect("a request")).await;
            assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{} {body:?}", operation.target);
            assert!(!answered.error().is_empty());
            assert!(answered.headers.contains_key("x-amzn-requestid"));
        }
    }
    const STS: &str = "AWSSecurityTokenServiceV20110615.GetCallerIdentity";
    for target in
        [None, Some(""), Some("AWSCognitoIdentityProviderService.Nothing"), Some(STS), Some("SignUp"), Some("\u{7f}")]
    {
        let mut request = Request::post("/");
        if let Some(target) = target {
            request = request.header("x-amz-target", target.as_bytes());
        }
        let Ok(request) = request.body(Body::from("{}")) else { continue };
        assert_eq!(server.send(request).await.error(), "UnknownOperation");
    }
}

/// Samples of every built operation reach its behaviour without ever being a fault of ours.
#[tokio::test]
async fn samples_never_fault() {
    let server = TestServer::new().await;
    for operation in json_operations().filter(|operation| api::is_built(operation)) {
        for fill in [Fill::Required, Fill::All] {
            let sample: Value = input(operation, fill);
            // `call_target` refuses a 500 and an answer that does not fit the declaration.
            server.call_target(operation.target, sample).await;
        }
    }
}

#[tokio::test]
async fn browsers_may_call_from_anywhere() {
    let server = TestServer::new().await;
    let preflight = Request::options("/")
        .header("origin", "https://app.example.com")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,x-amz-target,x-amz-user-agent")
        .body(Body::empty());
    let answered = server.send(preflight.expect("a request")).await;
    assert_eq!(answered.status, StatusCode::OK);
    assert_eq!(answered.headers["access-control-allow-origin"], "*");
    assert_eq!(answered.headers["access-control-allow-headers"], "content-type,x-amz-target,x-amz-user-agent");
    let operation: &Operation = Operation::find("AWSCognitoIdentityProviderService.InitiateAuth").expect("declared");
    let call = Request::post("/").header("origin", "https://app.example.com").header("x-amz-target", operation.target);
    let answered = server.send(call.body(Body::from("{}")).expect("a request")).await;
    assert_eq!(answered.headers["access-control-allow-origin"], "*");
    let exposed = answered.headers["access-control-expose-headers"].to_str().expect("ASCII").to_lowercase();
    for header in ["x-amzn-requestid", "x-amzn-errortype", "x-amzn-errormessage"] {
        assert!(exposed.contains(header), "{header}");
    }
}
