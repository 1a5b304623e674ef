//! A brand's pictures as they are served.

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use domain::{Client, Pool};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::server::{TestServer, merge};

pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x5e\0\0\0\xb2\x08\x06\0\0\0";
const ACTIVE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='10' onload='alert(1)'>\
                      <script>alert(1)</script><rect width='3' height='1'/></svg>";

/// A whole answer, bytes and all.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub(crate) async fn get(server: &TestServer, host: &str, path: &str) -> Got {
    let request = Request::get(path).header("host", host).body(Body::empty()).unwrap();
    let (parts, body) = server.pages.clone().oneshot(request).await.unwrap().into_parts();
    Got { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
}

fn asset(category: &str, extension: &str, bytes: impl AsRef<[u8]>) -> Value {
    let bytes = protocol::Blob(bytes.as_ref().to_vec());
    json!({ "Category": category, "ColorMode": "DYNAMIC", "Extension": extension, "Bytes": bytes })
}

/// Gives a client a branding; answers the hashes of its pictures.
pub(crate) async fn brand(server: &TestServer, pool: &Pool, client: &Client, more: Value) -> Vec<String> {
    let mut input = json!({ "UserPoolId": pool.id, "ClientId": client.id });
    merge(&mut input, more);
    let made = server
        .latchkey
        .create_branding(&server.latchkey.server_ctx(), serde_json::from_value(input).unwrap())
        .await
        .unwrap();
    made.branding.assets.into_iter().map(|asset| asset.hash).collect()
}

pub(crate) async fn domain(server: &TestServer, pool: &Pool, name: &str, version: i32) {
    let row = json!({ "managed_login_version": version, "created_at": "2026-01-01T00:00:00Z" });
    let (pool, name) = (pool.id.clone(), name.to_owned());
    server.latchkey.store().write(move |tx| tx.insert_domain(&name, &pool, &row)).await.unwrap();
}

#[tokio::test]
async fn pictures_are_served_for_ever_and_can_do_nothing() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let assets = [asset("FORM_LOGO", "PNG", PNG), asset("PAGE_BACKGROUND", "SVG", ACTIVE)];
    let hashes = brand(&server, &pool, &client, json!({ "UseCognitoProvidedValues": true, "Assets": assets })).await;

    let logo = get(&server, "localhost:9229", &format!("/brand/{}.png", hashes[0])).await;
    assert_eq!((logo.status, logo.header("content-type")), (StatusCode::OK, "image/png"));
    assert_eq!(logo.body, PNG);
    let drawing = get(&server, "localhost:9229", &format!("/brand/{}.svg", hashes[1])).await;
    assert_eq!((drawing.status, drawing.header("content-type")), (StatusCode::OK, "image/svg+xml"));
    let text = drawing.text();
    assert!(text.contains("<rect") && !text.contains("script") && !text.contains("onload"), "{text}");
    for got in [logo, drawing] {
        assert_eq!(got.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("content-security-policy"), "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        assert_eq!(got.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn only_what_is_kept_is_served() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let logo = asset("FORM_LOGO", "PNG", PNG);
    let hashes = brand(&server, &pool, &client, json!({ "UseCognitoProvidedValues": true, "Assets": [logo] })).await;
    let hash = hashes[0].as_str();
    let upper = hash.to_uppercase();
    let other = format!("{}0", &hash[..63]);
    for path in [
        format!("/brand/{hash}.svg"),
        format!("/brand/{hash}.html"),
        format!("/brand/{hash}.PNG"),
        format!("/brand/{hash}.png.html"),
        format!("/brand/{hash}.png/"),
        format!("/brand/{hash}.png%00.html"),
        format!("/brand/{hash}"),
        format!("/brand/{hash}."),
        format!("/brand/{upper}.png"),
        format!("/brand/{other}.png"),
        format!("/brand/../{hash}.png"),
        format!("/brand/%2e%2e/{hash}.png"),
        format!("/brand//{hash}.png"),
        format!("/brand/x/{hash}.png"),
        "/brand/".to_owned(),
        "/brand/..%2f..%2fetc%2fpasswd".to_owned(),
        "/brand/%25.png".to_owned(),
    ] {
        let got = get(&server, "localhost:9229", &path).await;
        assert_eq!(
            (got.status, got.header("content-type")),
            (StatusCode::NOT_FOUND, "text/html; charset=utf-8"),
            "{path}"
        );
        assert_eq!(got.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(get(&server, "localhost:9229", &format!("/brand/{hash}.png")).await.status, StatusCode::OK);
    let id = { server.latchkey.branding_of_client(pool.id.as_str(), client.id.as_str()).await.unwrap().branding.id };
    server.latchkey.delete_branding(pool.id.as_str(), &id).await.unwrap();
    assert_eq!(get(&server, "localhost:9229", &format!("/brand/{hash}.png")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_pools_domain_serves_its_own_pictures() {
    let server = TestServer::new();
    let (pool, other) = (server.pool(json!({})).await, server.pool(json!({})).await);
    let client = server.client(&pool, json!({})).await;
    let logo = asset("FORM_LOGO", "PNG", PNG);
    let hashes = brand(&server, &pool, &client, json!({ "UseCognitoProvidedValues": true, "Assets": [logo] })).await;
    domain(&server, &pool, "acme", 2).await;
    domain(&server, &other, "other", 2).await;
    let path = format!("/brand/{}.png", hashes[0]);
    for (host, status) in
        [("acme.localhost", 200), ("other.localhost", 404), ("nobody.localhost", 404), ("localhost:9229", 200)]
    {
        assert_eq!(get(&server, host, &path).await.status.as_u16(), status, "{host}");
    }
}

#[tokio::test]
async fn a_refusal_wears_the_brand_of_the_app_that_is_named() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let logo = asset("FORM_LOGO", "PNG", PNG);
    let settings = json!({ "components": { "form": { "logo": { "enabled": true } } } });
    let hashes = brand(&server, &pool, &client, json!({ "Settings": settings, "Assets": [logo] })).await;
    let named = format!("client_id={}", client.id);
    let wrong = "response_type=code&redirect_uri=https://evil.example/";
    for path in [
        format!("/oauth2/authorize?{named}&{wrong}"),
        format!("/login?{named}&{wrong}"),
        format!("/error?error=redirect_mismatch&{named}"),
        format!("/logout?{named}&logout_uri=https://evil.example/"),
    ] {
        let got = get(&server, "localhost:9229", &path).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(got.text().contains(&hashes[0]), "{path}: the app's logo stands on the page");
        // In development it is told, as text; nothing leads there.
        assert!(!got.text().contains("=\"https://evil.example"), "{path}");
    }
    // Whom nobody knows, or who is named twice, is nobody.
    for path in [
        format!("/login?client_id=nobody&{wrong}"),
        format!("/login?{named}&{named}&{wrong}"),
        "/error?error=redirect_mismatch".to_owned(),
    ] {
        let got = get(&server, "localhost:9229", &path).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(!got.text().contains(&hashes[0]), "{path}");
    }
}
