//! `cargo xtask build`: one file with everything in it.
//!
//! Wasm goes cargo → wasm-bindgen (compiled by this workspace) → wasm-opt (npm's binaryen, never the one
//! on PATH: Debian's corrupts modules in silence). What the server embeds is laid out by [`crate::site`].

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::shell::{Outcome, Workspace, run, run_quietly, step, text};
use crate::stamp::{hash, unless_fresh};
use crate::{npm, site};

pub(crate) const WASM: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// How the server is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// As it is shipped and measured.
    Release,
    /// As it is tried out and tested: the same program, with less of the optimizer's time in it.
    Quick,
}

impl Server {
    /// The name of cargo's profile, and of its folder.
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Quick => "quick",
        }
    }
}

/// What a build leaves behind.
#[derive(Debug)]
pub(crate) struct Built {
    /// The server with every asset embedded.
    pub(crate) binary: PathBuf,
}

/// Builds everything that is not up to date.
pub(crate) fn build(workspace: &Workspace, server: Server) -> Outcome<Built> {
    let bindgen = bindgen(workspace)?;
    let dist = package(workspace, &bindgen)?;
    let islands = islands(workspace, &bindgen)?;
    step("lay out what the server embeds", || site::lay_out(workspace, &islands, dist.as_deref()))?;
    let profile = server.profile();
    step(&format!("build the server (cargo, {profile})"), || {
        let mut cargo = workspace.cargo("build");
        cargo.args(["--profile", profile, "--package", "latchkey"]).env("LATCHKEY_SITE", site::folder(workspace));
        run(&mut cargo)
    })?;
    Ok(Built { binary: workspace.target.join(profile).join("latchkey") })
}

/// The npm package's files in `pkg/dist`, and all that goes into them.
pub(crate) fn build_package(workspace: &Workspace) -> Outcome<PathBuf> {
    let bindgen = bindgen(workspace)?;
    package(workspace, &bindgen)?.ok_or_else(|| "pkg/build.mjs is missing".to_owned())
}

/// The wasm target, npm's build tools and our own wasm-bindgen; gives the latter's program.
pub(crate) fn bindgen(workspace: &Workspace) -> Outcome<PathBuf> {
    add_wasm_target()?;
    npm::install(workspace, &workspace.root.join("xtask").join("node"))?;
    step("build wasm-bindgen (cargo)", || run(workspace.cargo("build").args(["--quiet", "--package", "bindgen"])))?;
    Ok(workspace.target.join("debug").join("bindgen"))
}

/// wasm-bindgen's own command line and its test runner, which only suites need; gives the folder they are in.
pub(crate) fn wasm_tools(workspace: &Workspace) -> Outcome<PathBuf> {
    step("build wasm-bindgen's command line (cargo; about a minute the first time)", || {
        run(workspace.cargo("build").args(["--quiet", "--package", "wasm-tools"]))
    })?;
    Ok(workspace.target.join("debug"))
}

/// Adds the wasm target to the toolchain unless it is there.
pub(crate) fn add_wasm_target() -> Outcome {
    let sysroot = run_quietly(crate::shell::program("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    step("add the wasm target to the toolchain", || run(crate::shell::program("rustup").args(["target", "add", WASM])))
}

/// Cargo for what browsers load: panics name the files they happen in, and those of this machine are nobody's affair.
fn wasm_cargo(workspace: &Workspace, subcommand: &str) -> Command {
    let flags: Vec<Value> = site::own_folders(workspace)
        .iter()
        .zip(["src", "cargo"])
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()).into())
        .collect();
    let mut cargo = workspace.cargo(subcommand);
    cargo.args(["--profile", PROFILE, "--target", WASM, "--config"]);
    // Added to what .cargo/config.toml says, not put in its place. JSON's arrays of strings are TOML's.
    cargo.arg(format!("target.{WASM}.rustflags={}", Value::from(flags)));
    cargo
}

