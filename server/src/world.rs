//! The real outside: the operating system's clock, chance, environment and patience. The only file that may touch
//! them; everything else is handed a [`World`].
#![allow(clippy::disallowed_methods, reason = "this is where the outside begins")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use world::{Clock, Entropy, World};
use zeroize::Zeroize;

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
        if bytes.len() > Drawn::SIZE / 8 {
            return draw(bytes);
        }
        DRAWN.with_borrow_mut(|drawn| drawn.take(bytes));
    }
}

fn draw(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        // Without chance every key would be a guess away.
        std::process::abort();
    }
}

thread_local! {
    static DRAWN: RefCell<Drawn> = const { RefCell::new(Drawn { bytes: [0; Drawn::SIZE], left: 0 }) };
}

/// Bytes of the system's that were drawn in one call for many requests.
struct Drawn {
    bytes: [u8; Self::SIZE],
    /// How many at the beginning were not given away yet.
    left: usize,
}

impl Drawn {
    const SIZE: usize = 512;

    /// Gives bytes away, of which none is kept: what was a key must not be found here later.
    fn take(&mut self, into: &mut [u8]) {
        if self.left < into.len() {
            draw(&mut self.bytes);
            self.left = Self::SIZE;
        }
        let rest = self.left.saturating_sub(into.len());
        if let Some(given) = self.bytes.get_mut(rest..self.left) {
            into.copy_from_slice(given);
            given.zeroize();
        }
        self.left = rest;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn chance_is_given_once_and_not_kept() {
        let mut drawn = Drawn { bytes: [0; Drawn::SIZE], left: 0 };
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..100 {
            let mut given = [0; 24];
            drawn.take(&mut given);
            assert!(seen.insert(given), "given twice");
            let kept = drawn.bytes.windows(given.len()).any(|window| window == given);
            assert!(!kept, "still there");
        }
        assert!(drawn.bytes.get(drawn.left..).unwrap().iter().all(|byte| *byte == 0));
        // A draw that is larger than what is left does not mix old with new.
        let mut large = [0; 64];
        drawn.left = 63;
        drawn.take(&mut large);
        assert_eq!(drawn.left, Drawn::SIZE - 64);
    }
}
