//! The thirteen logins worked out in full, from both ends, and the mistakes they catch.
#![cfg(all(feature = "client", feature = "server"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use latchkey_srp::{
    ClientProof, K, ServerChallenge, derive_device_verifier, derive_key, derive_timestamp, derive_u, derive_verifier,
    derive_x, pad, parse_hex, parse_timestamp, server_key, signature, to_hex, verify_password, verify_signature,
};
use num_bigint::BigUint;
use serde::Deserialize;
use sha2::{Digest, Sha256};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    id: String,
    kind: String,
    prefix: String,
    user: String,
    password: String,
    a: String,
    b: String,
    salt: String,
    #[serde(rename = "A")]
    public_a: String,
    #[serde(rename = "B")]
    public_b: String,
    x: String,
    u: String,
    #[serde(rename = "S")]
    s: String,
    v: String,
    key: String,
    secret_block: String,
    timestamp: String,
    signature: String,
    config: Option<Config>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    salt: String,
    password_verifier: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mistake {
    mistake: String,
    caught_by: usize,
}

#[derive(Deserialize)]
struct Sheet {
    k: String,
    #[serde(rename = "N")]
    n: String,
    mistakes: Vec<Mistake>,
    vectors: Vec<Vector>,
}

fn sheet() -> Sheet {
    let sheet: Sheet = serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert_eq!(sheet.vectors.len(), 13);
    sheet
}

/// The integer's bytes at their full width.
fn wide(hex: &str, width: usize) -> Vec<u8> {
    let bytes = parse_hex(hex).unwrap();
    let mut out = vec![0; width - bytes.len()];
    out.extend(bytes);
    out
}

fn salt(vector: &Vector) -> [u8; 16] {
    wide(&vector.salt, 16).try_into().unwrap()
}

#[test]
fn k_is_the_hash_of_n_and_g() {
    let sheet = sheet();
    let mut message = pad(&parse_hex(&sheet.n).unwrap());
    message.extend(pad(&[2]));
    assert_eq!(Sha256::digest(&message)[..], K);
    assert_eq!(to_hex(&K), sheet.k);
}

#[test]
fn the_client_proves_each() {
    for v in sheet().vectors {
        let x = derive_x(&v.prefix, &v.user, &v.password, &parse_hex(&v.salt).unwrap());
        assert_eq!(to_hex(x.as_slice()), v.x, "{}", v.id);
        let proof = ClientProof::new(&wide(&v.a, 128)).unwrap();
        assert_eq!(proof.public_a_hex(), v.public_a, "{}", v.id);
        let block = STANDARD.decode(&v.secret_block).unwrap();
        // Any spelling of the same integers gives the same proof.
        for (salt, b) in [
            (v.salt.clone(), v.public_b.clone()),
            (v.salt.to_uppercase(), v.public_b.to_uppercase()),
            (format!("000{}", v.salt), format!("00000{}", v.public_b)),
        ] {
            let answer = proof.answer(&v.prefix, &v.user, &v.password, &salt, &b, &block, &v.timestamp).unwrap();
            assert_eq!(STANDARD.encode(answer), v.signature, "{}", v.id);
        }
    }
}

#[test]
fn the_server_agrees_with_each() {
    for v in sheet().vectors {
        let verifier = derive_verifier(&v.prefix, &v.user, &v.password, &salt(&v));
        assert_eq!(to_hex(&verifier), v.v, "{}", v.id);
        assert!(verify_password(&v.prefix, &v.user, &v.password, &salt(&v), &verifier));
        assert!(!verify_password(&v.prefix, &v.user, "other", &salt(&v), &verifier));
        let b = wide(&v.b, 128);
        let block = STANDARD.decode(&v.secret_block).unwrap();
        let claimed = STANDARD.decode(&v.signature).unwrap();
        // A device's verifier comes padded; it is the same integer.
        for verifier in [verifier.clone(), pad(&verifier), wide(&v.v, 385)] {
            let challenge = ServerChallenge::new(&verifier, &b).unwrap();
            assert_eq!(challenge.public_b_hex(), v.public_b, "{}", v.id);
            let a_hex = format!("0{}", v.public_a.to_uppercase());
            let key = server_key(&a_hex, &verifier, &b, challenge.public_b()).unwrap();
            assert_eq!(key.as_slice(), wide(&v.key, 16), "{}", v.id);
            let holds =
                |claimed: &[u8], stamp: &str| verify_signature(&key, &v.prefix, &v.user, &block, stamp, claimed);
            assert!(holds(&claimed, &v.timestamp));
            let mut other = claimed.clone();
            other[31] ^= 1;
            assert!(!holds(&other, &v.timestamp));
            assert!(!holds(&claimed[..31], &v.timestamp));
            assert!(!holds(&[], &v.timestamp));
            assert!(!holds(&claimed, "Tue Nov 3 04:05:07 UTC 2026"));
        }
    }
}

