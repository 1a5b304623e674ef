//! Messages that outlive the process: written with what they tell, leased while they are sent, tried again, given up as
//! dead notifications.
//!
//! Nobody sends without the lease, and a message that has left is removed under it, so each is sent once. The one doubt
//! is a process that dies, or loses its database, between the mail server's "250" and that removal: then it is sent again.

use domain::{Client, ClientId, Delivery, Error, Medium, Pool, Result};
use jiff::{SignedDuration, Timestamp};
use messages::Kind;
use protocol::Sensitive;
use serde::{Deserialize, Serialize};
use store::{Lease, LeasedMessage, OutboxMessage, Tx};
use tokens::Purpose;
use zeroize::Zeroizing;

use crate::Latchkey;
use crate::notifications::{Failure, Notification, Sender, Sending};

/// How long a process may take to send one message: longer than the mail server is waited for, clocks apart included.
const LEASE: SignedDuration = SignedDuration::from_secs(45);
/// How long a message is left to the process that has written it and is about to send it.
const HEAD_START: SignedDuration = SignedDuration::from_secs(2);
/// Before the second attempt; each further one waits twice as long.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);
const MOST_ATTEMPTS: i64 = 10;
/// How long a dead notification can be looked at.
const DEAD_LETTERS_KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Messages of others, or left behind, that are sent at a time.
const LANES: usize = 8;

/// A message to be written into the outbox.
#[derive(Clone)]
pub(crate) struct Queued {
    message: OutboxMessage,
    /// Where the one who writes it also sends it, at once.
    lease: Option<Lease>,
}

impl Queued {
    /// Writes it, in the transaction that decides.
    pub(crate) fn insert(&self, tx: &mut Tx) -> Result<()> {
        tx.insert_message(&self.message, self.lease.as_ref()).map_err(Error::from)
    }
}

/// What is needed to word and send a message, as it lies in the table: sealed.
#[derive(Serialize, Deserialize)]
struct Body {
    client: Option<ClientId>,
    kind: String,
    is_sms: bool,
    address: String,
    username: String,
    code: Sensitive,
}

impl Latchkey {
    /// A message for the outbox, of use until the code in it expires.
    ///
    /// # Errors
    /// None but an internal one.
    pub(crate) fn queue(
        &self,
        sending: &Sending,
        notification: Notification<'_>,
        useful_until: Timestamp,
    ) -> Result<Queued> {
        let now = self.now();
        let id = world::uuid_v7(self.world.entropy(), now).to_string();
        let channel = if notification.delivery.medium == Medium::Sms { "sms" } else { "email" };
        let body = Body {
            client: notification.sender.client.map(|client| client.id.clone()),
            kind: notification.kind.as_str().to_owned(),
            is_sms: notification.delivery.medium == Medium::Sms,
            address: notification.delivery.address.clone(),
            username: notification.username.to_owned(),
            code: notification.code.to_owned().into(),
        };
        let body = Zeroizing::new(serde_json::to_vec(&body).map_err(Error::internal)?);
        let message = OutboxMessage {
            pool: notification.sender.pool.id.clone(),
            channel: channel.to_owned(),
            purpose: notification.kind.as_str().to_owned(),
            body: self.seal(Purpose::Message, &id, &body),
            created_at: now,
            due_at: now + HEAD_START,
            useful_until,
            expires_at: useful_until + DEAD_LETTERS_KEPT,
            id,
        };
        let inline = matches!(sending, Sending::Awaited) || self.outbox.is_instant();
        Ok(Queued { message, lease: inline.then(|| self.draw_lease(now)) })
    }

    /// Sends a message that lies in the outbox. A caller that waits learns what became of it, and then it is not tried
    /// again: whoever asked can ask anew. Otherwise it is, until it has left.
    ///
    /// # Errors
    /// Where it is awaited: `CodeNotDelivered`, or what the pool's triggers refuse. Otherwise none.
    pub(crate) async fn deliver(&self, sending: Sending, queued: Queued, notification: Notification<'_>) -> Result<()> {
        let Queued { message, lease } = queued;
        match (sending, lease) {
            (Sending::Awaited, Some(lease)) => {
                let outcome = self.try_send(notification).await;
                self.conclude(&message.id, &lease, &outcome, None).await;
                outcome.map_err(|failure| failure.error)
            }
            (_, Some(lease)) => {
                let outcome = self.try_send(notification).await;
                self.conclude(&message.id, &lease, &outcome, self.next_attempt(1, message.useful_until)).await;
                Ok(())
            }
            (Sending::Unseen(slot), None) => {
                let latchkey = self.clone();
                self.outbox.run(slot, async move { latchkey.send_queued(message.id).await });
                Ok(())
            }
            (Sending::Awaited, None) => Ok(()),
        }
    }

