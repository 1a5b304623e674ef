//! Providers that speak OAuth 2.0 without OpenID Connect: no ID token, but a profile that the access token opens.

use domain::IdentityProvider;

use crate::ProviderConfigError;
use crate::provider::required;

/// A provider of type Facebook or LoginWithAmazon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuth2Provider {
    /// Where browsers are sent.
    pub authorize_url: String,
    /// Where codes are redeemed.
    pub token_url: String,
    /// How: Facebook takes the code in the query of a GET.
    pub token_method: TokenMethod,
    /// Where the user's profile is asked for.
    pub profile_url: String,
    /// Whether the names of the mapped attributes are put behind that address.
    pub profile_url_names_attributes: bool,
    /// Who we are there.
    pub client_id: String,
    /// What we ask for, separated by blanks.
    pub scopes: String,
}

/// `token_request_method`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenMethod {
    /// In the query of a GET.
    Get,
    /// In a form (RFC 6749 §4.1.3).
    Post,
}

impl OAuth2Provider {
    /// Everything is in ProviderDetails, which the service completes when the provider is made.
    pub(crate) fn parse(stored: &IdentityProvider) -> Result<Self, ProviderConfigError> {
        let is = |key: &str, value: &str| stored.detail(key).is_some_and(|said| said.eq_ignore_ascii_case(value));
        Ok(Self {
            authorize_url: required(stored, "authorize_url")?,
            token_url: required(stored, "token_url")?,
            token_method: if is("token_request_method", "GET") { TokenMethod::Get } else { TokenMethod::Post },
            profile_url: required(stored, "attributes_url")?,
            profile_url_names_attributes: is("attributes_url_add_attributes", "true"),
            client_id: required(stored, "client_id")?,
            scopes: required(stored, "authorize_scopes")?,
        })
    }
}