#[test]
fn the_shared_derivations_hold() {
    for v in sheet().vectors {
        let [a, b, s] = [&v.public_a, &v.public_b, &v.s].map(|hex| parse_hex(hex).unwrap());
        let u = derive_u(&a, &b);
        assert_eq!(to_hex(&u), v.u, "{}", v.id);
        let key = derive_key(&u, &s);
        assert_eq!(key.as_slice(), wide(&v.key, 16), "{}", v.id);
        let block = STANDARD.decode(&v.secret_block).unwrap();
        let signed = signature(&key, &v.prefix, &v.user, &block, &v.timestamp);
        assert_eq!(STANDARD.encode(signed), v.signature, "{}", v.id);
        let seconds = parse_timestamp(&v.timestamp).unwrap();
        // Some name a weekday that is not the date's.
        assert_eq!(derive_timestamp(seconds)[3..], v.timestamp[3..]);
    }
}

#[test]
fn devices_carry_their_verifier() {
    let devices: Vec<_> = sheet().vectors.into_iter().filter(|v| v.kind == "device").collect();
    assert_eq!(devices.len(), 2);
    for v in devices {
        let config = v.config.as_ref().unwrap();
        let made = derive_device_verifier(&v.prefix, &v.user, &v.password, &salt(&v));
        assert_eq!(STANDARD.encode(&made.salt), config.salt, "{}", v.id);
        assert_eq!(STANDARD.encode(&made.verifier), config.password_verifier, "{}", v.id);
    }
}

// The login once more over an independent big integer, with each byte form exchangeable.

#[derive(Clone, Copy)]
enum Form {
    Pad,
    Minimal,
    Fixed(usize),
    FixedAndSign(usize),
}

impl Form {
    fn apply(self, integer: &BigUint) -> Vec<u8> {
        let minimal = integer.to_bytes_be();
        let fixed = |width: usize| {
            let mut out = vec![0; width - minimal.len()];
            out.extend(&minimal);
            out
        };
        let signed = |mut bytes: Vec<u8>| {
            if bytes[0] >= 0x80 {
                bytes.insert(0, 0);
            }
            bytes
        };
        match self {
            Self::Pad => signed(minimal),
            Self::Minimal => minimal,
            Self::Fixed(width) => fixed(width),
            Self::FixedAndSign(width) => signed(fixed(width)),
        }
    }
}

#[derive(Clone, Copy)]
struct Forms {
    public: Form,
    s: Form,
    u: Form,
    salt: Form,
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// The client's signature for the challenge, computed with the given forms.
fn sign_with(v: &Vector, n: &BigUint, forms: Forms) -> String {
    let int = |hex: &str| BigUint::parse_bytes(hex.as_bytes(), 16).unwrap();
    let hash = |parts: &[&[u8]]| BigUint::from_bytes_be(&Sha256::digest(parts.concat()));
    let [a, b, salt] = [&v.public_a, &v.public_b, &v.salt].map(|hex| int(hex));
    let u = hash(&[&forms.public.apply(&a), &forms.public.apply(&b)]);
    let inner = Sha256::digest(format!("{}{}:{}", v.prefix, v.user, v.password));
    let x = hash(&[&forms.salt.apply(&salt), &inner]);
    let k_g_x = BigUint::from_bytes_be(&K) * BigUint::from(2u8).modpow(&x, n) % n;
    let s = (b + n - k_g_x).modpow(&(int(&v.a) + &u * x), n);
    let prk = hmac(&forms.u.apply(&u), &forms.s.apply(&s));
    let key = hmac(&prk, b"Caldera Derived Key\x01");
    let block = STANDARD.decode(&v.secret_block).unwrap();
    let message = [v.prefix.as_bytes(), v.user.as_bytes(), &block, v.timestamp.as_bytes()].concat();
    STANDARD.encode(hmac(&key[..16], &message))
}

#[test]
fn each_mistaken_byte_form_is_caught() {
    let sheet = sheet();
    let n = BigUint::parse_bytes(sheet.n.as_bytes(), 16).unwrap();
    let right = Forms { public: Form::Pad, s: Form::Pad, u: Form::Pad, salt: Form::Pad };
    for v in &sheet.vectors {
        assert_eq!(sign_with(v, &n, right), v.signature, "{}", v.id);
    }
    assert_eq!(sheet.mistakes.len(), 12);
    for Mistake { mistake, caught_by } in &sheet.mistakes {
        let forms = match mistake.as_str() {
            "A/B minimal without 00" => Forms { public: Form::Minimal, ..right },
            "A/B fixed 384 bytes" => Forms { public: Form::Fixed(384), ..right },
            "A/B fixed 384 plus sign byte" => Forms { public: Form::FixedAndSign(384), ..right },
            "S minimal without 00" => Forms { s: Form::Minimal, ..right },
            "S fixed 384" => Forms { s: Form::Fixed(384), ..right },
            "S fixed 384 plus sign byte" => Forms { s: Form::FixedAndSign(384), ..right },
            "u fixed 32" => Forms { u: Form::Fixed(32), ..right },
            "u minimal without 00" => Forms { u: Form::Minimal, ..right },
            "u fixed 32 plus sign byte" => Forms { u: Form::FixedAndSign(32), ..right },
            "salt fixed 16" => Forms { salt: Form::Fixed(16), ..right },
            "salt minimal without 00" => Forms { salt: Form::Minimal, ..right },
            "salt fixed 16 plus sign byte" => Forms { salt: Form::FixedAndSign(16), ..right },
            other => panic!("unknown mistake {other}"),
        };
        let caught = sheet.vectors.iter().filter(|v| sign_with(v, &n, forms) != v.signature).count();
        assert_eq!(caught, *caught_by, "{mistake}");
    }
}
