//! Both ends against each other, and against what a hostile end may send.
#![cfg(all(feature = "client", feature = "server"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use latchkey_srp::{
    ClientProof, MAX_HEX_DIGITS, ServerChallenge, SrpError, derive_timestamp, derive_verifier, pad, parse_hex,
    parse_timestamp, server_key, to_hex, verify_signature,
};
use num_bigint::BigUint;
use proptest::{collection::vec, prelude::*, test_runner::Config};

const STAMP: &str = "Tue Nov 3 04:05:06 UTC 2026";
const SALT: [u8; 16] = [0x5a; 16];

fn n() -> BigUint {
    let sheet: serde_json::Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    BigUint::parse_bytes(sheet["N"].as_str().unwrap().as_bytes(), 16).unwrap()
}

fn multiples_of_n() -> Vec<String> {
    let n = n();
    (0u8..=3).map(|i| (&n * i).to_str_radix(16)).chain([(&n << 1024usize).to_str_radix(16)]).collect()
}

fn malformed() -> Vec<String> {
    ["", "g", "0x12", "-1", "+1", " 1", "1 ", "1_0", "é", "ff\0", "１２"]
        .map(String::from)
        .into_iter()
        .chain(["f".repeat(MAX_HEX_DIGITS + 1), "0".repeat(MAX_HEX_DIGITS + 1)])
        .chain(["f".repeat(3_000_000)])
        .collect()
}

fn answer(salt: &str, b: &str) -> Result<[u8; 32], SrpError> {
    ClientProof::new(&[7; 32])?.answer("pool", "user", "password", salt, b, b"block", STAMP)
}

#[test]
fn the_client_refuses_what_fixes_the_key() {
    for b in multiples_of_n() {
        for b in [b.clone(), b.to_uppercase(), format!("000{b}")] {
            assert_eq!(answer("5a", &b), Err(SrpError::PublicValue));
        }
    }
    for text in malformed() {
        assert_eq!(answer("5a", &text), Err(SrpError::Hex));
        assert_eq!(answer(&text, "1234"), Err(SrpError::Hex));
    }
    // Odd, long or zero, but integers.
    for b in ["1".to_owned(), "f".repeat(MAX_HEX_DIGITS), (n() + 1u8).to_str_radix(16)] {
        for salt in ["0", "1", &"f".repeat(MAX_HEX_DIGITS)] {
            assert!(answer(salt, &b).is_ok());
        }
    }
}

#[test]
fn the_server_refuses_what_fixes_the_key() {
    let verifier = derive_verifier("pool", "user", "password", &SALT);
    let b = [9; 32];
    let challenge = ServerChallenge::new(&verifier, &b).unwrap();
    let key = |a: &str| server_key(a, &verifier, &b, challenge.public_b()).map(|_| ());
    for a in multiples_of_n() {
        assert_eq!(key(&a), Err(SrpError::PublicValue));
        assert_eq!(key(&format!("00{}", a.to_uppercase())), Err(SrpError::PublicValue));
    }
    for a in malformed() {
        assert_eq!(key(&a), Err(SrpError::Hex));
    }
    for a in ["1".to_owned(), "f".repeat(MAX_HEX_DIGITS), (n() - 1u8).to_str_radix(16)] {
        assert_eq!(key(&a), Ok(()));
    }
}

#[test]
fn secrets_have_bounds() {
    let verifier = derive_verifier("pool", "user", "password", &SALT);
    for length in [0, 1, 31, 129, 4096] {
        assert_eq!(ClientProof::new(&vec![1; length]).err(), Some(SrpError::Secret));
        assert_eq!(ServerChallenge::new(&verifier, &vec![1; length]).err(), Some(SrpError::Secret));
        assert_eq!(server_key("12", &verifier, &vec![1; length], &[1]).err(), Some(SrpError::Secret));
    }
    for verifier in [&[][..], &[0; 384], &[1; 385], &[255; 4096]] {
        assert_eq!(ServerChallenge::new(verifier, &[1; 32]).err(), Some(SrpError::Secret));
        assert_eq!(server_key("12", verifier, &[1; 32], &[1]).err(), Some(SrpError::Secret));
    }
}

#[test]
fn secrets_are_not_shown() {
    let proof = ClientProof::new(&[7; 32]).unwrap();
    assert_eq!(format!("{proof:?}"), "ClientProof(***)");
}

#[test]
fn integers_have_java_forms() {
    for (bytes, padded, hex) in [
        (&[][..], &[0][..], "0"),
        (&[0, 0], &[0], "0"),
        (&[0x7f], &[0x7f], "7f"),
        (&[0x80], &[0, 0x80], "80"),
        (&[0, 0, 0x0f, 0xff], &[0x0f, 0xff], "fff"),
        (&[0, 0xff], &[0, 0xff], "ff"),
    ] {
        assert_eq!(pad(bytes), padded);
        assert_eq!(to_hex(bytes), hex);
    }
    assert_eq!(parse_hex("0"), Ok(vec![]));
    assert_eq!(parse_hex("000aBc"), Ok(vec![0x0a, 0xbc]));
    assert_eq!(parse_hex("00ABC"), Ok(vec![0x0a, 0xbc]));
    assert_eq!(parse_hex(&"0".repeat(MAX_HEX_DIGITS)), Ok(vec![]));
}

