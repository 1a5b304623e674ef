//! The one key that is not stored with the data.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use world::Entropy;
use zeroize::{Zeroize, Zeroizing};

/// The key that wraps data keys: 32 bytes, kept in a file or the environment, never in the store.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// The text is neither 64 hexadecimal digits nor base64 of 32 bytes. The text itself is a secret
/// and is not repeated here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes, written as 64 hexadecimal digits or as base64")]
pub struct MasterKeyError;

impl MasterKey {
    /// A new random master key.
    pub fn make(entropy: &(impl Entropy + ?Sized)) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(&mut *bytes);
        Self(bytes)
    }

    /// A key made of the given bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the key as written in a file or environment variable: hexadecimal in either case, or
    /// base64 (standard or URL-safe, padded or not); white space around it is ignored.
    ///
    /// # Errors
    /// [`MasterKeyError`] for anything else, the wrong length included.
    pub fn from_text(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim();
        let bytes = if text.len() == 64 {
            decode_hex(text)
        } else {
            [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
                .iter()
                .find_map(|engine| engine.decode(text).ok())
                .map(Zeroizing::new)
        };
        let bytes = bytes.ok_or(MasterKeyError)?;
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(MasterKeyError);
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// The key as text to write to a file: standard base64, 44 characters.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(*self.0))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

fn decode_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    let mut digits = text.chars().map(|c| c.to_digit(16));
    while let Some(high) = digits.next() {
        let (mut high, mut low) = (high?, digits.next()??);
        bytes.push(u8::try_from(high << 4 | low).ok()?);
        high.zeroize();
        low.zeroize();
    }
    Some(bytes)
}
