//! A PostgreSQL URL: its hosts, in order, and how connections to them are encrypted, in libpq's parameters.

use std::error::Error as _;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use postgres::config::{Host, SslMode as Encryption, TargetSessionAttrs};
use postgres::{Client, Config};

use crate::postgres_tls::{Connector, HandshakeFailed};
use crate::{Result, StoreError};

/// How long one attempt to connect may take, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SslMode {
    /// Never encrypted.
    Disable,
    /// Encrypted where the server insists.
    Allow,
    /// Encrypted where the server can.
    Prefer,
    /// Always encrypted.
    Require,
    /// The same, with a certificate from a trusted authority.
    VerifyCa,
    /// The same, with a certificate that names the host.
    VerifyFull,
}

/// Whom certificates must come from, by `sslrootcert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The authorities that this machine trusts.
    System,
    /// The authorities in a PEM file.
    File(PathBuf),
}

/// The parameters of a URL that concern TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsParameters {
    pub(crate) mode: SslMode,
    pub(crate) roots: Option<Roots>,
    /// The client's own certificate and its private key, PEM files.
    pub(crate) identity: Option<(PathBuf, PathBuf)>,
}

/// A URL that was understood. Nothing is read or asked yet.
pub(crate) struct PostgresUrl {
    hosts: Vec<OneHost>,
    pub(crate) tls: TlsParameters,
}

struct OneHost {
    /// For messages: `HOST:PORT`, or the path of a socket.
    name: String,
    is_socket: bool,
    config: Config,
}

/// Whether a store would take the URL of a PostgreSQL database. No file is read and nobody is asked.
///
/// # Errors
/// What is wrong, without quoting the URL, which may hold a password.
pub fn check_postgres_url(url: &str) -> Result<(), String> {
    PostgresUrl::parse(url).map(drop)
}

impl PostgresUrl {
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let (url, own) = split(url)?;
        let tls = TlsParameters::read(&own)?;
        // The parser's error may quote the URL.
        let mut config: Config = url.parse().map_err(|_| "malformed PostgreSQL URL".to_owned())?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("latchkey");
        }
        let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
        if hosts > 1 && !own.names_attributes {
            // One of them may be a standby, on which nothing can be written.
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        let hosts = (0..hosts).map(|index| OneHost::of(&config, index)).collect::<Result<Vec<_>, _>>()?;
        if hosts.is_empty() {
            return Err("the PostgreSQL URL names no host".to_owned());
        }
        Ok(Self { hosts, tls })
    }

    /// Connects to the first host that can be reached and takes us.
    pub(crate) fn connect(&self, connector: &Connector) -> Result<Client> {
        let mut refusals = Vec::new();
        for host in &self.hosts {
            match host.connect(self.tls.mode, connector) {
                Ok(client) => return Ok(client),
                Err(reason) => refusals.push(format!("{}: {reason}", host.name)),
            }
        }
        Err(StoreError::Unreachable(refusals.join("; ")))
    }
}

impl OneHost {
    /// One of the hosts of a parsed URL, with all that holds for each of them.
    fn of(all: &Config, index: usize) -> Result<Self, String> {
        let port = match all.get_ports() {
            [] => 5432,
            [port] => *port,
            ports => *ports.get(index).ok_or("the PostgreSQL URL names more hosts than ports")?,
        };
        let mut config = Config::new();
        config.port(port);
        let address = all.get_hostaddrs().get(index);
        let (name, is_socket) = match (all.get_hosts().get(index), address) {
            (Some(Host::Tcp(host)), _) => {
                config.host(host);
                (format!("{host}:{port}"), false)
            }
            (Some(Host::Unix(folder)), _) => {
                config.host_path(folder);
                (folder.join(format!(".s.PGSQL.{port}")).display().to_string(), true)
            }
            // A certificate must then name the address.
            (None, Some(address)) => {
                config.host(&address.to_string());
                (format!("{address}:{port}"), false)
            }
            (None, None) => return Err("the PostgreSQL URL names more addresses than hosts".to_owned()),
        };
        if let Some(address) = address {
            config.hostaddr(*address);
        }
        all.get_user().map(|user| config.user(user));
        all.get_password().map(|password| config.password(password));
        all.get_dbname().map(|name| config.dbname(name));
        all.get_options().map(|options| config.options(options));
        all.get_application_name().map(|name| config.application_name(name));
        all.get_connect_timeout().map(|timeout| config.connect_timeout(*timeout));
        all.get_tcp_user_timeout().map(|timeout| config.tcp_user_timeout(*timeout));
        all.get_keepalives_interval().map(|interval| config.keepalives_interval(interval));
        all.get_keepalives_retries().map(|retries| config.keepalives_retries(retries));
        config
            .keepalives(all.get_keepalives())
            .keepalives_idle(all.get_keepalives_idle())
            .ssl_negotiation(all.get_ssl_negotiation())
            .channel_binding(all.get_channel_binding())
            .target_session_attrs(all.get_target_session_attrs())
            .load_balance_hosts(all.get_load_balance_hosts());
        Ok(Self { name, is_socket, config })
    }

