//! Two processes over one database: what one changes, the other sees, though it keeps much in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use http::StatusCode;
use latchkey_tests::{Actor, Answered, SigningKeys, TestServer};
use serde_json::{Value, json};
use store::{Database, Store};
use test_postgres::Cluster;

/// A pool, a client and a user of one's own, in memory of both processes.
struct Scene<'a> {
    here: &'a TestServer,
    pool: String,
    client: String,
    tokens: Value,
}

impl<'a> Scene<'a> {
    async fn set(here: &'a TestServer, there: &'a TestServer) -> Self {
        let pool = here.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
        let settings = json!({
            "CallbackURLs": ["https://app.example/cb"],
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
            "AllowedOAuthFlowsUserPoolClient": true,
            "SupportedIdentityProviders": ["COGNITO"],
        });
        let client = here.client(&pool, settings).await;
        Actor::join(here, &client, "alice").await;
        let mut scene = Self { here, pool, client, tokens: Value::Null };
        scene.sign_in(here).await;
        scene.tokens = scene.sign_in(there).await;
        assert_eq!(scene.kids(there).await.len(), 2);
        scene
    }

    async fn try_sign_in(&self, server: &TestServer) -> Answered {
        Actor::new(server, &self.client, "alice").sign_in().await
    }

    async fn sign_in(&self, server: &TestServer) -> Value {
        self.try_sign_in(server).await.ok()["AuthenticationResult"].clone()
    }

    async fn get_user(&self, server: &TestServer, tokens: &Value) -> Answered {
        server.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] })).await
    }

    async fn rotate(&self) {
        let pool = self.here.latchkey.pool(&self.pool).await.unwrap();
        self.here.latchkey.rotate_keys(&pool).await.unwrap();
    }

    fn jwks(&self) -> String {
        format!("/{}/.well-known/jwks.json", self.pool)
    }

    /// The ids of the published keys.
    async fn kids(&self, server: &TestServer) -> Vec<String> {
        let answered = server.get(&self.jwks()).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
        let document: Value = serde_json::from_str(&answered.text).unwrap();
        document["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }
}

/// The headers of both tokens, which name the keys.
fn signed_by(tokens: &Value) -> [&str; 2] {
    ["AccessToken", "IdToken"].map(|name| tokens[name].as_str().unwrap().split('.').next().unwrap())
}

async fn keys_are_followed(here: &TestServer, there: &TestServer) {
    let scene = Scene::set(here, there).await;
    let old = &scene.tokens;
    scene.rotate().await;

    // Published within a second, and not looked up more often than that.
    let reads = there.latchkey.store().counts().reads;
    assert_eq!(scene.kids(there).await.len(), 2);
    assert_eq!(there.latchkey.store().counts().reads, reads);
    here.world.clock.advance_secs(1);
    assert_eq!(scene.kids(there).await, scene.kids(here).await);
    assert_eq!(scene.kids(there).await.len(), 4);
    let new = scene.sign_in(there).await;
    assert_ne!(signed_by(&new), signed_by(old));
    assert_eq!(signed_by(&new), signed_by(&scene.sign_in(here).await));

    // A sign-in looks at once: it reads the client anyway, and reads no more for it.
    let before = there.latchkey.store().counts().reads;
    scene.sign_in(there).await;
    let reads = there.latchkey.store().counts().reads - before;
    scene.rotate().await;
    let newer = scene.sign_in(there).await;
    assert_eq!(signed_by(&newer), signed_by(&scene.sign_in(here).await));
    assert_ne!(signed_by(&newer), signed_by(&new));
    assert_eq!(scene.kids(there).await.len(), 6);
    here.world.clock.advance_secs(1);
    let before = there.latchkey.store().counts().reads;
    scene.sign_in(there).await;
    assert_eq!(there.latchkey.store().counts().reads - before, reads);
    // A clock that goes back keeps no keys for longer.
    scene.rotate().await;
    here.world.clock.advance_secs(-1);
    assert_eq!(scene.kids(there).await.len(), 8);
    here.world.clock.advance_secs(1);

    // What retired keys signed holds until it ends, on both.
    let newest = scene.sign_in(there).await;
    for server in [here, there] {
        for tokens in [old, &new, &newer, &newest] {
            scene.get_user(server, tokens).await.ok();
        }
    }
    // What a removed key signed holds no more.
    let kid = scene.kids(here).await.into_iter().find(|kid| holds(old, kid)).unwrap();
    let pool = scene.pool.as_str().into();
    here.latchkey.store().write(move |tx| tx.delete_signing_key(&pool, &kid)).await.unwrap();
    assert_eq!(scene.get_user(there, old).await.message(), "Invalid Access Token");
    scene.get_user(there, &new).await.ok();
    here.world.clock.advance_secs(3_600);
    for server in [here, there] {
        assert_eq!(scene.get_user(server, &newest).await.message(), "Access Token has expired");
    }
}

/// Whether the access token was signed by the key.
fn holds(tokens: &Value, kid: &str) -> bool {
    use base64::Engine;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signed_by(tokens)[0]).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"] == kid
}

