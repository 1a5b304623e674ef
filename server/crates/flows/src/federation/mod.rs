//! Signing in through an identity provider: a browser goes out with a sealed state and comes back with a code.
//!
//! What the round trip needs to know travels in the state, which is good for one answer, for five minutes, and in the
//! browser that began it. No transaction is open while a provider is asked.

mod document_cache;
mod oidc;
mod profile;
mod protocol;
mod saml;

pub use ::federation::ProviderResponse;
pub(crate) use document_cache::DocumentCache;

use ::federation::UpstreamError;
use domain::{Assertion, ClientId, Error, IdentityProvider, PoolId, Reason, Result};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tokens::{Encoding, Purpose};
use triggers::InboundFederation;

use self::protocol::{AnsweredRequest, ClientError, OutgoingRequest, RequestBinding};
use crate::sign_in::SignedIn;
use crate::{App, Ctx, Latchkey};

/// Cognito: a request that is not finished by then begins again.
pub const STATE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// A browser on its way to a provider.
pub struct AuthorizeRequest<'a> {
    /// Which provider.
    pub provider: &'a IdentityProvider,
    /// Where it sends the browser back to.
    pub redirect_uri: &'a str,
    /// The app's authorization request, as a query.
    pub query: &'a str,
    /// The browser's secret.
    pub browser: &'a str,
    /// The app's own parameters, of which some are passed on.
    pub app_params: &'a [(&'a str, &'a str)],
    /// How fresh the app wants the sign-in.
    pub max_age: Option<SignedDuration>,
}

/// What is known of a browser on its way to a provider.
#[derive(Clone, Serialize, Deserialize)]
pub struct FederationState {
    pool: PoolId,
    client: ClientId,
    /// The provider's name.
    pub provider: String,
    /// The app's authorization request, as a query.
    pub query: String,
    browser: String,
    binding: RequestBinding,
    max_age: Option<i64>,
}

/// Why a sign-in does not go on here. Only what is ours says where the browser wanted to go.
pub enum StateRejection {
    /// The state is none of ours.
    Unknown,
    /// More than five minutes have passed.
    Expired(Box<FederationState>),
    /// It was begun in another browser.
    OtherBrowser(Box<FederationState>),
    /// It was answered before.
    Consumed(Box<FederationState>),
}

/// Why nobody is signed in: the app is told.
pub enum Refusal {
    /// The provider refused, or answered what cannot be accepted.
    ByProvider {
        /// An OAuth error code.
        code: &'static str,
        /// `error_description`
        description: String,
    },
    /// The provider vouches for the user, but the pool does not let them in.
    ByPool(Reason),
}

impl Refusal {
    /// What is wrong with a provider, told to the app and noted for the operator.
    fn by(provider: &IdentityProvider, error: &UpstreamError) -> Self {
        tracing::info!(provider = provider.name, pool = provider.pool.as_str(), "{error}");
        Self::ByProvider { code: error.code(), description: error.description(&provider.name) }
    }
}

/// Where a browser goes that wants to sign in through a provider.
pub enum AuthorizeTarget {
    /// To the provider, at this address.
    To(String),
    /// Nowhere: providers of this protocol are not available yet.
    NotAvailable,
    /// Back to the app: the provider cannot be asked.
    Refused(Refusal),
}

impl Latchkey {
    /// Where a browser goes to sign in.
    ///
    /// # Errors
    /// Faults of ours.
    pub async fn start_federated_sign_in(
        &self,
        ctx: &Ctx,
        app: &App,
        request: &AuthorizeRequest<'_>,
    ) -> Result<AuthorizeTarget> {
        let refused = |error: &UpstreamError| Ok(AuthorizeTarget::Refused(Refusal::by(request.provider, error)));
        let client = match self.upstream_client(ctx, request.provider).await {
            Ok(client) => client,
            Err(ClientError::NotAvailable) => return Ok(AuthorizeTarget::NotAvailable),
            Err(ClientError::Upstream(error)) => return refused(&error),
            Err(ClientError::Fault(error)) => return Err(error),
        };
        let binding = self.make_binding(&client);
        let state = FederationState {
            pool: app.pool.id.clone(),
            client: app.client.id.clone(),
            provider: request.provider.name.clone(),
            query: request.query.to_owned(),
            browser: request.browser.to_owned(),
            binding,
            // What is not passed on is not promised either.
            max_age: request.max_age.filter(|_| client.forwards("max_age")).map(|most| most.as_secs()),
        };
        let sealed = self.seal_state(Purpose::FederationState, ctx.now + STATE_LIFETIME, &state);
        let outgoing =
            OutgoingRequest { redirect_uri: request.redirect_uri, state: &sealed, app_params: request.app_params };
        match client.address(&state.binding, &outgoing) {
            Ok(address) => Ok(AuthorizeTarget::To(address)),
            Err(error) => refused(&error),
        }
    }

