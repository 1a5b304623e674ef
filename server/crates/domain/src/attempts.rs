//! Brakes on guessing: lockout after failed proofs, and per-user windows for codes and changes.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Failed proofs of one kind (password, second factor) for one name of a pool, known or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attempts {
    /// Failures since the last success or quiet quarter of an hour.
    pub failures: u32,
    /// When the last counted attempt was made.
    pub last_at: Option<Timestamp>,
}

/// Longest lock, and the quiet time that forgives everything.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

impl Attempts {
    /// How long a record counts after its last failure.
    pub const MEMORY: SignedDuration = LONGEST;
    /// Failures that go unpunished.
    pub const FREE: u32 = 5;

    /// Whether an attempt at `now` is refused unseen. Such attempts do not count.
    ///
    /// After 5 failures the lock is 1 s and doubles with each further failure, up to 15 minutes.
    pub fn locked(&self, now: Timestamp) -> bool {
        let Some(last_at) = self.last_at else {
            return false;
        };
        if self.failures < Self::FREE {
            return false;
        }
        let exponent = (self.failures - Self::FREE).min(10);
        let lock = SignedDuration::from_secs(1 << exponent).min(LONGEST);
        now.duration_since(last_at) < lock
    }

    /// The record after one more failure at `now`.
    #[must_use]
    pub fn failed(&self, now: Timestamp) -> Self {
        let quiet = self.last_at.is_some_and(|last_at| now.duration_since(last_at) >= LONGEST);
        // Whoever came first may be counted last; the lock counts from the latest.
        let last_at = self.last_at.map_or(now, |last_at| last_at.max(now));
        Self { failures: if quiet { 1 } else { self.failures.saturating_add(1) }, last_at: Some(last_at) }
    }

    /// Counts a proof that was judged, and says what may be told of it.
    ///
    /// Of proofs that are judged at once, each one's verdict passes through the one record, one after the other, before
    /// anybody learns it; so no more are told than if they had come one by one.
    pub fn count(&mut self, right: bool, now: Timestamp) -> Verdict {
        if self.locked(now) {
            return Verdict::Locked;
        }
        if right {
            *self = Self::default();
            return Verdict::Right;
        }
        *self = self.failed(now);
        Verdict::Wrong
    }
}

/// What may be told of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing, whether it was right or wrong: earlier failures lock.
    Locked,
    /// That it was wrong; it is counted.
    Wrong,
    /// That it was right; earlier failures are forgiven.
    Right,
}

/// A per-user limit: so many in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// ForgotPassword and ConfirmForgotPassword together
    Recovery,
    /// ResendConfirmationCode
    Resend,
    /// ConfirmSignUp
    Confirm,
    /// ChangePassword
    ChangePassword,
    /// Codes to a user's own addresses: GetUserAttributeVerificationCode, and UpdateUserAttributes where it sends one
    AttributeCode,
    /// Codes of second factors, once the first is proven
    FactorCode,
    /// VerifyUserAttribute
    VerifyAttribute,
    /// Codes of one kind to one address or number, whoever asks for them and for whichever user
    DestinationCode,
    /// Guesses at codes of one kind that were sent to one address or number
    DestinationGuess,
}

impl Limit {
    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Resend => "resend",
            Self::Confirm => "confirm",
            Self::ChangePassword => "change-password",
            Self::AttributeCode => "attribute-code",
            Self::FactorCode => "factor-code",
            Self::VerifyAttribute => "verify-attribute",
            Self::DestinationCode => "destination-code",
            Self::DestinationGuess => "destination-guess",
        }
    }

    /// How many an hour (Cognito's quotas page; recovery and messages of second factors are 5–20 by risk there, 20
    /// without a risk).
    pub fn per_hour(self) -> usize {
        match self {
            Self::Recovery | Self::FactorCode => 20,
            Self::Resend | Self::ChangePassword | Self::AttributeCode => 5,
            Self::Confirm | Self::VerifyAttribute => 15,
            // Several users may have one address; at six digits, a million guesses are as many codes' worth.
            Self::DestinationCode | Self::DestinationGuess => 30,
        }
    }
}

