//! Signing in through an identity provider: a browser goes out with a sealed state and comes back with a code.
//!
//! What the round trip needs to know travels in the state, which is good for one answer, for five minutes, and in the
//! browser that began it. No transaction is open while a provider is asked.

mod profile;
mod shelf;

pub use ::federation::Callback;
pub(crate) use shelf::Shelves;

use ::federation::{
    Asked, Expected, Granted, Handshake, LIMITS, Problem, Unusable, Upstream, authorization_url, judge_callback,
    judge_id_token, judge_tokens, judge_user_info, tokens_request, upstream, user_info_request,
};
use domain::{ClientId, Error, IdentityProvider, PoolId, Reason, Result, Vouched};
use jiff::SignedDuration;
use protocol::idp::IdentityProviderTypeType as Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokens::{Encoding, Purpose};
use triggers::InboundFederation;

use crate::sign_in::SignedIn;
use crate::{App, Ctx, Latchkey};

/// Cognito: a request that is not finished by then begins again.
pub const ROUND_TRIP: SignedDuration = SignedDuration::from_mins(5);

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
    pub app: &'a [(&'a str, &'a str)],
    /// How fresh the app wants the sign-in.
    pub max_age: Option<SignedDuration>,
}

/// What a round trip carries, come back.
#[derive(Clone, Serialize, Deserialize)]
pub struct Round {
    pool: PoolId,
    client: ClientId,
    /// The provider's name.
    pub provider: String,
    /// The app's authorization request, as a query.
    pub query: String,
    browser: String,
    handshake: Handshake,
    max_age: Option<i64>,
}

/// Why a round trip does not go on here. Only what we sealed ourselves says where the browser wanted to go.
pub enum StateRejection {
    /// The state is none of ours.
    Forged,
    /// More than five minutes have passed.
    Late(Box<Round>),
    /// It was begun in another browser.
    Foreign(Box<Round>),
    /// It was answered before.
    Spent(Box<Round>),
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
    fn by(provider: &IdentityProvider, problem: &Problem) -> Self {
        tracing::info!(provider = provider.name, pool = provider.pool.as_str(), "{problem}");
        Self::ByProvider { code: problem.code(), description: problem.description(&provider.name) }
    }
}

/// Where a browser goes that wants to sign in through a provider.
pub enum AuthorizeTarget {
    /// To the provider, at this address.
    To(String),
    /// Nowhere: providers of this type are not available yet.
    NotYet,
    /// Back to the app: the provider cannot be asked.
    Refused(Refusal),
}

impl Latchkey {
    /// Where a browser goes to sign in.
    ///
    /// # Errors
    /// Faults of ours.
    pub async fn begin_round(&self, ctx: &Ctx, app: &App, sent_out: &AuthorizeRequest<'_>) -> Result<AuthorizeTarget> {
        let upstream = match self.upstream(ctx, sent_out.provider).await {
            Ok(upstream) => upstream,
            Err(Obstacle::NotYet) => return Ok(AuthorizeTarget::NotYet),
            Err(Obstacle::Problem(problem)) => {
                return Ok(AuthorizeTarget::Refused(Refusal::by(sent_out.provider, &problem)));
            }
            Err(Obstacle::Fault(error)) => return Err(error),
        };
        let handshake = Handshake::make(self.world.entropy());
        let round = Round {
            pool: app.pool.id.clone(),
            client: app.client.id.clone(),
            provider: sent_out.provider.name.clone(),
            query: sent_out.query.to_owned(),
            browser: sent_out.browser.to_owned(),
            handshake,
            // What the type does not pass on, it does not promise either.
            max_age: sent_out.max_age.filter(|_| upstream.passes_on.contains(&"max_age")).map(|most| most.as_secs()),
        };
        let state = self.seal_state(Purpose::FederationState, ctx.now + ROUND_TRIP, &round);
        let asked = Asked {
            redirect_uri: sent_out.redirect_uri,
            state: &state,
            handshake: &round.handshake,
            app: sent_out.app,
        };
        Ok(match authorization_url(&upstream, &asked) {
            Ok(address) => AuthorizeTarget::To(address),
            Err(problem) => AuthorizeTarget::Refused(Refusal::by(sent_out.provider, &problem)),
        })
    }

    /// Takes up a round trip by the state that came back, once.
    ///
    /// # Errors
    /// The store's.
    pub async fn resume_round(
        &self,
        ctx: &Ctx,
        state: &str,
        browser: Option<&str>,
    ) -> Result<std::result::Result<Round, StateRejection>> {
        let opened = self.vault.open_state_of_any_age::<Round>(Encoding::UrlSafe, Purpose::FederationState, state);
        let Ok(opened) = opened else { return Ok(Err(StateRejection::Forged)) }; // RFC 9700 §4.7.1
        if opened.is_expired(ctx.now) {
            return Ok(Err(StateRejection::Late(Box::new(opened.value)))); // Cognito: five minutes
        }
        if browser != Some(opened.value.browser.as_str()) {
            return Ok(Err(StateRejection::Foreign(Box::new(opened.value)))); // RFC 6749 §10.12
        }
        let (id, expires_at) = (opened.id, opened.expires_at);
        let first = self.store.write(move |tx| tx.consume(&id, expires_at).map_err(Error::from)).await?;
        Ok(if first { Ok(opened.value) } else { Err(StateRejection::Spent(Box::new(opened.value))) }) // RFC 9700 §4.2.4
    }

