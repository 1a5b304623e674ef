//! What may be asked of the outside: the time, chance, and the network.
//!
//! Everything below the binary receives these as arguments, so that a test can move the clock,
//! repeat a "random" run and script the network. The real ones live in the server binary, the only
//! place allowed to touch the operating system for them; module `fake` (feature `fake`) has the others.
//!
//! This crate knows nothing about users, tokens or HTTP routes.

mod chance;
#[cfg(any(test, feature = "fake"))]
pub mod fake;
mod net;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

pub use chance::{alphabet, below, bytes, digits, token, uuid_v4, uuid_v7};
pub use net::{FetchLimits, Net, NetError};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant it is now (UTC).
    fn now(&self) -> Timestamp;
}

/// A source of bytes nobody can predict. Real ones must be fit for keys.
pub trait Entropy: Send + Sync {
    /// Fills the whole of `bytes`. A source that fails must abort the process rather than return:
    /// nothing sensible can be done without chance.
    fn fill(&self, bytes: &mut [u8]);
}

/// The three askable things together; cheap to clone and to hand on.
#[derive(Clone)]
pub struct World {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    net: Arc<dyn Net>,
}

impl World {
    /// A world made of the given parts.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, net: Arc<dyn Net>) -> Self {
        Self { clock, entropy, net }
    }

    /// The instant it is now (UTC).
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Fills `bytes` with chance.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.entropy.fill(bytes);
    }

    /// The clock, for callees that want nothing else.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The source of chance, for callees that want nothing else.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// The way out to the network.
    pub fn net(&self) -> &dyn Net {
        &*self.net
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Entropy for World {
    fn fill(&self, bytes: &mut [u8]) {
        self.entropy.fill(bytes);
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}
