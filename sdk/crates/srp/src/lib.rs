//! SRP-6a as Amazon Cognito speaks it (`USER_SRP_AUTH`, `PASSWORD_VERIFIER`,
//! `DEVICE_SRP_AUTH`), for both ends of the wire.
//!
//! Owns: the group (RFC 3526 group 15, g = 2), the byte forms of integers, the
//! derivations (x, u, k, key, signature), the timestamp of the signed message.
//! Knows nothing about: sessions, users, stores, JSON, base64, clocks, chance.
//! Randomness comes in as bytes.
//!
//! One login, seen from both ends (‖ joins bytes, H is SHA-256):
//!
//! ```text
//! client                                  server
//! A = g^a                     ── A ──▶    B = k·v + g^b
//! x = H(pad(salt) ‖ H(prefix ‖ user ‖ ":" ‖ password))
//!                             ◀── B, salt, secret block ──
//! u = H(pad(A) ‖ pad(B))                  u = H(pad(A) ‖ pad(B))
//! S = (B − k·g^x)^(a + u·x)               S = (A·v^u)^b
//! K = HKDF(salt pad(u), ikm pad(S), "Caldera Derived Key", 16 bytes)
//! HMAC(K, prefix ‖ user ‖ secret block ‖ timestamp)  ──▶  compared in constant time
//! ```
//!
//! `prefix` is the part of the user pool id after `_`, `user` the
//! `USER_ID_FOR_SRP`; for a device they are the device group key and device key.
//!
//! # Timing
//!
//! No branch and no address depends on an exponent or on the password, on either end:
//! windows are read by a masked scan of the whole table, and the arithmetic has no early
//! exits.  What remains visible is what the
//! protocol itself shows: lengths of the strings, and the byte length of pad(S),
//! which Cognito hashes without its leading zeros.

// The browser's engine has no std: its panics and their words would be a tenth of what is loaded.
#![cfg_attr(not(any(test, feature = "server")), no_std)]

extern crate alloc;

mod calendar;
mod derive;
mod field;
mod integer;

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "server")]
mod server;

pub use calendar::{derive_timestamp, parse_timestamp};
#[cfg(feature = "client")]
pub use client::{ClientProof, DeviceVerifier, derive_device_verifier};
pub use derive::{K, Key, derive_key, derive_u, derive_x, sha256, signature};
pub use integer::{MAX_HEX_DIGITS, pad, parse_hex, to_hex};
#[cfg(feature = "server")]
pub use server::{ServerChallenge, derive_verifier, modexps, server_key, verify_password, verify_signature};

use core::fmt;

/// Why a value from the other end, or an argument, was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SrpError {
    /// Not a hexadecimal integer, or longer than [`MAX_HEX_DIGITS`].
    Hex,
    /// A or B is a multiple of N (RFC 5054 §2.5.4, §2.5.3), so it would fix the key.
    PublicValue,
    /// u is zero, so the key would not depend on the password.
    Scrambler,
    /// The secret exponent or verifier given is empty, too short or too long.
    Secret,
    /// Not a timestamp of the form `Tue Nov 3 04:05:06 UTC 2026`.
    Timestamp,
}

impl fmt::Display for SrpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hex => "not a hexadecimal integer of acceptable length",
            Self::PublicValue => "public value is a multiple of N",
            Self::Scrambler => "u is zero",
            Self::Secret => "secret of unacceptable length",
            Self::Timestamp => "not a timestamp of the form `Tue Nov 3 04:05:06 UTC 2026`",
        })
    }
}

impl core::error::Error for SrpError {}
