//! What attackers try (RFC 9700, OAuth 2.0 Security Best Current Practice).

use http::StatusCode;
use serde_json::json;

use crate::actor::Browser;
use crate::requests::{authorize, query};
use crate::server::{CALLBACK, CHALLENGE, PASSWORD, TestServer, VERIFIER};

#[tokio::test]
async fn no_answer_goes_to_an_address_that_is_not_registered() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    for address in [
        "https://evil.example/cb",
        "https://app.example/cb/",
        "https://app.example/cb?x=1",
        "https://app.example/cb#x",
        "https://app.example/c",
        "https://app.example/CB",
        "https://APP.example/cb",
        "HTTPS://app.example/cb",
        "http://app.example/cb",
        "https://app.example:443/cb",
        "https://app.example/cb%00",
        "https://app.example/cb\r\nx: y",
        "https://app.example/../cb",
        "https://app.example/./cb",
        "https://app.example/%63b",
        "https://app.example@evil.example/cb",
        "https://app.example.evil.example/cb",
        "//app.example/cb",
        "/cb",
        "javascript:alert(1)",
        "myapp://callback/",
        "myapp://Callback",
        " https://app.example/cb",
        "https://app.example/cb ",
    ] {
        // Also a request that is wrong in other ways goes nowhere.
        for change in [("state", "s"), ("response_type", "x"), ("prompt", "none")] {
            let answer = browser.open(&authorize(&client, &[("redirect_uri", address), change])).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
            assert!(answer.headers.get("location").is_none() && answer.says("redirect_mismatch"), "{address}");
        }
    }
    for bad in [
        authorize(&client, &[("client_id", "unknown")]),
        authorize(&client, &[("client_id", "")]),
        authorize(&client, &[("client_id", "a\0b")]),
        format!("{}&client_id=x", authorize(&client, &[])),
        format!("{}&redirect_uri=https%3A%2F%2Fapp.example%2Fcb", authorize(&client, &[])),
        authorize(&client, &[("redirect_uri", "")]),
    ] {
        let answer = browser.open(&bad).await;
        assert!(answer.status == StatusCode::BAD_REQUEST && answer.headers.get("location").is_none(), "{bad}");
    }
}

