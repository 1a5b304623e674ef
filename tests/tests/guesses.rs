//! Guesses at a password that come at once, to one process and to two over one database: no more are told than if they
//! had come one by one, and who knows the password is let in however many sign in at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Barrier;

use domain::Reason;
use flows::EntryPoint;
use flows::sign_in::{InitiateAuth, TypedUsername};
use futures_util::future::join_all;
use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};
use store::{Database, Store};
use test_postgres::Cluster;

const WRONG: &str = "Incorrect username or password.";
const LOCKED: &str = "Password attempts exceeded";

/// The processes over one database, and who has an account in it.
struct Scene {
    servers: Vec<TestServer>,
    pool: String,
    client: String,
}

impl Scene {
    /// So many processes over the database.
    async fn over(database: &Database, processes: usize) -> Self {
        let first = TestServer::with_store(Store::open(database).unwrap()).await;
        let pool = first.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
        let client = first.client(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
        let mut servers = vec![first];
        for _ in 1..processes {
            let another = servers[0].another_process(Store::open(database).unwrap()).await;
            servers.push(another);
        }
        Self { servers, pool, client }
    }

    async fn join(&self, name: &str) {
        Actor::join(&self.servers[0], &self.client, name).await;
    }

    /// Has each process, in a thread of its own, serve so many calls at once; answers what they said, empty for a
    /// success.
    fn at_once(&self, each: usize, call: impl AsyncFn(&TestServer, usize) -> String + Sync) -> Vec<String> {
        let begin = Barrier::new(self.servers.len());
        let serve = |server: &TestServer| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            begin.wait();
            runtime.block_on(join_all((0..each).map(|guess| call(server, guess))))
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = self.servers.iter().map(|server| scope.spawn(|| serve(server))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        })
    }

    async fn sign_in(&self, server: &TestServer, name: &str, password: &str) -> String {
        let mut actor = Actor::new(server, &self.client, name);
        actor.password = password.to_owned();
        actor.sign_in().await.message().to_owned()
    }

    /// So many wrong passwords at once.
    fn guess(&self, each: usize, name: &str) -> Vec<String> {
        self.at_once(each, async |server, guess| self.sign_in(server, name, &format!("Gu3ss-{guess}!")).await)
    }

    async fn srp_challenge(&self, name: &str) -> (srp::ClientProof, Value) {
        let (proof, challenge) = Actor::new(&self.servers[0], &self.client, name).start_srp().await;
        (proof, challenge.ok())
    }

    /// So many wrong proofs of one block at once.
    async fn guess_srp(&self, each: usize, name: &str) -> Vec<String> {
        let (proof, challenge) = self.srp_challenge(name).await;
        self.at_once(each, async |server, guess| {
            let mut thief = Actor::new(server, &self.client, name);
            thief.password = format!("Gu3ss-{guess}!");
            thief.answer_srp(&self.pool, &proof, &challenge, json!({})).await.message().to_owned()
        })
    }

    fn wait(&self, seconds: i64) {
        self.servers[0].world.clock.advance_secs(seconds);
    }
}

fn count(answers: &[String], said: &str) -> usize {
    answers.iter().filter(|answer| *answer == said).count()
}

/// Holds that so many were judged, and all others met the lock.
#[track_caller]
fn assert_judged(answers: &[String], judged: usize) {
    assert_eq!((count(answers, WRONG), count(answers, LOCKED)), (judged, answers.len() - judged));
}

async fn guesses_are_counted(scene: &Scene) {
    let each = 200 / scene.servers.len();
    let right = Actor::new(&scene.servers[0], &scene.client, "").password;
    for name in ["alice", "nobody"] {
        assert_judged(&scene.guess(each, name), 5);
        // Where a failure locks again, one is judged when the lock ends, and the lock doubles.
        for lock in [1, 2, 4] {
            scene.wait(lock);
            assert_judged(&scene.guess(each / 4, name), 1);
        }
        // Not even who knows the password is let in while the lock lasts, on any process.
        let known = scene.at_once(1, async |server, _| scene.sign_in(server, name, &right).await);
        assert_judged(&known, 0);
        scene.wait(900);
        assert_judged(&scene.guess_srp(each / 4, name).await, 5);
        scene.wait(900);
        assert_judged(&scene.guess(each / 4, name), 5);
        scene.wait(900);
    }
    for server in &scene.servers {
        assert_eq!(scene.sign_in(server, "alice", &right).await, "");
    }
}

async fn right_ones_are_let_in(scene: &Scene) {
    let right = Actor::new(&scene.servers[0], &scene.client, "").password;
    let each = 60 / scene.servers.len();
    for failures in 0..5 {
        for _ in 0..failures {
            assert_eq!(scene.sign_in(&scene.servers[0], "bob", "Gu3ss-again!").await, WRONG);
        }
        let answers = scene.at_once(each, async |server, _| scene.sign_in(server, "bob", &right).await);
        assert_eq!(count(&answers, ""), answers.len(), "{answers:?}");
    }
    let answers = scene.at_once(each, async |server, _| {
        let bob = Actor::new(server, &scene.client, "bob");
        let (proof, challenge) = bob.start_srp().await;
        bob.answer_srp(&scene.pool, &proof, &challenge.ok(), json!({})).await.message().to_owned()
    });
    assert_eq!(count(&answers, ""), answers.len(), "{answers:?}");
    // One block counts once, on whichever process.
    let (proof, challenge) = scene.srp_challenge("bob").await;
    let answers = scene.at_once(each, async |server, _| {
        let bob = Actor::new(server, &scene.client, "bob");
        bob.answer_srp(&scene.pool, &proof, &challenge, json!({})).await.message().to_owned()
    });
    assert_eq!(count(&answers, ""), 1, "{answers:?}");
    // One right among many wrong ones is told by chance only: five are told before it, or it is not.
    let answers = scene.at_once(each, async |server, guess| {
        let password = if guess == each / 2 { right.clone() } else { format!("Gu3ss-{guess}!") };
        scene.sign_in(server, "bob", &password).await
    });
    assert!(count(&answers, WRONG) <= 5 * (1 + count(&answers, "")), "{answers:?}");
}

