//! No public type shows a secret through `Debug`.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use latchkey_iam::{Credentials, Presented, Regions, Secret, SignedRequest, Verifier};

/// Stands wherever a secret may.
const CANARY: &str = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

fn hides(shown: impl Debug) {
    for text in [format!("{shown:?}"), format!("{shown:#?}")] {
        assert!(!text.contains("c0ffee"), "{text}");
    }
}

#[test]
fn a_request_shows_neither_signature_nor_token_nor_body() {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/cognito-idp/aws4_request, \
         SignedHeaders=host;x-amz-date;x-amz-security-token, Signature={CANARY}"
    );
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "localhost"),
        ("x-amz-date", "20260101T000000Z"),
        ("x-amz-security-token", CANARY),
        ("authorization", &authorization),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    let uri: Uri = format!("/?X-Amz-Security-Token={CANARY}").parse().unwrap();
    let request = SignedRequest { method: &Method::POST, uri: &uri, headers: &headers, body: CANARY.as_bytes() };
    hides(request);
    let presented = Presented::read(&request).unwrap();
    assert_eq!(presented.access_key(), "AKID");
    hides(presented);
}

#[test]
fn credentials_show_their_id_alone() {
    let temporary = Credentials { session_token: Some(Secret::new(CANARY)), ..Credentials::new("AKID", CANARY) };
    assert!(format!("{temporary:?}").contains("AKID"));
    hides(&temporary);
    hides(Secret::new(CANARY));
    hides(Verifier::new(Regions::Any, ["cognito-idp"]));
}
