//! Signing keys, claims and verification, and attacks on them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{EncodingKey, Header};
use latchkey_tokens::{
    AccessClaims, ExtraClaims, IdClaims, Jwks, KeyReserve, MachineClaims, SigningKey, TokenError, UserClaims,
    VerifyingKeys, derive_at_hash, is_fixed_claim, make_origin_jti, origin_instant, peek_issuer, verify_access,
    verify_id, verify_id_hint, verify_signed,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use world::fake::FakeEntropy;

const NOW: Timestamp = Timestamp::constant(1_767_225_600, 250_000_000);
const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI";
const CLIENT: &str = "1example23456789abcdefghij";
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const SELF_SERVICE: &str = "aws.cognito.signin.user.admin";

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
static OTHER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| VerifyingKeys::new([&*KEY, &*OTHER]));

fn user(entropy: &FakeEntropy) -> UserClaims {
    UserClaims {
        issuer: ISSUER.into(),
        client_id: CLIENT.into(),
        sub: "b4b8f4c8-0001-7001-8000-aabbccddeeff".into(),
        username: "alice".into(),
        groups: vec!["admins".into()],
        auth_time: NOW - SignedDuration::from_mins(10),
        issued_at: NOW,
        origin_jti: Some(make_origin_jti(NOW, entropy)),
        event_id: Some("e5a3c7f0-0002-4002-8000-000000000001".into()),
        acr: None,
        amr: Vec::new(),
    }
}

fn id() -> IdClaims {
    user(&FakeEntropy::new(1)).make_id(HOUR, &FakeEntropy::new(2))
}

