//! The pages of the account: a browser's session, and no app's request.

use domain::{Client, Pool};
use http::StatusCode;
use serde_json::json;

use crate::actor::{Answer, Browser};
use crate::federation::Scene;
use crate::requests::{authorize, query};
use crate::server::{CALLBACK, PASSWORD, TestServer};

const NEW: &str = "An0ther-pass word";
const THIRD: &str = "Y3t-another word";
const EMAIL: &str = "ada@example.com";

struct Place {
    server: TestServer,
    pool: Pool,
    client: Client,
}

impl Place {
    async fn new() -> Self {
        let server = TestServer::new();
        let pool = server.pool(json!({})).await;
        let client = server.client(&pool, json!({})).await;
        server.user(&pool, EMAIL).await;
        Self { server, pool, client }
    }

    fn address(&self) -> String {
        address(&self.client)
    }

    /// A browser in which Ada has signed in.
    async fn signed_in(&self) -> Browser {
        let mut browser = self.server.browser();
        self.server.code_for(&mut browser, &self.client, EMAIL).await;
        browser
    }

    async fn takes(&self, password: &str) -> bool {
        let mut browser = self.server.browser();
        let page = browser.open(&authorize(&self.client, &[])).await;
        browser.submit(&page, &[("username", EMAIL), ("password", password)]).await.at.starts_with(CALLBACK)
    }
}

fn address(client: &Client) -> String {
    format!("/account/password?client_id={}", client.id)
}

fn fields<'a>(current: &'a str, new: &'a str) -> [(&'static str, &'a str); 2] {
    [("current_password", current), ("password", new)]
}

/// The page that says why the one that was asked for is not there.
fn is_blocked(answer: &Answer, heading: &str) -> bool {
    answer.headers.get("location").is_none() && answer.says(heading) && !answer.says("<form")
}

#[tokio::test]
async fn a_password_is_changed_by_who_is_signed_in_and_knows_it() {
    let place = Place::new().await;
    let (mut browser, mut elsewhere) = (place.signed_in().await, place.signed_in().await);
    let before = browser.session().unwrap().to_owned();
    let page = browser.open(&place.address()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("Change your password") && page.says(EMAIL) && page.says("demo &lt;app&gt;"), "{}", page.body);
    assert!(page.header("content-security-policy").contains("form-action 'self';"), "the form ends here");

    let wrong = browser.submit(&page, &fields("Wr0ng-password!", NEW)).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.says("That is not your current password") && wrong.says("f-current-password-error"));
    let weak = browser.submit(&wrong, &fields(PASSWORD, "weak")).await;
    assert!(weak.status == StatusCode::BAD_REQUEST && weak.says("does not meet every point"));
    let empty = browser.submit(&weak, &fields("", NEW)).await;
    assert!(empty.status == StatusCode::BAD_REQUEST && empty.says("Fill in: Current password."));
    assert!(place.takes(PASSWORD).await);

    place.server.world.clock.advance_secs(1);
    let done = browser.submit(&empty, &fields(PASSWORD, NEW)).await;
    assert_eq!((done.status, done.path()), (StatusCode::OK, "/account/password"));
    assert!(done.says("Your password is changed. From now on"), "{}", done.body);
    assert!(!browser.open(&place.address()).await.says("Your password is changed"), "news are told once");
    assert!(!place.takes(PASSWORD).await && place.takes(NEW).await);

    // This browser stays signed in, under another cookie; what was signed in with the old password is not.
    assert_ne!(browser.session().unwrap(), before);
    assert!(browser.open(&authorize(&place.client, &[])).await.at.starts_with(CALLBACK));
    assert!(is_blocked(&elsewhere.open(&place.address()).await, "You are not signed in"));
    assert_eq!(elsewhere.open(&authorize(&place.client, &[])).await.path(), "/login");
    let mut thief = place.server.browser();
    thief.jar.insert(format!("cognito-{}", place.pool.id), before);
    assert!(is_blocked(&thief.open(&place.address()).await, "You are not signed in"));
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so_and_sent_nowhere() {
    let place = Place::new().await;
    let mut browser = place.server.browser();
    let over = browser.open(&place.address()).await;
    assert_eq!(over.status, StatusCode::FORBIDDEN);
    assert!(is_blocked(&over, "You are not signed in") && over.says("demo &lt;app&gt;"));
    assert_eq!(over.link("Go to demo"), "https://app.example/bye");

    // A form that was opened while the session stood.
    let mut browser = place.signed_in().await;
    let page = browser.open(&place.address()).await;
    place.server.world.clock.advance_secs(3_599);
    assert_eq!(browser.open(&place.address()).await.status, StatusCode::OK);
    place.server.world.clock.advance_secs(1);
    let late = browser.submit(&page, &fields(PASSWORD, NEW)).await;
    assert!(late.status == StatusCode::FORBIDDEN && is_blocked(&late, "You are not signed in"));

    let mut browser = place.signed_in().await;
    let page = browser.open(&place.address()).await;
    let ctx = place.server.latchkey.server_ctx();
    place.server.latchkey.set_user_enabled(&ctx, &place.pool, EMAIL, false).await.unwrap();
    let disabled = browser.submit(&page, &fields(PASSWORD, NEW)).await;
    assert!(disabled.status == StatusCode::FORBIDDEN && is_blocked(&disabled, "You are not signed in"));
    place.server.latchkey.set_user_enabled(&ctx, &place.pool, EMAIL, true).await.unwrap();
    assert!(place.takes(PASSWORD).await);
}

