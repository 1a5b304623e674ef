//! The binary, served to a suite from an empty data folder.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::shell::{Outcome, Workspace, program};

/// How long a server may take until it says that it is ready.
const READY: Duration = Duration::from_secs(30);
/// How long it may take to stop once asked.
const STOP: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A running server; stopped, and its data removed, on drop.
#[derive(Debug)]
pub(crate) struct Served {
    child: Child,
    data: PathBuf,
    port: u16,
    log: PathBuf,
}

impl Served {
    /// Starts it in dev mode on a free port and waits until it is ready.
    pub(crate) fn start(workspace: &Workspace, binary: &Path, suite: &str) -> Outcome<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| format!("no free port: {error}"))?
            .port();
        let data = std::env::temp_dir().join(format!("latchkey-{suite}-{}", std::process::id()));
        let logs = workspace.target.join("xtask").join("logs");
        fs::create_dir_all(&logs).map_err(|error| format!("{}: {error}", logs.display()))?;
        let log = logs.join(format!("{suite}.log"));
        let file = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let also = file.try_clone().map_err(|error| format!("{}: {error}", log.display()))?;
        let mut command = program(binary);
        command.args(["serve", "--dev", "--listen", &format!("127.0.0.1:{port}")]);
        command.args(["--base-url", &format!("http://localhost:{port}"), "--data-dir"]).arg(&data);
        command.stdout(file).stderr(also);
        let child = command.spawn().map_err(|error| format!("{}: {error}", binary.display()))?;
        let mut served = Self { child, data, port, log };
        served.wait_until_ready()?;
        Ok(served)
    }

    /// Tells a suite where the server is: LATCHKEY_URL, and LATCHKEY_LOG for what it logs.
    pub(crate) fn tell(&self, suite: &mut Command) {
        suite.env("LATCHKEY_URL", format!("http://localhost:{}", self.port)).env("LATCHKEY_LOG", &self.log);
    }

    fn wait_until_ready(&mut self) -> Outcome {
        let started = Instant::now();
        while started.elapsed() < READY {
            if is_ready(self.port) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the server stopped at once ({status}): {}", self.last_words()));
            }
            std::thread::sleep(PAUSE);
        }
        Err(format!("the server was not ready after {} s: {}", READY.as_secs(), self.last_words()))
    }

    fn last_words(&self) -> String {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Asked first, so that what a suite leaves is what a shutdown leaves.
        let _ = program("kill").arg("-TERM").arg(self.child.id().to_string()).stderr(Stdio::null()).status();
        let asked = Instant::now();
        while asked.elapsed() < STOP && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(PAUSE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(
            format!("GET /_latchkey/health/ready HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}
