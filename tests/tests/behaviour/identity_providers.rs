//! Identity providers of a pool.

use bytes::Bytes;
use http::Response;
use latchkey_tests::TestServer;
use serde_json::{Value, json};
use world::NetError;

const CERTIFICATE: &str = include_str!("../../../server/crates/federation/src/fixtures/idp.b64");

fn google() -> Value {
    json!({ "client_id": "id", "client_secret": "provider-secret", "authorize_scopes": "openid email" })
}

fn oidc() -> Value {
    json!({
        "client_id": "id", "client_secret": "provider-secret", "authorize_scopes": "openid",
        "oidc_issuer": "https://idp.example", "attributes_request_method": "GET",
    })
}

fn oidc_with_endpoints() -> Value {
    let mut details = oidc();
    for (key, path) in [("attributes_url", "me"), ("authorize_url", "go"), ("jwks_uri", "keys"), ("token_url", "token")]
    {
        details[key] = json!(format!("https://idp.example/{path}"));
    }
    details
}

fn create(pool: &str, name: &str, kind: &str, details: Value) -> Value {
    json!({ "UserPoolId": pool, "ProviderName": name, "ProviderType": kind, "ProviderDetails": details })
}

fn key(pool: &str, name: &str) -> Value {
    json!({ "UserPoolId": pool, "ProviderName": name })
}

fn with(mut input: Value, member: &str, value: Value) -> Value {
    input[member] = value;
    input
}

fn metadata() -> String {
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"urn:idp\"><IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><KeyDescriptor><KeyInfo \
         xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{CERTIFICATE}</X509Certificate>\
         </X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Location=\"https://idp.example/sso\" \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"/></IDPSSODescriptor></EntityDescriptor>"
    )
}

/// Every request of the server is answered with this.
fn answer(server: &TestServer, status: u16, body: impl Into<Bytes>) {
    let answer = Response::builder().status(status).body(body.into()).unwrap();
    server.world.net.rule(move |_| Some(Ok(answer.clone())));
}

fn document(issuer: &str) -> Value {
    json!({
        "issuer": issuer, "authorization_endpoint": "https://idp.example/go", "token_endpoint": "https://idp.example/t",
        "userinfo_endpoint": "https://idp.example/me", "jwks_uri": "https://idp.example/keys",
    })
}

#[tokio::test]
async fn a_provider_is_made_described_changed_and_deleted() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let input = with(create(&pool, "Google", "Google", google()), "AttributeMapping", json!({ "email": "email" }));
    let made = server.call("CreateIdentityProvider", input.clone()).await.ok()["IdentityProvider"].clone();
    assert_eq!(made["ProviderType"], "Google");
    assert_eq!(made["ProviderDetails"]["client_secret"], "provider-secret");
    assert_eq!(made["ProviderDetails"]["token_url"], "https://www.googleapis.com/oauth2/v4/token");
    assert_eq!(made["AttributeMapping"], json!({ "email": "email", "username": "sub" }));
    assert_eq!(made["IdpIdentifiers"], json!([]));
    let described = server.call("DescribeIdentityProvider", key(&pool, "Google")).await.ok();
    assert_eq!(described["IdentityProvider"], made);
    let again = server.call("CreateIdentityProvider", input).await;
    assert_eq!(
        (again.error(), again.message()),
        ("DuplicateProvider", &*format!("Google already exists in user pool {pool}."))
    );

    server.world.clock.advance_secs(60);
    let update = with(key(&pool, "Google"), "IdpIdentifiers", json!(["example.com"]));
    let changed = server.call("UpdateIdentityProvider", update).await.ok()["IdentityProvider"].clone();
    let mut expected = made.clone();
    expected["IdpIdentifiers"] = json!(["example.com"]);
    expected["LastModifiedDate"] = changed["LastModifiedDate"].clone();
    assert_eq!(changed, expected);
    assert_ne!(changed["LastModifiedDate"], made["LastModifiedDate"]);
    let by = json!({ "UserPoolId": pool, "IdpIdentifier": "example.com" });
    let found = server.call("GetIdentityProviderByIdentifier", by.clone()).await.ok();
    assert_eq!(found["IdentityProvider"], changed);

    assert_eq!(server.call("DeleteIdentityProvider", key(&pool, "Google")).await.ok(), Value::Null);
    for (operation, input) in [
        ("DescribeIdentityProvider", key(&pool, "Google")),
        ("UpdateIdentityProvider", key(&pool, "Google")),
        ("DeleteIdentityProvider", key(&pool, "Google")),
        ("GetIdentityProviderByIdentifier", by),
    ] {
        assert_eq!(server.call(operation, input).await.error(), "ResourceNotFound", "{operation}");
    }
    assert!(server.world.net.requests().is_empty(), "nothing had to be asked");
}

