//! A PostgreSQL cluster of the tests' own: made in a temporary folder, on a free port of the loopback
//! address, gone when dropped.
//!
//! `cargo xtask test` starts one for the whole run and names it in [`URL_VARIABLE`]. A suite run by
//! itself asks for [`Cluster::given_or_started`] and gets its own. What is missing is an error, never
//! a reason to skip.
//!
//! PostgreSQL refuses to run as root, so as root the cluster runs under an unprivileged account.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The environment variable that names a running cluster: `postgres://USER@HOST:PORT/DATABASE`.
pub const URL_VARIABLE: &str = "LATCHKEY_TEST_POSTGRES";

/// The superuser of a started cluster; it needs no password on the loopback address.
const SUPERUSER: &str = "latchkey";

/// How often a port may be taken by someone else between being found free and being used.
const PORT_ATTEMPTS: u32 = 5;

/// How a cluster of a test's own speaks TLS, and whom it takes.
#[derive(Debug, Clone, Copy)]
pub struct Tls<'a> {
    /// Its certificate, PEM.
    pub certificate: &'a str,
    /// The certificate's private key, PEM.
    pub key: &'a str,
    /// The authority that clients' certificates come from, PEM.
    pub client_authority: &'a str,
    /// `pg_hba.conf`
    pub access: &'a str,
}

/// A running PostgreSQL, stopped and removed on drop when it was started here.
#[derive(Debug)]
pub struct Cluster {
    url: String,
    /// What was started here; none where the environment named the cluster.
    started: Option<Started>,
}

/// What must be undone for a cluster started here.
#[derive(Debug)]
struct Started {
    programs: PathBuf,
    folder: PathBuf,
    account: Option<Account>,
    /// Whether it syncs to disk.
    durable: bool,
    port: u16,
}

