//! Integers as bytes and as hex: Java's `BigInteger` forms, which Cognito hashes and sends.

use alloc::string::String;
use alloc::vec::Vec;

use crate::SrpError;

/// Longest hexadecimal integer [`parse_hex`] takes, in digits. An honest A or B has 768
/// at most; the slack is for leading zeros.
pub const MAX_HEX_DIGITS: usize = 2048;

/// The integer's bytes without leading zeros; empty for zero.
pub(crate) fn minimal(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// Shortest big-endian two's-complement bytes of a non-negative integer given as
/// big-endian bytes of any length (Java `BigInteger.toByteArray`, "padHex" in
/// amazon-cognito-identity-js): a zero byte leads exactly when the top bit is set.
/// Zero is one zero byte.
#[must_use]
pub fn pad(integer: &[u8]) -> Vec<u8> {
    let digits = minimal(integer);
    let mut out = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|b| *b >= 0x80) {
        out.push(0);
    }
    out.extend_from_slice(digits);
    out
}

/// Lower-case hex of a big-endian integer without leading zero digits, so possibly of odd
/// length (`BigInteger.toString(16)`): the form of SRP_A, SRP_B and SALT on the wire.
/// Clients disagree on leading zeros, so none may be sent.
#[must_use]
pub fn to_hex(integer: &[u8]) -> String {
    let mut out = String::with_capacity(integer.len() * 2 + 1);
    for byte in integer {
        for nibble in [byte >> 4, byte & 15] {
            if nibble != 0 || !out.is_empty() {
                out.push(char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }));
            }
        }
    }
    if out.is_empty() {
        out.push('0');
    }
    out
}

/// Big-endian bytes, without leading zeros, of a hex integer of either case, odd or even
/// length, with or without leading zeros. Zero gives no bytes.
///
/// # Errors
/// [`SrpError::Hex`] when empty, longer than [`MAX_HEX_DIGITS`], or not hexadecimal.
pub fn parse_hex(hex: &str) -> Result<Vec<u8>, SrpError> {
    let digits = hex.as_bytes();
    if digits.is_empty() || digits.len() > MAX_HEX_DIGITS {
        return Err(SrpError::Hex);
    }
    let mut out = Vec::with_capacity(digits.len() / 2 + 1);
    let (odd, pairs) = digits.split_at(digits.len() % 2);
    if let [only] = odd {
        out.push(nibble(*only)?);
    }
    for pair in pairs.chunks_exact(2) {
        if let [high, low] = pair {
            out.push(nibble(*high)? << 4 | nibble(*low)?);
        }
    }
    let zeros = out.len() - minimal(&out).len();
    out.drain(..zeros);
    Ok(out)
}

fn nibble(digit: u8) -> Result<u8, SrpError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(SrpError::Hex),
    }
}
