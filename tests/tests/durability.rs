//! What was acknowledged is kept: the binary is killed again and again in the middle of a burst of sign-ups,
//! and every user whose sign-up was answered is there afterwards and signs in. And the answer is not written
//! before the commit is on the disk, as the system calls show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, reason = "it outlives other programs and kills them at moments of its choosing")]

#[path = "durability/burst.rs"]
mod burst;
#[path = "durability/mail.rs"]
mod mail;
#[path = "durability/pool.rs"]
mod pool;
#[path = "durability/trace.rs"]
mod trace;

use std::time::Duration;

use test_postgres::Cluster;
use test_server::{Launch, binary};

use burst::Burst;
use pool::Town;

/// How often the server is killed.
const KILLS: u32 = 22;
/// Every so often PostgreSQL crashes with it.
const CRASHES: u32 = 5;

#[test]
fn acknowledged_sign_ups_outlive_kills_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let launch = Launch::new(&binary().unwrap(), folder.path()).unwrap();
    outlive(&launch, None);
}

#[test]
fn acknowledged_sign_ups_outlive_kills_on_postgres() {
    let cluster = Cluster::start_durable().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let launch = Launch::new(&binary().unwrap(), folder.path()).unwrap().on_postgres(cluster.url());
    outlive(&launch, Some(&cluster));
}

fn outlive(launch: &Launch, cluster: Option<&Cluster>) {
    let mut chance = burst::Chance::named("LATCHKEY_SEED");
    println!("seed {}", chance.seed);
    let mut server = launch.start().unwrap();
    let town = Town::found(launch, &server);
    let mut acknowledged = Vec::new();
    let mut cut_off = 0;
    for kill in 0..KILLS {
        let burst = Burst::start(launch, &town, kill);
        // From before the first answer to some hundred users later.
        std::thread::sleep(Duration::from_micros(chance.below(180_000)));
        server.kill();
        if let Some(cluster) = cluster
            && kill % (KILLS / CRASHES) == 0
        {
            cluster.crash().unwrap();
        }
        let told = burst.end();
        server = launch.start().unwrap();
        town.all_sign_in(launch, &told.acknowledged);
        town.none_is_half_there(launch, &told.unanswered);
        cut_off += told.unanswered.len();
        acknowledged.extend(told.acknowledged);
    }
    // The later kills took nothing of what earlier ones had left.
    town.all_are_there(launch, &acknowledged);
    println!("{KILLS} kills, {} sign-ups acknowledged, {cut_off} cut off", acknowledged.len());
    assert!(acknowledged.len() > KILLS as usize, "the bursts were too small to say anything");
    assert!(cut_off >= KILLS as usize / 2, "the kills met too few sign-ups in the making");
    server.kill();
}

#[test]
fn mail_outlives_a_kill_and_leaves_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    mail::outlive(&Launch::new(&binary().unwrap(), folder.path()).unwrap());
}

#[test]
fn mail_outlives_a_kill_and_leaves_once_on_postgres() {
    let cluster = Cluster::start_durable().unwrap();
    let folder = tempfile::tempdir().unwrap();
    mail::outlive(&Launch::new(&binary().unwrap(), folder.path()).unwrap().on_postgres(cluster.url()));
}

#[test]
fn the_answer_waits_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let calls = folder.path().join("calls");
    let launch = Launch::new(&binary().unwrap(), folder.path()).unwrap();
    let calls_name = calls.to_str().unwrap();
    let watched = "trace=read,recvfrom,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync";
    let server =
        launch.clone().under("strace", &["-f", "-y", "-s", "2048", "-e", watched, "-o", calls_name]).start().unwrap();
    let town = Town::found(&launch, &server);
    town.sign_up(&mut server.connect().unwrap(), "ada").unwrap();
    let tracee = trace::child_of(server.pid());
    server.stop(tracee).unwrap();
    let calls = std::fs::read_to_string(&calls).unwrap();
    trace::assert_synced_before_answered(&calls, "AWSCognitoIdentityProviderService.SignUp", "UserSub");
}