    /// Sends messages whose caller waits, every one of them.
    ///
    /// # Errors
    /// As [`Latchkey::deliver`], for the first that could not be sent.
    pub(crate) async fn deliver_all(
        &self,
        messages: impl IntoIterator<Item = (Queued, Notification<'_>)>,
    ) -> Result<()> {
        let mut outcome = Ok(());
        for (queued, notification) in messages {
            let sent = self.deliver(Sending::Awaited, queued, notification).await;
            outcome = outcome.and(sent);
        }
        outcome
    }

    /// Sends what waits in the outbox that nobody is sending: what could not be sent before, and what a process left
    /// behind that is no more. To be called from time to time.
    pub async fn send_due_messages(&self) {
        let now = self.now();
        match self.store.read(move |r| r.has_due_message(now)).await {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => return tracing::error!(%error, "the outbox cannot be read"),
        }
        let mut lanes = tokio::task::JoinSet::new();
        for _ in 0..LANES {
            let latchkey = self.clone();
            lanes.spawn(async move { while latchkey.send_next().await {} });
        }
        lanes.join_all().await;
    }

    /// Sends the message that has been due longest; false where there is none.
    async fn send_next(&self) -> bool {
        let now = self.now();
        let lease = self.draw_lease(now);
        let taken = lease.clone();
        match self.store.write(move |tx| tx.lease_due_message(&taken, now)).await {
            Ok(Some(leased)) => {
                self.send_leased(leased, &lease).await;
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read");
                false
            }
        }
    }

    /// Sends a message of our own, unless somebody else was faster.
    async fn send_queued(&self, id: String) {
        let now = self.now();
        let lease = self.draw_lease(now);
        let taken = lease.clone();
        match self.store.write(move |tx| tx.lease_message(&id, &taken, now)).await {
            Ok(Some(leased)) => self.send_leased(leased, &lease).await,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the outbox cannot be read"),
        }
    }

    async fn send_leased(&self, leased: LeasedMessage, lease: &Lease) {
        let outcome = self.try_send_leased(&leased).await;
        let retry_at = self.next_attempt(leased.attempts, leased.useful_until);
        self.conclude(&leased.id, lease, &outcome, retry_at).await;
    }

    async fn try_send_leased(&self, leased: &LeasedMessage) -> Result<(), Failure> {
        let unreadable =
            |error: Error| Failure { is_permanent: true, reason: "the message cannot be opened".to_owned(), error };
        let body = self.unseal(Purpose::Message, &leased.id, &leased.body).map_err(unreadable)?;
        let body: Body = serde_json::from_slice(&body).map_err(|_| unreadable(Error::internal("outbox body")))?;
        let kind = Kind::parse(&body.kind).ok_or_else(|| unreadable(Error::internal("outbox purpose")))?;
        let (pool, client) = self.sender_of(leased, &body).await.map_err(|error| Failure {
            is_permanent: !error.is_internal(),
            reason: "its pool cannot be read".to_owned(),
            error,
        })?;
        let medium = if body.is_sms { Medium::Sms } else { Medium::Email };
        let delivery = Delivery { medium, address: body.address };
        let sender = Sender { pool: &pool, client: client.as_ref() };
        self.try_send(Notification { sender, kind, delivery: &delivery, username: &body.username, code: &body.code })
            .await
    }

    async fn sender_of(&self, leased: &LeasedMessage, body: &Body) -> Result<(Pool, Option<Client>)> {
        let pool = self.pool(leased.pool.as_str()).await?;
        let client = match body.client.clone() {
            Some(id) => self.store.read(move |r| r.client(&id).map_err(Error::from)).await?,
            None => None,
        };
        Ok((pool, client))
    }

    /// Writes down what became of an attempt: the message is gone, tried again, or a dead notification.
    async fn conclude(&self, id: &str, lease: &Lease, outcome: &Result<(), Failure>, retry_at: Option<Timestamp>) {
        let (message, token) = (id.to_owned(), lease.token.clone());
        let noted = match outcome {
            Ok(()) => self.store.write(move |tx| tx.message_sent(&message, &token)).await,
            Err(failure) => {
                let retry_at = retry_at.filter(|_| !failure.is_permanent);
                let reason = failure.reason.clone();
                tracing::error!(id, reason, retry = retry_at.is_some(), "a message could not be delivered");
                self.store.write(move |tx| tx.message_failed(&message, &token, &reason, retry_at)).await
            }
        };
        match noted {
            Ok(true) => {}
            Ok(false) => tracing::warn!(id, "a message took longer to send than its lease: it may be sent twice"),
            Err(error) => tracing::error!(id, %error, "what became of a message is not noted: it may be sent twice"),
        }
    }

    fn draw_lease(&self, now: Timestamp) -> Lease {
        Lease { token: world::uuid_v4(self.world.entropy()).to_string(), until: now + LEASE }
    }

    /// When a message is tried again that has been tried so often; None where it is given up.
    fn next_attempt(&self, attempts: i64, useful_until: Timestamp) -> Option<Timestamp> {
        if attempts >= MOST_ATTEMPTS {
            return None;
        }
        let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
        let pause = FIRST_PAUSE.checked_mul(1 << doublings).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE));
        // So that what failed together does not come back together.
        let quarter = u32::try_from(pause.as_millis() / 4).unwrap_or(0);
        let jitter = SignedDuration::from_millis(i64::from(world::below(self.world.entropy(), quarter)));
        Some(self.now() + pause + jitter).filter(|at| *at < useful_until)
    }
}
