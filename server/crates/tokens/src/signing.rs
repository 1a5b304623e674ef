//! Private keys that sign tokens.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::Jwk;

/// A JWS algorithm (RFC 7518 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, what Cognito signs with.
    Rs256,
}

impl Algorithm {
    /// Its name in a JOSE header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
        }
    }
}

/// What went wrong with a key. Says nothing of the key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no PKCS #8 RSA private key, or not of 2048 bits.
    #[error("not a PKCS #8 private key of RSA-2048")]
    Rejected,
    /// The cryptographic library refused to make or write the key.
    #[error("the key could not be made")]
    Generation,
    /// The library could not sign, or the claims did not serialize to JSON.
    #[error("the token could not be signed")]
    Signing,
}

/// A private key, parsed once, with its public half and token header ready.
pub struct SigningKey {
    pair: Pair,
    kid: String,
    jwk: Jwk,
    /// base64url of the header, and the dot after it.
    header: String,
}

enum Pair {
    Rs256(RsaKeyPair),
}

impl SigningKey {
    /// A new RSA-2048 key pair from AWS-LC's own generator. Takes around 100 ms, at times several
    /// times that: see [`crate::KeyReserve`].
    ///
    /// # Errors
    /// [`KeyError::Generation`] if the library refuses.
    pub fn generate() -> Result<Self, KeyError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
        Ok(Self::new(pair))
    }

    /// The key as it was written by [`SigningKey::to_pkcs8`].
    ///
    /// # Errors
    /// [`KeyError::Rejected`] for anything but an RSA-2048 key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Rejected)?;
        if pair.public_modulus_len() != KeySize::Rsa2048.len() {
            return Err(KeyError::Rejected);
        }
        Ok(Self::new(pair))
    }

    /// The private key in PKCS #8 (RFC 5208), to be sealed with [`crate::Purpose::SigningKey`].
    ///
    /// # Errors
    /// [`KeyError::Generation`] if the library refuses.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let Pair::Rs256(pair) = &self.pair;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generation)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The key id: the RFC 7638 thumbprint in standard base64, 44 characters ending in `=`, the
    /// look of Cognito's own.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half.
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Rs256(_) => Algorithm::Rs256,
        }
    }

    /// The public key as the verifier takes it: PKCS #1 DER.
    pub(crate) fn public_der(&self) -> &[u8] {
        let Pair::Rs256(pair) = &self.pair;
        pair.public_key().as_ref()
    }

    /// A JWT (RFC 7519) of `claims` in JWS compact form. Its header is exactly `kid` and `alg`.
    ///
    /// # Errors
    /// [`KeyError::Signing`] if the claims do not serialize to JSON or the library refuses.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, KeyError> {
        let claims = serde_json::to_vec(claims).map_err(|_| KeyError::Signing)?;
        // 342 characters of signature and a dot.
        let mut token = String::with_capacity(self.header.len() + claims.len() * 4 / 3 + 347);
        token.push_str(&self.header);
        URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
        let Pair::Rs256(pair) = &self.pair;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
            .map_err(|_| KeyError::Signing)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }

    fn new(pair: RsaKeyPair) -> Self {
        let public = pair.public_key();
        let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        // RFC 7638 §3: the required members, in this order, without white space.
        let thumbprint = digest(&SHA256, format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#).as_bytes());
        let kid = STANDARD.encode(thumbprint);
        // base64 needs no escaping in JSON.
        let header = format!(r#"{{"kid":"{kid}","alg":"{}"}}"#, Algorithm::Rs256.name());
        let header = URL_SAFE_NO_PAD.encode(header) + ".";
        let jwk = Jwk::rsa(kid.clone(), n, e);
        Self { pair: Pair::Rs256(pair), kid, jwk, header }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).field("private", &"***").finish()
    }
}
