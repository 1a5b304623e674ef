//! A Latchkey in this process, and the calls one makes to it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use flows::{Latchkey, Rates, Settings};
use http::{Request, StatusCode};
use protocol::{Caller, Operation};
use serde_json::{Value, json};
use store::{Database, Store};
use tokens::{MasterKey, Vault, WrappedKey};
use tower::ServiceExt;
use world::fake::{FakeEntropy, FakeWorld};

use crate::answers::{Answered, AnsweredText};
use crate::mailbox::Mailbox;
use crate::signer::{SigningKeys, sign_headers};

/// The host that requests name.
const HOST: &str = "localhost:9229";
/// The administrator's credentials.
const ADMIN: (&str, &str) = ("local", "local");

/// A whole server.
pub struct TestServer {
    /// The flows below the doors.
    pub latchkey: Latchkey,
    /// Clock and chance, in the test's hands.
    pub world: FakeWorld,
    /// What was sent.
    pub mailbox: Arc<Mailbox>,
    /// The browser's door.
    pub pages: Router,
    router: Router,
    master: Arc<MasterKey>,
    data_keys: Vec<WrappedKey>,
}

/// How a server is made.
pub struct Options {
    /// Where everything is kept.
    pub store: Store,
    /// Of the chance that repeats itself: servers of one seed make the same codes, keys and request ids.
    pub seed: u64,
    /// Where it is reached from outside.
    pub base_url: String,
    /// Who plays Google.
    pub google_issuer: Option<String>,
    /// What the pages load.
    pub assets: oauth::Assets,
    /// How much callers may do in a minute.
    pub rates: Rates,
    /// Dev mode.
    pub dev: bool,
}

impl Default for Options {
    /// Dev mode at localhost, with nothing in memory.
    fn default() -> Self {
        Self {
            store: Store::open(&Database::Memory).expect("a database in memory opens"),
            seed: 1,
            base_url: format!("http://{HOST}"),
            google_issuer: None,
            assets: oauth::Assets::default(),
            rates: Rates::default(),
            dev: true,
        }
    }
}

impl TestServer {
    /// What the administrator signs with.
    pub const ADMIN_KEYS: SigningKeys<'static> =
        SigningKeys { access_key: ADMIN.0, secret: ADMIN.1, session_token: None };

    /// A new server with nothing in it but the administrator.
    pub async fn new() -> Self {
        Self::with_root(Options::default()).await
    }

    /// A server over a given store.
    pub async fn with_store(store: Store) -> Self {
        Self::with_root(Options { store, ..Options::default() }).await
    }

    /// A new server as it is in production.
    pub async fn in_production() -> Self {
        Self::with_root(Options { dev: false, ..Options::default() }).await
    }

    /// A server that nobody may administer.
    pub fn with(options: Options) -> Self {
        let world = FakeWorld::new(options.seed);
        let master = MasterKey::make(&*world.entropy);
        let (_, data_key) = Vault::create(&master, &*world.entropy);
        Self::assemble(options, world, Arc::new(master), vec![data_key])
    }

    /// Another process over the same database, which `store` is opened to once more: with the same master key and
    /// clock, and chance of its own.
    pub async fn another_process(&self, store: Store) -> Self {
        let world = FakeWorld { entropy: Arc::new(FakeEntropy::new(2)), ..self.world.clone() };
        let options = Options { store, ..Options::default() };
        Self::assemble(options, world, self.master.clone(), self.data_keys.clone()).rooted().await
    }

    /// A new server over a given store, whose callers may do this much in a minute.
    pub async fn with_rates(store: Store, rates: Rates) -> Self {
        Self::with_root(Options { store, rates, ..Options::default() }).await
    }

    /// The same server, asked through another router: the binary's, with what it does to every request.
    #[must_use]
    pub fn behind(self, router: Router) -> Self {
        Self { pages: router.clone(), router, ..self }
    }

    async fn with_root(options: Options) -> Self {
        Self::with(options).rooted().await
    }

    async fn rooted(self) -> Self {
        self.latchkey.put_root_access_key(ADMIN.0, ADMIN.1).await.expect("the access key is stored");
        self
    }

