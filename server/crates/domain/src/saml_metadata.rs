//! A SAML identity provider's metadata, as far as a pool asks: parsed when the provider is made or changed, and kept
//! with it.

use protocol::Blob;
use serde::{Deserialize, Serialize};

/// What a SAML 2.0 identity provider says of itself (SAML 2.0 Metadata §2.4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlMetadata {
    /// The issuer of its assertions.
    pub entity_id: String,
    /// Where browsers are sent to sign in; by HTTP-Redirect in any case.
    pub sign_on: SamlEndpoints,
    /// Where browsers are sent to sign out.
    #[serde(default)]
    pub sign_out: SamlEndpoints,
    /// Certificates (DER) of the keys that sign its assertions; at least one was valid when it was read.
    pub signing_certificates: Vec<Blob>,
    /// Whether it takes signed requests only (WantAuthnRequestsSigned).
    #[serde(default)]
    pub wants_signed_requests: bool,
}

/// A service by the bindings that browsers have for it (SAML 2.0 Bindings §3.4, §3.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlEndpoints {
    /// By HTTP-Redirect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<SamlEndpoint>,
    /// By HTTP-POST.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<SamlEndpoint>,
}

/// An address with one binding (SAML 2.0 Metadata §2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlEndpoint {
    /// Where requests go: http or https.
    pub location: String,
    /// Where responses go, if elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_location: Option<String>,
}
