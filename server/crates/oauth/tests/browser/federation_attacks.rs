//! What attackers try at the doors to providers: one table of lies that a provider, or who has got between, may tell,
//! and the attacks of the browser's side after it. Each row fails if the check it names is taken out.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use world::NetError;

use crate::federation::Scene;
use crate::provider::{Lies, RSA, Signer, back, honest_keys, json_answer, sign, status_answer};
use crate::requests::authorize;
use crate::server::{CALLBACK, PASSWORD};

type Fetched = Result<Response<Bytes>, NetError>;

fn says(claims: Value) -> Lies {
    Lies { claims, ..Lies::default() }
}

fn heads(header: Value) -> Lies {
    Lies { header, ..Lies::default() }
}

fn signs(signer: Signer) -> Lies {
    Lies { signer, ..Lies::default() }
}

fn at_token(answer: Fetched) -> Lies {
    Lies { at_token: Some(answer), ..Lies::default() }
}

fn at_keys(answer: Fetched) -> Lies {
    Lies { at_keys: Some(answer), ..Lies::default() }
}

fn at_user_info(answer: Fetched) -> Lies {
    Lies { at_user_info: Some(answer), ..Lies::default() }
}

fn body(text: &'static str) -> Fetched {
    Ok(Response::new(Bytes::from_static(text.as_bytes())))
}

fn huge() -> Fetched {
    Ok(Response::new(Bytes::from(vec![b' '; 10 * 1024 * 1024])))
}

fn redirect(to: &str) -> Fetched {
    Ok(status_answer(302, to))
}

/// One lie: nobody is signed in, no user is made, and the app is told why.
async fn refuses(lies: Lies, told: &str) {
    let scene = Scene::new().await;
    scene.acme.lie(lies);
    let mut browser = scene.server.browser();
    let app = scene.come_back(&mut browser, "ada").await;
    assert!(app.at.starts_with(CALLBACK), "{} {} {}", app.status, app.at, app.body);
    assert_eq!(app.param("code"), None, "{}", app.at);
    let description = app.param("error_description").unwrap();
    assert!(description.ends_with(told), "{description}");
    assert!(!browser.has_session());
    assert!(scene.server.latchkey.find_user(&scene.pool, "acme_ada").await.unwrap().is_none());
    let elsewhere = scene.server.world.net.requests();
    let elsewhere = elsewhere.iter().find(|request| request.uri().host() != Some("acme.example"));
    assert!(elsewhere.is_none(), "{elsewhere:?}");
    // The truth is believed.
    scene.acme.lie(Lies::default());
    scene.server.world.clock.advance_secs(31);
    scene.sign_in(&mut browser, "ada").await;
}

macro_rules! lies {
    ($($name:ident: $lie:expr => $told:expr;)*) => {
        $(#[tokio::test]
        async fn $name() {
            refuses($lie, $told).await;
        })*
    };
}

