//! Which brand the pages wear, and what that costs.

use domain::{Client, ClientId, Pool};
use http::StatusCode;
use serde_json::{Value, json};

use crate::actor::Answer;
use crate::brand::{PNG, brand, domain, get};
use crate::requests::{authorize, query};
use crate::server::{TestServer, log, merge};

/// Settings whose button has this colour, and a logo on the form.
fn settings(button: &str) -> Value {
    json!({
        "components": {
            "form": { "logo": { "enabled": true } },
            "primaryButton": { "lightMode": { "defaults": { "backgroundColor": button, "textColor": "ffffffff" } } },
        },
    })
}

fn logo() -> Value {
    json!([{ "Category": "FORM_LOGO", "ColorMode": "DYNAMIC", "Extension": "PNG", "Bytes": protocol::Blob(PNG.to_vec()) }])
}

async fn customize(server: &TestServer, pool: &Pool, client: Option<&Client>, css: &str) {
    let mut input = json!({ "UserPoolId": pool.id, "CSS": css });
    if let Some(client) = client {
        merge(&mut input, json!({ "ClientId": client.id }));
    }
    server
        .latchkey
        .set_ui_customization(&server.latchkey.server_ctx(), serde_json::from_value(input).unwrap())
        .await
        .unwrap();
}

async fn login(server: &TestServer, host: &str, client: &Client) -> Answer {
    let mut browser = server.browser();
    browser.host = host.to_owned();
    let page = browser.open(&format!("/login?{}", query(client, &[]))).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page
}

/// The addresses of the brand's files on a page.
fn files(page: &Answer) -> Vec<String> {
    let quoted = page.body.split('"').filter(|text| text.starts_with("/brand/"));
    let mut files: Vec<String> = quoted.map(str::to_owned).collect();
    files.sort();
    files.dedup();
    files
}

fn sheet(page: &Answer) -> Option<String> {
    files(page).into_iter().find(|file| file.ends_with(".css"))
}

const MAIN: &str = "localhost:9229";

