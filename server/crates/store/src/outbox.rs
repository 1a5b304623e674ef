//! Mail and SMS on their way.
//!
//! A message is written in the transaction that decided to send it, so that either both hold or neither. Whoever sends
//! it takes a lease first; a lease that ends without a word is another process's to take. A message that has left is
//! removed; one that cannot leave stays as a dead letter, without what it said, until it is swept.

use domain::{PoolId, Sealed};
use jiff::Timestamp;

use crate::connection::{Reader, Tx};
use crate::value::{Row, params};
use crate::{Result, StoreError};

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Unique.
    pub id: String,
    /// Whose message it is; it goes with the pool.
    pub pool: PoolId,
    /// `email` or `sms`.
    pub channel: String,
    /// Why it is sent, in one word: not secret, as the channel.
    pub purpose: String,
    /// What it says and to whom, sealed.
    pub body: Sealed,
    /// When it was decided.
    pub created_at: Timestamp,
    /// From when on anybody may send it; until then it is its writer's.
    pub due_at: Timestamp,
    /// From when on it is of no more use, as a code that has expired.
    pub useful_until: Timestamp,
    /// When it is forgotten, whatever became of it.
    pub expires_at: Timestamp,
}

/// The right to send a message, for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Whose lease it is: drawn anew for each.
    pub token: String,
    /// When it ends: then somebody else may take the message.
    pub until: Timestamp,
}

/// A message that is the caller's to send, until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedMessage {
    /// Its id.
    pub id: String,
    /// Whose message it is.
    pub pool: PoolId,
    /// What it says and to whom, sealed.
    pub body: Sealed,
    /// Attempts so far, this one included.
    pub attempts: i64,
    /// From when on it is of no more use.
    pub useful_until: Timestamp,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxState {
    /// It is sent now, or will be.
    Waiting,
    /// It could not be sent, and will not be.
    Dead,
}

/// A message as an operator may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its id.
    pub id: String,
    /// Whose message it is.
    pub pool: PoolId,
    /// `email` or `sms`.
    pub channel: String,
    /// Why it is sent.
    pub purpose: String,
    /// What becomes of it.
    pub state: OutboxState,
    /// Attempts so far.
    pub attempts: i64,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When it is tried next; while it is being sent, when the lease ends.
    pub due_at: Timestamp,
    /// Why the last attempt failed. It names no address and quotes nothing of the message.
    pub last_error: Option<String>,
}

impl OutboxState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Dead => "dead",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        match word {
            "waiting" => Ok(Self::Waiting),
            "dead" => Ok(Self::Dead),
            _ => Err(StoreError::Unreadable("an outbox state".to_owned())),
        }
    }
}

/// Columns as [`leased`] reads them.
const LEASED: &str = "id, pool, body, attempts, useful_until";

fn leased(row: &Row<'_>) -> Result<LeasedMessage> {
    Ok(LeasedMessage {
        id: row.text(0)?,
        pool: PoolId::new(row.text(1)?),
        body: Sealed(row.bytes(2)?),
        attempts: row.int(3)?.saturating_add(1),
        useful_until: row.time(4)?,
    })
}

impl Reader {
    /// Whether a message waits to be sent that nobody is sending.
    ///
    /// # Errors
    /// The database's.
    pub fn has_due_message(&mut self, now: Timestamp) -> Result<bool> {
        let sql = "SELECT 1 FROM outbox WHERE state = 'waiting' AND due_at <= ?1 LIMIT 1";
        Ok(self.row(sql, params![now], |_| Ok(()))?.is_some())
    }

    /// How many messages are in a state.
    ///
    /// # Errors
    /// The database's.
    pub fn count_messages(&mut self, state: OutboxState) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM outbox WHERE state = ?1";
        Ok(self.row(sql, params![state.as_str()], |row| row.int(0))?.unwrap_or(0))
    }

    /// The oldest messages in a state.
    ///
    /// # Errors
    /// The database's.
    pub fn messages(&mut self, state: OutboxState, limit: u32) -> Result<Vec<OutboxEntry>> {
        let sql = "SELECT id, pool, channel, purpose, state, attempts, created_at, due_at, last_error FROM outbox
                   WHERE state = ?1 ORDER BY created_at, id LIMIT ?2";
        self.rows(sql, params![state.as_str(), i64::from(limit)], |row| {
            Ok(OutboxEntry {
                id: row.text(0)?,
                pool: PoolId::new(row.text(1)?),
                channel: row.text(2)?,
                purpose: row.text(3)?,
                state: OutboxState::parse(row.str(4)?)?,
                attempts: row.int(5)?,
                created_at: row.time(6)?,
                due_at: row.time(7)?,
                last_error: row.opt_text(8)?,
            })
        })
    }
}