#[tokio::test]
async fn an_update_replaces_what_it_says_and_keeps_what_it_does_not() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let acr = json!({ "Level1": "urn:low" });
    let input = with(create(&pool, "Company", "OIDC", oidc_with_endpoints()), "AcrMapping", acr.clone());
    server.call("CreateIdentityProvider", with(input, "IdpIdentifiers", json!(["corp"]))).await.ok();
    let update = |member: &str, value: Value| {
        let input = with(key(&pool, "Company"), member, value);
        async { server.call("UpdateIdentityProvider", input).await.ok()["IdentityProvider"].clone() }
    };
    let mapped = update("AttributeMapping", json!({ "name": "name" })).await;
    assert_eq!(mapped["AttributeMapping"], json!({ "name": "name", "username": "sub" }));
    assert_eq!((&mapped["IdpIdentifiers"], &mapped["AcrMapping"]), (&json!(["corp"]), &acr));
    assert_eq!(mapped["ProviderDetails"]["client_secret"], "provider-secret");
    // A public client: the secret that is not said is gone.
    let mut public = oidc_with_endpoints();
    public.as_object_mut().unwrap().remove("client_secret");
    let replaced = update("ProviderDetails", public).await;
    assert_eq!(replaced["ProviderDetails"].get("client_secret"), None);
    assert_eq!(replaced["AttributeMapping"], mapped["AttributeMapping"]);
    assert_eq!(update("AttributeMapping", json!({})).await["AttributeMapping"], json!({ "username": "sub" }));
    assert_eq!(update("IdpIdentifiers", json!([])).await["IdpIdentifiers"], json!([]));
    assert_eq!(update("AcrMapping", json!({})).await.get("AcrMapping"), None);
    // What must be said must be said again.
    let partial = with(key(&pool, "Company"), "ProviderDetails", json!({ "client_id": "other" }));
    let refused = server.call("UpdateIdentityProvider", partial).await;
    assert!(refused.message().ends_with("are all required idp details."), "{}", refused.message());
}

#[tokio::test]
async fn a_private_key_is_written_and_never_read() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let apple = json!({
        "client_id": "com.example", "team_id": "T", "key_id": "K", "private_key": "apples-own-key",
        "authorize_scopes": "email name",
    });
    let input = create(&pool, "SignInWithApple", "SignInWithApple", apple.clone());
    let made = server.call("CreateIdentityProvider", input).await.ok();
    let described = server.call("DescribeIdentityProvider", key(&pool, "SignInWithApple")).await.ok();
    assert!(!made.to_string().contains("apples-own-key") && !described.to_string().contains("apples-own-key"));
    let stored = || async {
        let pool = domain::PoolId::from(pool.as_str());
        let provider = server.latchkey.identity_provider(&pool, "SignInWithApple").await.unwrap().unwrap();
        let secret = server.latchkey.provider_secret(&provider, "private_key").unwrap().unwrap();
        assert!(!format!("{provider:?} {secret:?}").contains("apples"));
        secret.as_str().to_owned()
    };
    assert_eq!(stored().await, "apples-own-key");
    // What was read back can be written back.
    let details = with(described["IdentityProvider"]["ProviderDetails"].clone(), "authorize_scopes", json!("email"));
    let update = with(key(&pool, "SignInWithApple"), "ProviderDetails", details);
    server.call("UpdateIdentityProvider", update).await.ok();
    assert_eq!(stored().await, "apples-own-key");
    let rotated = with(apple, "private_key", json!("apples-new-key"));
    let update = with(key(&pool, "SignInWithApple"), "ProviderDetails", rotated);
    server.call("UpdateIdentityProvider", update).await.ok();
    assert_eq!(stored().await, "apples-new-key");
}

