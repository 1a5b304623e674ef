//! Whose account a token or a browser's session lets act on, and whose it does not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Client, Reason};
use flows::{ClientContext, Ctx, EntryPoint, Subject};
use serde_json::{Value, json};

use crate::actor::Browser;
use crate::requests::authorize;
use crate::server::{PASSWORD, TestServer};

const SELF_SERVICE: &str = "openid aws.cognito.signin.user.admin";

impl TestServer {
    fn ctx(&self) -> Ctx {
        self.latchkey.make_ctx(EntryPoint::HostedUi)
    }

    async fn app(&self, client: &Client) -> ClientContext {
        self.latchkey.app(client.id.as_str()).await.unwrap()
    }

    async fn by_session(&self, client: &Client, cookie: &str) -> Option<Subject> {
        self.latchkey.subject_by_session(&self.ctx(), &self.app(client).await, cookie).await.unwrap()
    }

    async fn by_token(&self, token: &str) -> Result<Subject, Reason> {
        self.latchkey.subject_by_token(token).await.map_err(|error| error.reason)
    }

    /// An access token for these scopes.
    async fn access_token(&self, client: &Client, email: &str, scopes: &str) -> String {
        let mut browser = self.browser();
        let page = browser.open(&authorize(client, &[("scope", scopes)])).await;
        let back = browser.submit(&page, &[("username", email), ("password", PASSWORD)]).await;
        let set = self.redeem(client, &back.param("code").unwrap()).await.json();
        set["access_token"].as_str().unwrap().to_owned()
    }
}

fn session(browser: &Browser) -> String {
    browser.session().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_and_a_session_speak_for_the_same_user() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let ada = server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    server.code_for(&mut browser, &client, "ada@example.com").await;
    let by_session = server.by_session(&client, &session(&browser)).await.unwrap();
    let token = server.access_token(&client, "ada@example.com", SELF_SERVICE).await;
    let by_token = server.by_token(&token).await.unwrap();
    for subject in [&by_session, &by_token] {
        assert_eq!((&subject.user.sub, &subject.app.pool.id), (&ada.sub, &pool.id));
        assert_eq!(subject.principal(), by_token.principal());
        assert!(subject.has_password());
    }
    // What users do by themselves works for both.
    let ctx = server.ctx();
    for (subject, value) in [(&by_session, "Ada K."), (&by_token, "Ada L.")] {
        let values = [("name".to_owned(), value.to_owned())].into();
        server.latchkey.update_own_attributes(&ctx, subject, values).await.unwrap();
        let user = server.latchkey.user(&pool, "ada@example.com").await.unwrap();
        assert_eq!(user.attribute("name"), Some(value));
    }
}

#[tokio::test]
async fn a_session_of_another_pool_or_an_ended_one_is_nobodys() {
    let server = TestServer::new();
    let (pool, other) = (server.pool(json!({})).await, server.pool(json!({})).await);
    let (client, foreign) = (server.client(&pool, json!({})).await, server.client(&other, json!({})).await);
    for pool in [&pool, &other] {
        server.user(pool, "ada@example.com").await;
    }
    let mut browser = server.browser();
    let mut sign_in = async || {
        browser.jar.clear();
        server.code_for(&mut browser, &client, "ada@example.com").await;
        session(&browser)
    };

    let cookie = sign_in().await;
    assert!(server.by_session(&client, &cookie).await.is_some());
    assert!(server.by_session(&foreign, &cookie).await.is_none(), "another pool's client");
    for guess in ["", "x", &cookie[1..], &format!("{cookie}A")] {
        assert!(server.by_session(&client, guess).await.is_none(), "{guess}");
    }
    server.latchkey.end_browser_session(&cookie).await.unwrap();
    assert!(server.by_session(&client, &cookie).await.is_none(), "signed out");

    let cookie = sign_in().await;
    server.world.clock.advance_secs(3_600);
    assert!(server.by_session(&client, &cookie).await.is_none(), "an hour old");

    let cookie = sign_in().await;
    server.world.clock.advance_secs(1);
    let ctx = server.latchkey.server_ctx();
    server.latchkey.admin_set_password(&ctx, &pool, "ada@example.com", PASSWORD, true).await.unwrap();
    assert!(server.by_session(&client, &cookie).await.is_none(), "a password set since");

    let cookie = sign_in().await;
    server.latchkey.admin_reset_password(&ctx, &pool, "ada@example.com").await.unwrap();
    assert!(server.by_session(&client, &cookie).await.is_none(), "a password to be reset");
}

