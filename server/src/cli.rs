//! The command line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};
use domain::{ClientId, PoolId};

use crate::settings::{DECLARED, Read, Settings, Sources, read};
use crate::start::Fault;
use crate::{clients, keys, logs, outbox, serve, world};

/// What a wrong setting or command line ends with.
const USAGE: u8 = 2;

/// Runs one command to its end.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version come this way too, with a code of 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE));
        }
    };
    match matches.subcommand() {
        Some(("serve", given)) => match settings(given) {
            Ok(read) => ended(serve(read).await),
            Err(faults) => wrong(&faults),
        },
        Some(("config", config)) => match config.subcommand() {
            Some((_, given)) => check(given),
            None => ExitCode::from(USAGE),
        },
        Some(("clients", clients)) => match clients.subcommand() {
            Some((_, given)) => set_client(given).await,
            None => ExitCode::from(USAGE),
        },
        Some(("outbox", outbox)) => match outbox.subcommand() {
            Some((_, given)) => list_outbox(given).await,
            None => ExitCode::from(USAGE),
        },
        Some(("keys", keys)) => match keys.subcommand() {
            Some((name, given)) => rotate(name, given).await,
            None => ExitCode::from(USAGE),
        },
        _ => ExitCode::from(USAGE),
    }
}

/// The command line as it is declared.
fn command() -> Command {
    let new_key = Arg::new("new-master-key-file")
        .long("new-master-key-file")
        .value_name("FILE")
        .help("The new key; without it one is made");
    let pool = Arg::new("pool").long("pool").value_name("ID").required(true).help("The user pool");
    let client = Arg::new("client").long("client").value_name("ID").required(true).help("The app client");
    let srp_only = Arg::new("srp-only")
        .long("srp-only")
        .value_name("true|false")
        .value_parser(clap::value_parser!(bool))
        .help("The hosted pages never take this client's passwords in clear: without scripts there is no sign-in by password");
    let pkce = Arg::new("pkce")
        .long("pkce")
        .value_name("required|optional")
        .value_parser(["required", "optional"])
        .help("Whether a public client must send a code_challenge with each request for a code");
    let changes = ArgGroup::new("changes").args(["srp-only", "pkce"]).multiple(true).required(true);
    Command::new("latchkey")
        .version(env!("CARGO_PKG_VERSION"))
        .about("A self-hosted identity service that speaks Amazon Cognito's protocols")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .after_help(after_help())
        .subcommand(with_settings(Command::new("serve").about("Run the server")))
        .subcommand(
            Command::new("config")
                .about("Look at the settings")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(with_settings(
                    Command::new("check")
                        .about("Print the settings in force, and where each comes from; secrets are masked"),
                )),
        )
        .subcommand(
            Command::new("clients")
                .about("Change what Amazon's API has no word for")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(with_settings(
                    Command::new("set").about("Change an app client").args([client, srp_only, pkce]).group(changes),
                )),
        )
        .subcommand(
            Command::new("outbox")
                .about("Look at mail and SMS that wait or could not be sent")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(with_settings(Command::new("list").about("List them, without addresses and texts"))),
        )
        .subcommand(
            Command::new("keys")
                .about("Change keys")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(with_settings(
                    Command::new("rotate-master")
                        .about("Seal the data keys with a new master key, and put it into the old one's place")
                        .arg(new_key),
                ))
                .subcommand(with_settings(
                    Command::new("rotate-signing")
                        .about("Give a user pool new signing keys; the old ones still verify")
                        .arg(pool),
                )),
        )
}

fn with_settings(command: Command) -> Command {
    let config =
        Arg::new("config").long("config").value_name("FILE").help("A TOML file with settings [env: LATCHKEY_CONFIG]");
    let settings = DECLARED.iter().map(|declared| {
        let mut help = format!("{} [env: {}]", declared.help, declared.variable());
        if !declared.default.is_empty() {
            let _ = write!(help, " [default: {}]", declared.default);
        }
        let arg = Arg::new(declared.name).long(declared.name).help(help).help_heading("Settings");
        if declared.value.is_empty() {
            arg.num_args(0..=1).require_equals(true).default_missing_value("true").value_name("true|false")
        } else {
            let action = if declared.many { ArgAction::Append } else { ArgAction::Set };
            arg.value_name(declared.value).action(action)
        }
    });
    command.arg(config).args(settings)
}

/// The settings once more below the commands, so that `latchkey --help` is complete.
fn after_help() -> String {
    let width = DECLARED.iter().map(|declared| declared.name.len()).max().unwrap_or_default();
    let mut help = "Settings of every command. Each is a flag --NAME, an environment variable LATCHKEY_NAME (capitals, _ for -)\n\
                    and a key NAME in the file that --config or LATCHKEY_CONFIG names; a flag comes before the environment,\n\
                    and that before the file.\n\n"
        .to_owned();
    for declared in DECLARED {
        let _ = write!(help, "  {:width$}  {}", declared.name, declared.help);
        if !declared.default.is_empty() {
            let _ = write!(help, "\n  {:width$}  [{}]", "", declared.default);
        }
        help.push('\n');
    }
    help
}

