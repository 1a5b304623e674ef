//! Base64 (RFC 4648 §4 and §5), small: the engine codes a few hundred bytes per sign-in.

use alloc::string::String;
use alloc::vec::Vec;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn encode_with(alphabet: &[u8; 64], pad: bool, bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                let digit = (group >> (18 - 6 * place)) as usize & 63;
                out.push(alphabet.get(digit).copied().map_or('=', char::from));
            } else if pad {
                out.push('=');
            }
        }
    }
    out
}

/// Standard alphabet, padded.
pub(crate) fn encode(bytes: &[u8]) -> String {
    encode_with(STANDARD, true, bytes)
}

/// URL alphabet, not padded.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    encode_with(URL, false, bytes)
}

/// Decodes either alphabet, padded or not; `None` for any other character, a lone last digit, or stray bits in it.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let padding = bytes.iter().rev().take_while(|digit| **digit == b'=').count();
    let digits = bytes.get(..bytes.len() - padding)?;
    if padding > 2 || digits.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut group, mut bits) = (0u32, 0);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        group = group << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((group >> bits & 0xff) as u8);
            group &= (1 << bits) - 1;
        }
    }
    (group == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::{STANDARD as THEIRS, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn codes_as_the_base64_crate_does(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(encode(&bytes), THEIRS.encode(&bytes));
            prop_assert_eq!(encode_url(&bytes), URL_SAFE_NO_PAD.encode(&bytes));
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(decode(&encode_url(&bytes)), Some(bytes));
        }

        #[test]
        fn judges_as_the_base64_crate_does(text in "[A-Za-d0-9_=!-]{0,9}") {
            // The crate takes no padding in the unpadded form; we do.
            if !text.contains('=') {
                prop_assert_eq!(decode(&text), URL_SAFE_NO_PAD.decode(&text).ok());
            }
        }
    }
}
