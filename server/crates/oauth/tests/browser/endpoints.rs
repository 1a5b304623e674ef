//! The endpoints for programs.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::requests::{authorize, claims};
use crate::server::{CALLBACK, TestServer};

#[tokio::test]
async fn a_client_gets_tokens_for_itself() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let machine = json!({
        "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["api/read"], "CallbackURLs": [], "LogoutURLs": [],
    });
    let client = server.client(&pool, machine).await;
    let (id, secret) = (client.id.as_str(), server.secret(&client));
    let ask = ("grant_type", "client_credentials");

    let basic = server.form("/oauth2/token", Some((id, &secret)), &[ask]).await.json();
    let post = server.token(&[ask, ("client_id", id), ("client_secret", &secret), ("scope", "api/read")]).await.json();
    for set in [basic, post] {
        let token = claims(&set["access_token"]);
        assert_eq!((token["scope"].as_str(), token["sub"].as_str()), (Some("api/read"), Some(id)));
        assert!(set["id_token"].is_null() && set["refresh_token"].is_null() && token["username"].is_null());
        let refused = server.user_info(set["access_token"].as_str().unwrap()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.header("www-authenticate").contains("insufficient_scope"));
    }
    for scope in ["api/write", "api/unknown", "nowhere/read", "openid", "api/read api/write"] {
        let refused = server.token(&[ask, ("client_id", id), ("client_secret", &secret), ("scope", scope)]).await;
        assert_eq!(refused.json()["error"], "invalid_scope", "{scope}");
    }
    // A scope that its resource server no longer has.
    let pool_id = pool.id.clone();
    server.latchkey.store().write(move |tx| tx.delete_document("resource-server", &pool_id, "api")).await.unwrap();
    let refused = server.form("/oauth2/token", Some((id, &secret)), &[ask]).await;
    assert_eq!(refused.json()["error"], "invalid_scope");
    let public = server.client(&pool, json!({ "AllowedOAuthScopes": ["openid"] })).await;
    let refused = server.token(&[ask, ("client_id", public.id.as_str())]).await;
    assert_eq!(refused.json()["error"], "unauthorized_client");
}

