//! Mail and SMS: what is said, and how it leaves.
//!
//! [`render`] turns a pool's templates into a [`Message`]; a [`MessageSender`] hands it over: [`Mailbox`] keeps it for the
//! developer to read, [`Smtp`] gives it to a mail server, [`NoSender`] says that nothing was set up. An [`Outbox`] before
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
pub use message::{Brand, Channel, LOGO, Message, MessageSender, NoSender, NotSent, Picture, Purpose};
pub use outbox::{Outbox, QueueSlot};
pub use smtp::{Smtp, SmtpError, check_sender, check_smtp_url};
pub use template::{Kind, Values, confirms_by_link, render};
