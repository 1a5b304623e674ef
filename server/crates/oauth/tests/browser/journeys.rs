//! Whole journeys, page by page, without scripts.

use http::StatusCode;
use serde_json::json;

use crate::requests::{authorize, claims};
use crate::server::{CALLBACK, PASSWORD, SIGNED_OUT, TestServer};

#[tokio::test]
async fn a_sign_in_gives_a_code_and_the_code_tokens_that_refresh_and_end() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let user = server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();

    let page = browser.open(&authorize(&client, &[("login_hint", "ada@example.com")])).await;
    assert_eq!((page.status, page.path()), (StatusCode::OK, "/login"));
    assert_eq!(page.input("username").as_deref(), Some("ada@example.com"));
    assert!(page.says("demo &lt;app&gt;"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
    assert!(policy.contains("'wasm-unsafe-eval'"));

    let wrong = browser.submit(&page, &[("username", "Ada@example.com"), ("password", "Wr0ng-password!")]).await;
    assert_eq!((wrong.status, wrong.path()), (StatusCode::BAD_REQUEST, page.action(0).split('?').next().unwrap()));
    assert!(wrong.says("do not match") && wrong.input("username").as_deref() == Some("Ada@example.com"));

    let app = browser.submit(&wrong, &[("username", "Ada@example.com"), ("password", PASSWORD)]).await;
    assert_eq!((app.status, app.path()), (StatusCode::SEE_OTHER, CALLBACK));
    assert_eq!(app.param("state").as_deref(), Some("st&te=1"));
    assert_eq!(app.param("iss"), Some(server.latchkey.settings().issuer(&pool.id)));

    let answer = server.redeem(&client, &app.param("code").unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
    let set = answer.json();
    assert_eq!((&set["token_type"], &set["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let (id, access) = (claims(&set["id_token"]), claims(&set["access_token"]));
    assert_eq!((id["nonce"].as_str(), id["sub"].as_str()), (Some("n-1"), Some(user.sub.as_str())));
    assert_eq!(id["email"], "ada@example.com");
    assert!(id["name"].is_null(), "the scope profile was not asked for");
    assert_eq!((access["scope"].as_str(), access["version"].as_i64()), (Some("openid email"), Some(2)));
    assert_eq!(access["origin_jti"], id["origin_jti"]);

    let info = server.user_info(set["access_token"].as_str().unwrap()).await;
    let expected = json!({
        "sub": user.sub, "email": "ada@example.com", "email_verified": "true", "username": user.username,
    });
    assert_eq!((info.status, info.json()), (StatusCode::OK, expected));

    let refresh = set["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("client_id", client.id.as_str()), ("refresh_token", refresh)];
    server.world.clock.advance_secs(30);
    let again = server.token(&fields).await.json();
    assert_eq!(claims(&again["access_token"])["auth_time"], access["auth_time"]);
    assert!(again["refresh_token"].is_null() && again["id_token"].is_string());

    let revoked = server.form("/oauth2/revoke", None, &[("client_id", client.id.as_str()), ("token", refresh)]).await;
    assert_eq!((revoked.status, revoked.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(revoked.header("content-type"), "");
    let refused = server.token(&fields).await;
    assert_eq!((refused.status, refused.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
    let dead = server.user_info(again["access_token"].as_str().unwrap()).await;
    assert_eq!(dead.status, StatusCode::UNAUTHORIZED);
    assert!(dead.header("www-authenticate").contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn the_browser_stays_signed_in_for_an_hour_unless_asked_otherwise() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let other_pool = server.pool(json!({})).await;
    let foreign = server.client(&other_pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();

    let silent = browser.open(&authorize(&client, &[("prompt", "none")])).await;
    assert_eq!(silent.param("error").as_deref(), Some("login_required"));
    assert!(silent.at.starts_with(CALLBACK) && silent.param("state").is_some() && silent.param("iss").is_some());

    server.code_for(&mut browser, &client, "ada@example.com").await;
    let asked = |changes: &'static [(&str, &str)]| authorize(&client, changes);
    let straight = browser.open(&asked(&[])).await;
    assert_eq!((straight.status, straight.path()), (StatusCode::FOUND, CALLBACK));
    assert!(browser.open(&asked(&[("prompt", "none")])).await.param("code").is_some());
    assert!(browser.open(&asked(&[("max_age", "60")])).await.param("code").is_some());
    for interactive in [&[("prompt", "login")][..], &[("prompt", "select_account")], &[("max_age", "0")]] {
        assert_eq!(browser.open(&authorize(&client, interactive)).await.path(), "/login", "{interactive:?}");
    }
    assert_eq!(browser.open(&authorize(&foreign, &[])).await.path(), "/login", "a session is one pool's");

    server.world.clock.advance_secs(61);
    assert_eq!(browser.open(&asked(&[("max_age", "60")])).await.path(), "/login");
    let stale = browser.open(&asked(&[("max_age", "60"), ("prompt", "none")])).await;
    assert_eq!(stale.param("error").as_deref(), Some("login_required"));
    server.world.clock.advance_secs(3_540);
    assert_eq!(browser.open(&asked(&[])).await.path(), "/login", "one hour from the sign-in, not from the last use");

    // A new password ends what was signed in with the old one.
    server.code_for(&mut browser, &client, "ada@example.com").await;
    server.world.clock.advance_secs(1);
    server
        .latchkey
        .admin_set_password(&server.latchkey.server_ctx(), &pool, "ada@example.com", "An0ther-pass word", true)
        .await
        .unwrap();
    assert_eq!(browser.open(&asked(&[])).await.path(), "/login");
}

#[tokio::test]
async fn logging_out_ends_the_browser_session_and_goes_only_where_it_may() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    let id = client.id.as_str();
    let hint = server.tokens_for(&client, "ada@example.com").await["id_token"].as_str().unwrap().to_owned();
    let bye = "https%3A%2F%2Fapp.example%2Fbye";
    let cases = [
        (format!("/logout?client_id={id}&logout_uri={bye}&state=x"), SIGNED_OUT.to_owned()),
        (
            format!("/logout?id_token_hint={hint}&post_logout_redirect_uri={bye}&state=a%26b"),
            format!("{SIGNED_OUT}?state=a%26b"),
        ),
        (format!("/logout?client_id={id}&post_logout_redirect_uri={bye}"), SIGNED_OUT.to_owned()),
    ];
    for (address, target) in cases {
        server.code_for(&mut browser, &client, "ada@example.com").await;
        let stolen = browser.jar.clone();
        let answer = browser.open(&address).await;
        assert_eq!((answer.status, answer.at.as_str()), (StatusCode::FOUND, target.as_str()), "{address}");
        assert!(!browser.has_session());
        // Not only the cookie is gone.
        browser.jar = stolen;
        assert_eq!(browser.open(&authorize(&client, &[])).await.path(), "/login");
    }
    server.code_for(&mut browser, &client, "ada@example.com").await;
    let again = browser.open(&format!("/logout?{}", crate::requests::query(&client, &[]))).await;
    assert_eq!((again.status, again.path()), (StatusCode::OK, "/login"));

    server.code_for(&mut browser, &client, "ada@example.com").await;
    let bare = browser.open("/logout").await;
    assert!(bare.status == StatusCode::OK && bare.says("You are signed out"));
    for bad in [
        format!("/logout?client_id={id}&logout_uri=https%3A%2F%2Fevil.example"),
        format!("/logout?client_id={id}&logout_uri={bye}%2F"),
        format!("/logout?logout_uri={bye}"),
        format!("/logout?client_id={id}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fcb"),
        format!("/logout?id_token_hint=a.b.c&post_logout_redirect_uri={bye}"),
        format!("/logout?client_id=unknown&logout_uri={bye}"),
    ] {
        server.code_for(&mut browser, &client, "ada@example.com").await;
        let answer = browser.open(&bad).await;
        assert!(answer.status == StatusCode::BAD_REQUEST && answer.headers.get("location").is_none(), "{bad}");
        assert!(!browser.has_session(), "{bad}");
    }
}

#[tokio::test]
async fn a_new_account_is_confirmed_by_its_code_and_signs_in() {
    let server = TestServer::new();
    let schema = json!([{ "Name": "given_name", "AttributeDataType": "String", "Required": true, "Mutable": true }]);
    let pool = server.pool(json!({ "Schema": schema })).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();

    let login = browser.open(&authorize(&client, &[])).await;
    let address =
        login.body.split("href=\"").find(|tail| tail.starts_with("/signup")).unwrap().split('"').next().unwrap();
    let page = browser.open(&address.replace("&amp;", "&")).await;
    let fields = |given, password| [("username", "new@example.com"), ("given_name", given), ("password", password)];
    let problems = browser.submit(&page, &fields("", "short")).await;
    assert!(problems.status == StatusCode::BAD_REQUEST && problems.says("Fill in: First name."));
    assert!(problems.says("does not meet every point"));
    assert_eq!(problems.input("username").as_deref(), Some("new@example.com"));

    let confirm = browser.submit(&problems, &fields("Grace", PASSWORD)).await;
    assert_eq!((confirm.status, confirm.path()), (StatusCode::OK, "/confirm"), "{}", confirm.body);
    assert!(confirm.says(">new@example.com<"), "whole, to be checked: {}", confirm.body);
    let wrong = browser.submit(&confirm, &[("code", "000000")]).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.says("That code is not right"));

    // A new code voids the old one.
    let old = server.code("new@example.com");
    server.world.clock.advance_secs(31);
    let sent = browser.submit_form(&wrong, 1, &[]).await;
    assert!(sent.status == StatusCode::OK && sent.path() == "/confirm" && sent.says("A new code is on its way"));
    let code = server.code("new@example.com");
    assert_ne!(old, code);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let app = browser.submit(&sent, &[("code", &spaced)]).await;
    assert_eq!(app.path(), CALLBACK, "the password was just typed: {}", app.body);
    assert!(browser.has_session() && app.param("code").is_some());
}

#[tokio::test]
async fn a_forgotten_password_is_reset_and_nobody_learns_who_has_an_account() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    let address = format!("/forgotPassword?{}", crate::requests::query(&client, &[]));

    let page = browser.open(&address).await;
    let reset = browser.submit(&page, &[("username", "ada@example.com")]).await;
    assert_eq!((reset.status, reset.path()), (StatusCode::OK, "/confirmforgotPassword"));
    let new = "Br4nd-new password";
    let weak = browser.submit(&reset, &[("code", &server.code("ada@example.com")), ("password", "weak")]).await;
    assert!(weak.status == StatusCode::BAD_REQUEST && weak.says("does not meet every point"));
    let login = browser.submit(&weak, &[("code", &server.code("ada@example.com")), ("password", new)]).await;
    assert!(login.path() == "/login" && login.says("Your password is changed"), "{}", login.body);
    let app = browser.submit(&login, &[("username", "ada@example.com"), ("password", new)]).await;
    assert_eq!(app.path(), CALLBACK);

    // The same words for a name that nobody has, at every step.
    let bare = |answer: &crate::actor::Answer| {
        let drop = ["csrf", "state"].map(|name| answer.input(name).unwrap_or_default());
        let id = answer.header("x-amz-cognito-request-id").to_owned();
        let body = answer.body.replace(&drop[0], "").replace(&drop[1], "").replace(&id, "");
        (answer.status, body.replace("aaa@", "@").replace("zzz@", "@").replace("a***@", "@").replace("z***@", "@"))
    };
    server.user(&pool, "aaa@example.com").await;
    for password in ["weak", new] {
        let mut seen = Vec::new();
        for name in ["aaa@example.com", "zzz@example.com"] {
            let page = browser.open(&address).await;
            let reset = browser.submit(&page, &[("username", name)]).await;
            let wrong = browser.submit(&reset, &[("code", "000000"), ("password", password)]).await;
            seen.push((bare(&reset), bare(&wrong)));
        }
        assert_eq!(seen[0], seen[1]);
    }
    let mut seen = Vec::new();
    for name in ["aaa@example.com", "zzz@example.com"] {
        let page = browser.open(&authorize(&client, &[("prompt", "login")])).await;
        seen.push(bare(&browser.submit(&page, &[("username", name), ("password", "Wr0ng-password!")]).await));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn pages_match_in_any_case_on_the_main_host_and_on_a_domain() {
    let server = TestServer::at("https://auth.example.com", None);
    let pool = server.pool(json!({})).await;
    let other = server.pool(json!({})).await;
    let (client, foreign) = (server.client(&pool, json!({})).await, server.client(&other, json!({})).await);
    server.user(&pool, "ada@example.com").await;
    let id = pool.id.clone();
    let domain = json!({ "managed_login_version": 2, "created_at": "2026-01-01T00:00:00Z" });
    server.latchkey.store().write(move |tx| tx.insert_domain("acme", &id, &domain)).await.unwrap();
    let query = crate::requests::query(&client, &[]);
    for host in ["auth.example.com", "acme.auth.example.com", "ACME.localhost:9229"] {
        let mut browser = server.browser();
        browser.host = host.to_owned();
        for path in ["/LOGIN", "/SignUp", "/FORGOTPASSWORD", "/OAuth2/Authorize", "/authorize"] {
            let page = browser.open(&format!("{path}?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{host}{path}");
            assert!(!page.header("content-security-policy").contains("script-src"), "no scripts are offered here");
            assert!(page.header("strict-transport-security").contains("max-age=31536000; includeSubDomains"));
        }
        let page = browser.open(&authorize(&client, &[])).await;
        let app = browser.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
        assert_eq!(app.path(), CALLBACK);
        // Pools share the main host, and keep their sessions apart there.
        let shared = format!("__Host-cognito-{}", pool.id);
        let session = if host == "auth.example.com" { shared.as_str() } else { "__Host-cognito" };
        assert!(browser.jar.contains_key(session) && browser.jar.contains_key("__Host-XSRF-TOKEN"), "{host}");
        let document = browser.open(&format!("/{}/.well-known/openid-configuration", pool.id)).await;
        assert_eq!(document.json()["token_endpoint"], "https://auth.example.com/oauth2/token");
    }
    let mut browser = server.browser();
    browser.host = "acme.auth.example.com".to_owned();
    let refused = browser.open(&authorize(&foreign, &[])).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.headers.get("location").is_none());
    assert!(refused.says(refused.header("x-amz-cognito-request-id")), "the page names the request");
    browser.host = "nobody.auth.example.com".to_owned();
    assert_eq!(browser.open(&authorize(&client, &[])).await.status, StatusCode::NOT_FOUND);
}