#[tokio::test]
async fn a_disabled_user_acts_by_neither_and_a_new_user_of_the_name_not_by_the_old_ones() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    server.code_for(&mut browser, &client, "ada@example.com").await;
    let (cookie, ctx) = (session(&browser), server.latchkey.server_ctx());
    let token = server.access_token(&client, "ada@example.com", SELF_SERVICE).await;
    server.latchkey.set_user_enabled(&ctx, &pool, "ada@example.com", false).await.unwrap();
    assert!(server.by_session(&client, &cookie).await.is_none());
    assert!(matches!(server.by_token(&token).await, Err(Reason::AccessTokenRevoked | Reason::UserDisabled)));

    let gone = server.latchkey.user(&pool, "ada@example.com").await.unwrap();
    server.latchkey.delete_user(&pool, &gone.username).await.unwrap();
    server.user(&pool, "ada@example.com").await;
    assert!(server.by_session(&client, &cookie).await.is_none());
    assert!(server.by_token(&token).await.is_err());
}

#[tokio::test]
async fn a_token_counts_only_with_the_scope_in_its_own_pool_and_until_it_is_revoked() {
    let server = TestServer::new();
    let (pool, other) = (server.pool(json!({})).await, server.pool(json!({})).await);
    let (client, foreign) = (server.client(&pool, json!({})).await, server.client(&other, json!({})).await);
    let ada = server.user(&pool, "ada@example.com").await;
    let namesake = server.user(&other, "ada@example.com").await;

    let narrow = server.access_token(&client, "ada@example.com", "openid email").await;
    assert_eq!(server.by_token(&narrow).await.err(), Some(Reason::AccessTokenScopeMissing));

    // A token of another pool speaks for that pool's user, and cannot be made to speak for this one's.
    let token = server.access_token(&foreign, "ada@example.com", SELF_SERVICE).await;
    assert_eq!(server.by_token(&token).await.unwrap().user.sub, namesake.sub);
    let parts: Vec<&str> = token.split('.').collect();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let mut forged = claims.clone();
    for (name, value) in [
        ("iss", server.latchkey.settings().issuer(&pool.id)),
        ("client_id", client.id.to_string()),
        ("sub", ada.sub.to_string()),
        ("username", ada.username.to_string()),
    ] {
        forged[name] = value.into();
        let payload = URL_SAFE_NO_PAD.encode(forged.to_string());
        let forged = [parts[0], &payload, parts[2]].join(".");
        assert_eq!(server.by_token(&forged).await.err(), Some(Reason::AccessTokenInvalid), "{name}");
    }
    for nonsense in ["", "a.b.c", parts[1]] {
        assert_eq!(server.by_token(nonsense).await.err(), Some(Reason::AccessTokenInvalid), "{nonsense}");
    }

    let token = server.access_token(&client, "ada@example.com", SELF_SERVICE).await;
    server.world.clock.advance_secs(1);
    let subject = server.by_token(&token).await.unwrap();
    server.latchkey.sign_out_own_sessions(&server.ctx(), &subject).await.unwrap();
    assert_eq!(server.by_token(&token).await.err(), Some(Reason::AccessTokenRevoked));
    server.world.clock.advance_secs(3_600);
    assert_eq!(server.by_token(&token).await.err(), Some(Reason::AccessTokenExpired));
}

#[tokio::test]
async fn a_session_that_sets_a_password_goes_on_under_another_cookie_alone() {
    const NEW: &str = "An0ther-pass word";
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let mut cookies = Vec::new();
    for _ in 0..2 {
        let mut browser = server.browser();
        server.code_for(&mut browser, &client, "ada@example.com").await;
        cookies.push(session(&browser));
    }
    server.world.clock.advance_secs(60);
    let subject = server.by_session(&client, &cookies[0]).await.unwrap();
    let ctx = server.ctx();
    let wrong = server.latchkey.change_password(&ctx, &subject, Some("Wr0ng-password!"), NEW).await;
    assert_eq!(wrong.err().map(|error| error.reason), Some(Reason::WrongCredentials));
    let renewed = server.latchkey.change_password(&ctx, &subject, Some(PASSWORD), NEW).await.unwrap().unwrap();
    for old in &cookies {
        assert!(server.by_session(&client, old).await.is_none());
    }
    assert!(server.by_session(&client, &renewed).await.is_some());
    // The session that was opened before is over: whoever holds on to it changes nothing.
    let late = server.latchkey.change_password(&ctx, &subject, Some(PASSWORD), "Y3t-another word").await;
    assert_eq!(late.err().map(|error| error.reason), Some(Reason::SessionExpired));
    assert!(server.by_session(&client, &renewed).await.is_some());
    // It is as old as it was.
    server.world.clock.advance_secs(3_540);
    assert!(server.by_session(&client, &renewed).await.is_none());
}