    /// Ends a round trip: the provider's user, signed in to the pool.
    ///
    /// # Errors
    /// Faults of ours. Refusals are the inner error.
    pub async fn finish_round(
        &self,
        ctx: &Ctx,
        app: &App,
        provider: &IdentityProvider,
        round: &Round,
        callback: &Callback<'_>,
        redirect_uri: &str,
    ) -> Result<std::result::Result<SignedIn, Refusal>> {
        let fits = round.pool == app.pool.id && round.client == app.client.id && round.provider == provider.name;
        if !fits {
            return Err(Error::internal("a round trip was taken up for somebody else"));
        }
        let heard = match self.upstream(ctx, provider).await {
            Ok(upstream) => self.hear(ctx, &upstream, round, callback, redirect_uri).await,
            Err(Obstacle::Problem(problem)) => Err(problem),
            Err(Obstacle::NotYet) => return Err(Error::internal("a round trip to a provider that cannot be asked")),
            Err(Obstacle::Fault(error)) => return Err(error),
        };
        let told = match heard {
            Ok(told) => told,
            Err(problem) => return Ok(Err(Refusal::by(provider, &problem))),
        };
        match self.welcome(ctx, app, provider, &told).await {
            Ok(signed_in) => Ok(Ok(signed_in)),
            Err(error) if error.is_internal() => Err(error),
            Err(error) => Ok(Err(Refusal::ByPool(error.reason))),
        }
    }

    /// All that the provider says.
    async fn hear(
        &self,
        ctx: &Ctx,
        upstream: &Upstream,
        round: &Round,
        callback: &Callback<'_>,
        redirect_uri: &str,
    ) -> std::result::Result<Told, Problem> {
        let code = judge_callback(upstream, callback)?;
        let request = tokens_request(upstream, code, redirect_uri, &round.handshake)?;
        let granted = judge_tokens(self.world.net().fetch(request, LIMITS).await)?;
        let keys = self.upstream_keys(ctx, upstream, &granted.id_token).await?;
        let expected = Expected {
            nonce: &round.handshake.nonce,
            access_token: &granted.access_token,
            max_age: round.max_age.map(SignedDuration::from_secs),
            now: ctx.now,
        };
        let id_claims = judge_id_token(upstream, &keys, &granted.id_token, &expected)?;
        let subject = id_claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned();
        let user_info = match user_info_request(upstream, &granted.access_token)? {
            Some(request) => judge_user_info(self.world.net().fetch(request, LIMITS).await, &subject)?,
            None => ::federation::Claims::new(),
        };
        Ok(Told { subject, granted, id_claims, user_info })
    }

    async fn welcome(&self, ctx: &Ctx, app: &App, provider: &IdentityProvider, told: &Told) -> Result<SignedIn> {
        let username = format!("{}_{}", provider.name, told.subject);
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), &username);
        let event = InboundFederation { provider, id_claims: &told.id_claims, user_info: &told.user_info };
        self.triggers.inbound_federation(&call, &event).await?;
        let vouched = Vouched {
            id_claims: &told.id_claims,
            user_info: &told.user_info,
            access_token: &told.granted.access_token,
            id_token: &told.granted.id_token,
        };
        let values = domain::map_claims(&app.pool, &app.client, provider, &vouched)?;
        let user = self.keep_profile(ctx, app, provider, &told.subject, values).await?;
        let provider = Some(provider.name.clone());
        Ok(SignedIn { user, auth_time: ctx.now, device: None, new_device: None, history: Vec::new(), provider })
    }

    /// The provider, ready to be asked.
    async fn upstream(&self, ctx: &Ctx, provider: &IdentityProvider) -> std::result::Result<Upstream, Obstacle> {
        let secret = self.provider_secret(provider, "client_secret").map_err(Obstacle::Fault)?;
        let played = self.settings.google_issuer.as_deref().filter(|_| provider.kind == Kind::Google);
        let discovered = match played {
            Some(issuer) => Some(self.discovered(ctx, issuer).await.map_err(Obstacle::Problem)?),
            None => None,
        };
        upstream(provider, secret, discovered).map_err(|unusable| match unusable {
            Unusable::NotYet => Obstacle::NotYet,
            Unusable::Incomplete(_) => Obstacle::Fault(Error::internal(unusable)),
        })
    }
}

/// Why a provider cannot be asked.
enum Obstacle {
    NotYet,
    Problem(Problem),
    Fault(Error),
}

/// What a provider has said of one user, believed.
struct Told {
    subject: String,
    granted: Granted,
    id_claims: ::federation::Claims,
    user_info: ::federation::Claims,
}
