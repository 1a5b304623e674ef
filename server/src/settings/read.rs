//! Flags before environment before file before defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::providers::{TABLE, read_providers};
use super::warnings::find_warnings;
use super::{ConfiguredProvider, DECLARED, Declared, Settings};

/// Where settings may come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Flags by name, each with its values in order.
    pub flags: BTreeMap<String, Vec<String>>,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// The file's path and text.
    pub file: Option<(PathBuf, String)>,
}

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A flag.
    Flag,
    /// An environment variable.
    Environment(String),
    /// The file.
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Flag => f.write_str("flag"),
            Self::Environment(variable) => write!(f, "${variable}"),
            Self::File(path) => f.write_str(&path.display().to_string()),
        }
    }
}

/// Settings, and where each came from, in the order of [`DECLARED`].
#[derive(Debug)]
pub struct Read {
    /// The settings in force.
    pub settings: Settings,
    /// Name and origin of each.
    pub origins: Vec<(&'static str, Origin)>,
    /// Where the tables of providers came from.
    pub(super) tables: Origin,
    pub(super) warnings: Vec<String>,
}

/// Puts the settings together.
///
/// # Errors
/// Everything that is wrong with them, a sentence each; no secret is repeated.
pub fn read(sources: &Sources) -> Result<Read, Vec<String>> {
    let mut faults = Vec::new();
    let File { values: file, identity_providers } = match &sources.file {
        Some((path, text)) => read_file(path, text, &mut faults),
        None => File::default(),
    };
    let tables = sources.file.as_ref().map_or(Origin::Default, |(path, _)| Origin::File(path.clone()));
    let mut settings = Settings {
        identity_providers,
        issuer_template: "{base}/{poolId}".to_owned(),
        region: "us-east-1".to_owned(),
        account_id: "000000000000".to_owned(),
        max_connections_per_address: 500,
        shutdown_seconds: 10,
        ..Settings::default()
    };
    let mut origins = Vec::new();
    for declared in DECLARED {
        let (origin, values) = find(declared, sources, &file);
        for value in &values {
            // A variable that expands to nothing must not become an empty secret.
            if value.trim().is_empty() {
                faults.push(format!("{} ({origin}): empty", declared.name));
                continue;
            }
            if let Err(wrong) = (declared.set)(&mut settings, value) {
                faults.push(format!("{} ({origin}): {wrong}", declared.name));
            }
        }
        origins.push((declared.name, origin));
    }
    if settings.data_dir.as_os_str().is_empty() {
        settings.data_dir = default_data_dir(settings.dev, &sources.environment);
    }
    faults.extend(contradictions(&settings));
    let warnings = find_warnings(&settings, sources);
    if faults.is_empty() { Ok(Read { settings, origins, tables, warnings }) } else { Err(faults) }
}

/// A setting's values, from the first source that has any.
fn find(declared: &Declared, sources: &Sources, file: &BTreeMap<String, Vec<String>>) -> (Origin, Vec<String>) {
    if let Some(values) = sources.flags.get(declared.name) {
        let values = values.iter().flat_map(|value| split(declared, value)).collect();
        return (Origin::Flag, values);
    }
    let variable = declared.variable();
    // An empty variable is how a service file says "not set".
    if let Some(value) = sources.environment.get(&variable).filter(|value| !value.is_empty()) {
        return (Origin::Environment(variable), split(declared, value));
    }
    match (file.get(declared.name), &sources.file) {
        (Some(values), Some((path, _))) => {
            let values = values.iter().flat_map(|value| split(declared, value)).collect();
            (Origin::File(path.clone()), values)
        }
        _ => (Origin::Default, Vec::new()),
    }
}

fn split(declared: &Declared, value: &str) -> Vec<String> {
    if declared.many {
        value.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    } else {
        vec![value.to_owned()]
    }
}

/// What the file says.
#[derive(Default)]
struct File {
    /// Settings by name, as text.
    values: BTreeMap<String, Vec<String>>,
    /// What no flag and no variable can say.
    identity_providers: Vec<ConfiguredProvider>,
}

fn read_file(path: &Path, text: &str, faults: &mut Vec<String>) -> File {
    let shown = path.display();
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            // The parser's own sentence quotes the line, which may hold a secret.
            let line =
                error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
            faults.push(format!("{shown}, line {line}: {}", toml::de::Error::message(&error)));
            return File::default();
        }
    };
    let mut read = File::default();
    for (key, value) in table {
        if key == TABLE {
            let mut wrong = Vec::new();
            read.identity_providers = read_providers(&value, &mut wrong);
            faults.extend(wrong.into_iter().map(|wrong| format!("{shown}: {wrong}")));
            continue;
        }
        if !DECLARED.iter().any(|declared| declared.name == key) {
            let hint = nearest(&key).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            faults.push(format!("{shown}: there is no setting `{key}`{hint}"));
            continue;
        }
        match words(&value) {
            Some(words) => {
                read.values.insert(key, words);
            }
            None => faults.push(format!("{shown}: `{key}` is neither text, number, boolean nor a list of text")),
        }
    }
    read
}

fn words(value: &toml::Value) -> Option<Vec<String>> {
    let word = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    };
    match value {
        toml::Value::Array(list) => list.iter().map(word).collect(),
        one => Some(vec![word(one)?]),
    }
}

/// The setting a wrong key was meant to be, if it is near enough to guess.
pub(super) fn nearest(key: &str) -> Option<&'static str> {
    let key = key.replace('_', "-").to_lowercase();
    let near = DECLARED.iter().map(|declared| (distance(&key, declared.name), declared.name)).min()?;
    (near.0 <= 1 + near.1.len() / 4).then_some(near.1)
}

/// Letters to be changed, added or dropped to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let kept = row.get(j).copied().unwrap_or_default() + usize::from(x != *y);
            let dropped = row.get(j + 1).copied().unwrap_or_default() + 1;
            let added = next.last().copied().unwrap_or_default() + 1;
            next.push(kept.min(dropped).min(added));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

fn default_data_dir(dev: bool, environment: &BTreeMap<String, String>) -> PathBuf {
    let named = |variable: &str| environment.get(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    if dev {
        PathBuf::from(".latchkey")
    } else if let Some(state) = named("STATE_DIRECTORY") {
        state
    } else if let Some(data) = named("XDG_DATA_HOME") {
        data.join("latchkey")
    } else {
        PathBuf::from("/var/lib/latchkey")
    }
}

fn contradictions(settings: &Settings) -> Vec<String> {
    let mut faults = Vec::new();
    if settings.admin_access_key.is_some() != settings.admin_secret_key.is_some() {
        faults.push("admin-access-key and admin-secret-key go together: one is missing".to_owned());
    }
    if settings.master_key.is_some() && settings.master_key_file.is_some() {
        faults.push("master-key and master-key-file exclude each other".to_owned());
    }
    faults
}
