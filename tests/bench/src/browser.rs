//! Sign-ins in Chromium, measured by a script of Node.js.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::pool::{PASSWORD, Pool};

/// What one library's sign-in takes, in milliseconds: medians over the sign-ins.
#[derive(Debug)]
pub(crate) struct Logins {
    pub(crate) name: String,
    /// CPU time of the page's process, all threads.
    pub(crate) process: f64,
    /// Of these, the main thread's tasks.
    pub(crate) main: f64,
    /// From the call to the tokens.
    pub(crate) wall: f64,
    /// Tasks of the main thread longer than 50 ms, a sign-in.
    pub(crate) long_tasks: f64,
    /// The longest of them.
    pub(crate) longest: f64,
}

/// Runs the script; the last line it prints is a JSON array.
pub(crate) fn run(script: &Path, pool: &Pool) -> Result<Vec<Logins>, String> {
    let mut node = Command::new("node");
    node.arg(script).stderr(Stdio::inherit());
    node.env("LATCHKEY_URL", format!("http://{}", pool.host)).env("LATCHKEY_POOL", &pool.id);
    node.env("LATCHKEY_CLIENT", &pool.client).env("LATCHKEY_USER", pool.person()).env("LATCHKEY_PASSWORD", PASSWORD);
    let output = node.output().map_err(|error| format!("node: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("{} failed ({}): {printed}", script.display(), output.status));
    }
    let told: Value = printed.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
    let rows = told.as_array().ok_or_else(|| format!("{} told nothing: {printed}", script.display()))?;
    rows.iter()
        .map(|row| {
            let figure = |name: &str| {
                row.get(name).and_then(Value::as_f64).ok_or_else(|| format!("{} lacks {name}: {row}", script.display()))
            };
            Ok(Logins {
                name: row.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
                process: figure("process")?,
                main: figure("main")?,
                wall: figure("wall")?,
                long_tasks: figure("longTasks")?,
                longest: figure("longest")?,
            })
        })
        .collect()
}