    fn assemble(options: Options, world: FakeWorld, master: Arc<MasterKey>, data_keys: Vec<WrappedKey>) -> Self {
        let vault = Vault::unlock(&master, &data_keys).expect("the master key opens the data keys");
        let mailbox = Arc::new(Mailbox::default());
        let settings = Settings {
            base_url: options.base_url,
            issuer_template: "{base}/{poolId}".to_owned(),
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
            google_issuer: options.google_issuer,
            rates: options.rates,
            allow_http: true,
            dev: options.dev,
        };
        let latchkey = Latchkey::new(options.store, world.world(), vault, mailbox.clone(), settings);
        let api = api::Api { latchkey: latchkey.clone(), any_region: true };
        let router = api::with_query_urls(api::router(api.clone()), api);
        let pages = oauth::router(oauth::OAuth { latchkey: latchkey.clone(), assets: options.assets });
        Self { latchkey, world, mailbox, pages, router, master, data_keys }
    }

    /// Calls an operation of user pools as its kind of caller does; admin operations are signed. Every answer is
    /// held against the declaration: a success must fit its output, a refusal must be a declared or generic error.
    pub async fn call(&self, operation: &str, input: Value) -> Answered {
        self.call_target(&format!("AWSCognitoIdentityProviderService.{operation}"), input).await
    }

    /// The same by full target.
    pub async fn call_target(&self, target: &str, input: Value) -> Answered {
        self.call_with(Self::ADMIN_KEYS, target, input).await
    }

    /// The same, with signed operations signed by these keys.
    pub async fn call_with(&self, keys: SigningKeys<'_>, target: &str, input: Value) -> Answered {
        let operation = Operation::find(target).unwrap_or_else(|| panic!("no operation {target}"));
        self.call_operation(operation, Some(keys).filter(|_| operation.caller == Caller::Sigv4), input).await
    }

    /// The same, signed whatever the operation asks for.
    pub async fn call_signed(&self, keys: SigningKeys<'_>, target: &str, input: Value) -> Answered {
        let operation = Operation::find(target).unwrap_or_else(|| panic!("no operation {target}"));
        self.call_operation(operation, Some(keys), input).await
    }

    async fn call_operation(&self, operation: &Operation, keys: Option<SigningKeys<'_>>, input: Value) -> Answered {
        let target = operation.target;
        let body = input.to_string().into_bytes();
        let headers = [("content-type", "application/x-amz-json-1.1"), ("host", HOST), ("x-amz-target", target)];
        let mut request = Request::post("/");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(keys) = keys {
            let service = operation.service.signing_name();
            for (name, value) in sign_headers(keys, service, &headers, &body, self.latchkey.now()) {
                request = request.header(name, value);
            }
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

    /// Calls STS with a form, signed by these keys if there are any.
    pub async fn query(&self, keys: Option<SigningKeys<'_>>, form: &[(String, String)]) -> AnsweredText {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let body = body.finish().into_bytes();
        let headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", HOST)];
        let mut request = Request::post("/");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        for (name, value) in
            keys.into_iter().flat_map(|keys| sign_headers(keys, "sts", &headers, &body, self.latchkey.now()))
        {
            request = request.header(name, value);
        }
        self.send_text(request.body(Body::from(body)).expect("a request")).await
    }

    /// Sends any request through the AWS door.
    pub async fn send(&self, request: Request<Body>) -> Answered {
        let AnsweredText { status, headers, text } = self.send_text(request).await;
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
        Answered { status, headers, body }
    }

    /// The same for an answer in any form.
    pub async fn send_text(&self, request: Request<Body>) -> AnsweredText {
        Self::send_to(&self.router, request).await
    }

    /// What the browser's door answers to a GET.
    pub async fn get(&self, path: &str) -> AnsweredText {
        let request = Request::get(path).header("host", HOST).body(Body::empty()).expect("a request");
        Self::send_to(&self.pages, request).await
    }

    async fn send_to(door: &Router, request: Request<Body>) -> AnsweredText {
        let response = door.clone().oneshot(request).await.expect("the door always answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        AnsweredText { status: parts.status, headers: parts.headers, text }
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

/// Puts the members of one object into another.
pub fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}