fn access() -> AccessClaims {
    user(&FakeEntropy::new(1)).make_access(SELF_SERVICE, HOUR, &FakeEntropy::new(3))
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A token of these parts, signed with the real key whatever the header says.
fn signed_as(header: &Value, claims: &Value) -> String {
    signed_by(&KEY, header, claims)
}

fn signed_by(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let body = [header, claims].map(|v| URL_SAFE_NO_PAD.encode(v.to_string())).join(".");
    let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
    let mut signature = [0; 256];
    let random = aws_lc_rs::rand::SystemRandom::new();
    let scheme = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
    pair.sign(scheme, &random, body.as_bytes(), &mut signature).unwrap();
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn the_header_is_exactly_kid_and_alg() {
    let token = KEY.sign(&access()).unwrap();
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let expected = format!(r#"{{"kid":"{}","alg":"RS256"}}"#, KEY.kid());
    assert_eq!(String::from_utf8(header).unwrap(), expected);
    assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=.".contains(&b)));
}

#[test]
fn kid_and_jwk_look_like_cognitos() {
    assert_eq!(KEY.kid().len(), 44);
    assert!(KEY.kid().ends_with('='));
    assert_eq!(STANDARD.decode(KEY.kid()).unwrap().len(), 32);
    assert_ne!(KEY.kid(), OTHER.kid());
    let document = String::from_utf8(Jwks::new([KEY.jwk(), OTHER.jwk()]).document()).unwrap();
    let start = format!(r#"{{"keys":[{{"alg":"RS256","e":"AQAB","kid":"{}","kty":"RSA","n":""#, KEY.kid());
    assert!(document.starts_with(&start), "{document}");
    let parsed: Value = serde_json::from_str(&document).unwrap();
    let first = parsed["keys"][0].as_object().unwrap();
    assert_eq!(first.len(), 6);
    assert_eq!(first["use"], "sig");
    assert_eq!(URL_SAFE_NO_PAD.decode(first["n"].as_str().unwrap()).unwrap().len(), 256);
    // The thumbprint by another hand (RFC 7638).
    let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(parsed["keys"][1].clone()).unwrap();
    let thumbprint = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap();
    assert_eq!(URL_SAFE_NO_PAD.decode(thumbprint).unwrap(), STANDARD.decode(OTHER.kid()).unwrap());
}

#[test]
fn keys_survive_storage_and_others_are_rejected() {
    let der = KEY.to_pkcs8().unwrap();
    let again = SigningKey::from_pkcs8(&der).unwrap();
    assert_eq!(again.kid(), KEY.kid());
    assert_eq!(again.sign(&access()).unwrap(), KEY.sign(&access()).unwrap());
    assert!(SigningKey::from_pkcs8(&der[1..]).is_err());
    assert!(SigningKey::from_pkcs8(b"").is_err());
    assert!(format!("{again:?}").contains("***"));
    let larger = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa3072).unwrap();
    let larger: aws_lc_rs::encoding::Pkcs8V1Der<'_> = aws_lc_rs::encoding::AsDer::as_der(&larger).unwrap();
    assert!(SigningKey::from_pkcs8(larger.as_ref()).is_err());
}

#[test]
fn id_claims_are_exactly_cognitos() {
    let attributes = [
        ("sub", "someone else"),
        ("email", "alice@example.com"),
        ("email_verified", "true"),
        ("phone_number_verified", "false"),
        ("custom:age", "12"),
        ("address", "1 Main St"),
        ("updated_at", "1700000000"),
        ("cognito:groups", "admins"),
    ];
    let claims = IdClaims {
        nonce: Some("n".into()),
        at_hash: Some("h".into()),
        extra: ExtraClaims::from_attributes(attributes),
        ..id()
    };
    let token = part(&KEY.sign(&claims).unwrap(), 1);
    let expected = json!({
        "sub": "b4b8f4c8-0001-7001-8000-aabbccddeeff",
        "cognito:groups": ["admins"],
        "iss": ISSUER,
        "cognito:username": "alice",
        "nonce": "n",
        "at_hash": "h",
        "origin_jti": claims.origin_jti,
        "aud": CLIENT,
        "event_id": "e5a3c7f0-0002-4002-8000-000000000001",
        "token_use": "id",
        "auth_time": 1_767_225_000,
        "exp": 1_767_229_200,
        "iat": 1_767_225_600,
        "jti": claims.jti.unwrap().to_string(),
        "email": "alice@example.com",
        "email_verified": true,
        "phone_number_verified": false,
        "custom:age": "12",
        "address": { "formatted": "1 Main St" },
        "updated_at": 1_700_000_000,
    });
    assert_eq!(token, expected);
}

#[test]
fn access_claims_are_exactly_cognitos() {
    let claims = access();
    let expected = json!({
        "sub": "b4b8f4c8-0001-7001-8000-aabbccddeeff",
        "cognito:groups": ["admins"],
        "iss": ISSUER,
        "client_id": CLIENT,
        "origin_jti": claims.origin_jti,
        "event_id": "e5a3c7f0-0002-4002-8000-000000000001",
        "token_use": "access",
        "scope": SELF_SERVICE,
        "auth_time": 1_767_225_000,
        "exp": 1_767_229_200,
        "iat": 1_767_225_600,
        "jti": claims.jti.unwrap().to_string(),
        "username": "alice",
    });
    assert_eq!(part(&KEY.sign(&claims).unwrap(), 1), expected);

    let oauth = AccessClaims {
        version: Some(2),
        device_key: Some("us-east-1_d".into()),
        aud: Some("https://api.example.com".into()),
        scope: "openid email".into(),
        ..access()
    };
    let token = part(&KEY.sign(&oauth).unwrap(), 1);
    assert_eq!(token["version"], 2);
    assert_eq!(token["device_key"], "us-east-1_d");
    assert_eq!(token["aud"], "https://api.example.com");
    assert!(oauth.has_scope("email") && !oauth.has_scope("mail") && !oauth.has_scope(""));
}

#[test]
fn without_revocation_groups_and_event_their_claims_are_absent() {
    let entropy = FakeEntropy::new(4);
    let user = UserClaims { origin_jti: None, groups: Vec::new(), event_id: None, ..user(&entropy) };
    for claims in [
        serde_json::to_value(user.make_id(HOUR, &entropy)).unwrap(),
        serde_json::to_value(user.make_access("openid", HOUR, &entropy)).unwrap(),
    ] {
        for absent in ["jti", "origin_jti", "cognito:groups", "event_id", "nonce", "at_hash", "amr"] {
            assert!(claims.get(absent).is_none(), "{absent} in {claims}");
        }
    }
}

#[test]
fn machine_tokens_say_nothing_of_a_user() {
    let machine = MachineClaims {
        issuer: ISSUER.into(),
        client_id: CLIENT.into(),
        scope: "demo/read demo/write".into(),
        issued_at: NOW,
    };
    let claims = machine.make_access(HOUR, &FakeEntropy::new(5));
    let token = KEY.sign(&claims).unwrap();
    let expected = json!({
        "sub": CLIENT,
        "iss": ISSUER,
        "version": 2,
        "client_id": CLIENT,
        "token_use": "access",
        "scope": "demo/read demo/write",
        "auth_time": 1_767_225_600,
        "exp": 1_767_229_200,
        "iat": 1_767_225_600,
        "jti": claims.jti.unwrap().to_string(),
    });
    assert_eq!(part(&token, 1), expected);
    assert_eq!(verify_access(&token, &KEYS, ISSUER, NOW).unwrap().username, None);
}

#[test]
fn extra_claims_never_replace_fixed_ones() {
    let mut extra = ExtraClaims::new();
    for name in [
        "acr",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "azp",
        "client_id",
        "device_key",
        "event_id",
        "exp",
        "iat",
        "identities",
        "iss",
        "jti",
        "nbf",
        "nonce",
        "origin_jti",
        "scope",
        "sub",
        "token_use",
        "username",
        "version",
        "cognito:username",
        "cognito:anything",
    ] {
        assert!(is_fixed_claim(name), "{name}");
        assert_eq!(extra.insert(name, "forged"), Some(json!("forged")));
    }
    assert_eq!(extra.insert("custom:role", json!(["a"])), None);
    assert_eq!(extra.iter().count(), 1);
    // A typed claim may be added at any time; it must not also fit into the extra ones.
    let fields = serde_json::to_value(IdClaims { extra, ..id() }).unwrap();
    let named = fields.as_object().unwrap().keys().filter(|name| !is_fixed_claim(name));
    assert_eq!(named.collect::<Vec<_>>(), ["custom:role"]);
}

#[test]
fn genuine_tokens_verify_until_they_expire() {
    let id_token = KEY.sign(&id()).unwrap();
    let access_token = OTHER.sign(&access()).unwrap();
    let verified = verify_id(&id_token, &KEYS, ISSUER, Some(CLIENT), NOW).unwrap();
    assert_eq!(serde_json::to_value(verified).unwrap(), part(&id_token, 1));
    let verified = verify_access(&access_token, &KEYS, ISSUER, NOW).unwrap();
    assert_eq!(serde_json::to_value(verified).unwrap(), part(&access_token, 1));

    let exp = Timestamp::constant(1_767_229_200, 0);
    let last = exp - SignedDuration::from_nanos(1);
    assert!(verify_access(&access_token, &KEYS, ISSUER, last).is_ok());
    assert_eq!(verify_access(&access_token, &KEYS, ISSUER, exp).unwrap_err(), TokenError::Expired);
    assert!(verify_id(&id_token, &KEYS, ISSUER, None, last).is_ok());
    assert_eq!(verify_id(&id_token, &KEYS, ISSUER, None, exp).unwrap_err(), TokenError::Expired);
    assert!(verify_id_hint(&id_token, &KEYS, ISSUER).is_ok());
}

#[test]
fn the_wrong_use_issuer_client_or_key_is_refused() {
    let id_token = KEY.sign(&id()).unwrap();
    let access_token = KEY.sign(&access()).unwrap();
    let wrong_use = verify_access(&id_token, &KEYS, ISSUER, NOW);
    assert_eq!(wrong_use.unwrap_err(), TokenError::WrongUse);
    let wrong_use = verify_id(&access_token, &KEYS, ISSUER, None, NOW);
    assert_eq!(wrong_use.unwrap_err(), TokenError::WrongUse);
    for issuer in ["", &ISSUER[1..], &format!("{ISSUER}/")] {
        let wrong_issuer = verify_access(&access_token, &KEYS, issuer, NOW);
        assert_eq!(wrong_issuer.unwrap_err(), TokenError::WrongIssuer);
    }
    let wrong_client = verify_id(&id_token, &KEYS, ISSUER, Some("other"), NOW);
    assert_eq!(wrong_client.unwrap_err(), TokenError::WrongAudience);
    let only_other = VerifyingKeys::new([&*OTHER]);
    let unknown = verify_access(&access_token, &only_other, ISSUER, NOW);
    assert_eq!(unknown.unwrap_err(), TokenError::UnknownKey);
}

#[test]
fn a_swapped_kid_does_not_verify() {
    let claims = serde_json::to_value(access()).unwrap();
    let swapped = signed_as(&json!({ "kid": OTHER.kid(), "alg": "RS256" }), &claims);
    let error = verify_access(&swapped, &KEYS, ISSUER, NOW).unwrap_err();
    assert_eq!(error, TokenError::BadSignature);
    // The construction itself is sound: with the right kid it verifies.
    let genuine = signed_as(&json!({ "kid": KEY.kid(), "alg": "RS256" }), &claims);
    assert!(verify_access(&genuine, &KEYS, ISSUER, NOW).is_ok());
}

#[test]
fn algorithm_confusion_is_refused() {
    let claims = serde_json::to_value(access()).unwrap();
    let body = |header: Value| [header, claims.clone()].map(|v| URL_SAFE_NO_PAD.encode(v.to_string())).join(".");
    let refuse = |token: &str| verify_access(token, &KEYS, ISSUER, NOW).unwrap_err();

    for none in ["none", "None", "NONE", "nOnE", ""] {
        let body = body(json!({ "kid": KEY.kid(), "alg": none }));
        assert_eq!(refuse(&format!("{body}.")), TokenError::Malformed, "{none}");
        let genuine = KEY.sign(&access()).unwrap();
        let signature = genuine.rsplit('.').next().unwrap();
        assert_eq!(refuse(&format!("{body}.{signature}")), TokenError::Malformed);
    }

    // HMAC keyed with the public key, in each form an attacker might try.
    let jwk = serde_json::to_value(KEY.jwk()).unwrap();
    let n = jwk["n"].as_str().unwrap();
    let secrets = [
        n.as_bytes().to_vec(),
        URL_SAFE_NO_PAD.decode(n).unwrap(),
        jwk.to_string().into_bytes(),
        Jwks::new([KEY.jwk()]).document(),
    ];
    for secret in secrets {
        for alg in [jsonwebtoken::Algorithm::HS256, jsonwebtoken::Algorithm::HS512] {
            let mut header = Header::new(alg);
            header.kid = Some(KEY.kid().into());
            let key = EncodingKey::from_secret(&secret);
            let forged = jsonwebtoken::encode(&header, &claims, &key).unwrap();
            assert_eq!(refuse(&forged), TokenError::WrongAlgorithm);
        }
    }

    // The right key under another algorithm of its family.
    for alg in ["RS384", "RS512", "PS256", "ES256", "EdDSA"] {
        let token = signed_as(&json!({ "kid": KEY.kid(), "alg": alg }), &claims);
        assert_eq!(refuse(&token), TokenError::WrongAlgorithm, "{alg}");
    }

    // A key brought along, a critical extension, no kid.
    let mallory = SigningKey::generate().unwrap();
    let header = json!({ "kid": mallory.kid(), "alg": "RS256", "jwk": mallory.jwk() });
    assert_eq!(refuse(&signed_by(&mallory, &header, &claims)), TokenError::UnknownKey);
    let header = json!({ "kid": KEY.kid(), "alg": "RS256", "jwk": mallory.jwk() });
    assert_eq!(refuse(&signed_by(&mallory, &header, &claims)), TokenError::BadSignature);
    let critical = json!({ "kid": KEY.kid(), "alg": "RS256", "crit": ["b64"], "b64": true });
    assert_eq!(refuse(&signed_as(&critical, &claims)), TokenError::Malformed);
    assert_eq!(refuse(&signed_as(&json!({ "alg": "RS256" }), &claims)), TokenError::UnknownKey);
}

#[test]
fn tokens_without_required_claims_are_refused() {
    for missing in ["exp", "iat", "auth_time", "sub", "client_id", "scope"] {
        let mut claims = serde_json::to_value(access()).unwrap();
        claims.as_object_mut().unwrap().remove(missing);
        let error = verify_access(&KEY.sign(&claims).unwrap(), &KEYS, ISSUER, NOW).unwrap_err();
        assert_eq!(error, TokenError::Malformed, "{missing}");
    }
    for (claim, value) in [("exp", json!("9999999999")), ("exp", json!(1e300)), ("sub", json!(1))] {
        let mut claims = serde_json::to_value(access()).unwrap();
        claims[claim] = value;
        assert!(verify_access(&KEY.sign(&claims).unwrap(), &KEYS, ISSUER, NOW).is_err());
    }
}

#[test]
fn every_altered_character_of_a_token_fails() {
    let token = KEY.sign(&access()).unwrap();
    for i in 0..token.len() {
        for other in ["A", "z", "-", "=", ".", "+"] {
            if token[i..].starts_with(other) {
                continue;
            }
            let mut altered = token.clone();
            altered.replace_range(i..=i, other);
            assert!(verify_access(&altered, &KEYS, ISSUER, NOW).is_err(), "{i} {other}");
        }
        assert!(verify_access(&token[..i], &KEYS, ISSUER, NOW).is_err());
    }
}

#[test]
fn a_published_document_verifies_and_keeps_to_its_algorithms() {
    let document = Jwks::new([KEY.jwk()]).document();
    let keys = VerifyingKeys::from_jwks(&document).unwrap();
    assert!(keys.contains(KEY.kid()) && !keys.contains(OTHER.kid()));
    let token = KEY.sign(&access()).unwrap();
    assert_eq!(verify_signed::<Value>(&token, &keys).unwrap(), part(&token, 1));

    let n = serde_json::to_value(KEY.jwk()).unwrap()["n"].clone();
    let mixed = json!({ "keys": [
        { "kty": "oct", "kid": "a", "k": "c2VjcmV0", "alg": "HS256" },
        { "kty": "RSA", "kid": "b", "n": n, "e": "AQAB", "use": "enc" },
        { "kty": "RSA", "kid": "c", "n": n, "e": "AQAB", "alg": "RSA-OAEP" },
        { "kty": "RSA", "n": n, "e": "AQAB" },
        { "kty": "RSA", "kid": "d", "n": n, "e": "AQAB", "alg": "HS256" },
        { "kty": "new", "kid": "e", "x": "AA" },
        "not even an object",
        { "kty": "RSA", "kid": "f", "n": n, "e": "AQAB", "x5c": ["AAAA"] },
        { "kty": "EC", "crv": "P-256", "kid": "g", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" },
    ]});
    let keys = VerifyingKeys::from_jwks(mixed.to_string().as_bytes()).unwrap();
    let known = ["a", "b", "c", "d", "e", "f", "g"].map(|kid| keys.contains(kid));
    assert_eq!(known, [false, false, false, false, false, true, true]);
    assert!(VerifyingKeys::from_jwks(b"{}").is_err());
    assert!(VerifyingKeys::from_jwks(b"<html>").is_err());
}

#[test]
fn at_hash_is_that_of_the_specification() {
    // OpenID Connect Core, appendix A.3, computed there for its example access token.
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(derive_at_hash(token), "77QmUPtjPfzWtF2AnpK9RQ");
}

#[test]
fn origin_jti_tells_its_instant_to_the_millisecond() {
    let entropy = FakeEntropy::new(6);
    let origin = make_origin_jti(NOW, &entropy);
    assert_eq!(origin_instant(&origin), Some(NOW));
    assert_ne!(origin, make_origin_jti(NOW, &entropy));
    assert_eq!(origin_instant(&world::uuid_v4(&entropy).to_string()), None);
    for garbage in ["", "x", "01234567-89ab-7def", &origin[1..], &format!("{origin}0")] {
        assert_eq!(origin_instant(garbage), None);
    }
    // The last instant 48 bits hold lies beyond the calendar.
    assert_eq!(origin_instant("ffffffff-ffff-7fff-bfff-ffffffffffff"), None);
}

#[test]
fn the_reserve_fills_gives_each_key_once_and_refills() {
    let reserve = KeyReserve::new(2);
    let wait_full = || {
        let filled = std::iter::repeat_with(|| reserve.ready())
            .take(100_000_000)
            .inspect(|_| std::thread::yield_now())
            .any(|ready| ready == 2);
        assert!(filled);
    };
    wait_full();
    let keys: Vec<_> = (0..4).map(|_| reserve.take().unwrap()).collect();
    let mut kids: Vec<_> = keys.iter().map(SigningKey::kid).collect();
    kids.sort_unstable();
    kids.dedup();
    assert_eq!(kids.len(), 4);
    wait_full();
    assert_eq!(reserve.ready(), 2);
    drop(reserve);
    let empty = KeyReserve::new(0);
    assert!(empty.take().is_ok());
    assert_eq!(empty.ready(), 0);
}

#[test]
fn an_issuer_can_be_read_before_the_token_is_believed() {
    let token = KEY.sign(&access()).unwrap();
    assert_eq!(peek_issuer(&token).as_deref(), Some(ISSUER));
    let forged = format!("{}x", token);
    assert_eq!(peek_issuer(&forged).as_deref(), Some(ISSUER));
    let long = format!("{token}{}", "A".repeat(16 * 1024));
    for none in ["", "a.b", "a.b.c", &format!("{token}.x"), "..", &long] {
        assert_eq!(peek_issuer(none), None);
    }
}

proptest! {
    #[test]
    fn hostile_tokens_never_panic(token in "[ -~]{0,120}", middle in ".{0,60}") {
        prop_assert!(verify_access(&token, &KEYS, ISSUER, NOW).is_err());
        let genuine = KEY.sign(&access()).unwrap();
        let mut parts: Vec<&str> = genuine.split('.').collect();
        let encoded = URL_SAFE_NO_PAD.encode(&middle);
        parts[1] = &encoded;
        prop_assert!(verify_access(&parts.join("."), &KEYS, ISSUER, NOW).is_err());
        parts[0] = &encoded;
        prop_assert!(verify_id_hint(&parts.join("."), &KEYS, ISSUER).is_err());
        let _ = VerifyingKeys::from_jwks(token.as_bytes());
        let _ = (origin_instant(&token), peek_issuer(&token), peek_issuer(&middle));
    }
}
