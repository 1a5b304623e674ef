//! Where messages land in tests.

use async_trait::async_trait;
use messages::{Message, NotSent, Post};
use std::sync::{Mutex, PoisonError};

/// Keeps every message, oldest first.
#[derive(Default)]
pub struct Mailbox {
    messages: Mutex<Vec<Message>>,
    broken: Mutex<bool>,
}

#[async_trait]
impl Post for Mailbox {
    async fn send(&self, message: Message) -> Result<(), NotSent> {
        if *self.broken.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(NotSent("the mailbox is broken".to_owned()));
        }
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        Ok(())
    }
}

impl Mailbox {
    /// All messages to an address, oldest first.
    pub fn to(&self, address: &str) -> Vec<Message> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.iter().filter(|message| message.to == address).cloned().collect()
    }

    /// The code of the newest message to an address.
    pub fn code(&self, address: &str) -> Option<String> {
        self.to(address).pop().and_then(|message| message.code)
    }

    /// From now on nothing can be delivered, or again it can.
    pub fn set_broken(&self, broken: bool) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = broken;
    }
}
