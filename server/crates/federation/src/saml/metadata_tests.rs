#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;

/// A certificate from 2026 to 2126.
const CERTIFICATE: &str = include_str!("../fixtures/idp.b64");

fn now() -> Timestamp {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

fn key(purpose: &str, certificate: &str) -> String {
    format!(
        "<md:KeyDescriptor {purpose}><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

fn entity(attributes: &str, inner: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" {attributes}>\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{inner}\
         </md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

fn service(name: &str, binding: &str, location: &str) -> String {
    format!("<md:{name} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{location}\"/>")
}

fn sso() -> String {
    service("SingleSignOnService", "HTTP-POST", "https://idp.example/post")
        + &service("SingleSignOnService", "HTTP-Redirect", "https://idp.example/sso")
}

fn whole() -> String {
    let slo = service("SingleLogoutService", "HTTP-Redirect", "https://idp.example/slo");
    entity("entityID=\"urn:idp\"", &(key("use=\"signing\"", CERTIFICATE) + &slo + &sso()))
}

#[test]
fn a_provider_is_read() {
    let metadata = parse_metadata(&whole(), now()).unwrap();
    assert_eq!(metadata.entity_id, "urn:idp");
    let at = |location: &str| Some(SamlEndpoint { location: location.to_owned(), response_location: None });
    let sign_on = SamlEndpoints { redirect: at("https://idp.example/sso"), post: at("https://idp.example/post") };
    assert_eq!(metadata.sign_on, sign_on);
    assert_eq!(metadata.sign_out, SamlEndpoints { redirect: at("https://idp.example/slo"), post: None });
    assert_eq!(metadata.signing_certificates.len(), 1);
    assert!(!metadata.wants_signed_requests);
    // With a byte order mark and a declaration, as files come; and within a federation, behind somebody else.
    let file = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", whole());
    assert_eq!(parse_metadata(&file, now()).unwrap(), metadata);
    let many = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"><md:EntityDescriptor entityID=\"sp\">\
         <md:SPSSODescriptor/></md:EntityDescriptor>{}</md:EntitiesDescriptor>",
        whole()
    );
    assert_eq!(parse_metadata(&many, now()).unwrap(), metadata);
}

#[test]
fn what_a_provider_may_say_is_read() {
    let signed = whole().replace("<md:IDPSSODescriptor", "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\"");
    assert!(parse_metadata(&signed, now()).unwrap().wants_signed_requests);
    let elsewhere = "https://idp.example/slo\" ResponseLocation=\"https://idp.example/done";
    let sign_out = parse_metadata(&whole().replace("https://idp.example/slo", elsewhere), now()).unwrap().sign_out;
    assert_eq!(sign_out.redirect.unwrap().response_location.as_deref(), Some("https://idp.example/done"));
    // A POST address that cannot be used is none.
    let useless = whole().replace("https://idp.example/post", "javascript:alert(1)");
    assert_eq!(parse_metadata(&useless, now()).unwrap().sign_on.post, None);
}

#[test]
fn what_a_provider_needs_must_be_there() {
    let id = "entityID=\"urn:idp\"";
    let signing = key("use=\"signing\"", CERTIFICATE);
    let cases = [
        (entity("", &(signing.clone() + &sso())), MetadataFault::NoEntityId),
        (entity("entityID=\" \"", &(signing.clone() + &sso())), MetadataFault::NoEntityId),
        (entity(id, &signing), MetadataFault::NoSignOn),
        (
            entity(id, &(signing.clone() + &service("SingleSignOnService", "HTTP-POST", "https://idp.example"))),
            MetadataFault::NoSignOn,
        ),
        (
            entity(id, &(signing.clone() + &service("SingleSignOnService", "HTTP-Redirect", "javascript:alert(1)"))),
            MetadataFault::Location,
        ),
        (entity(id, &sso()), MetadataFault::NoCertificate),
        (entity(id, &(key("use=\"encryption\"", CERTIFICATE) + &sso())), MetadataFault::NoCertificate),
        (entity(id, &(key("", "!!!") + &sso())), MetadataFault::Certificate),
        (entity(id, &(key("", "AAAA") + &sso())), MetadataFault::Certificate),
        (entity(id, &(key("", &"A".repeat(4_100)) + &sso())), MetadataFault::Certificate),
        (whole().replace("IDPSSODescriptor", "SPSSODescriptor"), MetadataFault::NoProvider),
        (whole().replace("SAML:2.0:protocol", "SAML:1.1:protocol"), MetadataFault::NoProvider),
        (whole().replace("SAML:2.0:metadata", "SAML:1.0:metadata"), MetadataFault::NoProvider),
    ];
    for (text, fault) in cases {
        assert_eq!(parse_metadata(&text, now()).unwrap_err(), fault, "{text}");
    }
    let later = "2200-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(parse_metadata(&whole(), later).unwrap_err(), MetadataFault::NoCertificate);
}

#[test]
fn nothing_is_expanded_and_nothing_fetched() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let external = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    let remote = "<!DOCTYPE x SYSTEM \"http://169.254.169.254/latest\">";
    for doctype in [laughs, external, remote, "<!DOCTYPE x>"] {
        let fault = parse_metadata(&(doctype.to_owned() + &whole()), now()).unwrap_err();
        assert!(matches!(fault, MetadataFault::Xml(_)), "{doctype}: {fault:?}");
    }
    // An entity that nothing declares.
    let fault = parse_metadata(&whole().replace("urn:idp", "&passwords;"), now()).unwrap_err();
    assert!(matches!(fault, MetadataFault::Xml(_)), "{fault:?}");
}

#[test]
fn what_is_no_document_is_refused() {
    for text in ["", " ", "metadata", "<a", "<a></b>", "<a/><b/>", "{}", "\u{0}", "<md:EntityDescriptor/>"] {
        assert!(matches!(parse_metadata(text, now()), Err(MetadataFault::Xml(_))), "{text}");
    }
    assert_eq!(parse_metadata("<html/>", now()).unwrap_err(), MetadataFault::NoProvider);
    // Deep, and wide.
    let deep = "<a>".repeat(100_000);
    assert!(matches!(parse_metadata(&deep, now()), Err(MetadataFault::Xml(_))));
    let wide = format!("<a>{}</a>", "<b/>".repeat(250_000));
    assert!(matches!(parse_metadata(&wide, now()), Err(MetadataFault::Xml(_))));
}
