//! No page is a dead end: steps give people time, what has ended says so and keeps the name, and nothing that was refused
//! is the answer to a post.

use domain::{Client, Pool};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::actor::{Answer, Browser};
use crate::factors::totp;
use crate::requests::{authorize, query};
use crate::server::{CALLBACK, PASSWORD, TestServer};

const ADA: &str = "ada@example.com";

async fn pool_and_client(server: &TestServer, mfa: Value) -> (Pool, Client) {
    let recovery = json!({ "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] });
    let pool = server.pool(json!({ "AccountRecoverySetting": recovery })).await;
    let mut input = json!({ "UserPoolId": pool.id });
    crate::server::merge(&mut input, mfa);
    let change = move |pool: &mut Pool| domain::set_pool_mfa(pool, serde_json::from_value(input.clone()).unwrap());
    server.latchkey.change_pool(&server.latchkey.server_ctx(), &pool.id, change).await.unwrap();
    let pool = server.latchkey.pool(pool.id.as_str()).await.unwrap();
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, ADA).await;
    (pool, client)
}

fn by_totp() -> Value {
    json!({ "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true } })
}

fn by_mail() -> Value {
    json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": { "Message": "{####}", "Subject": "Code" } })
}

async fn sign_in(browser: &mut Browser, client: &Client) -> Answer {
    let page = browser.open(&authorize(client, &[("prompt", "login")])).await;
    browser.submit(&page, &[("username", ADA), ("password", PASSWORD)]).await
}

fn secret_of(page: &Answer) -> String {
    page.body.split("secret=").nth(1).unwrap().split(['&', '"']).next().unwrap().to_owned()
}

#[tokio::test]
async fn an_authenticator_is_set_up_and_asked_without_haste() {
    let server = TestServer::new();
    let (_, client) = pool_and_client(&server, by_totp()).await;
    let mut browser = server.browser();
    let page = sign_in(&mut browser, &client).await;
    let secret = secret_of(&page);
    assert!(page.path() == "/mfa/setup" && page.says("You have an hour"), "{}", page.body);
    server.world.clock.advance_secs(59 * 60);
    let code = totp(&secret, server.latchkey.now().as_second());
    let app = browser.submit(&page, &[("code", &code), ("device_name", "")]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);

    let page = sign_in(&mut browser, &client).await;
    server.world.clock.advance_secs(59 * 60);
    let reopened = browser.open(&page.at).await;
    assert_eq!(reopened.path(), "/mfa");
    let code = totp(&secret, server.latchkey.now().as_second());
    assert_eq!(browser.submit(&reopened, &[("code", &code)]).await.path(), CALLBACK);
}

#[tokio::test]
async fn a_step_that_has_ended_leads_to_the_sign_in_with_the_name_and_the_reason() {
    let server = TestServer::new();
    let (pool, client) = pool_and_client(&server, by_totp()).await;
    let mut browser = server.browser();
    let told = |page: &Answer| {
        assert_eq!(page.path(), "/login", "{}", page.body);
        assert!(page.says("That took too long") && page.input("username").as_deref() == Some(ADA), "{}", page.body);
    };
    let page = sign_in(&mut browser, &client).await;
    server.world.clock.advance_secs(3_600);
    let right = totp(&secret_of(&page), server.latchkey.now().as_second());
    told(&browser.open(&page.at).await);
    told(&browser.submit(&page, &[("code", &right)]).await);

    // So does one that ends earlier, by a new password.
    let page = sign_in(&mut browser, &client).await;
    let admin = server.latchkey.server_ctx();
    server.latchkey.admin_set_password(&admin, &pool, ADA, "An0ther-pass word", true).await.unwrap();
    told(&browser.submit(&page, &[("code", "123456")]).await);
}

#[tokio::test]
async fn a_sent_code_ends_after_ten_minutes_and_another_one_is_to_be_had() {
    let server = TestServer::new();
    let (_, client) = pool_and_client(&server, by_mail()).await;
    let mut browser = server.browser();
    let page = sign_in(&mut browser, &client).await;
    let first = server.code(ADA);
    server.world.clock.advance_secs(599);
    let app = browser.submit(&page, &[("code", &first)]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);

    let page = sign_in(&mut browser, &client).await;
    let old = server.code(ADA);
    server.world.clock.advance_secs(600);
    let late = browser.submit(&page, &[("code", &old)]).await;
    assert!(late.path() == "/mfa" && late.says("That code is too old"), "{}", late.body);
    let again = browser.submit_form(&late, 1, &[]).await;
    assert!(again.path() == "/mfa" && again.says("A new code is on its way to a***@e***"), "{}", again.body);
    assert_ne!(server.code(ADA), old);
    // The form before it is spent, so that one code counts.
    let spent = browser.clone().submit(&late, &[("code", &old)]).await;
    assert_eq!(spent.path(), "/login", "{}", spent.body);
    let app = browser.submit(&again, &[("code", &server.code(ADA))]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);

    // Too many are refused, and the code that was sent last is still good.
    let mut page = sign_in(&mut browser, &client).await;
    for _ in 0..20 {
        page = browser.submit_form(&page, 1, &[]).await;
    }
    assert!(page.path() == "/mfa" && page.says("Too many codes"), "{}", page.body);
    let app = browser.submit(&page, &[("code", &server.code(ADA))]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);
}

#[tokio::test]
async fn a_form_on_which_nothing_depends_may_lie_open_all_day() {
    let server = TestServer::new();
    let (_, client) = pool_and_client(&server, json!({ "MfaConfiguration": "OFF" })).await;
    let mut browser = server.browser();
    let page = browser.open(&authorize(&client, &[])).await;
    server.world.clock.advance_secs(23 * 3_600);
    let fields = [("username", ADA), ("password", PASSWORD)];
    assert_eq!(browser.clone().submit(&page, &fields).await.path(), CALLBACK);
    server.world.clock.advance_secs(3_600);
    let late = browser.submit(&page, &fields).await;
    assert!(late.path() == "/login" && late.says("open too long"), "{}", late.body);
    assert_eq!(late.input("username").as_deref(), Some(ADA));
    assert_eq!(browser.submit(&late, &fields).await.path(), CALLBACK);
}

/// Posts a form as it is, without following where the answer leads.
async fn post(browser: &mut Browser, page: &Answer, form: usize, fields: &[(&str, &str)]) -> Answer {
    let (csrf, state) = (page.input("csrf").unwrap(), page.input("state").unwrap());
    let mut all = vec![("csrf", csrf.as_str()), ("state", state.as_str())];
    all.extend_from_slice(fields);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
    let request = Request::post(page.action(form)).header("content-type", "application/x-www-form-urlencoded");
    browser.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn what_is_refused_is_told_once_on_a_page_that_can_be_reloaded() {
    let server = TestServer::new();
    let (_, client) = pool_and_client(&server, by_totp()).await;
    let query = query(&client, &[]);
    let mut browser = server.browser();
    let login = browser.open(&format!("/login?{query}")).await;
    let sign_up = browser.open(&format!("/signup?{query}")).await;
    let forgot = browser.open(&format!("/forgotPassword?{query}")).await;
    let set_up = sign_in(&mut browser, &client).await;
    let confirm = browser.submit(&sign_up, &[("username", "new@example.com"), ("password", PASSWORD)]).await;
    for (page, form, fields, said) in [
        (&login, 0, &[("username", ADA), ("password", "Wr0ng-password!")][..], "do not match"),
        (&sign_up, 0, &[("username", "a@b"), ("password", PASSWORD)], "does not look like an email"),
        (&forgot, 0, &[("username", ADA)], "does not reset passwords by code"),
        (&set_up, 0, &[("code", "000000"), ("device_name", "My phone")], "does not belong to this key"),
        (&confirm, 0, &[("code", "000000")], "That code is not right"),
        (&confirm, 2, &[("email", "a@b")], "does not look like an email"),
    ] {
        let answer = post(&mut browser, page, form, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{said}: {}", answer.body);
        let told = browser.open(&answer.at).await;
        assert!(told.status == StatusCode::BAD_REQUEST && told.says(said), "{said}: {}", told.body);
        for (name, typed) in fields.iter().filter(|(name, _)| !name.ends_with("password") && *name != "code") {
            assert_eq!(told.input(name).as_deref(), Some(*typed), "what was typed is kept");
        }
        let mailed = server.mailbox.count();
        let reloaded = browser.open(&answer.at).await;
        assert!(reloaded.status == StatusCode::OK && !reloaded.says(said), "{said}: {}", reloaded.body);
        assert_eq!((reloaded.path(), server.mailbox.count()), (told.path(), mailed));
    }

    // Nor on the page of the account.
    let (_, client) = pool_and_client(&server, json!({ "MfaConfiguration": "OFF" })).await;
    server.code_for(&mut browser, &client, ADA).await;
    let page = browser.open(&format!("/account/password?client_id={}", client.id)).await;
    let wrong = [("current_password", "Wr0ng-password!"), ("password", "N3w-password!")];
    let answer = post(&mut browser, &page, 0, &wrong).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(browser.open(&answer.at).await.says("not your current password"));
    assert!(!browser.open(&answer.at).await.says("not your current password"));
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_so() {
    let server = TestServer::new();
    let (_, client) = pool_and_client(&server, json!({ "MfaConfiguration": "OFF" })).await;
    for path in ["/login", "/signup", "/forgotPassword"] {
        let mut browser = server.browser();
        let page = browser.open(&format!("{path}?{}", query(&client, &[]))).await;
        assert!(!page.says("keeps no cookies"));
        browser.jar.clear();
        let answer = post(&mut browser, &page, 0, &[("username", ADA), ("password", PASSWORD)]).await;
        // One that has lost them gets new ones, and sends the form again.
        let mut kept = browser.clone();
        let told = kept.open(&answer.at).await;
        assert!(told.says("open too long") && !told.says("keeps no cookies"), "{path}: {}", told.body);
        assert_eq!(told.input("username").as_deref(), Some(ADA));
        browser.jar.clear();
        let told = browser.open(&answer.at).await;
        assert!(told.status == StatusCode::BAD_REQUEST && told.says("keeps no cookies"), "{path}: {}", told.body);
    }
    // With scripts.
    let mut browser = server.browser();
    let page = browser.open(&format!("/login?{}", query(&client, &[]))).await;
    browser.jar.clear();
    let action = page.action(0).replacen("/login", "/login/srp", 1);
    let (csrf, state) = (page.input("csrf").unwrap(), page.input("state").unwrap());
    let start = json!({ "step": "start", "username": ADA, "srpA": "abcd", "csrf": csrf, "state": state });
    let location = browser.post_json(&action, &start).await.json()["location"].as_str().unwrap().to_owned();
    browser.jar.clear();
    assert!(browser.open(&location).await.says("keeps no cookies"));
}
