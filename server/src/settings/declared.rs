//! The list of settings.

use std::path::PathBuf;

use super::{Cidr, PerMinute, Secret, Settings};
use crate::logs;

/// One setting: flag `--name`, environment variable `LATCHKEY_NAME`, key `name` of the file.
pub struct Declared {
    /// Its name, in words with `-` between them.
    pub name: &'static str,
    /// What its value is, for `--help`; empty for a switch.
    pub value: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What holds without it, in words; empty where nothing does.
    pub default: &'static str,
    /// Whether it may be said more than once, or with commas.
    pub many: bool,
    /// Whether its value is shown to nobody.
    pub secret: bool,
    /// Takes a value; the error says what is wrong with it, without repeating it.
    pub(crate) set: fn(&mut Settings, &str) -> Result<(), String>,
    /// The value in force, once all are set.
    pub(crate) shown: fn(&Settings) -> Option<String>,
}

impl Declared {
    /// The environment variable.
    pub fn variable(&self) -> String {
        format!("LATCHKEY_{}", self.name.to_uppercase().replace('-', "_"))
    }
}

const PLAIN: Declared = Declared {
    name: "",
    value: "",
    help: "",
    default: "",
    many: false,
    secret: false,
    set: |_, _| Ok(()),
    shown: |_| None,
};

fn joined<T: ToString>(list: &[T]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn read_count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| (1..=1_000_000).contains(count)).ok_or_else(|| "not 1 to 1000000".to_owned())
}

