//! The suites: where each one's tests are, what it needs, and how it is run and counted.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use serde_json::Value;

use crate::served::Served;
use crate::setup::{self, Need};
use crate::shell::{Outcome, Workspace, find_program, run, run_keeping, step, text};
use crate::stamp::{hash, unless_fresh};
use crate::tally::{self, Tally};
use crate::{build, npm, site, wasm_pack};

/// A kind of test, by who runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// Every crate's own tests, the store's on both databases, and the behaviour tests in `tests`.
    Unit,
    /// The examples in the documentation.
    Doc,
    /// What manifests name in `[package.metadata.latchkey.wasm-tests]`, compiled to wasm, run in Node.js.
    Wasm,
    /// The npm package's own tests, `pkg/test/*.test.mjs`.
    Package,
    /// Unmodified Python clients, `tests/clients/python/test_*.py`.
    Python,
    /// Unmodified JavaScript clients, `tests/clients/node/*.test.mjs`.
    Node,
    /// Chromium, `tests/browser/*.test.mjs`.
    Browser,
    /// `wasm-pack build sdk` gives what we give.
    WasmPack,
}

/// Suites of one lane run in turn; the first two lanes run side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Compiled and run by cargo.
    Cargo,
    /// Programs that talk to a server of their own and mostly wait for it.
    Clients,
    /// With the machine to itself: what a browser shows depends on how long things take.
    Alone,
}

/// What the suites are told.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// The binary, once it is built.
    pub(crate) binary: Option<PathBuf>,
    /// Environment variables for every suite.
    pub(crate) variables: Vec<(String, OsString)>,
}

impl Suite {
    /// In the order they run within their lanes: what is quick and says most comes first. The package is built by
    /// cargo once more, which would wait for the other lane's compilation.
    pub(crate) const ALL: [Self; 8] =
        [Self::Unit, Self::Doc, Self::Wasm, Self::Python, Self::Node, Self::Package, Self::Browser, Self::WasmPack];

    /// The name on the command line and in the closing lines.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Doc => "doc",
            Self::Wasm => "wasm",
            Self::Package => "package",
            Self::Python => "python",
            Self::Node => "node",
            Self::Browser => "browser",
            Self::WasmPack => "wasm-pack",
        }
    }

    /// The suite of that name.
    pub(crate) fn named(name: &str) -> Outcome<Self> {
        let names = || Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|suite| suite.name() == name)
            .ok_or_else(|| format!("there is no suite `{name}`: there are check, {}", names()))
    }

    /// Whether the repository has tests of this kind.
    pub(crate) fn is_there(self, workspace: &Workspace) -> bool {
        match self {
            Self::Unit | Self::Doc | Self::WasmPack => true,
            Self::Wasm => wasm_tests(workspace).next().is_some(),
            Self::Package | Self::Python | Self::Node | Self::Browser => !self.files(workspace).is_empty(),
        }
    }

    /// Programs that must be installed.
    pub(crate) fn needs(self) -> &'static [Need] {
        match self {
            Self::Unit => &[Need::PostgreSql, Need::Strace],
            Self::Python => &[Need::Python, Need::PostgreSql],
            Self::Browser => &[Need::Chromium, Need::Nginx],
            Self::Doc | Self::Wasm | Self::Package | Self::Node | Self::WasmPack => &[],
        }
    }

    /// Whether `cargo xtask build` must have been done before.
    pub(crate) fn needs_build(self) -> bool {
        self.needs_binary() || self == Self::Unit
    }

    /// Whether it runs against the binary and nothing else.
    pub(crate) fn needs_binary(self) -> bool {
        matches!(self, Self::Python | Self::Node | Self::Browser)
    }

    /// When it runs.
    pub(crate) fn lane(self) -> Lane {
        match self {
            Self::Unit | Self::Doc | Self::Wasm => Lane::Cargo,
            Self::Package | Self::Python | Self::Node => Lane::Clients,
            Self::Browser | Self::WasmPack => Lane::Alone,
        }
    }

    /// The folder of the files that are its tests, the beginning and the end of their names.
    fn pattern(self) -> Option<(&'static str, &'static str, &'static str)> {
        match self {
            Self::Package => Some(("pkg/test", "", ".test.mjs")),
            Self::Python => Some(("tests/clients/python", "test_", ".py")),
            Self::Node => Some(("tests/clients/node", "", ".test.mjs")),
            Self::Browser => Some(("tests/browser", "", ".test.mjs")),
            Self::Unit | Self::Doc | Self::Wasm | Self::WasmPack => None,
        }
    }

    fn files(self, workspace: &Workspace) -> Vec<String> {
        let Some((folder, begin, end)) = self.pattern() else {
            return Vec::new();
        };
        let entries = fs::read_dir(workspace.root.join(folder)).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut files: Vec<String> = names
            .filter(|name| name.starts_with(begin) && name.ends_with(end))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        files.sort();
        files
    }

    /// Runs it and counts. An error is a suite that did not start or ran nothing.
    pub(crate) fn run(self, workspace: &Workspace, given: &Given) -> Outcome<Tally> {
        let tally = match self {
            Self::Unit => unit(workspace, given),
            Self::Doc => doc(workspace, given),
            Self::Wasm => wasm(workspace),
            Self::Package | Self::Node | Self::Browser => self.node(workspace, given),
            Self::Python => self.python(workspace, given),
            Self::WasmPack => wasm_pack::compare(workspace),
        }?;
        // A workspace without a single documented example is no fault.
        if tally == Tally::default() && self != Self::Doc {
            return Err("it ran no test".to_owned());
        }
        Ok(tally)
    }

    fn serve(self, workspace: &Workspace, given: &Given) -> Outcome<Served> {
        let binary = given.binary.as_ref().ok_or("there is no binary to serve")?;
        Served::start(workspace, binary, self.name())
    }

    fn node(self, workspace: &Workspace, given: &Given) -> Outcome<Tally> {
        // The package's own tests run over its files alone.
        let served = if self == Self::Package {
            npm::pack(workspace)?;
            None
        } else {
            npm::install(workspace, &workspace.root.join("tests"))?;
            Some(self.serve(workspace, given)?)
        };
        let files = self.files(workspace);
        let tap = workspace.target.join("xtask").join(format!("{}.tap", self.name()));
        let mut node = workspace.command("node");
        node.args(["--test", "--test-concurrency=1", "--test-timeout=600000"]);
        node.args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
        let mut destination = OsString::from("--test-reporter-destination=");
        destination.push(&tap);
        node.arg(destination).args(&files);
        tell(&mut node, given);
        if let Some(served) = &served {
            served.tell(&mut node);
        }
        if let Some(chromium) = setup::chromium() {
            node.env("CHROMIUM", chromium);
        }
        let (status, _) = run_keeping(&mut node)?;
        let report = fs::read_to_string(&tap).map_err(|error| format!("{}: {error}", tap.display()))?;
        let absolute: Vec<String> =
            files.iter().map(|file| workspace.root.join(file).to_string_lossy().into_owned()).collect();
        counted(tally::node_tap(&report, &absolute).map(no_skips), status)
    }

    fn python(self, workspace: &Workspace, given: &Given) -> Outcome<Tally> {
        let python = virtual_environment(workspace)?;
        let served = self.serve(workspace, given)?;
        let mut pytest = workspace.command(python);
        pytest
            .args(["-m", "pytest", "-p", "no:cacheprovider", "tests/clients/python"])
            .env("PYTHONDONTWRITEBYTECODE", "1");
        served.tell(tell(&mut pytest, given));
        let (status, output) = run_keeping(&mut pytest)?;
        counted(tally::pytest(&output).map(no_skips), status)
    }
}

