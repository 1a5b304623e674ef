//! Claims beyond those every token has: attributes, and what a trigger added.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Whether `name` is a claim the service alone sets, in its own place: it never comes from an
/// attribute, and a pre token generation trigger cannot change it as an ordinary claim.
pub fn is_fixed_claim(name: &str) -> bool {
    const FIXED: [&str; 22] = [
        "acr",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "azp",
        "client_id",
        "device_key",
        "event_id",
        "exp",
        "iat",
        "identities",
        "iss",
        "jti",
        "nbf",
        "nonce",
        "origin_jti",
        "scope",
        "sub",
        "token_use",
        "username",
        "version",
    ];
    name.starts_with("cognito:") || FIXED.binary_search(&name).is_ok()
}

/// Extra claims by name; never a fixed one ([`is_fixed_claim`]), so that none is said twice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExtraClaims(BTreeMap<String, Value>);

impl ExtraClaims {
    /// No extra claims.
    pub fn new() -> Self {
        Self::default()
    }

    /// A user's attributes as an ID token tells them. Attribute values are strings; in the token
    /// `email_verified` and `phone_number_verified` are booleans, `updated_at` is a number (if it
    /// is one), `address` is an object with `formatted` (OpenID Connect Core §5.1.1), and
    /// everything else, `custom:` attributes of any schema type included, stays a string.
    pub fn from_attributes<N, V>(attributes: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let mut claims = Self::new();
        for (name, value) in attributes {
            let (name, value) = (name.into(), value.into());
            let value = match name.as_str() {
                "email_verified" | "phone_number_verified" => Value::Bool(value.eq_ignore_ascii_case("true")),
                "updated_at" => value.parse::<i64>().map_or_else(|_| Value::String(value), Value::from),
                "address" => json!({ "formatted": value }),
                _ => Value::String(value),
            };
            claims.insert(name, value);
        }
        claims
    }

    /// Sets a claim; gives the value back, unused, if the name is a fixed one.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        if is_fixed_claim(&name) {
            return Some(value);
        }
        self.0.insert(name, value);
        None
    }

    /// Takes a claim out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// A claim's value.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The claims, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for ExtraClaims {
    /// Fixed names are left out.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(claims: I) -> Self {
        let mut extra = Self::new();
        for (name, value) in claims {
            extra.insert(name, value);
        }
        extra
    }
}
