//! SAML 2.0 identity providers.

mod metadata;

pub use metadata::{METADATA_LIMITS, metadata_request, parse_metadata};

use domain::{IdentityProvider, SamlMetadata};

use crate::ProviderConfigError;

/// A provider of type SAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlProvider {
    /// What it says of itself.
    pub metadata: SamlMetadata,
    /// Whether its users may come without having been asked for (IDPInit).
    pub idp_initiated: bool,
    /// Whether signing out here signs out there (IDPSignout).
    pub signs_out: bool,
    /// Whether its assertions must be encrypted (EncryptedResponses).
    pub encrypted_responses: bool,
    /// Whether we sign requests (RequestSigningAlgorithm, of which there is one: rsa-sha256).
    pub signed_requests: bool,
}

impl SamlProvider {
    pub(crate) fn parse(stored: &IdentityProvider) -> Result<Self, ProviderConfigError> {
        let is_on = |key: &str| stored.detail(key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        Ok(Self {
            metadata: stored.saml.clone().ok_or(ProviderConfigError("metadata"))?,
            idp_initiated: is_on("IDPInit"),
            signs_out: is_on("IDPSignout"),
            encrypted_responses: is_on("EncryptedResponses"),
            signed_requests: stored.detail("RequestSigningAlgorithm").is_some(),
        })
    }
}