#[tokio::test]
async fn every_page_wears_the_clients_branding() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let (client, plain) = (server.client(&pool, json!({})).await, server.client(&pool, json!({})).await);
    let hashes = brand(&server, &pool, &client, json!({ "Settings": settings("123456ff"), "Assets": logo() })).await;
    let page = login(&server, MAIN, &client).await;
    let address = sheet(&page).unwrap();
    assert!(address.starts_with(&format!("/brand/{}/", client.id)), "{address}");
    assert!(files(&page).contains(&format!("/brand/{}.png", hashes[0])), "{:?}", files(&page));
    for path in ["/signup", "/forgotPassword"] {
        let page = server.browser().open(&format!("{path}?{}", query(&client, &[]))).await;
        assert_eq!(sheet(&page), Some(address.clone()), "{path}");
    }
    let bye = server.browser().open(&format!("/logout?client_id={}", client.id)).await;
    assert_eq!(sheet(&bye), Some(address.clone()));
    server.user(&pool, "ada@example.com").await;
    let (mut browser, account) = (server.browser(), format!("/account/password?client_id={}", client.id));
    assert_eq!(sheet(&browser.open(&account).await), Some(address.clone()), "nobody is signed in");
    server.code_for(&mut browser, &client, "ada@example.com").await;
    let page = browser.open(&account).await;
    assert!(page.says("<form") && sheet(&page) == Some(address.clone()), "{}", page.body);
    assert_eq!(files(&login(&server, MAIN, &plain).await), [""; 0]);

    let got = get(&server, MAIN, &address).await;
    assert_eq!((got.status, got.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    assert_eq!(got.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert!(got.text().contains("#123456"), "{}", got.text());

    // Changed, it has another address; the old one gives what there is now, and not for ever.
    let id = server.latchkey.branding_of_client(pool.id.as_str(), client.id.as_str()).await.unwrap().branding.id;
    let change = json!({ "UserPoolId": pool.id, "ManagedLoginBrandingId": id, "Settings": settings("654321ff") });
    server
        .latchkey
        .update_branding(&server.latchkey.server_ctx(), serde_json::from_value(change).unwrap())
        .await
        .unwrap();
    let changed = sheet(&login(&server, MAIN, &client).await).unwrap();
    assert_ne!(changed, address);
    let old = get(&server, MAIN, &address).await;
    assert_eq!((old.status, old.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(old.text().contains("#654321") && old.body == get(&server, MAIN, &changed).await.body);
    server.latchkey.delete_branding(pool.id.as_str(), &id).await.unwrap();
    assert_eq!(files(&login(&server, MAIN, &client).await), [""; 0]);
    assert_eq!(get(&server, MAIN, &changed).await.status, StatusCode::NOT_FOUND);
    for wrong in [format!("/brand/{}/x.css", client.id), format!("/brand/nobody/{}.css", "0".repeat(32))] {
        assert_eq!(get(&server, MAIN, &wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn the_site_decides_which_brand_applies() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let (client, other) = (server.client(&pool, json!({})).await, server.client(&pool, json!({})).await);
    domain(&server, &pool, "managed", 2).await;
    domain(&server, &pool, "classic", 1).await;
    let text = |host: &'static str, client: &Client| {
        let (server, client) = (&server, client.clone());
        async move {
            match sheet(&login(server, host, &client).await) {
                Some(address) => get(server, host, &address).await.text(),
                None => String::new(),
            }
        }
    };
    let hosts = [MAIN, "managed.localhost", "classic.localhost"];
    for host in hosts {
        assert_eq!(text(host, &client).await, "", "{host}");
    }
    customize(&server, &pool, None, ".submitButton-customizable { background-color: #0a0a0a }").await;
    assert!(text(MAIN, &client).await.contains("#0a0a0a") && text(hosts[2], &client).await.contains("#0a0a0a"));
    assert_eq!(text(hosts[1], &client).await, "");
    customize(&server, &pool, Some(&client), ".submitButton-customizable { background-color: #0b0b0b }").await;
    assert!(text(MAIN, &client).await.contains("#0b0b0b") && text(hosts[2], &client).await.contains("#0b0b0b"));
    assert!(text(MAIN, &other).await.contains("#0a0a0a"));
    brand(&server, &pool, &client, json!({ "Settings": settings("0c0c0cff") })).await;
    assert!(text(MAIN, &client).await.contains("#0c0c0c") && text(hosts[1], &client).await.contains("#0c0c0c"));
    assert!(text(hosts[2], &client).await.contains("#0b0b0b"));
    assert!(text(MAIN, &other).await.contains("#0a0a0a"));
}

#[tokio::test]
async fn another_pools_client_is_not_dressed_here() {
    let server = TestServer::new();
    let (pool, foreign) = (server.pool(json!({})).await, server.pool(json!({})).await);
    domain(&server, &pool, "acme", 2).await;
    let client = server.client(&foreign, json!({})).await;
    brand(&server, &foreign, &client, json!({ "Settings": settings("123456ff") })).await;
    let address = sheet(&login(&server, MAIN, &client).await).unwrap();
    assert_eq!(get(&server, "acme.localhost", &address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_brand_costs_one_small_read() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let (client, plain) = (server.client(&pool, json!({})).await, server.client(&pool, json!({})).await);
    brand(&server, &pool, &client, json!({ "Settings": settings("123456ff"), "Assets": logo() })).await;
    let reads = |client: &Client| {
        let (server, client) = (&server, client.clone());
        async move {
            let before = server.latchkey.store().counts().reads;
            login(server, MAIN, &client).await;
            server.latchkey.store().counts().reads - before
        }
    };
    let (unbranded, first, second) = (reads(&plain).await, reads(&client).await, reads(&client).await);
    assert_eq!((first, second), (unbranded + 1, unbranded));
    // A redirect wears nothing and asks for nothing.
    let before = server.latchkey.store().counts().reads;
    server.browser().send(http::Request::get(authorize(&client, &[])).body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(server.latchkey.store().counts().reads - before, unbranded - 1);
}

#[tokio::test]
async fn a_brand_that_can_not_be_read_leaves_the_pages_plain() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    brand(&server, &pool, &client, json!({ "Settings": settings("123456ff") })).await;
    let id = server.latchkey.branding_of_client(pool.id.as_str(), client.id.as_str()).await.unwrap().branding.id;
    let pool_id = pool.id.clone();
    let spoil = move |tx: &mut store::Tx| tx.replace_brand(&pool_id, &id, "spoilt", &json!({ "no": "branding" }));
    assert!(server.latchkey.store().write(spoil).await.unwrap());
    let page = login(&server, MAIN, &client).await;
    assert!(page.says("demo &lt;app&gt;") && files(&page).is_empty());
}

#[tokio::test]
async fn what_is_hard_to_read_is_logged_once() {
    let server = TestServer::seeded(31, "http://localhost:9229", None);
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    brand(&server, &pool, &client, json!({ "Settings": settings("eeeeeeff") })).await;
    for _ in 0..2 {
        login(&server, MAIN, &client).await;
    }
    let told = log();
    let notes: Vec<&str> =
        told.lines().filter(|line| line.contains(client.id.as_str()) && line.contains("hard to read")).collect();
    let button: Vec<&&str> = notes.iter().filter(|line| line.contains("primaryButton.lightMode.defaults")).collect();
    assert_eq!(button.len(), 1, "{notes:?}");
    assert!(button[0].contains("WARN") && button[0].contains("would pass"), "{button:?}");
}

#[tokio::test]
async fn no_answer_names_the_software() {
    let server = TestServer::at("https://auth.example.com", None);
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    domain(&server, &pool, "acme", 2).await;
    brand(&server, &pool, &client, json!({ "Settings": settings("123456ff"), "Assets": logo() })).await;
    let known = query(&client, &[]);
    let wrong = query(&client, &[("redirect_uri", "https://evil.example/")]);
    for (host, name) in [("auth.example.com", "auth.example.com"), ("acme.auth.example.com", "acme.auth.example.com")] {
        let mut browser = server.browser();
        browser.host = host.to_owned();
        for path in [
            format!("/login?{known}"),
            format!("/signup?{known}"),
            format!("/forgotPassword?{known}"),
            format!("/oauth2/authorize?{known}"),
            format!("/oauth2/authorize?{wrong}"),
            "/oauth2/authorize?client_id=nobody".to_owned(),
            format!("/logout?client_id={}", client.id),
            "/error".to_owned(),
            "/nowhere".to_owned(),
            "/brand/nothing".to_owned(),
        ] {
            let page = browser.open(&path).await;
            let headers = format!("{:?}", page.headers).to_lowercase();
            assert!(!page.body.to_lowercase().contains("latchkey"), "{host}{path}: {}", page.body);
            assert!(!headers.contains("latchkey"), "{host}{path}: {headers}");
            if page.status.is_client_error() {
                // The app that is named; where there is none, a pool's own host; the main host is nobody's name.
                let title = page.body.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap();
                let shown = title.split_once(" · ").map(|(_, shown)| shown);
                let expected = match path.contains(client.id.as_str()) {
                    true => Some("demo &lt;app&gt;"),
                    false => Some(name).filter(|_| host != "auth.example.com"),
                };
                assert_eq!(shown, expected, "{host}{path}: {}", page.body);
            }
        }
        assert!(browser.jar.keys().all(|name| !name.to_lowercase().contains("latchkey")), "{:?}", browser.jar);
    }
    let mut browser = server.browser();
    browser.host = "nobody.auth.example.com".to_owned();
    let nobody = browser.open("/login").await;
    assert!(nobody.status == StatusCode::NOT_FOUND, "{}", nobody.body);
    assert!(nobody.says("<title>There is nothing here</title>"), "{}", nobody.body);
}

#[tokio::test]
async fn mails_are_given_the_brands_name_and_a_logo_they_can_show() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let brand_of = async |client: Option<&ClientId>| server.latchkey.mail_brand(&pool, client).await.unwrap();
    let (unbranded, of_pool) = (brand_of(Some(&client.id)).await, brand_of(None).await);
    assert_eq!((unbranded.name.as_str(), unbranded.logo), ("demo <app>", None));
    assert_eq!((of_pool.name.as_str(), of_pool.logo), ("Acme", None));
    let drawing = protocol::Blob(b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec());
    let header = [PNG, b"header"].concat();
    let assets = json!([
        { "Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "SVG", "Bytes": drawing },
        { "Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG", "Bytes": protocol::Blob(PNG.to_vec()) },
        { "Category": "PAGE_HEADER_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": protocol::Blob(header.clone()) },
        { "Category": "PAGE_BACKGROUND", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": protocol::Blob(PNG.to_vec()) },
    ]);
    brand(&server, &pool, &client, json!({ "UseCognitoProvidedValues": true, "Assets": assets })).await;
    let logo = brand_of(Some(&client.id)).await.logo.unwrap();
    assert_eq!((logo.media_type, logo.size, logo.bytes), ("image/png", Some((350, 178)), header));
    let input = json!({ "UserPoolId": pool.id, "ImageFile": protocol::Blob(PNG.to_vec()) });
    let domain = json!({ "managed_login_version": 1, "created_at": "2026-01-01T00:00:00Z" });
    let id = pool.id.clone();
    server.latchkey.store().write(move |tx| tx.insert_domain("acme", &id, &domain)).await.unwrap();
    server
        .latchkey
        .set_ui_customization(&server.latchkey.server_ctx(), serde_json::from_value(input).unwrap())
        .await
        .unwrap();
    assert_eq!(brand_of(None).await.logo.unwrap().bytes, PNG);
}
