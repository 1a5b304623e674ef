//! Signing in through a provider, as it should go.

use domain::{Client, Pool, Reason, SamlEndpoints, SamlMetadata, UserStatus};
use http::StatusCode;
use protocol::idp::IdentityProviderTypeType as Kind;
use serde_json::{Value, json};

use crate::actor::{Answer, Browser};
use crate::provider::{Lies, Provider, Signer, back};
use crate::requests::{authorize, claims};
use crate::server::{CALLBACK, PASSWORD, TestServer};

/// A pool with one provider, and a client whose users come through it or the directory.
pub(crate) struct Scene {
    pub(crate) server: TestServer,
    pub(crate) pool: Pool,
    pub(crate) client: Client,
    pub(crate) acme: Provider,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::with(json!({}), json!({})).await
    }

    pub(crate) async fn with(pool: Value, client: Value) -> Self {
        let server = TestServer::new();
        let pool = server.pool(pool).await;
        let acme = server.provider(&pool, "Acme").await;
        acme.person("ada", json!({ "email": "ada@acme.test", "email_verified": true, "name": "Ada" }));
        let mut settings = json!({ "SupportedIdentityProviders": ["COGNITO", "Acme"] });
        crate::server::merge(&mut settings, client);
        let client = server.client(&pool, settings).await;
        Self { server, pool, client, acme }
    }

    /// Out to the provider.
    pub(crate) async fn leave(&self, browser: &mut Browser) -> Answer {
        browser.open(&authorize(&self.client, &[("identity_provider", "Acme")])).await
    }

    /// Out and back.
    pub(crate) async fn come_back(&self, browser: &mut Browser, subject: &str) -> Answer {
        let sent = self.leave(browser).await;
        browser.open(&self.acme.approve(&sent, subject)).await
    }

    /// The ID token's claims of one who comes through the provider.
    pub(crate) async fn sign_in(&self, browser: &mut Browser, subject: &str) -> Value {
        let app = self.come_back(browser, subject).await;
        let code = app.param("code").unwrap_or_else(|| panic!("{} {} {}", app.status, app.at, app.body));
        claims(&self.server.redeem(&self.client, &code).await.json()["id_token"])
    }
}

#[tokio::test]
async fn a_newcomer_comes_through_a_provider_and_the_app_gets_tokens() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    assert_eq!(sent.status, StatusCode::FOUND);
    assert_eq!(sent.param("redirect_uri").unwrap(), "http://localhost:9229/oauth2/idpresponse");
    assert_eq!(sent.param("scope").unwrap(), "openid email");
    assert_eq!(sent.param("login_hint"), None);
    let app = browser.open(&scene.acme.approve(&sent, "ada")).await;
    assert!(app.at.starts_with(CALLBACK), "{} {}", app.at, app.body);
    assert_eq!((app.param("state").unwrap().as_str(), app.status), ("st&te=1", StatusCode::FOUND));
    let tokens = scene.server.redeem(&scene.client, &app.param("code").unwrap()).await.json();
    let id = claims(&tokens["id_token"]);
    assert_eq!(id["cognito:username"], "acme_ada");
    assert_eq!(id["nonce"], "n-1");
    assert_eq!(id["cognito:groups"], json!([format!("{}_Acme", scene.pool.id)]));
    assert_eq!((id["email"].as_str(), id["email_verified"].as_bool()), (Some("ada@acme.test"), Some(true)));
    let identity = &id["identities"][0];
    assert_eq!(
        (&identity["userId"], &identity["providerName"], &identity["providerType"], &identity["primary"]),
        (&json!("ada"), &json!("Acme"), &json!("OIDC"), &json!("true"))
    );
    assert!(identity["issuer"].is_null() && identity["dateCreated"].is_string());
    let user = scene.server.latchkey.user(&scene.pool, "Acme_ada").await.unwrap();
    assert_eq!(user.status, UserStatus::ExternalProvider);
    assert_eq!(user.attribute("name"), Some("Ada"));
    assert!(user.password.is_none());
    let asked = scene.server.world.net.requests();
    let secrets = asked.iter().any(|request| request.uri().to_string().contains("Our-Secret"));
    assert!(asked.len() == 3 && !secrets, "{asked:?}");
    for limits in scene.server.world.net.limits() {
        assert!(limits.max_bytes <= 1 << 20 && limits.timeout.as_secs() <= 10);
    }
}

