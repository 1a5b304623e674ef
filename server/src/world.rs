//! The real outside: the operating system's clock, chance, environment and patience. The only file that may touch
//! them; everything else is handed a [`World`].
#![allow(clippy::disallowed_methods, reason = "this is where the outside begins")]

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use world::{Clock, Entropy, FetchLimits, Net, NetError, World};

/// The world as it is.
pub fn real() -> World {
    World::new(Arc::new(SystemClock), Arc::new(SystemEntropy), Arc::new(NoNet))
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Without chance every key would be a guess away.
            std::process::abort();
        }
    }
}

/// Nothing of this release asks other machines over HTTP.
struct NoNet;

#[async_trait]
impl Net for NoNet {
    async fn fetch(&self, request: Request<Bytes>, _: FetchLimits) -> Result<Response<Bytes>, NetError> {
        let host = request.uri().host().unwrap_or_default();
        Err(NetError::Forbidden(format!("this release makes no requests to other machines ({host})")))
    }
}

/// The environment's variables that are text.
pub(crate) fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Waits.
pub(crate) async fn wait(duration: Duration) {
    tokio::time::sleep(duration).await;
}
