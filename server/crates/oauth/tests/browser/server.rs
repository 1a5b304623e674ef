//! A Latchkey in this process, with pools, clients and users as tests need them.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use domain::{Client, Pool, User};
use flows::{AdminCreate, Latchkey, Settings};
use latchkey_oauth::{Assets, OAuth};
use messages::Mailbox;
use protocol::idp::MessageActionType;
use serde_json::{Value, json};
use store::{Database, Store};
use tokens::{MasterKey, Vault};
use world::fake::FakeWorld;

use crate::actor::Browser;

pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const SIGNED_OUT: &str = "https://app.example/bye";
pub(crate) const PASSWORD: &str = "Corr3ct-horse battery";
/// S256 of `VERIFIER` (RFC 7636 appendix B).
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Everything logged by any test, at every level.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn log() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

pub(crate) struct TestServer {
    pub(crate) latchkey: Latchkey,
    pub(crate) world: FakeWorld,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) router: Router,
}

impl TestServer {
    pub(crate) fn new() -> Self {
        Self::at("http://localhost:9229", Some("/assets/island.js".to_owned()))
    }

    pub(crate) fn at(base_url: &str, script: Option<String>) -> Self {
        Self::seeded(7, base_url, script)
    }

    /// Where somebody else plays Google.
    pub(crate) fn playing_google(issuer: &str) -> Self {
        Self::build(7, "http://localhost:9229", None, Some(issuer.to_owned()))
    }

    /// Houses of one seed make the same codes and request ids; a test that searches the common log needs its own.
    pub(crate) fn seeded(seed: u64, base_url: &str, script: Option<String>) -> Self {
        Self::build(seed, base_url, script, None)
    }

    fn build(seed: u64, base_url: &str, script: Option<String>, google_issuer: Option<String>) -> Self {
        let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(|| Log).try_init();
        let world = FakeWorld::new(seed);
        let master = MasterKey::make(&*world.entropy);
        let (vault, _) = Vault::create(&master, &*world.entropy);
        let mailbox = Arc::new(Mailbox::new(world.world()));
        let settings = Settings {
            base_url: base_url.to_owned(),
            issuer_template: "{base}/{poolId}".to_owned(),
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
            google_issuer,
            allow_http: true,
            dev: true,
        };
        let store = Store::open(&Database::Memory).unwrap();
        let latchkey = Latchkey::new(store, world.world(), vault, mailbox.clone(), settings);
        let assets =
            Assets { style: "/assets/style.css".to_owned(), script, favicon: "/assets/favicon.svg".to_owned() };
        let router = latchkey_oauth::router(OAuth { latchkey: latchkey.clone(), assets });
        Self { latchkey, world, mailbox, router }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A pool whose users sign in with an address, with a resource server `api`.
    pub(crate) async fn pool(&self, settings: Value) -> Pool {
        let mut input = json!({
            "PoolName": "Acme",
            "UsernameAttributes": ["email"],
            "AutoVerifiedAttributes": ["email"],
            "UsernameConfiguration": { "CaseSensitive": false },
        });
        merge(&mut input, settings);
        let pool = self
            .latchkey
            .create_pool(&self.latchkey.server_ctx(), serde_json::from_value(input).unwrap())
            .await
            .unwrap();
        let server = json!({ "Identifier": "api", "Name": "api", "Scopes": [
            { "ScopeName": "read", "ScopeDescription": "read" }, { "ScopeName": "write", "ScopeDescription": "write" },
        ]});
        let id = pool.id.clone();
        let kept = self.latchkey.store().write(move |tx| tx.insert_document("resource-server", &id, "api", &server));
        kept.await.unwrap();
        pool
    }

    /// A public client of the code grant.
    pub(crate) async fn client(&self, pool: &Pool, settings: Value) -> Client {
        let mut input = json!({
            "UserPoolId": pool.id,
            "ClientName": "demo <app>",
            "CallbackURLs": [CALLBACK, "myapp://callback"],
            "LogoutURLs": [SIGNED_OUT],
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin", "api/read"],
            "AllowedOAuthFlowsUserPoolClient": true,
            "SupportedIdentityProviders": ["COGNITO"],
        });
        merge(&mut input, settings);
        let input = serde_json::from_value(input).unwrap();
        Arc::unwrap_or_clone(self.latchkey.create_client(&self.latchkey.server_ctx(), input).await.unwrap().client)
    }

    /// A client's only secret.
    pub(crate) fn secret(&self, client: &Client) -> String {
        self.latchkey.client_secrets(client).unwrap().remove(0)
    }

    /// A confirmed user with `PASSWORD`.
    pub(crate) async fn user(&self, pool: &Pool, email: &str) -> User {
        self.invited(pool, email).await;
        self.latchkey.admin_set_password(&self.latchkey.server_ctx(), pool, email, PASSWORD, true).await.unwrap();
        self.latchkey.user(pool, email).await.unwrap()
    }

    /// A user with a temporary password, `PASSWORD`.
    pub(crate) async fn invited(&self, pool: &Pool, email: &str) -> User {
        let attributes = [("email", email), ("email_verified", "true"), ("name", "Ada Lovelace")];
        let create = AdminCreate {
            username: email.to_owned(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            temporary_password: Some(PASSWORD.to_owned().into()),
            action: Some(MessageActionType::Suppress),
            ..AdminCreate::default()
        };
        self.latchkey.admin_create_user(&self.latchkey.server_ctx(), pool, create).await.unwrap()
    }

    /// The code of the newest message to an address.
    pub(crate) fn code(&self, to: &str) -> String {
        self.mailbox.entries(Some(to)).first().and_then(|entry| entry.code.clone()).unwrap()
    }
}

pub(crate) fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}
