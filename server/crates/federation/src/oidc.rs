//! A provider of type OIDC: OpenID Connect Core 1.0 by its own word. All endpoints are in the row.

use domain::{IdentityProvider, ProviderSecret};

use crate::upstream::{Method, Unusable, Upstream, required};

/// Cognito: `prompt` to every provider, `login_hint` to this type only. `max_age` goes with them, since a sign-in that
/// the app wants fresh must be fresh at the provider.
const PASSES_ON: &[&str] = &["prompt", "login_hint", "max_age"];

pub(crate) fn upstream(provider: &IdentityProvider, secret: Option<ProviderSecret>) -> Result<Upstream, Unusable> {
    let posts = provider.detail("attributes_request_method").is_some_and(|method| method.eq_ignore_ascii_case("POST"));
    Ok(Upstream {
        name: provider.name.clone(),
        issuers: vec![required(provider, "oidc_issuer")?],
        names_itself: provider.names_itself,
        authorize_url: required(provider, "authorize_url")?,
        token_url: required(provider, "token_url")?,
        user_info_url: provider.detail("attributes_url").map(str::to_owned),
        user_info_method: if posts { Method::Post } else { Method::Get },
        jwks_url: required(provider, "jwks_uri")?,
        client_id: required(provider, "client_id")?,
        secret,
        scopes: provider.detail("authorize_scopes").unwrap_or("openid").to_owned(),
        passes_on: PASSES_ON,
    })
}