/// The settings of a command line, this process's environment, and the file one of them names.
fn settings(given: &ArgMatches) -> Result<Read, Vec<String>> {
    let environment = world::environment();
    let named =
        given.get_one::<String>("config").or(environment.get("LATCHKEY_CONFIG")).filter(|path| !path.is_empty());
    let file = match named.map(PathBuf::from) {
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(|error| vec![format!("{}: {error}", path.display())])?;
            Some((path, text))
        }
        None => None,
    };
    let mut flags = BTreeMap::new();
    for declared in DECLARED {
        if let Some(values) = given.get_many::<String>(declared.name) {
            flags.insert(declared.name.to_owned(), values.cloned().collect());
        }
    }
    read(&Sources { flags, environment, file })
}

async fn serve(read: Read) -> Result<(), Fault> {
    logs::init(read.settings.log_format.unwrap_or_else(logs::Format::fitting), read.settings.log_level);
    panics::install();
    for warning in read.warnings() {
        tracing::warn!("{warning}");
    }
    let dev = read.settings.dev;
    let listening = serve::listen(read.settings).await?;
    say(&greeting(&listening, dev));
    listening.run().await
}

/// What is printed at a start, for the person who started it.
fn greeting(listening: &serve::Listening, dev: bool) -> String {
    let base = &listening.base_url;
    let mut text = String::new();
    if let Some((key, secret)) = &listening.started.made_admin {
        let _ = write!(
            text,
            "An administrator was made. Its secret is shown this once:\n\n  AWS_ACCESS_KEY_ID={key}\n  AWS_SECRET_ACCESS_KEY={}\n\n",
            secret.expose()
        );
    }
    if dev {
        let latchkey = &listening.started.latchkey;
        let pool = PoolId::from(crate::seed::POOL);
        let _ = write!(
            text,
            "Latchkey in development mode\n\n  \
             Demo       {base}/demo/   (user {email}, password {password})\n  \
             Mailbox    {base}/_latchkey/mailbox\n  \
             Gallery    {base}/_latchkey/gallery   (every page, as three brands wear it)\n  \
             API        {base}   (access key local, secret local)\n  \
             Discovery  {issuer}/.well-known/openid-configuration\n\n  \
             AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \\\n    \
             aws --endpoint-url {base} --region us-east-1 cognito-idp list-users --user-pool-id {pool}\n\n",
            email = crate::seed::EMAIL,
            password = crate::seed::PASSWORD,
            issuer = latchkey.settings().issuer(&pool),
        );
    }
    text
}

fn check(given: &ArgMatches) -> ExitCode {
    match settings(given) {
        Ok(read) => {
            say(&read.table());
            for warning in read.warnings() {
                say(&format!("warning: {warning}\n"));
            }
            ExitCode::SUCCESS
        }
        Err(faults) => wrong(&faults),
    }
}

/// The settings of a command that ends by itself, with the log as they say.
fn command_settings(given: &ArgMatches) -> Result<Settings, ExitCode> {
    let settings = settings(given).map_err(|faults| wrong(&faults))?.settings;
    logs::init(settings.log_format.unwrap_or_else(logs::Format::fitting), settings.log_level);
    Ok(settings)
}

async fn list_outbox(given: &ArgMatches) -> ExitCode {
    match command_settings(given) {
        Ok(settings) => ended(outbox::list(&settings).await.map(|said| say(&format!("{said}\n")))),
        Err(code) => code,
    }
}

async fn rotate(name: &str, given: &ArgMatches) -> ExitCode {
    let settings = match command_settings(given) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let done = if name == "rotate-master" {
        let file = given.get_one::<String>("new-master-key-file").map(Path::new);
        keys::rotate_master(&settings, file).await
    } else {
        let pool = given.get_one::<String>("pool").map(String::as_str).unwrap_or_default();
        keys::rotate_signing(&settings, &PoolId::from(pool)).await
    };
    ended(done.map(|said| say(&format!("{said}\n"))))
}

async fn set_client(given: &ArgMatches) -> ExitCode {
    let settings = match command_settings(given) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let client = given.get_one::<String>("client").map(String::as_str).unwrap_or_default();
    let change = clients::Change {
        srp_only: given.get_one::<bool>("srp-only").copied(),
        pkce_optional: given.get_one::<String>("pkce").map(|pkce| pkce == "optional"),
    };
    let done = clients::set(&settings, &ClientId::from(client), change).await;
    ended(done.map(|said| say(&format!("{said}\n"))))
}

fn ended(result: Result<(), Fault>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            complain(&format!("latchkey: {fault}\n"));
            ExitCode::FAILURE
        }
    }
}

fn wrong(faults: &[String]) -> ExitCode {
    for fault in faults {
        complain(&format!("latchkey: {fault}\n"));
    }
    ExitCode::from(USAGE)
}

/// To standard output; whoever closed it does not want to know.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn complain(text: &str) {
    let red = if io::stderr().is_terminal() { ("\u{1b}[31m", "\u{1b}[0m") } else { ("", "") };
    let _ = write!(io::stderr().lock(), "{}{text}{}", red.0, red.1);
}
