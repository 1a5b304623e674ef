//! Key pairs made ahead of time.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::{KeyError, SigningKey};

/// A few key pairs in reserve, so that creating a user pool does not wait for two generations. A
/// thread of its own refills it, and ends when the reserve is dropped.
pub struct KeyReserve {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    capacity: usize,
}

struct State {
    ready: Vec<SigningKey>,
    closed: bool,
}

impl KeyReserve {
    /// A reserve of up to `capacity` pairs, which begins to fill at once. If no thread can be had
    /// it stays empty, and [`KeyReserve::take`] makes each pair as it is asked for.
    pub fn new(capacity: usize) -> Self {
        let state = Mutex::new(State { ready: Vec::new(), closed: false });
        let shared = Arc::new(Shared { state, changed: Condvar::new(), capacity });
        if capacity > 0 {
            let filled = shared.clone();
            // Without a thread the reserve is merely slow.
            let _ = thread::Builder::new().name("key-reserve".into()).spawn(move || filled.refill());
        }
        Self { shared }
    }

    /// A pair from the reserve, or a new one when it is empty. Each pair is given out once.
    ///
    /// # Errors
    /// [`KeyError::Generation`] if the library refuses to make one.
    pub fn take(&self) -> Result<SigningKey, KeyError> {
        let taken = self.shared.lock().ready.pop();
        self.shared.changed.notify_all();
        taken.map_or_else(SigningKey::generate, Ok)
    }

    /// How many pairs are ready.
    pub fn ready(&self) -> usize {
        self.shared.lock().ready.len()
    }
}

impl Drop for KeyReserve {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

impl fmt::Debug for KeyReserve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyReserve").field("ready", &self.ready()).finish_non_exhaustive()
    }
}

impl Shared {
    fn refill(&self) {
        loop {
            let full = |state: &mut State| !state.closed && state.ready.len() >= self.capacity;
            let waited = self.changed.wait_while(self.lock(), full);
            if waited.unwrap_or_else(PoisonError::into_inner).closed {
                return;
            }
            // Made outside the lock. A library that refuses would refuse again: leave it to `take`.
            let Ok(key) = SigningKey::generate() else {
                return;
            };
            self.lock().ready.push(key);
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
