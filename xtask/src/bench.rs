//! `cargo xtask bench`: measures the release binary and writes the table of docs/benchmarks.md.

use std::process::ExitCode;

use crate::setup::{self, Need};
use crate::shell::{Outcome, Workspace, run, step};
use crate::{build, npm};

/// Builds what is measured and what measures, and runs it. `--no-browser` leaves Chromium out, `--no-write`
/// the document; every other argument is the bench's own.
pub(crate) fn bench(workspace: &Workspace, arguments: &[String]) -> Outcome<ExitCode> {
    let (own, passed): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| matches!(argument.as_str(), "--no-browser" | "--no-write"));
    let without = |name: &str| own.iter().any(|argument| *argument == name);
    let built = build::build(workspace, build::Server::Release)?;
    step("build the bench (cargo, release)", || {
        run(workspace.cargo("build").args(["--release", "--package", "latchkey-bench"]))
    })?;
    let mut bench = workspace.command(workspace.target.join("release").join("latchkey-bench"));
    bench.args(passed).env("LATCHKEY_BIN", &built.binary);
    if !without("--no-write") {
        bench.arg("--write").arg(workspace.root.join("docs").join("benchmarks.md"));
    }
    if !without("--no-browser") {
        setup::meet(&[Need::Chromium])?;
        npm::install(workspace, &workspace.root.join("tests"))?;
        bench.arg("--browser").arg(workspace.root.join("tests").join("bench").join("browser.mjs"));
        if let Some(chromium) = setup::chromium() {
            bench.env("CHROMIUM", chromium);
        }
    }
    run(&mut bench)?;
    Ok(ExitCode::SUCCESS)
}
