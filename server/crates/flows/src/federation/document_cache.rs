//! What providers publish (keys, discovery documents), cached by address. Whoever can make a provider name keys must
//! not decide how often it is asked.

use std::sync::Arc;

use ::federation::{LIMITS, UpstreamError};
use bytes::Bytes;
use cache::Bounded;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use world::NetError;

use crate::{Ctx, Latchkey};

/// How long a document is believed without asking again.
const MAX_AGE: SignedDuration = SignedDuration::from_mins(10);
/// How long one is not asked for again that failed, or lacks what is looked for.
const MIN_REFETCH: SignedDuration = SignedDuration::from_secs(30);

/// The documents of the providers used so far, by address.
pub(crate) struct DocumentCache<T>(Bounded<String, Arc<Mutex<Entry<T>>>>);

/// What one address answered last, and when it was asked.
struct Entry<T>(Option<(Timestamp, Result<T, UpstreamError>)>);

impl<T> Default for DocumentCache<T> {
    fn default() -> Self {
        Self(Bounded::default())
    }
}

impl<T> DocumentCache<T> {
    fn entry(&self, address: &str) -> Arc<Mutex<Entry<T>>> {
        self.0.get_or_insert_with(address.to_owned(), || Arc::new(Mutex::new(Entry(None))))
    }
}

impl Latchkey {
    /// A document from the cache where that is sufficient, else from its address. Those who wait for the same address
    /// share one answer.
    pub(super) async fn fetch_cached<T: Clone>(
        &self,
        ctx: &Ctx,
        cache: &DocumentCache<T>,
        address: &str,
        request: Request<Bytes>,
        is_sufficient: impl Fn(&T) -> bool,
        parse: impl FnOnce(Result<Response<Bytes>, NetError>) -> Result<T, UpstreamError>,
    ) -> Result<T, UpstreamError> {
        let entry = cache.entry(address);
        let mut entry = entry.lock().await;
        if let Some((asked_at, last)) = &entry.0 {
            let good_for = if last.as_ref().is_ok_and(is_sufficient) { MAX_AGE } else { MIN_REFETCH };
            if ctx.now.duration_since(*asked_at).abs() < good_for {
                return last.clone();
            }
        }
        let answer = parse(self.world.net().fetch(request, LIMITS).await);
        entry.0 = Some((ctx.now, answer.clone()));
        answer
    }
}
