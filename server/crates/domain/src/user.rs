//! A user and what the user proves itself with.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{MfaPreference, Pool, PoolId, Sealed, SignInName, Sub, UserStatus, Username};

/// One user of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The pool it belongs to.
    pub pool: PoolId,
    /// Its immutable name; equal to `sub` where users sign up with an email address or phone number.
    pub username: Username,
    /// Its subject identifier.
    pub sub: Sub,
    /// Where it stands in its life.
    pub status: UserStatus,
    /// False once an administrator has disabled it.
    pub enabled: bool,
    /// Attribute values by name, without `sub`. Values are strings, as on the wire.
    pub attributes: BTreeMap<String, String>,
    /// New email or phone_number values that wait for their code
    /// (`UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pending: BTreeMap<String, String>,
    /// None for users who never had one (passwordless, federated).
    pub password: Option<Password>,
    /// Earlier passwords, newest first, as far as the policy's history reaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub old_passwords: Vec<Password>,
    /// The registered authenticator app.
    pub totp: Option<Totp>,
    /// The sealed seed of an app that has yet to show its first code; a registered one works on meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_totp: Option<Sealed>,
    /// Which second factors the user has switched on.
    #[serde(default)]
    pub mfa: MfaPreference,
    /// Identities of other providers, the sign-in's own first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// Every session that began at or before this instant is over.
    pub signed_out_at: Option<Timestamp>,
    /// When the user was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub modified_at: Timestamp,
}

/// A password, kept only as an SRP verifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Password {
    /// SRP salt, 16 bytes.
    pub salt: protocol::Blob,
    /// SRP verifier (big-endian), sealed.
    pub verifier: Sealed,
    /// When it was set; a temporary one lapses after the policy's days.
    pub set_at: Timestamp,
    /// Set by an administrator, to be changed at the next sign-in.
    pub temporary: bool,
}

/// An authenticator app (RFC 6238: SHA-1, 6 digits, 30 s).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Totp {
    /// The 20-byte seed, sealed.
    pub seed: Sealed,
    /// What the user calls the device.
    pub friendly_name: Option<String>,
    /// The last time step that was accepted; a code counts once.
    pub last_step: Option<u64>,
}

/// A link to another provider's user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The provider's own id of the user.
    pub user_id: String,
    /// Name of the identity provider in the pool.
    pub provider_name: String,
    /// `Google`, `OIDC`, `SAML`, …
    pub provider_type: String,
    /// The provider's issuer, where it has one.
    pub issuer: Option<String>,
    /// True for the identity the profile was made from.
    pub primary: bool,
    /// Milliseconds since 1970.
    pub date_created: i64,
}

impl User {
    /// An attribute's value; `sub` included.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        match name {
            "sub" => Some(self.sub.as_str()),
            _ => self.attributes.get(name).map(String::as_str),
        }
    }

    /// Whether `email_verified` or `phone_number_verified` is `"true"` for that attribute.
    pub fn is_verified(&self, attribute: &str) -> bool {
        self.attributes.get(&format!("{attribute}_verified")).is_some_and(|value| value == "true")
    }

    /// All attributes in the order they are shown: `sub` first.
    pub fn shown_attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        std::iter::once(("sub", self.sub.as_str()))
            .chain(self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The names, besides `username`, that reach this user at sign-in; each belongs to one user of the pool.
    ///
    /// Alias attributes count once verified (preferred_username always); username attributes always. Who comes through
    /// a provider has none: whatever it claims of addresses, it takes nobody's name away.
    pub fn sign_in_names(&self, pool: &Pool) -> Vec<SignInName> {
        let mut names = Vec::new();
        if self.status == UserStatus::ExternalProvider {
            return names;
        }
        for attribute in ["email", "phone_number", "preferred_username"] {
            let Some(value) = self.attributes.get(attribute).filter(|value| !value.is_empty()) else {
                continue;
            };
            let counts = pool.is_username_attribute(attribute)
                || (pool.is_alias(attribute) && (attribute == "preferred_username" || self.is_verified(attribute)));
            if counts {
                names.push(SignInName { attribute: attribute.to_owned(), value: pool.fold_case(value) });
            }
        }
        names
    }

    /// What tells the present password from those before and after it.
    pub fn password_salt(&self) -> Option<&protocol::Blob> {
        self.password.as_ref().map(|password| &password.salt)
    }

    /// True where the user's authenticator app is registered.
    pub fn has_totp(&self) -> bool {
        self.totp.is_some()
    }
}