async fn a_removed_pool_ends(here: &TestServer, there: &TestServer) {
    let published = Scene::set(here, there).await;
    let asked = Scene::set(here, there).await;
    for scene in [&published, &asked] {
        scene.get_user(there, &scene.tokens).await.ok();
        here.call("DeleteUserPool", json!({ "UserPoolId": scene.pool })).await.ok();
    }
    // Tokens at once, and with the first of them the keys.
    assert_eq!(asked.get_user(there, &asked.tokens).await.message(), "Invalid Access Token");
    assert_eq!(there.get(&asked.jwks()).await.status, StatusCode::NOT_FOUND);
    here.world.clock.advance_secs(1);
    for server in [here, there] {
        assert_eq!(server.get(&published.jwks()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(published.get_user(server, &published.tokens).await.message(), "Invalid Access Token");
        assert_eq!(published.try_sign_in(server).await.error(), "ResourceNotFound");
        let configuration = format!("/{}/.well-known/openid-configuration", published.pool);
        assert_eq!(server.get(&configuration).await.status, StatusCode::NOT_FOUND);
        let input = json!({ "ClientId": published.client, "RefreshToken": published.tokens["RefreshToken"] });
        assert_eq!(server.call("GetTokensFromRefreshToken", input).await.error(), "ResourceNotFound");
    }
}

async fn settings_are_followed(here: &TestServer, there: &TestServer) {
    let scene = Scene::set(here, there).await;
    let weak = json!({ "ClientId": scene.client, "Username": "bob", "Password": "Sh0rt-pw!" });
    let strict = json!({ "PasswordPolicy": { "MinimumLength": 20 } });
    here.call("UpdateUserPool", json!({ "UserPoolId": scene.pool, "Policies": strict })).await.ok();
    assert_eq!(there.call("SignUp", weak).await.error(), "InvalidPassword");

    let flows = json!(["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
    let input = json!({ "UserPoolId": scene.pool, "ClientId": scene.client, "ExplicitAuthFlows": flows });
    here.call("UpdateUserPoolClient", input).await.ok();
    assert_eq!(scene.try_sign_in(there).await.error(), "InvalidParameter");
    here.call("DeleteUserPoolClient", json!({ "UserPoolId": scene.pool, "ClientId": scene.client })).await.ok();
    assert_eq!(scene.try_sign_in(there).await.error(), "ResourceNotFound");
    assert_eq!(scene.get_user(there, &scene.tokens).await.message(), "Invalid Access Token");
}

async fn brands_are_followed(here: &TestServer, there: &TestServer) {
    let scene = Scene::set(here, there).await;
    // The challenge is that of RFC 7636, appendix B.
    let page = format!(
        "/login?response_type=code&client_id={}&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=openid\
         &code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        scene.client
    );
    let worn = async || {
        let page = there.get(&page).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        page.text.split('"').find(|text| text.starts_with("/brand/")).map(str::to_owned)
    };
    let button = |color: &str| {
        let look = json!({ "lightMode": { "defaults": { "backgroundColor": color, "textColor": "ffffffff" } } });
        json!({ "components": { "primaryButton": look } })
    };
    assert_eq!(worn().await, None);
    let input = json!({ "UserPoolId": scene.pool, "ClientId": scene.client, "Settings": button("123456ff") });
    let made = here.call("CreateManagedLoginBranding", input).await.ok();
    let id = made["ManagedLoginBranding"]["ManagedLoginBrandingId"].clone();
    let first = worn().await.unwrap();
    assert_eq!(worn().await.as_ref(), Some(&first));
    let input = json!({ "UserPoolId": scene.pool, "ManagedLoginBrandingId": id, "Settings": button("654321ff") });
    here.call("UpdateManagedLoginBranding", input).await.ok();
    assert_ne!(worn().await.unwrap(), first);
    let input = json!({ "UserPoolId": scene.pool, "ManagedLoginBrandingId": id });
    here.call("DeleteManagedLoginBranding", input).await.ok();
    assert_eq!(worn().await, None);
}

async fn access_keys_are_followed(here: &TestServer, there: &TestServer) {
    const ID: &str = "AKIAIOSFODNN7EXAMPLE";
    let call = async |secret: &str| {
        let keys = SigningKeys { access_key: ID, secret, session_token: None };
        there.call_with(keys, "AWSCognitoIdentityProviderService.ListUserPools", json!({ "MaxResults": 1 })).await
    };
    here.latchkey.put_root_access_key(ID, "one").await.unwrap();
    call("one").await.ok();
    here.latchkey.put_root_access_key(ID, "two").await.unwrap();
    assert_eq!(call("one").await.error(), "InvalidSignature");
    call("two").await.ok();
    assert!(here.latchkey.store().write(|tx| tx.delete_access_key(ID)).await.unwrap());
    assert_eq!(call("two").await.error(), "UnrecognizedClient");
}

async fn run(database: Database) {
    let here = TestServer::with_store(Store::open(&database).unwrap()).await;
    let there = here.another_process(Store::open(&database).unwrap()).await;
    keys_are_followed(&here, &there).await;
    a_removed_pool_ends(&here, &there).await;
    settings_are_followed(&here, &there).await;
    brands_are_followed(&here, &there).await;
    access_keys_are_followed(&here, &there).await;
}

#[tokio::test]
async fn over_a_sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    run(Database::Sqlite(folder.path().join("store.db"))).await;
}

#[tokio::test]
async fn over_postgresql() {
    let cluster = Cluster::start().unwrap();
    run(Database::Postgres(cluster.url().to_owned())).await;
}
