//! The server as these tests want it: with pools, clients and users made beneath the doors.

use std::io::Write;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Client, Pool, User};
use flows::{AdminCreate, Rates};
use latchkey_oauth::Assets;
use latchkey_tests::Options;
pub(crate) use latchkey_tests::merge;
use protocol::idp::MessageActionType;
use serde_json::{Value, json};

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

/// The server with what these tests need of it.
pub(crate) struct TestServer(latchkey_tests::TestServer);

impl Deref for TestServer {
    type Target = latchkey_tests::TestServer;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
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
        Self::with(Options { seed: 7, google_issuer: Some(issuer.to_owned()), ..Options::default() }, None)
    }

    /// Servers of one seed make the same codes and request ids; a test that searches the common log needs its own.
    pub(crate) fn seeded(seed: u64, base_url: &str, script: Option<String>) -> Self {
        Self::with(Options { seed, base_url: base_url.to_owned(), ..Options::default() }, script)
    }

    /// Where callers may do this much in a minute.
    pub(crate) fn with_rates(rates: Rates) -> Self {
        Self::with(Options { seed: 7, rates, ..Options::default() }, None)
    }

    fn with(options: Options, script: Option<String>) -> Self {
        let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(|| Log).try_init();
        let assets =
            Assets { style: "/assets/style.css".to_owned(), script, favicon: "/assets/favicon.svg".to_owned() };
        Self(latchkey_tests::TestServer::with(Options { assets, ..options }))
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.pages.clone())
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
        self.mailbox.code(to).unwrap()
    }
}