/// Requests whose callers went away, wherever they were by then, lock nobody out for good and give no further guess.
async fn cancelled_guesses_change_nothing(scene: &Scene) {
    let server = &scene.servers[0];
    for polls in 0..40 {
        let mut guess = Box::pin(scene.sign_in(server, "carol", "Gu3ss-again!"));
        for _ in 0..polls {
            if futures_util::poll!(&mut guess).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    assert!(count(&scene.guess(20, "carol"), WRONG) <= 5);
    scene.wait(900);
    let right = Actor::new(server, &scene.client, "").password;
    assert_eq!(scene.sign_in(server, "carol", &right).await, "");
}

async fn run(database: &Database, processes: usize) {
    let scene = Scene::over(database, processes).await;
    for name in ["alice", "bob", "carol"] {
        scene.join(name).await;
    }
    guesses_are_counted(&scene).await;
    right_ones_are_let_in(&scene).await;
    cancelled_guesses_change_nothing(&scene).await;
}

#[tokio::test]
async fn in_memory() {
    run(&Database::Memory, 1).await;
}

#[tokio::test]
async fn on_a_sqlite_file() {
    for processes in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        run(&Database::Sqlite(folder.path().join("store.db")), processes).await;
    }
}

#[tokio::test]
async fn on_postgresql() {
    for processes in [1, 2] {
        let cluster = Cluster::start().unwrap();
        run(&Database::Postgres(cluster.url().to_owned()), processes).await;
    }
}

/// Right or wrong, known or unknown, by SRP or in clear: one commit each.
#[tokio::test]
async fn a_password_costs_one_commit() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::over(&Database::Sqlite(folder.path().join("store.db")), 1).await;
    scene.join("alice").await;
    let server = &scene.servers[0];
    let right = Actor::new(server, &scene.client, "").password;
    for (name, password) in [("alice", right.as_str()), ("alice", "Wr0ng-horse!"), ("nobody", "Wr0ng-horse!")] {
        let before = server.latchkey.store().counts().commits;
        scene.sign_in(server, name, password).await;
        assert_eq!(server.latchkey.store().counts().commits - before, 1, "{name}, {password}");
        let (proof, challenge) = scene.srp_challenge(name).await;
        let mut actor = Actor::new(server, &scene.client, name);
        actor.password = password.to_owned();
        let before = server.latchkey.store().counts().commits;
        actor.answer_srp(&scene.pool, &proof, &challenge, json!({})).await;
        assert_eq!(server.latchkey.store().counts().commits - before, 1, "SRP: {name}, {password}");
    }
}

/// A database that takes no more rows counts no failures; so it must not answer guesses, either.
#[tokio::test]
async fn what_cannot_be_counted_is_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let scene = Scene::over(&Database::Sqlite(file.clone()), 1).await;
    scene.join("alice").await;
    let server = &scene.servers[0];
    let sign_in = async |password: &str| {
        let app = server.latchkey.app(&scene.client).await.unwrap();
        let username = TypedUsername::new("alice").unwrap();
        let request = InitiateAuth::Password { username, password: password.into(), device: None };
        let ctx = server.latchkey.make_ctx(EntryPoint::Api);
        server.latchkey.initiate_auth(&ctx, &app, request).await.map(drop).map_err(|error| error.reason)
    };
    let right = Actor::new(server, &scene.client, "").password;
    assert_eq!(sign_in(&right).await, Ok(()));
    let database = rusqlite::Connection::open(&file).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON rate_limits BEGIN SELECT RAISE(ABORT, 'full'); END";
    database.execute_batch(full).unwrap();
    // From the first guess that is not counted on, nothing is told, whatever else can still be written in between.
    for password in ["Gu3ss-again!", &right, "Gu3ss-again!", &right] {
        assert_eq!(sign_in(password).await, Err(Reason::Internal), "{password}");
        let pool = server.latchkey.app(&scene.client).await.unwrap().pool.id.clone();
        let now = server.latchkey.now();
        server.latchkey.store().write(move |tx| tx.clear_attempts(&pool, "bob", "password")).await.unwrap();
        server.latchkey.store().sweep(now).await.unwrap();
    }
    database.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(sign_in("Gu3ss-again!").await, Err(Reason::WrongCredentials));
    assert_eq!(sign_in(&right).await, Ok(()));
    // A right password writes nothing once that is known to work.
    let commits = server.latchkey.store().counts();
    assert_eq!(sign_in(&right).await, Ok(()));
    assert_eq!(server.latchkey.store().counts().writes, commits.writes);
}