    fn connect(&self, mode: SslMode, connector: &Connector) -> Result<Client, String> {
        let attempt = |encryption: Encryption| {
            let mut config = self.config.clone();
            config.ssl_mode(encryption);
            config.connect(connector.clone())
        };
        // Nothing is encrypted on a socket of this machine, whatever the mode: as with libpq.
        let (first, second) = match mode {
            _ if self.is_socket => (Encryption::Disable, None),
            SslMode::Disable => (Encryption::Disable, None),
            SslMode::Allow => (Encryption::Disable, Some(Encryption::Require)),
            SslMode::Prefer => (Encryption::Prefer, Some(Encryption::Disable)),
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => (Encryption::Require, None),
        };
        let error = match attempt(first) {
            Ok(client) => return Ok(client),
            Err(error) => error,
        };
        match second.filter(|_| depends_on_encryption(&error)).map(attempt) {
            Some(Ok(client)) => Ok(client),
            Some(Err(other)) => Err(format!("{}; then {}", reason(&error), reason(&other))),
            None => Err(reason(&error)),
        }
    }
}

/// Whether the server might take us with encryption, or without.
fn depends_on_encryption(error: &postgres::Error) -> bool {
    let rejected = error.code().is_some_and(|code| code.code().starts_with("28"));
    rejected || error.source().is_some_and(|source| source.is::<HandshakeFailed>())
}