/// `tests/.venv` with exactly what requirements.txt names; gives its Python.
fn virtual_environment(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.root.join("tests").join(".venv");
    let requirements = workspace.root.join("tests/clients/python/requirements.txt");
    let python = folder.join("bin").join("python");
    let inputs = hash(&[&requirements], &[])?;
    unless_fresh(workspace, "python", &inputs, &[&folder.join("bin").join("pytest")], || {
        step("install Python packages in tests/.venv (pip)", || {
            run(workspace.command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
            let mut pip = workspace.command(&python);
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "--requirement",
            ]);
            run(pip.arg(&requirements))
        })
    })?;
    Ok(python)
}

fn unit(workspace: &Workspace, given: &Given) -> Outcome<Tally> {
    let nextest = find_program("cargo-nextest").is_some();
    let mut cargo = if nextest {
        let mut cargo = workspace.command("cargo");
        cargo.args(["nextest", "run", "--locked", "--no-fail-fast"]);
        cargo
    } else {
        let mut cargo = workspace.cargo("test");
        cargo.args(["--lib", "--bins", "--tests", "--no-fail-fast"]);
        cargo
    };
    cargo.args(["--workspace", "--exclude", "wasm-tools"]).env("LATCHKEY_SITE", site::folder(workspace));
    let (status, output) = run_keeping(tell(&mut cargo, given))?;
    counted(if nextest { tally::nextest(&output) } else { tally::cargo_test(&output) }, status)
}

fn doc(workspace: &Workspace, given: &Given) -> Outcome<Tally> {
    let mut cargo = workspace.cargo("test");
    cargo.args(["--doc", "--workspace", "--exclude", "wasm-tools", "--no-fail-fast"]);
    cargo.env("LATCHKEY_SITE", site::folder(workspace));
    let (status, output) = run_keeping(tell(&mut cargo, given))?;
    counted(tally::cargo_test(&output), status)
}

/// What a package's manifest says should also be tested in wasm:
/// `[package.metadata.latchkey.wasm-tests]` with `targets` and `features`.
fn wasm_tests(workspace: &Workspace) -> impl Iterator<Item = (&str, &Value)> {
    workspace
        .packages()
        .filter_map(|package| Some((text(package, "name"), package.pointer("/metadata/latchkey/wasm-tests")?)))
}

fn wasm(workspace: &Workspace) -> Outcome<Tally> {
    build::add_wasm_target()?;
    let tools = build::wasm_tools(workspace)?;
    let mut sum = Tally::default();
    for (package, tests) in wasm_tests(workspace) {
        let words = |key: &str| -> Vec<&str> {
            tests.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let mut cargo = workspace.cargo("test");
        cargo.args(["--package", package, "--target", build::WASM, "--features", &words("features").join(",")]);
        cargo.args(words("targets").iter().flat_map(|target| ["--test", target]));
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools.join("wasm-bindgen-test-runner"));
        let (status, output) = run_keeping(&mut cargo)?;
        sum.add(counted(tally::cargo_test(&output), status)?);
    }
    Ok(sum)
}

fn tell<'c>(command: &'c mut Command, given: &Given) -> &'c mut Command {
    for (variable, value) in &given.variables {
        command.env(variable, value);
    }
    command
}

/// A runner's own counts; one that ended badly without a failed test has failed.
fn counted(tally: Option<Tally>, status: ExitStatus) -> Outcome<Tally> {
    let mut tally = tally.ok_or_else(|| format!("it did not come to the end ({status})"))?;
    if !status.success() && tally.failed == 0 && tally != Tally::default() {
        tally.failed = 1;
    }
    Ok(tally)
}

/// Outside the compiler's reach nothing is passed over: what cannot run has failed.
fn no_skips(tally: Tally) -> Tally {
    Tally { failed: tally.failed + tally.skipped, skipped: 0, ..tally }
}
