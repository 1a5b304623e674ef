//! `cargo xtask`: what one does with this repository. [`USAGE`] says what there is.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures, waits and reads the environment of the machine it runs on")]

mod bench;
mod build;
mod check;
mod generate;
mod npm;
mod served;
mod setup;
mod shell;
mod site;
mod stamp;
mod suites;
mod tally;
mod test;
mod wasm_pack;

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use shell::{Outcome, Workspace};

const USAGE: &str = "\
cargo xtask COMMAND

  run [ARGS]        build, then serve in dev mode; ARGS go to `latchkey serve --dev`
  build             build target/release/latchkey with every asset embedded
  test [OPTIONS]    everything `check` does, then every suite; ends with `N passed, M failed`
                      --only A,B   only these suites
                      --fast       only check and unit
  check             formatting, lints, dependency edges, links, generated files, licenses
  pkg               write target/pkg/latchkey-sdk-VERSION.tgz
  bench [OPTIONS]   measure, and write the table of docs/benchmarks.md
                      --no-browser  without Chromium
                      --no-write    print the table only
                      --rounds N    how often everything is measured
  generate          write the generated files; --check only says whether they are stale
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome<ExitCode> {
    let (command, rest) =
        arguments.split_first().map_or(("help", arguments), |(command, rest)| (command.as_str(), rest));
    match command {
        "run" => run(rest),
        "test" => test::test(&Workspace::find()?, rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        "generate" => {
            let check = matches!(rest, [only] if only == "--check");
            if !check {
                no_more(rest)?;
            }
            generate::generate(check).map(|()| ExitCode::SUCCESS)
        }
        "build" => {
            no_more(rest)?;
            let built = build::build(&Workspace::find()?, build::Server::Release)?;
            println!("{}", built.binary.display());
            Ok(ExitCode::SUCCESS)
        }
        "check" => {
            no_more(rest)?;
            let report = check::check(&Workspace::find()?);
            println!("{}", report.line());
            Ok(if report.tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        "pkg" => {
            no_more(rest)?;
            println!("{}", npm::pack(&Workspace::find()?)?.display());
            Ok(ExitCode::SUCCESS)
        }
        "bench" => bench::bench(&Workspace::find()?, rest),
        unknown => Err(format!("there is no command `{unknown}`\n\n{USAGE}")),
    }
}

fn no_more(rest: &[String]) -> Outcome {
    rest.first().map_or(Ok(()), |argument| Err(format!("unexpected argument `{argument}`\n\n{USAGE}")))
}

/// Becomes the server, so that a signal to this process is a signal to it.
fn run(arguments: &[String]) -> Outcome<ExitCode> {
    let built = build::build(&Workspace::find()?, build::Server::Quick)?;
    let error = Command::new(&built.binary).args(["serve", "--dev"]).args(arguments).exec();
    Err(format!("{}: {error}", built.binary.display()))
}
