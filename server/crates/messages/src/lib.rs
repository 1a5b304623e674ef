//! Mail and SMS: what is said, and how it leaves.
//!
//! [`word`] turns a pool's templates into a [`Message`]; a [`Post`] hands it over: [`Mailbox`] keeps it for the
//! developer to read, [`Smtp`] gives it to a mail server, [`NoPost`] says that nothing was set up. An [`Outbox`] before
//! it lets callers go on who must not be seen waiting.
//!
//! Knows nothing of flows: who may ask for a message, and how often, is decided elsewhere.

mod html;
mod mailbox;
mod message;
mod outbox;
mod smtp;
mod template;
#[cfg(test)]
mod template_tests;

pub use mailbox::{Entry, Mailbox};
pub use message::{Brand, Channel, LOGO, Message, NoPost, NotSent, Picture, Post, Purpose};
pub use outbox::{Outbox, Place};
pub use smtp::{Smtp, SmtpError, check_sender, check_smtp_url};
pub use template::{Kind, Values, confirms_by_link, word};
