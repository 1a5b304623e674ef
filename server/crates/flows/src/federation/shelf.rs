//! What providers publish, read once and read anew when it does not do; how often, no stranger decides.

use std::sync::Arc;

use ::federation::{
    Discovered, Endpoint, LIMITS, Problem, Upstream, discovery_request, judge_discovery, judge_keys, keys_request,
    named_key,
};
use bytes::Bytes;
use cache::Bounded;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use tokens::VerifyingKeys;
use tokio::sync::Mutex;
use world::NetError;

use crate::{Ctx, Latchkey};

/// How long an answer is believed without asking again.
const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// How long an answer must do that does not do, whatever key somebody names.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// The documents of the providers used so far, by address.
pub(crate) struct Shelves<T>(Bounded<String, Arc<Mutex<Shelf<T>>>>);

/// What one address answered last, and when it was asked.
struct Shelf<T>(Option<(Timestamp, Result<T, Problem>)>);

impl<T> Default for Shelves<T> {
    fn default() -> Self {
        Self(Bounded::default())
    }
}

impl<T> Shelves<T> {
    fn shelf(&self, address: &str) -> Arc<Mutex<Shelf<T>>> {
        self.0.get_or_insert_with(address.to_owned(), || Arc::new(Mutex::new(Shelf(None))))
    }
}

impl Latchkey {
    /// The keys that may have signed a token.
    pub(super) async fn upstream_keys(
        &self,
        ctx: &Ctx,
        upstream: &Upstream,
        token: &str,
    ) -> Result<VerifyingKeys, Problem> {
        let wanted = named_key(token).ok_or(Problem::Token("names no key"))?;
        let request = keys_request(upstream)?;
        let does = |keys: &VerifyingKeys| keys.contains(&wanted);
        self.published(ctx, &self.upstream_keys, &upstream.jwks_url, request, does, judge_keys).await
    }

    /// What an issuer says of itself.
    pub(super) async fn discovered(&self, ctx: &Ctx, issuer: &str) -> Result<Discovered, Problem> {
        let takes_http = self.settings.takes_http;
        let request =
            discovery_request(issuer, takes_http).map_err(|_| Problem::Settings("the issuer is no address"))?;
        let judge = |answer: Result<Response<Bytes>, NetError>| {
            let answer = answer.map_err(|error| Problem::Silent(Endpoint::Discovery, error))?;
            judge_discovery(issuer, takes_http, &answer)
                .map_err(|_| Problem::Garbled(Endpoint::Discovery, "no document of this issuer"))
        };
        self.published(ctx, &self.discoveries, issuer, request, |_| true, judge).await
    }

    /// A document from its shelf, or from its address. Those who wait for the same address share one answer.
    async fn published<T: Clone>(
        &self,
        ctx: &Ctx,
        shelves: &Shelves<T>,
        address: &str,
        request: Request<Bytes>,
        does: impl Fn(&T) -> bool,
        judge: impl FnOnce(Result<Response<Bytes>, NetError>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let shelf = shelves.shelf(address);
        let mut shelf = shelf.lock().await;
        let now = ctx.now;
        if let Some((asked_at, last)) = &shelf.0 {
            let enough = if last.as_ref().is_ok_and(does) { FRESH } else { PAUSE };
            if now.duration_since(*asked_at).abs() < enough {
                return last.clone();
            }
        }
        let answer = judge(self.world.net().fetch(request, LIMITS).await);
        shelf.0 = Some((now, answer.clone()));
        answer
    }
}
