//! An identity provider of a pool: who else vouches for its users.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use jiff::Timestamp;
use protocol::idp::IdentityProviderTypeType;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{PoolId, SamlMetadata, Sealed};

/// Members of ProviderDetails that are secret, over all types.
pub const PROVIDER_SECRETS: &[&str] = &["client_secret", "private_key"];

/// An identity provider of a pool, as last spoken. Its Debug names it and no more: the service calls all of
/// ProviderDetails sensitive.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct IdentityProvider {
    /// The pool it belongs to.
    pub pool: PoolId,
    /// ProviderName, unique in the pool: 1 to 32 characters.
    pub name: String,
    /// ProviderType.
    pub kind: IdentityProviderTypeType,
    /// ProviderDetails with what Cognito fills in (endpoints, defaults), without the secrets.
    pub details: BTreeMap<String, String>,
    /// The secret members of ProviderDetails ([`PROVIDER_SECRETS`]), sealed.
    #[serde(default)]
    pub secrets: BTreeMap<String, Sealed>,
    /// AttributeMapping: the pool's attribute (or `username`) to the provider's claim.
    #[serde(default)]
    pub mapping: BTreeMap<String, String>,
    /// IdpIdentifiers: other names of the provider in the pool, such as mail domains.
    #[serde(default)]
    pub identifiers: Vec<String>,
    /// AcrMapping: the pool's acr values to the provider's.
    #[serde(default)]
    pub acr_mapping: BTreeMap<String, String>,
    /// Whether its discovery document promises that its answers to browsers name the issuer (RFC 9207 §3).
    #[serde(default)]
    pub iss_in_response: bool,
    /// A SAML provider's metadata, as it was when MetadataURL or MetadataFile was last said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml: Option<SamlMetadata>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
}

impl IdentityProvider {
    /// A member of ProviderDetails that is not secret; empty ones are none.
    pub fn detail(&self, key: &str) -> Option<&str> {
        self.details.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The provider's claim that becomes the username: the mapping's, or the type's own.
    pub fn subject_claim(&self) -> &str {
        self.mapping.get("username").map_or(default_subject(self.kind), String::as_str)
    }

    /// What a secret of this provider is sealed under: no other row's secret opens in its place.
    pub fn secret_context(&self, key: &str) -> String {
        format!("{}\0{}\0{key}", self.pool, self.name)
    }
}

impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityProvider")
            .field("pool", &self.pool)
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The claim that names the user at a provider of this type.
pub(crate) fn default_subject(kind: IdentityProviderTypeType) -> &'static str {
    match kind {
        IdentityProviderTypeType::Facebook => "id",
        IdentityProviderTypeType::LoginWithAmazon => "user_id",
        // A SAML subject is its NameID, which no mapping names.
        IdentityProviderTypeType::Saml => "NameID",
        IdentityProviderTypeType::Google
        | IdentityProviderTypeType::SignInWithApple
        | IdentityProviderTypeType::Oidc => "sub",
    }
}

/// A provider's secret in clear: wiped after use, `***` in every log.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSecret(Zeroizing<String>);

impl ProviderSecret {
    /// Takes a secret in.
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// The secret itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for ProviderSecret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ProviderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