#[test]
fn timestamps_are_cognitos() {
    for (seconds, text) in [
        (0, "Thu Jan 1 00:00:00 UTC 1970"),
        (951_782_400, "Tue Feb 29 00:00:00 UTC 2000"),
        (951_868_800, "Wed Mar 1 00:00:00 UTC 2000"),
        (1_793_678_706, STAMP),
        (1_767_225_599, "Wed Dec 31 23:59:59 UTC 2025"),
        (4_107_542_400, "Mon Mar 1 00:00:00 UTC 2100"),
        (253_402_300_799, "Fri Dec 31 23:59:59 UTC 9999"),
    ] {
        assert_eq!(derive_timestamp(seconds), text);
        assert_eq!(parse_timestamp(text), Ok(seconds));
    }
    assert_eq!(derive_timestamp(u64::MAX), "Fri Dec 31 23:59:59 UTC 9999");
    for text in [
        "",
        "Tue",
        "Tüe Nov 3 04:05:06 UTC 2026",
        "Tue Nov 03 04:05:06 UTC 2026",
        "Tue Nov  3 04:05:06 UTC 2026",
        "Tue Nov 3 4:05:06 UTC 2026",
        "Tue Nov 3 04:05:06 GMT 2026",
        "Tue Nov 3 04:05:06 UTC 2026 ",
        "Tue Nov 3 04:05:06 UTC 1969",
        "Tue Nov 3 04:05:60 UTC 2026",
        "Tue Nov 3 24:05:06 UTC 2026",
        "Tue Nov 31 04:05:06 UTC 2026",
        "Tue Nov 0 04:05:06 UTC 2026",
        "Sun Feb 29 04:05:06 UTC 2026",
        "Xyz Nov 3 04:05:06 UTC 2026",
        "Tue nov 3 04:05:06 UTC 2026",
        "Tue Nov 3 04:05:06 UTC 20260",
        "Tue Nov 3 04:05:06 UTC 99999999999999999999999999",
    ] {
        assert_eq!(parse_timestamp(text), Err(SrpError::Timestamp), "{text}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_ends_agree(
        a in vec(any::<u8>(), 32..=128),
        b in vec(any::<u8>(), 32..=128),
        salt: [u8; 16],
        pool in "[a-zA-Z0-9]{1,20}",
        user: String,
        password: String,
        block in vec(any::<u8>(), 0..200),
        seconds in 0u64..5_000_000_000,
    ) {
        let verifier = derive_verifier(&pool, &user, &password, &salt);
        let challenge = ServerChallenge::new(&verifier, &b).unwrap();
        let proof = ClientProof::new(&a).unwrap();
        let stamp = derive_timestamp(seconds);
        prop_assert_eq!(parse_timestamp(&stamp), Ok(seconds));
        let key = server_key(&proof.public_a_hex(), &verifier, &b, challenge.public_b()).unwrap();
        let claim = |password: &str| {
            let (salt, b) = (to_hex(&salt), challenge.public_b_hex());
            proof.answer(&pool, &user, password, &salt, &b, &block, &stamp).unwrap()
        };
        let holds = |claimed: &[u8]| verify_signature(&key, &pool, &user, &block, &stamp, claimed);
        prop_assert!(holds(&claim(&password)));
        let other = password + " ";
        prop_assert!(!holds(&claim(&other)));
    }

    #[test]
    fn nothing_sent_panics(hex in "[0-9a-fA-F]{0,900}", text: String, bytes in vec(any::<u8>(), 0..64)) {
        let verifier = derive_verifier("pool", "user", "password", &SALT);
        for sent in [&hex, &text] {
            let _ = answer(sent, &hex);
            let _ = answer("5a", sent);
            let _ = server_key(sent, &verifier, &[3; 32], &bytes);
            let _ = parse_timestamp(sent);
            let _ = verify_signature(&[0; 16], sent, sent, &bytes, sent, &bytes);
        }
    }

    #[test]
    fn hex_and_bytes_are_one_integer(bytes in vec(any::<u8>(), 0..400)) {
        let hex = to_hex(&bytes);
        let number = BigUint::from_bytes_be(&bytes);
        prop_assert_eq!(&hex, &number.to_str_radix(16));
        prop_assert_eq!(&BigUint::from_bytes_be(&parse_hex(&hex).unwrap()), &number);
        let width = usize::try_from(number.bits()).unwrap() / 8 + 1;
        let padded = pad(&bytes);
        prop_assert_eq!(padded.len(), width);
        prop_assert_eq!(BigUint::from_bytes_be(&padded), number);
    }
}
