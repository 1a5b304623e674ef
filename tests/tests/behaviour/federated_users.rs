//! Users who came through an identity provider, as the AWS door treats them. How they come is the browser's door's.

use domain::{Identity, MfaPreference, PoolId, User, UserStatus};
use flows::Audience;
use flows::sign_in::SignedIn;
use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

/// A pool with an OIDC provider `Acme`, a client, and the provider's user `acme_ada`.
struct Scene {
    server: TestServer,
    pool: String,
    client: String,
    user: User,
}

impl Scene {
    async fn new() -> Self {
        let server = TestServer::new().await;
        let pool = json!({
            "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
            "UsernameConfiguration": { "CaseSensitive": false },
        });
        let pool = server.pool(pool).await;
        let details = json!({
            "client_id": "id", "authorize_scopes": "openid", "oidc_issuer": "https://idp.example",
            "attributes_request_method": "GET", "authorize_url": "https://idp.example/go",
            "token_url": "https://idp.example/token", "attributes_url": "https://idp.example/me",
            "jwks_uri": "https://idp.example/keys",
        });
        let provider =
            json!({ "UserPoolId": pool, "ProviderName": "Acme", "ProviderType": "OIDC", "ProviderDetails": details });
        server.call("CreateIdentityProvider", provider).await.ok();
        let client = server.client(&pool, json!({})).await;
        let now = server.latchkey.now();
        let attributes = [("email", "ada@example.com"), ("email_verified", "true")];
        let user = User {
            pool: PoolId::from(pool.as_str()),
            username: "acme_ada".into(),
            sub: "b4b8f4c8-0001-7001-8000-aabbccddeeff".into(),
            status: UserStatus::ExternalProvider,
            enabled: true,
            attributes: attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            pending: Default::default(),
            password: None,
            old_passwords: Vec::new(),
            totp: None,
            pending_totp: None,
            mfa: MfaPreference::default(),
            identities: vec![Identity {
                user_id: "ada".to_owned(),
                provider_name: "Acme".to_owned(),
                provider_type: "OIDC".to_owned(),
                issuer: None,
                primary: true,
                date_created: 1_642_699_117_273,
            }],
            signed_out_at: None,
            created_at: now,
            modified_at: now,
        };
        let (row, home) = (user.clone(), server.latchkey.pool(&pool).await.expect("the pool"));
        server.latchkey.store().write(move |tx| tx.insert_user(&home, &row)).await.expect("the user is new");
        Self { server, pool, client, user }
    }

    fn key(&self) -> Value {
        json!({ "UserPoolId": self.pool, "Username": "Acme_ada" })
    }
}

#[tokio::test]
async fn administrators_see_where_a_user_came_from() {
    let scene = Scene::new().await;
    let shown = scene.server.call("AdminGetUser", scene.key()).await.ok();
    assert_eq!(shown["UserStatus"], "EXTERNAL_PROVIDER");
    let listed = scene.server.call("ListUsers", json!({ "UserPoolId": scene.pool })).await.ok();
    for attributes in [&shown["UserAttributes"], &listed["Users"][0]["Attributes"]] {
        let identities = attributes.as_array().expect("a list").iter().find(|one| one["Name"] == "identities");
        let text = identities.expect("identities")["Value"].as_str().expect("text");
        let identity = json!({
            "userId": "ada", "providerName": "Acme", "providerType": "OIDC", "issuer": null, "primary": true,
            "dateCreated": 1_642_699_117_273_i64,
        });
        assert_eq!(serde_json::from_str::<Value>(text).expect("JSON"), json!([identity]));
    }
    let by_status = json!({ "UserPoolId": scene.pool, "Filter": "cognito:user_status = \"EXTERNAL_PROVIDER\"" });
    assert_eq!(scene.server.call("ListUsers", by_status).await.ok()["Users"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn no_password_flow_is_theirs() {
    let scene = Scene::new().await;
    let server = &scene.server;
    for name in ["acme_ada", "ada@example.com"] {
        let actor = Actor::new(server, &scene.client, name);
        assert_ne!(actor.sign_in().await.status, 200);
    }
    let forgot = json!({ "ClientId": scene.client, "Username": "acme_ada" });
    let refused = server.call("ForgotPassword", forgot).await;
    assert_eq!(
        (refused.error(), refused.message()),
        ("NotAuthorized", "User password cannot be reset in the current state.")
    );
    let refused = server.call("AdminResetUserPassword", scene.key()).await;
    assert_eq!(refused.error(), "NotAuthorized");
    let app = server.latchkey.app(&scene.client).await.expect("the client");
    let signed_in = SignedIn {
        user: scene.user.clone(),
        auth_time: server.latchkey.now(),
        device: None,
        new_device: None,
        history: Vec::new(),
        provider: Some("Acme".to_owned()),
    };
    let tokens =
        server.latchkey.issue(&server.latchkey.server_ctx(), &app, signed_in, Audience::Api).await.expect("tokens");
    let change = json!({ "AccessToken": tokens.access, "ProposedPassword": "Corr3ct-horse!" });
    assert_eq!(server.call("ChangePassword", change).await.error(), "NotAuthorized");
    assert_eq!(server.call("GetUser", json!({ "AccessToken": tokens.access })).await.ok()["Username"], "acme_ada");
}

#[tokio::test]
async fn nobody_waits_under_a_providers_name() {
    let scene = Scene::new().await;
    for name in ["Acme_bob", "acme_bob", "ACME_"] {
        let squatter = Actor::new(&scene.server, &scene.client, name);
        let refused = squatter.sign_up(json!([{ "Name": "email", "Value": "bob@example.com" }])).await;
        assert_eq!(refused.error(), "InvalidParameter", "{name}");
    }
    for name in ["acmebob", "bob_acme_", "my_name"] {
        let person = Actor::new(&scene.server, &scene.client, name);
        person.sign_up(json!([{ "Name": "email", "Value": person.email() }])).await.ok();
    }
}

#[tokio::test]
async fn an_administrator_may_give_them_a_password_where_their_names_are_free() {
    let scene = Scene::new().await;
    // The same address is a native user's: it is free as long as the other has no names here.
    let native = Actor::join(&scene.server, &scene.client, "ada").await;
    let mut set = scene.key();
    set["Password"] = json!("Corr3ct-horse!");
    set["Permanent"] = json!(true);
    let refused = scene.server.call("AdminSetUserPassword", set.clone()).await;
    assert_eq!(
        (refused.error(), refused.message()),
        ("InvalidParameter", "An account with the given email already exists.")
    );
    native.sign_in().await.ok();
    scene.server.call("AdminDeleteUser", json!({ "UserPoolId": scene.pool, "Username": "ada" })).await.ok();
    scene.server.call("AdminSetUserPassword", set).await.ok();
    let shown = scene.server.call("AdminGetUser", scene.key()).await.ok();
    assert_eq!(shown["UserStatus"], "CONFIRMED");
    Actor::new(&scene.server, &scene.client, "ada@example.com").sign_in().await.ok();
}
