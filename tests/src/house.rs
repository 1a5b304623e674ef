//! A Latchkey in this process, and the calls one makes to it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use flows::{Latchkey, Settings};
use http::{HeaderMap, Request, StatusCode};
use protocol::{Caller, Operation};
use serde_json::{Value, json};
use store::{Database, Store};
use tokens::{MasterKey, Vault};
use tower::ServiceExt;
use world::fake::FakeWorld;

use crate::mailbox::Mailbox;
use crate::signer::sign;

/// The host that requests name.
const HOST: &str = "localhost:9229";
/// The administrator's credentials.
const ADMIN: (&str, &str) = ("local", "local");

/// A whole house.
pub struct House {
    /// The flows below the doors.
    pub latchkey: Latchkey,
    /// Clock and chance, in the test's hands.
    pub world: FakeWorld,
    /// What was sent.
    pub mailbox: Arc<Mailbox>,
    router: Router,
}

/// What a call was answered with.
#[derive(Debug)]
pub struct Answered {
    /// HTTP status
    pub status: StatusCode,
    /// all headers
    pub headers: HeaderMap,
    /// the body; null where it is empty
    pub body: Value,
}

impl Answered {
    /// The exception's name, without its suffix; empty for a success.
    pub fn error(&self) -> &str {
        self.body["__type"].as_str().unwrap_or_default().trim_end_matches("Exception")
    }

    /// The exception's words.
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    /// The body of a success.
    ///
    /// # Panics
    /// If the call was refused.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body
    }
}

impl House {
    /// A new house with nothing in it but the administrator.
    pub async fn new() -> Self {
        Self::with_store(Store::open(&Database::Memory).expect("a database in memory opens")).await
    }

    /// A house over a given store.
    pub async fn with_store(store: Store) -> Self {
        Self::build(store, true).await
    }

    /// A new house as it is in production.
    pub async fn in_production() -> Self {
        Self::build(Store::open(&Database::Memory).expect("a database in memory opens"), false).await
    }

    async fn build(store: Store, dev: bool) -> Self {
        let world = FakeWorld::new(1);
        let master = MasterKey::make(&*world.entropy);
        let (vault, _) = Vault::create(&master, &*world.entropy);
        let mailbox = Arc::new(Mailbox::default());
        let settings = Settings {
            base_url: format!("http://{HOST}"),
            issuer_template: "{base}/{poolId}".to_owned(),
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
            google_issuer: None,
            takes_http: true,
            dev,
        };
        let latchkey = Latchkey::new(store, world.world(), vault, mailbox.clone(), settings);
        latchkey.put_access_key(ADMIN.0, ADMIN.1).await.expect("the access key is stored");
        let router =
            api::router(api::Api { latchkey: latchkey.clone(), any_region: true, brand_notes: oauth::brand_notes });
        Self { latchkey, world, mailbox, router }
    }

    /// Calls an operation of user pools as its kind of caller does; admin operations are signed. Every answer is
    /// held against the declaration: a success must fit its output, a refusal must be a declared or generic error.
    pub async fn call(&self, operation: &str, input: Value) -> Answered {
        self.call_target(&format!("AWSCognitoIdentityProviderService.{operation}"), input).await
    }

    /// The same by full target.
    pub async fn call_target(&self, target: &str, input: Value) -> Answered {
        let operation = Operation::find(target).unwrap_or_else(|| panic!("no operation {target}"));
        let body = input.to_string().into_bytes();
        let mut request = Request::post("/").header("host", HOST).header("x-amz-target", target);
        if operation.caller == Caller::Sigv4 {
            let service = operation.service.signing_name();
            let (at, authorization) = sign(ADMIN, service, HOST, target, &body, self.latchkey.now());
            request = request
                .header("content-type", "application/x-amz-json-1.1")
                .header("x-amz-date", at)
                .header("authorization", authorization);
        }
        let answered = self.send(request.body(Body::from(body)).expect("a request")).await;
        if answered.status == StatusCode::OK {
            let problems = protocol::check_output(operation, &answered.body);
            assert!(problems.is_empty(), "{target}: {problems:?}");
        } else {
            let name = answered.body["__type"].as_str().unwrap_or_default();
            assert!(!name.is_empty(), "{target}: a refusal without a name");
            assert_ne!(answered.status, StatusCode::INTERNAL_SERVER_ERROR, "{target}: {}", answered.body);
        }
        answered
    }

    /// Sends any request through the AWS door.
    pub async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.expect("the door always answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
        Answered { status: parts.status, headers: parts.headers, body }
    }

    /// A pool with these settings; answers its id.
    pub async fn pool(&self, settings: Value) -> String {
        let mut input = json!({ "PoolName": "test" });
        merge(&mut input, settings);
        let answer = self.call("CreateUserPool", input).await.ok();
        answer["UserPool"]["Id"].as_str().expect("an id").to_owned()
    }

    /// A client with these settings and all password flows; answers its id.
    pub async fn client(&self, pool: &str, settings: Value) -> String {
        let flows = [
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ];
        let mut input = json!({ "UserPoolId": pool, "ClientName": "test", "ExplicitAuthFlows": flows });
        merge(&mut input, settings);
        let answer = self.call("CreateUserPoolClient", input).await.ok();
        answer["UserPoolClient"]["ClientId"].as_str().expect("an id").to_owned()
    }
}

fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}
