//! STS through the AWS door: a form in, XML out.

use axum::body::Body;
use http::{Request, StatusCode};
use latchkey_tests::{AnsweredText, TestServer};
use protocol::samples::{Fill, input};
use protocol::{Caller, OPERATIONS, Operation, Service};
use serde_json::{Value, json};

const VERSION: &str = "2011-06-15";

fn query_operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(|operation| operation.service == Service::Sts)
}

/// An input as a client of the Query protocol writes it.
fn write(path: &str, value: &Value, form: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                write(&path, value, form);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                write(&format!("{path}.member.{}", at + 1), value, form);
            }
        }
        Value::String(text) => form.push((path.to_owned(), text.clone())),
        other => form.push((path.to_owned(), other.to_string())),
    }
}

fn form(action: &str, input: &Value) -> Vec<(String, String)> {
    let mut form = vec![("Action".to_owned(), action.to_owned()), ("Version".to_owned(), VERSION.to_owned())];
    write("", input, &mut form);
    form
}

async fn signed(server: &TestServer, form: &[(String, String)]) -> AnsweredText {
    server.query(Some(TestServer::ADMIN_KEYS), form).await
}

fn assert_refused(answered: &AnsweredText, status: u16, code: &str, message: &str) {
    assert_eq!(answered.status.as_u16(), status, "{}", answered.text);
    assert_eq!(answered.headers["content-type"], "text/xml");
    let id = answered.headers["x-amzn-requestid"].to_str().expect("ASCII");
    let whose = if status < 500 { "Sender" } else { "Receiver" };
    let expected = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{whose}</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>{id}</RequestId></ErrorResponse>"
    );
    assert_eq!(answered.text, expected);
}

#[tokio::test]
async fn what_has_no_behaviour_says_so_after_everything_else() {
    let server = TestServer::new().await;
    for operation in query_operations().filter(|operation| !api::is_built(operation)) {
        for fill in [Fill::Required, Fill::All] {
            let sample = input(operation, fill);
            // A structure without members cannot be written in a form.
            if sample.as_object().is_some_and(|members| members.values().any(|value| *value == json!({}))) {
                continue;
            }
            let form = form(operation.name, &sample);
            let said = format!("{} is not available yet.", operation.name);
            assert_refused(&signed(&server, &form).await, 400, "UnsupportedOperation", &said);
            if operation.caller == Caller::Anyone {
                assert_refused(&server.query(None, &form).await, 400, "UnsupportedOperation", &said);
            }
        }
    }
}

#[tokio::test]
async fn signed_operations_ask_for_a_true_signature() {
    let server = TestServer::new().await;
    for operation in query_operations().filter(|operation| operation.caller == Caller::Sigv4) {
        let form = form(operation.name, &json!({}));
        let unsigned = server.query(None, &form).await;
        assert_refused(&unsigned, 403, "MissingAuthenticationToken", "Missing Authentication Token");
        let mut keys = TestServer::ADMIN_KEYS;
        keys.access_key = "AKIANOBODY";
        let unknown = server.query(Some(keys), &form).await;
        let said = "The security token included in the request is invalid.";
        assert_refused(&unknown, 403, "InvalidClientTokenId", said);
        let mut keys = TestServer::ADMIN_KEYS;
        keys.secret = "guess";
        let forged = server.query(Some(keys), &form).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        assert!(forged.text.contains("<Code>SignatureDoesNotMatch</Code>"), "{}", forged.text);
    }
}

#[tokio::test]
async fn constraints_are_held() {
    let server = TestServer::new().await;
    for operation in query_operations() {
        if let Err(invalid) = protocol::validate(operation, &json!({})) {
            let answered = signed(&server, &form(operation.name, &json!({}))).await;
            assert_refused(&answered, 400, "ValidationError", &invalid.message);
        }
    }
    let mut wrong = form("GetSessionToken", &json!({ "DurationSeconds": "soon" }));
    assert_refused(&signed(&server, &wrong).await, 400, "MalformedInput", "soon is not a valid integer");
    wrong = form("GetSessionToken", &json!({ "DurationSeconds": "3" }));
    let answered = signed(&server, &wrong).await;
    let said = "1 validation error detected: Value '3' at 'durationSeconds' failed to satisfy constraint: \
                Member must have value greater than or equal to 900";
    assert_refused(&answered, 400, "ValidationError", said);
}

#[tokio::test]
async fn an_action_that_is_none_is_refused() {
    let server = TestServer::new().await;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    for (form, action, version) in [
        (vec![pair("Action", "MakeCoffee"), pair("Version", VERSION)], "MakeCoffee", VERSION),
        (vec![pair("Action", "SignUp"), pair("Version", VERSION)], "SignUp", VERSION),
        (vec![pair("Action", "GetCallerIdentity")], "GetCallerIdentity", "NO_VERSION_SPECIFIED"),
        (vec![pair("Action", "GetCallerIdentity"), pair("Version", "1999")], "GetCallerIdentity", "1999"),
        (vec![pair("Action", "</Message>"), pair("Version", VERSION)], "&lt;/Message&gt;", VERSION),
        (vec![pair("Action", ""), pair("Version", VERSION)], "NO_OPERATION_SPECIFIED", VERSION),
    ] {
        let said = format!("Could not find operation {action} for version {version}");
        assert_refused(&signed(&server, &form).await, 400, "InvalidAction", &said);
    }
    // Without an action, or with a target, it is no call of this protocol.
    let form = "application/x-www-form-urlencoded";
    for request in [
        Request::post("/").header("content-type", form).body(Body::from("Version=2011-06-15")),
        Request::post("/").header("content-type", form).header("x-amz-target", "x").body(Body::from("Action=x")),
        Request::post("/").header("content-type", "text/plain").body(Body::from("Action=GetCallerIdentity")),
    ] {
        assert_eq!(server.send(request.expect("a request")).await.error(), "UnknownOperation");
    }
}

#[tokio::test]
async fn a_call_may_stand_in_the_url() {
    let server = TestServer::new().await;
    let get = |path: &str| Request::get(path).header("host", "localhost:9229").body(Body::empty()).expect("a request");
    let answered = server.send_text(get("/?Action=GetCallerIdentity&Version=2011-06-15")).await;
    assert_refused(&answered, 403, "MissingAuthenticationToken", "Missing Authentication Token");
    let open = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=app&WebIdentityToken=token\
                &RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fapp";
    let said = "AssumeRoleWithWebIdentity is not available yet.";
    assert_refused(&server.send_text(get(&format!("/?{open}"))).await, 400, "UnsupportedOperation", said);
    for other in ["/", "/?action=x", "/?Version=2011-06-15", "/elsewhere?Action=GetCallerIdentity"] {
        let answered = server.send_text(get(other)).await;
        assert!(!answered.text.contains("ErrorResponse"), "{other}: {}", answered.text);
    }
}

#[tokio::test]
async fn whatever_comes_is_answered_in_xml() {
    let server = TestServer::new().await;
    let deep = format!("&Tags.member.{}.Key=x", "1.".repeat(2_000));
    let many: String = (0..5_000).map(|n| format!("&Tags.member.{n}.Key=x")).collect();
    for rest in
        ["&&&=", "&%", "&%ff=%fe", "&Tags.member.0.Key=a&Tags.member.99999999999.Key=b", "&Tags=&Tags=", &deep, &many]
    {
        let body = format!("Action=AssumeRoleWithWebIdentity&Version=2011-06-15{rest}");
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let answered = server.send_text(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{rest}");
        assert!(answered.text.contains("<Code>ValidationError</Code>"), "{}", answered.text);
    }
}
