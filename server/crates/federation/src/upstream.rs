//! What a provider is like, as far as requests and judgements need it.

use domain::{IdentityProvider, ProviderSecret};
use protocol::idp::IdentityProviderTypeType;

use crate::{Discovered, google, oidc};

/// The claims of a provider about a user.
pub type Claims = serde_json::Map<String, serde_json::Value>;

/// A provider, ready to be asked.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// ProviderName: what people, errors and usernames call it.
    pub name: String,
    /// What `iss` may say; the first is the issuer proper.
    pub issuers: Vec<String>,
    /// Whether every answer to the browser names the issuer (RFC 9207 §3, as announced).
    pub names_itself: bool,
    /// Where browsers are sent.
    pub authorize_url: String,
    /// Where codes are redeemed.
    pub token_url: String,
    /// Where claims are asked for, if anywhere.
    pub user_info_url: Option<String>,
    /// How they are asked for.
    pub user_info_method: Method,
    /// Where its keys are.
    pub jwks_url: String,
    /// Who we are there.
    pub client_id: String,
    /// What proves it (`client_secret_post`); without one PKCE alone does.
    pub secret: Option<ProviderSecret>,
    /// What we ask for, separated by blanks.
    pub scopes: String,
    /// Parameters of the app's own request that are passed on.
    pub passes_on: &'static [&'static str],
}

impl Upstream {
    /// The issuer proper.
    pub fn issuer(&self) -> &str {
        self.issuers.first().map_or("", String::as_str)
    }
}

/// `attributes_request_method`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The access token in a header of a GET.
    Get,
    /// The same of a POST (OpenID Connect Core §5.3.1).
    Post,
}

/// Why a provider cannot be asked at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Its type has no behaviour yet.
    #[error("providers of this type are not available yet")]
    NotYet,
    /// A setting is missing.
    #[error("the provider has no {0}")]
    Incomplete(&'static str),
}

/// The provider of a row, with its opened `client_secret`, and what the issuer says of itself that plays Google.
///
/// # Errors
/// Why it cannot be asked.
pub fn upstream(
    provider: &IdentityProvider,
    secret: Option<ProviderSecret>,
    discovered: Option<Discovered>,
) -> Result<Upstream, Unusable> {
    match provider.kind {
        IdentityProviderTypeType::Google => google::upstream(provider, secret, discovered),
        IdentityProviderTypeType::Oidc => oidc::upstream(provider, secret),
        IdentityProviderTypeType::Saml
        | IdentityProviderTypeType::Facebook
        | IdentityProviderTypeType::LoginWithAmazon
        | IdentityProviderTypeType::SignInWithApple => Err(Unusable::NotYet),
    }
}

/// A detail that must be there.
pub(crate) fn required(provider: &IdentityProvider, key: &'static str) -> Result<String, Unusable> {
    provider.detail(key).map(str::to_owned).ok_or(Unusable::Incomplete(key))
}