#[tokio::test]
async fn attributes_are_brought_up_to_date_at_each_sign_in() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let first = scene.sign_in(&mut browser, "ada").await;
    scene.server.world.clock.advance_secs(60);
    // Absent: stays. Blank: goes. New: comes, and is unverified without the provider's word.
    scene.acme.person("ada", json!({ "email": "ada@new.test", "name": "" }));
    let mut other = scene.server.browser();
    let second = scene.sign_in(&mut other, "ada").await;
    assert_eq!(second["sub"], first["sub"]);
    assert_eq!((second["email"].as_str(), second["email_verified"].as_bool()), (Some("ada@new.test"), Some(false)));
    let user = scene.server.latchkey.user(&scene.pool, "acme_ada").await.unwrap();
    assert_eq!(user.attribute("name"), None);
    assert!(user.modified_at > user.created_at);
    scene.acme.person("ada", json!({}));
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    let user = scene.server.latchkey.user(&scene.pool, "acme_ada").await.unwrap();
    assert_eq!(user.attribute("email"), Some("ada@new.test"));
}

#[tokio::test]
async fn every_algorithm_of_public_keys_is_believed() {
    let scene = Scene::new().await;
    for signer in [Signer::Rsa, Signer::Pss, Signer::Ec] {
        scene.acme.lie(Lies { signer, ..Lies::default() });
        scene.sign_in(&mut scene.server.browser(), "ada").await;
    }
}