/// Every setting, in the order of `--help`.
pub static DECLARED: &[Declared] = &[
    Declared {
        name: "dev",
        help: "Development mode: fixed administrator (local/local), a demo pool in an empty store, a mailbox page, \
               any Region in signatures",
        default: "off",
        set: |settings, text| {
            settings.dev = match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "on" | "yes" => true,
                "false" | "0" | "off" | "no" => false,
                _ => return Err("neither true nor false".to_owned()),
            };
            Ok(())
        },
        shown: |settings| Some(settings.dev.to_string()),
        ..PLAIN
    },
    Declared {
        name: "listen",
        value: "ADDRESS:PORT",
        help: "Where to listen; port 0 takes a free one",
        default: "127.0.0.1:9229, and [::1]:9229 where there is one",
        many: true,
        set: |settings, text| {
            let address =
                text.parse().map_err(|_| "not ADDRESS:PORT, such as 127.0.0.1:9229 or [::]:443".to_owned())?;
            settings.listen.push(address);
            Ok(())
        },
        shown: |settings| {
            let addresses: Vec<_> = settings.addresses().into_iter().map(|(address, _)| address).collect();
            Some(joined(&addresses))
        },
        ..PLAIN
    },
    Declared {
        name: "base-url",
        value: "URL",
        help: "Where browsers and clients reach this server: scheme, host and port",
        default: "http://localhost:PORT, with the port listened on",
        set: |settings, text| {
            let wrong = || "not http:// or https:// with a host and nothing behind it".to_owned();
            let url = url::Url::parse(text).map_err(|_| wrong())?;
            let bare = matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none();
            if !bare {
                return Err(wrong());
            }
            settings.base_url = Some(url.as_str().trim_end_matches('/').to_owned());
            Ok(())
        },
        shown: |settings| settings.base_url.clone(),
        ..PLAIN
    },
    Declared {
        name: "data-dir",
        value: "DIR",
        help: "Where database and master key are kept; made when missing",
        default: "$STATE_DIRECTORY, else $XDG_DATA_HOME/latchkey, else /var/lib/latchkey; in dev mode ./.latchkey",
        set: |settings, text| {
            settings.data_dir = PathBuf::from(text);
            Ok(())
        },
        shown: |settings| Some(settings.data_dir.display().to_string()),
        ..PLAIN
    },
    Declared {
        name: "issuer-template",
        value: "TEMPLATE",
        help: "The issuer of tokens; {base}, {region} and {poolId} are filled in",
        default: "{base}/{poolId}",
        set: |settings, text| {
            if !text.ends_with("/{poolId}") {
                return Err("does not end in /{poolId}".to_owned());
            }
            text.clone_into(&mut settings.issuer_template);
            Ok(())
        },
        shown: |settings| Some(settings.issuer_template.clone()),
        ..PLAIN
    },
    Declared {
        name: "database-url",
        value: "URL",
        help: "postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full, or sqlite:FILE",
        default: "latchkey.db in the data folder (SQLite)",
        secret: true,
        set: |settings, text| {
            if !["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| text.starts_with(scheme)) {
                return Err("neither postgres://… nor sqlite:FILE".to_owned());
            }
            if !text.starts_with("sqlite:") {
                store::check_postgres_url(text)?;
            }
            settings.database_url = Some(Secret::new(text));
            Ok(())
        },
        shown: |settings| settings.database_url.as_ref().map(|url| url.expose().to_owned()),
        ..PLAIN
    },
    Declared {
        name: "master-key-file",
        value: "FILE",
        help: "The key that seals all others: 32 bytes in base64 or hexadecimal",
        default: "master.key in the data folder, made on the first start",
        set: |settings, text| {
            settings.master_key_file = Some(PathBuf::from(text));
            Ok(())
        },
        shown: |settings| settings.master_key.is_none().then(|| settings.master_key_path().display().to_string()),
        ..PLAIN
    },
    Declared {
        name: "master-key",
        value: "KEY",
        help: "The master key itself, in the place of a file; best given in the environment",
        secret: true,
        set: |settings, text| {
            tokens::MasterKey::from_text(text).map_err(|error| error.to_string())?;
            settings.master_key = Some(Secret::new(text));
            Ok(())
        },
        shown: |settings| settings.master_key.as_ref().map(|key| key.expose().to_owned()),
        ..PLAIN
    },
    Declared {
        name: "smtp-url",
        value: "URL",
        help: "The mail server: smtps://, smtp+starttls:// or smtp://, then [USER:PASSWORD@]HOST[:PORT]",
        default: "none: codes cannot be sent; in dev mode mail goes to the mailbox page",
        secret: true,
        set: |settings, text| {
            messages::check_smtp_url(text).map_err(|error| error.to_string())?;
            settings.smtp_url = Some(Secret::new(text));
            Ok(())
        },
        shown: |settings| settings.smtp_url.as_ref().map(|url| url.expose().to_owned()),
        ..PLAIN
    },
    Declared {
        name: "mail-from",
        value: "ADDRESS",
        help: "Who sends mail, where a pool names nobody: ADDRESS, or NAME <ADDRESS>",
        default: "no-reply@ and the base URL's host",
        set: |settings, text| {
            messages::check_sender(text).map_err(|error| error.to_string())?;
            settings.mail_from = Some(text.to_owned());
            Ok(())
        },
        shown: |settings| settings.mail_from.clone(),
        ..PLAIN
    },
    Declared {
        name: "google-issuer",
        value: "URL",
        help: "Plays Google, for tests and staging: the issuer whose discovery document replaces Google's endpoints",
        default: "Google itself",
        set: |settings, text| {
            let wrong = || "not https:// (or http://) with a host, without query and fragment".to_owned();
            let url = url::Url::parse(text).map_err(|_| wrong())?;
            let plain = matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none();
            if !plain {
                return Err(wrong());
            }
            settings.google_issuer = Some(text.to_owned());
            Ok(())
        },
        shown: |settings| settings.google_issuer.clone(),
        ..PLAIN
    },
    Declared {
        name: "trusted-proxies",
        value: "NETWORK",
        help: "Whose X-Forwarded-For, -Proto and -Host are believed: addresses or networks such as 10.0.0.0/8",
        default: "nobody; in dev mode 127.0.0.0/8 and ::1",
        many: true,
        set: |settings, text| {
            let network = Cidr::parse(text).ok_or("not an address or network (10.0.0.0/8)")?;
            settings.trusted_proxies.get_or_insert_default().push(network);
            Ok(())
        },
        shown: |settings| Some(joined(&settings.proxies())).filter(|text| !text.is_empty()),
        ..PLAIN
    },
    Declared {
        name: "outbound-networks",
        value: "NETWORK",
        help: "Private or otherwise special networks where identity providers may be asked, at any port and in plain \
               http: addresses or networks such as 10.1.2.0/24. The public internet is asked by https alone",
        default: "none; in dev mode 127.0.0.0/8 and ::1",
        many: true,
        set: |settings, text| {
            let network = Cidr::parse(text).ok_or("not an address or network (10.1.2.0/24)")?;
            settings.outbound_networks.get_or_insert_default().push(network);
            Ok(())
        },
        shown: |settings| Some(joined(&settings.outbound().networks)).filter(|text| !text.is_empty()),
        ..PLAIN
    },
    Declared {
        name: "outbound-ca-file",
        value: "FILE",
        help: "Certificates (PEM) trusted for requests to identity providers, besides the platform's",
        default: "the platform's alone",
        set: |settings, text| {
            settings.outbound_ca_file = Some(PathBuf::from(text));
            Ok(())
        },
        shown: |settings| settings.outbound_ca_file.as_ref().map(|file| file.display().to_string()),
        ..PLAIN
    },
    Declared {
        name: "region",
        value: "REGION",
        help: "The Region new resources are named after, and the one signatures must name",
        default: "us-east-1",
        set: |settings, text| {
            let fits = !text.is_empty()
                && text.len() <= 32
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !fits {
                return Err("not a Region such as eu-west-1".to_owned());
            }
            text.clone_into(&mut settings.region);
            Ok(())
        },
        shown: |settings| Some(settings.region.clone()),
        ..PLAIN
    },
    Declared {
        name: "account-id",
        value: "NUMBER",
        help: "The account in ARNs",
        default: "000000000000",
        set: |settings, text| {
            if text.len() != 12 || !text.bytes().all(|b| b.is_ascii_digit()) {
                return Err("not twelve digits".to_owned());
            }
            text.clone_into(&mut settings.account_id);
            Ok(())
        },
        shown: |settings| Some(settings.account_id.clone()),
        ..PLAIN
    },
    Declared {
        name: "admin-access-key",
        value: "ID",
        help: "An administrator's access key id, stored at start",
        default: "local in dev mode; otherwise one is made on the first start and printed once",
        set: |settings, text| {
            let fits = (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
            if !fits {
                return Err("not 1 to 128 letters and digits".to_owned());
            }
            settings.admin_access_key = Some(text.to_owned());
            Ok(())
        },
        shown: |settings| settings.admin().map(|(key, _)| key),
        ..PLAIN
    },
    Declared {
        name: "admin-secret-key",
        value: "SECRET",
        help: "Its secret access key; best given in the environment",
        default: "local in dev mode",
        secret: true,
        set: |settings, text| {
            settings.admin_secret_key = Some(Secret::new(text));
            Ok(())
        },
        shown: |settings| settings.admin().map(|(_, secret)| secret.expose().to_owned()),
        ..PLAIN
    },
    Declared {
        name: "log-format",
        value: "FORMAT",
        help: "text or json, to standard error",
        default: "text on a terminal, else json",
        set: |settings, text| {
            settings.log_format = Some(logs::Format::parse(text).ok_or("neither text nor json")?);
            Ok(())
        },
        shown: |settings| settings.log_format.map(|format| format.as_str().to_owned()),
        ..PLAIN
    },
    Declared {
        name: "log-level",
        value: "LEVEL",
        help: "error, warn, info, debug or trace",
        default: "info",
        set: |settings, text| {
            settings.log_level = logs::Level::parse(text).ok_or("none of error, warn, info, debug, trace")?;
            Ok(())
        },
        shown: |settings| Some(settings.log_level.as_str().to_owned()),
        ..PLAIN
    },
    Declared {
        name: "max-connections",
        value: "NUMBER",
        help: "Connections at a time; whoever comes beyond that is answered 503",
        default: "as many as the limit of open files allows, at most 10000",
        set: |settings, text| {
            settings.max_connections = Some(read_count(text)?);
            Ok(())
        },
        shown: |settings| settings.max_connections.map(|most| most.to_string()),
        ..PLAIN
    },
    Declared {
        name: "max-connections-per-address",
        value: "NUMBER",
        help: "Connections at a time of one IPv4 address or one /64 network of IPv6; trusted proxies have no such limit",
        default: "500",
        set: |settings, text| {
            settings.max_connections_per_address = read_count(text)?;
            Ok(())
        },
        shown: |settings| Some(settings.max_connections_per_address.to_string()),
        ..PLAIN
    },
    Declared {
        name: "codes-per-minute-per-address",
        value: "NUMBER",
        help: "Sign-ups and codes sent in a minute for one IPv4 address or one /64 network of IPv6; or off",
        default: "30; in dev mode off",
        set: |settings, text| {
            settings.codes_per_address = Some(PerMinute::parse(text)?);
            Ok(())
        },
        shown: |settings| Some(PerMinute(settings.rates().codes.of_one).to_string()),
        ..PLAIN
    },
    Declared {
        name: "codes-per-minute",
        value: "NUMBER",
        help: "The same for all callers of this process",
        default: "3000; in dev mode off",
        set: |settings, text| {
            settings.codes = Some(PerMinute::parse(text)?);
            Ok(())
        },
        shown: |settings| Some(PerMinute(settings.rates().codes.in_all).to_string()),
        ..PLAIN
    },
    Declared {
        name: "guesses-per-minute-per-address",
        value: "NUMBER",
        help: "Codes that one address may try in a minute, right or wrong; or off",
        default: "60; in dev mode off",
        set: |settings, text| {
            settings.guesses_per_address = Some(PerMinute::parse(text)?);
            Ok(())
        },
        shown: |settings| Some(PerMinute(settings.rates().guesses.of_one).to_string()),
        ..PLAIN
    },
    Declared {
        name: "guesses-per-minute",
        value: "NUMBER",
        help: "The same for all callers of this process",
        default: "6000; in dev mode off",
        set: |settings, text| {
            settings.guesses = Some(PerMinute::parse(text)?);
            Ok(())
        },
        shown: |settings| Some(PerMinute(settings.rates().guesses.in_all).to_string()),
        ..PLAIN
    },
    Declared {
        name: "sign-ins-per-minute-per-address",
        value: "NUMBER",
        help: "Sign-ins that one address may begin in a minute; or off. An app's own server that signs users in is one address",
        default: "1200; in dev mode off",
        set: |settings, text| {
            settings.sign_ins_per_address = Some(PerMinute::parse(text)?);
            Ok(())
        },
        shown: |settings| Some(PerMinute(settings.rates().sign_ins.of_one).to_string()),
        ..PLAIN
    },
    Declared {
        name: "provider-sign-ins-per-minute-per-address",
        value: "NUMBER",
        help: "Browsers of one address that are sent to identity providers in a minute; or off",
        default: "120; in dev mode off",
        set: |settings, text| {
            settings.provider_sign_ins_per_address = Some(PerMinute::parse(text)?);
            Ok(())
        },
        shown: |settings| Some(PerMinute(settings.rates().providers.of_one).to_string()),
        ..PLAIN
    },
    Declared {
        name: "shutdown-seconds",
        value: "SECONDS",
        help: "How long requests under way may take to end after SIGTERM or SIGINT",
        default: "10",
        set: |settings, text| {
            let seconds = text.parse().ok().filter(|seconds| *seconds <= 600).ok_or("not 0 to 600")?;
            settings.shutdown_seconds = seconds;
            Ok(())
        },
        shown: |settings| Some(settings.shutdown_seconds.to_string()),
        ..PLAIN
    },
];
