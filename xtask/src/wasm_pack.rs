//! wasm-pack is the tool contributors know: `wasm-pack build sdk` must give the API that our own build
//! gives. It is the only thing here that is cargo-installed (about three minutes), so it comes last.

use std::fs;
use std::path::{Path, PathBuf};

use crate::build;
use crate::shell::{Outcome, Workspace, find_program, run, run_keeping, step};
use crate::tally::Tally;

const VERSION: &str = "0.15.1";

/// Builds both ways and compares what TypeScript and JavaScript see.
pub(crate) fn compare(workspace: &Workspace) -> Outcome<Tally> {
    let wasm_pack = installed(workspace)?;
    let ours = build::engine(workspace, &build::bindgen(workspace)?)?;
    let tools = build::wasm_tools(workspace)?;
    let theirs = workspace.target.join("wasm-pack");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path)))
        .map_err(|error| error.to_string())?;
    let mut pack = workspace.command(wasm_pack);
    pack.args(["build", "sdk", "--mode", "no-install", "--target", "web", "--out-name", "engine", "--out-dir"])
        .arg(&theirs);
    pack.args(["--", "--locked"]).env("PATH", path);
    let (status, _) = run_keeping(&mut pack)?;
    if !status.success() {
        return Err(format!("wasm-pack build sdk: {status}"));
    }
    let mut tally = Tally::default();
    for (what, api) in [("types", types as fn(&Path) -> Outcome<String>), ("exports", exports)] {
        let (ours, theirs) = (api(&ours)?, api(&theirs)?);
        if ours == theirs && !ours.is_empty() {
            tally.passed += 1;
        } else {
            eprintln!("the {what} differ.\n--- cargo xtask build\n{ours}\n--- wasm-pack build sdk\n{theirs}");
            tally.failed += 1;
        }
    }
    match step("load wasm-pack's module (node)", || loads(workspace, &theirs)) {
        Ok(()) => tally.passed += 1,
        Err(_) => tally.failed += 1,
    }
    Ok(tally)
}

/// Whether it is asked of this run without being named: on a machine that has wasm-pack, and in CI.
pub(crate) fn is_asked(workspace: &Workspace) -> bool {
    let own = workspace.target.join("tools").join("bin").join("wasm-pack");
    std::env::var_os("CI").is_some() || find_program("wasm-pack").is_some() || own.is_file()
}

/// A module can be bound without complaint and still be refused by every engine.
fn loads(workspace: &Workspace, folder: &Path) -> Outcome {
    let load = r#"
        const { readFileSync } = await import("node:fs");
        const { pathToFileURL } = await import("node:url");
        const folder = process.argv[1];
        const glue = await import(pathToFileURL(folder + "/engine.js"));
        glue.initSync({ module: readFileSync(folder + "/engine_bg.wasm") });
    "#;
    run(workspace.command("node").args(["--input-type=module", "--eval", load, "--"]).arg(folder))
}

fn installed(workspace: &Workspace) -> Outcome<PathBuf> {
    let tools = workspace.target.join("tools");
    let own = tools.join("bin").join("wasm-pack");
    if let Some(found) = find_program("wasm-pack").or_else(|| own.is_file().then(|| own.clone())) {
        return Ok(found);
    }
    step("install wasm-pack in target/tools (cargo; about three minutes)", || {
        let mut cargo = workspace.command("cargo");
        cargo.args(["install", "wasm-pack", "--version", VERSION, "--locked", "--quiet", "--root"]).arg(&tools);
        run(&mut cargo)
    })?;
    Ok(own)
}

/// The declarations up to those of the raw module, whose names depend on how it was optimized.
fn types(folder: &Path) -> Outcome<String> {
    let declarations = read(&folder.join("engine.d.ts"))?;
    let end = declarations.find("export type InitInput").unwrap_or(declarations.len());
    Ok(declarations.get(..end).unwrap_or_default().trim().to_owned())
}

/// The names the glue exports.
fn exports(folder: &Path) -> Outcome<String> {
    let glue = read(&folder.join("engine.js"))?;
    let mut exports: Vec<&str> = glue
        .lines()
        .filter(|line| line.starts_with("export "))
        .map(|line| line.split(['(', '{', ';']).next().unwrap_or(line).trim())
        .collect();
    exports.sort_unstable();
    Ok(exports.join("\n"))
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