/// Why there is no connection. Neither the driver nor the server quotes passwords.
pub(crate) fn reason(error: &postgres::Error) -> String {
    if let Some(refusal) = error.as_db_error() {
        return format!("{} ({})", refusal.message(), refusal.code().code());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some errors say their cause themselves.
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// The parameters that the driver does not know, or not as libpq does.
#[derive(Default)]
struct Own {
    mode: Option<String>,
    root: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
    names_attributes: bool,
}

/// A URL without the parameters that are ours, and those.
fn split(url: &str) -> Result<(String, Own), String> {
    let mut own = Own::default();
    // A password may hold a question mark; an at sign ends it, as in the driver's own reading.
    let credentials = url.find('@').unwrap_or(0);
    let query = url.get(credentials..).and_then(|rest| rest.find('?')).map(|at| credentials + at);
    let Some((base, query)) = query.and_then(|at| url.split_at_checked(at)) else {
        return Ok((url.to_owned(), own));
    };
    let mut others = Vec::new();
    for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or("malformed PostgreSQL URL")?;
        let place = match name {
            "sslmode" => &mut own.mode,
            "sslrootcert" => &mut own.root,
            "sslcert" => &mut own.certificate,
            "sslkey" => &mut own.key,
            _ => {
                own.names_attributes |= name == "target_session_attrs";
                others.push(pair);
                continue;
            }
        };
        let value = percent_decode_str(value).decode_utf8().map_err(|_| format!("{name} is not UTF-8"))?;
        *place = Some(value.into_owned());
    }
    let mark = if others.is_empty() { "" } else { "?" };
    Ok((format!("{base}{mark}{}", others.join("&")), own))
}

impl TlsParameters {
    fn read(own: &Own) -> Result<Self, String> {
        let mode = own.mode.as_deref().map(SslMode::read).transpose()?;
        let roots = own.root.as_deref().map(|root| match root {
            "system" => Roots::System,
            file => Roots::File(PathBuf::from(file)),
        });
        let (mode, roots) = match (mode, roots) {
            // As libpq: anybody may have a certificate from a public authority, so only its name says something.
            (None, Some(Roots::System)) => (SslMode::VerifyFull, Some(Roots::System)),
            (Some(mode), Some(Roots::System)) if mode != SslMode::VerifyFull => {
                return Err("sslrootcert=system goes with sslmode=verify-full alone".to_owned());
            }
            (Some(SslMode::VerifyCa), None) => return Err("sslmode=verify-ca needs sslrootcert".to_owned()),
            (Some(SslMode::VerifyFull), None) => (SslMode::VerifyFull, Some(Roots::System)),
            (mode, roots) => (mode.unwrap_or(SslMode::Prefer), roots),
        };
        let identity = match (&own.certificate, &own.key) {
            (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
            (None, None) => None,
            _ => return Err("sslcert and sslkey go together".to_owned()),
        };
        Ok(Self { mode, roots, identity })
    }
}

impl SslMode {
    fn read(word: &str) -> Result<Self, String> {
        Ok(match word {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return Err("sslmode is one of disable, allow, prefer, require, verify-ca, verify-full".to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tls(query: &str) -> Result<TlsParameters, String> {
        PostgresUrl::parse(&format!("postgres://u:p?w@h/d{query}")).map(|url| url.tls)
    }

    #[test]
    fn tls_parameters_are_libpqs() {
        let read = |query| tls(query).map(|tls| (tls.mode, tls.roots));
        let file = || Some(Roots::File("/a b+c.pem".into()));
        assert_eq!(read(""), Ok((SslMode::Prefer, None)));
        assert_eq!(read("?sslmode=disable&connect_timeout=3"), Ok((SslMode::Disable, None)));
        assert_eq!(read("?sslmode=require&sslrootcert=%2Fa%20b+c.pem"), Ok((SslMode::Require, file())));
        assert_eq!(read("?sslmode=verify-ca&sslrootcert=/a%20b+c.pem"), Ok((SslMode::VerifyCa, file())));
        assert_eq!(read("?sslmode=verify-full"), Ok((SslMode::VerifyFull, Some(Roots::System))));
        assert_eq!(read("?sslrootcert=system"), Ok((SslMode::VerifyFull, Some(Roots::System))));
        for refused in ["?sslmode=verify-ca", "?sslmode=require&sslrootcert=system", "?sslmode=on", "?sslcert=/c.pem"] {
            assert!(tls(refused).is_err(), "{refused}");
        }
        let identity = tls("?sslcert=/c.pem&sslkey=/k.pem").unwrap().identity;
        assert_eq!(identity, Some(("/c.pem".into(), "/k.pem".into())));
    }

    #[test]
    fn hosts_keep_what_the_url_says() {
        let names = |url: &str| {
            PostgresUrl::parse(url).map(|url| url.hosts.into_iter().map(|host| host.name).collect::<Vec<_>>())
        };
        assert_eq!(names("postgres://u@a,b:6000/d").unwrap(), ["a:5432", "b:6000"]);
        assert_eq!(names("postgresql://u@[::1]:6000/d?sslmode=require").unwrap(), ["::1:6000"]);
        assert_eq!(names("postgres://%2Frun%2Fpg:6000/d").unwrap(), ["/run/pg/.s.PGSQL.6000"]);
        assert_eq!(names("postgres:///d?host=/run/pg").unwrap(), ["/run/pg/.s.PGSQL.5432"]);
        assert_eq!(names("postgres:///d?hostaddr=10.0.0.1").unwrap(), ["10.0.0.1:5432"]);
        for refused in ["postgres:///d", "postgres://u:secret@h:port/d", "postgres://u@a,b/d?port=1,2,3&nonsense=1"] {
            let error = names(refused).unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }

        let one = PostgresUrl::parse("postgres://u:p@a,b/d?options=-csearch_path%3Ds&keepalives_idle=9").unwrap();
        let config = &one.hosts.first().unwrap().config;
        assert_eq!(config.get_password(), Some(b"p".as_slice()));
        assert_eq!(config.get_options(), Some("-csearch_path=s"));
        assert_eq!(config.get_keepalives_idle(), Duration::from_secs(9));
        assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        let any = PostgresUrl::parse("postgres://u@a,b/d?target_session_attrs=any").unwrap();
        assert_eq!(any.hosts.first().unwrap().config.get_target_session_attrs(), TargetSessionAttrs::Any);
    }
}
