//! Taking turns: proofs of one name that come at once must not all be judged by the same record of failures.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use domain::{Attempts, PoolId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Beyond this many names, those nobody waits for are forgotten.
const KEPT: usize = 1024;

/// Names whose proofs are under way. Of one name so many at a time as may fail unpunished; where one has failed
/// already, one at a time.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<Semaphore>>>);

/// Lasts until the proof's outcome is recorded.
pub(crate) struct Turn(#[allow(dead_code, reason = "held, not read")] Option<OwnedSemaphorePermit>);

impl Turns {
    /// Waits for a turn among the name's proofs; `alone` lets no other be under way.
    pub(crate) async fn take(&self, pool: &PoolId, name: &str, alone: bool) -> Turn {
        let turns = self.of(format!("{pool}\0{name}"));
        let wanted = if alone { Attempts::FREE } else { 1 };
        // Nobody closes the semaphore, so there always is a turn.
        Turn(turns.acquire_many_owned(wanted).await.ok())
    }

    fn of(&self, key: String) -> Arc<Semaphore> {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = names.get(&key).and_then(Weak::upgrade) {
            return turns;
        }
        if names.len() >= KEPT {
            names.retain(|_, turns| turns.strong_count() > 0);
        }
        let turns = Arc::new(Semaphore::new(Attempts::FREE as usize));
        names.insert(key, Arc::downgrade(&turns));
        turns
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn is_waiting(turn: impl Future<Output = Turn>) -> bool {
        let mut turn = std::pin::pin!(turn);
        matches!(turn.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending)
    }

    #[tokio::test]
    async fn as_many_as_may_fail_or_one_alone() {
        let (turns, pool) = (Turns::default(), PoolId::from("us-east-1_a"));
        let mut taken = Vec::new();
        for _ in 0..Attempts::FREE {
            taken.push(turns.take(&pool, "ada", false).await);
        }
        assert!(is_waiting(turns.take(&pool, "ada", false)));
        assert!(!is_waiting(turns.take(&pool, "bob", false)), "another name's turns are its own");
        taken.pop();
        assert!(!is_waiting(turns.take(&pool, "ada", false)));
        assert!(is_waiting(turns.take(&pool, "ada", true)));
        taken.clear();
        let alone = turns.take(&pool, "ada", true).await;
        assert!(is_waiting(turns.take(&pool, "ada", false)));
        drop(alone);
        assert!(!is_waiting(turns.take(&pool, "ada", false)));
    }

    #[tokio::test]
    async fn names_nobody_waits_for_are_forgotten() {
        let (turns, pool) = (Turns::default(), PoolId::from("us-east-1_a"));
        let kept = turns.take(&pool, "ada", true).await;
        for name in 0..3 * KEPT {
            drop(turns.take(&pool, &name.to_string(), false).await);
        }
        assert!(turns.0.lock().unwrap_or_else(PoisonError::into_inner).len() <= KEPT);
        assert!(is_waiting(turns.take(&pool, "ada", false)));
        drop(kept);
    }
}
