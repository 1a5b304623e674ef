//! Where messages land in tests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use messages::{Message, MessageSender, NotSent};

/// How often a held message looks whether it may go on; whoever waits for it that long would wait for ever.
const PATIENCE: u32 = 10_000;

/// Keeps every message, oldest first.
#[derive(Default)]
pub struct Mailbox {
    messages: Mutex<Vec<Message>>,
    broken: AtomicBool,
    holding: AtomicBool,
}

#[async_trait]
impl MessageSender for Mailbox {
    async fn send(&self, message: Message) -> Result<(), NotSent> {
        for _ in 0..PATIENCE {
            if !self.holding.load(Ordering::Relaxed) {
                break;
            }
            tokio::task::yield_now().await;
        }
        if self.broken.load(Ordering::Relaxed) {
            return Err(NotSent::for_now("the mailbox is broken"));
        }
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        Ok(())
    }

    fn is_instant(&self) -> bool {
        !self.holding.load(Ordering::Relaxed)
    }
}

impl Mailbox {
    /// All messages to an address, oldest first.
    pub fn to(&self, address: &str) -> Vec<Message> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.iter().filter(|message| message.to == address).cloned().collect()
    }

    /// How many messages there are to anybody.
    pub fn count(&self) -> usize {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The code of the newest message to an address.
    pub fn code(&self, address: &str) -> Option<String> {
        self.to(address).pop().and_then(|mut message| message.code.take())
    }

    /// From now on nothing can be delivered, or again it can.
    pub fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::Relaxed);
    }

    /// From now on messages do not arrive, or again they do.
    pub fn hold(&self, holding: bool) {
        self.holding.store(holding, Ordering::Relaxed);
    }
}
