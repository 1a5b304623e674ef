//! What is commonly made of chance: identifiers, codes, tokens.
//!
//! All of it is free of modulo bias: values that would tilt the result are drawn again.

use jiff::Timestamp;
use uuid::Uuid;

use crate::Entropy;

/// Alphabets for [`token`].
pub mod alphabet {
    /// `0-9`.
    pub const DIGITS: &str = "0123456789";
    /// `a-z0-9`, as in client ids and secrets.
    pub const LOWER_ALPHANUMERIC: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    /// `A-Za-z0-9`, as in the second half of a user pool id.
    pub const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    /// `A-Z2-7`, RFC 4648 base32: TOTP seeds as people type them.
    pub const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
}

/// `N` random bytes.
pub fn bytes<const N: usize>(entropy: &(impl Entropy + ?Sized)) -> [u8; N] {
    let mut out = [0; N];
    entropy.fill(&mut out);
    out
}

/// A random UUID (RFC 9562 §5.4).
pub fn uuid_v4(entropy: &(impl Entropy + ?Sized)) -> Uuid {
    uuid::Builder::from_random_bytes(bytes(entropy)).into_uuid()
}

/// A UUID that begins with `now` in milliseconds and ends in 74 random bits (RFC 9562 §5.7), so
/// that ids sort by age. Instants before 1970 count as 1970.
pub fn uuid_v7(entropy: &(impl Entropy + ?Sized), now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes(entropy)).into_uuid()
}

/// A number in `0..bound`, each equally likely; 0 when `bound` is 0 or 1.
pub fn below(entropy: &(impl Entropy + ?Sized), bound: u32) -> u32 {
    if bound < 2 {
        return 0;
    }
    // The largest multiple of `bound` that fits: what lies above it would favour small results.
    let fair = u32::MAX - u32::MAX % bound;
    loop {
        let drawn = u32::from_le_bytes(bytes(entropy));
        if drawn < fair {
            return drawn % bound;
        }
    }
}

/// `count` decimal digits, leading zeros included: the codes sent by mail and SMS.
pub fn digits(entropy: &(impl Entropy + ?Sized), count: usize) -> String {
    token(entropy, count, alphabet::DIGITS)
}

/// `length` characters drawn from `alphabet`, each equally likely; empty when the alphabet is.
/// Characters named twice are twice as likely.
pub fn token(entropy: &(impl Entropy + ?Sized), length: usize, alphabet: &str) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let Ok(bound) = u32::try_from(letters.len()) else {
        return String::new();
    };
    (0..length).filter_map(|_| letters.get(below(entropy, bound) as usize)).collect()
}
