//! Whether to believe a token.
//!
//! jsonwebtoken checks signatures; its own look at the clock and at claims is switched off, and
//! what is required is checked here against the instant given.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{AccessClaims, IdClaims, SigningKey};

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a JWT, or one without the claims it must have.
    #[error("not a token of this kind")]
    Malformed,
    /// Its `kid` is none of ours.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// Its `alg` is not the one of the key it names.
    #[error("signed with an algorithm that is not this key's")]
    WrongAlgorithm,
    /// It was altered or signed by someone else.
    #[error("the signature does not match")]
    BadSignature,
    /// It comes from another issuer.
    #[error("issued by someone else")]
    WrongIssuer,
    /// An ID token in the place of an access token, or the other way round.
    #[error("a token for another use")]
    WrongUse,
    /// An ID token for another client.
    #[error("a token for another client")]
    WrongAudience,
    /// Genuine, but its time is over.
    #[error("the token has expired")]
    Expired,
}

/// Public keys by `kid`, parsed once, each pinned to one algorithm.
#[derive(Clone, Default)]
pub struct VerifyingKeys(HashMap<String, VerifyingKey>);

#[derive(Clone)]
struct VerifyingKey {
    key: DecodingKey,
    validation: Validation,
}

impl VerifyingKeys {
    /// The public halves of a user pool's keys.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> Self {
        let entry = |key: &SigningKey| {
            let algorithm = match key.algorithm() {
                crate::Algorithm::Rs256 => Algorithm::RS256,
            };
            let decoding = DecodingKey::from_rsa_der(key.public_der());
            (key.kid().to_owned(), VerifyingKey::new(decoding, algorithm))
        };
        Self(keys.into_iter().map(entry).collect())
    }

    /// The keys of a published JWKS document (RFC 7517 §5), another provider's for example. Keys
    /// that cannot verify signatures here are passed over: symmetric ones, those for encryption,
    /// unknown types, those without a `kid`. A key without `alg` is pinned to its type's SHA-256
    /// algorithm (RS256, ES256) or to what its curve says.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] if it is no such document.
    pub fn from_jwks(document: &[u8]) -> Result<Self, TokenError> {
        let document: Value = serde_json::from_slice(document).map_err(|_| TokenError::Malformed)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(TokenError::Malformed)?;
        let entry = |key: &Value| {
            let jwk: Jwk = serde_json::from_value(key.clone()).ok()?;
            let algorithm = pinned_algorithm(&jwk)?;
            let decoding = DecodingKey::from_jwk(&jwk).ok()?;
            Some((jwk.common.key_id?, VerifyingKey::new(decoding, algorithm)))
        };
        Ok(Self(keys.iter().filter_map(entry).collect()))
    }

    /// Whether the key `kid` is here; if not, a provider's document may have to be fetched anew.
    pub fn contains(&self, kid: &str) -> bool {
        self.0.contains_key(kid)
    }
}

