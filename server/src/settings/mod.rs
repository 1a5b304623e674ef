//! What an operator may set. [`DECLARED`] is the one list: the parser of flags, environment and file, `--help` and
//! `config check` are all made of it.

mod check;
mod declared;
mod providers;
mod read;
#[cfg(test)]
mod tests;
mod values;
mod warnings;

pub use declared::{DECLARED, Declared};
pub use providers::ConfiguredProvider;
pub use read::{Origin, Read, Sources, read};
pub use values::{Cidr, PerMinute, Secret};

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use flows::{Rate, Rates};
use store::Database;

use crate::logs;
use crate::net::Outbound;

/// The port where nothing else is said.
pub const PORT: u16 = 9229;

/// Everything that can be set, checked and with its defaults filled in.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Development mode.
    pub dev: bool,
    /// Where to listen; empty for loopback at [`PORT`].
    pub listen: Vec<SocketAddr>,
    /// Where browsers and clients reach the server; None for `http://localhost:PORT`.
    pub base_url: Option<String>,
    /// Where the data lies.
    pub data_dir: PathBuf,
    /// The `iss` of tokens.
    pub issuer_template: String,
    /// Another database than the file in the data folder.
    pub database_url: Option<Secret>,
    /// The file with the master key; None for `master.key` in the data folder.
    pub master_key_file: Option<PathBuf>,
    /// The master key itself.
    pub master_key: Option<Secret>,
    /// The mail server.
    pub smtp_url: Option<Secret>,
    /// The sender of mail; None for `no-reply@` and the base URL's host.
    pub mail_from: Option<String>,
    /// The issuer that plays Google; None for Google itself.
    pub google_issuer: Option<String>,
    /// Whose forwarding headers are believed; None for the mode's default.
    pub trusted_proxies: Option<Vec<Cidr>>,
    /// Special networks that may be asked; None for the mode's default.
    pub outbound_networks: Option<Vec<Cidr>>,
    /// Certificates that are trusted besides the platform's.
    pub outbound_ca_file: Option<PathBuf>,
    /// The Region new resources are named after.
    pub region: String,
    /// The account of ARNs.
    pub account_id: String,
    /// An administrator's access key.
    pub admin_access_key: Option<String>,
    /// Its secret.
    pub admin_secret_key: Option<Secret>,
    /// How the log is written; None to see whether a terminal reads it.
    pub log_format: Option<logs::Format>,
    /// How much is logged.
    pub log_level: logs::Level,
    /// Identity providers of the demo pool, from the file's tables.
    pub identity_providers: Vec<ConfiguredProvider>,
    /// Connections at most; None for as many as the limit of open files allows.
    pub max_connections: Option<usize>,
    /// Connections of one address at most.
    pub max_connections_per_address: usize,
    /// Sign-ups and codes sent in a minute, of one caller; None for the mode's default.
    pub codes_per_address: Option<PerMinute>,
    /// The same of all callers.
    pub codes: Option<PerMinute>,
    /// Guesses at codes in a minute, of one caller.
    pub guesses_per_address: Option<PerMinute>,
    /// The same of all callers.
    pub guesses: Option<PerMinute>,
    /// Sign-ins begun in a minute, of one caller.
    pub sign_ins_per_address: Option<PerMinute>,
    /// Browsers of one caller sent to identity providers in a minute.
    pub provider_sign_ins_per_address: Option<PerMinute>,
    /// Seconds that requests under way have to end after a signal.
    pub shutdown_seconds: u64,
}

impl Settings {
    /// Where to listen. The second half tells whether an address may be missing from this machine.
    pub fn addresses(&self) -> Vec<(SocketAddr, bool)> {
        if self.listen.is_empty() {
            let v4 = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT);
            let v6 = SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), PORT);
            vec![(v4, false), (v6, true)]
        } else {
            self.listen.iter().map(|address| (*address, false)).collect()
        }
    }

    /// Which database.
    pub fn database(&self) -> Database {
        match &self.database_url {
            None => Database::Sqlite(self.data_dir.join("latchkey.db")),
            Some(url) => match url.expose().strip_prefix("sqlite:") {
                Some(file) => Database::Sqlite(PathBuf::from(file.trim_start_matches("//"))),
                None => Database::Postgres(url.expose().to_owned()),
            },
        }
    }

    /// The file the master key is kept in, unless it is given itself.
    pub fn master_key_path(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data_dir.join("master.key"))
    }

    /// Whose forwarding headers are believed: in dev mode loopback's, otherwise nobody's.
    pub fn proxies(&self) -> Vec<Cidr> {
        self.trusted_proxies.clone().unwrap_or_else(|| self.loopback_in_dev())
    }

    /// Where requests to other machines may go: in dev mode to loopback too.
    pub fn outbound(&self) -> Outbound {
        Outbound {
            networks: self.outbound_networks.clone().unwrap_or_else(|| self.loopback_in_dev()),
            ca_file: self.outbound_ca_file.clone(),
        }
    }

    fn loopback_in_dev(&self) -> Vec<Cidr> {
        if !self.dev {
            return Vec::new();
        }
        vec![Cidr::host(Ipv4Addr::LOCALHOST.into(), 8), Cidr::host(Ipv6Addr::LOCALHOST.into(), 128)]
    }

    /// The administrator that is configured; in dev mode `local`.
    pub fn admin(&self) -> Option<(String, Secret)> {
        match (&self.admin_access_key, &self.admin_secret_key) {
            (Some(key), Some(secret)) => Some((key.clone(), secret.clone())),
            _ => self.dev.then(|| (LOCAL.to_owned(), Secret::new(LOCAL))),
        }
    }

    /// How often callers may do what costs; in dev mode as often as they like, where nothing is set.
    pub fn rates(&self) -> Rates {
        let in_force = |set: Option<PerMinute>, otherwise: u32| match set {
            Some(PerMinute(most)) => most,
            None => (!self.dev).then_some(otherwise),
        };
        let rate = |of_one, in_all| Rate { of_one, in_all };
        Rates {
            codes: rate(in_force(self.codes_per_address, 30), in_force(self.codes, 3_000)),
            guesses: rate(in_force(self.guesses_per_address, 60), in_force(self.guesses, 6_000)),
            sign_ins: rate(in_force(self.sign_ins_per_address, 1_200), None),
            providers: rate(in_force(self.provider_sign_ins_per_address, 120), None),
        }
    }

    /// The sender of mail from pools that name none.
    pub fn sender(&self, base_url: &str) -> String {
        self.mail_from.clone().unwrap_or_else(|| {
            let host = url::Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
            format!("no-reply@{}", host.unwrap_or_else(|| "localhost".to_owned()))
        })
    }
}

/// Access key and secret of dev mode's administrator.
pub const LOCAL: &str = "local";