/// The unprivileged account that stands in for root.
#[derive(Debug, Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// The cluster the environment names, else one started now.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn given_or_started() -> Result<Self, String> {
        #[allow(clippy::disallowed_methods, reason = "a test's setting, not the server's")]
        match std::env::var(URL_VARIABLE) {
            Ok(url) if !url.is_empty() => Ok(Self { url, started: None }),
            _ => Self::start(),
        }
    }

    /// Makes and starts a cluster. It trusts every local connection and does not sync to disk: it
    /// outlives no test run, and a killed *client* loses nothing by that.
    ///
    /// # Errors
    /// A sentence naming what is missing or what PostgreSQL said.
    pub fn start() -> Result<Self, String> {
        Self::start_as(false, None)
    }

    /// The same with TLS, and only for those whom `tls.access` names.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_with_tls(tls: Tls<'_>) -> Result<Self, String> {
        Self::start_as(false, Some(tls))
    }

    /// The same, syncing to disk as a database in use does, and [`Cluster::crash`]able.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_durable() -> Result<Self, String> {
        Self::start_as(true, None)
    }

    fn start_as(durable: bool, tls: Option<Tls<'_>>) -> Result<Self, String> {
        let programs = find_programs()?;
        let account = unprivileged_account()?;
        let folder = make_folder(account)?;
        let mut started = Started { programs, folder, account, durable, port: 0 };
        let data = started.folder.join("data");
        let mut initdb = started.command("initdb");
        initdb.arg("--pgdata").arg(&data).args(["--username", SUPERUSER, "--auth", "trust"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C", "--no-sync"]);
        run(&mut initdb)?;
        if let Some(tls) = tls {
            started.configure_tls(&data, tls)?;
        }
        let mut refusal = String::new();
        for _ in 0..PORT_ATTEMPTS {
            let port = free_port()?;
            started.port = port;
            match started.launch(&data) {
                Ok(()) => {
                    let url = format!("postgres://{SUPERUSER}@127.0.0.1:{port}/postgres");
                    return Ok(Self { url, started: Some(started) });
                }
                Err(error) => refusal = error,
            }
        }
        Err(format!("PostgreSQL did not start after {PORT_ATTEMPTS} attempts: {refusal}"))
    }

    /// The address of the maintenance database, as `postgres://USER@HOST:PORT/postgres`. The user is a
    /// superuser: a test makes itself a database of its own.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of the sockets of a cluster that was started here.
    #[must_use]
    pub fn socket_folder(&self) -> Option<&Path> {
        self.started.as_ref().map(|started| started.folder.as_path())
    }

    /// Ends the server without a shutdown (every process quits at once, what was not yet written is gone)
    /// and starts it again on its port, where it recovers from its log.
    ///
    /// # Errors
    /// It is not ours, or what PostgreSQL said.
    pub fn crash(&self) -> Result<(), String> {
        let started = self.started.as_ref().ok_or("this cluster is somebody else's")?;
        let data = started.folder.join("data");
        let mut stop = started.command("pg_ctl");
        stop.arg("stop").arg("--pgdata").arg(&data);
        run(stop.args(["--mode", "immediate", "--wait", "--timeout", "30", "--silent"]))?;
        started.launch(&data)
    }
}

impl Started {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.folder).stdin(Stdio::null());
        // What the caller's environment says about its own PostgreSQL must not reach this one.
        for variable in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGOPTIONS"] {
            command.env_remove(variable);
        }
        if let Some(account) = self.account {
            command.gid(account.gid).uid(account.uid).env("HOME", &self.folder);
        }
        command
    }

    fn configure_tls(&self, data: &Path, tls: Tls<'_>) -> Result<(), String> {
        let settings = "ssl = on\nssl_ca_file = 'clients.crt'\n";
        let files = [
            ("server.crt", tls.certificate),
            ("server.key", tls.key),
            ("clients.crt", tls.client_authority),
            ("pg_hba.conf", tls.access),
            ("postgresql.auto.conf", settings),
        ];
        for (name, text) in files {
            let path = data.join(name);
            let describe = |error: std::io::Error| format!("{}: {error}", path.display());
            fs::write(&path, text).map_err(describe)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(describe)?;
            if let Some(account) = self.account {
                chown(&path, Some(account.uid), Some(account.gid)).map_err(describe)?;
            }
        }
        Ok(())
    }

    /// Starts the server and waits until it accepts connections.
    fn launch(&self, data: &Path) -> Result<(), String> {
        let log = self.folder.join("log");
        let port = self.port;
        let writing = if self.durable { "" } else { "-c fsync=off -c full_page_writes=off" };
        let mut options = OsString::from(format!(
            "-c listen_addresses=127.0.0.1 -p {port} {writing} \
             -c max_connections=300 -c shared_buffers=64MB -c unix_socket_directories="
        ));
        options.push(&self.folder);
        let mut start = self.command("pg_ctl");
        start.arg("start").arg("--pgdata").arg(data).args(["--wait", "--timeout", "60", "--silent"]);
        start.arg("--log").arg(&log).arg("--options").arg(options);
        // The server inherits these: a pipe would never be closed.
        start.stdout(Stdio::null()).stderr(Stdio::null());
        let status = start.status().map_err(|error| format!("pg_ctl: {error}"))?;
        if status.success() {
            return Ok(());
        }
        let said = fs::read_to_string(&log).unwrap_or_default();
        Err(said.lines().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n"))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.arg("stop").arg("--pgdata").arg(self.folder.join("data"));
        stop.args(["--mode", "immediate", "--wait", "--timeout", "30", "--silent"]);
        stop.stdout(Stdio::null()).stderr(Stdio::null());
        // Nothing to do about a failure here: the cluster may never have started.
        let _ = stop.status();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder that holds `initdb` and `pg_ctl`: Debian keeps them off PATH, newest version first here.
fn find_programs() -> Result<PathBuf, String> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        for entry in versions.flatten() {
            let version = entry.file_name().to_string_lossy().parse().unwrap_or(0);
            found.push((version, entry.path().join("bin")));
        }
    }
    found.sort();
    #[allow(clippy::disallowed_methods, reason = "PATH is how programs are found")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    found
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(on_path)
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
        .ok_or_else(|| "PostgreSQL is not installed: apt-get install postgresql".to_owned())
}

/// None when not root; else Debian's `postgres` account, else `nobody`.
fn unprivileged_account() -> Result<Option<Account>, String> {
    let own = fs::metadata("/proc/self").map(|status| status.uid()).unwrap_or(1);
    if own != 0 {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
    let find = |name: &str| {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(name)).then_some(())?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            Some(Account { uid, gid })
        })
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .map(Some)
        .ok_or_else(|| "PostgreSQL refuses to run as root, and there is no account named postgres or nobody".to_owned())
}

fn make_folder(account: Option<Account>) -> Result<PathBuf, String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("latchkey-postgres-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    let describe = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir(&folder).map_err(describe)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(describe)?;
    if let Some(account) = account {
        chown(&folder, Some(account.uid), Some(account.gid)).map_err(describe)?;
    }
    Ok(folder)
}

fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let cluster = Cluster::start().unwrap();
        let started = cluster.started.as_ref().unwrap();
        let folder = started.folder.clone();
        let mut query = started.command("psql");
        query.arg(cluster.url()).args(["-X", "-A", "-t", "-c", "select 6 * 7"]);
        let output = query.output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "42");
        let port: u16 = cluster.url().rsplit_once(':').unwrap().1.split('/').next().unwrap().parse().unwrap();
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        assert!(!started.durable && cluster.crash().is_ok());
        drop(cluster);
        assert!(!folder.exists());
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err(), "the server still listens");
    }
}
