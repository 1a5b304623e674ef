//! A burst of concurrent sign-ups that ends when the server does.

use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use test_server::{Connection, Launch};

use crate::pool::{HANDS, Town};

/// Repeatable chance (SplitMix64).
pub struct Chance {
    /// What it began with.
    pub seed: u64,
    state: u64,
}

impl Chance {
    /// Begins with what the environment says, else with the time.
    pub fn named(variable: &str) -> Self {
        let given = std::env::var(variable).ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            u64::try_from(since.as_micros()).unwrap()
        });
        Self { seed, state: seed }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// What became of the sign-ups.
#[derive(Default)]
pub struct Told {
    /// Answered with success.
    pub acknowledged: Vec<String>,
    /// Sent, and then the server was gone.
    pub unanswered: Vec<String>,
}

/// A running burst.
pub struct Burst(Vec<JoinHandle<Told>>);

impl Burst {
    /// Starts it: every hand signs up one user after the other until the server is gone.
    pub fn start(launch: &Launch, town: &Town, number: u32) -> Self {
        let hand = |hand: usize| {
            let (address, town) = (launch.address(), town.clone());
            std::thread::spawn(move || {
                let mut told = Told::default();
                let Ok(mut connection) = Connection::open(address) else {
                    return told;
                };
                for user in 0.. {
                    let name = format!("user-{number}-{hand}-{user}");
                    if connection.send(&town.sign_up_request(&name)).is_err() {
                        break;
                    }
                    let Ok(answer) = connection.receive() else {
                        told.unanswered.push(name);
                        break;
                    };
                    assert_eq!(answer.status, 200, "{name}: {}", String::from_utf8_lossy(&answer.body));
                    told.acknowledged.push(name);
                }
                told
            })
        };
        Self((0..HANDS).map(hand).collect())
    }

    /// What every hand was told, once the server is dead.
    pub fn end(self) -> Told {
        let mut all = Told::default();
        for hand in self.0 {
            let told = hand.join().unwrap();
            all.acknowledged.extend(told.acknowledged);
            all.unanswered.extend(told.unanswered);
        }
        all
    }
}
