//! Refresh tokens look like Cognito's and are ours alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use latchkey_tokens::{MasterKey, Purpose, REFRESH_TOKEN_PREFIX, RefreshError, RefreshToken, Vault, make_origin_jti};
use proptest::prelude::*;
use world::fake::FakeEntropy;

const NOW: Timestamp = Timestamp::constant(1_767_225_600, 250_000_000);
const EXPIRY: Timestamp = Timestamp::constant(1_769_817_600, 0);

fn vault(seed: u64) -> (Vault, FakeEntropy) {
    let entropy = FakeEntropy::new(seed);
    let (vault, _) = Vault::create(&MasterKey::make(&entropy), &entropy);
    (vault, entropy)
}

fn plain(entropy: &FakeEntropy) -> RefreshToken {
    RefreshToken {
        pool: "us-east-1_AbCdEfGhI".into(),
        client: "1example23456789abcdefghij".into(),
        sub: "b4b8f4c8-0001-7001-8000-aabbccddeeff".into(),
        username: "alice".into(),
        origin_jti: make_origin_jti(NOW, entropy),
        generation: 0,
        auth_time: Timestamp::constant(1_767_225_600, 0),
        issued_at: NOW,
        expires_at: EXPIRY,
        scopes: Vec::new(),
        device_key: None,
        event_id: None,
        nonce: None,
        resource: None,
        acr: None,
        amr: Vec::new(),
        oauth: false,
    }
}

fn full(entropy: &FakeEntropy) -> RefreshToken {
    RefreshToken {
        generation: 7,
        scopes: vec!["openid".into(), "demo/read".into()],
        device_key: Some("us-east-1_aaaaaaaa-0001-4001-8000-aabbccddeeff".into()),
        event_id: Some("e".into()),
        nonce: Some("n".into()),
        resource: Some("https://api.example.com".into()),
        acr: Some("urn:cognito:loa:4".into()),
        amr: vec!["pwd".into(), "otp".into(), "mfa".into()],
        oauth: true,
        ..plain(entropy)
    }
}

#[test]
fn it_looks_like_cognitos_and_opens_again() {
    let (vault, entropy) = vault(1);
    for refresh in [plain(&entropy), full(&entropy)] {
        let token = refresh.seal(&vault, &entropy);
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!(parts.len(), 5);
        assert_eq!(parts[0], REFRESH_TOKEN_PREFIX);
        let header = URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
        assert_eq!(header, br#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#);
        let lengths = [2, 4].map(|i| URL_SAFE_NO_PAD.decode(parts[i]).unwrap().len());
        assert_eq!(lengths, [12, 16]);
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=.".contains(&b)));
        assert!(token.len() < 1024, "{}", token.len());
        assert_eq!(RefreshToken::open(&vault, NOW, &token).unwrap(), refresh);
        assert_ne!(refresh.seal(&vault, &entropy), token);
    }
}

#[test]
fn it_expires_but_can_still_be_revoked() {
    let (vault, entropy) = vault(2);
    let token = plain(&entropy).seal(&vault, &entropy);
    assert!(RefreshToken::open(&vault, EXPIRY - SignedDuration::from_nanos(1), &token).is_ok());
    let expired = RefreshToken::open(&vault, EXPIRY, &token).unwrap_err();
    assert_eq!(expired, RefreshError::Expired);
    assert_eq!(expired.to_string(), "Refresh Token has expired");
    let opened = RefreshToken::open_of_any_age(&vault, &token).unwrap();
    let (pool, client) = (opened.pool.clone(), opened.client.clone());
    assert!(opened.belongs_to(&pool, &client));
    assert!(!opened.belongs_to(&pool, &"other".into()));
    assert!(!opened.belongs_to(&"other".into(), &client));
}

#[test]
fn every_altered_character_and_every_other_cut_fails() {
    let (vault, entropy) = vault(3);
    let token = plain(&entropy).seal(&vault, &entropy);
    let refused = |token: &str| {
        assert_eq!(RefreshToken::open(&vault, NOW, token).unwrap_err(), RefreshError::Invalid);
    };
    for i in 0..token.len() {
        for other in ["A", "z", "-", "=", "."] {
            if !token[i..].starts_with(other) {
                let mut altered = token.clone();
                altered.replace_range(i..=i, other);
                refused(&altered);
            }
        }
        refused(&token[..i]);
    }
    // The same bytes, the dots elsewhere.
    let bytes: Vec<u8> = token.split('.').skip(1).flat_map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    for cuts in [[16, 29, 60], [17, 28, 60], [17, 29, bytes.len() - 15], [0, 0, 0]] {
        let parts = [
            &bytes[..cuts[0]],
            &bytes[cuts[0]..cuts[1].max(cuts[0])],
            &bytes[cuts[1]..cuts[2].max(cuts[1])],
            &bytes[cuts[2]..],
        ];
        let parts = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        refused(&format!("{REFRESH_TOKEN_PREFIX}.{parts}"));
    }
    refused(&format!("{token}."));
    refused(&format!("{token}.AAAA"));
    refused("");
}

#[test]
fn tokens_of_another_vault_and_other_sealed_things_are_refused() {
    let (vault, entropy) = vault(4);
    let (other, _) = self::vault(5);
    let token = plain(&entropy).seal(&other, &entropy);
    assert_eq!(RefreshToken::open(&vault, NOW, &token).unwrap_err(), RefreshError::Invalid);

    // A session whose JSON is a refresh token's, cut and dressed as one.
    let json = serde_json::to_vec(&plain(&entropy)).unwrap();
    for (purpose, opens) in [(Purpose::Session, false), (Purpose::RefreshToken, true)] {
        let sealed = vault.seal(purpose, b"", &json, &entropy);
        let end = sealed.len() - 16;
        let parts = [&sealed[..17], &sealed[17..29], &sealed[29..end], &sealed[end..]];
        let parts = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        let dressed = format!("{REFRESH_TOKEN_PREFIX}.{parts}");
        assert_eq!(RefreshToken::open(&vault, NOW, &dressed).is_ok(), opens);
    }
}

proptest! {
    #[test]
    fn hostile_refresh_tokens_never_panic(rest in "[A-Za-z0-9._=-]{0,200}", any in ".{0,60}") {
        let (vault, _) = vault(6);
        prop_assert!(RefreshToken::open(&vault, NOW, &any).is_err());
        let dressed = format!("{REFRESH_TOKEN_PREFIX}.{rest}");
        prop_assert!(RefreshToken::open(&vault, NOW, &dressed).is_err());
    }
}
