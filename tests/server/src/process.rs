//! Starting and stopping the binary.

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use crate::connection::{Connection, get};

/// The environment variable that names the binary.
pub const BINARY_VARIABLE: &str = "LATCHKEY_BIN";

/// How long a server may take until it says that it is ready.
const READY: Duration = Duration::from_secs(60);
/// Between two looks: short, because starts are timed.
const PAUSE: Duration = Duration::from_millis(1);
/// How long a server may take to stop once asked.
const STOP: Duration = Duration::from_secs(30);

/// The binary: the one the environment names, else the workspace's newest of release and debug.
///
/// # Errors
/// A sentence that says how to get one.
pub fn binary() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os(BINARY_VARIABLE).filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        return if named.is_file() {
            Ok(named)
        } else {
            Err(format!("{BINARY_VARIABLE} names {}, which is no file", named.display()))
        };
    }
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    let built = |profile: &str| Some(target.join(profile).join("latchkey")).filter(|path| path.is_file());
    built("release").or_else(|| built("debug")).ok_or_else(|| {
        format!("there is no server to start: run `cargo xtask build`, or name a binary in {BINARY_VARIABLE}")
    })
}

/// What is started, and how.
#[derive(Debug, Clone)]
pub struct Launch {
    program: OsString,
    /// Come before the binary's own arguments: where `program` starts the binary, not is it.
    before: Vec<OsString>,
    port: u16,
    data: PathBuf,
    /// Where its output goes; of the caller, who removes it.
    folder: PathBuf,
    dev: bool,
    /// More arguments.
    arguments: Vec<String>,
}

/// A running server; killed on drop.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    printed: PathBuf,
    logged: PathBuf,
    /// From the start of the process to its first "ready".
    pub ready_after: Duration,
}

/// A port below those that connections are given, so that nobody's connection takes it between two starts. Programs
/// begin their search at different places.
fn free_port() -> Result<u16, String> {
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 20_000;
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let begin = std::process::id().wrapping_mul(16);
    for _ in 0..COUNT {
        let step = begin.wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed).into()) % u32::from(COUNT);
        let port = FIRST + u16::try_from(step).unwrap_or_default();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err("no free port on 127.0.0.1".to_owned())
}

impl Launch {
    /// `binary serve --dev` with its data in `folder/data` and its output beside that, on a port that is free now and
    /// stays the same over restarts.
    ///
    /// # Errors
    /// No port is free.
    pub fn new(binary: &Path, folder: &Path) -> Result<Self, String> {
        Ok(Self {
            program: binary.into(),
            before: Vec::new(),
            port: free_port()?,
            data: folder.join("data"),
            folder: folder.to_owned(),
            dev: true,
            arguments: Vec::new(),
        })
    }

    /// The same without dev mode.
    #[must_use]
    pub fn in_production(self) -> Self {
        Self { dev: false, ..self }
    }

    /// The same with its data in another folder.
    #[must_use]
    pub fn with_data(self, data: &Path) -> Self {
        Self { data: data.to_owned(), ..self }
    }

    /// The same with its data in PostgreSQL.
    #[must_use]
    pub fn on_postgres(self, url: &str) -> Self {
        self.with(&["--database-url", url])
    }

    /// The same with more arguments.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// The same, started by another program (a tracer) with these arguments before the binary's name.
    #[must_use]
    pub fn under(mut self, program: &str, arguments: &[&str]) -> Self {
        let binary = std::mem::replace(&mut self.program, program.into());
        self.before = arguments.iter().map(OsString::from).collect();
        self.before.push(binary);
        self
    }

    /// `localhost:PORT`: what clients say and signatures cover.
    #[must_use]
    pub fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Where to connect.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Starts the server and waits until it is ready.
    ///
    /// # Errors
    /// What it said last, where it stops or never gets ready.
    pub fn start(&self) -> Result<Server, String> {
        let [printed, logged] = ["printed", "logged"].map(|name| self.folder.join(name));
        let open = |path: &Path| {
            let opened = File::options().create(true).append(true).open(path);
            opened.map_err(|error| format!("{}: {error}", path.display()))
        };
        let mut command = Command::new(&self.program);
        command.args(&self.before).arg("serve").args(self.dev.then_some("--dev"));
        command.args(["--listen", &self.address().to_string(), "--data-dir"]).arg(&self.data);
        command.args(["--base-url", &format!("http://{}", self.host())]).args(&self.arguments);
        // No setting comes from the environment of whoever runs this.
        command.env_clear().env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::null()).stdout(open(&printed)?).stderr(open(&logged)?);
        let started = Instant::now();
        let child = command.spawn().map_err(|error| format!("{}: {error}", self.program.display()))?;
        let mut server = Server { child, address: self.address(), printed, logged, ready_after: Duration::ZERO };
        let request = get(&self.host(), "/_latchkey/health/ready");
        loop {
            let answer = Connection::open(self.address()).and_then(|mut connection| connection.ask(&request));
            if answer.is_ok_and(|answer| answer.status == 200) {
                server.ready_after = started.elapsed();
                return Ok(server);
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("the server stopped at once ({status}): {}", server.last_words()));
            }
            if started.elapsed() > READY {
                return Err(format!("the server was not ready in {READY:?}: {}", server.last_words()));
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Server {
    /// The process id of what was started.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A new connection.
    ///
    /// # Errors
    /// The socket's.
    pub fn connect(&self) -> std::io::Result<Connection> {
        Connection::open(self.address)
    }

    /// SIGKILL: nothing of it runs any more when this returns.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sends a signal (`-TERM`) to what was started.
    ///
    /// # Errors
    /// It could not be sent.
    pub fn signal(&self, signal: &str) -> Result<(), String> {
        send_signal(signal, self.pid())
    }

    /// Whether what was started still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for the end of what was started; answers its exit code, if it was not killed.
    ///
    /// # Errors
    /// It does not end.
    pub fn exit_code(&mut self) -> Result<Option<i32>, String> {
        let asked = Instant::now();
        while asked.elapsed() < STOP {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Ok(status.code());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(format!("the server did not stop within {STOP:?}: {}", self.last_words()))
    }

    /// SIGTERM to a process, then waits for the one that was started to end; answers what it printed and what it
    /// logged, over all starts.
    ///
    /// # Errors
    /// It did not end, or not well.
    pub fn stop(mut self, pid: u32) -> Result<(String, String), String> {
        send_signal("-TERM", pid)?;
        match self.exit_code()? {
            Some(0) => Ok((read(&self.printed), read(&self.logged))),
            code => Err(format!("the server ended with {code:?}: {}", self.last_words())),
        }
    }

    /// The end of its log.
    #[must_use]
    pub fn last_words(&self) -> String {
        let logged = read(&self.logged);
        let lines: Vec<&str> = logged.lines().collect();
        lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n")
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn send_signal(signal: &str, pid: u32) -> Result<(), String> {
    let sent = Command::new("kill").arg(signal).arg(pid.to_string()).status();
    sent.is_ok_and(|status| status.success()).then_some(()).ok_or_else(|| format!("kill {signal} {pid} failed"))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
