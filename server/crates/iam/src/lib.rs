//! Who signed a request: AWS Signature Version 4, verified for real.
//!
//! [`Presented::read`] takes a request's signature apart (header or presigned query form),
//! [`Verifier::verify`] checks it against the credentials it names, [`Verifier::authenticate`] does
//! both. Errors carry the words AWS answers with.
//!
//! [`authorize`] says what the one who signed may do. This crate knows nothing about where access keys are kept.

mod authorization;
mod canonical;
mod credentials;
mod error;
mod presented;
mod stamp;
mod verifier;

pub use authorization::{AccessRequest, Decision, authorize, decide};
pub use credentials::{Credentials, Secret};
pub use error::{Error, Result};
pub use presented::{Presented, SignedRequest};
pub use verifier::{Regions, SignedBy, Verifier};
