//! Messages on their way: each leaves once, whoever sends it and whoever dies meanwhile.

use std::collections::BTreeMap;

use domain::Sealed;
use jiff::Timestamp;
use store::{Lease, LeasedMessage, OutboxState, Store, StoreError};
use tokio::task::JoinSet;

use crate::Fixture;
use crate::things::{POOL, at, message, with_pool};

async fn put(store: &Store, id: &str, lease: Option<Lease>) {
    let message = message(id, POOL);
    store.write(move |tx| tx.insert_message(&message, lease.as_ref())).await.unwrap();
}

fn lease(token: &str, until: i64) -> Lease {
    Lease { token: token.to_owned(), until: at(until) }
}

async fn lease_due(store: &Store, token: &str, until: i64, now: i64) -> Option<LeasedMessage> {
    let lease = lease(token, until);
    store.write(move |tx| tx.lease_due_message(&lease, at(now))).await.unwrap()
}

async fn lease_one(store: &Store, id: &'static str, token: &str, until: i64, now: i64) -> Option<LeasedMessage> {
    let lease = lease(token, until);
    store.write(move |tx| tx.lease_message(id, &lease, at(now))).await.unwrap()
}

async fn sent(store: &Store, id: &'static str, token: &'static str) -> bool {
    store.write(move |tx| tx.message_sent(id, token)).await.unwrap()
}

async fn failed(store: &Store, id: &'static str, token: &'static str, retry_at: Option<Timestamp>) -> bool {
    store.write(move |tx| tx.message_failed(id, token, "refused with 450", retry_at)).await.unwrap()
}

async fn is_due(store: &Store, now: i64) -> bool {
    store.read(move |r| r.has_due_message(at(now))).await.unwrap()
}

pub(crate) async fn messages_leave_once(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    put(&store, "a", None).await;
    let again = message("a", POOL);
    let taken = store.write(move |tx| tx.insert_message(&again, None)).await;
    assert_eq!(taken.unwrap_err().taken(), Some("message"));
    let nowhere = message("b", "r_Nowhere");
    let refused = store.write(move |tx| tx.insert_message(&nowhere, None)).await;
    assert!(matches!(refused, Err(StoreError::Orphan(_))));

    // At first it is its writer's alone.
    assert!(!is_due(&store, 9).await && is_due(&store, 10).await);
    assert_eq!(lease_due(&store, "other", 69, 9).await, None);
    let leased = lease_one(&store, "a", "first", 60, 0).await.unwrap();
    let expected = message("a", POOL);
    assert_eq!((leased.body, leased.pool, leased.attempts), (expected.body, expected.pool, 1));
    assert_eq!(leased.useful_until, expected.useful_until);
    // While it is being sent it is nobody else's.
    assert!(!is_due(&store, 59).await);
    assert_eq!(lease_one(&store, "a", "second", 120, 59).await, None);
    assert_eq!(lease_due(&store, "second", 120, 59).await, None);
    assert!(!sent(&store, "a", "second").await && !failed(&store, "a", "second", None).await);
    assert!(sent(&store, "a", "first").await);
    assert!(!sent(&store, "a", "first").await);
    assert_eq!(store.read(|r| r.count_messages(OutboxState::Waiting)).await.unwrap(), 0);
}

pub(crate) async fn a_lease_that_ended_is_taken_over(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    // Its sender puts it in and is killed.
    put(&store, "a", Some(lease("killed", 60))).await;
    assert_eq!(lease_due(&store, "other", 120, 59).await, None);
    let taken = lease_due(&store, "other", 120, 60).await.unwrap();
    assert_eq!((taken.id.as_str(), taken.attempts), ("a", 2));
    // What is said of it by a sender that was only slow does not count any more.
    assert!(!failed(&store, "a", "killed", None).await && !sent(&store, "a", "killed").await);
    assert!(sent(&store, "a", "other").await);
}

pub(crate) async fn failures_are_tried_again_and_end_as_dead_letters(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    put(&store, "a", None).await;
    lease_due(&store, "1", 60, 10).await.unwrap();
    assert!(failed(&store, "a", "1", Some(at(30))).await);
    assert_eq!(lease_one(&store, "a", "2", 90, 29).await, None, "its writer waits like everybody");
    assert!(!sent(&store, "a", "1").await, "a lease ends with the attempt");
    assert_eq!(lease_due(&store, "2", 90, 29).await, None);
    assert_eq!(lease_due(&store, "2", 90, 30).await.unwrap().attempts, 2);
    assert!(failed(&store, "a", "2", None).await);

    assert!(!is_due(&store, 1_000).await);
    assert_eq!(lease_one(&store, "a", "3", 2_000, 1_000).await, None);
    let dead = store.read(|r| r.messages(OutboxState::Dead, 10)).await.unwrap();
    let [letter] = dead.as_slice() else { panic!("{dead:?}") };
    assert_eq!((letter.id.as_str(), letter.attempts, letter.state), ("a", 2, OutboxState::Dead));
    assert_eq!((letter.channel.as_str(), letter.purpose.as_str()), ("email", "SignUp"));
    assert_eq!(letter.last_error.as_deref(), Some("refused with 450"));
    assert_eq!(store.read(|r| r.count_messages(OutboxState::Dead)).await.unwrap(), 1);
    // It is forgotten in the end, and not before.
    assert_eq!(store.sweep(at(4_999)).await.unwrap(), 0);
    assert_eq!(store.sweep(at(5_000)).await.unwrap(), 1);
}

pub(crate) async fn what_is_of_no_more_use_is_not_sent(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    put(&store, "a", None).await;
    put(&store, "b", Some(lease("killed", 60))).await;
    assert_eq!(lease_one(&store, "a", "1", 2_000, 1_000).await, None);
    assert_eq!(lease_due(&store, "1", 2_000, 1_000).await, None);
    let dead = store.read(|r| r.messages(OutboxState::Dead, 10)).await.unwrap();
    let reasons: Vec<_> = dead.iter().map(|letter| (letter.id.as_str(), letter.last_error.as_deref())).collect();
    assert_eq!(reasons, [("a", Some("nobody sent it in time")), ("b", Some("nobody sent it in time"))]);
    assert!(!sent(&store, "b", "killed").await);
}

pub(crate) async fn one_of_many_leases_each_message(Fixture { store, .. }: Fixture) {
    const MESSAGES: usize = 40;
    with_pool(&store).await;
    for number in 0..MESSAGES {
        put(&store, &format!("m{number}"), None).await;
    }
    let mut tasks = JoinSet::new();
    for task in 0..10 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut sent = Vec::new();
            for round in 0.. {
                let lease = lease(&format!("{task}-{round}"), 60);
                let token = lease.token.clone();
                let leased = store.write(move |tx| tx.lease_due_message(&lease, at(10))).await.unwrap();
                let Some(LeasedMessage { id, body: Sealed(body), .. }) = leased else { break };
                assert!(!body.is_empty());
                let gone = id.clone();
                assert!(store.write(move |tx| tx.message_sent(&gone, &token)).await.unwrap());
                sent.push(id);
            }
            sent
        });
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for id in tasks.join_all().await.into_iter().flatten() {
        *counts.entry(id).or_default() += 1;
    }
    assert_eq!(counts.len(), MESSAGES, "none is passed over");
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
}
