//! The vault and carried state: what opens, and above all what does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::{SignedDuration, Timestamp};
use latchkey_tokens::{Encoding, MasterKey, MasterKeyError, Purpose, StateError, Vault, VaultError, WrappedKey};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use world::fake::FakeEntropy;

const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);

fn vault(seed: u64) -> (Vault, WrappedKey, MasterKey, FakeEntropy) {
    let entropy = FakeEntropy::new(seed);
    let master = MasterKey::make(&entropy);
    let (vault, row) = Vault::create(&master, &entropy);
    (vault, row, master, entropy)
}

/// What a challenge's session holds, about as large as they get without SRP's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Session {
    pool: String,
    client: String,
    username: String,
    step: String,
    started: i64,
}

fn session() -> Session {
    Session {
        pool: "us-east-1_AbCdEfGhI".into(),
        client: "1example23456789abcdefghij".into(),
        username: "b4b8f4c8-0001-7001-8000-aabbccddeeff".into(),
        step: "SOFTWARE_TOKEN_MFA".into(),
        started: 1_767_225_600,
    }
}

#[test]
fn the_master_key_reads_every_usual_writing_and_shows_none() {
    let bytes: [u8; 32] = std::array::from_fn(|i| (i * 8 + 3) as u8);
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let base64 = MasterKey::from_bytes(bytes).to_text();
    assert_eq!(base64.len(), 44);
    let url_safe = base64.replace('+', "-").replace('/', "_");
    let writings = [
        hex.clone(),
        hex.to_uppercase(),
        format!("  {hex}\n"),
        base64.to_string(),
        base64.trim_end_matches('=').into(),
        url_safe.clone(),
        url_safe.trim_end_matches('=').into(),
    ];
    for text in writings {
        let key = MasterKey::from_text(&text).unwrap();
        assert_eq!(key.to_text(), base64, "{text}");
        assert_eq!(format!("{key:?}"), "***");
    }
    for text in ["", "secret", &hex[2..], &hex.replace('0', "g"), &base64[4..], "ü"] {
        assert_eq!(MasterKey::from_text(text).unwrap_err(), MasterKeyError, "{text}");
    }
    // 64 characters, not on character boundaries of two.
    assert!(MasterKey::from_text(&"ü".repeat(32)).is_err());
}

#[test]
fn what_is_sealed_opens_again_and_twice_is_not_the_same() {
    let (vault, row, master, entropy) = vault(1);
    let once = vault.seal(Purpose::TotpSeed, b"pool/user", b"seed", &entropy);
    let twice = vault.seal(Purpose::TotpSeed, b"pool/user", b"seed", &entropy);
    assert_ne!(once, twice);
    assert_eq!(once.len(), 4 + 45);
    assert!(!once.windows(4).any(|w| w == b"seed"));
    let reopened = Vault::unlock(&master, &[row]).unwrap();
    for sealed in [once, twice] {
        assert_eq!(*vault.open(Purpose::TotpSeed, b"pool/user", &sealed).unwrap(), b"seed");
        assert_eq!(*reopened.open(Purpose::TotpSeed, b"pool/user", &sealed).unwrap(), b"seed");
    }
    let empty = vault.seal(Purpose::TotpSeed, b"", b"", &entropy);
    assert_eq!(*vault.open(Purpose::TotpSeed, b"", &empty).unwrap(), b"");
}

#[test]
fn every_altered_byte_and_every_cut_fails() {
    let (vault, row, master, entropy) = vault(2);
    let sealed = vault.seal(Purpose::ClientSecret, b"pool", b"a client secret", &entropy);
    for i in 0..sealed.len() {
        for flip in [1, 0x80, 0xff] {
            let mut altered = sealed.clone();
            altered[i] ^= flip;
            let error = vault.open(Purpose::ClientSecret, b"pool", &altered).unwrap_err();
            match i {
                0 => assert_eq!(error, VaultError::Malformed),
                1..=4 => assert!(matches!(error, VaultError::UnknownKey(_))),
                _ => assert_eq!(error, VaultError::Refused),
            }
        }
        assert!(vault.open(Purpose::ClientSecret, b"pool", &sealed[..i]).is_err());
    }
    for i in 0..row.wrapped.len() {
        let mut altered = row.clone();
        altered.wrapped[i] ^= 1;
        assert!(Vault::unlock(&master, &[altered]).is_err());
        let cut = WrappedKey { id: row.id, wrapped: row.wrapped[..i].to_vec() };
        assert!(Vault::unlock(&master, &[cut]).is_err());
    }
    // A row cannot pose as another.
    let renamed = WrappedKey { id: 2, ..row };
    assert_eq!(Vault::unlock(&master, &[renamed]).unwrap_err(), VaultError::Refused);
}

