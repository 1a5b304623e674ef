//! Public keys as they are published.

use serde::{Deserialize, Serialize};

/// One public key (RFC 7517), with exactly Cognito's members, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    alg: String,
    e: String,
    kid: String,
    kty: String,
    n: String,
    #[serde(rename = "use")]
    usage: String,
}

impl Jwk {
    pub(crate) fn rsa(kid: String, n: String, e: String) -> Self {
        let (alg, kty, usage) = ("RS256".into(), "RSA".into(), "sig".into());
        Self { alg, e, kid, kty, n, usage }
    }

    /// The key id.
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

/// A user pool's published keys: those that sign now and, after a rotation, those whose tokens are
/// still about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    keys: Vec<Jwk>,
}

impl Jwks {
    /// The set of these keys, in this order.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a Jwk>) -> Self {
        Self { keys: keys.into_iter().cloned().collect() }
    }

    /// The body of `/.well-known/jwks.json`.
    pub fn document(&self) -> Vec<u8> {
        // Strings only: this cannot fail, and an empty body would say so at once if it did.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