#[tokio::test]
async fn the_browser_remembers_through_which_provider_it_came() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    scene.sign_in(&mut browser, "ada").await;
    // Whatever way, and this way: the session stands.
    for change in [("scope", "openid"), ("identity_provider", "Acme"), ("idp_identifier", "acme.test")] {
        let app = browser.open(&authorize(&scene.client, &[change])).await;
        assert!(app.param("code").is_some(), "{change:?} {}", app.at);
    }
    // Another way: it does not.
    let page = browser.open(&authorize(&scene.client, &[("identity_provider", "COGNITO")])).await;
    assert_eq!(page.path(), "/login");
    // Asked again: the provider hears of it.
    let again = [("identity_provider", "Acme"), ("prompt", "login"), ("login_hint", "ada"), ("max_age", "60")];
    let sent = browser.open(&authorize(&scene.client, &again)).await;
    assert_eq!(sent.param("prompt").as_deref(), Some("login"));
    assert_eq!(sent.param("login_hint").as_deref(), Some("ada"));
    assert_eq!(sent.param("max_age").as_deref(), Some("60"));
    // A client that has the directory alone does not take the provider's word.
    let native = scene.server.client(&scene.pool, json!({})).await;
    assert_eq!(browser.open(&authorize(&native, &[])).await.path(), "/login");
    // And one without the directory does not take the directory's.
    let federated = scene.server.client(&scene.pool, json!({ "SupportedIdentityProviders": ["Acme"] })).await;
    scene.server.user(&scene.pool, "bob@example.com").await;
    let mut native_browser = scene.server.browser();
    scene.server.code_for(&mut native_browser, &scene.client, "bob@example.com").await;
    let sent = native_browser.open(&authorize(&federated, &[])).await;
    assert!(sent.at.starts_with("https://acme.example/authorize"), "{}", sent.at);
    let silent = native_browser.open(&authorize(&federated, &[("prompt", "none")])).await;
    assert_eq!(silent.param("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_request_may_name_its_provider() {
    let scene = Scene::new().await;
    let google = scene.server.provider_with(&scene.pool, "Google", Kind::Google, &[]).await;
    assert_eq!(google.name, "Google");
    let mut browser = scene.server.browser();
    for change in [("identity_provider", "Acme"), ("idp_identifier", "acme.test")] {
        for path in ["/oauth2/authorize", "/login"] {
            let address = authorize(&scene.client, &[change]).replace("/oauth2/authorize", path);
            let sent = browser.open(&address).await;
            assert!(sent.at.starts_with("https://acme.example/authorize?"), "{address} {}", sent.at);
        }
    }
    // Unknown, another client's, and another spelling.
    for name in ["Nobody", "Google", "acme", "ACME"] {
        let app = browser.open(&authorize(&scene.client, &[("identity_provider", name)])).await;
        assert_eq!(app.param("error").as_deref(), Some("invalid_request"), "{name}");
        assert!(app.at.starts_with(CALLBACK));
    }
    let app = browser.open(&authorize(&scene.client, &[("idp_identifier", "google.test")])).await;
    assert_eq!(app.param("error").as_deref(), Some("invalid_request"));
    let sent = scene.server.client(&scene.pool, json!({ "SupportedIdentityProviders": ["Google"] })).await;
    let sent = browser.open(&authorize(&sent, &[("login_hint", "ada"), ("prompt", "consent")])).await;
    assert!(sent.at.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"), "{}", sent.at);
    assert_eq!((sent.param("prompt").as_deref(), sent.param("login_hint")), (Some("consent"), None));
}

#[tokio::test]
async fn another_issuer_may_play_google() {
    let server = TestServer::playing_google("https://google.example");
    let pool = server.pool(json!({})).await;
    let google =
        server.provider_with(&pool, "Google", Kind::Google, &[("oidc_issuer", "https://accounts.google.com")]).await;
    google.person("1", json!({ "email": "ada@gmail.test", "email_verified": true }));
    let client = server.client(&pool, json!({ "SupportedIdentityProviders": ["Google"] })).await;
    let mut browser = server.browser();
    let answers = async |browser: &mut Browser| {
        let sent = browser.open(&authorize(&client, &[("prompt", "login")])).await;
        browser.open(&google.approve(&sent, "1")).await
    };
    // It promises to name itself, and must.
    let app = answers(&mut browser).await;
    assert!(app.param("error_description").unwrap().ends_with("does not name its issuer"), "{}", app.at);
    google.memory().iss_in_response = true;
    for _ in 0..2 {
        let app = answers(&mut browser).await;
        let tokens = server.redeem(&client, &app.param("code").unwrap()).await.json();
        assert_eq!(claims(&tokens["id_token"])["cognito:username"], "google_1");
    }
    let asked = server.world.net.requests();
    let documents = asked.iter().filter(|request| request.uri().path().starts_with("/.well-known/")).count();
    assert_eq!(documents, 1);
}

#[tokio::test]
async fn what_an_issuer_promises_of_its_answers_is_kept_with_it() {
    let scene = Scene::new().await;
    let pool = &scene.pool.id;
    let row = async || scene.server.latchkey.identity_provider(pool, "Promising").await.unwrap().unwrap();
    let mut details = json!({
        "client_id": "x", "authorize_scopes": "openid", "attributes_request_method": "GET",
        "oidc_issuer": scene.acme.issuer,
    });
    let input = json!({
        "UserPoolId": pool, "ProviderName": "Promising", "ProviderType": "OIDC", "ProviderDetails": details,
    });
    scene
        .server
        .latchkey
        .create_identity_provider(&scene.server.latchkey.server_ctx(), serde_json::from_value(input).unwrap())
        .await
        .unwrap();
    assert!(row().await.iss_in_response);
    let change = async |details: &Value| {
        let input = json!({ "UserPoolId": pool, "ProviderName": "Promising", "ProviderDetails": details });
        scene
            .server
            .latchkey
            .update_identity_provider(&scene.server.latchkey.server_ctx(), serde_json::from_value(input).unwrap())
            .await
            .unwrap();
    };
    // Endpoints that are said spare the question, not the promise; another issuer has promised nothing.
    for (key, path) in [("authorize_url", "a"), ("token_url", "t"), ("attributes_url", "u"), ("jwks_uri", "j")] {
        details[key] = json!(format!("https://acme.example/{path}"));
    }
    change(&details).await;
    assert!(row().await.iss_in_response);
    details["oidc_issuer"] = json!("https://other.example");
    change(&details).await;
    assert!(!row().await.iss_in_response);
}

/// Two tabs at once: one user, and both are let in.
#[tokio::test]
async fn two_first_sign_ins_make_one_user() {
    let scene = Scene::new().await;
    let (mut one, mut other) = (scene.server.browser(), scene.server.browser());
    let (first, second) = (scene.leave(&mut one).await, scene.leave(&mut other).await);
    let (first, second) = (scene.acme.approve(&first, "ada"), scene.acme.approve(&second, "ada"));
    let (first, second) = tokio::join!(one.open(&first), other.open(&second));
    for app in [first, second] {
        assert!(app.param("code").is_some(), "{}", app.at);
    }
    let id = scene.pool.id.clone();
    assert_eq!(scene.server.latchkey.store().read(move |r| r.count_users(&id)).await.unwrap(), 1);
}

#[tokio::test]
async fn providers_without_behaviour_say_so() {
    let scene = Scene::new().await;
    for (name, kind) in [
        ("Facebook", Kind::Facebook),
        ("LoginWithAmazon", Kind::LoginWithAmazon),
        ("SignInWithApple", Kind::SignInWithApple),
        ("Okta", Kind::Saml),
    ] {
        let details = [("team_id", "T"), ("key_id", "K")];
        let mut row = scene.server.provider_row(&scene.pool, name, kind, "https://x.example", &details);
        row.saml = Some(SamlMetadata {
            entity_id: "https://x.example".to_owned(),
            sign_on: SamlEndpoints::default(),
            sign_out: SamlEndpoints::default(),
            signing_certificates: Vec::new(),
            wants_signed_requests: false,
        });
        scene.server.keep(&row).await;
        let settings = json!({ "SupportedIdentityProviders": ["COGNITO", name] });
        let client = scene.server.client(&scene.pool, settings).await;
        let mut browser = scene.server.browser();
        let page = browser.open(&authorize(&client, &[("identity_provider", name)])).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.says("identity_provider_not_available_yet") && page.says("not available yet"));
    }
}

#[tokio::test]
async fn the_sign_in_page_shows_providers_as_links() {
    let scene = Scene::new().await;
    scene.server.provider_with(&scene.pool, "Google", Kind::Google, &[]).await;
    let names = json!({ "SupportedIdentityProviders": ["COGNITO", "Google", "Acme"] });
    let client = scene.server.client(&scene.pool, names).await;
    let mut browser = scene.server.browser();
    let page = browser.open(&authorize(&client, &[("prompt", "login")])).await;
    assert!(page.says("Continue with Google") && page.says("Continue with Acme") && page.says("#4285f4"));
    assert!(page.body.find("Continue with Google") < page.body.find("Continue with Acme"));
    assert!(!page.says("class=\"badge\""));
    let sent = browser.open(&page.link("Continue with Acme")).await;
    assert_eq!(sent.param("prompt").as_deref(), Some("login"));
    let app = browser.open(&scene.acme.approve(&sent, "ada")).await;
    assert!(app.param("code").is_some(), "{} {}", app.at, app.body);
    let page = browser.open(&authorize(&client, &[("prompt", "login")])).await;
    assert_eq!(page.body.matches("class=\"badge\"").count(), 1);
    // A client with providers alone asks for no password.
    let names = json!({ "SupportedIdentityProviders": ["Google", "Acme"] });
    let client = scene.server.client(&scene.pool, names).await;
    let page = browser.open(&authorize(&client, &[("prompt", "login")])).await;
    assert!(page.says("Continue with Acme") && page.input("password").is_none());
}

#[tokio::test]
async fn what_a_provider_refuses_the_app_is_told() {
    let scene = Scene::new().await;
    for (error, code) in [
        ("access_denied", "access_denied"),
        ("login_required", "login_required"),
        ("temporarily_unavailable", "temporarily_unavailable"),
        ("invalid_scope", "invalid_request"),
    ] {
        let mut browser = scene.server.browser();
        let sent = scene.leave(&mut browser).await;
        let answer = [("error", error), ("error_description", "Not \"now\"\r\n")];
        let app = browser.open(&back(&sent, &answer)).await;
        assert!(app.at.starts_with(CALLBACK), "{} {}", app.at, app.body);
        assert_eq!(app.param("error").as_deref(), Some(code));
        assert_eq!(app.param("error_description").unwrap(), format!("Acme Error - 400 {error} Not 'now'"));
        assert_eq!(app.param("state").as_deref(), Some("st&te=1"));
        assert!(!browser.has_session());
    }
}

#[tokio::test]
async fn attributes_that_do_not_fit_end_in_cognitos_words() {
    let required = json!({ "Schema": [
        { "Name": "email", "Required": true, "Mutable": true },
        { "Name": "birthdate", "AttributeDataType": "String", "Required": true, "Mutable": true },
        { "Name": "level", "AttributeDataType": "Number", "Mutable": false },
    ]});
    let scene = Scene::with(required, json!({})).await;
    let refused = async |scene: &Scene, subject: &str, text: &str| {
        let app = scene.come_back(&mut scene.server.browser(), subject).await;
        assert_eq!(app.param("error").as_deref(), Some("invalid_request"), "{} {}", app.at, app.body);
        assert_eq!(app.param("error_description").as_deref(), Some(text));
        assert!(scene.server.latchkey.find_user(&scene.pool, &format!("acme_{subject}")).await.unwrap().is_none());
    };
    refused(&scene, "ada", "attributes required: [birthdate]").await;
    let mut row = scene.server.latchkey.identity_provider(&scene.pool.id, "Acme").await.unwrap().unwrap();
    for (attribute, claim) in [("birthdate", "born"), ("custom:level", "level")] {
        row.mapping.insert(attribute.to_owned(), claim.to_owned());
    }
    scene.server.keep(&row).await;
    let person = |claims: Value| {
        let mut all = json!({ "email": "ada@acme.test", "born": "1815-12-10" });
        crate::server::merge(&mut all, claims);
        scene.acme.person("ada", all);
    };
    person(json!({ "email": "" }));
    refused(&scene, "ada", "attributes required: [email]").await;
    person(json!({ "email": "no address" }));
    refused(&scene, "ada", "Invalid email address format.").await;
    person(json!({ "level": 7 }));
    refused(&scene, "ada", "Invalid user attributes: custom:level: Attribute cannot be updated.").await;
    person(json!({ "born": "x".repeat(2_049) }));
    refused(&scene, "ada", "Invalid user attributes: birthdate: String must be no longer than 2048 characters").await;
    person(json!({}));
    refused(&scene, &"x".repeat(200), "Invalid user attributes: username: String must be no longer than 128").await;
    let id = scene.sign_in(&mut scene.server.browser(), "ada").await;
    assert_eq!(id["email_verified"], false);
}

#[tokio::test]
async fn tokens_and_lists_may_be_mapped_and_what_the_client_may_not_write_is_passed_over() {
    let schema = ["token", "idt", "teams", "secret", "obj"].map(|name| {
        let longest = json!({ "MaxLength": "2048" });
        json!({ "Name": name, "AttributeDataType": "String", "Mutable": true, "StringAttributeConstraints": longest })
    });
    let schema = json!({ "Schema": schema });
    let mine = ["email", "custom:token", "custom:idt", "custom:teams", "custom:obj"];
    let scene = Scene::with(schema, json!({ "WriteAttributes": mine })).await;
    let mut row = scene.server.latchkey.identity_provider(&scene.pool.id, "Acme").await.unwrap().unwrap();
    for (attribute, claim) in [
        ("custom:token", "access_token"),
        ("custom:idt", "id_token"),
        ("custom:teams", "teams"),
        ("custom:secret", "teams"),
        ("custom:obj", "obj"),
    ] {
        row.mapping.insert(attribute.to_owned(), claim.to_owned());
    }
    scene.server.keep(&row).await;
    scene
        .acme
        .person("ada", json!({ "email": "a@b.test", "name": "Ada", "teams": ["R & D", "ops", 7], "obj": { "a": 1 } }));
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    let user = scene.server.latchkey.user(&scene.pool, "acme_ada").await.unwrap();
    assert_eq!(user.attribute("custom:teams"), Some("[R+%26+D, ops, 7]"));
    assert_eq!(user.attribute("custom:token"), Some("access-1"));
    assert_eq!(user.attribute("custom:idt").unwrap().split('.').count(), 3);
    assert_eq!(user.attribute("custom:obj"), Some("{\"a\":1}"));
    assert_eq!((user.attribute("custom:secret"), user.attribute("name")), (None, None));
}

#[tokio::test]
async fn user_info_is_asked_as_the_provider_says_or_not_at_all() {
    let scene = Scene::new().await;
    for (changes, asked) in [
        ([("attributes_request_method", "POST"), ("x", "")], Some("POST")),
        ([("attributes_request_method", "GET"), ("x", "")], Some("GET")),
        ([("attributes_request_method", "GET"), ("attributes_url", "")], None),
    ] {
        let row = scene.server.provider_row(&scene.pool, "Acme", Kind::Oidc, &scene.acme.issuer, &changes);
        scene.server.keep(&row).await;
        let before = scene.server.world.net.requests().len();
        scene.sign_in(&mut scene.server.browser(), "ada").await;
        let requests = scene.server.world.net.requests();
        let found = requests[before..].iter().find(|request| request.uri().path() == "/userinfo");
        assert_eq!(found.map(|request| request.method().as_str()), asked);
    }
}

#[tokio::test]
async fn triggers_that_would_run_are_not_passed_over() {
    let function = "arn:aws:lambda:us-east-1:000000000000:function:f";
    for (first, later) in [("PreSignUp", "PreAuthentication"), ("PostConfirmation", "PostAuthentication")] {
        let scene = Scene::new().await;
        let set = async |config: Value| {
            let id = scene.pool.id.clone();
            let change = move |pool: &mut Pool| -> Result<(), store::StoreError> {
                pool.settings.lambda_config = serde_json::from_value(config).unwrap();
                Ok(())
            };
            scene.server.latchkey.store().write(move |tx| tx.update_pool(&id, change)).await.unwrap();
        };
        set(json!({ first: function })).await;
        let app = scene.come_back(&mut scene.server.browser(), "ada").await;
        assert_eq!(app.param("error").as_deref(), Some("invalid_request"), "{first} {}", app.at);
        assert!(app.param("error_description").unwrap().contains(first));
        assert!(scene.server.latchkey.find_user(&scene.pool, "acme_ada").await.unwrap().is_none());
        set(json!({})).await;
        scene.sign_in(&mut scene.server.browser(), "ada").await;
        set(json!({ later: function })).await;
        let app = scene.come_back(&mut scene.server.browser(), "ada").await;
        assert!(app.param("error_description").unwrap().contains(later));
        let versioned = json!({ "LambdaArn": function, "LambdaVersion": "V1_0" });
        set(json!({ "InboundFederation": versioned })).await;
        let app = scene.come_back(&mut scene.server.browser(), "ada").await;
        assert!(app.param("error_description").unwrap().contains("InboundFederation"));
    }
}

#[tokio::test]
async fn pools_on_one_host_keep_their_sessions_apart() {
    let server = TestServer::new();
    let (one, other) = (server.pool(json!({})).await, server.pool(json!({})).await);
    let clients = [server.client(&one, json!({})).await, server.client(&other, json!({})).await];
    let mut browser = server.browser();
    for (pool, client) in [&one, &other].into_iter().zip(&clients) {
        server.user(pool, "ada@example.com").await;
        server.code_for(&mut browser, client, "ada@example.com").await;
    }
    for client in &clients {
        assert!(browser.open(&authorize(client, &[])).await.param("code").is_some());
    }
    // Signing out of one leaves the other; signing out of nobody's app ends all.
    browser.open(&format!("/logout?client_id={}&logout_uri=https%3A%2F%2Fapp.example%2Fbye", clients[0].id)).await;
    assert!(browser.open(&authorize(&clients[0], &[])).await.param("code").is_none());
    assert!(browser.open(&authorize(&clients[1], &[])).await.param("code").is_some());
    browser.open("/logout").await;
    assert!(!browser.has_session());
}

#[tokio::test]
async fn who_comes_through_a_provider_has_no_password_here() {
    let scene = Scene::with(json!({ "UsernameAttributes": [], "AliasAttributes": ["email"] }), json!({})).await;
    scene.sign_in(&mut scene.server.browser(), "ada").await;
    let latchkey = &scene.server.latchkey;
    let app = latchkey.app(scene.client.id.as_str()).await.unwrap();
    // The page, whatever name is typed.
    for name in ["acme_ada", "ada@acme.test"] {
        let mut browser = scene.server.browser();
        let page = browser.open(&authorize(&scene.client, &[("prompt", "login")])).await;
        let page = browser.submit(&page, &[("username", name), ("password", PASSWORD)]).await;
        assert!(page.status == StatusCode::BAD_REQUEST && !browser.has_session());
    }
    let refused = latchkey.forgot_password(&latchkey.server_ctx(), &app, "acme_ada").await.unwrap_err();
    assert_eq!(refused.reason, Reason::PasswordNotResettable);
    // Nobody waits under a provider's name, and the provider's own user takes no native one.
    let squat = flows::SignUp {
        username: "Acme_bob",
        password: PASSWORD,
        attributes: [("email".to_owned(), "bob@x.test".to_owned())].into(),
    };
    assert!(
        latchkey.sign_up(&latchkey.server_ctx(), &app, squat).await.unwrap_err().reason == Reason::UsernameOfProvider
    );
}
