//! The server's end: verifiers, challenges, and the check of a proof.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::LazyLock;

use subtle::ConstantTimeEq;

use crate::SrpError;
use crate::derive::{K, Key, derive_key, derive_u, derive_x, is_zero, signature};
use crate::field::{Element, ElementPowers};
use crate::integer::{minimal, parse_hex, to_hex};

static MODEXPS: AtomicU64 = AtomicU64::new(0);

/// How many modular exponentiations this process has done for [`derive_verifier`] (1 each),
/// [`ServerChallenge::new`] (1), [`server_key`] (2) and [`verify_password`] (1). For tests
/// that hold a flow to its cost, and for metrics.
#[must_use]
pub fn modexps() -> u64 {
    MODEXPS.load(Ordering::Relaxed)
}

fn count() {
    MODEXPS.fetch_add(1, Ordering::Relaxed);
}

static POWERS: LazyLock<ElementPowers> = LazyLock::new(ElementPowers::new);

/// g^exponent. Exponents here are x, which is worth as much as the password, and b; both go
/// the constant-time way, so neither the age nor the reuse of a b need be argued about.
fn power_of_two(exponent: &[u8]) -> Element {
    count();
    match exponent.try_into() {
        Ok(exponent) => POWERS.power(exponent),
        Err(_) => Element::power_of_two(exponent),
    }
}

fn power(base: &Element, exponent: &[u8]) -> Element {
    count();
    base.power(exponent)
}

/// v = g^x mod N, big-endian without leading zeros: what is stored instead of the password.
/// `prefix` is the part of the pool id after `_`, `user` the internal username that
/// USER_ID_FOR_SRP will say, `salt` is random.
#[must_use]
pub fn derive_verifier(prefix: &str, user: &str, password: &str, salt: &[u8; 16]) -> Vec<u8> {
    let x = derive_x(prefix, user, password, salt);
    minimal(power_of_two(x.as_slice()).to_be_bytes().as_slice()).to_vec()
}

/// Whether the password is the one the verifier was derived from; compared in constant time.
#[must_use]
pub fn verify_password(prefix: &str, user: &str, password: &str, salt: &[u8; 16], verifier: &[u8]) -> bool {
    let derived = derive_verifier(prefix, user, password, salt);
    derived.as_slice().ct_eq(minimal(verifier)).into()
}

/// The server's public value of one key agreement.
pub struct ServerChallenge {
    public_b: Vec<u8>,
}

impl fmt::Debug for ServerChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerChallenge(***)")
    }
}

impl ServerChallenge {
    /// B = k·v + g^b. `verifier` is v as stored (leading zeros allowed), `secret_b` 32 to
    /// 128 random bytes, used for this agreement only. 32 are enough, for the reason given at
    /// `ClientProof::new`, and three times as fast as 33.
    ///
    /// # Errors
    /// [`SrpError::Secret`] for a b or v of unacceptable length, [`SrpError::PublicValue`]
    /// should B be zero.
    pub fn new(verifier: &[u8], secret_b: &[u8]) -> Result<Self, SrpError> {
        check(verifier, secret_b)?;
        let k_v = Element::from_be_bytes(&K).multiply(&Element::from_be_bytes(verifier));
        let public_b = k_v.add(&power_of_two(secret_b)).to_be_bytes();
        if is_zero(public_b.as_slice()) {
            return Err(SrpError::PublicValue);
        }
        Ok(Self { public_b: minimal(public_b.as_slice()).to_vec() })
    }

    /// B in big-endian bytes without leading zeros.
    #[must_use]
    pub fn public_b(&self) -> &[u8] {
        &self.public_b
    }

    /// B as SRP_B says it.
    #[must_use]
    pub fn public_b_hex(&self) -> String {
        to_hex(&self.public_b)
    }
}

/// A stored verifier has at most 384 bytes, or 385 when it came padded from a device.
fn check(verifier: &[u8], secret_b: &[u8]) -> Result<(), SrpError> {
    let verifier = minimal(verifier);
    if verifier.is_empty() || verifier.len() > crate::field::BYTES {
        return Err(SrpError::Secret);
    }
    if !(32..=128).contains(&secret_b.len()) {
        return Err(SrpError::Secret);
    }
    Ok(())
}

/// The agreed key, from SRP_A as received, the verifier and b that [`ServerChallenge::new`]
/// was given, and the B it made.
///
/// # Errors
/// [`SrpError::Hex`] for an A that is no integer, [`SrpError::PublicValue`] for one that is
/// a multiple of N (RFC 5054 §2.5.4), [`SrpError::Scrambler`] when u is zero,
/// [`SrpError::Secret`] for a b or v of unacceptable length.
pub fn server_key(a_hex: &str, verifier: &[u8], secret_b: &[u8], public_b: &[u8]) -> Result<Key, SrpError> {
    check(verifier, secret_b)?;
    let public_a = parse_hex(a_hex)?;
    let a = Element::from_be_bytes(&public_a);
    if is_zero(a.to_be_bytes().as_slice()) {
        return Err(SrpError::PublicValue);
    }
    let u = derive_u(&public_a, public_b);
    if is_zero(&u) {
        return Err(SrpError::Scrambler);
    }
    let base = a.multiply(&power(&Element::from_be_bytes(verifier), &u));
    let s = power(&base, secret_b).to_be_bytes();
    Ok(derive_key(&u, s.as_slice()))
}

/// Whether `claimed`, the decoded PASSWORD_CLAIM_SIGNATURE, is the signature of the message
/// under the key; compared in constant time.
#[must_use]
pub fn verify_signature(
    key: &[u8; 16],
    prefix: &str,
    user: &str,
    secret_block: &[u8],
    timestamp: &str,
    claimed: &[u8],
) -> bool {
    signature(key, prefix, user, secret_block, timestamp).as_slice().ct_eq(claimed).into()
}
