//! The house seen from outside: a whole Latchkey in one process, with a clock that tests move, chance that
//! repeats itself, and a mailbox that tests read.

mod actor;
mod house;
mod mailbox;
pub mod pictures;

use test_server::signer;
pub use test_server::signer::SigningKeys;

pub use actor::Actor;
pub use house::{Answered, AnsweredText, House};
pub use mailbox::Mailbox;
