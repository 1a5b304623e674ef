//! Signing in through an identity provider: a browser goes out with a state and comes back with an answer.
//!
//! What the state stands for is remembered here (`state`). It is good for one answer, for five minutes, and in the
//! browser that began it. No transaction is open while a provider is asked. Which protocols run and what they do is in
//! `protocol`; what they make of an answer is a [`domain::Assertion`].

mod document_cache;
mod oidc;
mod profile;
mod protocol;
mod saml;
mod state;

pub use ::federation::ProviderResponse;
pub(crate) use document_cache::DocumentCache;
pub use state::{FederationState, STATE_LIFETIME, StateRejection, TakenState};

use ::federation::UpstreamError;
use domain::{Assertion, Error, IdentityProvider, Reason, Result};
use jiff::SignedDuration;
use triggers::InboundFederation;

use self::protocol::{AnsweredRequest, ClientError, OutgoingRequest};
use self::state::{LONGEST_QUERY, hash_browser};
use crate::rates::Counted;
use crate::sign_in::SignedIn;
use crate::{ClientContext, Ctx, Latchkey};

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

/// Why nobody is signed in: the app is told.
pub enum Refusal {
    /// The provider refused, or answered what cannot be accepted.
    ByProvider {
        /// An OAuth error code.
        code: &'static str,
        /// `error_description`
        description: String,
    },
    /// The app's request is longer than what is kept of it.
    RequestTooLong,
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
        app: &ClientContext,
        request: &AuthorizeRequest<'_>,
    ) -> Result<AuthorizeTarget> {
        self.admit_caller(ctx, Counted::Provider)?;
        let refused = |error: &UpstreamError| Ok(AuthorizeTarget::Refused(Refusal::by(request.provider, error)));
        let client = match self.upstream_client(ctx, request.provider).await {
            Ok(client) => client,
            Err(ClientError::NotAvailable) => return Ok(AuthorizeTarget::NotAvailable),
            Err(ClientError::Upstream(error)) => return refused(&error),
            Err(ClientError::Fault(error)) => return Err(error),
        };
        if request.query.len() > LONGEST_QUERY {
            return Ok(AuthorizeTarget::Refused(Refusal::RequestTooLong));
        }
        let (id, binding) = (self.make_federation_state_id(), self.make_binding(&client));
        let AuthorizeRequest { redirect_uri, app_params, .. } = *request;
        let address = match client.address(&binding, &OutgoingRequest { redirect_uri, state: &id, app_params }) {
            Ok(address) => address,
            Err(error) => return refused(&error),
        };
        let state = FederationState {
            pool: app.pool.id.clone(),
            client: app.client.id.clone(),
            provider: request.provider.name.clone(),
            query: request.query.to_owned(),
            browser: hash_browser(request.browser),
            binding,
            // What is not passed on is not promised either.
            max_age: request.max_age.filter(|_| client.forwards("max_age")).map(|most| most.as_secs()),
        };
        self.keep_federation_state(ctx, &id, &state).await?;
        Ok(AuthorizeTarget::To(address))
    }

    /// Ends a sign-in through a provider: the provider's user, signed in to the pool.
    ///
    /// # Errors
    /// Faults of ours. Refusals are the inner error.
    pub async fn sign_in_federated(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
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
        app: &ClientContext,
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