impl Tx {
    /// Puts a message into the outbox; with a lease it is the caller's to send at once, and counts as tried.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`message`); [`StoreError::Orphan`] without its pool; the database's.
    pub fn insert_message(&mut self, message: &OutboxMessage, lease: Option<&Lease>) -> Result<()> {
        let sql = "INSERT INTO outbox (id, pool, channel, purpose, state, attempts, created_at, due_at, useful_until,
                   expires_at, lease, body) VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                   ON CONFLICT DO NOTHING";
        let values = params![
            &message.id,
            &message.pool,
            &message.channel,
            &message.purpose,
            lease.is_some(),
            message.created_at,
            lease.map_or(message.due_at, |lease| lease.until),
            message.useful_until,
            message.expires_at,
            lease.map(|lease| lease.token.as_str()),
            &message.body,
        ];
        self.insert("message", sql, values)
    }

    /// Takes the lease of a message that the caller has put in; None where somebody else was faster, or it is gone.
    ///
    /// # Errors
    /// The database's.
    pub fn lease_message(&mut self, id: &str, lease: &Lease, now: Timestamp) -> Result<Option<LeasedMessage>> {
        let sql = format!(
            "SELECT {LEASED} FROM outbox WHERE id = ?1 AND state = 'waiting' AND useful_until > ?2
             AND (due_at <= ?2 OR (lease IS NULL AND attempts = 0))"
        );
        let found = self.row_to_update(&sql, params![id, now], leased)?;
        self.take_lease(found, lease)
    }

    /// Takes the lease of the message that has been due longest; None where none is. What is of no more use becomes a
    /// dead letter on the way.
    ///
    /// # Errors
    /// The database's.
    pub fn lease_due_message(&mut self, lease: &Lease, now: Timestamp) -> Result<Option<LeasedMessage>> {
        let sql = "UPDATE outbox SET state = 'dead', body = NULL, lease = NULL,
                   last_error = COALESCE(last_error, 'nobody sent it in time')
                   WHERE state = 'waiting' AND due_at <= ?1 AND useful_until <= ?1";
        self.run(sql, params![now])?;
        let sql = format!(
            "SELECT {LEASED} FROM outbox WHERE state = 'waiting' AND due_at <= ?1 AND useful_until > ?1
             ORDER BY due_at, id LIMIT 1"
        );
        let sql = self.dialect().locking_what_is_free(&sql);
        let found = self.row(&sql, params![now], leased)?;
        self.take_lease(found, lease)
    }

    fn take_lease(&mut self, found: Option<LeasedMessage>, lease: &Lease) -> Result<Option<LeasedMessage>> {
        if let Some(message) = &found {
            let sql = "UPDATE outbox SET lease = ?2, due_at = ?3, attempts = ?4 WHERE id = ?1";
            self.run(sql, params![&message.id, &lease.token, lease.until, message.attempts])?;
        }
        Ok(found)
    }

    /// Removes a message that has left; false where the lease is somebody else's by now.
    ///
    /// # Errors
    /// The database's.
    pub fn message_sent(&mut self, id: &str, lease: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM outbox WHERE id = ?1 AND lease = ?2", params![id, lease])? > 0)
    }

    /// Notes that a message could not be sent: it is tried again at `retry_at`, or becomes a dead letter without one.
    /// False where the lease is somebody else's by now.
    ///
    /// # Errors
    /// The database's.
    pub fn message_failed(&mut self, id: &str, lease: &str, reason: &str, retry_at: Option<Timestamp>) -> Result<bool> {
        let changed = match retry_at {
            Some(retry_at) => {
                let sql = "UPDATE outbox SET lease = NULL, due_at = ?4, last_error = ?3 WHERE id = ?1 AND lease = ?2";
                self.run(sql, params![id, lease, reason, retry_at])?
            }
            None => {
                let sql = "UPDATE outbox SET lease = NULL, state = 'dead', body = NULL, last_error = ?3
                           WHERE id = ?1 AND lease = ?2";
                self.run(sql, params![id, lease, reason])?
            }
        };
        Ok(changed > 0)
    }
}