#[tokio::test]
async fn secrets_lie_sealed_each_in_its_own_place() {
    let server = TestServer::new().await;
    let (pool, other) = (server.pool(json!({})).await, server.pool(json!({})).await);
    for pool in [&pool, &other] {
        server.call("CreateIdentityProvider", create(pool, "Google", "Google", google())).await.ok();
    }
    let read = |pool: &str| {
        let pool = domain::PoolId::from(pool);
        let store = server.latchkey.store().clone();
        async move { store.read(move |r| r.document::<Value>(flows::IDENTITY_PROVIDER, &pool, "Google")).await.unwrap() }
    };
    let row = read(&pool).await.unwrap();
    assert!(!row.to_string().contains("provider-secret"));
    // A row's ciphertext opens in no other row.
    let pool_id = domain::PoolId::from(pool.as_str());
    let mut provider = server.latchkey.identity_provider(&pool_id, "Google").await.unwrap().unwrap();
    assert!(server.latchkey.provider_secret(&provider, "client_secret").unwrap().is_some());
    provider.pool = domain::PoolId::from(other.as_str());
    assert!(server.latchkey.provider_secret(&provider, "client_secret").is_err());
}

#[tokio::test]
async fn an_issuer_tells_its_endpoints() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    answer(&server, 200, document("https://idp.example").to_string());
    let made = server.call("CreateIdentityProvider", create(&pool, "Company", "OIDC", oidc())).await.ok();
    let details = &made["IdentityProvider"]["ProviderDetails"];
    assert_eq!(details["authorize_url"], "https://idp.example/go");
    assert_eq!(details["token_url"], "https://idp.example/t");
    assert_eq!(details["attributes_url"], "https://idp.example/me");
    assert_eq!(details["jwks_uri"], "https://idp.example/keys");
    assert_eq!(details["attributes_url_add_attributes"], "false");
    let asked = server.world.net.requests();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].uri(), "https://idp.example/.well-known/openid-configuration");
    let limits = server.world.net.limits()[0];
    assert!(limits.max_bytes <= 1 << 20 && limits.timeout.as_secs() <= 10);
    // What is said goes before what is discovered, and an update asks anew.
    let own = with(with(oidc(), "token_url", json!("https://own.example/token")), "jwks_uri", json!(""));
    let update = with(key(&pool, "Company"), "ProviderDetails", own);
    let changed = server.call("UpdateIdentityProvider", update).await.ok();
    assert_eq!(changed["IdentityProvider"]["ProviderDetails"]["token_url"], "https://own.example/token");
    assert_eq!(changed["IdentityProvider"]["ProviderDetails"]["jwks_uri"], "https://idp.example/keys");
    assert_eq!(server.world.net.requests().len(), 2);
}

#[tokio::test]
async fn an_issuer_that_cannot_be_believed_is_refused() {
    let other = document("https://evil.example").to_string();
    let insecure = with(document("https://idp.example"), "token_endpoint", json!("ftp://idp.example/t")).to_string();
    for (status, body) in [
        (200, other),
        (200, insecure),
        (200, "<html>".into()),
        (404, String::new()),
        (302, document("https://idp.example").to_string()),
    ] {
        let server = TestServer::new().await;
        let pool = server.pool(json!({})).await;
        answer(&server, status, body.clone());
        let refused = server.call("CreateIdentityProvider", create(&pool, "Company", "OIDC", oidc())).await;
        let said = (refused.error(), refused.message());
        assert_eq!(said, ("InvalidParameter", "Unable to contact well-known endpoint"), "{status} {body}");
        assert_eq!(server.call("DescribeIdentityProvider", key(&pool, "Company")).await.error(), "ResourceNotFound");
        assert_eq!(server.world.net.requests().len(), 1, "nothing is followed");
    }
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    for error in [NetError::Forbidden("inner".into()), NetError::Timeout, NetError::TooLarge { limit: 1 }] {
        server.world.net.push(Err(error));
        let refused = server.call("CreateIdentityProvider", create(&pool, "Company", "OIDC", oidc())).await;
        assert_eq!(refused.message(), "Unable to contact well-known endpoint");
    }
}