#[tokio::test]
async fn a_form_counts_only_in_the_browser_and_for_the_person_it_was_made_for() {
    let place = Place::new().await;
    let mut browser = place.signed_in().await;
    let page = browser.open(&place.address()).await;
    let (csrf, state) = (page.input("csrf").unwrap(), page.input("state").unwrap());
    let change = fields(PASSWORD, NEW);

    // Another site's form has no token, or its own browser's.
    let mut attacker = place.signed_in().await;
    let theirs = attacker.open(&place.address()).await;
    let (their_csrf, their_state) = (theirs.input("csrf").unwrap(), theirs.input("state").unwrap());
    let login = browser.open(&authorize(&place.client, &[("prompt", "login")])).await;
    let login_state = login.input("state").unwrap();
    for (csrf, state) in [
        ("", ""),
        (csrf.as_str(), ""),
        ("", state.as_str()),
        (&their_csrf, &their_state),
        (&csrf, &their_state),
        (&their_csrf, &state),
        (&csrf, &login_state),
        (&csrf, &csrf),
    ] {
        let all = [[("csrf", csrf), ("state", state)], change].concat();
        let refused = browser.post(&place.address(), &all).await;
        assert!(refused.status == StatusCode::FORBIDDEN && refused.says("open too long"), "{csrf} {state}");
    }

    // Somebody else has signed in here meanwhile.
    let bob = "bob@example.com";
    place.server.user(&place.pool, bob).await;
    place.server.code_for(&mut browser, &place.client, bob).await;
    let other = browser.submit(&page, &change).await;
    assert!(other.status == StatusCode::FORBIDDEN && other.says(bob), "{}", other.body);

    // The other client's form is not this one's, though the person is the same.
    let sibling = place.server.client(&place.pool, json!({})).await;
    let mut browser = place.signed_in().await;
    let page = browser.open(&place.address()).await;
    let all = [("csrf", page.input("csrf").unwrap()), ("state", page.input("state").unwrap())];
    let all = [[("csrf", all[0].1.as_str()), ("state", all[1].1.as_str())], change].concat();
    let sent = browser.post(&address(&sibling), &all).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(place.takes(PASSWORD).await, "nothing of all this changed it");

    // Yet it is signed in there, too; and too old a form is shown afresh.
    assert_eq!(browser.open(&address(&sibling)).await.status, StatusCode::OK);
    let plain = browser.post_json(&place.address(), &json!({ "password": NEW })).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_pools_session_opens_no_page_of_this_one() {
    let place = Place::new().await;
    let other = place.server.pool(json!({})).await;
    let foreign = place.server.client(&other, json!({})).await;
    place.server.user(&other, EMAIL).await;
    let mut browser = place.server.browser();
    place.server.code_for(&mut browser, &foreign, EMAIL).await;
    assert_eq!(browser.open(&address(&foreign)).await.status, StatusCode::OK);
    let page = browser.open(&address(&foreign)).await;
    assert!(is_blocked(&browser.open(&place.address()).await, "You are not signed in"));
    // Nor under this pool's name.
    let cookie = browser.session().unwrap().to_owned();
    browser.jar.insert(format!("cognito-{}", place.pool.id), cookie);
    assert!(is_blocked(&browser.open(&place.address()).await, "You are not signed in"));
    let all = [("csrf", page.input("csrf").unwrap()), ("state", page.input("state").unwrap())];
    let all = [[("csrf", all[0].1.as_str()), ("state", all[1].1.as_str())], fields(PASSWORD, NEW)].concat();
    let sent = browser.post(&place.address(), &all).await;
    assert!(sent.status == StatusCode::FORBIDDEN && is_blocked(&sent, "You are not signed in"));
    assert!(place.takes(PASSWORD).await);

    // On a pool's own domain other pools have no pages.
    let id = place.pool.id.clone();
    let domain = json!({ "managed_login_version": 2, "created_at": "2026-01-01T00:00:00Z" });
    place.server.latchkey.store().write(move |tx| tx.insert_domain("acme", &id, &domain)).await.unwrap();
    browser.host = "acme.localhost:9229".to_owned();
    for bad in [address(&foreign), "/account/password".to_owned(), format!("{}&client_id=x", place.address())] {
        let refused = browser.open(&bad).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.says("invalid_client"), "{bad}");
    }
    assert!(is_blocked(&browser.open(&place.address()).await, "You are not signed in"));
}

