//! A world for tests: the clock is moved by hand, chance repeats itself, the network is scripted.
//!
//! Never for production: [`FakeEntropy`] is a counter in disguise.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};

use crate::{Clock, Entropy, FetchLimits, Net, NetError, World};

/// The parts of a fake world, kept by the test while the code under test holds [`FakeWorld::world`].
#[derive(Debug, Clone)]
pub struct FakeWorld {
    /// The clock to set and advance.
    pub clock: Arc<FakeClock>,
    /// The source of repeatable chance.
    pub entropy: Arc<FakeEntropy>,
    /// The scripted network.
    pub net: Arc<FakeNet>,
}

impl FakeWorld {
    /// A world at 2026-01-01T00:00:00Z whose chance follows from `seed` and whose network refuses
    /// everything that was not scripted.
    pub fn new(seed: u64) -> Self {
        Self {
            clock: Arc::new(FakeClock::default()),
            entropy: Arc::new(FakeEntropy::new(seed)),
            net: Arc::new(FakeNet::default()),
        }
    }

    /// The world made of these parts; they stay connected.
    pub fn world(&self) -> World {
        World::new(self.clock.clone(), self.entropy.clone(), self.net.clone())
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FakeClock(Mutex<Timestamp>);

impl FakeClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Shows `now` from here on; may go back.
    pub fn set(&self, now: Timestamp) {
        *held(&self.0) = now;
    }

    /// Moves the clock (back, if negative); stops at the ends of representable time.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = held(&self.0);
        let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        *now = now.checked_add(by).unwrap_or(end);
    }

    /// Moves the clock by whole seconds.
    pub fn advance_secs(&self, seconds: i64) {
        self.advance(SignedDuration::from_secs(seconds));
    }
}

impl Default for FakeClock {
    /// 2026-01-01T00:00:00Z.
    fn default() -> Self {
        Self::new(Timestamp::constant(1_767_225_600, 0))
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *held(&self.0)
    }
}

/// Repeatable chance: splitmix64 from a seed. **Not for security.**
#[derive(Debug)]
pub struct FakeEntropy {
    state: Mutex<u64>,
    draws_until_panic: Mutex<Option<u32>>,
}

impl FakeEntropy {
    /// The same seed gives the same bytes, in the order they are asked for.
    pub fn new(seed: u64) -> Self {
        Self { state: Mutex::new(seed), draws_until_panic: Mutex::new(None) }
    }

    /// Panics once, after so many draws: a fault in the middle of whatever asks for chance.
    pub fn panic_after(&self, draws: u32) {
        *held(&self.draws_until_panic) = Some(draws);
    }

    /// Whether a panic that was asked for is still to come.
    pub fn has_still_to_panic(&self) -> bool {
        held(&self.draws_until_panic).is_some()
    }
}

impl Entropy for FakeEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut draws = held(&self.draws_until_panic);
        let is_due = *draws == Some(0);
        *draws = draws.and_then(|draws| draws.checked_sub(1));
        drop(draws);
        assert!(!is_due, "panics on purpose");
        let mut state = held(&self.state);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            for (to, from) in chunk.iter_mut().zip(z.to_le_bytes()) {
                *to = from;
            }
        }
    }
}

type Answer = Result<Response<Bytes>, NetError>;
type Rule = Box<dyn Fn(&Request<Bytes>) -> Option<Answer> + Send + Sync>;

/// A network that answers from a script and remembers what it was asked.
///
/// Queued answers ([`FakeNet::push`]) go first, in order; then the rules ([`FakeNet::rule`]) are
/// tried, newest first; what nothing answers is [`NetError::Connect`].
#[derive(Default)]
pub struct FakeNet {
    queued: Mutex<VecDeque<Answer>>,
    rules: Mutex<Vec<Rule>>,
    asked: Mutex<Vec<(Request<Bytes>, FetchLimits)>>,
}

impl FakeNet {
    /// Answers the next request with this.
    pub fn push(&self, answer: Result<Response<Bytes>, NetError>) {
        held(&self.queued).push_back(answer);
    }

    /// Answers every request for which `rule` gives something.
    pub fn rule(&self, rule: impl Fn(&Request<Bytes>) -> Option<Answer> + Send + Sync + 'static) {
        held(&self.rules).push(Box::new(rule));
    }

    /// The requests made so far, oldest first.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        held(&self.asked).iter().map(|(request, _)| request.clone()).collect()
    }

    /// The limits each request so far was made under, oldest first.
    pub fn limits(&self) -> Vec<FetchLimits> {
        held(&self.asked).iter().map(|(_, limits)| *limits).collect()
    }
}

impl fmt::Debug for FakeNet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeNet").field("asked", &held(&self.asked).len()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Net for FakeNet {
    async fn fetch(&self, request: Request<Bytes>, limits: FetchLimits) -> Answer {
        held(&self.asked).push((request.clone(), limits));
        let queued = held(&self.queued).pop_front();
        let answer = queued
            .or_else(|| held(&self.rules).iter().rev().find_map(|rule| rule(&request)))
            .unwrap_or_else(|| Err(NetError::Connect(format!("not scripted: {}", request.uri()))));
        match answer {
            Ok(response) if response.body().len() > limits.max_bytes => {
                Err(NetError::TooLarge { limit: limits.max_bytes })
            }
            answer => answer,
        }
    }
}

// A test that panicked while holding a lock has already failed; the rest may go on.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
