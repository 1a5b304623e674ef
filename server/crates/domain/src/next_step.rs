//! What a sign-in needs next. This is the only place that decides it; `flows` performs what it says.

use jiff::{SignedDuration, Timestamp};

use crate::{AuthSession, Device, DeviceKey, Factor, MfaDecision, Pool, Reason, User, UserStatus, decide_mfa};

/// What follows what has been proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// A new password in the place of a temporary one.
    NewPassword,
    /// The proof of a remembered device, in the place of a second factor.
    ProveDevice(DeviceKey),
    /// This second factor.
    Ask(Factor),
    /// One of these, as the user chooses.
    Choose(Vec<Factor>),
    /// One of these has to be set up first.
    SetUp(Vec<Factor>),
    /// Nothing: the user is signed in.
    Done,
}

/// What follows once the first factor is proven. `device` is the one that the session names, as far as it is known.
///
/// # Errors
/// Why the user may not sign in at all.
pub fn next_step(
    pool: &Pool,
    user: &User,
    session: &AuthSession,
    device: Option<&Device>,
    now: Timestamp,
) -> Result<NextStep, Reason> {
    check_standing(pool, user, now)?;
    if user.status == UserStatus::ForceChangePassword {
        return Ok(NextStep::NewPassword);
    }
    if session.has_second_factor() {
        return Ok(NextStep::Done);
    }
    let decision = decide_mfa(pool, user);
    if let Some(key) = device_in_place_of_a_factor(pool, session, device, &decision) {
        return Ok(NextStep::ProveDevice(key));
    }
    match decision {
        MfaDecision::Pass => Ok(NextStep::Done),
        MfaDecision::Ask(factor) => Ok(NextStep::Ask(factor)),
        MfaDecision::Choose(factors) => Ok(match session.chosen.filter(|chosen| factors.contains(chosen)) {
            Some(chosen) => NextStep::Ask(chosen),
            None => NextStep::Choose(factors),
        }),
        MfaDecision::SetUp(factors) => Ok(NextStep::SetUp(factors)),
        MfaDecision::Impossible => Err(Reason::NoUsableFactor),
    }
}

/// Whether the user may sign in at all.
fn check_standing(pool: &Pool, user: &User, now: Timestamp) -> Result<(), Reason> {
    if !user.enabled {
        return Err(Reason::UserDisabled);
    }
    match user.status {
        UserStatus::Unconfirmed => Err(Reason::UserNotConfirmed),
        UserStatus::ResetRequired => Err(Reason::PasswordResetRequired),
        UserStatus::ForceChangePassword if has_lapsed(pool, user, now) => Err(Reason::TemporaryPasswordExpired),
        // Its provider vouches for it, and nothing else does.
        UserStatus::ExternalProvider => Err(Reason::WrongCredentials),
        _ => Ok(()),
    }
}

/// Whether the user's password is a temporary one whose days are over.
fn has_lapsed(pool: &Pool, user: &User, now: Timestamp) -> bool {
    let lifetime = SignedDuration::from_hours(24 * i64::from(pool.temporary_password_days()));
    let temporary = user.password.as_ref().filter(|password| password.temporary);
    temporary.is_some_and(|password| now.duration_since(password.set_at) > lifetime)
}

/// A remembered device proves itself wherever a factor would be asked, and in pools that challenge new devices always.
fn device_in_place_of_a_factor(
    pool: &Pool,
    session: &AuthSession,
    device: Option<&Device>,
    decision: &MfaDecision,
) -> Option<DeviceKey> {
    let asks = *decision != MfaDecision::Pass || pool.challenges_new_devices();
    device
        .filter(|_| pool.tracks_devices() && asks)
        .filter(|device| session.device.as_ref() == Some(&device.key))
        .filter(|device| device.remembered && device.verifier.is_some())
        .map(|device| device.key.clone())
}

#[cfg(test)]
#[path = "next_step_tests.rs"]
mod tests;
