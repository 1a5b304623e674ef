//! How often callers may do what costs: counted in this process, by the caller's address and in all.
//!
//! Nothing of it is read from the database or written to it, so it holds for each process by itself; what limits guesses
//! and codes for one name or one destination are rows, and hold for all processes together.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::{Error, Reason, Result};

use crate::{Ctx, EntryPoint, Latchkey};

/// What callers are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// What has a code sent, and every sign-up.
    Code,
    /// A guess at a code, or at the password of an account one is signed in to.
    Guess,
    /// The beginning of a sign-in.
    SignIn,
    /// A browser sent to an identity provider, which is remembered until it is back.
    Provider,
}

/// How many a minute; None for any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Of one caller: one IPv4 address, or one /64 network of IPv6.
    pub of_one: Option<u32>,
    /// Of all callers.
    pub in_all: Option<u32>,
}

/// The rates that hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// [`Counted::Code`]
    pub codes: Rate,
    /// [`Counted::Guess`]
    pub guesses: Rate,
    /// [`Counted::SignIn`]
    pub sign_ins: Rate,
    /// [`Counted::Provider`]
    pub providers: Rate,
}

impl Rates {
    fn of(&self, counted: Counted) -> Rate {
        match counted {
            Counted::Code => self.codes,
            Counted::Guess => self.guesses,
            Counted::SignIn => self.sign_ins,
            Counted::Provider => self.providers,
        }
    }
}

/// Microseconds in which a rate is reached and forgotten.
const MINUTE: i64 = 60_000_000;
/// Counters are kept in so many maps, so that callers seldom wait for one another.
const SHARDS: usize = 32;
/// Counters in one of them: some 10 MB in all.
const MOST: usize = 4_096;

/// Whom a counter is for; None for all.
type Key = (Counted, Option<IpAddr>);

/// The counters. Each is one instant: when everything that was admitted would be over at an even pace (the generic cell
/// rate algorithm). One that lies in the past is as good as none.
#[derive(Default)]
pub(crate) struct RateCounters {
    shards: [Mutex<HashMap<Key, i64>>; SHARDS],
    /// When a refusal was last logged.
    told_at: AtomicI64,
}

impl RateCounters {
    /// Notes one more at `now` (microseconds); false (and nothing noted) where there were `most` within a minute.
    fn admit(&self, key: Key, most: u32, now: i64) -> bool {
        let each = MINUTE / i64::from(most.max(1));
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(at) else { return true };
        let mut counters = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= MOST && !counters.contains_key(&key) {
            make_room(&mut counters, now);
        }
        let until = counters.entry(key).or_insert(now);
        // A clock that is set back must not lock anybody out.
        let begun = (*until).clamp(now, now + MINUTE);
        let is_admitted = begun + each <= now + MINUTE;
        *until = if is_admitted { begun + each } else { begun };
        is_admitted
    }

    /// Whether to tell the operator of a refusal: once a minute.
    fn is_news(&self, now: i64) -> bool {
        let told_at = self.told_at.load(Ordering::Relaxed);
        let due = now >= told_at.saturating_add(MINUTE);
        due && self.told_at.compare_exchange(told_at, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Forgets what is over; where that is little, the quarter that is nearest to its end too.
fn make_room(counters: &mut HashMap<Key, i64>, now: i64) {
    counters.retain(|_, until| *until > now);
    if counters.len() < MOST - MOST / 4 {
        return;
    }
    let mut ends: Vec<i64> = counters.values().copied().collect();
    let (_, last, _) = ends.select_nth_unstable(MOST / 4);
    let (last, mut forgotten) = (*last, 0);
    counters.retain(|(_, caller), until| {
        let is_kept = caller.is_none() || *until > last || forgotten > MOST / 4;
        forgotten += usize::from(!is_kept);
        is_kept
    });
}

impl Latchkey {
    /// Counts what a caller begins. Administrators and the server itself are not counted.
    ///
    /// # Errors
    /// [`Reason::RateExceeded`]
    pub(crate) fn admit_caller(&self, ctx: &Ctx, counted: Counted) -> Result<()> {
        match ctx.entry_point {
            EntryPoint::AdminApi | EntryPoint::Server => return Ok(()),
            EntryPoint::Api | EntryPoint::HostedUi => {}
        }
        let (rate, now) = (self.settings.rates.of(counted), ctx.now.as_microsecond());
        // The caller first: who is beyond their own rate takes nothing from the others.
        let of_one = ctx.caller().zip(rate.of_one);
        let admitted = of_one.is_none_or(|(caller, most)| self.rates.admit((counted, Some(caller)), most, now))
            && rate.in_all.is_none_or(|most| self.rates.admit((counted, None), most, now));
        if admitted {
            return Ok(());
        }
        if self.rates.is_news(now) {
            tracing::warn!(
                caller = ctx.ip_text(),
                ?counted,
                "callers are refused: too many in a minute (behind a proxy, set trusted-proxies)"
            );
        }
        Err(Error::from(Reason::RateExceeded))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(last: u32) -> Key {
        (Counted::Code, Some(IpAddr::from(last.to_be_bytes())))
    }

    #[test]
    fn so_many_a_minute_and_each_caller_by_itself() {
        let counters = RateCounters::default();
        let admitted = |caller, now| (0..100).filter(|_| counters.admit(key(caller), 30, now)).count();
        assert_eq!(admitted(1, 0), 30);
        assert_eq!(admitted(2, 0), 30);
        assert_eq!(admitted(1, MINUTE / 30 - 1), 0);
        assert_eq!(admitted(1, MINUTE / 30), 1);
        assert_eq!(admitted(1, 10 * MINUTE), 30);
        // A clock that was set back.
        assert_eq!(admitted(2, 0), 0);
        assert_eq!(admitted(1, MINUTE), 0);
        assert_eq!(admitted(1, 3 * MINUTE), 30);
    }

    #[test]
    fn any_number_of_callers_takes_bounded_memory() {
        let counters = RateCounters::default();
        assert!((0..20).all(|_| counters.admit((Counted::Code, None), 20, 0)));
        for caller in 0..200_000 {
            assert!(counters.admit(key(caller), 30, 0));
        }
        let kept = counters.shards.iter().map(|shard| shard.lock().unwrap().len());
        assert!(kept.clone().all(|kept| kept <= MOST), "{:?}", kept.collect::<Vec<_>>());
        // What is counted in all is not pushed out.
        assert!(!counters.admit((Counted::Code, None), 20, 0));
    }
}
