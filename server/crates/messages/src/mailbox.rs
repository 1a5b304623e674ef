//! The developer's mailbox: messages that go nowhere and can be read here.

use std::collections::VecDeque;
use std::fmt;
use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use base64::Engine as _;
use jiff::Timestamp;
use serde::Serialize;
use world::World;

use crate::{Channel, LOGO, Message, MessageSender, NotSent, Picture, Purpose};

/// Messages kept; beyond that the oldest is dropped.
const CAPACITY: usize = 1_000;

/// A message in the mailbox, as its JSON says it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Unique, UUID-shaped.
    pub id: String,
    /// When it arrived: RFC 3339 in UTC, with milliseconds.
    pub at: String,
    /// `email` or `sms`.
    pub channel: Channel,
    /// The address.
    pub to: String,
    /// Why it was sent.
    pub purpose: Purpose,
    /// Mail's subject.
    pub subject: Option<String>,
    /// Plain text.
    pub text: String,
    /// Mail's HTML part.
    pub html: Option<String>,
    /// What the HTML part shows as `cid:` and [`LOGO`].
    #[serde(skip)]
    pub logo: Option<Picture>,
    /// The code within, bare.
    pub code: Option<String>,
    /// The link within.
    pub link: Option<String>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("id", &self.id).field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

impl Entry {
    /// The HTML part as a page can show it: the logo is a `data:` address.
    pub fn page(&self) -> Option<String> {
        let html = self.html.as_deref()?;
        Some(match &self.logo {
            Some(logo) => {
                let data = base64::engine::general_purpose::STANDARD.encode(&logo.bytes);
                html.replace(&format!("\"cid:{LOGO}\""), &format!("\"data:{};base64,{data}\"", logo.media_type))
            }
            None => html.to_owned(),
        })
    }
}

/// Keeps the newest thousand messages in memory. Only for development: it tells codes to whoever asks.
pub struct Mailbox {
    world: World,
    capacity: usize,
    entries: Mutex<VecDeque<Arc<Entry>>>,
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox").field("entries", &self.held().len()).finish_non_exhaustive()
    }
}

impl Mailbox {
    /// An empty one, which dates and numbers its messages by `world`.
    pub fn new(world: World) -> Self {
        Self::with_capacity(world, CAPACITY)
    }

    fn with_capacity(world: World, capacity: usize) -> Self {
        Self { world, capacity, entries: Mutex::default() }
    }

    /// The messages, newest first; with an address, only those to it (in any case).
    pub fn entries(&self, to: Option<&str>) -> Vec<Arc<Entry>> {
        self.held().iter().filter(|entry| is_to(entry, to)).cloned().collect()
    }

    /// One message.
    pub fn entry(&self, id: &str) -> Option<Arc<Entry>> {
        self.held().iter().find(|entry| entry.id == id).cloned()
    }

    /// Throws messages away, those to an address or all; answers how many there were.
    pub fn empty(&self, to: Option<&str>) -> usize {
        let mut entries = self.held();
        let before = entries.len();
        entries.retain(|entry| !is_to(entry, to));
        before - entries.len()
    }

    fn held(&self) -> MutexGuard<'_, VecDeque<Arc<Entry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_to(entry: &Entry, to: Option<&str>) -> bool {
    to.is_none_or(|to| entry.to.eq_ignore_ascii_case(to))
}

/// `2026-01-01T00:00:00.000Z`
fn rfc3339(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[async_trait]
impl MessageSender for Mailbox {
    fn is_instant(&self) -> bool {
        true
    }

    async fn send(&self, mut message: Message) -> Result<(), NotSent> {
        let entry = Entry {
            id: world::uuid_v4(self.world.entropy()).to_string(),
            at: rfc3339(self.world.now()),
            channel: message.channel,
            to: take(&mut message.to),
            purpose: message.purpose,
            subject: message.subject.take(),
            text: take(&mut message.text),
            html: message.html.take(),
            logo: message.logo.take(),
            code: message.code.take(),
            link: message.link.take(),
        };
        let mut entries = self.held();
        entries.push_front(Arc::new(entry));
        entries.truncate(self.capacity);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use world::fake::FakeWorld;

    use super::*;

    fn message(to: &str, code: &str) -> Message {
        Message {
            channel: Channel::Email,
            to: to.to_owned(),
            purpose: Purpose::SignUp,
            subject: Some("Your verification code".to_owned()),
            text: format!("Your verification code is {code}. "),
            html: None,
            logo: None,
            code: Some(code.to_owned()),
            link: None,
            from: None,
            reply_to: None,
        }
    }

    #[tokio::test]
    async fn the_newest_comes_first_and_only_so_many_are_kept() {
        let world = FakeWorld::new(1);
        let mailbox = Mailbox::with_capacity(world.world(), 3);
        for code in ["1", "2", "3", "4"] {
            world.clock.advance(jiff::SignedDuration::from_millis(1));
            mailbox.send(message("a@example.com", code)).await.unwrap();
        }
        let codes: Vec<_> = mailbox.entries(None).iter().map(|entry| entry.code.clone().unwrap()).collect();
        assert_eq!(codes, ["4", "3", "2"]);
        let newest = mailbox.entries(None)[0].clone();
        assert_eq!(newest.at, "2026-01-01T00:00:00.004Z");
        assert_eq!(mailbox.entry(&newest.id), Some(newest));
        assert_eq!(mailbox.entry("none"), None);
    }

    #[tokio::test]
    async fn an_address_sees_and_empties_its_own() {
        let mailbox = Mailbox::new(FakeWorld::new(1).world());
        for to in ["a@example.com", "b@example.com", "A@example.com"] {
            mailbox.send(message(to, "1")).await.unwrap();
        }
        assert_eq!(mailbox.entries(Some("a@EXAMPLE.com")).len(), 2);
        assert_eq!(mailbox.empty(Some("a@example.com")), 2);
        assert_eq!(mailbox.entries(None).len(), 1);
        assert_eq!(mailbox.empty(None), 1);
        assert!(mailbox.entries(None).is_empty());
    }

    #[test]
    fn debug_tells_no_code() {
        assert!(!format!("{:?}", message("a@example.com", "135790")).contains("135790"));
    }
}