#[test]
fn purposes_contexts_keys_and_vaults_are_not_interchangeable() {
    let (vault, ..) = vault(3);
    let entropy = FakeEntropy::new(33);
    for sealed_for in Purpose::ALL.iter().copied() {
        let sealed = vault.seal(sealed_for, b"user", b"x", &entropy);
        for opened_for in Purpose::ALL.iter().copied() {
            let opened = vault.open(opened_for, b"user", &sealed);
            assert_eq!(opened.is_ok(), sealed_for == opened_for, "{sealed_for:?} {opened_for:?}");
        }
        assert!(vault.open(sealed_for, b"users", &sealed).is_err());
        assert!(vault.open(sealed_for, b"", &sealed).is_err());
    }
    let (other, ..) = self::vault(4);
    let sealed = vault.seal(Purpose::Session, b"", b"x", &entropy);
    assert_eq!(other.open(Purpose::Session, b"", &sealed).unwrap_err(), VaultError::Refused);
}

#[test]
fn rotating_the_master_key_and_adding_data_keys_loses_nothing() {
    let (mut vault, first, master, entropy) = vault(5);
    let old = vault.seal(Purpose::SigningKey, b"pool", b"old", &entropy);
    let second = vault.add_key(&master, &entropy).unwrap();
    assert_eq!((first.id, second.id), (1, 2));
    let new = vault.seal(Purpose::SigningKey, b"pool", b"new", &entropy);
    assert_eq!((&old[1..5], &new[1..5]), ([0, 0, 0, 1].as_slice(), [0, 0, 0, 2].as_slice()));

    let new_master = MasterKey::make(&entropy);
    let rows = vault.rewrap(&new_master, &entropy);
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 2]);
    let reopened = Vault::unlock(&new_master, &rows).unwrap();
    assert_eq!(*reopened.open(Purpose::SigningKey, b"pool", &old).unwrap(), b"old");
    assert_eq!(*reopened.open(Purpose::SigningKey, b"pool", &new).unwrap(), b"new");
    assert_eq!(reopened.seal(Purpose::Csrf, b"", b"", &entropy)[1..5], [0, 0, 0, 2]);

    assert_eq!(Vault::unlock(&master, &rows).unwrap_err(), VaultError::Refused);
    assert_eq!(Vault::unlock(&master, &[]).unwrap_err(), VaultError::NoKey);
    let only_first = Vault::unlock(&master, &[first]).unwrap();
    assert_eq!(only_first.open(Purpose::SigningKey, b"pool", &new).unwrap_err(), VaultError::UnknownKey(2));
    assert_eq!(format!("{reopened:?}"), "Vault { keys: [1, 2], current: 2 }");
}

#[test]
fn a_likeness_is_always_the_same_and_tells_nothing() {
    let (mut vault, first, master, entropy) = vault(10);
    let dummy = |vault: &Vault, label: &[u8], context: &[u8]| {
        let mut out = [0; 384];
        vault.derive_dummy(label, context, &mut out);
        out
    };
    let salt = dummy(&vault, b"salt", b"pool/nobody");
    let reopened = Vault::unlock(&master, &[first]).unwrap();
    assert_eq!(dummy(&reopened, b"salt", b"pool/nobody"), salt);
    vault.add_key(&master, &entropy).unwrap();
    let new_master = MasterKey::make(&entropy);
    let rewrapped = Vault::unlock(&new_master, &vault.rewrap(&new_master, &entropy)).unwrap();
    assert_eq!(dummy(&rewrapped, b"salt", b"pool/nobody"), salt);

    let others = [
        dummy(&vault, b"verifier", b"pool/nobody"),
        dummy(&vault, b"salt", b"pool/somebody"),
        dummy(&vault, b"sal", b"tpool/nobody"),
        dummy(&self::vault(11).0, b"salt", b"pool/nobody"),
    ];
    assert!(others.iter().all(|other| *other != salt && *other != [0; 384]));
}

