//! From a stored provider to its protocol.

use domain::IdentityProvider;
use protocol::idp::IdentityProviderTypeType as Kind;

use crate::oauth2::OAuth2Provider;
use crate::oidc::OidcProvider;
use crate::saml::SamlProvider;

/// An identity provider by the protocol it speaks, with its settings parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum Provider {
    /// OpenID Connect Core 1.0: the types OIDC, Google and SignInWithApple.
    Oidc(OidcProvider),
    /// OAuth 2.0 with a profile to ask for: Facebook and LoginWithAmazon.
    OAuth2(OAuth2Provider),
    /// SAML 2.0.
    Saml(SamlProvider),
}

impl Provider {
    /// Parses a stored provider. Secrets are not among it: they are opened where they are used.
    ///
    /// # Errors
    /// [`ProviderConfigError`] where a setting is missing that its type must have.
    pub fn parse(stored: &IdentityProvider) -> Result<Self, ProviderConfigError> {
        match stored.kind {
            Kind::Oidc => OidcProvider::parse(stored).map(Self::Oidc),
            Kind::Google => OidcProvider::parse_google(stored).map(Self::Oidc),
            Kind::SignInWithApple => OidcProvider::parse_apple(stored).map(Self::Oidc),
            Kind::Facebook | Kind::LoginWithAmazon => OAuth2Provider::parse(stored).map(Self::OAuth2),
            Kind::Saml => SamlProvider::parse(stored).map(Self::Saml),
        }
    }
}

/// Why a stored provider cannot be used: a member of ProviderDetails is missing, which must not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the provider has no {0}")]
pub struct ProviderConfigError(pub &'static str);

/// A member of ProviderDetails that must be there.
pub(crate) fn required(stored: &IdentityProvider, key: &'static str) -> Result<String, ProviderConfigError> {
    stored.detail(key).map(str::to_owned).ok_or(ProviderConfigError(key))
}

#[cfg(test)]
#[path = "provider_tests.rs"]
mod tests;