/// The SDK's engine with its glue and types, in `target/engine`.
pub(crate) fn engine(workspace: &Workspace, bindgen: &Path) -> Outcome<PathBuf> {
    let out = workspace.target.join("engine");
    step("build the SDK engine (cargo, wasm)", || {
        run(wasm_cargo(workspace, "build").args(["--package", "latchkey-sdk"]))
    })?;
    bind(workspace, bindgen, "latchkey-sdk", "engine", &out)?;
    Ok(out)
}

fn package(workspace: &Workspace, bindgen: &Path) -> Outcome<Option<PathBuf>> {
    let engine = engine(workspace, bindgen)?;
    let room = workspace.root.join("pkg");
    let build = room.join("build.mjs");
    if !build.is_file() {
        return Ok(None);
    }
    npm::install(workspace, &room)?;
    let dist = room.join("dist");
    let inputs = hash(&[&engine, &room], &[])?;
    unless_fresh(workspace, "package", &inputs, &[&dist], || {
        step("build the npm package (node pkg/build.mjs)", || {
            run(workspace.command("node").arg(&build).arg("--engine").arg(&engine).arg("--out").arg(&dist))
        })
    })?;
    Ok(Some(dist))
}

/// The hosted pages' islands with their glue, in `target/islands`.
fn islands(workspace: &Workspace, bindgen: &Path) -> Outcome<PathBuf> {
    let out = workspace.target.join("islands");
    let package = "latchkey-hosted-ui";
    step("build the hosted pages' islands (cargo, wasm)", || {
        let mut cargo = wasm_cargo(workspace, "rustc");
        cargo.args(["--package", package, "--lib", "--no-default-features", "--features", "hydrate"]);
        // A crate that is cdylib and rlib at once loses link-time optimization without a word, so the
        // manifest says rlib and only this call says cdylib.
        run(cargo.args(["--crate-type", "cdylib"]))
    })?;
    bind(workspace, bindgen, package, site::ISLANDS, &out)?;
    Ok(out)
}

/// The file name of a package's library: what its manifest says, hyphens made underscores.
fn library(workspace: &Workspace, package: &str) -> Outcome<String> {
    let manifest = workspace.packages().find(|known| text(known, "name") == package);
    let targets = manifest.and_then(|manifest| manifest.get("targets")).and_then(Value::as_array);
    let is_library =
        |target: &&Value| matches!(target.pointer("/kind/0").and_then(Value::as_str), Some("lib" | "rlib" | "cdylib"));
    let target = targets.and_then(|targets| targets.iter().find(is_library));
    target.map(|target| text(target, "name").replace('-', "_")).ok_or_else(|| format!("{package} has no library"))
}

/// wasm-bindgen and wasm-opt over one module.
fn bind(workspace: &Workspace, bindgen: &Path, package: &str, name: &str, out: &Path) -> Outcome {
    let wasm = workspace.target.join(WASM).join(PROFILE).join(format!("{}.wasm", library(workspace, package)?));
    let binaryen = workspace.root.join("xtask/node/node_modules/binaryen");
    let inputs = hash(&[&wasm, &binaryen.join("package.json"), &workspace.root.join("Cargo.lock")], &[name])?;
    let bound = out.join(format!("{name}_bg.wasm"));
    let act = || {
        if out.is_dir() {
            fs::remove_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
        }
        step(&format!("bind and optimize {name} (wasm-bindgen, wasm-opt)"), || {
            run(workspace.command(bindgen).arg(&wasm).arg(out).arg(name))?;
            let mut optimize = workspace.command("node");
            optimize.arg(binaryen.join("bin").join("wasm-opt")).args(["-Oz", "--strip-target-features"]).arg(&bound);
            run(optimize.arg("-o").arg(&bound))
        })
    };
    unless_fresh(workspace, name, &inputs, &[&bound], act).map(drop)
}
