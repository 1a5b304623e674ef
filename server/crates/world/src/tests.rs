//! The fakes and what is made of chance.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;

use crate::fake::{FakeEntropy, FakeWorld};
use crate::{Entropy, FetchLimits, Net, NetError, alphabet, below, bytes, digits, token, uuid_v4, uuid_v7};

const LIMITS: FetchLimits = FetchLimits { max_bytes: 10, timeout: Duration::from_secs(1) };

#[test]
fn the_clock_moves_only_by_hand() {
    let fake = FakeWorld::new(1);
    let world = fake.world();
    let start = world.now();
    assert_eq!(start.to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(world.now(), start);
    fake.clock.advance(SignedDuration::from_millis(1500));
    assert_eq!(world.now().duration_since(start), SignedDuration::from_millis(1500));
    fake.clock.advance(SignedDuration::MAX);
    assert_eq!(world.now(), jiff::Timestamp::MAX);
    fake.clock.set(start);
    assert_eq!(world.now(), start);
}

#[test]
fn the_same_seed_repeats_and_another_does_not() {
    let (a, b, c) = (FakeEntropy::new(7), FakeEntropy::new(7), FakeEntropy::new(8));
    let first: [u8; 33] = bytes(&a);
    assert_eq!(first, bytes::<33>(&b));
    assert_ne!(first, bytes::<33>(&c));
    assert_ne!(first, bytes::<33>(&a));
}

#[test]
fn uuids_have_their_version_variant_and_instant() {
    let world = FakeWorld::new(2).world();
    let v4 = uuid_v4(&world);
    assert_eq!((v4.get_version_num(), v4.get_variant()), (4, uuid::Variant::RFC4122));
    let v7 = uuid_v7(&world, world.now());
    assert_eq!((v7.get_version_num(), v7.get_variant()), (7, uuid::Variant::RFC4122));
    let mut millis = [0; 8];
    millis[2..].copy_from_slice(&v7.as_bytes()[..6]);
    assert_eq!(u64::from_be_bytes(millis), 1_767_225_600_000);
    assert_ne!(v7, uuid_v7(&world, world.now()));
}

/// Gives the bytes it was made of, then zeros.
struct Script(std::sync::Mutex<Vec<u8>>);
impl Entropy for Script {
    fn fill(&self, out: &mut [u8]) {
        let mut left = self.0.lock().unwrap();
        for byte in out {
            *byte = if left.is_empty() { 0 } else { left.remove(0) };
        }
    }
}

#[test]
fn values_that_would_tilt_the_result_are_drawn_again() {
    // u32::MAX and u32::MAX - 5 lie in the incomplete last block for 10; 23 does not.
    let mut script = vec![255; 4];
    script.extend((u32::MAX - 5).to_le_bytes());
    script.extend(23u32.to_le_bytes());
    let entropy = Script(script.into());
    assert_eq!(below(&entropy, 10), 3);
    assert_eq!(below(&entropy, 0), 0);
}

#[test]
fn codes_use_every_digit_about_equally() {
    let world = FakeWorld::new(3).world();
    let code = digits(&world, 20_000);
    assert_eq!(code.len(), 20_000);
    for digit in '0'..='9' {
        let seen = code.chars().filter(|c| *c == digit).count();
        // 2000 expected, standard deviation 42.
        assert!((1_780..2_220).contains(&seen), "{digit}: {seen}");
    }
    assert_eq!(token(&world, 5, ""), "");
    assert!(token(&world, 500, alphabet::BASE32).chars().all(|c| alphabet::BASE32.contains(c)));
}

#[tokio::test]
async fn the_network_answers_from_its_script_and_remembers() {
    let fake = FakeWorld::new(4);
    fake.net
        .rule(|request| (request.uri().host() == Some("idp.example")).then(|| Ok(Response::new(Bytes::from("rule")))));
    fake.net.push(Ok(Response::new(Bytes::from("first"))));
    fake.net.push(Err(NetError::Timeout));
    fake.net.push(Ok(Response::new(Bytes::from("far too long"))));
    let world = fake.world();
    let ask = |uri: &str| Request::get(uri).body(Bytes::new()).unwrap();
    let first = world.net().fetch(ask("https://a.example/1"), LIMITS).await.unwrap();
    assert_eq!(first.body(), "first");
    let second = fake.net.fetch(ask("https://a.example/2"), LIMITS).await;
    assert_eq!(second.unwrap_err(), NetError::Timeout);
    let third = fake.net.fetch(ask("https://a.example/3"), LIMITS).await;
    assert_eq!(third.unwrap_err(), NetError::TooLarge { limit: 10 });
    let fourth = fake.net.fetch(ask("https://idp.example/"), LIMITS).await;
    assert_eq!(fourth.unwrap().body(), "rule");
    let fifth = fake.net.fetch(ask("https://other.example/"), LIMITS).await;
    assert!(matches!(fifth, Err(NetError::Connect(_))));
    assert_eq!(fake.net.requests().len(), 5);
    assert_eq!(fake.net.requests()[1].uri().path(), "/2");
    assert_eq!(fake.net.limits()[0], LIMITS);
}
