//! The server seen from outside: a whole Latchkey in one process, with a clock that tests move, chance that
//! repeats itself, and a mailbox that tests read.

mod actor;
mod answers;
mod mailbox;
pub mod pictures;
mod server;

use test_server::signer;
pub use test_server::signer::SigningKeys;

pub use actor::Actor;
pub use answers::{Answered, AnsweredText};
pub use mailbox::Mailbox;
pub use server::{Options, TestServer, merge};
