//! The browser's door: from the sign-in page to tokens and back, and every path with canaries.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, Request, StatusCode, header};
use latchkey_tests::Actor;
use serde_json::{Value, json};

use super::{CALLBACK, CANARIES, Scene};

/// The value of an input of a page.
fn field(page: &str, name: &str) -> String {
    let tag = page.split(&format!("name=\"{name}\"")).nth(1).unwrap();
    tag.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// From the sign-in page to tokens and back.
pub(crate) async fn sign_in(scene: &Scene) {
    let public = scene.server.client(&scene.pool, json!({})).await;
    let dora = Actor::join(&scene.server, &public, "dora").await;
    // The challenge is that of RFC 7636, appendix B.
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", scene.client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid aws.cognito.signin.user.admin"),
            ("state", CANARIES[0]),
            ("code_challenge_method", "S256"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ])
        .finish();
    let address = format!("/login?{query}");
    let page = scene.ask(Request::get(&address), "").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let cookies: Vec<_> = page.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
    let jar = cookies.iter().map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ");
    let (csrf, state) = (field(&page.text, "csrf"), field(&page.text, "state"));
    let proof = srp::ClientProof::new(&[7; 32]).unwrap();
    let start = json!({
        "step": "start", "username": "dora", "srpA": proof.public_a_hex(), "csrf": csrf, "state": state,
    });
    let scripted = || Request::post(format!("/login/srp?{query}")).header("content-type", "application/json");
    let answered = scene.ask(scripted().header("cookie", &jar), start.to_string()).await;
    let challenge: Value = serde_json::from_str(&answered.text).unwrap();
    let verify = json!({
        "step": "verify", "userId": challenge["userId"], "secretBlock": challenge["secretBlock"],
        "signature": CANARIES[2], "timestamp": "Canary-Zq7", "csrf": csrf, "state": state,
    });
    assert!(challenge["secretBlock"].is_string(), "{challenge}");
    scene.ask(scripted().header("cookie", &jar), verify.to_string()).await;
    let mut location = String::new();
    for password in [CANARIES[0], &dora.password] {
        let fields = [("csrf", csrf.as_str()), ("state", &state), ("username", "dora"), ("password", password)];
        let answered = scene.post(&address, &[("cookie", &jar), ("origin", "null")], &fields).await;
        let told = answered.headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        location = told.unwrap_or_default();
        for cookie in answered.headers.get_all(header::SET_COOKIE) {
            scene.learn(&json!(cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap().1));
        }
    }
    let query = location.split_once('?').unwrap_or_else(|| panic!("no code: {location}")).1;
    let (_, code) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").unwrap();
    let basic = |secret: &str| format!("Basic {}", STANDARD.encode(format!("{}:{secret}", scene.client)));
    let (right, wrong) = (basic(&scene.client_secret), basic(CANARIES[0]));
    let redeem = |code: &str| {
        [
            ("grant_type", "authorization_code"),
            ("redirect_uri", CALLBACK),
            ("code", code),
            ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let mut tokens = Value::Null;
    for (credentials, code) in [(&wrong, &*code), (&right, CANARIES[1]), (&right, &*code)] {
        let fields = redeem(code);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answered = scene.post("/oauth2/token", &[("authorization", credentials)], &fields).await;
        tokens = serde_json::from_str(&answered.text).unwrap();
    }
    let token = |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned();
    let (access, refresh) = (token("access_token"), token("refresh_token"));
    for token in [access.as_str(), CANARIES[1]] {
        scene.ask(Request::get("/oauth2/userInfo").header("authorization", format!("Bearer {token}")), "").await;
    }
    for token in [CANARIES[1], &refresh] {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        scene.post("/oauth2/token", &[("authorization", &right)], &fields).await;
    }
    scene.post("/oauth2/revoke", &[("authorization", &right)], &[("token", &refresh)]).await;
    let learned = [&csrf, &state, &dora.password, &*code, &access, &refresh, &token("id_token"), &right[6..]];
    let learned = json!(learned);
    scene.learn(&learned);
    scene.learn(&challenge["secretBlock"].clone());
}

/// Every path of the browser's door, with canaries in whatever may carry a secret.
pub(crate) async fn paths(scene: &Scene) {
    const PATHS: &[&str] = &[
        "/oauth2/token",
        "/oauth2/revoke",
        "/oauth2/userInfo",
        "/oauth2/authorize",
        "/oauth2/idpresponse",
        "/logout",
        "/error",
        "/confirmUser",
        "/resendcode",
        "/login",
        "/login/srp",
        "/signup",
        "/confirm",
        "/forgotPassword",
        "/confirmforgotPassword",
        "/newPassword",
        "/mfa",
        "/mfa/setup",
        "/mfa/select",
    ];
    const NAMES: &[&str] = &[
        "SAMLResponse",
        "assertion",
        "client_secret",
        "code",
        "code_challenge",
        "code_verifier",
        "confirmation_code",
        "csrf",
        "error",
        "error_description",
        "id_token_hint",
        "iss",
        "login_hint",
        "new_password",
        "nonce",
        "password",
        "refresh_token",
        "state",
        "token",
        "user_name",
        "username",
    ];
    let wire = form_urlencoded::Serializer::new(format!("client_id={}&", scene.client))
        .extend_pairs(NAMES.iter().map(|name| (name, CANARIES[0])))
        .finish();
    let object: Value = NAMES.iter().map(|name| ((*name).to_owned(), json!(CANARIES[0]))).collect();
    let basic = STANDARD.encode(format!("{}:{}", scene.client, CANARIES[0]));
    let authorizations = [
        format!("Basic {basic}"),
        format!("Bearer {}", CANARIES[1]),
        format!("AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/sts/aws4_request, Signature={}", CANARIES[2]),
    ];
    let cookies = "latchkey-browser=Canary-Zq7; latchkey-step=Canary-Zq7; cognito=Canary-Zq7; XSRF-TOKEN=Canary-Zq7";
    for path in PATHS {
        for method in [Method::GET, Method::POST] {
            for (body, kind) in
                [(wire.clone(), "application/x-www-form-urlencoded"), (object.to_string(), "application/json")]
            {
                for authorization in &authorizations {
                    let request = Request::builder()
                        .method(method.clone())
                        .uri(format!("{path}?{wire}"))
                        .header("content-type", kind)
                        .header("cookie", cookies)
                        .header("x-amz-security-token", CANARIES[1])
                        .header("authorization", authorization);
                    let answered = scene.ask(request, body.clone()).await;
                    assert!(!answered.status.is_server_error(), "{method} {path}: {}", answered.text);
                }
            }
        }
    }
}