impl VerifyingKey {
    fn new(key: DecodingKey, algorithm: Algorithm) -> Self {
        let mut validation = Validation::new(algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        Self { key, validation }
    }
}

impl fmt::Debug for VerifyingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Verifies a token's signature and nothing else: issuer, audience and times are the caller's to
/// judge. For tokens of other providers.
///
/// # Errors
/// [`TokenError::Malformed`], `UnknownKey`, `WrongAlgorithm` or `BadSignature`.
pub fn verify_signed<T: DeserializeOwned>(token: &str, keys: &VerifyingKeys) -> Result<T, TokenError> {
    let header = decode_header(token).map_err(|error| judge(error.kind()))?;
    // RFC 7515 §4.1.11: extensions we do not understand must be refused, and we understand none.
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    let kid = header.kid.as_deref().ok_or(TokenError::UnknownKey)?;
    let VerifyingKey { key, validation } = keys.0.get(kid).ok_or(TokenError::UnknownKey)?;
    decode(token, key, validation).map(|data| data.claims).map_err(|error| judge(error.kind()))
}

/// Verifies an access token of `issuer`, a user's or a machine's (which has no `username`). That it
/// was not revoked, and what its scopes allow, is the caller's to check.
///
/// # Errors
/// See [`TokenError`]; [`TokenError::Expired`] only if all else is well.
pub fn verify_access(
    token: &str,
    keys: &VerifyingKeys,
    issuer: &str,
    now: Timestamp,
) -> Result<AccessClaims, TokenError> {
    let claims: AccessClaims = verify_of_any_age(token, keys, issuer, "access")?;
    if now >= claims.exp { Err(TokenError::Expired) } else { Ok(claims) }
}

/// Verifies an ID token of `issuer`, and that it was made for `client` where one is named.
///
/// # Errors
/// See [`TokenError`]; [`TokenError::Expired`] only if all else is well.
pub fn verify_id(
    token: &str,
    keys: &VerifyingKeys,
    issuer: &str,
    client: Option<&str>,
    now: Timestamp,
) -> Result<IdClaims, TokenError> {
    let claims = verify_id_hint(token, keys, issuer)?;
    if client.is_some_and(|client| client != claims.aud.as_str()) {
        return Err(TokenError::WrongAudience);
    }
    if now >= claims.exp { Err(TokenError::Expired) } else { Ok(claims) }
}

/// Verifies an ID token whatever its age, as an `id_token_hint` may be expired (OpenID Connect
/// RP-Initiated Logout §2).
///
/// # Errors
/// See [`TokenError`].
pub fn verify_id_hint(token: &str, keys: &VerifyingKeys, issuer: &str) -> Result<IdClaims, TokenError> {
    verify_of_any_age(token, keys, issuer, "id")
}

fn verify_of_any_age<T: DeserializeOwned>(
    token: &str,
    keys: &VerifyingKeys,
    issuer: &str,
    token_use: &str,
) -> Result<T, TokenError> {
    let claims: Value = verify_signed(token, keys)?;
    if claims.get("iss").and_then(Value::as_str) != Some(issuer) {
        return Err(TokenError::WrongIssuer);
    }
    if claims.get("token_use").and_then(Value::as_str) != Some(token_use) {
        return Err(TokenError::WrongUse);
    }
    serde_json::from_value(claims).map_err(|_| TokenError::Malformed)
}

fn judge(error: &ErrorKind) -> TokenError {
    match error {
        ErrorKind::InvalidSignature => TokenError::BadSignature,
        ErrorKind::InvalidAlgorithm => TokenError::WrongAlgorithm,
        _ => TokenError::Malformed,
    }
}

fn pinned_algorithm(jwk: &Jwk) -> Option<Algorithm> {
    if matches!(&jwk.common.public_key_use, Some(usage) if *usage != PublicKeyUse::Signature) {
        return None;
    }
    let named = jwk.common.key_algorithm;
    let fits = |expected: KeyAlgorithm, algorithm| match named {
        None => Some(algorithm),
        Some(named) => (named == expected).then_some(algorithm),
    };
    match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => match named {
            None | Some(KeyAlgorithm::RS256) => Some(Algorithm::RS256),
            Some(KeyAlgorithm::RS384) => Some(Algorithm::RS384),
            Some(KeyAlgorithm::RS512) => Some(Algorithm::RS512),
            Some(KeyAlgorithm::PS256) => Some(Algorithm::PS256),
            Some(KeyAlgorithm::PS384) => Some(Algorithm::PS384),
            Some(KeyAlgorithm::PS512) => Some(Algorithm::PS512),
            Some(_) => None,
        },
        AlgorithmParameters::EllipticCurve(parameters) => match parameters.curve {
            EllipticCurve::P256 => fits(KeyAlgorithm::ES256, Algorithm::ES256),
            EllipticCurve::P384 => fits(KeyAlgorithm::ES384, Algorithm::ES384),
            _ => None,
        },
        AlgorithmParameters::OctetKeyPair(parameters) => match parameters.curve {
            EllipticCurve::Ed25519 => fits(KeyAlgorithm::EdDSA, Algorithm::EdDSA),
            _ => None,
        },
        _ => None,
    }
}
