//! Which protocols run here, and what each does: the rest of this module knows none of them.

use ::federation::oidc::{AuthorizationRequest, ClientAuthentication, RequestSecrets, Service, authorization_url};
use ::federation::{Provider, ProviderResponse, UpstreamError};
use domain::{Assertion, Error, IdentityProvider};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::oidc::{CodeExchange, OidcClient};
use crate::{Ctx, Latchkey};

/// A provider, ready to be asked by its protocol.
pub(super) enum UpstreamClient {
    /// OpenID Connect.
    Oidc(OidcClient),
}

/// What binds a provider's answer to our request.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum RequestBinding {
    /// OpenID Connect: nonce and PKCE.
    Oidc(RequestSecrets),
}

/// What a request to a provider says beside what the provider is like.
pub(super) struct OutgoingRequest<'a> {
    pub(super) redirect_uri: &'a str,
    pub(super) state: &'a str,
    pub(super) app_params: &'a [(&'a str, &'a str)],
}

/// What is known of the request that an answer answers.
pub(super) struct AnsweredRequest<'a> {
    pub(super) binding: &'a RequestBinding,
    pub(super) redirect_uri: &'a str,
    pub(super) max_age: Option<SignedDuration>,
}

/// Why a provider cannot be asked.
pub(super) enum ClientError {
    /// Its protocol does not run here yet.
    NotAvailable,
    /// What must be known of it cannot be had.
    Upstream(UpstreamError),
    /// A fault of ours.
    Fault(Error),
}

impl Latchkey {
    /// The provider, ready to be asked. The only place that says which protocols do not run yet.
    pub(super) async fn upstream_client(
        &self,
        ctx: &Ctx,
        stored: &IdentityProvider,
    ) -> Result<UpstreamClient, ClientError> {
        let fault = |error| ClientError::Fault(error);
        let mut provider = match Provider::parse(stored).map_err(Error::internal).map_err(fault)? {
            Provider::Oidc(provider) => match provider.client_authentication {
                ClientAuthentication::Secret => provider,
                ClientAuthentication::SignedSecret { .. } => return Err(ClientError::NotAvailable),
            },
            Provider::OAuth2(_) | Provider::Saml(_) => return Err(ClientError::NotAvailable),
        };
        let stand_in = self.settings.google_issuer.as_deref().filter(|_| provider.service == Service::Google);
        if let Some(issuer) = stand_in {
            let document = self.discovery_document(ctx, issuer).await.map_err(ClientError::Upstream)?;
            provider = provider.at_issuer(document);
        }
        let secret = self.provider_secret(stored, "client_secret").map_err(fault)?;
        Ok(UpstreamClient::Oidc(OidcClient { provider, secret }))
    }

    /// What is to bind the answer to a new request.
    pub(super) fn make_binding(&self, client: &UpstreamClient) -> RequestBinding {
        match client {
            UpstreamClient::Oidc(_) => RequestBinding::Oidc(RequestSecrets::make(self.world.entropy())),
        }
    }

    /// What the provider vouches for with its answer.
    pub(super) async fn receive_assertion(
        &self,
        ctx: &Ctx,
        client: &UpstreamClient,
        request: &AnsweredRequest<'_>,
        response: &ProviderResponse,
    ) -> Result<Assertion, UpstreamError> {
        match (client, request.binding) {
            (UpstreamClient::Oidc(client), RequestBinding::Oidc(secrets)) => {
                let exchange = CodeExchange { secrets, redirect_uri: request.redirect_uri, max_age: request.max_age };
                self.exchange_code(ctx, client, response, &exchange).await
            }
        }
    }
}

impl UpstreamClient {
    /// Whether a parameter of the app's own request is passed on.
    pub(super) fn forwards(&self, param: &str) -> bool {
        match self {
            Self::Oidc(client) => client.provider.forwarded_params().contains(&param),
        }
    }

    /// Where the browser is sent.
    ///
    /// # Errors
    /// [`UpstreamError::InvalidSettings`]
    pub(super) fn address(
        &self,
        binding: &RequestBinding,
        request: &OutgoingRequest<'_>,
    ) -> Result<String, UpstreamError> {
        match (self, binding) {
            (Self::Oidc(client), RequestBinding::Oidc(secrets)) => {
                let OutgoingRequest { redirect_uri, state, app_params } = *request;
                let request = AuthorizationRequest { redirect_uri, state, secrets, app_params };
                authorization_url(&client.provider, &request)
            }
        }
    }
}
