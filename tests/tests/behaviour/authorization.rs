//! Who may do what: only the account itself, until a policy says otherwise.

use std::collections::BTreeMap;

use domain::Sealed;
use jiff::{SignedDuration, Timestamp};
use latchkey_tests::{Actor, SigningKeys, TestServer};
use protocol::samples::{Fill, input};
use protocol::{Caller, ErrorName, OPERATIONS, Operation, Protocol};
use serde_json::{Value, json};
use store::{AccessKey, KeyOwner, KeySession};
use tokens::Purpose;

const SECRET: &str = "wJalrXUtnFEMI";
const TOKEN: &str = "FwoGZXIvYXdzEBYaD";

/// Somebody's lasting or temporary access key, as an identity pool or IAM would store it.
async fn insert(server: &TestServer, id: &str, owner: KeyOwner, expires_at: Option<Timestamp>) {
    let seal = |context: &str, text: &str| server.latchkey.seal(Purpose::AccessKey, context, text.as_bytes());
    let token = |expires_at| KeySession {
        token: seal(&format!("{id}\0session"), TOKEN),
        expires_at,
        policy: Some(r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#.to_owned()),
    };
    let secret: Sealed = seal(id, SECRET);
    let session = expires_at.map(token);
    let key = AccessKey { id: id.to_owned(), secret, created_at: server.latchkey.now(), owner, session };
    server.latchkey.store().write(move |tx| tx.insert_access_key(&key)).await.expect("the key is stored");
}

fn lasting(access_key: &str) -> SigningKeys<'_> {
    SigningKeys { access_key, secret: SECRET, session_token: None }
}

fn temporary(access_key: &str) -> SigningKeys<'_> {
    SigningKeys { session_token: Some(TOKEN), ..lasting(access_key) }
}

fn role() -> KeyOwner {
    KeyOwner::Role { name: "reader".to_owned(), session: "app".to_owned() }
}

/// A server with somebody's lasting key and a role's temporary one, and what they sign with.
async fn server() -> (TestServer, [(SigningKeys<'static>, &'static str); 2]) {
    let server = TestServer::new().await;
    insert(&server, "AKIAUSER", KeyOwner::User { name: "ada".to_owned() }, None).await;
    let end = server.latchkey.now() + SignedDuration::from_hours(1);
    insert(&server, "ASIAROLE", role(), Some(end)).await;
    let user = (lasting("AKIAUSER"), "arn:aws:iam::000000000000:user/ada");
    let role = (temporary("ASIAROLE"), "arn:aws:sts::000000000000:assumed-role/reader/app");
    (server, [user, role])
}

/// What an administrator sees of a pool, its clients and users.
async fn state(server: &TestServer, pool: &str) -> Value {
    let mut seen = BTreeMap::new();
    for (operation, input) in [
        ("DescribeUserPool", json!({ "UserPoolId": pool })),
        ("ListUserPools", json!({ "MaxResults": 60 })),
        ("ListUserPoolClients", json!({ "UserPoolId": pool, "MaxResults": 60 })),
        ("ListUsers", json!({ "UserPoolId": pool })),
        ("ListGroups", json!({ "UserPoolId": pool })),
        ("ListIdentityProviders", json!({ "UserPoolId": pool })),
        ("ListResourceServers", json!({ "UserPoolId": pool })),
    ] {
        seen.insert(operation, server.call(operation, input).await.ok());
    }
    json!(seen)
}

#[tokio::test]
async fn whoever_is_not_the_account_is_refused_every_signed_operation_and_changes_nothing() {
    let (server, strangers) = server().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    Actor::join(&server, &client, "alice").await;
    let before = state(&server, &pool).await;
    let names = json!({ "UserPoolId": pool, "ClientId": client, "Username": "alice",
        "ResourceArn": format!("arn:aws:cognito-idp:us-east-1:000000000000:userpool/{pool}") });
    let signed = OPERATIONS.iter().copied().filter(|operation| operation.caller == Caller::Sigv4);
    let mut refused = 0;
    for operation in signed {
        for (keys, who) in strangers {
            for fill in [Fill::Required, Fill::All] {
                let mut sample = input(operation, fill);
                // Aimed at what is there.
                for (name, value) in names.as_object().expect("an object") {
                    if let Some(member) = sample.get_mut(name) {
                        *member = value.clone();
                    }
                }
                let resource = match ["UserPoolId", "IdentityPoolId", "ResourceArn", "RoleArn"]
                    .into_iter()
                    .find_map(|member| Some((member, sample.get(member)?.as_str()?)))
                {
                    Some(("UserPoolId", id)) => format!("arn:aws:cognito-idp:us-east-1:000000000000:userpool/{id}"),
                    Some(("IdentityPoolId", id)) => {
                        format!("arn:aws:cognito-identity:us-east-1:000000000000:identitypool/{id}")
                    }
                    Some((_, arn)) => arn.to_owned(),
                    None => "*".to_owned(),
                };
                let action = format!("{}:{}", operation.service.signing_name(), operation.name);
                let said = format!(
                    "User: {who} is not authorized to perform: {action} on resource: {resource} because no \
                     identity-based policy allows the {action} action"
                );
                assert_eq!(call(&server, keys, operation, sample).await, (ErrorName::AccessDenied, said));
                refused += 1;
            }
        }
    }
    assert!(refused > 4 * 120, "{refused}");
    assert_eq!(state(&server, &pool).await, before);
}

