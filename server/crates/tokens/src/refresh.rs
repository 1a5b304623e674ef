//! Refresh tokens: opaque to clients, readable by us alone.
//!
//! Cognito's are JWE compact strings (RFC 7516 §3.1): header, encrypted key, initialization
//! vector, ciphertext, tag. Ours have the same first part and five parts, since some clients look;
//! inside is a message of the [`Vault`], cut where the parts meet.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ClientId, DeviceKey, PoolId, Sub, Username};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::{millisecond, second};
use serde::{Deserialize, Serialize};
use world::Entropy;
use zeroize::Zeroizing;

use crate::vault::{HEADER, TAG};
use crate::{Purpose, Vault};

/// The first part of every refresh token: `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`.
pub const REFRESH_TOKEN_PREFIX: &str = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ";

const CONTEXT: &[u8] = b"";
/// Where the last 12 of a message's random bytes, its nonce, begin.
const NONCE_AT: usize = HEADER - 12;

/// What a refresh token says. Groups and attributes are not in it: they are read anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// The user pool that issued it.
    #[serde(rename = "p")]
    pub pool: PoolId,
    /// The app client it was issued to, the only one that may use it.
    #[serde(rename = "c")]
    pub client: ClientId,
    /// The user's permanent id.
    #[serde(rename = "s")]
    pub sub: Sub,
    /// The user's name.
    #[serde(rename = "u")]
    pub username: Username,
    /// Ties together all tokens that come of it ([`crate::make_origin_jti`]); revocation names it.
    #[serde(rename = "o")]
    pub origin_jti: String,
    /// Counts up with every rotation; 0 in the first.
    #[serde(rename = "r", default, skip_serializing_if = "is_zero")]
    pub generation: u32,
    /// When the user signed in.
    #[serde(rename = "a", with = "second::required")]
    pub auth_time: Timestamp,
    /// When this token was made, to the millisecond.
    #[serde(rename = "i", with = "millisecond::required")]
    pub issued_at: Timestamp,
    /// When it stops being valid; a rotated token inherits this from the first.
    #[serde(rename = "x", with = "second::required")]
    pub expires_at: Timestamp,
    /// The scopes granted at sign-in.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The device that signed in, which must come along on a refresh.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub device_key: Option<DeviceKey>,
    /// The sign-in's event id.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// The `nonce` of the authorization request.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The resource the access tokens are bound to (RFC 8707).
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Authentication context class.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Authentication methods.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// Whether the sign-in came through the OAuth endpoints (as against the API).
    #[serde(rename = "w", default, skip_serializing_if = "is_false")]
    pub oauth: bool,
}

/// Why a refresh token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// Not ours, or altered.
    #[error("Invalid Refresh Token")]
    Invalid,
    /// Genuine, but its time is over.
    #[error("Refresh Token has expired")]
    Expired,
}

impl RefreshToken {
    /// The token as the client gets it: five base64url parts joined by dots.
    ///
    /// # Panics
    /// Never: its fields are strings and numbers, which serialize to JSON.
    pub fn seal(&self, vault: &Vault, entropy: &(impl Entropy + ?Sized)) -> String {
        #[allow(clippy::expect_used)]
        let payload = Zeroizing::new(serde_json::to_vec(self).expect("strings and numbers"));
        let sealed = vault.seal(Purpose::RefreshToken, CONTEXT, &payload, entropy);
        let (key, rest) = sealed.split_at(NONCE_AT);
        let (nonce, body) = rest.split_at(HEADER - NONCE_AT);
        let (body, tag) = body.split_at(body.len() - TAG);
        let mut token = REFRESH_TOKEN_PREFIX.to_owned();
        for part in [key, nonce, body, tag] {
            token.push('.');
            URL_SAFE_NO_PAD.encode_string(part, &mut token);
        }
        token
    }

    /// Reads a token that [`RefreshToken::seal`] made. Whether `pool` and `client` are those of the
    /// request ([`RefreshToken::belongs_to`]), and whether it was revoked or used up, is the
    /// caller's to check.
    ///
    /// # Errors
    /// [`RefreshError::Invalid`], or [`RefreshError::Expired`] from its expiry on.
    pub fn open(vault: &Vault, now: Timestamp, token: &str) -> Result<Self, RefreshError> {
        let opened = Self::open_of_any_age(vault, token)?;
        if now >= opened.expires_at { Err(RefreshError::Expired) } else { Ok(opened) }
    }

    /// Reads a token without looking at its expiry: an expired one may still be revoked.
    ///
    /// # Errors
    /// [`RefreshError::Invalid`] only.
    pub fn open_of_any_age(vault: &Vault, token: &str) -> Result<Self, RefreshError> {
        let sealed = join(token).ok_or(RefreshError::Invalid)?;
        let payload = vault.open(Purpose::RefreshToken, CONTEXT, &sealed).map_err(|_| RefreshError::Invalid)?;
        serde_json::from_slice(&payload).map_err(|_| RefreshError::Invalid)
    }

    /// Whether it was issued by this pool to this client.
    pub fn belongs_to(&self, pool: &PoolId, client: &ClientId) -> bool {
        self.pool == *pool && self.client == *client
    }
}

/// The sealed message of a token; `None` unless it is cut exactly where we cut it.
fn join(token: &str) -> Option<Vec<u8>> {
    let parts = token.strip_prefix(REFRESH_TOKEN_PREFIX)?.strip_prefix('.')?;
    let mut parts = parts.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let (key, nonce, body, tag) = (parts.next()??, parts.next()??, parts.next()??, parts.next()??);
    let cut = parts.next().is_none() && key.len() == NONCE_AT && nonce.len() == HEADER - NONCE_AT && tag.len() == TAG;
    cut.then(|| [key, nonce, body, tag].concat())
}

// serde hands these a reference.
fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}
