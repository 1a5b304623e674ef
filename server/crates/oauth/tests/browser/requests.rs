//! Requests that many tests make.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Client;
use http::Request;
use serde_json::Value;

use crate::actor::{Answer, Browser};
use crate::server::{CALLBACK, CHALLENGE, PASSWORD, TestServer, VERIFIER};

/// An authorize address of the client's, with these parameters changed, added, or (empty) left out.
pub(crate) fn authorize(client: &Client, changes: &[(&str, &str)]) -> String {
    format!("/oauth2/authorize?{}", query(client, changes))
}

pub(crate) fn query(client: &Client, changes: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", client.id.as_str()),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email"),
        ("state", "st&te=1"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        if !value.is_empty() {
            pairs.push((name, value));
        }
    }
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl TestServer {
    /// A program's request, without cookies.
    pub(crate) async fn request(&self, request: Request<Body>) -> Answer {
        Browser::new(self.pages.clone()).send(request).await
    }

    pub(crate) async fn form(&self, path: &str, basic: Option<(&str, &str)>, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        if let Some((id, secret)) = basic {
            request = request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))));
        }
        self.request(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        let answer = self.form("/oauth2/token", None, fields).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("cache-control"), "no-store");
        answer
    }

    /// Redeems a code of a public client.
    pub(crate) async fn redeem(&self, client: &Client, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", client.id.as_str()),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    pub(crate) async fn user_info(&self, token: &str) -> Answer {
        let request = Request::get("/oauth2/userInfo").header("authorization", format!("Bearer {token}"));
        self.request(request.body(Body::empty()).unwrap()).await
    }

    /// Signs in on the page and answers the code.
    pub(crate) async fn code_for(&self, browser: &mut Browser, client: &Client, email: &str) -> String {
        let page = browser.open(&authorize(client, &[("prompt", "login")])).await;
        let app = browser.submit(&page, &[("username", email), ("password", PASSWORD)]).await;
        assert!(app.at.starts_with(CALLBACK), "{} {}", app.at, app.body);
        app.param("code").unwrap()
    }

    pub(crate) async fn tokens_for(&self, client: &Client, email: &str) -> Value {
        let code = self.code_for(&mut self.browser(), client, email).await;
        self.redeem(client, &code).await.json()
    }
}

pub(crate) fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