    /// Takes up the sign-in of the state that came back, once.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_federation_state(
        &self,
        ctx: &Ctx,
        state: &str,
        browser: Option<&str>,
    ) -> Result<std::result::Result<FederationState, StateRejection>> {
        let opened = self.vault.open_state_of_any_age(Encoding::UrlSafe, Purpose::FederationState, state);
        let Ok(opened) = opened else { return Ok(Err(StateRejection::Unknown)) }; // RFC 9700 §4.7.1
        let (is_expired, id, expires_at) = (opened.is_expired(ctx.now), opened.id, opened.expires_at);
        let state: FederationState = opened.value;
        if is_expired {
            return Ok(Err(StateRejection::Expired(Box::new(state)))); // Cognito: five minutes
        }
        if browser != Some(state.browser.as_str()) {
            return Ok(Err(StateRejection::OtherBrowser(Box::new(state)))); // RFC 6749 §10.12
        }
        let first = self.store.write(move |tx| tx.consume(&id, expires_at).map_err(Error::from)).await?;
        Ok(if first { Ok(state) } else { Err(StateRejection::Consumed(Box::new(state))) }) // RFC 9700 §4.2.4
    }

    /// Ends a sign-in through a provider: the provider's user, signed in to the pool.
    ///
    /// # Errors
    /// Faults of ours. Refusals are the inner error.
    pub async fn sign_in_federated(
        &self,
        ctx: &Ctx,
        app: &App,
        provider: &IdentityProvider,
        state: &FederationState,
        response: &ProviderResponse,
        redirect_uri: &str,
    ) -> Result<std::result::Result<SignedIn, Refusal>> {
        let fits = state.pool == app.pool.id && state.client == app.client.id && state.provider == provider.name;
        if !fits {
            return Err(Error::internal("a state was taken up for somebody else"));
        }
        let max_age = state.max_age.map(SignedDuration::from_secs);
        let request = AnsweredRequest { binding: &state.binding, redirect_uri, max_age };
        let received = match self.upstream_client(ctx, provider).await {
            Ok(client) => self.receive_assertion(ctx, &client, &request, response).await,
            Err(ClientError::Upstream(error)) => Err(error),
            Err(ClientError::NotAvailable) => {
                return Err(Error::internal("an answer of a provider that cannot be asked"));
            }
            Err(ClientError::Fault(error)) => return Err(error),
        };
        let assertion = match received {
            Ok(assertion) => assertion,
            Err(error) => return Ok(Err(Refusal::by(provider, &error))),
        };
        match self.admit_identity(ctx, app, provider, &assertion).await {
            Ok(signed_in) => Ok(Ok(signed_in)),
            Err(error) if error.is_internal() => Err(error),
            Err(error) => Ok(Err(Refusal::ByPool(error.reason))),
        }
    }

    /// Signs the provider's user in to the pool.
    async fn admit_identity(
        &self,
        ctx: &Ctx,
        app: &App,
        provider: &IdentityProvider,
        assertion: &Assertion,
    ) -> Result<SignedIn> {
        let username = format!("{}_{}", provider.name, assertion.subject);
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), &username);
        let event = InboundFederation { provider, assertion };
        self.triggers.inbound_federation(&call, &event).await?;
        let values = domain::map_attributes(&app.pool, &app.client, provider, assertion)?;
        let user = self.keep_profile(ctx, app, provider, assertion, values).await?;
        let provider = Some(provider.name.clone());
        Ok(SignedIn { user, auth_time: ctx.now, device: None, new_device: None, history: Vec::new(), provider })
    }
}
