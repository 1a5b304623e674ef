//! With scripts: the sign-in page's own handler, spoken to as the worker does.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};
use srp::{ClientProof, derive_timestamp};

use crate::actor::{Answer, Browser};
use crate::requests::authorize;
use crate::server::{CALLBACK, PASSWORD, TestServer, log};

/// Both messages of a proof; the last answer.
async fn prove(server: &TestServer, browser: &mut Browser, page: &Answer, username: &str, password: &str) -> Answer {
    let action = page.action(0).replacen("/login", "/login/srp", 1);
    let (csrf, state) = (page.input("csrf").unwrap(), page.input("state").unwrap());
    let proof = ClientProof::new(&[7; 32]).unwrap();
    let start =
        json!({ "step": "start", "username": username, "srpA": proof.public_a_hex(), "csrf": csrf, "state": state });
    let answer = browser.post_json(&action, &start).await;
    let challenge: Value = answer.json();
    if !challenge["error"].is_null() {
        return answer;
    }
    let text = |name: &str| challenge[name].as_str().unwrap();
    let now = derive_timestamp(u64::try_from(server.latchkey.now().as_second()).unwrap());
    let block = STANDARD.decode(text("secretBlock")).unwrap();
    let signature =
        proof.answer(text("poolName"), text("userId"), password, text("salt"), text("srpB"), &block, &now).unwrap();
    let claim = json!({
        "step": "verify", "userId": text("userId"), "secretBlock": text("secretBlock"),
        "signature": STANDARD.encode(signature), "timestamp": now, "csrf": csrf, "state": state,
    });
    browser.post_json(&action, &claim).await
}

#[tokio::test]
async fn a_proof_signs_in_whatever_the_client_allows_elsewhere() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let settings = json!({ "GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"] });
    let client = server.client(&pool, settings).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    let page = browser.open(&authorize(&client, &[])).await;

    let wrong = prove(&server, &mut browser, &page, "ada@example.com", "Wr0ng-password!").await;
    assert_eq!(wrong.json()["error"]["code"], "wrong_credentials");
    let right = prove(&server, &mut browser, &page, " Ada@example.com ", PASSWORD).await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.body);
    let location = right.json()["location"].as_str().unwrap().to_owned();
    assert!(location.starts_with(&format!("{CALLBACK}?code=")), "{location}");
    assert!(browser.open(&authorize(&client, &[])).await.param("code").is_some(), "the browser is signed in");
}

#[tokio::test]
async fn an_unknown_user_gets_an_answer_of_the_same_shape() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    // LEGACY in API calls; the pages hide all the same.
    let client = server.client(&pool, json!({ "PreventUserExistenceErrors": "LEGACY" })).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    let page = browser.open(&authorize(&client, &[])).await;
    let action = page.action(0).replacen("/login", "/login/srp", 1);
    let (csrf, state) = (page.input("csrf").unwrap(), page.input("state").unwrap());
    let mut shapes = Vec::new();
    // The server's clock dates the claim: the reader's may be off.
    let dated = |body: &Value| assert_eq!(body["time"].as_i64(), Some(server.latchkey.now().as_second()));
    for username in ["ada@example.com", "eve@example.com"] {
        let a = ClientProof::new(&[9; 32]).unwrap().public_a_hex();
        let start = json!({ "step": "start", "username": username, "srpA": a, "csrf": csrf, "state": state });
        let answer = browser.post_json(&action, &start).await;
        let body = answer.json();
        dated(&body);
        let keys: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
        shapes.push((
            answer.status,
            keys,
            body["userId"].as_str().unwrap().len(),
            body["salt"].as_str().unwrap().len(),
            body["secretBlock"].as_str().unwrap().len(),
        ));
    }
    assert_eq!(shapes[0], shapes[1]);
    let refused = prove(&server, &mut browser, &page, "nobody@example.com", PASSWORD).await;
    let wrong = prove(&server, &mut browser, &page, "ada@example.com", "Wr0ng-password!").await;
    assert_eq!((refused.status, refused.json()), (wrong.status, wrong.json()));
}

