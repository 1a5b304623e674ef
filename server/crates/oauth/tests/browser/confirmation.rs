//! Accounts that are not confirmed yet: what their pages say is true, and from every state there is a way in.

use domain::{Client, Pool, UserStatus};
use http::StatusCode;
use serde_json::{Value, json};

use crate::actor::{Answer, Browser};
use crate::requests::{authorize, query};
use crate::server::{CALLBACK, PASSWORD, TestServer};

const NEW: &str = "new@example.com";

async fn pool_and_client(server: &TestServer, pool: Value) -> (Pool, Client) {
    let pool = server.pool(pool).await;
    let client = server.client(&pool, json!({})).await;
    (pool, client)
}

fn by_link() -> Value {
    json!({ "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_LINK" } })
}

async fn sign_up(browser: &mut Browser, client: &Client, email: &str) -> Answer {
    let page = browser.open(&format!("/signup?{}", query(client, &[]))).await;
    browser.submit(&page, &[("username", email), ("password", PASSWORD)]).await
}

async fn sign_in(browser: &mut Browser, client: &Client, email: &str, password: &str) -> Answer {
    let page = browser.open(&authorize(client, &[("prompt", "login")])).await;
    browser.submit(&page, &[("username", email), ("password", password)]).await
}

fn mails(server: &TestServer, to: &str) -> usize {
    server.mailbox.to(to).len()
}

fn newest_link(server: &TestServer, to: &str) -> String {
    let link = server.mailbox.to(to).pop().and_then(|mail| mail.link.clone()).unwrap();
    link.strip_prefix("http://localhost:9229").unwrap().to_owned()
}

#[tokio::test]
async fn where_a_link_confirms_no_page_asks_for_a_code_and_who_opened_it_goes_on() {
    let server = TestServer::new();
    let (_, client) = pool_and_client(&server, by_link()).await;
    for reloads in [true, false] {
        let email = format!("{reloads}@example.com");
        let mut browser = server.browser();
        let page = sign_up(&mut browser, &client, &email).await;
        assert_eq!((page.status, page.path()), (StatusCode::OK, "/confirm"), "{}", page.body);
        assert!(
            page.says("We sent a link to")
                && page.input("code").is_none()
                && !page.says("a code")
                && !page.says("new code"),
            "{}",
            page.body
        );
        let early = browser.submit(&page, &[]).await;
        assert!(early.status == StatusCode::BAD_REQUEST && early.says("Open the link"), "{}", early.body);
        let waits = browser.open(&page.at).await;
        assert_eq!((waits.status, waits.path()), (StatusCode::OK, "/confirm"));

        server.world.clock.advance_secs(31);
        let again = browser.submit_form(&waits, 1, &[]).await;
        assert!(again.says("A new link is on its way"), "{}", again.body);
        assert!(server.browser().open(&newest_link(&server, &email)).await.says("is confirmed"));
        let app = if reloads { browser.open(&again.at).await } else { browser.submit(&again, &[]).await };
        assert_eq!(app.path(), CALLBACK, "{}", app.body);
        assert!(browser.has_session());
    }
}

#[tokio::test]
async fn who_signs_in_before_confirming_is_sent_what_the_page_says_and_is_then_signed_in() {
    let server = TestServer::new();
    let (pool, client) = pool_and_client(&server, json!({})).await;
    sign_up(&mut server.browser(), &client, NEW).await;
    let old = server.code(NEW);

    let mut browser = server.browser();
    let wrong = sign_in(&mut browser, &client, NEW, "Wr0ng-password!").await;
    assert!(wrong.says("do not match") && mails(&server, NEW) == 1, "nothing is told or sent without the password");
    let page = sign_in(&mut browser, &client, NEW, PASSWORD).await;
    assert!(page.path() == "/confirm" && page.says("not confirmed yet") && page.says("We sent a code to"));
    assert_eq!(mails(&server, NEW), 2, "and it is true");
    assert_ne!(server.code(NEW), old);
    let app = browser.submit(&page, &[("code", &server.code(NEW))]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);
    assert_eq!(server.latchkey.user(&pool, NEW).await.unwrap().status, UserStatus::Confirmed);

    // Once too many were asked for, none is promised; the newest is still good.
    sign_up(&mut browser, &client, "late@example.com").await;
    let mut sent = 1;
    let page = loop {
        let page = sign_in(&mut browser, &client, "late@example.com", PASSWORD).await;
        if mails(&server, "late@example.com") == sent {
            break page;
        }
        assert!(page.says("We sent a code to"));
        sent += 1;
        assert!(sent < 20, "no limit");
    };
    assert!(page.path() == "/confirm" && !page.says("We sent a code to") && page.says("newest message"));
    let app = browser.submit(&page, &[("code", &server.code("late@example.com"))]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);
}