#[tokio::test]
async fn an_openid_request_names_its_redirect_uri() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({ "CallbackURLs": [CALLBACK] })).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    for scope in ["openid", "openid email", "aws.cognito.signin.user.admin openid"] {
        for path in ["/oauth2/authorize", "/login", "/signup"] {
            let query = query(&client, &[("redirect_uri", ""), ("scope", scope)]);
            let answer = browser.open(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {scope}");
            assert!(answer.headers.get("location").is_none() && answer.says("redirect_mismatch"), "{path} {scope}");
        }
    }
    // OAuth without OpenID: the only address there is.
    let plain = [("redirect_uri", ""), ("scope", "aws.cognito.signin.user.admin")];
    let page = browser.open(&authorize(&client, &plain)).await;
    let app = browser.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
    assert!(app.at.starts_with(CALLBACK), "{}", app.at);
    assert_eq!(server.redeem(&client, &app.param("code").unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_that_break_a_rule_are_told_so_at_the_apps_own_address() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    let short = &CHALLENGE[1..];
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("response_type", "")], "invalid_request"),
        (&[("response_type", "id_token")], "unsupported_response_type"),
        (&[("response_type", "code token")], "unsupported_response_type"),
        (&[("response_type", "token")], "unauthorized_client"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "s256")], "invalid_request"),
        (&[("code_challenge", short)], "invalid_request"),
        (&[("scope", "openid unknown")], "invalid_scope"),
        (&[("scope", "openid api/write")], "invalid_scope"),
        (&[("scope", "openid api/none")], "invalid_scope"),
        (&[("scope", "email")], "invalid_scope"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("request", "eyJ.x.y")], "request_not_supported"),
        (&[("request_uri", "https://evil.example/x")], "request_uri_not_supported"),
        (&[("resource", "https://api.example")], "invalid_target"),
    ];
    for (changes, error) in cases {
        let answer = browser.open(&authorize(&client, changes)).await;
        assert!(answer.at.starts_with(CALLBACK), "{changes:?}: {}", answer.at);
        assert_eq!(answer.param("error").as_deref(), Some(*error), "{changes:?}");
        assert_eq!(answer.param("state").as_deref(), Some("st&te=1"));
        assert_eq!(answer.param("iss"), Some(server.latchkey.settings().issuer(&pool.id)));
    }
    for name in ["response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "prompt"] {
        let answer = browser.open(&format!("{}&{name}=a&{name}=b", authorize(&client, &[]))).await;
        assert_eq!(answer.param("error").as_deref(), Some("invalid_request"), "{name}");
    }
    let provider = browser.open(&authorize(&client, &[("identity_provider", "Google")])).await;
    assert_eq!(provider.param("error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn a_code_is_good_once_for_its_client_its_address_and_its_verifier() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let other = server.client(&pool, json!({})).await;
    let confidential = server.client(&pool, json!({ "GenerateSecret": true })).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();

    // Presented twice: the second is refused, and what the first gave is dead.
    let code = server.code_for(&mut browser, &client, "ada@example.com").await;
    let set = server.redeem(&client, &code).await.json();
    assert_eq!(server.user_info(set["access_token"].as_str().unwrap()).await.status, StatusCode::OK);
    assert_eq!(server.redeem(&client, &code).await.json()["error"], "invalid_grant");
    assert_eq!(server.user_info(set["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
    let refresh = set["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("client_id", client.id.as_str()), ("refresh_token", refresh)];
    assert_eq!(server.token(&fields).await.json()["error"], "invalid_grant");

    // Another sign-in of the same browser is not touched by that.
    let code = server.code_for(&mut browser, &client, "ada@example.com").await;
    assert!(server.redeem(&client, &code).await.json()["access_token"].is_string());

    // Wrong in one respect; used up all the same.
    let grant = ("grant_type", "authorization_code");
    let wrong = "x".repeat(43);
    let cases: Vec<Vec<(&str, &str)>> = vec![
        vec![("client_id", other.id.as_str()), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)],
        vec![("client_id", client.id.as_str()), ("redirect_uri", "myapp://callback"), ("code_verifier", VERIFIER)],
        vec![("client_id", client.id.as_str()), ("code_verifier", VERIFIER)],
        vec![("client_id", client.id.as_str()), ("redirect_uri", CALLBACK)],
        vec![("client_id", client.id.as_str()), ("redirect_uri", CALLBACK), ("code_verifier", &wrong)],
        vec![("client_id", client.id.as_str()), ("redirect_uri", CALLBACK), ("code_verifier", CHALLENGE)],
    ];
    for fields in cases {
        let code = server.code_for(&mut browser, &client, "ada@example.com").await;
        let mut all = vec![grant, ("code", code.as_str())];
        all.extend(fields.iter().copied());
        let answer = server.token(&all).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error"].as_str()),
            (400, Some("invalid_grant")),
            "{fields:?}"
        );
        assert_eq!(server.redeem(&client, &code).await.json()["error"], "invalid_grant", "{fields:?}");
    }

    // Too late.
    let code = server.code_for(&mut browser, &client, "ada@example.com").await;
    server.world.clock.advance_secs(300);
    assert_eq!(server.redeem(&client, &code).await.json()["error"], "invalid_grant");

    // A verifier for a code that was asked for without PKCE: somebody took the challenge away (RFC 9700 §2.1.1).
    let bare = authorize(&confidential, &[("prompt", "login"), ("code_challenge", ""), ("code_challenge_method", "")]);
    let secret = server.secret(&confidential);
    for (verifier, accepted) in [(Some(VERIFIER), false), (None, true)] {
        let page = browser.open(&bare).await;
        let app = browser.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
        let code = app.param("code").unwrap();
        let mut fields = vec![grant, ("code", code.as_str()), ("redirect_uri", CALLBACK)];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let answer = server.form("/oauth2/token", Some((confidential.id.as_str(), &secret)), &fields).await;
        assert_eq!(answer.status == StatusCode::OK, accepted, "{}", answer.body);
    }

    // So also with a public client that was let off PKCE; what it sends all the same counts.
    let id = client.id.clone();
    let change = move |tx: &mut store::Tx| {
        tx.update_client(&id, |client| -> Result<(), store::StoreError> {
            client.pkce_optional = true;
            Ok(())
        })
    };
    server.latchkey.store().write(change).await.unwrap();
    let left_out: &[(&str, &str)] = &[("prompt", "login"), ("code_challenge", ""), ("code_challenge_method", "")];
    let sent: &[(&str, &str)] = &[("prompt", "login")];
    for (changes, verifier, accepted) in
        [(left_out, Some(VERIFIER), false), (left_out, None, true), (sent, None, false), (sent, Some(VERIFIER), true)]
    {
        let page = browser.open(&authorize(&client, changes)).await;
        let app = browser.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
        let code = app.param("code").unwrap();
        let mut fields = vec![grant, ("client_id", client.id.as_str()), ("code", &code), ("redirect_uri", CALLBACK)];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let answer = server.token(&fields).await;
        assert_eq!(answer.status == StatusCode::OK, accepted, "{changes:?} {verifier:?}: {}", answer.body);
    }
    let plain = browser.open(&authorize(&client, &[("code_challenge_method", "plain")])).await;
    assert_eq!(plain.param("error").as_deref(), Some("invalid_request"));

    // A user who is disabled, or signed out everywhere, between code and token.
    let code = server.code_for(&mut browser, &client, "ada@example.com").await;
    server.world.clock.advance_secs(1);
    let user = server.latchkey.user(&pool, "ada@example.com").await.unwrap();
    server.latchkey.sign_out_everywhere(&server.latchkey.server_ctx(), &pool, &user.username).await.unwrap();
    assert_eq!(server.redeem(&client, &code).await.json()["error"], "invalid_grant");
    // A new password ends what the old one began, the code that waits to be redeemed too.
    let code = server.code_for(&mut browser, &client, "ada@example.com").await;
    server.world.clock.advance_secs(1);
    let ctx = server.latchkey.server_ctx();
    server.latchkey.admin_set_password(&ctx, &pool, "ada@example.com", PASSWORD, true).await.unwrap();
    assert_eq!(server.redeem(&client, &code).await.json()["error"], "invalid_grant");
    let code = server.code_for(&mut browser, &client, "ada@example.com").await;
    server.latchkey.set_user_enabled(&server.latchkey.server_ctx(), &pool, "ada@example.com", false).await.unwrap();
    assert_eq!(server.redeem(&client, &code).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn forms_of_other_sites_and_other_browsers_are_refused() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let other_client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let (mut victim, mut attacker) = (server.browser(), server.browser());
    let address = authorize(&client, &[]);
    let (mine, theirs) = (victim.open(&address).await, attacker.open(&address).await);
    let form = |csrf: &str, state: &str| {
        [("csrf", csrf), ("state", state), ("username", "ada@example.com"), ("password", PASSWORD)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let (csrf, state) = (mine.input("csrf").unwrap(), mine.input("state").unwrap());
    let (their_csrf, their_state) = (theirs.input("csrf").unwrap(), theirs.input("state").unwrap());
    for (csrf, state) in [
        ("", state.as_str()),
        (csrf.as_str(), ""),
        (&their_csrf, &their_state),
        (&their_csrf, &state),
        (&csrf, &their_state),
        (&state, &csrf),
        ("forged", "forged"),
    ] {
        let fields = form(csrf, state);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = victim.post(&mine.action(0), &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.headers.get("location").is_none() && !victim.has_session());
        assert_eq!(answer.input("username").as_deref(), Some("ada@example.com"), "nothing typed is lost");
    }
    // Without the cookie nothing fits.
    let mut bare = server.browser();
    let answer = bare.submit(&mine, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // A form for one client does not sign in to another.
    let foreign = format!("/login?{}", query(&other_client, &[]));
    let fields = form(&csrf, &state);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(victim.post(&foreign, &fields).await.status, StatusCode::FORBIDDEN);
    // The same form, honestly.
    let app = victim.submit(&mine, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(app.path(), CALLBACK);
}

#[tokio::test]
async fn a_step_lives_an_hour_and_only_in_its_browser() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.invited(&pool, "ada@example.com").await;
    let (mut victim, mut attacker) = (server.browser(), server.browser());
    let page = victim.open(&authorize(&client, &[])).await;
    let new = victim.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(new.path(), "/newPassword");

    // Another browser has the form, and even the cookie of the step.
    attacker.open(&authorize(&client, &[])).await;
    attacker.jar.insert("page-data".to_owned(), victim.jar["page-data"].clone());
    let stolen = attacker.open(&format!("/newPassword?{}", query(&client, &[]))).await;
    assert_eq!(stolen.path(), "/login");
    let stolen = attacker.submit(&new, &[("password", "Attack3r's choice")]).await;
    assert!(stolen.status == StatusCode::FORBIDDEN && stolen.says("name=\"username\""), "{}", stolen.status);

    // A step's form on another page.
    let (csrf, state) = (new.input("csrf").unwrap(), new.input("state").unwrap());
    let fields = [("csrf", csrf.as_str()), ("state", state.as_str()), ("code", "123456")];
    let mixed = victim.post(&format!("/mfa?{}", query(&client, &[])), &fields).await;
    assert_eq!(mixed.status, StatusCode::BAD_REQUEST);

    server.world.clock.advance_secs(3_600);
    let late = victim.submit(&new, &[("password", "My-0wn passphrase")]).await;
    assert!(late.status == StatusCode::BAD_REQUEST && late.says("took too long"), "{}", late.body);
    assert!(late.says("name=\"username\""), "and begins again");
}

#[tokio::test]
async fn nothing_echoed_becomes_markup_or_a_header() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    let hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\r\nSet-Cookie: a=b\r\n\r\n<h1>";
    for name in ["state", "nonce", "login_hint", "ui_locales", "acr_values", "lang", "unknown"] {
        for path in ["/login", "/signup", "/forgotPassword"] {
            let page = browser.open(&format!("{path}?{}", query(&client, &[(name, hostile)]))).await;
            assert_eq!(page.status, StatusCode::OK, "{name}");
            assert!(!page.says("<script>") && !page.says("<img src=x") && !page.says("<h1><"), "{name}");
            assert!(page.headers.values().all(|value| !value.as_bytes().contains(&b'\n')));
            assert!(!browser.jar.contains_key("a"));
        }
    }
    let error = browser.open(&authorize(&client, &[("state", hostile), ("scope", "nope")])).await;
    assert_eq!(error.param("state").as_deref(), Some(hostile), "the app gets it back, encoded");
    assert!(!error.at.contains('\n') && !error.at.contains('<'));
    for address in ["/error?error=%3Cscript%3E&client_id=x", "/%3Cscript%3E", "/login/%0d%0a?client_id=%3Cscript%3E"] {
        let page = browser.open(address).await;
        assert!(page.status.is_client_error() && !page.says("<script>"), "{address}");
    }
    let page = browser.open(&format!("/login?{}", query(&client, &[]))).await;
    for (name, value) in [("username", hostile), ("username", "a\0b"), ("device_name", hostile)] {
        let answer = browser.submit(&page, &[(name, value), ("password", "irrelevant but long")]).await;
        assert!(answer.status == StatusCode::BAD_REQUEST && !answer.says("<script>"), "{name}");
    }
}

/// Whoever comes too often meets a page that says so, with the status for it; so does a browser that would be remembered
/// on its way to a provider.
#[tokio::test]
async fn callers_who_come_too_often_are_told_on_the_page() {
    let two = flows::Rate { of_one: None, in_all: Some(2) };
    let rates = flows::Rates { codes: two, guesses: two, sign_ins: two, providers: two };
    let server = TestServer::with_rates(rates);
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    let ask = async |browser: &mut Browser, path: &str, fields: &[(&str, &str)]| {
        let page = browser.open(&format!("{path}?{}", query(&client, &[]))).await;
        browser.submit(&page, fields).await
    };
    for (path, fields) in [
        ("/login", [("username", "ada@example.com"), ("password", "Wr0ng-password!")]),
        ("/forgotPassword", [("username", "ada@example.com"), ("unused", "")]),
    ] {
        for _ in 0..2 {
            assert_ne!(ask(&mut browser, path, &fields).await.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        }
        let refused = ask(&mut browser, path, &fields).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert!(refused.says("<form"), "it can be tried again: {}", refused.body);
        server.world.clock.advance_secs(60);
        assert_ne!(ask(&mut browser, path, &fields).await.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        server.world.clock.advance_secs(60);
    }
}

/// A sign-out everywhere ends what browsers remember: no code comes of it any more, whichever moment the session is of.
#[tokio::test]
async fn a_sign_out_everywhere_ends_the_sessions_of_browsers() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let user = server.latchkey.user(&pool, "ada@example.com").await.unwrap();
    let (mut first, mut second) = (server.browser(), server.browser());
    for round in 0..3 {
        for browser in [&mut first, &mut second] {
            server.code_for(browser, &client, "ada@example.com").await;
            assert!(browser.open(&authorize(&client, &[])).await.param("code").is_some(), "round {round}");
        }
        // In the same millisecond, and later.
        server.world.clock.advance_secs(round);
        server.latchkey.sign_out_everywhere(&server.latchkey.server_ctx(), &pool, &user.username).await.unwrap();
        for browser in [&mut first, &mut second] {
            let page = browser.open(&authorize(&client, &[])).await;
            assert_eq!((page.path(), page.param("code")), ("/login", None), "round {round}");
        }
    }
}
