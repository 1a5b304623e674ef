//! `cargo xtask test`: which suites run, in which order, and the line that closes the run.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use test_postgres::{Cluster, URL_VARIABLE};

use crate::build::{self, Built};
use crate::setup::{self, Need};
use crate::shell::{Outcome, Workspace, step};
use crate::suites::{Given, Lane, Suite};
use crate::tally::{Report, Tally};
use crate::{check, npm, wasm_pack};

/// Runs the suites asked for and prints a line for each; the last line is `N passed, M failed`.
pub(crate) fn test(workspace: &Workspace, arguments: &[String]) -> Outcome<ExitCode> {
    let mut asked = asked(arguments)?;
    let mut reports = Vec::new();
    if asked.check {
        reports.push(check::check(workspace));
    }
    if !asked.named && asked.suites.contains(&Suite::WasmPack) && !wasm_pack::is_asked(workspace) {
        eprintln!("==> wasm-pack is not installed; `cargo xtask test --only wasm-pack` installs it and compares");
        asked.suites.retain(|suite| *suite != Suite::WasmPack);
    }
    let (suites, absent): (Vec<Suite>, Vec<Suite>) =
        asked.suites.into_iter().partition(|suite| suite.is_there(workspace));
    if let Some(suite) = absent.first().filter(|_| asked.named) {
        return Err(format!("the suite `{}` has no tests", suite.name()));
    }
    if !suites.is_empty() {
        reports.extend(run_all(workspace, &suites, asked.fast));
    }
    let mut sum = Tally::default();
    println!();
    for report in &reports {
        println!("{}", report.line());
        sum.add(report.tally);
    }
    println!("{} passed, {} failed", sum.passed, sum.failed);
    Ok(if sum.failed == 0 && sum.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Debug)]
struct Asked {
    check: bool,
    suites: Vec<Suite>,
    /// Whether they were asked for by name.
    named: bool,
    fast: bool,
}

fn asked(arguments: &[String]) -> Outcome<Asked> {
    let mut all = Asked { check: true, suites: Suite::ALL.to_vec(), named: false, fast: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--fast" => {
                all.suites = vec![Suite::Unit];
                all.fast = true;
            }
            "--only" => {
                all.named = true;
                let names = rest.next().ok_or("--only needs the names of suites")?;
                all.check = names.split(',').any(|name| name == "check");
                all.suites =
                    names.split(',').filter(|name| *name != "check").map(Suite::named).collect::<Outcome<_>>()?;
            }
            unknown => return Err(format!("unknown option `{unknown}`")),
        }
    }
    Ok(all)
}

/// Sets up and runs; what cannot be set up has failed every suite that needs it.
fn run_all(workspace: &Workspace, suites: &[Suite], fast: bool) -> Vec<Report> {
    let needs: Vec<Need> = suites.iter().flat_map(|suite| suite.needs()).copied().collect();
    if let Err(error) = setup::meet(&needs) {
        eprintln!("setup: {error}");
        return vec![failure("setup", &error, Duration::ZERO)];
    }
    let mut reports = Vec::new();
    let mut given = Given::default();
    let started = Instant::now();
    if suites.iter().any(|suite| suite.needs_build()) && !fast {
        match step("build", || build::build(workspace, build::Server::Quick))
            .and_then(|built| pack(workspace, built, &mut given))
        {
            Ok(()) => {}
            Err(error) => {
                eprintln!("build: {error}");
                reports.push(failure("build", &error, started.elapsed()));
            }
        }
    }
    let cluster = suites.iter().any(|suite| suite.needs().iter().any(|need| matches!(need, Need::PostgreSql)));
    let cluster = cluster.then(|| step("start PostgreSQL", Cluster::start));
    match &cluster {
        Some(Ok(cluster)) => given.variables.push((URL_VARIABLE.to_owned(), cluster.url().into())),
        Some(Err(error)) => reports.push(failure("postgres", error, Duration::ZERO)),
        None => {}
    }
    let run = |lane: Lane| -> Vec<Report> {
        suites.iter().filter(|suite| suite.lane() == lane).map(|suite| run_suite(workspace, *suite, &given)).collect()
    };
    std::thread::scope(|scope| {
        let clients = scope.spawn(|| run(Lane::Clients));
        reports.extend(run(Lane::Cargo));
        reports.extend(clients.join().unwrap_or_else(|_| vec![failure("clients", "xtask panicked", Duration::ZERO)]));
    });
    reports.extend(run(Lane::Alone));
    reports
}

fn run_suite(workspace: &Workspace, suite: Suite, given: &Given) -> Report {
    let started = Instant::now();
    let outcome = if suite.needs_binary() && given.binary.is_none() {
        Err("nothing to run against: the build failed".to_owned())
    } else {
        step(&format!("suite {}", suite.name()), || suite.run(workspace, given))
    };
    match outcome {
        Ok(tally) => Report { name: suite.name(), tally, time: started.elapsed(), note: None },
        Err(error) => {
            eprintln!("{}: {error}", suite.name());
            failure(suite.name(), &error, started.elapsed())
        }
    }
}

/// The binary's and, where there is a package, the tarball's place.
fn pack(workspace: &Workspace, built: Built, given: &mut Given) -> Outcome {
    given.variables.push(("LATCHKEY_BIN".to_owned(), built.binary.clone().into()));
    given.binary = Some(built.binary);
    if workspace.root.join("pkg").join("package.json").is_file() {
        let tarball = npm::pack(workspace)?;
        given.variables.push(("LATCHKEY_TARBALL".to_owned(), tarball.into()));
    }
    Ok(())
}

fn failure(name: &'static str, error: &str, time: Duration) -> Report {
    let first = error.lines().next().unwrap_or_default().to_owned();
    Report { name, tally: Tally { failed: 1, ..Tally::default() }, time, note: Some(first) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn only_named_suites_are_run() {
        let only = asked(&words("--only check,python")).unwrap();
        assert!(only.check);
        assert_eq!(only.suites, [Suite::Python]);
        assert!(!asked(&words("--only unit")).unwrap().check);
        assert_eq!(asked(&[]).unwrap().suites, Suite::ALL);
        assert!(asked(&words("--only attic")).is_err());
        assert!(asked(&words("--slow")).is_err());
    }
    #[test]
    fn every_suite_runs_in_one_lane() {
        let lanes = [Lane::Cargo, Lane::Clients, Lane::Alone];
        let run = lanes.map(|lane| Suite::ALL.into_iter().filter(|suite| suite.lane() == lane).count());
        assert_eq!(run.iter().sum::<usize>(), Suite::ALL.len());
        assert!(run.iter().all(|count| *count > 0));
    }
}
