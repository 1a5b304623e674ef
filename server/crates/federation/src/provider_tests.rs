#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use domain::ProviderDetails;
use protocol::Sensitive;

use super::*;
use crate::oauth2::TokenMethod;
use crate::oidc::{
    AuthorizationRequest, ClientAuthentication, RequestSecrets, ResponseMode, Service, authorization_url,
};

/// A provider as CreateIdentityProvider keeps it.
fn stored(kind: Kind, said: &[(&str, &str)]) -> IdentityProvider {
    let said = said.iter().map(|(key, value)| ((*key).to_owned(), Sensitive::from(*value))).collect();
    let details = ProviderDetails::validate(kind, said, &[], false).unwrap();
    serde_json::from_value(serde_json::json!({
        "pool": "eu-west-1_abc", "name": "Acme", "kind": kind, "details": details.plain,
        "created_at": "2026-01-01T00:00:00Z", "modified_at": "2026-01-01T00:00:00Z",
    }))
    .unwrap()
}

const CLIENT: &[(&str, &str)] = &[("client_id", "id"), ("client_secret", "hidden"), ("authorize_scopes", "email")];
const APPLE: &[(&str, &str)] =
    &[("client_id", "id"), ("team_id", "T"), ("key_id", "K"), ("private_key", "hidden"), ("authorize_scopes", "email")];
const OIDC: &[(&str, &str)] = &[
    ("client_id", "id"),
    ("authorize_scopes", "openid"),
    ("oidc_issuer", "https://idp.example"),
    ("attributes_request_method", "POST"),
    ("authorize_url", "https://idp.example/authorize"),
    ("token_url", "https://idp.example/token"),
    ("jwks_uri", "https://idp.example/keys"),
];

fn oidc(kind: Kind, said: &[(&str, &str)]) -> OidcProvider {
    match Provider::parse(&stored(kind, said)).unwrap() {
        Provider::Oidc(oidc) => oidc,
        other => panic!("{other:?}"),
    }
}

#[test]
fn three_types_speak_openid_connect() {
    let (any, google, apple) = (oidc(Kind::Oidc, OIDC), oidc(Kind::Google, CLIENT), oidc(Kind::SignInWithApple, APPLE));
    assert_eq!([any.service, google.service, apple.service], [Service::Other, Service::Google, Service::Apple]);
    assert_eq!(any.issuers, ["https://idp.example"]);
    assert_eq!(google.issuers, ["https://accounts.google.com", "accounts.google.com"]);
    assert_eq!(apple.issuers, ["https://appleid.apple.com"]);
    assert_eq!([&any.scopes, &google.scopes, &apple.scopes], ["openid", "openid email", "openid email"]);
    assert!(any.forwarded_params().contains(&"max_age") && google.forwarded_params() == ["prompt"]);
    let signed = ClientAuthentication::SignedSecret { team_id: "T".to_owned(), key_id: "K".to_owned() };
    assert_eq!((google.client_authentication, apple.client_authentication), (ClientAuthentication::Secret, signed));
}

#[test]
fn apple_is_asked_to_post_its_answer() {
    for (provider, mode) in [
        (oidc(Kind::SignInWithApple, APPLE), ResponseMode::FormPost),
        (oidc(Kind::Google, CLIENT), ResponseMode::Query),
        (oidc(Kind::Oidc, OIDC), ResponseMode::Query),
    ] {
        let secrets = RequestSecrets { nonce: "n".into(), code_verifier: "v".into() };
        let request =
            AuthorizationRequest { redirect_uri: "https://us.example", state: "s", secrets: &secrets, app_params: &[] };
        let url = authorization_url(&provider, &request).unwrap();
        assert_eq!(url.contains("response_mode=form_post"), mode == ResponseMode::FormPost, "{url}");
        assert_eq!(provider.response_mode, mode);
    }
}

#[test]
fn two_types_speak_oauth() {
    for (kind, method, names) in
        [(Kind::Facebook, TokenMethod::Get, true), (Kind::LoginWithAmazon, TokenMethod::Post, false)]
    {
        let Provider::OAuth2(provider) = Provider::parse(&stored(kind, CLIENT)).unwrap() else { panic!("{kind}") };
        assert_eq!((provider.token_method, provider.profile_url_names_attributes), (method, names), "{kind}");
        assert!(provider.profile_url.starts_with("https://"));
    }
}

#[test]
fn saml_is_what_the_metadata_said_and_a_few_switches() {
    let said = [("MetadataURL", "https://idp.example/metadata"), ("IDPSignout", "True"), ("IDPInit", "false")];
    let mut row = stored(Kind::Saml, &said);
    assert_eq!(Provider::parse(&row).unwrap_err(), ProviderConfigError("metadata"));
    let metadata: domain::SamlMetadata = serde_json::from_value(serde_json::json!({
        "entity_id": "urn:idp", "sign_on": { "redirect": { "location": "https://idp.example/sso" } },
        "signing_certificates": ["AAAA"], "of a newer version": true,
    }))
    .unwrap();
    row.saml = Some(metadata.clone());
    let Provider::Saml(provider) = Provider::parse(&row).unwrap() else { panic!() };
    assert_eq!(provider.metadata, metadata);
    assert!(
        provider.signs_out && !provider.idp_initiated && !provider.encrypted_responses && !provider.signed_requests
    );
}

#[test]
fn what_must_be_there_is_named() {
    for (kind, said, key) in [
        (Kind::Oidc, OIDC, "oidc_issuer"),
        (Kind::Oidc, OIDC, "jwks_uri"),
        (Kind::Google, CLIENT, "client_id"),
        (Kind::SignInWithApple, APPLE, "team_id"),
        (Kind::Facebook, CLIENT, "token_url"),
    ] {
        let mut row = stored(kind, said);
        row.details.remove(key);
        assert_eq!(Provider::parse(&row).unwrap_err(), ProviderConfigError(key), "{kind}");
    }
}
