//! What the server costs, beside what its cryptography alone costs on the same machine in the same minutes.
//!
//! Everything is measured in rounds, one kind of load after the other, and told as the median over the rounds;
//! rates are per second of the server's CPU time. Ratios travel to other machines, rates do not.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures the machine it runs on")]

mod browser;
mod cpu;
mod house;
mod limits;
mod median;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use test_server::{Launch, Server, binary};

use house::{House, Load, Worker};
use limits::Limits;
use median::median;
use report::{Measured, Report};

const USAGE: &str = "latchkey-bench [--rounds N] [--seconds S] [--write FILE] [--browser SCRIPT]

  --rounds N         how often everything is measured (5)
  --seconds S        how long each load runs in a round (1)
  --write FILE       put the table between this Markdown file's markers
  --browser SCRIPT   also run this Node.js script, which signs in in Chromium
  --only LOAD        nothing but this, for a profiler: tokens, srp, password, refresh or jwks

The server is LATCHKEY_BIN, else the one under target/release.
";

/// Connections at once.
const CONNECTIONS: usize = 8;
/// How long the signatures beside a profiled load run.
const BESIDE: Duration = Duration::from_millis(500);
/// Starts that are timed.
const STARTS: usize = 7;

struct Asked {
    rounds: usize,
    time: Duration,
    write: Option<PathBuf>,
    browser: Option<PathBuf>,
    only: Option<Load>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match asked(&arguments).and_then(|asked| bench(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn asked(arguments: &[String]) -> Result<Asked, String> {
    let mut asked = Asked { rounds: 5, time: Duration::from_secs(1), write: None, browser: None, only: None };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{name} needs a value\n\n{USAGE}"));
        let number = |value: &String| value.parse::<f64>().map_err(|error| format!("{value}: {error}"));
        match name.as_str() {
            "--rounds" => asked.rounds = value()?.parse().map_err(|error| format!("--rounds: {error}"))?,
            "--seconds" => {
                let seconds = number(value()?)?;
                asked.time = Duration::try_from_secs_f64(seconds).map_err(|error| format!("--seconds: {error}"))?;
            }
            "--write" => asked.write = Some(value()?.into()),
            "--browser" => asked.browser = Some(value()?.into()),
            "--only" => asked.only = Some(Load::named(value()?).ok_or(USAGE)?),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(asked)
}

fn bench(asked: &Asked) -> Result<(), String> {
    let binary = binary()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    // Its log goes to a file: that costs what it costs in use.
    let launch = Launch::new(&binary, folder.path())?;
    let mut report = Report::default();
    report.note("binary, stripped, everything embedded", size(&binary)?);
    let server = starts(&launch, &mut report)?;
    let house = House::furnish(&launch, &server)?;
    let limits = Limits::new()?;
    if let Some(load) = asked.only {
        println!("process {}", server.pid());
        let beside = limits.signatures(BESIDE)?;
        for _ in 0..asked.rounds {
            println!("{:.0}/s", drive(asked.time, load, &house, &launch, &server)?);
        }
        println!("{beside:.0} and {:.0} signatures/s before and after", limits.signatures(BESIDE)?);
        return Ok(());
    }
    println!("{} rounds of {} s each", asked.rounds, asked.time.as_secs_f64());
    let mut measured = Measured::default();
    for round in 1..=asked.rounds {
        one_round(asked.time, &limits, &house, &launch, &server, &mut measured)?;
        println!("round {round} of {}", asked.rounds);
    }
    report.note("resident memory after that load", megabytes(cpu::resident(server.pid())?));
    report.rates(&measured, limits::openssl());
    if let Some(script) = &asked.browser {
        report.browser(browser::run(script, &house)?);
    }
    drop(server);
    println!("\n{}", report.table());
    if let Some(file) = &asked.write {
        report.write(file)?;
        println!("written to {}", file.display());
    }
    Ok(())
}

/// The first start, then starts with data that is there; gives the last one's server, after a look at its memory.
fn starts(launch: &Launch, report: &mut Report) -> Result<Server, String> {
    let first = launch.start()?;
    report.note("first start to ready (keys are made, the demo pool is seeded)", milliseconds(first.ready_after));
    first.kill();
    let mut times = Vec::new();
    loop {
        let server = launch.start()?;
        times.push(server.ready_after.as_secs_f64());
        if times.len() < STARTS {
            server.kill();
            continue;
        }
        report.aim("start to ready, data there", milliseconds(Duration::from_secs_f64(median(&mut times))), "< 300 ms");
        std::thread::sleep(Duration::from_secs(1));
        report.aim("resident memory at rest", megabytes(cpu::resident(server.pid())?), "< 40 MB");
        return Ok(server);
    }
}

fn one_round(
    time: Duration,
    limits: &Limits,
    house: &House,
    launch: &Launch,
    server: &Server,
    measured: &mut Measured,
) -> Result<(), String> {
    let raw = time / 2;
    let signatures = limits.signatures(raw)?;
    measured.token.push(signatures, drive(time, Load::ClientCredentials, house, launch, server)?);
    let exponentiations = limits.exponentiations(raw)?;
    let login = 1.0 / (3.0 / exponentiations + 2.0 / signatures);
    measured.srp.push(login, drive(time, Load::Srp, house, launch, server)?);
    let of_two = limits.exponentiations_of_two(raw)?;
    let login = 1.0 / (1.0 / of_two + 2.0 / signatures);
    measured.password.push(login, drive(time, Load::Password, house, launch, server)?);
    measured.refresh.push(signatures / 2.0, drive(time, Load::Refresh, house, launch, server)?);
    measured.jwks.push(0.0, drive(time, Load::Jwks, house, launch, server)?);
    measured.signatures.push(signatures);
    measured.exponentiations.push(exponentiations);
    measured.of_two.push(of_two);
    Ok(())
}

/// Answers a second of the server's CPU time.
fn drive(time: Duration, load: Load, house: &House, launch: &Launch, server: &Server) -> Result<f64, String> {
    let mut workers = (0..CONNECTIONS).map(|_| Worker::new(house, launch)).collect::<Result<Vec<_>, _>>()?;
    // Whatever is made at first use is made now.
    for worker in &mut workers {
        worker.once(load)?;
    }
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let begun = cpu::of_process(server.pid())?;
    let work = |worker: &mut Worker<'_>| -> Result<(), String> {
        while !stop.load(Ordering::Relaxed) {
            worker.once(load)?;
            done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let hands: Vec<_> = workers.iter_mut().map(|worker| scope.spawn(|| work(worker))).collect();
        let started = Instant::now();
        while started.elapsed() < time && !hands.iter().any(std::thread::ScopedJoinHandle::is_finished) {
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, Ordering::Relaxed);
        hands.into_iter().try_for_each(|hand| hand.join().unwrap_or_else(|_| Err("a worker panicked".to_owned())))
    })?;
    let used = cpu::of_process(server.pid())?.saturating_sub(begun);
    #[allow(clippy::cast_precision_loss, reason = "a count far below 2^52")]
    let done = done.load(Ordering::Relaxed) as f64;
    Ok(done / used.as_secs_f64())
}

fn size(file: &Path) -> Result<String, String> {
    let length = std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    Ok(megabytes(length))
}

#[allow(clippy::cast_precision_loss, reason = "told with one decimal")]
fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}
