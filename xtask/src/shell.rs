//! Running programs: where the workspace is, what a step prints, what a child may inherit.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a task gives, or the sentence that says why not.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The folders everything else is named from.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// What `cargo metadata --no-deps` says.
    pub(crate) metadata: Value,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Outcome<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let output = program("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(here)
            .output()
            .map_err(|error| format!("cargo metadata: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        let metadata: Value =
            serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
        let folder = |key: &str| {
            metadata.get(key).and_then(Value::as_str).map(PathBuf::from).ok_or(format!("cargo metadata names no {key}"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")?, metadata })
    }

    /// A program started in the workspace's folder.
    pub(crate) fn command(&self, name: impl AsRef<OsStr>) -> Command {
        let mut command = program(name);
        command.current_dir(&self.root);
        command
    }

    /// `cargo SUBCOMMAND --locked`.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut command = self.command("cargo");
        command.arg(subcommand).arg("--locked");
        command
    }

    /// The version all our packages share.
    pub(crate) fn version(&self) -> Outcome<String> {
        self.packages()
            .find(|package| text(package, "name") == "latchkey")
            .map(|package| text(package, "version").to_owned())
            .ok_or_else(|| "the workspace has no package named latchkey".to_owned())
    }

    /// The workspace's packages, as cargo metadata describes them.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &Value> {
        self.metadata.get("packages").and_then(Value::as_array).into_iter().flatten()
    }

    /// A path as a person names it: from the workspace's folder.
    pub(crate) fn relative<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// A text member of a JSON object, empty when there is none.
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A program with no standard input, free of what `cargo run` told this process about itself: build
/// scripts would see other values than under a plain `cargo build`, and build everything again.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.stdin(Stdio::null());
    for (variable, _) in std::env::vars_os() {
        let variable_text = variable.to_string_lossy();
        let own =
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| variable_text.starts_with(prefix));
        if own || matches!(&*variable_text, "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "LD_LIBRARY_PATH") {
            command.env_remove(&variable);
        }
    }
    command
}

/// Where a program is, if PATH has it.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Does a step, and says what it is and how long it took.
pub(crate) fn step<T>(what: &str, act: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("==> {what}");
    let started = Instant::now();
    let outcome = act();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    eprintln!("    {what}: {verdict} in {}", seconds(started.elapsed()));
    outcome
}

/// Runs to the end with its output going where ours goes.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| refuse(command, &error.to_string()))?;
    check_status(command, status)
}

/// Runs quietly; the output is shown only when it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| refuse(command, &error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    eprint!("{said}{}", String::from_utf8_lossy(&output.stderr));
    check_status(command, output.status).map(|()| said)
}

/// Runs with its output shown as it comes, and kept: standard output and standard error together.
pub(crate) fn run_keeping(command: &mut Command) -> Outcome<(ExitStatus, String)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| refuse(command, &error.to_string()))?;
    let kept = Arc::new(Mutex::new(String::new()));
    let copiers = [
        child.stdout.take().map(|stream| copy(stream, Arc::clone(&kept))),
        child.stderr.take().map(|stream| copy(stream, Arc::clone(&kept))),
    ];
    let status = child.wait().map_err(|error| refuse(command, &error.to_string()))?;
    for copier in copiers.into_iter().flatten() {
        // A copier that panicked has printed why; what it kept until then still counts.
        let _ = copier.join();
    }
    let kept = kept.lock().map(|kept| kept.clone()).unwrap_or_default();
    Ok((status, kept))
}

fn copy(stream: impl Read + Send + 'static, kept: Arc<Mutex<String>>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            let _ = std::io::stderr().write_all(&line);
            if let Ok(mut kept) = kept.lock() {
                kept.push_str(&String::from_utf8_lossy(&line));
            }
            line.clear();
        }
    })
}

fn check_status(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() { Ok(()) } else { Err(refuse(command, &status.to_string())) }
}

/// The command's first words, and what became of it.
fn refuse(command: &Command, what: &str) -> String {
    let mut words =
        vec![Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()];
    words.extend(command.get_args().take(6).map(|word| word.to_string_lossy().into_owned()));
    format!("`{}`: {what}", words.join(" "))
}

/// `0.4 s`, `12.3 s`, `3 min 20 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 120 { format!("{:.1} s", time.as_secs_f64()) } else { format!("{} min {} s", whole / 60, whole % 60) }
}