lies! {
    // OpenID Connect Core §3.1.3.7: issuer, audience, authorized party
    iss_of_another: says(json!({ "iss": "https://evil.example" })) => "Bad id_token: issuer";
    iss_almost: says(json!({ "iss": "https://acme.example/" })) => "Bad id_token: issuer";
    iss_absent: says(json!({ "iss": null })) => "Bad id_token: issuer";
    aud_of_another: says(json!({ "aud": "another-client" })) => "Bad id_token: audience";
    aud_of_others: says(json!({ "aud": ["another-client"] })) => "Bad id_token: audience";
    aud_absent: says(json!({ "aud": null })) => "Bad id_token: audience";
    aud_shared_without_azp: says(json!({ "aud": ["our-id-there", "another"] })) => "Bad id_token: azp is missing";
    azp_of_another: says(json!({ "azp": "another-client" })) => "Bad id_token: azp";
    azp_of_another_among_several: says(json!({ "aud": ["our-id-there", "x"], "azp": "x" })) => "Bad id_token: azp";
    // RFC 8725: algorithms and keys
    alg_none: signs(Signer::Nobody) => "Bad id_token: not a signed token";
    alg_none_in_capitals: Lies { header: json!({ "alg": "NONE" }), ..signs(Signer::Nobody) } => "Bad id_token: not a signed token";
    alg_none_under_a_good_name: Lies { header: json!({ "alg": "RS256" }), ..signs(Signer::Nobody) } => "Bad id_token: signature";
    hs256_with_the_public_key: signs(Signer::PublicKey) => "Bad id_token: algorithm";
    hs256_with_our_secret: signs(Signer::OurSecret) => "Bad id_token: algorithm";
    another_algorithm_of_the_key: heads(json!({ "alg": "RS384" })) => "Bad id_token: algorithm";
    key_swapped: signs(Signer::OtherRsa) => "Bad id_token: signature";
    key_of_another_kind: heads(json!({ "kid": "ec" })) => "Bad id_token: algorithm";
    kid_unknown: heads(json!({ "kid": "strange" })) => "Bad id_token: unknown key";
    kid_absent: heads(json!({ "kid": null })) => "Bad id_token: names no key";
    key_brought_along: heads(json!({ "kid": "strange", "jwk": RSA.jwk("strange") })) => "Bad id_token: unknown key";
    extension_demanded: heads(json!({ "crit": ["x"], "x": 1 })) => "Bad id_token: not a signed token";
    no_token: Lies { id_token: Some("x".to_owned()), ..Lies::default() } => "Bad id_token: names no key";
    // times
    expired: says(json!({ "exp": 1_767_225_600 - 61 })) => "Bad id_token: expired";
    exp_absent: says(json!({ "exp": null })) => "Bad id_token: expired";
    exp_no_number: says(json!({ "exp": "9999999999" })) => "Bad id_token: expired";
    of_tomorrow: says(json!({ "iat": 1_767_225_600 + 61 })) => "Bad id_token: iat";
    iat_absent: says(json!({ "iat": null })) => "Bad id_token: iat";
    not_yet_valid: says(json!({ "nbf": 1_767_225_600 + 61 })) => "Bad id_token: not yet valid";
    // binding
    nonce_of_another: says(json!({ "nonce": "another" })) => "Bad id_token: nonce";
    nonce_absent: says(json!({ "nonce": null })) => "Bad id_token: nonce";
    access_token_swapped: says(json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" })) => "Bad id_token: at_hash";
    // the subject
    sub_absent: says(json!({ "sub": null })) => "Bad id_token: sub";
    sub_empty: says(json!({ "sub": "" })) => "Bad id_token: sub";
    sub_no_text: says(json!({ "sub": 7 })) => "Bad id_token: sub";
    sub_unprintable: says(json!({ "sub": "a\u{0}b" })) => "Bad id_token: sub";
    sub_endless: says(json!({ "sub": "x".repeat(256) })) => "Bad id_token: sub";
    user_info_of_another: Lies { user_info: json!({ "sub": "eve" }), ..Lies::default() } => "another subject";
    user_info_of_nobody: Lies { user_info: json!({ "sub": null }), ..Lies::default() } => "another subject";
    user_info_of_case: Lies { user_info: json!({ "sub": "Ada" }), ..Lies::default() } => "another subject";
    // answers: down, slow, garbage, endless, elsewhere
    token_endpoint_down: at_token(Err(NetError::Connect("refused".to_owned()))) => "No connection to IdP token endpoint";
    token_endpoint_forbidden: at_token(Err(NetError::Forbidden("10.0.0.1".to_owned()))) => "No connection to IdP token endpoint";
    token_endpoint_slow: at_token(Err(NetError::Timeout)) => "Timeout occurred in calling IdP token endpoint";
    token_endpoint_garbage: at_token(body("<html>")) => "IdP token endpoint answered with no JSON object";
    token_endpoint_list: at_token(body("[]")) => "IdP token endpoint answered with no JSON object";
    token_endpoint_huge: at_token(huge()) => "No connection to IdP token endpoint";
    token_endpoint_failed: at_token(Ok(json_answer(StatusCode::INTERNAL_SERVER_ERROR, &json!({})))) => "another status than 200";
    token_endpoint_leads_home: at_token(redirect("http://127.0.0.1/")) => "another status than 200";
    token_endpoint_leads_to_metadata: at_token(redirect("http://169.254.169.254/latest/")) => "another status than 200";
    token_endpoint_refuses: at_token(Ok(json_answer(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_client" })))) => "Acme Error - 401 invalid_client";
    no_id_token: at_token(body(r#"{"access_token":"x","token_type":"Bearer"}"#)) => "no ID token";
    no_access_token: at_token(body(r#"{"id_token":"x","token_type":"Bearer"}"#)) => "no bearer token";
    another_kind_of_token: at_token(body(r#"{"access_token":"x","id_token":"x","token_type":"mac"}"#)) => "no bearer token";
    a_token_no_header_carries: at_token(body(r#"{"access_token":"a\nb","id_token":"x","token_type":"Bearer"}"#)) => "Bad id_token: names no key";
    keys_down: at_keys(Err(NetError::Connect("refused".to_owned()))) => "No connection to jwks uri";
    keys_slow: at_keys(Err(NetError::Timeout)) => "Timeout in calling jwks uri";
    keys_garbage: at_keys(body("{}")) => "jwks uri answered with no key set";
    keys_huge: at_keys(huge()) => "No connection to jwks uri";
    keys_elsewhere: at_keys(redirect("http://127.0.0.1/keys")) => "another status than 200";
    user_info_down: at_user_info(Err(NetError::Connect("refused".to_owned()))) => "No connection to IdP userInfo endpoint";
    user_info_slow: at_user_info(Err(NetError::Timeout)) => "Timeout occurred in calling IdP userInfo endpoint";
    user_info_garbage: at_user_info(body("eyJhbGciOiJub25lIn0.e30.")) => "no JSON object";
    user_info_huge: at_user_info(huge()) => "No connection to IdP userInfo endpoint";
    user_info_elsewhere: at_user_info(redirect("http://169.254.169.254/")) => "another status than 200";
}

/// A code that the attacker got at the provider, put into the victim's answer: PKCE stops it at an honest provider
/// (RFC 9700 §4.5.3.1), the nonce where the provider does not look.
#[tokio::test]
async fn a_code_is_its_own_requests() {
    let scene = Scene::new().await;
    let (mut attacker, mut victim) = (scene.server.browser(), scene.server.browser());
    let stolen = scene.leave(&mut victim).await;
    let stolen = scene.acme.approve(&stolen, "victim");
    let code = stolen.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).unwrap().to_owned();
    let sent = scene.leave(&mut attacker).await;
    let app = attacker.open(&back(&sent, &[("code", &code)])).await;
    let told = app.param("error_description").unwrap();
    assert_eq!(told, "Acme Error - 400 invalid_grant Code 'used'");
    assert_eq!(app.param("error").as_deref(), Some("invalid_request"));
    assert!(!attacker.has_session());
}

#[tokio::test]
async fn an_id_token_is_its_own_requests() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let now = scene.server.latchkey.now().as_second();
    let claims = json!({
        "iss": scene.acme.issuer, "aud": "our-id-there", "sub": "ada", "nonce": sent.param("nonce"), "iat": now, "exp": now + 300,
    });
    let good = sign(Signer::Rsa, &json!({}), &claims);
    scene.acme.lie(Lies { id_token: Some(good.clone()), ..Lies::default() });
    assert!(browser.open(&scene.acme.approve(&sent, "ada")).await.param("code").is_some());
    // The same token again, in another round of the same browser.
    let again = browser.open(&authorize(&scene.client, &[("identity_provider", "Acme"), ("prompt", "login")])).await;
    let app = browser.open(&scene.acme.approve(&again, "ada")).await;
    assert!(app.param("error_description").unwrap().ends_with("nonce"));
}

/// RFC 9207: an honest provider's code must not be sent to another's token endpoint.
#[tokio::test]
async fn providers_are_not_mixed_up() {
    let mut scene = Scene::new().await;
    let evil = scene.server.provider(&scene.pool, "Evil").await;
    let names = json!({ "SupportedIdentityProviders": ["COGNITO", "Acme", "Evil"] });
    scene.client = scene.server.client(&scene.pool, names).await;
    let mut browser = scene.server.browser();
    // The answer is another's by its own word: nobody is asked.
    for iss in [evil.issuer.as_str(), "https://acme.example/", "HTTPS://acme.example"] {
        let sent = scene.leave(&mut browser).await;
        for answer in [("code", "x"), ("error", "access_denied")] {
            let sent = if answer.0 == "code" { &sent } else { &scene.leave(&mut browser).await };
            let app = browser.open(&back(sent, &[answer, ("iss", iss)])).await;
            assert_eq!(app.param("error").as_deref(), Some("server_error"), "{iss}");
            assert!(app.param("error_description").unwrap().ends_with("another issuer's"));
        }
    }
    assert!(scene.server.world.net.requests().is_empty());
    // Its own word is good.
    let sent = scene.leave(&mut browser).await;
    let address = format!("{}&iss=https%3A%2F%2Facme.example", scene.acme.approve(&sent, "ada"));
    assert!(browser.open(&address).await.param("code").is_some());
    // Where that was promised, silence is no answer.
    let mut row = scene.server.latchkey.identity_provider(&scene.pool.id, "Acme").await.unwrap().unwrap();
    row.iss_in_response = true;
    scene.server.keep(&row).await;
    let again = authorize(&scene.client, &[("identity_provider", "Acme"), ("prompt", "login")]);
    let sent = browser.open(&again).await;
    let app = browser.open(&scene.acme.approve(&sent, "ada")).await;
    assert!(app.param("error_description").unwrap().ends_with("does not name its issuer"), "{}", app.at);
    scene.acme.memory().iss_in_response = true;
    let sent = browser.open(&again).await;
    assert!(browser.open(&scene.acme.approve(&sent, "ada")).await.param("code").is_some());
    // A state names its provider: a code of Acme's in an answer to Evil's request goes to Evil alone, and Acme's ID
    // token is none of Evil's.
    let request = authorize(&scene.client, &[("identity_provider", "Evil"), ("prompt", "login")]);
    let sent = browser.open(&request).await;
    evil.lie(Lies { claims: json!({ "iss": scene.acme.issuer }), ..Lies::default() });
    let app = browser.open(&evil.approve(&sent, "ada")).await;
    assert!(app.param("error_description").unwrap().ends_with("Bad id_token: issuer"));
}

/// Whoever can make a provider name keys cannot make us ask for them as often as that.
#[tokio::test]
async fn an_unknown_key_is_looked_for_now_and_then_only() {
    let scene = Scene::new().await;
    let asked = |scene: &Scene| {
        scene.server.world.net.requests().iter().filter(|request| request.uri().path() == "/keys").count()
    };
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    assert_eq!(asked(&scene), 1);
    for number in 0..20 {
        scene.acme.lie(heads(json!({ "kid": format!("strange-{number}") })));
        scene.come_back(&mut scene.server.browser(), "ada").await;
    }
    scene.acme.lie(Lies::default());
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    assert_eq!(asked(&scene), 1);
    // A new key is found once the pause is over.
    let mut keys = honest_keys();
    keys["keys"].as_array_mut().unwrap().push(RSA.jwk("new"));
    scene.acme.memory().keys = Some(keys);
    scene.acme.lie(heads(json!({ "kid": "new" })));
    scene.server.world.clock.advance_secs(31);
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    assert_eq!(asked(&scene), 2);
    // And one that is withdrawn is not believed for ever.
    scene.acme.memory().keys = Some(honest_keys());
    scene.server.world.clock.advance_secs(601);
    let app = scene.come_back(&mut scene.server.browser(), "ada").await;
    assert!(app.param("error_description").unwrap().ends_with("unknown key"));
    // An address that is down is not hammered either.
    scene.acme.lie(at_keys(Err(NetError::Timeout)));
    scene.server.world.clock.advance_secs(601);
    let before = asked(&scene);
    for _ in 0..5 {
        scene.come_back(&mut scene.server.browser(), "ada").await;
    }
    assert_eq!(asked(&scene), before + 1);
}

/// Whatever a provider says of addresses, a native user's account and names stay its own.
#[tokio::test]
async fn an_address_takes_nobodys_account_over() {
    for pool in [json!({}), json!({ "UsernameAttributes": [], "AliasAttributes": ["email", "preferred_username"] })] {
        let scene = Scene::with(pool, json!({})).await;
        let (server, email) = (&scene.server, "victim@example.com");
        let victim = if scene.pool.is_username_attribute("email") {
            server.user(&scene.pool, email).await
        } else {
            let create = flows::AdminCreate {
                username: "victim".to_owned(),
                attributes: [("email", email), ("email_verified", "true")]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
                action: Some(protocol::idp::MessageActionType::Suppress),
                ..flows::AdminCreate::default()
            };
            server.latchkey.admin_create_user(&server.latchkey.server_ctx(), &scene.pool, create).await.unwrap();
            server
                .latchkey
                .admin_set_password(&server.latchkey.server_ctx(), &scene.pool, "victim", PASSWORD, true)
                .await
                .unwrap();
            server.latchkey.user(&scene.pool, email).await.unwrap()
        };
        for (subject, verified) in [("a", json!(null)), ("b", json!(false)), ("c", json!("false")), ("d", json!(true))]
        {
            scene.acme.person(subject, json!({ "email": email, "email_verified": verified }));
            let id = scene.sign_in(&mut server.browser(), subject).await;
            assert_ne!(id["sub"], victim.sub.as_str());
            assert_eq!(id["email_verified"], json!(verified == json!(true)), "{subject}");
        }
        // The name still reaches the victim, who is as before.
        assert_eq!(server.latchkey.user(&scene.pool, email).await.unwrap(), victim);
        server.code_for(&mut server.browser(), &scene.client, email).await;
    }
}

/// The verification that one document tells is not that of another's address.
#[tokio::test]
async fn a_verification_belongs_to_the_address_beside_it() {
    let scene = Scene::new().await;
    scene.acme.person("eve", json!({ "email": "victim@example.com" }));
    scene.acme.lie(says(json!({ "email": "eve@acme.test", "email_verified": true })));
    let id = scene.sign_in(&mut scene.server.browser(), "eve").await;
    assert_eq!((&id["email"], &id["email_verified"]), (&json!("victim@example.com"), &json!(false)));
}

/// In a pool that ignores case, two subjects may fold into one name: the second is not let in as the first.
#[tokio::test]
async fn a_profile_is_its_own_subjects() {
    let scene = Scene::new().await;
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    let app = scene.come_back(&mut scene.server.browser(), "ADA").await;
    assert!(app.param("error_description").unwrap().starts_with("Already found an entry for username"));
    // Nor as a native user who has the name already.
    let scene = Scene::with(json!({ "UsernameAttributes": [] }), json!({})).await;
    let create = flows::AdminCreate {
        username: "acme_ada".to_owned(),
        action: Some(protocol::idp::MessageActionType::Suppress),
        ..flows::AdminCreate::default()
    };
    scene.server.latchkey.admin_create_user(&scene.server.latchkey.server_ctx(), &scene.pool, create).await.unwrap();
    let app = scene.come_back(&mut scene.server.browser(), "ada").await;
    assert!(app.param("error_description").unwrap().starts_with("Already found an entry for username"));
}

#[tokio::test]
async fn a_disabled_user_does_not_come_in() {
    let scene = Scene::new().await;
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    let (pool, name) = (scene.pool.clone(), domain::Username::from("acme_ada"));
    let disable = move |user: &mut domain::User| -> Result<(), store::StoreError> {
        user.enabled = false;
        Ok(())
    };
    scene.server.latchkey.store().write(move |tx| tx.update_user(&pool, &name, disable)).await.unwrap();
    let mut browser = scene.server.browser();
    let app = scene.come_back(&mut browser, "ada").await;
    assert_eq!(app.param("error").as_deref(), Some("access_denied"));
    assert!(!browser.has_session());
}

/// OpenID Connect Core §3.1.3.7, 13: a provider that ignores max_age does not make an old sign-in fresh.
#[tokio::test]
async fn freshness_is_proven_where_it_was_asked_for() {
    let scene = Scene::new().await;
    let now = scene.server.latchkey.now().as_second();
    let request = authorize(&scene.client, &[("identity_provider", "Acme"), ("max_age", "60")]);
    for (auth_time, fresh) in
        [(json!(null), false), (json!(now - 121), false), (json!("now"), false), (json!(now - 60), true)]
    {
        scene.acme.lie(says(json!({ "auth_time": auth_time })));
        let mut browser = scene.server.browser();
        let sent = browser.open(&request).await;
        let app = browser.open(&scene.acme.approve(&sent, "ada")).await;
        assert_eq!(app.param("code").is_some(), fresh, "{auth_time} {}", app.at);
    }
}

/// Five minutes are long: what the app may do is judged when the browser comes back.
#[tokio::test]
async fn the_app_is_judged_anew_on_the_way_back() {
    let scene = Scene::new().await;
    let change = async |names: Value, callbacks: Value| {
        let id = scene.client.id.clone();
        let change = move |client: &mut domain::Client| -> Result<(), store::StoreError> {
            client.settings.supported_identity_providers = serde_json::from_value(names).unwrap();
            client.settings.callback_urls = serde_json::from_value(callbacks).unwrap();
            client.modified_at += jiff::SignedDuration::from_secs(1);
            Ok(())
        };
        scene.server.latchkey.store().write(move |tx| tx.update_client(&id, change)).await.unwrap();
    };
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    change(json!(["COGNITO"]), json!([CALLBACK])).await;
    let answer = browser.open(&scene.acme.approve(&sent, "ada")).await;
    assert!(answer.param("code").is_none() && !browser.has_session(), "{}", answer.at);
    change(json!(["Acme"]), json!([CALLBACK])).await;
    let sent = scene.leave(&mut browser).await;
    change(json!(["Acme"]), json!(["https://app.example/new"])).await;
    let answer = browser.open(&scene.acme.approve(&sent, "ada")).await;
    assert!(answer.status == StatusCode::BAD_REQUEST && answer.says("redirect_mismatch"), "{}", answer.at);
    assert!(scene.server.world.net.requests().is_empty());
}

/// Nobody's `Host` decides where a provider sends codes.
#[tokio::test]
async fn answers_come_to_our_own_address() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    browser.host = "evil.example".to_owned();
    let sent = scene.leave(&mut browser).await;
    assert_eq!(sent.param("redirect_uri").unwrap(), "http://localhost:9229/oauth2/idpresponse");
    // A pool's own domain is one of ours.
    crate::brand::domain(&scene.server, &scene.pool, "acme", 2).await;
    browser.host = "ACME.localhost:9229".to_owned();
    let sent = scene.leave(&mut browser).await;
    assert_eq!(sent.param("redirect_uri").unwrap(), "http://acme.localhost:9229/oauth2/idpresponse");
    assert!(browser.open(&scene.acme.approve(&sent, "ada")).await.param("code").is_some());
    assert!(browser.jar.contains_key("cognito"));
}

#[tokio::test]
async fn neither_secrets_nor_tokens_nor_codes_are_logged() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let address = scene.acme.approve(&sent, "ada");
    browser.open(&address).await;
    scene.acme.lie(signs(Signer::OtherRsa));
    scene.come_back(&mut scene.server.browser(), "ada").await;
    let log = crate::server::log();
    assert!(log.contains("Bad id_token: signature"));
    let state = sent.param("state").unwrap();
    for secret in [crate::provider::SECRET, "access-1", state.as_str(), "Bearer access"] {
        assert!(!log.contains(secret), "{secret}");
    }
}
