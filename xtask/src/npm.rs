//! Node packages: exactly what the lock file says, installed once.

use std::fs;
use std::path::{Path, PathBuf};

use crate::build;
use crate::shell::{Outcome, Workspace, find_program, run, step};
use crate::stamp::{hash, unless_fresh};

/// `npm ci` in a folder with a package-lock.json, unless the same lock was installed there before.
/// No package's own script runs.
pub(crate) fn install(workspace: &Workspace, folder: &Path) -> Outcome {
    for program in ["node", "npm"] {
        if find_program(program).is_none() {
            return Err(format!("{program} is not on PATH: install Node.js 20 or newer"));
        }
    }
    let inputs = hash(&[&folder.join("package.json"), &folder.join("package-lock.json")], &[])?;
    let name = format!("npm-{}", workspace.relative(folder).to_string().replace('/', "-"));
    // npm writes this file last.
    let done = folder.join("node_modules").join(".package-lock.json");
    unless_fresh(workspace, &name, &inputs, &[&done], || {
        step(&format!("install node packages in {} (npm ci)", workspace.relative(folder)), || {
            run(workspace
                .command("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"])
                .current_dir(folder))
        })
    })
    .map(drop)
}

/// `cargo xtask pkg`: the tarball a person would install, in `target/pkg`.
pub(crate) fn pack(workspace: &Workspace) -> Outcome<PathBuf> {
    build::build_package(workspace)?;
    let out = workspace.target.join("pkg");
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let tarball = out.join(format!("latchkey-sdk-{}.tgz", workspace.version()?));
    step("pack the npm package (npm pack)", || {
        let mut npm = workspace.command("npm");
        npm.args(["pack", "--ignore-scripts", "--loglevel", "error", "--pack-destination"]).arg(&out);
        run(npm.current_dir(workspace.root.join("pkg")))
    })?;
    if tarball.is_file() {
        return Ok(tarball);
    }
    Err(format!(
        "npm pack did not write {}: do pkg/package.json and Cargo.toml agree on the version?",
        workspace.relative(&tarball)
    ))
}
