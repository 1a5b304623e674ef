//! The links of verification mails: who opens them, how often, and what that proves.

use std::sync::Arc;

use axum::body::Body;
use domain::{Client, Pool, UserStatus};
use flows::ClientContext;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::actor::{Answer, Browser};
use crate::server::{PASSWORD, TestServer};

/// A pool that confirms by link, and a client.
async fn linking(server: &TestServer, client: Value) -> (Pool, Client) {
    let template = json!({ "DefaultEmailOption": "CONFIRM_WITH_LINK" });
    let pool = server.pool(json!({ "VerificationMessageTemplate": template })).await;
    let client = server.client(&pool, client).await;
    (pool, client)
}

/// Signs up on the page; answers the link that was mailed, as the server serves it.
async fn sign_up(server: &TestServer, client: &Client, email: &str) -> String {
    let mut browser = server.browser();
    let page = browser.open(&format!("/signup?{}", crate::requests::query(client, &[]))).await;
    browser.submit(&page, &[("username", email), ("password", PASSWORD)]).await;
    newest_link(server, email)
}

fn newest_link(server: &TestServer, email: &str) -> String {
    let mail = server.mailbox.to(email).pop().unwrap();
    let link = mail.link.clone().unwrap();
    assert!(mail.html.as_ref().unwrap().contains(&link.replace('&', "&amp;")), "the mail holds the link");
    assert!(mail.text.contains(&link));
    link.strip_prefix("http://localhost:9229").unwrap().to_owned()
}

async fn status(server: &TestServer, pool: &Pool, email: &str) -> UserStatus {
    server.latchkey.user(pool, email).await.unwrap().status
}

async fn look(browser: &mut Browser, method: Method, link: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(link);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.send(request.body(Body::empty()).unwrap()).await
}

const CONFIRMED: &str = "Your email address is confirmed";

#[tokio::test]
async fn a_link_confirms_and_says_so_however_often_it_is_opened() {
    let server = TestServer::new();
    let (pool, client) = linking(&server, json!({})).await;
    let link = sign_up(&server, &client, "new@example.com").await;
    assert_eq!(status(&server, &pool, "new@example.com").await, UserStatus::Unconfirmed);
    let mut browser = server.browser();
    for _ in 0..3 {
        let page = browser.open(&link).await;
        assert!(page.status == StatusCode::OK && page.says(CONFIRMED), "{}", page.body);
        assert!(page.says("href=\"https://app.example/bye\""), "the way on is the app's own page: {}", page.body);
        assert!(!page.says("Latchkey"));
    }
    assert_eq!(status(&server, &pool, "new@example.com").await, UserStatus::Confirmed);
    let user = server.latchkey.user(&pool, "new@example.com").await.unwrap();
    assert!(user.is_verified("email"));
    // Guessing goes on not to work once somebody is confirmed, nor does the used link once its day is over.
    let guess = browser.open(&link.replace("confirmation_code=", "confirmation_code=0")).await;
    assert!(guess.status == StatusCode::BAD_REQUEST && !guess.says(CONFIRMED));
    server.world.clock.advance(jiff::SignedDuration::from_hours(24));
    let late = browser.open(&link).await;
    assert!(late.status == StatusCode::BAD_REQUEST && !late.says(CONFIRMED));
}

