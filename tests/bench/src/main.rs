//! What the server costs, beside what its cryptography alone costs on the same machine in the same minutes, and, if
//! asked, beside what another build of it costs.
//!
//! Everything is measured in rounds, one kind of load after the other, and told as the median over the rounds;
//! rates are per second of the server's CPU time. Ratios travel to other machines, rates do not.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures the machine it runs on")]

mod browser;
mod candidate;
mod cpu;
mod limits;
mod median;
mod pool;
mod report;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use test_server::binary;

use candidate::Candidate;
use limits::Limits;
use report::{Measured, Report};
use worker::Load;

const USAGE: &str = "latchkey-bench [--rounds N] [--seconds S] [--write FILE] [--browser SCRIPT] [--before BINARY]

  --rounds N         how often everything is measured (5)
  --seconds S        how long each load runs in a round (1)
  --write FILE       put the table between this Markdown file's markers
  --browser SCRIPT   also run this Node.js script, which signs in in Chromium
  --before BINARY    measure this build too, in turns with the other
  --only LOAD        nothing but this, for a profiler: tokens, srp, password, refresh or jwks

The server is LATCHKEY_BIN, else the one under target/release.
";

/// How long the signatures beside a profiled load run.
const BESIDE: Duration = Duration::from_millis(500);

struct Arguments {
    rounds: usize,
    time: Duration,
    write: Option<PathBuf>,
    browser: Option<PathBuf>,
    before: Option<PathBuf>,
    only: Option<Load>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match parse(&arguments).and_then(|arguments| bench(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(arguments: &[String]) -> Result<Arguments, String> {
    let mut parsed =
        Arguments { rounds: 5, time: Duration::from_secs(1), write: None, browser: None, before: None, only: None };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{name} needs a value\n\n{USAGE}"));
        let number = |value: &String| value.parse::<f64>().map_err(|error| format!("{value}: {error}"));
        match name.as_str() {
            "--rounds" => parsed.rounds = value()?.parse().map_err(|error| format!("--rounds: {error}"))?,
            "--seconds" => {
                let seconds = number(value()?)?;
                parsed.time = Duration::try_from_secs_f64(seconds).map_err(|error| format!("--seconds: {error}"))?;
            }
            "--write" => parsed.write = Some(value()?.into()),
            "--browser" => parsed.browser = Some(value()?.into()),
            "--before" => parsed.before = Some(value()?.into()),
            "--only" => parsed.only = Some(Load::named(value()?).ok_or(USAGE)?),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(parsed)
}

fn bench(arguments: &Arguments) -> Result<(), String> {
    let now = Candidate::start(&binary()?)?;
    let limits = Limits::new()?;
    if let Some(load) = arguments.only {
        return profile(arguments, load, &now, &limits);
    }
    let before = arguments.before.as_deref().map(Candidate::start).transpose()?;
    println!("{} rounds of {} s each", arguments.rounds, arguments.time.as_secs_f64());
    let mut measured = Measured::default();
    for round in 1..=arguments.rounds {
        one_round(arguments.time, &limits, &now, before.as_ref(), &mut measured)?;
        println!("round {round} of {}", arguments.rounds);
    }
    let mut report = Report::new(before.is_some());
    report.figures(&now.figures()?, before.as_ref().map(Candidate::figures).transpose()?.as_ref());
    report.rates(&measured, limits::openssl());
    if let Some(script) = &arguments.browser {
        report.browser(browser::run(script, &now.pool)?);
    }
    drop((now, before));
    println!("\n{}", report.table());
    if let Some(file) = &arguments.write {
        report.write(file)?;
        println!("written to {}", file.display());
    }
    Ok(())
}

/// One load and nothing else, so that whatever a profiler sees is that load.
fn profile(arguments: &Arguments, load: Load, now: &Candidate, limits: &Limits) -> Result<(), String> {
    println!("process {}", now.pid());
    let beside = limits.signatures(BESIDE)?;
    for _ in 0..arguments.rounds {
        println!("{:.0}/s", now.drive(arguments.time, load)?);
    }
    println!("{beside:.0} and {:.0} signatures/s before and after", limits.signatures(BESIDE)?);
    Ok(())
}

fn one_round(
    time: Duration,
    limits: &Limits,
    now: &Candidate,
    before: Option<&Candidate>,
    measured: &mut Measured,
) -> Result<(), String> {
    let both = |load: Load| -> Result<(f64, Option<f64>), String> {
        let rate = now.drive(time, load)?;
        Ok((rate, before.map(|before| before.drive(time, load)).transpose()?))
    };
    let raw = time / 2;
    let signatures = limits.signatures(raw)?;
    measured.token.push(signatures, both(Load::ClientCredentials)?);
    let exponentiations = limits.exponentiations(raw)?;
    let login = 1.0 / (3.0 / exponentiations + 2.0 / signatures);
    measured.srp.push(login, both(Load::Srp)?);
    let of_two = limits.exponentiations_of_two(raw)?;
    let login = 1.0 / (1.0 / of_two + 2.0 / signatures);
    measured.password.push(login, both(Load::Password)?);
    measured.refresh.push(signatures / 2.0, both(Load::Refresh)?);
    measured.jwks.push(0.0, both(Load::Jwks)?);
    measured.signatures.push(signatures);
    measured.exponentiations.push(exponentiations);
    measured.of_two.push(of_two);
    Ok(())
}