#[test]
fn carried_state_comes_back_until_it_expires() {
    let (vault, _, _, entropy) = vault(6);
    let expires_at = NOW + SignedDuration::from_mins(3);
    let text = vault.seal_state(Purpose::Session, expires_at, &session(), &entropy);
    // `Session` is 20 to 4096 characters.
    assert!((20..400).contains(&text.len()), "{}", text.len());
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));

    let opened = vault.open_state::<Session>(Purpose::Session, NOW, &text).unwrap();
    assert_eq!((opened.value, opened.expires_at), (session(), expires_at));
    let again = vault.open_state::<Session>(Purpose::Session, NOW, &text).unwrap();
    assert_eq!(opened.id, again.id);
    let other = vault.seal_state(Purpose::Session, expires_at, &session(), &entropy);
    let other = vault.open_state::<Session>(Purpose::Session, NOW, &other).unwrap();
    assert_ne!(opened.id, other.id);

    let last = expires_at - SignedDuration::from_millis(1);
    assert!(vault.open_state::<Session>(Purpose::Session, last, &text).is_ok());
    let expired = vault.open_state::<Session>(Purpose::Session, expires_at, &text);
    assert_eq!(expired.unwrap_err(), StateError::Expired);

    let wrong_purpose = vault.open_state::<Session>(Purpose::LoginPage, NOW, &text);
    assert_eq!(wrong_purpose.unwrap_err(), StateError::Malformed);
    let wrong_shape = vault.open_state::<Vec<u8>>(Purpose::Session, NOW, &text);
    assert_eq!(wrong_shape.unwrap_err(), StateError::Malformed);
    // A secret at rest cannot be passed off as carried state.
    let at_rest = vault.seal(Purpose::Session, b"pool", b"\0\0\0\0\0\0\0\0{}", &entropy);
    let at_rest = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, at_rest);
    assert!(vault.open_state::<serde_json::Value>(Purpose::Session, NOW, &at_rest).is_err());
}

#[test]
fn secret_blocks_are_standard_base64() {
    let (vault, _, _, entropy) = vault(7);
    let block = vault.seal_state_as(
        Encoding::Standard,
        Purpose::SecretBlock,
        NOW + SignedDuration::from_mins(3),
        &"b",
        &entropy,
    );
    assert_eq!(block.len() % 4, 0);
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &block).unwrap();
    let opened = vault.open_state_as::<String>(Encoding::Standard, Purpose::SecretBlock, NOW, &block);
    assert_eq!(opened.unwrap().value, "b");
}

#[test]
fn every_altered_character_of_carried_state_fails() {
    let (vault, _, _, entropy) = vault(8);
    for padding in 0..3 {
        let value = "x".repeat(padding);
        for encoding in [Encoding::UrlSafe, Encoding::Standard] {
            let expires_at = NOW + SignedDuration::from_mins(3);
            let text = vault.seal_state_as(encoding, Purpose::Csrf, expires_at, &value, &entropy);
            for i in 0..text.len() {
                for other in "Ab9-_+/=. ".chars().filter(|c| !text[i..].starts_with(*c)) {
                    let mut altered = text.clone();
                    altered.replace_range(i..=i, &other.to_string());
                    let opened = vault.open_state_as::<String>(encoding, Purpose::Csrf, NOW, &altered);
                    assert_eq!(opened.unwrap_err(), StateError::Malformed, "{i} {other}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn anything_seals_and_opens(
        plaintext in proptest::collection::vec(any::<u8>(), 0..300),
        context in proptest::collection::vec(any::<u8>(), 0..40),
        seed: u64,
    ) {
        let (vault, _, _, entropy) = vault(seed);
        let sealed = vault.seal(Purpose::Message, &context, &plaintext, &entropy);
        prop_assert_eq!(&*vault.open(Purpose::Message, &context, &sealed).unwrap(), &plaintext);
    }

    #[test]
    fn garbage_is_refused_quietly(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
        let (vault, _, master, _) = vault(9);
        prop_assert!(vault.open(Purpose::Session, b"", &bytes).is_err());
        let mut plausible = vec![1, 0, 0, 0, 1];
        plausible.extend(&bytes);
        prop_assert!(vault.open(Purpose::Session, b"", &plausible).is_err());
        prop_assert!(vault.open_state::<serde_json::Value>(Purpose::Session, NOW, &text).is_err());
        let row = WrappedKey { id: 1, wrapped: bytes };
        prop_assert!(Vault::unlock(&master, &[row]).is_err());
        let _ = MasterKey::from_text(&text);
    }
}