#[tokio::test]
async fn a_machine_that_only_looks_confirms_nothing() {
    let server = TestServer::new();
    let (pool, client) = linking(&server, json!({})).await;
    let link = sign_up(&server, &client, "new@example.com").await;
    let mut browser = server.browser();
    let head = look(&mut browser, Method::HEAD, &link, &[]).await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    for header in [("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "prefetch")] {
        let looked = look(&mut browser, Method::GET, &link, &[header]).await;
        assert_eq!(looked.status, StatusCode::SERVICE_UNAVAILABLE, "{header:?}");
    }
    assert_eq!(look(&mut browser, Method::POST, &link, &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(status(&server, &pool, "new@example.com").await, UserStatus::Unconfirmed);
    assert!(browser.open(&link).await.says(CONFIRMED), "and nothing is used up");
}

#[tokio::test]
async fn a_link_is_of_its_user_its_pool_and_its_day() {
    let server = TestServer::new();
    let (pool, client) = linking(&server, json!({})).await;
    let (_, foreign) = linking(&server, json!({})).await;
    let link = sign_up(&server, &client, "new@example.com").await;
    let other = sign_up(&server, &client, "other@example.com").await;
    let code = |link: &str| link.rsplit('=').next().unwrap().to_owned();
    assert_ne!(code(&link), code(&other));
    let mut browser = server.browser();
    for (forged, why) in [
        (link.replace(&code(&link), &code(&other)), "invalid_code"),
        (link.replace(&code(&link), ""), "invalid_request"),
        (link.replace("user_name=", "user_name=x"), "invalid_code"),
        (link.replace(client.id.as_str(), foreign.id.as_str()), "invalid_code"),
        (link.replace(client.id.as_str(), "nobody"), "invalid_client"),
        (link.replace("confirmation_code", "code"), "invalid_request"),
    ] {
        let refused = browser.open(&forged).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{forged}");
        assert!(refused.says(why) && !refused.says(CONFIRMED), "{forged}: {}", refused.body);
    }
    assert_eq!(status(&server, &pool, "new@example.com").await, UserStatus::Unconfirmed);

    // A newer mail's link takes the place of an older one, and both end after a day.
    let app = ClientContext { pool: Arc::new(pool.clone()), client: Arc::new(client) };
    server.latchkey.resend_code(&server.latchkey.server_ctx(), &app, "new@example.com").await.unwrap();
    let newer = newest_link(&server, "new@example.com");
    assert_ne!(link, newer);
    assert_eq!(browser.open(&link).await.status, StatusCode::BAD_REQUEST);
    server.world.clock.advance(jiff::SignedDuration::from_hours(24));
    for link in [&newer, &other] {
        assert_eq!(browser.open(link).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(status(&server, &pool, "new@example.com").await, UserStatus::Unconfirmed);
}

#[tokio::test]
async fn a_pools_own_host_opens_its_own_links_alone() {
    let server = TestServer::at("https://auth.example.com", None);
    let (pool, client) = linking(&server, json!({})).await;
    let (foreign, _) = linking(&server, json!({})).await;
    for (name, pool) in [("acme", &pool), ("other", &foreign)] {
        let id = pool.id.clone();
        let domain = domain::PoolDomain {
            managed_login_version: 2,
            custom: None,
            routing: None,
            created_at: server.latchkey.now(),
        };
        let kept = server.latchkey.store().write(move |tx| tx.insert_domain(name, &id, &domain));
        kept.await.unwrap();
    }
    let app = ClientContext { pool: Arc::new(pool.clone()), client: Arc::new(client.clone()) };
    let sign_up = flows::SignUp { username: "new@example.com", password: PASSWORD, attributes: Default::default() };
    server.latchkey.sign_up(&server.latchkey.server_ctx(), &app, sign_up).await.unwrap();
    let link = server.mailbox.to("new@example.com")[0].link.clone().unwrap();
    let link = link.strip_prefix("https://auth.example.com").unwrap();
    let mut browser = server.browser();
    browser.host = "other.auth.example.com".to_owned();
    assert!(browser.open(link).await.says("invalid_client"));
    browser.host = "acme.auth.example.com".to_owned();
    assert!(browser.open(&link.replace("/confirmUser?", "/confirmUser/?")).await.says(CONFIRMED));
}

#[tokio::test]
async fn the_page_leads_to_where_people_find_the_app() {
    let server = TestServer::new();
    for (number, (client, way_on)) in [
        (json!({ "LogoutURLs": [], "DefaultRedirectURI": "https://app.example/cb" }), Some("https://app.example/")),
        (json!({ "LogoutURLs": ["myapp://bye"], "CallbackURLs": ["myapp://callback"] }), None),
    ]
    .into_iter()
    .enumerate()
    {
        let (_, client) = linking(&server, client).await;
        let app = server.latchkey.app(client.id.as_str()).await.unwrap();
        let email = format!("{number}@example.com");
        let sign_up = flows::SignUp { username: &email, password: PASSWORD, attributes: Default::default() };
        server.latchkey.sign_up(&server.latchkey.server_ctx(), &app, sign_up).await.unwrap();
        let page = server.browser().open(&newest_link(&server, &email)).await;
        assert!(page.says(CONFIRMED));
        match way_on {
            Some(href) => assert!(page.says(&format!("href=\"{href}\"")), "{}", page.body),
            None => assert!(!page.says("myapp:") && page.says("close this page"), "{}", page.body),
        }
    }
}
