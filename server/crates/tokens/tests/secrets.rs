//! No public type shows a secret through `Debug`.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use latchkey_tokens::{KeyReserve, MasterKey, Purpose, SigningKey, Vault, VerifyingKeys};
use world::fake::FakeEntropy;

const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// Holds that neither the bytes of a secret nor any usual writing of them is shown.
fn hides(shown: impl Debug, secret: &[u8]) {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let list: Vec<String> = secret.iter().map(u8::to_string).collect();
    let writings = [hex, STANDARD.encode(secret), list.join(", "), String::from_utf8_lossy(secret).into_owned()];
    for text in [format!("{shown:?}"), format!("{shown:#?}").replace(",\n", ", ")] {
        for writing in &writings {
            // A part is enough to give it away.
            let part: String = writing.chars().take(16).collect();
            assert!(!text.contains(&part), "{text}");
        }
    }
}

#[test]
fn keys_and_what_is_sealed_are_not_shown() {
    let entropy = FakeEntropy::new(7);
    let secret: [u8; 32] = std::array::from_fn(|i| b'A' + u8::try_from(i % 26).unwrap());
    let master = MasterKey::from_bytes(secret);
    hides(&master, &secret);

    let (vault, wrapped) = Vault::create(&master, &entropy);
    hides(&vault, &secret);
    hides(&wrapped, &secret);
    let canary = "a-secret-that-travels".to_owned();
    let sealed = vault.seal_state(Purpose::Csrf, NOW + SignedDuration::from_mins(1), &canary, &entropy);
    let opened = vault.open_state::<String>(Purpose::Csrf, NOW, &sealed).unwrap();
    assert_eq!(opened.value, canary);
    hides(&opened, canary.as_bytes());

    let key = SigningKey::generate().unwrap();
    let der = key.to_pkcs8().unwrap();
    // Behind the header, which all keys share.
    let private = der.get(der.len() / 2..).unwrap();
    hides(&key, private);
    hides(VerifyingKeys::new([&key]), private);
    hides(KeyReserve::new(0), private);
}