#[tokio::test]
async fn states_with_a_page_of_their_own_are_led_there() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.invited(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    let page = browser.open(&authorize(&client, &[])).await;
    let on = prove(&server, &mut browser, &page, "ada@example.com", PASSWORD).await.json();
    let location = on["location"].as_str().unwrap();
    assert!(location.starts_with("/newPassword?"), "{on}");
    let new = browser.open(location).await;
    assert!(new.says("ada@example.com"), "the name as typed, not the one of the proof");
    let app = browser.submit(&new, &[("password", "My-0wn passphrase")]).await;
    assert_eq!(app.path(), CALLBACK);

    // A form of another browser is loaded afresh, with the reason.
    let mut other = server.browser();
    let answer = prove(&server, &mut other, &page, "ada@example.com", PASSWORD).await;
    assert_eq!((answer.status, answer.json()["error"]["code"].as_str()), (StatusCode::FORBIDDEN, Some("form_stale")));
    let fresh = other.open(answer.json()["location"].as_str().unwrap()).await;
    assert!(fresh.path() == "/login" && fresh.says("open too long"));
    for body in [json!(null), json!({ "step": "other" }), json!({ "step": "start" }), json!([1])] {
        let action = page.action(0).replacen("/login", "/login/srp", 1);
        let refused = browser.post_json(&action, &body).await;
        assert_eq!(
            (refused.status, refused.json()["error"]["code"].as_str()),
            (StatusCode::BAD_REQUEST, Some("something_wrong"))
        );
    }
}

#[tokio::test]
async fn an_srp_only_client_never_takes_a_password() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let id = client.id.clone();
    let change = move |tx: &mut store::Tx| {
        tx.update_client(&id, |client| -> Result<(), store::StoreError> {
            client.srp_only = true;
            Ok(())
        })
    };
    server.latchkey.store().write(change).await.unwrap();
    let mut browser = server.browser();
    let page = browser.open(&authorize(&client, &[])).await;
    assert!(page.says("scriptless") && page.input("password").is_none(), "the field has no name");
    let refused = browser.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.says("only through a script"));
    let right = prove(&server, &mut browser, &page, "ada@example.com", PASSWORD).await;
    assert!(right.json()["location"].as_str().unwrap().starts_with(CALLBACK));
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let server = TestServer::seeded(8, "http://localhost:9229", None);
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({ "GenerateSecret": true })).await;
    server.invited(&pool, "log@example.com").await;
    let secret = "Only-in-th1s test!";
    server
        .latchkey
        .admin_set_password(&server.latchkey.server_ctx(), &pool, "log@example.com", secret, true)
        .await
        .unwrap();
    let mut browser = server.browser();
    let page = browser.open(&authorize(&client, &[])).await;
    browser.submit(&page, &[("username", "log@example.com"), ("password", "Also-0nly-in this")]).await;
    let app = browser.submit(&page, &[("username", "log@example.com"), ("password", secret)]).await;
    let code = app.param("code").unwrap();
    let client_secret = server.secret(&client);
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", crate::server::VERIFIER),
    ];
    let basic = Some((client.id.as_str(), client_secret.as_str()));
    let set = server.form("/oauth2/token", basic, &redeem).await.json();
    server.form("/oauth2/token", basic, &redeem).await;
    let (access, refresh) = (set["access_token"].as_str().unwrap(), set["refresh_token"].as_str().unwrap());
    server.user_info(access).await;
    let log = log();
    assert!(log.contains("used before"), "refusals are told at debug level: the log is really captured");
    let cookie = browser.session().unwrap();
    for hidden in [secret, "Also-0nly-in this", code.as_str(), client_secret.as_str(), access, refresh, cookie] {
        let line = log.lines().find(|line| line.contains(hidden));
        assert!(line.is_none(), "{line:?}");
    }
}
