//! The ways in through identity providers, as the sign-in page shows them.

use domain::IdentityProvider;
use hosted_ui::{ProviderButton, ProviderMark};
use protocol::idp::IdentityProviderTypeType;

use crate::authorization::Authorization;
use crate::http::call::Call;
use crate::http::cookies::LAST_PROVIDER;
use crate::http::params::Params;

/// One for each provider of the client.
pub(super) fn buttons(call: &Call, request: &Authorization) -> Vec<ProviderButton> {
    let last = call.cookie(LAST_PROVIDER).unwrap_or_default();
    let query = Params::parse(request.query.as_bytes());
    let button = |provider: &IdentityProvider| {
        let (name, mark) = match provider.kind {
            IdentityProviderTypeType::Google => (provider.name.as_str(), ProviderMark::Google),
            IdentityProviderTypeType::Facebook => (provider.name.as_str(), ProviderMark::Facebook),
            IdentityProviderTypeType::SignInWithApple => ("Apple", ProviderMark::Apple),
            IdentityProviderTypeType::LoginWithAmazon => ("Amazon", ProviderMark::Initial),
            IdentityProviderTypeType::Oidc | IdentityProviderTypeType::Saml => {
                (provider.name.as_str(), ProviderMark::Initial)
            }
        };
        let encoded: String = form_urlencoded::byte_serialize(provider.name.as_bytes()).collect();
        ProviderButton {
            name: name.to_owned(),
            href: format!("/oauth2/authorize?{}", query.with("identity_provider", &provider.name, &["idp_identifier"])),
            mark,
            last_used: last == encoded,
        }
    };
    request.providers.iter().map(button).collect()
}