#[tokio::test]
async fn saml_metadata_is_read_from_a_file_or_an_address() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let file =
        json!({ "MetadataFile": metadata(), "IDPSignout": "true", "SLORedirectBindingURI": "https://x.example" });
    let made = server.call("CreateIdentityProvider", create(&pool, "Corp", "SAML", file.clone())).await.ok();
    let details = &made["IdentityProvider"]["ProviderDetails"];
    assert_eq!(details["SSORedirectBindingURI"], "https://idp.example/sso");
    assert_eq!(details["MetadataFile"], file["MetadataFile"]);
    assert_eq!(details.get("SLORedirectBindingURI"), None, "read-only, and the metadata names none");
    assert_eq!(made["IdentityProvider"]["AttributeMapping"], json!({}));
    answer(&server, 200, metadata());
    let address = json!({ "MetadataURL": "https://idp.example/metadata" });
    let made = server.call("CreateIdentityProvider", create(&pool, "Remote", "SAML", address.clone())).await.ok();
    let details = &made["IdentityProvider"]["ProviderDetails"];
    assert_eq!(details["SSORedirectBindingURI"], "https://idp.example/sso");
    assert_eq!(details.get("MetadataFile"), None);
    // Parsed once, and kept beside what is shown; changed with it, and with nothing else.
    let kept = async || {
        let row = server.latchkey.identity_provider(&pool.as_str().into(), "Remote").await.unwrap().unwrap();
        (row.saml.unwrap().entity_id, row.details)
    };
    let (entity_id, shown) = kept().await;
    assert!(metadata().contains(&format!("entityID=\"{entity_id}\"")));
    assert_eq!(details, &json!(shown));
    server.call("UpdateIdentityProvider", with(key(&pool, "Remote"), "IdpIdentifiers", json!(["r"]))).await.ok();
    assert_eq!(kept().await.0, entity_id);
    answer(&server, 200, metadata().replace(&entity_id, "urn:another"));
    server.call("UpdateIdentityProvider", with(key(&pool, "Remote"), "ProviderDetails", address.clone())).await.ok();
    assert_eq!(kept().await.0, "urn:another");
    answer(&server, 404, "");
    let refused = server.call("CreateIdentityProvider", create(&pool, "Gone", "SAML", address)).await;
    let words = "Non-ok status code 404 returned from remote metadata source https://idp.example/metadata";
    assert_eq!((refused.error(), refused.message()), ("InvalidParameter", words));
    let doctype = format!("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>{}", metadata());
    for broken in [doctype, "<x/>".into(), "no document".into(), metadata().replace("HTTP-Redirect", "HTTP-POST")] {
        let input = create(&pool, "Broken", "SAML", json!({ "MetadataFile": broken }));
        assert_eq!(server.call("CreateIdentityProvider", input).await.error(), "InvalidParameter");
    }
}

#[tokio::test]
async fn names_mappings_and_identifiers_are_judged() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let refused = |input: Value| {
        let server = &server;
        async move { server.call("CreateIdentityProvider", input).await.message().to_owned() }
    };
    let wrong = refused(create(&pool, "Mine", "Google", google())).await;
    assert_eq!(wrong, "Provider Mine cannot be of type Google.");
    let wrong = refused(create(&pool, "COGNITO", "OIDC", oidc())).await;
    assert_eq!(wrong, "Provider COGNITO cannot be of type OIDC.");
    let unknown = with(create(&pool, "Google", "Google", google()), "AttributeMapping", json!({ "custom:x": "hd" }));
    assert_eq!(refused(unknown).await, "AttributeMapping contains invalid mapping: [custom:x]");
    let twice = with(create(&pool, "Google", "Google", google()), "IdpIdentifiers", json!(["a", "a"]));
    assert!(refused(twice).await.contains("identifier a "));
    let one = with(create(&pool, "Google", "Google", google()), "IdpIdentifiers", json!(["a"]));
    server.call("CreateIdentityProvider", one).await.ok();
    let taken = with(create(&pool, "Company", "OIDC", oidc_with_endpoints()), "IdpIdentifiers", json!(["a"]));
    assert!(refused(taken).await.contains("identifier a "));
    server.call("CreateIdentityProvider", create(&pool, "Company", "OIDC", oidc_with_endpoints())).await.ok();
    let update = |name: &str, identifiers: Value| {
        server.call("UpdateIdentityProvider", with(key(&pool, name), "IdpIdentifiers", identifiers))
    };
    assert_eq!(update("Company", json!(["b", "a"])).await.error(), "InvalidParameter");
    update("Google", json!(["a", "b"])).await.ok();
    let own = server.call("UpdateIdentityProvider", with(key(&pool, "COGNITO"), "IdpIdentifiers", json!([]))).await;
    assert_eq!(own.error(), "UnsupportedIdentityProvider");
    assert_eq!(
        server.call("DeleteIdentityProvider", key(&pool, "COGNITO")).await.error(),
        "UnsupportedIdentityProvider"
    );
    let nowhere = create("us-east-1_nowhere", "Google", "Google", google());
    assert_eq!(server.call("CreateIdentityProvider", nowhere).await.error(), "ResourceNotFound");
}