#[tokio::test]
async fn clients_authenticate_in_one_way_or_not_at_all() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({ "GenerateSecret": true })).await;
    let public = server.client(&pool, json!({})).await;
    let (id, secret) = (client.id.as_str(), server.secret(&client));
    let ask = ("grant_type", "refresh_token");
    let some = ("refresh_token", "garbage");

    // (Basic, form, status, error)
    type Case<'a> = (Option<(&'a str, &'a str)>, Vec<(&'a str, &'a str)>, u16, &'a str);
    let cases: Vec<Case<'_>> = vec![
        (Some((id, &secret)), vec![ask, some], 400, "invalid_grant"),
        (Some((id, &secret)), vec![ask, some, ("client_id", id)], 400, "invalid_grant"),
        (Some((id, "wrong")), vec![ask, some], 401, "invalid_client"),
        (Some((id, "")), vec![ask, some], 401, "invalid_client"),
        (Some(("nobody", &secret)), vec![ask, some], 401, "invalid_client"),
        (Some((id, &secret)), vec![ask, some, ("client_id", public.id.as_str())], 401, "invalid_client"),
        (Some((id, &secret)), vec![ask, some, ("client_secret", &secret)], 400, "invalid_request"),
        (None, vec![ask, some, ("client_id", id), ("client_secret", &secret)], 400, "invalid_grant"),
        (None, vec![ask, some, ("client_id", id), ("client_secret", "wrong")], 400, "invalid_client"),
        (None, vec![ask, some, ("client_id", id)], 400, "invalid_client"),
        (None, vec![ask, some], 400, "invalid_client"),
        (None, vec![ask, some, ("client_id", "a\0b")], 400, "invalid_client"),
        (None, vec![ask, some, ("client_id", public.id.as_str())], 400, "invalid_grant"),
        (None, vec![ask, some, ("client_id", public.id.as_str()), ("client_secret", "x")], 400, "invalid_client"),
        (None, vec![ask, ("client_id", public.id.as_str())], 400, "invalid_request"),
        (None, vec![("client_id", public.id.as_str())], 400, "invalid_request"),
        (None, vec![("client_id", public.id.as_str()), ("grant_type", "password")], 400, "unsupported_grant_type"),
        (None, vec![ask, some, some, ("client_id", public.id.as_str())], 400, "invalid_request"),
    ];
    for (basic, fields, status, error) in cases {
        let answer = server.form("/oauth2/token", basic, &fields).await;
        assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str()), (status, Some(error)), "{fields:?}");
        assert_eq!(answer.header("www-authenticate").starts_with("Basic "), status == 401, "{fields:?}");
    }
    let body = format!("grant_type=refresh_token&refresh_token=x&client_id={}", public.id);
    let plain = Request::post("/oauth2/token").header("content-type", "text/plain").body(Body::from(body)).unwrap();
    assert_eq!(server.request(plain).await.json()["error"], "invalid_request");
    let huge = Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
    let huge = server.request(huge.body(Body::from("a".repeat(100_000))).unwrap()).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn user_info_takes_a_token_in_one_place_and_challenges_without() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let set = server.tokens_for(&client, "ada@example.com").await;
    let token = set["access_token"].as_str().unwrap();

    let none = server.request(Request::get("/oauth2/userInfo").body(Body::empty()).unwrap()).await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
    assert!(
        none.header("www-authenticate").starts_with("Bearer") && !none.header("www-authenticate").contains("error")
    );
    let posted = server.form("/oauth2/userInfo", None, &[("access_token", token)]).await;
    assert_eq!((posted.status, posted.json()["email_verified"].as_str()), (StatusCode::OK, Some("true")));
    let both = Request::post("/oauth2/userInfo")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/x-www-form-urlencoded");
    let both = server.request(both.body(Body::from(format!("access_token={token}"))).unwrap()).await;
    assert_eq!(both.status, StatusCode::BAD_REQUEST);
    let by_query = Request::get(format!("/oauth2/userInfo?access_token={token}")).body(Body::empty()).unwrap();
    assert_eq!(server.request(by_query).await.status, StatusCode::UNAUTHORIZED);
    for bad in ["garbage", "a.b.c", set["id_token"].as_str().unwrap(), set["refresh_token"].as_str().unwrap()] {
        let refused = server.user_info(bad).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.header("www-authenticate").contains("invalid_token"));
    }
    server.world.clock.advance_secs(3_600);
    assert_eq!(server.user_info(token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn revocation_tells_its_own_errors() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let other = server.client(&pool, json!({})).await;
    let fixed = server.client(&pool, json!({ "EnableTokenRevocation": false })).await;
    server.user(&pool, "ada@example.com").await;
    let set = server.tokens_for(&client, "ada@example.com").await;
    let text = |name: &str| set[name].as_str().unwrap();
    let cases = [
        (client.id.as_str(), text("access_token"), 400, "unsupported_token_type"),
        (client.id.as_str(), "", 400, "invalid_request"),
        (fixed.id.as_str(), text("refresh_token"), 400, "invalid_request"),
        (other.id.as_str(), text("refresh_token"), 400, "invalid_grant"),
        ("nobody", text("refresh_token"), 401, "invalid_client"),
    ];
    for (id, token, status, error) in cases {
        let answer = server.form("/oauth2/revoke", None, &[("client_id", id), ("token", token)]).await;
        assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str()), (status, Some(error)));
    }
    assert_eq!(server.user_info(text("access_token")).await.status, StatusCode::OK, "nobody else could revoke it");
    let unknown = server.form("/oauth2/revoke", None, &[("client_id", client.id.as_str()), ("token", "x")]).await;
    assert_eq!((unknown.status, unknown.body.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn discovery_names_what_there_is() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.user(&pool, "ada@example.com").await;
    let get = |path: String| server.request(Request::get(path).body(Body::empty()).unwrap());
    let answer = get(format!("/{}/.well-known/openid-configuration", pool.id)).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let document = answer.json();
    assert_eq!(document["issuer"], format!("http://localhost:9229/{}", pool.id));
    for (member, value) in [
        ("authorization_endpoint", json!("http://localhost:9229/oauth2/authorize")),
        ("end_session_endpoint", json!("http://localhost:9229/logout")),
        ("revocation_endpoint", json!("http://localhost:9229/oauth2/revoke")),
        ("userinfo_endpoint", json!("http://localhost:9229/oauth2/userInfo")),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("authorization_response_iss_parameter_supported", json!(true)),
        ("scopes_supported", json!(["openid", "email", "phone", "profile"])),
    ] {
        assert_eq!(document[member], value, "{member}");
    }
    let keys = get(format!("/{}/.well-known/jwks.json", pool.id)).await.json();
    let kids: Vec<&Value> = keys["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    let set = server.tokens_for(&client, "ada@example.com").await;
    for name in ["id_token", "access_token"] {
        let header = set[name].as_str().unwrap().split('.').next().unwrap();
        let header = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, header).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert!(kids.contains(&&header["kid"]), "{name}");
    }
    for path in ["/us-east-1_Nobody/.well-known/jwks.json", "/us-east-1_Nobody/.well-known/openid-configuration", "/x"]
    {
        assert_eq!(get(path.to_owned()).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let wrong = server.request(Request::get("/oauth2/token").body(Body::empty()).unwrap()).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn preflights_allow_any_origin_where_no_cookie_is_read() {
    let server = TestServer::new();
    let preflight = |path: &'static str| {
        let request = Request::options(path)
            .header("origin", "https://spa.example")
            .header("access-control-request-headers", "authorization,x-own");
        server.request(request.body(Body::empty()).unwrap())
    };
    for path in ["/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo", "/us-east-1_X/.well-known/jwks.json"] {
        let answer = preflight(path).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-headers"), "authorization,x-own");
    }
    for path in ["/login", "/oauth2/authorize", "/logout"] {
        assert!(preflight(path).await.headers.get("access-control-allow-origin").is_none(), "{path}");
    }
}

#[tokio::test]
async fn the_implicit_grant_answers_in_the_fragment_where_it_is_allowed() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({ "AllowedOAuthFlows": ["implicit"] })).await;
    server.user(&pool, "ada@example.com").await;
    let mut browser = server.browser();
    let page = browser
        .open(&authorize(&client, &[("response_type", "token"), ("code_challenge", ""), ("code_challenge_method", "")]))
        .await;
    let fields = [("username", "ada@example.com"), ("password", crate::server::PASSWORD)];
    let app = browser.submit(&page, &fields).await;
    assert!(app.at.starts_with(&format!("{CALLBACK}#id_token=")), "{}", app.at);
    let access = app.param("access_token").unwrap();
    assert_eq!(server.user_info(&access).await.status, StatusCode::OK);
    assert_eq!((app.param("token_type").as_deref(), app.param("refresh_token")), (Some("Bearer"), None));
    let refused = browser.open(&authorize(&client, &[])).await;
    assert_eq!(refused.param("error").as_deref(), Some("unauthorized_client"));
    let silent = browser.open(&authorize(&client, &[("response_type", "token"), ("scope", "nope")])).await;
    assert!(silent.at.starts_with(&format!("{CALLBACK}#error=invalid_scope")), "{}", silent.at);
}

#[tokio::test]
async fn an_error_page_names_its_cause_and_a_way_on_and_in_development_what_came() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    let evil = "https://evil.example/<x>";
    let page = browser.open(&authorize(&client, &[("redirect_uri", evil)])).await;
    assert!(page.says("<h1>We stopped for your safety</h1>") && page.says("href=\"https://app.example/bye\""));
    assert!(page.says("https://evil.example/&lt;x&gt;") && page.says(">https://app.example/cb<"), "{}", page.body);
    let unknown = browser.open(&authorize(&client, &[("client_id", "nobody")])).await;
    assert!(unknown.says("<h1>This app is not known here</h1>") && unknown.says(">nobody<"), "{}", unknown.body);
    // Nobody's page bears nobody's name, and says what to do.
    assert!(
        unknown.says("<title>This app is not known here</title>") && !unknown.says("localhost"),
        "{}",
        unknown.body
    );
    assert!(unknown.says("close this page"));
    assert!(browser.open("/nowhere").await.says("<h1>There is nothing here</h1>"));
}
