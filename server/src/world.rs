//! The real outside: the operating system's clock, chance, environment and patience. The only file that may touch
//! them; everything else is handed a [`World`].
#![allow(clippy::disallowed_methods, reason = "this is where the outside begins")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use world::{Clock, Entropy, World};

use crate::net::{Guarded, Outbound};

/// The world as it is, with the network within these bounds.
pub fn real(outbound: Outbound) -> World {
    World::new(Arc::new(SystemClock), Arc::new(SystemEntropy), Arc::new(Guarded::new(outbound)))
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
