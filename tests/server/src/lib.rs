//! The release binary as a test or a bench drives it: started on a free port of the loopback address,
//! spoken to over plain HTTP, killed at will. Knows nothing of what the binary is made of.

#![allow(clippy::disallowed_methods, reason = "it waits for another program and reads the environment of its own")]

mod admin;
mod connection;
mod process;
pub mod signer;

pub use admin::Admin;
pub use connection::{Answer, Connection, get, post_form, post_json};
pub use process::{BINARY_VARIABLE, Launch, Server, binary};