#[tokio::test]
async fn providers_are_listed_in_pages_and_have_a_limit() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    for n in 0..300 {
        let input = create(&pool, &format!("Company{n:03}"), "OIDC", oidc_with_endpoints());
        server.call("CreateIdentityProvider", input).await.ok();
    }
    let one_more = server.call("CreateIdentityProvider", create(&pool, "Google", "Google", google())).await;
    assert_eq!(one_more.error(), "LimitExceeded");
    let mut names = Vec::new();
    let mut next = Value::Null;
    loop {
        let mut input = json!({ "UserPoolId": pool, "MaxResults": 60 });
        if next.is_string() {
            input["NextToken"] = next;
        }
        let page = server.call("ListIdentityProviders", input).await.ok();
        let providers = page["Providers"].as_array().unwrap();
        assert!(providers.len() <= 50);
        assert_eq!(providers[0].as_object().unwrap().len(), 4, "names, types and dates only");
        names.extend(providers.iter().map(|provider| provider["ProviderName"].as_str().unwrap().to_owned()));
        next = page["NextToken"].clone();
        if next.is_null() {
            break;
        }
    }
    assert_eq!(names.len(), 300);
    assert!(names.is_sorted());
}

#[tokio::test]
async fn a_client_names_providers_that_are_there() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let lists = json!({ "UserPoolId": pool, "ClientName": "app", "SupportedIdentityProviders": ["COGNITO", "Google"] });
    let refused = server.call("CreateUserPoolClient", lists.clone()).await;
    let words = format!("The provider Google does not exist for User Pool {pool}.");
    assert_eq!((refused.error(), refused.message()), ("InvalidParameter", words.as_str()));
    server.call("CreateIdentityProvider", create(&pool, "Google", "Google", google())).await.ok();
    server.call("CreateIdentityProvider", create(&pool, "Company", "OIDC", oidc_with_endpoints())).await.ok();
    let both = server.client(&pool, json!({ "SupportedIdentityProviders": ["Company", "COGNITO", "Google"] })).await;
    let only = server.client(&pool, json!({ "SupportedIdentityProviders": ["Google"] })).await;
    let app = server.latchkey.app(&both).await.unwrap();
    let offered = server.latchkey.providers_of(&app).await.unwrap();
    let names: Vec<_> = offered.iter().map(|provider| provider.name.as_str()).collect();
    assert_eq!(names, ["Company", "Google"]);

    server.call("DeleteIdentityProvider", key(&pool, "Google")).await.ok();
    let describe =
        |client: &str| server.call("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client }));
    let both_lists = describe(&both).await.ok()["UserPoolClient"]["SupportedIdentityProviders"].clone();
    assert_eq!(both_lists, json!(["Company", "COGNITO"]));
    // Nobody gets in by password where only the provider's users did.
    let app = server.latchkey.app(&only).await.unwrap();
    assert!(!app.client.supports_provider("COGNITO"));
    assert!(server.latchkey.providers_of(&app).await.unwrap().is_empty());
    assert!(describe(&only).await.ok().is_object());
}
