//! A provider of type Google: OpenID Connect at endpoints everybody knows.

use domain::{IdentityProvider, ProviderSecret};

use crate::Discovered;
use crate::upstream::{Method, Unusable, Upstream, required};

const ISSUER: &str = "https://accounts.google.com";
/// Google's ID tokens may leave out the scheme; it says so itself.
const BARE_ISSUER: &str = "accounts.google.com";
/// Cognito: no `login_hint` to Google.
const PASSES_ON: &[&str] = &["prompt"];

/// `played` is an issuer that stands in for Google.
pub(crate) fn upstream(
    provider: &IdentityProvider,
    secret: Option<ProviderSecret>,
    played: Option<Discovered>,
) -> Result<Upstream, Unusable> {
    let google = played.unwrap_or_else(google);
    let mut issuers = vec![google.issuer];
    if issuers.iter().any(|issuer| issuer == ISSUER) {
        issuers.push(BARE_ISSUER.to_owned());
    }
    Ok(Upstream {
        name: provider.name.clone(),
        issuers,
        names_itself: google.authorization_response_iss_parameter_supported,
        authorize_url: google.authorization_endpoint,
        token_url: google.token_endpoint,
        user_info_url: google.userinfo_endpoint,
        user_info_method: Method::Get,
        jwks_url: google.jwks_uri,
        client_id: required(provider, "client_id")?,
        secret,
        scopes: scopes(provider.detail("authorize_scopes").unwrap_or("openid")),
        passes_on: PASSES_ON,
    })
}

/// Google's own endpoints.
fn google() -> Discovered {
    Discovered {
        issuer: ISSUER.to_owned(),
        authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
        token_endpoint: "https://oauth2.googleapis.com/token".to_owned(),
        userinfo_endpoint: Some("https://openidconnect.googleapis.com/v1/userinfo".to_owned()),
        jwks_uri: "https://www.googleapis.com/oauth2/v3/certs".to_owned(),
        token_endpoint_auth_methods_supported: Vec::new(),
        authorization_response_iss_parameter_supported: false,
    }
}

/// Without `openid` there is no ID token, and Cognito's examples for Google leave it out.
fn scopes(asked: &str) -> String {
    let known = asked.split_whitespace().any(|scope| scope == "openid");
    if known { asked.to_owned() } else { format!("openid {asked}") }
}
