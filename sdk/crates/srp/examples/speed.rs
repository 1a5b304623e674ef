//! CPU time of each step, and the least time on the wall, which a busy machine spoils less: `cargo run --release -p latchkey-srp --all-features --example speed`.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)]

use std::{fs, hint::black_box, time::Instant};

use latchkey_srp::{ClientProof, ServerChallenge, derive_verifier, server_key, signature, verify_signature};

const ROUNDS: u32 = 200;
const STAMP: &str = "Tue Nov 3 04:05:06 UTC 2026";

/// Nanoseconds this thread has run; the wall clock where the system does not say.
fn cpu(start: Instant) -> u128 {
    fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| start.elapsed().as_nanos())
}

fn time<T>(what: &str, mut step: impl FnMut() -> T) {
    let start = Instant::now();
    for _ in 0..10 {
        black_box(step());
    }
    let before = cpu(start);
    let mut best = u128::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        black_box(step());
        best = best.min(begun.elapsed().as_micros());
    }
    let each = (cpu(start) - before) / u128::from(ROUNDS) / 1000;
    println!("{what:<44} {each:>6} µs CPU on average, {best:>6} µs at best");
}

fn main() {
    let (a, b, salt) = ([0xa7; 32], [0xb9; 32], [0x5a; 16]);
    let (pool, user, password) = ("AbCdEf123", "a1b2c3d4", "Correct-Horse9");
    let verifier = derive_verifier(pool, user, password, &salt);
    let challenge = ServerChallenge::new(&verifier, &b).unwrap();
    let (b_hex, salt_hex) = (challenge.public_b_hex(), "5a".repeat(16));
    let proof = ClientProof::new(&a).unwrap();
    let a_hex = proof.public_a_hex();
    let key = server_key(&a_hex, &verifier, &b, challenge.public_b()).unwrap();
    let claimed = signature(&key, pool, user, b"block", STAMP);

    time("server: verifier from password", || derive_verifier(pool, user, password, &salt));
    time("server: challenge (B)", || ServerChallenge::new(&verifier, &b).unwrap());
    time("server: key", || server_key(&a_hex, &verifier, &b, challenge.public_b()).unwrap());
    time("server: whole login (B, key, signature)", || {
        let challenge = ServerChallenge::new(&verifier, &b).unwrap();
        let key = server_key(&a_hex, &verifier, &b, challenge.public_b()).unwrap();
        assert!(verify_signature(&key, pool, user, b"block", STAMP, &claimed));
    });
    time("client: A, 256-bit a", || ClientProof::new(&a).unwrap());
    time("client: whole login, 256-bit a", || {
        let proof = ClientProof::new(&a).unwrap();
        proof.answer(pool, user, password, &salt_hex, &b_hex, b"block", STAMP).unwrap()
    });
    time("client: whole login, 1024-bit a", || {
        let proof = ClientProof::new(&[0xa7; 128]).unwrap();
        proof.answer(pool, user, password, &salt_hex, &b_hex, b"block", STAMP).unwrap()
    });
}
