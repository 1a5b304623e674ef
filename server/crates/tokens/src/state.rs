//! What a caller carries for us between two requests: sealed, for one purpose, and expiring.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use world::Entropy;
use zeroize::Zeroizing;

use crate::{Purpose, Vault};

/// Carried state is self-contained: it has no context beyond its purpose.
const CONTEXT: &[u8] = b"carried";
/// Version and key id of a sealed message come before its random bytes.
const RANDOM_AT: usize = 5;

/// How the sealed bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// base64url without padding: `Session`, form fields, cookies, URLs.
    UrlSafe,
    /// Standard base64 with padding: `SECRET_BLOCK`, which SRP clients decode.
    Standard,
}

/// Carried state, come back.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened<T> {
    /// What was sealed.
    pub value: T,
    /// Names this one sealing. What may be used once leaves this id with the store, kept until
    /// `expires_at`.
    pub id: [u8; 16],
    /// When it stops being valid: it is valid up to, not including, this instant; whole milliseconds.
    pub expires_at: Timestamp,
}

/// What is sealed is sealed for a reason.
impl<T> fmt::Debug for Opened<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Why carried state is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not ours, altered, for another purpose, or not of the expected shape.
    #[error("the carried state is not valid")]
    Malformed,
    /// Genuine, but its time is over.
    #[error("the carried state has expired")]
    Expired,
}

/// Serialization of the value failed: a map with keys that are not strings, or a `Serialize` that
/// says no. Plain structs never do.
pub(crate) struct Unserializable(serde_json::Error);

impl fmt::Debug for Unserializable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "carried state must serialize to JSON: {}", self.0)
    }
}

impl Vault {
    /// Seals `value` as base64url text: [`Vault::seal_state_as`] with [`Encoding::UrlSafe`].
    pub fn seal_state(
        &self,
        purpose: Purpose,
        expires_at: Timestamp,
        value: &impl Serialize,
        entropy: &(impl Entropy + ?Sized),
    ) -> String {
        self.seal_state_as(Encoding::UrlSafe, purpose, expires_at, value, entropy)
    }

    /// Seals `value` (as JSON) and the instant it expires, rounded down to the millisecond. The
    /// text is 71 characters longer than four thirds of the JSON.
    ///
    /// # Panics
    /// If `value` does not serialize to JSON, which is a mistake in its type: structs and enums of
    /// strings, numbers, lists and string-keyed maps always do.
    pub fn seal_state_as(
        &self,
        encoding: Encoding,
        purpose: Purpose,
        expires_at: Timestamp,
        value: &impl Serialize,
        entropy: &(impl Entropy + ?Sized),
    ) -> String {
        let mut plaintext = Zeroizing::new(expires_at.as_millisecond().to_be_bytes().to_vec());
        let written = serde_json::to_writer(&mut *plaintext, value).map_err(Unserializable);
        #[allow(clippy::expect_used)]
        written.expect("see # Panics");
        encoding.write(&self.seal(purpose, CONTEXT, &plaintext, entropy))
    }

    /// Opens what [`Vault::seal_state`] made for the same purpose.
    ///
    /// # Errors
    /// [`StateError::Malformed`], or [`StateError::Expired`] from its expiry on.
    pub fn open_state<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        now: Timestamp,
        text: &str,
    ) -> Result<Opened<T>, StateError> {
        self.open_state_as(Encoding::UrlSafe, purpose, now, text)
    }

    /// Opens what [`Vault::seal_state_as`] made with the same encoding and purpose.
    ///
    /// # Errors
    /// [`StateError::Malformed`], or [`StateError::Expired`] from its expiry on.
    pub fn open_state_as<T: DeserializeOwned>(
        &self,
        encoding: Encoding,
        purpose: Purpose,
        now: Timestamp,
        text: &str,
    ) -> Result<Opened<T>, StateError> {
        let sealed = encoding.read(text).ok_or(StateError::Malformed)?;
        let plaintext = self.open(purpose, CONTEXT, &sealed).map_err(|_| StateError::Malformed)?;
        let (expiry, json) = plaintext.split_first_chunk().ok_or(StateError::Malformed)?;
        let expires_at = Timestamp::from_millisecond(i64::from_be_bytes(*expiry)).map_err(|_| StateError::Malformed)?;
        let value = serde_json::from_slice(json).map_err(|_| StateError::Malformed)?;
        // The message's own random bytes name it: they are authenticated, and no two are alike.
        let id = sealed.get(RANDOM_AT..).and_then(|random| random.first_chunk()).ok_or(StateError::Malformed)?;
        let opened = Opened { value, id: *id, expires_at };
        if now >= opened.expires_at { Err(StateError::Expired) } else { Ok(opened) }
    }
}

impl Encoding {
    fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::UrlSafe => URL_SAFE_NO_PAD.encode(bytes),
            Self::Standard => STANDARD.encode(bytes),
        }
    }

    /// Only the canonical form: one sealing has one text.
    fn read(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::UrlSafe => URL_SAFE_NO_PAD.decode(text).ok(),
            Self::Standard => STANDARD.decode(text).ok(),
        }
    }
}
