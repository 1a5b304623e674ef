//! To the provider and back: the authorization request, and what the browser brings from it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::Sensitive;
use serde::{Deserialize, Serialize};
use url::Url;
use world::Entropy;

use super::{OidcProvider, ResponseMode};
use crate::{ProviderResponse, UpstreamError};

/// What binds an answer to its request. It stays here: the browser takes the nonce and a hash of the verifier to the
/// provider, and the answer must fit both.
#[derive(Clone, Serialize, Deserialize)]
pub struct RequestSecrets {
    /// OpenID Connect's `nonce`.
    pub nonce: Sensitive,
    /// PKCE's `code_verifier` (RFC 7636 §4.1).
    pub code_verifier: Sensitive,
}

impl RequestSecrets {
    /// New ones: 32 random bytes each.
    pub fn make(entropy: &(impl Entropy + ?Sized)) -> Self {
        let random = || URL_SAFE_NO_PAD.encode(world::bytes::<32>(entropy)).into();
        Self { nonce: random(), code_verifier: random() }
    }

    /// PKCE's `code_challenge`, S256 (RFC 7636 §4.2).
    pub fn code_challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.code_verifier.as_bytes()))
    }
}

/// What the authorization request says beside what the provider is like.
pub struct AuthorizationRequest<'a> {
    /// Where the answer comes to: a registered address of ours.
    pub redirect_uri: &'a str,
    /// Comes back unchanged.
    pub state: &'a str,
    /// What binds the answer.
    pub secrets: &'a RequestSecrets,
    /// The app's own parameters, of which [`OidcProvider::forwarded_params`] are passed on.
    pub app_params: &'a [(&'a str, &'a str)],
}

/// The address a browser is sent to (OpenID Connect Core §3.1.2.1).
///
/// # Errors
/// [`UpstreamError::InvalidSettings`] where the provider's address is none.
pub fn authorization_url(provider: &OidcProvider, request: &AuthorizationRequest<'_>) -> Result<String, UpstreamError> {
    let mut url = Url::parse(&provider.authorize_url)
        .map_err(|_| UpstreamError::InvalidSettings("authorize_url is no address"))?;
    url.set_fragment(None);
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", request.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &provider.scopes)
            .append_pair("state", request.state)
            .append_pair("nonce", &request.secrets.nonce)
            .append_pair("code_challenge", &request.secrets.code_challenge())
            .append_pair("code_challenge_method", "S256");
        if provider.response_mode == ResponseMode::FormPost {
            query.append_pair("response_mode", "form_post"); // OAuth 2.0 Form Post Response Mode §2
        }
        let forwarded = provider.forwarded_params();
        for (name, value) in request.app_params.iter().filter(|(name, _)| forwarded.contains(name)) {
            query.append_pair(name, value);
        }
    }
    Ok(url.into())
}

/// The code of an answer (RFC 6749 §4.1.2), if the answer is this provider's and has one.
///
/// # Errors
/// What is wrong with it.
pub fn validate_callback<'a>(
    provider: &OidcProvider,
    response: &'a ProviderResponse,
) -> Result<&'a str, UpstreamError> {
    let iss = response.get("iss");
    let other = iss.is_some_and(|iss| iss != provider.issuer());
    let nameless = iss.is_none() && provider.iss_in_response;
    let check =
        |refused: bool, why: &'static str| if refused { Err(UpstreamError::InvalidCallback(why)) } else { Ok(()) };
    check(other, "the answer is another issuer's")?; // RFC 9207 §2.4
    check(nameless, "the answer does not name its issuer")?; // RFC 9207 §2.4
    if let Some(error) = response.get("error") {
        // RFC 6749 §4.1.2.1
        let description = response.get("error_description").unwrap_or_default().to_owned();
        return Err(UpstreamError::Refused { status: 400, error: error.to_owned(), description });
    }
    response.get("code").ok_or(UpstreamError::InvalidCallback("the answer has no code")) // RFC 6749 §4.1.2
}