/// The name and words that a call is refused with.
async fn call(server: &TestServer, keys: SigningKeys<'_>, operation: &Operation, input: Value) -> (ErrorName, String) {
    if operation.service.protocol() == Protocol::Json {
        let answered = server.call_with(keys, operation.target, input).await;
        let name = answered.body["__type"].as_str().unwrap_or_default();
        return (name.parse().expect("a declared error"), answered.message().to_owned());
    }
    let mut form =
        vec![("Action".to_owned(), operation.name.to_owned()), ("Version".to_owned(), "2011-06-15".to_owned())];
    for (name, value) in input.as_object().expect("an object") {
        form.extend(value.as_str().map(|text| (name.clone(), text.to_owned())));
    }
    let answered = server.query(Some(keys), &form).await;
    assert_eq!(answered.status.as_u16(), 403, "{}", answered.text);
    let between = |start: &str, end: &str| -> String {
        let rest = answered.text.split_once(start).expect(start).1;
        rest.split_once(end).expect(end).0.to_owned()
    };
    assert_eq!(between("<Code>", "</Code>"), "AccessDenied");
    (ErrorName::AccessDenied, between("<Message>", "</Message>"))
}

#[tokio::test]
async fn refusal_comes_before_validation_and_names_nothing_that_is_not_there() {
    let (server, [(keys, _), _]) = server().await;
    let target = "AWSCognitoIdentityProviderService.DescribeUserPool";
    for wrong in
        [json!({}), json!({ "UserPoolId": "" }), json!({ "UserPoolId": 7 }), json!({ "UserPoolId": "x".repeat(3_000) })]
    {
        let answered = server.call_with(keys, target, wrong).await;
        assert_eq!(answered.error(), "AccessDenied");
        assert!(answered.message().contains(" on resource: * because "), "{}", answered.message());
    }
}

#[tokio::test]
async fn anybodys_signature_is_passed_over_where_none_is_asked_for() {
    let (server, strangers) = server().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let alice = Actor::join(&server, &client, "alice").await;
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    for (keys, _) in strangers {
        for keys in [keys, SigningKeys { secret: "guess", ..keys }] {
            let target = |operation: &str| format!("AWSCognitoIdentityProviderService.{operation}");
            let user = server.call_signed(keys, &target("GetUser"), json!({ "AccessToken": token })).await.ok();
            assert_eq!(user["Username"], "alice");
            let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
                "AuthParameters": { "USERNAME": "alice", "PASSWORD": alice.password } });
            server.call_signed(keys, &target("InitiateAuth"), input).await.ok();
        }
    }
}

#[tokio::test]
async fn temporary_keys_need_their_session_token_and_end() {
    let (server, [_, (keys, _)]) = server().await;
    let target = "AWSCognitoIdentityProviderService.ListUserPools";
    let ask = |keys| server.call_with(keys, target, json!({ "MaxResults": 1 }));
    for token in [None, Some("another"), Some("")] {
        let answered = ask(SigningKeys { session_token: token, ..keys }).await;
        assert_eq!(answered.error(), "UnrecognizedClient", "{token:?}");
        assert_eq!(answered.message(), "The security token included in the request is invalid.");
    }
    // A lasting key has no session token, and takes none.
    assert_eq!(ask(temporary("AKIAUSER")).await.error(), "UnrecognizedClient");
    assert_eq!(ask(keys).await.error(), "AccessDenied");
    server.world.clock.advance(SignedDuration::from_hours(1));
    let answered = ask(keys).await;
    assert_eq!(answered.error(), "ExpiredToken");
    assert_eq!(answered.message(), "The security token included in the request is expired");
    // Who cannot sign learns nothing of the end.
    assert_eq!(ask(SigningKeys { secret: "guess", ..keys }).await.error(), "InvalidSignature");
}

#[tokio::test]
async fn a_session_token_is_not_taken_for_a_secret() {
    let server = TestServer::new().await;
    let end = server.latchkey.now() + SignedDuration::from_hours(1);
    insert(&server, "ASIAROLE", role(), Some(end)).await;
    let keys = SigningKeys { secret: TOKEN, ..temporary("ASIAROLE") };
    let answered =
        server.call_with(keys, "AWSCognitoIdentityProviderService.ListUserPools", json!({ "MaxResults": 1 })).await;
    assert_eq!(answered.error(), "InvalidSignature");
}
