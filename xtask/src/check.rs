//! `cargo xtask check`: what can be checked without running anything.

mod aws_text;
mod edges;
mod imports;
mod layers;
mod links;
mod paths;
mod secrets;
mod source;
mod walls;

use std::time::Instant;

use crate::shell::{Outcome, Workspace, find_program, run, run_quietly, step};
use crate::tally::{Report, Tally};
use crate::{build, generate};

/// Does every check, whatever became of those before it.
pub(crate) fn check(workspace: &Workspace) -> Report {
    let started = Instant::now();
    let mut tally = Tally::default();
    let mut note = |outcome: Outcome| match outcome {
        Ok(()) => tally.passed += 1,
        Err(error) => {
            eprintln!("check: {error}");
            tally.failed += 1;
        }
    };
    note(step("dependency edges", || sentence(&edges::find_faults(&workspace.metadata))));
    note(step("links between documents", || sentence(&links::find_faults(&documents(workspace)?, &workspace.root)?)));
    note(step("imports in order", || sentence(&imports::find_faults(&tracked(workspace)?, &workspace.root))));
    note(step("doors ask flows", || sentence(&walls::find_faults(&tracked(workspace)?, &workspace.root))));
    note(step("layers of the browser's door", || {
        sentence(&layers::find_faults(&tracked(workspace)?, &workspace.root))
    }));
    note(step("AWS's text in `api` alone", || sentence(&aws_text::find_faults(&tracked(workspace)?, &workspace.root))));
    note(step("secrets are declared", || sentence(&secrets::find_faults(&tracked(workspace)?, &workspace.root))));
    note(step("no paths of one machine", || sentence(&paths::find_faults(&tracked(workspace)?, &workspace.root)?)));
    note(step("generated files are fresh", || generate::generate(true)));
    note(step("formatting (cargo fmt)", || run(workspace.command("cargo").args(["fmt", "--all", "--check"]))));
    note(step("lints (cargo clippy)", || clippy(workspace)));
    note(step("lints of what runs in a browser (cargo clippy, wasm)", || clippy_wasm(workspace)));
    if find_program("cargo-deny").is_some() {
        note(step("licenses, bans and sources (cargo deny)", || deny(workspace)));
    } else {
        eprintln!("==> cargo-deny is not installed: licenses, bans and sources were not checked");
    }
    Report { name: "check", tally, time: started.elapsed(), note: None }
}

fn clippy(workspace: &Workspace) -> Outcome {
    let mut cargo = workspace.cargo("clippy");
    // wasm-tools is two lines over the largest dependency there is.
    cargo.args(["--workspace", "--exclude", "wasm-tools", "--all-targets", "--quiet", "--", "-D", "warnings"]);
    run(&mut cargo)
}

fn clippy_wasm(workspace: &Workspace) -> Outcome {
    build::add_wasm_target()?;
    let mut cargo = workspace.cargo("clippy");
    cargo.args(["--package", "latchkey-sdk", "--target", build::WASM, "--quiet", "--", "-D", "warnings"]);
    run(&mut cargo)
}

/// Advisories come from a database that a machine without much network cannot reach: then they are
/// passed over, and said to be.
fn deny(workspace: &Workspace) -> Outcome {
    run(workspace.command("cargo").args(["deny", "--log-level", "error", "check", "bans", "licenses", "sources"]))?;
    let mut fetch = workspace.command("cargo");
    if run_quietly(fetch.args(["deny", "--log-level", "off", "fetch", "db"])).is_err() {
        eprintln!("    the advisory database cannot be reached: advisories were not checked");
        return Ok(());
    }
    run(workspace.command("cargo").args(["deny", "--log-level", "error", "check", "advisories"]))
}

fn sentence(faults: &[String]) -> Outcome {
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// The names of the files the repository holds, or will once they are added.
fn tracked(workspace: &Workspace) -> Outcome<Vec<String>> {
    let mut git = workspace.command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    Ok(run_quietly(&mut git)?.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn documents(workspace: &Workspace) -> Outcome<Vec<String>> {
    Ok(tracked(workspace)?.into_iter().filter(|name| name.ends_with(".md")).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_dependency_edges_hold() {
        assert_eq!(edges::find_faults(&Workspace::find().unwrap().metadata), Vec::<String>::new());
    }

    #[test]
    fn no_document_has_a_dead_link() {
        let workspace = Workspace::find().unwrap();
        let documents = documents(&workspace).unwrap();
        assert!(!documents.is_empty());
        assert_eq!(links::find_faults(&documents, &workspace.root).unwrap(), Vec::<String>::new());
    }
    #[test]
    fn the_code_keeps_the_rules_that_are_read_from_it() {
        let workspace = Workspace::find().unwrap();
        let files = tracked(&workspace).unwrap();
        for find_faults in
            [imports::find_faults, walls::find_faults, layers::find_faults, aws_text::find_faults, secrets::find_faults]
        {
            assert_eq!(find_faults(&files, &workspace.root), Vec::<String>::new());
        }
    }
}
