//! The derivations both ends share: x, u, k, the key, the signature.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::integer::{minimal, pad};

/// k = H(pad(N) ‖ pad(g)), that is H(00 ‖ N ‖ 02): the multiplier of SRP-6a. Not the
/// fixed-length padding of RFC 5054.
pub const K: [u8; 32] = [
    0x53, 0x82, 0x82, 0xc4, 0x35, 0x47, 0x42, 0xd7, 0xcb, 0xbd, 0xe2, 0x35, 0x9f, 0xcf, 0x67, 0xf9, 0xf5, 0xb3, 0xa6,
    0xb0, 0x87, 0x91, 0xe5, 0x01, 0x1b, 0x43, 0xb8, 0xa5, 0xb6, 0x6d, 0x9e, 0xe6,
];

/// The agreed key: 16 bytes, wiped when dropped.
pub type Key = Zeroizing<[u8; 16]>;

const INFO: &[u8] = b"Caldera Derived Key";

/// SHA-256 of the parts joined.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    finish(Sha256::new(), parts)
}

// Not inlined: one copy of the hash in a module of a few kilobytes.
#[inline(never)]
fn finish(mut hash: Sha256, parts: &[&[u8]]) -> [u8; 32] {
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// HMAC-SHA256 (RFC 2104) over the one hash above; the crate of that name brings a second.
fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let hashed;
    let key = if key.len() > 64 {
        hashed = Zeroizing::new(sha256(&[key]));
        hashed.as_slice()
    } else {
        key
    };
    let keyed = |pad: u8| {
        let mut block = Zeroizing::new([pad; 64]);
        for (to, from) in block.iter_mut().zip(key) {
            *to ^= from;
        }
        let mut hash = Sha256::new();
        hash.update(block.as_slice());
        hash
    };
    let inner = Zeroizing::new(finish(keyed(0x36), parts));
    finish(keyed(0x5c), &[inner.as_slice()])
}

/// x = H(pad(salt) ‖ H(prefix ‖ user ‖ ":" ‖ password)): 32 big-endian bytes, wiped when
/// dropped. `salt` is an integer in big-endian bytes; the strings are hashed as UTF-8,
/// without normalisation.
#[must_use]
pub fn derive_x(prefix: &str, user: &str, password: &str, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    let inner = Zeroizing::new(sha256(&[prefix.as_bytes(), user.as_bytes(), b":", password.as_bytes()]));
    Zeroizing::new(sha256(&[&pad(salt), inner.as_slice()]))
}

/// u = H(pad(A) ‖ pad(B)): 32 big-endian bytes. A and B are integers in big-endian bytes.
#[must_use]
pub fn derive_u(a: &[u8], b: &[u8]) -> [u8; 32] {
    sha256(&[&pad(a), &pad(b)])
}

/// K = HKDF-SHA256 (RFC 5869) with salt pad(u), input pad(S), info "Caldera Derived Key",
/// 16 bytes. `u` and `s` are integers in big-endian bytes.
#[must_use]
pub fn derive_key(u: &[u8], s: &[u8]) -> Key {
    let input = Zeroizing::new(pad(s));
    let prk = Zeroizing::new(hmac_sha256(&pad(u), &[&input]));
    let block = Zeroizing::new(hmac_sha256(prk.as_slice(), &[INFO, &[1]]));
    let mut key = Key::default();
    for (to, from) in key.iter_mut().zip(block.iter()) {
        *to = *from;
    }
    key
}

/// The bytes of PASSWORD_CLAIM_SIGNATURE:
/// HMAC-SHA256(key, prefix ‖ user ‖ secret block ‖ timestamp). `secret_block` is the decoded
/// SECRET_BLOCK; `timestamp` the string exactly as sent.
#[must_use]
pub fn signature(key: &[u8; 16], prefix: &str, user: &str, secret_block: &[u8], timestamp: &str) -> [u8; 32] {
    hmac_sha256(key, &[prefix.as_bytes(), user.as_bytes(), secret_block, timestamp.as_bytes()])
}

/// Whether the big-endian integer is zero.
pub(crate) fn is_zero(integer: &[u8]) -> bool {
    minimal(integer).is_empty()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::hmac_sha256;

    /// Keys below, at and above the block of 64 bytes, against the crate `hmac`.
    #[test]
    fn macs_as_the_hmac_crate_does() {
        for length in [0, 1, 16, 32, 63, 64, 65, 130, 385] {
            let key: Vec<u8> = (0..length).map(|i| (i * 7 % 251) as u8).collect();
            let mut theirs = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).unwrap();
            theirs.update(b"one");
            theirs.update(b"two");
            let theirs: [u8; 32] = theirs.finalize().into_bytes().into();
            assert_eq!(hmac_sha256(&key, &[b"one", b"two"]), theirs, "{length}");
        }
    }
}