/// What was done within the last hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Instants, oldest first; never more than the limit.
    pub at: Vec<Timestamp>,
}

impl Window {
    /// Notes one more at `now`; false (and nothing noted) where the limit is reached.
    pub fn admit(&mut self, limit: Limit, now: Timestamp) -> bool {
        self.at.retain(|at| now.duration_since(*at) < SignedDuration::from_hours(1));
        if self.at.len() >= limit.per_hour() {
            return false;
        }
        self.at.push(now);
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    #[test]
    fn five_failures_are_free_then_the_lock_doubles() {
        let mut attempts = Attempts::default();
        for second in 0..4 {
            attempts = attempts.failed(at(second));
            assert!(!attempts.locked(at(second)));
        }
        attempts = attempts.failed(at(4));
        assert!(attempts.locked(at(4)));
        assert!(!attempts.locked(at(5)));
        attempts = attempts.failed(at(5));
        assert!(attempts.locked(at(6)));
        assert!(!attempts.locked(at(7)));
        for _ in 0..30 {
            attempts = attempts.failed(at(8));
        }
        assert!(attempts.locked(at(8 + 899)));
        assert!(!attempts.locked(at(8 + 900)));
        assert_eq!(attempts.failed(at(8 + 900)).failures, 1);
    }

    /// Records of every kind, some of them just before and after their lock ends.
    fn records() -> Vec<(Attempts, Timestamp)> {
        let lock = |failures: u32| 1_i64 << failures.saturating_sub(Attempts::FREE).min(10);
        (0..20)
            .flat_map(|failures| {
                [-5, 0, 1, lock(failures) - 1, lock(failures), 899, 900].map(|later| (failures, later))
            })
            .map(|(failures, later)| (Attempts { failures, last_at: Some(at(0)) }, at(later)))
            .chain([(Attempts::default(), at(0))])
            .collect()
    }

    #[test]
    fn a_lock_tells_nothing_of_a_proof() {
        for (record, now) in records() {
            let outcomes = [true, false].map(|right| {
                let mut record = record.clone();
                (record.count(right, now), record)
            });
            if record.locked(now) {
                assert!(outcomes.iter().all(|outcome| *outcome == (Verdict::Locked, record.clone())), "{record:?}");
            } else {
                let expected = [(Verdict::Right, Attempts::default()), (Verdict::Wrong, record.failed(now))];
                assert_eq!(outcomes, expected, "{record:?} at {now}");
            }
        }
    }

    #[test]
    fn however_many_are_judged_at_once_the_free_ones_are_told() {
        for (mut record, now) in records() {
            let expected = match (record.locked(now), record.failures) {
                (true, _) => 0,
                _ if now >= at(900) && record.last_at.is_some() => Attempts::FREE,
                (_, failures) => Attempts::FREE.saturating_sub(failures).max(1),
            };
            let before = record.clone();
            let told = (0..200).filter(|_| record.count(false, now) == Verdict::Wrong).count();
            assert_eq!(told, expected as usize, "{before:?} at {now}");
            // Nor does a proof that came earlier and is counted late.
            assert_eq!(record.count(true, at(-60)), Verdict::Locked);
        }
    }

    #[test]
    fn right_proofs_at_once_are_all_told() {
        let mut record = Attempts { failures: 4, last_at: Some(at(0)) };
        assert!((0..200).all(|_| record.count(true, at(0)) == Verdict::Right));
        assert_eq!(record, Attempts::default());
    }

    #[test]
    fn a_window_forgets_after_an_hour() {
        let mut window = Window::default();
        for second in 0..5 {
            assert!(window.admit(Limit::Resend, at(second)));
        }
        assert!(!window.admit(Limit::Resend, at(5)));
        assert!(window.admit(Limit::Resend, at(3_600)));
        assert!(!window.admit(Limit::Resend, at(3_600)));
    }
}
