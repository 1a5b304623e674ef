#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::Reason;

fn said(members: &[(&str, &str)]) -> BTreeMap<String, Sensitive> {
    members.iter().map(|(key, value)| ((*key).to_owned(), Sensitive::from(*value))).collect()
}

fn validate(kind: Kind, members: &[(&str, &str)]) -> Result<ProviderDetails> {
    ProviderDetails::validate(kind, said(members), &[], false)
}

fn refusal(kind: Kind, members: &[(&str, &str)]) -> Reason {
    validate(kind, members).err().unwrap_or_else(|| panic!("{kind} accepted {members:?}")).reason
}

const CLIENT: &[(&str, &str)] = &[("client_id", "id"), ("client_secret", "hidden"), ("authorize_scopes", "email")];
const APPLE: &[(&str, &str)] =
    &[("client_id", "id"), ("team_id", "T"), ("key_id", "K"), ("private_key", "hidden"), ("authorize_scopes", "email")];
const OIDC: &[(&str, &str)] = &[
    ("client_id", "id"),
    ("authorize_scopes", "openid"),
    ("oidc_issuer", "https://idp.example"),
    ("attributes_request_method", "GET"),
];
const SAML: &[(&str, &str)] = &[("MetadataURL", "https://idp.example/metadata")];

fn with<'a>(members: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    members.iter().filter(|(key, _)| !more.iter().any(|(other, _)| other == key)).chain(more).copied().collect()
}

#[test]
fn each_type_has_members_that_must_be_said() {
    let types = [
        (Kind::Google, CLIENT),
        (Kind::Facebook, CLIENT),
        (Kind::LoginWithAmazon, CLIENT),
        (Kind::SignInWithApple, APPLE),
        (Kind::Oidc, OIDC),
        (Kind::Saml, SAML),
    ];
    for (kind, members) in types {
        let missing = Reason::from(ProviderFault::DetailMissing { kind });
        validate(kind, members).unwrap();
        for (key, _) in members {
            let without: Vec<_> = members.iter().filter(|(other, _)| other != key).copied().collect();
            assert_eq!(refusal(kind, &without), missing, "{kind} without {key}");
            assert_eq!(refusal(kind, &with(members, &[(key, "")])), missing, "{kind} with an empty {key}");
        }
    }
}

#[test]
fn secrets_lie_apart_and_show_nowhere() {
    let details = validate(Kind::Google, CLIENT).unwrap();
    assert_eq!(details.secrets["client_secret"].as_str(), "hidden");
    assert!(!details.plain.values().any(|value| value.contains("hidden")));
    assert!(!format!("{details:?} {:?}", details.secrets).contains("hidden"));
    let apple = validate(Kind::SignInWithApple, APPLE).unwrap();
    assert_eq!(apple.secrets["private_key"].as_str(), "hidden");
    // An update may leave a secret out that is kept and never shown.
    let without = said(&APPLE.iter().filter(|(key, _)| *key != "private_key").copied().collect::<Vec<_>>());
    let kept = ProviderDetails::validate(Kind::SignInWithApple, without, &["private_key"], false).unwrap();
    assert!(kept.secrets.is_empty());
}

#[test]
fn the_service_says_the_endpoints_of_social_providers() {
    let google = validate(Kind::Google, &with(CLIENT, &[("token_url", "https://evil.example"), ("authorize_url", "")]));
    let plain = google.unwrap().plain;
    assert_eq!(plain["token_url"], "https://www.googleapis.com/oauth2/v4/token");
    assert_eq!(plain["authorize_url"], "https://accounts.google.com/o/oauth2/v2/auth");
    assert_eq!(plain.len(), 8, "{plain:?}");
    let versioned = validate(Kind::Facebook, &with(CLIENT, &[("api_version", "v17.0")])).unwrap().plain;
    assert_eq!(versioned["attributes_url"], "https://graph.facebook.com/v17.0/me?fields=");
    assert_eq!(versioned["authorize_url"], "https://www.facebook.com/v17.0/dialog/oauth");
    assert_eq!(versioned["token_url"], "https://graph.facebook.com/v17.0/oauth/access_token");
    let plain = validate(Kind::Facebook, CLIENT).unwrap().plain;
    assert_eq!((plain["token_request_method"].as_str(), plain.get("api_version")), ("GET", None));
    let amazon = validate(Kind::LoginWithAmazon, CLIENT).unwrap().plain;
    assert_eq!(amazon["attributes_url"], "https://api.amazon.com/user/profile");
    let apple = validate(Kind::SignInWithApple, APPLE).unwrap().plain;
    assert_eq!(apple["oidc_issuer"], "https://appleid.apple.com");
    assert_eq!(validate(Kind::Oidc, OIDC).unwrap().plain["attributes_url_add_attributes"], "false");
}

#[test]
fn oidc_endpoints_are_https_and_the_method_is_one_of_two() {
    for key in ["oidc_issuer", "attributes_url", "authorize_url", "jwks_uri", "token_url"] {
        for url in ["http://idp.example", "idp.example", "https://", "https:///x", "https://a b", "javascript:1"] {
            let refused = refusal(Kind::Oidc, &with(OIDC, &[(key, url)]));
            assert_eq!(refused, ProviderFault::EndpointNotHttps.into(), "{key} {url}");
        }
    }
    let plain_http = said(&with(OIDC, &[("oidc_issuer", "http://127.0.0.1:9000")]));
    assert!(ProviderDetails::validate(Kind::Oidc, plain_http, &[], true).is_ok());
    let refused = refusal(Kind::Oidc, &with(OIDC, &[("attributes_request_method", "PUT-hidden")]));
    let (member, allowed) = ("attributes_request_method", ["POST", "GET"].as_slice());
    assert_eq!(refused, ProviderFault::DetailValue { member, allowed }.into(), "the value is not told");
}

#[test]
fn saml_has_one_source_of_metadata_and_switches_with_two_positions() {
    let refused = refusal(Kind::Saml, &with(SAML, &[("MetadataFile", "<x/>")]));
    assert_eq!(refused, ProviderFault::MetadataTwice.into());
    let refused = refusal(Kind::Saml, &[("MetadataURL", "http://idp.example")]);
    assert_eq!(refused, ProviderFault::MetadataUrlNotHttps.into());
    for key in ["IDPInit", "IDPSignout", "EncryptedResponses"] {
        validate(Kind::Saml, &with(SAML, &[(key, "true")])).unwrap();
        validate(Kind::Saml, &with(SAML, &[(key, "False")])).unwrap();
        let allowed = ["true", "false"].as_slice();
        let refused = refusal(Kind::Saml, &with(SAML, &[(key, "yes")]));
        assert_eq!(refused, ProviderFault::DetailValue { member: key, allowed }.into());
    }
    validate(Kind::Saml, &with(SAML, &[("RequestSigningAlgorithm", "rsa-sha256")])).unwrap();
    let (member, allowed) = ("RequestSigningAlgorithm", ["rsa-sha256"].as_slice());
    let refused = refusal(Kind::Saml, &with(SAML, &[(member, "rsa-sha1")]));
    assert_eq!(refused, ProviderFault::DetailValue { member, allowed }.into());
}