#[tokio::test]
async fn guesses_of_the_current_password_are_limited_with_those_of_change_password() {
    let place = Place::new().await;
    let mut browser = place.signed_in().await;
    let mut page = browser.open(&place.address()).await;
    for guess in 0..5 {
        page = browser.submit(&page, &fields(&format!("Wr0ng-password {guess}"), NEW)).await;
        assert!(page.says("That is not your current password"), "{guess}");
    }
    let right = browser.submit(&page, &fields(PASSWORD, NEW)).await;
    assert!(right.status == StatusCode::BAD_REQUEST && right.says("Too many tries"), "{}", right.body);

    // The same count holds for who has a token.
    let scopes = [("scope", "aws.cognito.signin.user.admin")];
    let back = browser.open(&authorize(&place.client, &scopes)).await;
    let set = place.server.redeem(&place.client, &back.param("code").unwrap()).await.json();
    let latchkey = &place.server.latchkey;
    let subject = latchkey.subject_by_token(set["access_token"].as_str().unwrap()).await.unwrap();
    let refused = latchkey.change_password(&latchkey.server_ctx(), &subject, Some(PASSWORD), THIRD).await;
    assert_eq!(refused.err().map(|error| error.reason), Some(domain::Reason::AttemptLimit));
    assert!(place.takes(PASSWORD).await);
}

#[tokio::test]
async fn an_earlier_password_is_refused_where_the_pool_remembers_them() {
    let server = TestServer::new();
    let policy = json!({ "MinimumLength": 8, "PasswordHistorySize": 2 });
    let pool = server.pool(json!({ "Policies": { "PasswordPolicy": policy } })).await;
    let client = server.client(&pool, json!({})).await;
    server.invited(&pool, EMAIL).await;
    server.latchkey.admin_set_password(&server.latchkey.server_ctx(), &pool, EMAIL, THIRD, true).await.unwrap();
    let mut browser = server.browser();
    let login = browser.open(&authorize(&client, &[])).await;
    browser.submit(&login, &[("username", EMAIL), ("password", THIRD)]).await;
    let page = browser.open(&address(&client)).await;
    assert!(page.says("differ from your last 2"));
    let same = browser.submit(&page, &fields(THIRD, THIRD)).await;
    assert!(same.status == StatusCode::BAD_REQUEST && same.says("You used this password before"), "{}", same.body);
}

#[tokio::test]
async fn who_comes_through_a_provider_is_told_that_the_password_is_kept_there() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    scene.sign_in(&mut browser, "ada").await;
    let page = browser.open(&address(&scene.client)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(is_blocked(&page, "Your password is not kept here"), "{}", page.body);
    let sent = browser.post(&address(&scene.client), &fields(PASSWORD, NEW)).await;
    assert!(sent.status == StatusCode::BAD_REQUEST && is_blocked(&sent, "Your password is not kept here"));
    assert!(scene.server.latchkey.user(&scene.pool, "acme_ada").await.unwrap().password.is_none());
}

#[tokio::test]
async fn the_page_speaks_the_language_asked_for_and_keeps_it() {
    let place = Place::new().await;
    let mut browser = place.signed_in().await;
    let page = browser.open(&format!("{}&lang=ar-XB", place.address())).await;
    assert!(page.header("content-language") == "ar-XB" && page.body.contains("dir=\"rtl\""));
    assert!(page.action(0).contains("lang=ar-XB") && page.action(0).contains("client_id="));
    let wrong = browser.submit(&page, &fields("Wr0ng-password!", NEW)).await;
    assert_eq!((wrong.status, wrong.header("content-language")), (StatusCode::BAD_REQUEST, "ar-XB"));
    for (method, status) in [("PUT", 405), ("DELETE", 405), ("HEAD", 200)] {
        let request = http::Request::builder().method(method).uri(place.address());
        let answer = browser.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{method}");
    }
    // A request that an app makes is none of this page's: it goes by client_id alone.
    let carried = browser.open(&format!("/account/password?{}", query(&place.client, &[]))).await;
    assert!(carried.status == StatusCode::OK && !carried.action(0).contains("redirect_uri"));
}
