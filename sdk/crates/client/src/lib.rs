//! The session engine of the Latchkey SDK: a typed caller of Cognito's protocol and everything that happens between a
//! user name and a signed-in user who stays signed in.
//!
//! Owns: the order of a sign-in's steps, the tokens of one user of one app client, when they are refreshed and when
//! they are let go, PKCE redirect sign-in. Knows nothing about JavaScript, sockets, disks, clocks and chance: these are
//! the traits of [`host`]. Native tests and the browser run the same code.
//!
//! ```text
//! sign_in ─▶ Step::{Totp, NewPassword, …} ─▶ answer ─▶ … ─▶ Step::Done ─▶ tokens ─▶ refresh ─▶ sign_out
//! ```
//!
//! What is verified where: tokens from the API (sign-in, refresh) arrive over TLS from the pool itself and are read, not
//! verified. The ID token of a redirect sign-in is verified: signature against the issuer's JWKS (through
//! [`host::Verify`]), issuer, audience, use, nonce and, where given, `at_hash` (see [`redirect`]).
// No std: its panics and their words would be a tenth of what a browser loads.
#![cfg_attr(not(test), no_std)]
#![expect(async_fn_in_trait, reason = "the engine runs on one thread: nobody needs its futures to be Send")]

extern crate alloc;

pub mod account;
mod base64;
pub mod call;
pub mod config;
mod device;
pub mod error;
pub mod host;
pub mod json;
pub mod proof;
mod provider;
pub mod redirect;
pub mod session;
pub mod sign_in;
mod steps;
mod text;
mod tokens;
mod wire;

pub use call::Call;
pub use config::{Config, Settings};
pub use error::{Error, Kind, Result};
pub use session::Session;
pub use sign_in::{Answer, Ask, Factor, Flow, SignIn, Step};
pub use tokens::Wanted;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

use host::Host;
use proof::Proof;

/// One app client of one user pool, and whoever is signed in to it here.
///
/// For one thread: every call takes `&self` and may overlap with others.
pub struct Auth<H> {
    pub(crate) config: Config,
    pub(crate) host: H,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// `A`, made while the user types.
    proof: Option<Proof>,
    /// Sign-ins that wait for the user.
    attempts: Vec<(u32, Box<steps::Attempt>)>,
    last_attempt: u32,
    /// What storage said last: not read yet, nobody, or a session.
    session: Option<Option<Rc<Session>>>,
}

impl<H: Host> Auth<H> {
    /// An engine over `host`.
    pub fn new(config: Config, host: H) -> Self {
        Auth { config, host, state: RefCell::default() }
    }

    /// What the engine runs over.
    #[must_use]
    pub fn host(&self) -> &H {
        &self.host
    }

    /// The checked configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Prepares `A` for the next sign-in, so that only the proof is left to compute once the password is there.
    ///
    /// # Errors
    /// As [`Proof::make`].
    pub fn warm_up(&self) -> Result<()> {
        if self.state.borrow().proof.is_none() {
            let proof = Proof::make(&self.host)?;
            self.state.borrow_mut().proof = Some(proof);
        }
        Ok(())
    }

    fn take_proof(&self) -> Result<Proof> {
        match self.state.borrow_mut().proof.take() {
            Some(proof) => Ok(proof),
            None => Proof::make(&self.host),
        }
    }
}