#[tokio::test]
async fn who_forgot_the_password_of_an_unconfirmed_account_gets_in() {
    let server = TestServer::new();
    let (pool, client) = pool_and_client(&server, json!({})).await;
    let mut browser = server.browser();
    sign_up(&mut browser, &client, NEW).await;
    let before = mails(&server, NEW);
    let page = browser.open(&format!("/forgotPassword?{}", query(&client, &[]))).await;
    let reset = browser.submit(&page, &[("username", NEW)]).await;
    assert_eq!((reset.path(), mails(&server, NEW)), ("/confirmforgotPassword", before + 1), "{}", reset.body);
    let own = "Br4nd-new password";
    let login = browser.submit(&reset, &[("code", &server.code(NEW)), ("password", own)]).await;
    assert!(login.says("Your password is changed"), "{}", login.body);
    assert_eq!(sign_in(&mut browser, &client, NEW, own).await.path(), CALLBACK);
    let user = server.latchkey.user(&pool, NEW).await.unwrap();
    assert!(user.status == UserStatus::Confirmed && user.is_verified("email"), "the code proved the address");

    // For a name that nobody has, the same words, and nothing is sent.
    let page = browser.open(&format!("/forgotPassword?{}", query(&client, &[]))).await;
    let nobody = browser.submit(&page, &[("username", "no@example.com")]).await;
    assert!(nobody.says("If you have an account here") && reset.says("If you have an account here"));
    assert_eq!(mails(&server, "no@example.com"), 0);
}

#[tokio::test]
async fn where_an_administrator_confirms_nothing_is_said_to_be_ready_or_sent() {
    let server = TestServer::new();
    let (pool, client) = pool_and_client(&server, json!({ "AutoVerifiedAttributes": [] })).await;
    let mut browser = server.browser();
    let made = sign_up(&mut browser, &client, NEW).await;
    assert!(made.path() == "/login" && made.says("have to confirm it") && !made.says("is ready"), "{}", made.body);
    let waits = sign_in(&mut browser, &client, NEW, PASSWORD).await;
    assert!(waits.path() == "/login" && waits.says("Ask the people who run the app"), "{}", waits.body);
    assert_eq!(server.mailbox.count(), 0);
    server.latchkey.admin_confirm_sign_up(&server.latchkey.server_ctx(), &pool, NEW).await.unwrap();
    assert_eq!(sign_in(&mut browser, &client, NEW, PASSWORD).await.path(), CALLBACK);

    let recovery = json!({ "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] });
    let (_, client) = pool_and_client(&server, json!({ "AccountRecoverySetting": recovery })).await;
    let page = browser.open(&format!("/forgotPassword?{}", query(&client, &[]))).await;
    let refused = browser.submit(&page, &[("username", NEW)]).await;
    assert!(
        refused.path() == "/forgotPassword" && refused.says("does not reset passwords by code"),
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn a_mistyped_address_can_be_corrected_before_it_is_confirmed() {
    let server = TestServer::new();
    let (pool, client) = pool_and_client(&server, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    let page = sign_up(&mut browser, &client, "nwe@example.com").await;
    assert_eq!(page.input("email").as_deref(), Some("nwe@example.com"), "{}", page.body);
    let old = server.code("nwe@example.com");
    for (typed, said) in [
        ("", "Fill in: Email."),
        ("new@", "does not look like an email address"),
        ("ada@example.com", "already exists"),
    ] {
        let refused = browser.submit_form(&page, 2, &[("email", typed)]).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.says(said), "{typed}: {}", refused.body);
        assert_eq!(
            refused.input("email").as_deref(),
            Some(typed).filter(|typed| !typed.is_empty()).or(Some("nwe@example.com"))
        );
    }
    let sent = browser.submit_form(&page, 2, &[("email", NEW)]).await;
    assert!(sent.path() == "/confirm" && sent.says(">new@example.com<"), "{}", sent.body);
    let refused = browser.submit(&sent, &[("code", &old)]).await;
    assert!(refused.says("That code is not right"), "the code that went astray is void: {}", refused.body);
    let app = browser.submit(&refused, &[("code", &server.code(NEW))]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);
    let user = server.latchkey.user(&pool, NEW).await.unwrap();
    assert!(user.is_verified("email") && server.latchkey.user(&pool, "nwe@example.com").await.is_err());
    assert_eq!(sign_in(&mut browser, &client, NEW, PASSWORD).await.path(), CALLBACK);
}

#[tokio::test]
async fn a_confirmation_signs_in_only_who_proved_the_password_that_holds() {
    let server = TestServer::new();
    let (pool, client) = pool_and_client(&server, json!({})).await;
    let mut browser = server.browser();
    let page = sign_up(&mut browser, &client, NEW).await;
    // In another browser the form is nobody's.
    let mut other = server.browser();
    other.open(&authorize(&client, &[])).await;
    let foreign = other.submit(&page, &[("code", &server.code(NEW))]).await;
    assert!(foreign.status == StatusCode::FORBIDDEN && !other.has_session(), "{}", foreign.body);
    // A password that was set meanwhile ends it.
    let admin = server.latchkey.server_ctx();
    server.latchkey.admin_set_password(&admin, &pool, NEW, "An0ther-pass word", true).await.unwrap();
    let ended = browser.open(&page.at).await;
    assert!(!ended.at.starts_with(CALLBACK) && !browser.has_session(), "{}", ended.at);
    let ended = browser.submit(&page, &[("code", &server.code(NEW))]).await;
    assert!(!ended.at.starts_with(CALLBACK) && !browser.has_session(), "{}", ended.at);
}
