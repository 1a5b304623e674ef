//! What the machine can do at most: nothing but the cryptography, in a loop, on one thread.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use srp::ServerChallenge;

use crate::cpu;

/// A signed token's header and claims are about this long.
const MESSAGE: usize = 900;
/// OpenSSL's own exponentiation in the same group, with an exponent of 275 bits and the checks of a
/// Diffie-Hellman agreement around it.
const OPENSSL: [&str; 5] = ["speed", "-mr", "-seconds", "1", "ffdh3072"];

/// Keys and values that are made once.
pub(crate) struct Limits {
    key: RsaKeyPair,
    verifier: Vec<u8>,
    public_a: String,
    secret_b: [u8; 32],
}

impl Limits {
    pub(crate) fn new() -> Result<Self, String> {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| "no RSA key could be made")?;
        let verifier = srp::derive_verifier("Pool", "user", "Corr3ct-horse!", &[7; 16]);
        let proof = srp::ClientProof::new(&[0x5a; 32]).map_err(|error| error.to_string())?;
        Ok(Self { key, verifier, public_a: proof.public_a_hex(), secret_b: [0xa5; 32] })
    }

    /// RSA-2048 signatures a CPU-second (PKCS #1 v1.5, SHA-256, the key parsed once).
    pub(crate) fn signatures(&self, time: Duration) -> Result<f64, String> {
        let random = SystemRandom::new();
        let mut signature = vec![0; self.key.public_modulus_len()];
        let mut message = vec![0_u8; MESSAGE];
        rate(time, || {
            if let Some(first) = message.first_mut() {
                *first = first.wrapping_add(1);
            }
            let signed = self.key.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature);
            black_box(&signature);
            signed.map_err(|_| "the library does not sign".to_owned())
        })
    }

    /// Exponentiations a CPU-second in the 3072-bit group, of any base, with exponents of 256 bits: the
    /// server's own code, which does two to agree upon a key.
    pub(crate) fn exponentiations(&self, time: Duration) -> Result<f64, String> {
        let challenge = ServerChallenge::new(&self.verifier, &self.secret_b).map_err(|error| error.to_string())?;
        let agreements = rate(time, || {
            let key = srp::server_key(&self.public_a, &self.verifier, &self.secret_b, challenge.public_b());
            black_box(key).map(drop).map_err(|error| error.to_string())
        })?;
        Ok(agreements * 2.0)
    }

    /// The same of the base 2, for which there is a table.
    pub(crate) fn exponentiations_of_two(&self, time: Duration) -> Result<f64, String> {
        rate(time, || {
            let challenge = ServerChallenge::new(&self.verifier, &self.secret_b);
            black_box(challenge).map(drop).map_err(|error| error.to_string())
        })
    }
}

/// How often `work` is done in a second of this thread's CPU time.
fn rate(time: Duration, mut work: impl FnMut() -> Result<(), String>) -> Result<f64, String> {
    work()?;
    let begun = cpu::of_this_thread()?;
    let mut done = 0.0;
    loop {
        for _ in 0..8 {
            work()?;
            done += 1.0;
        }
        let used = cpu::of_this_thread()?.saturating_sub(begun);
        if used >= time {
            return Ok(done / used.as_secs_f64());
        }
    }
}

/// What the installed OpenSSL says of itself, in operations a CPU-second; None where there is none.
pub(crate) fn openssl() -> Option<f64> {
    let output = Command::new("openssl").args(OPENSSL).output().ok()?;
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    // +F13:2:3072:OPERATIONS-A-SECOND:SECONDS-AN-OPERATION
    let line = output.lines().find(|line| line.starts_with("+F") && line.contains(":3072:"))?;
    line.split(':').filter_map(|field| field.parse::<f64>().ok()).find(|rate| *rate > 10.0 && *rate != 3072.0)
}
