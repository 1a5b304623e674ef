//! Between callers and the sender: for those who must not be seen waiting.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::{Instrument as _, Span};

use crate::{Message, MessageSender, NotSent};

/// Messages waiting or on their way at most; whoever comes then is refused before anything is done.
const SLOTS: u32 = 1_000;
/// Messages given to the sender at a time.
const MAX_IN_FLIGHT: usize = 8;

/// Takes messages to a [`MessageSender`], at once or while the caller goes on. What waits here lies in the outbox table too.
///
/// How long a mail server takes, and whether it takes an address at all, tells that there is a user to write to. A
/// flow that must not tell takes a [`QueueSlot`] before it looks anybody up, and has the message delivered in it: whatever
/// becomes of that is in the log alone, under the request's span.
#[derive(Clone)]
pub struct Outbox {
    sender: Arc<dyn MessageSender>,
    slots: Arc<Semaphore>,
    in_flight: Arc<Semaphore>,
    capacity: u32,
}

/// Room for one message. Dropped unused, it is free again.
#[derive(Debug)]
pub struct QueueSlot {
    _permit: OwnedSemaphorePermit,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("waiting", &self.waiting()).finish_non_exhaustive()
    }
}

impl Outbox {
    /// An empty one before `sender`.
    pub fn new(sender: Arc<dyn MessageSender>) -> Self {
        Self::with_capacity(sender, SLOTS)
    }

    fn with_capacity(sender: Arc<dyn MessageSender>, capacity: u32) -> Self {
        let slots = usize::try_from(capacity).unwrap_or(usize::MAX);
        Self { sender, slots: Semaphore::new(slots).into(), in_flight: Semaphore::new(MAX_IN_FLIGHT).into(), capacity }
    }

    /// Hands a message over and waits until it has left.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn send(&self, message: Message) -> Result<(), NotSent> {
        self.sender.send(message).await
    }

    /// Room for one message; none while too many wait.
    pub fn reserve(&self) -> Option<QueueSlot> {
        Arc::clone(&self.slots).try_acquire_owned().ok().map(|permit| QueueSlot { _permit: permit })
    }

    /// Whether sending takes no time worth telling.
    pub fn is_instant(&self) -> bool {
        self.sender.is_instant()
    }

    /// Runs a delivery while the caller goes on, a few at a time. To be called in a tokio runtime.
    pub fn run(&self, slot: QueueSlot, delivery: impl Future<Output = ()> + Send + 'static) {
        let in_flight = Arc::clone(&self.in_flight);
        let delivery = async move {
            // Never closed, so never refused.
            let _permit = in_flight.acquire().await;
            delivery.await;
            drop(slot);
        };
        tokio::spawn(delivery.instrument(Span::current()));
    }

    /// Messages that were taken and have not left.
    pub fn waiting(&self) -> usize {
        usize::try_from(self.capacity).unwrap_or(usize::MAX).saturating_sub(self.slots.available_permits())
    }

    /// Ends when everything that was taken has left or failed.
    pub async fn drain(&self) {
        let _all = self.slots.acquire_many(self.capacity).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Mutex;

    use async_trait::async_trait;
    use tokio::sync::Notify;

    use super::*;
    use crate::{Channel, Purpose};

    /// Holds every message until told to go on.
    #[derive(Default)]
    struct Slow {
        go_on: Notify,
        sent: Mutex<Vec<String>>,
    }

    #[async_trait]
    impl MessageSender for Slow {
        async fn send(&self, message: Message) -> Result<(), NotSent> {
            self.go_on.notified().await;
            self.sent.lock().unwrap().push(message.to.clone());
            Err(NotSent::for_now("refused"))
        }
    }

    fn message(to: &str) -> Message {
        Message {
            channel: Channel::Email,
            to: to.to_owned(),
            purpose: Purpose::ForgotPassword,
            subject: None,
            text: String::new(),
            html: None,
            logo: None,
            code: None,
            link: None,
            from: None,
            reply_to: None,
        }
    }

    #[tokio::test]
    async fn a_caller_goes_on_and_nothing_is_lost() {
        let sender = Arc::new(Slow::default());
        let outbox = Outbox::with_capacity(sender.clone(), 3);
        for to in ["a", "b"] {
            let sender = outbox.clone();
            outbox.run(outbox.reserve().unwrap(), async move { assert!(sender.send(message(to)).await.is_err()) });
        }
        assert_eq!((outbox.waiting(), sender.sent.lock().unwrap().len()), (2, 0));
        let last = outbox.reserve().unwrap();
        assert!(outbox.reserve().is_none(), "no more than there is room for");
        drop(last);
        assert_eq!(outbox.waiting(), 2, "a slot that was not used is free");
        let drained = tokio::spawn({
            let outbox = outbox.clone();
            async move { outbox.drain().await }
        });
        for _ in 0..2 {
            sender.go_on.notify_one();
            tokio::task::yield_now().await;
        }
        drained.await.unwrap();
        assert_eq!((outbox.waiting(), sender.sent.lock().unwrap().len()), (0, 2));
    }
}
