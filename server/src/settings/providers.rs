//! Identity providers in the file: tables `[[identity-provider]]`.

use std::collections::BTreeMap;
use std::fmt;

use domain::{ProviderDetails, check_provider_name};
use protocol::Sensitive;
use protocol::idp::IdentityProviderTypeType as Kind;

/// The tables' name.
pub(super) const TABLE: &str = "identity-provider";
/// What a table may say.
const KEYS: &[&str] =
    &["name", "type", "client-id", "client-secret", "issuer", "scopes", "mapping", "identifiers", "details"];

/// A provider that is put into the demo pool at each start. Its Debug names it and no more.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfiguredProvider {
    /// ProviderName
    pub name: String,
    /// ProviderType
    pub kind: Kind,
    /// ProviderDetails
    pub details: BTreeMap<String, Sensitive>,
    /// AttributeMapping
    pub mapping: BTreeMap<String, String>,
    /// IdpIdentifiers
    pub identifiers: Vec<String>,
}

impl fmt::Debug for ConfiguredProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.kind)
    }
}

/// Reads the tables; whatever is wrong with one is a fault that names it and repeats no value.
pub(super) fn read_providers(value: &toml::Value, faults: &mut Vec<String>) -> Vec<ConfiguredProvider> {
    let Some(tables) = value.as_array().filter(|list| list.iter().all(toml::Value::is_table)) else {
        faults.push(format!("`{TABLE}` is no list of tables: write [[{TABLE}]]"));
        return Vec::new();
    };
    let mut providers: Vec<ConfiguredProvider> = Vec::new();
    for (n, table) in tables.iter().filter_map(toml::Value::as_table).enumerate() {
        match read_provider(table) {
            Ok(provider) if providers.iter().any(|other| other.name == provider.name) => {
                faults.push(format!("{TABLE} {} ({}): there are two of this name", n + 1, provider.name));
            }
            Ok(provider) => providers.push(provider),
            Err(wrong) => {
                let name = table.get("name").and_then(toml::Value::as_str);
                let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
                faults.extend(wrong.into_iter().map(|wrong| format!("{TABLE} {}{name}: {wrong}", n + 1)));
            }
        }
    }
    providers
}

fn read_provider(table: &toml::Table) -> Result<ConfiguredProvider, Vec<String>> {
    let mut wrong = Vec::new();
    for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        wrong.push(format!("there is no `{key}`; there are {}", KEYS.join(", ")));
    }
    let mut text = |key: &str| match table.get(key) {
        None => None,
        Some(toml::Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(_) => {
            wrong.push(format!("`{key}` is no text, or an empty one"));
            None
        }
    };
    let (name, kind) = (text("name"), text("type"));
    let (id, secret, issuer) = (text("client-id"), text("client-secret"), text("issuer"));
    let Some(kind) = kind.and_then(|kind| kind.parse::<Kind>().ok()) else {
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        wrong.push(format!("`type` is none of {}", kinds.join(", ")));
        return Err(wrong);
    };
    let mut details = BTreeMap::new();
    if kind == Kind::Oidc {
        details.insert("attributes_request_method".to_owned(), Sensitive::from("GET"));
    }
    for (key, value) in texts(table, "details", &mut wrong) {
        details.insert(key, value.into());
    }
    let scopes = match table.get("scopes") {
        Some(toml::Value::Array(_)) => Some(list(table, "scopes", &mut wrong).join(" ")),
        Some(toml::Value::String(text)) => Some(text.clone()),
        Some(_) => {
            wrong.push("`scopes` is neither text nor a list of text".to_owned());
            None
        }
        None => None,
    };
    for (key, value) in
        [("client_id", id), ("client_secret", secret), ("oidc_issuer", issuer), ("authorize_scopes", scopes)]
    {
        if let Some(value) = value {
            details.insert(key.to_owned(), value.into());
        }
    }
    let provider = ConfiguredProvider {
        name: name.unwrap_or_else(|| kind.as_str().to_owned()),
        kind,
        details,
        mapping: texts(table, "mapping", &mut wrong),
        identifiers: list(table, "identifiers", &mut wrong),
    };
    if !fits_name(&provider.name) {
        wrong.push("`name` is not 3 to 32 characters without blanks, `_` not at its ends".to_owned());
    }
    if let Err(error) = check_provider_name(kind, &provider.name) {
        wrong.push(api::Error::from(error).message.into_owned());
    }
    // Plain http is judged when the issuer is asked: which networks take it is another setting.
    if let Err(error) = ProviderDetails::validate(kind, provider.details.clone(), &[], true) {
        wrong.push(api::Error::from(error).message.into_owned());
    }
    if wrong.is_empty() { Ok(provider) } else { Err(wrong) }
}

/// ProviderName's published pattern, said in words.
fn fits_name(name: &str) -> bool {
    let length = name.chars().count();
    (3..=32).contains(&length)
        && !name.contains(|c: char| c.is_whitespace() || c.is_control())
        && !name.starts_with('_')
        && !name.ends_with('_')
}

fn texts(table: &toml::Table, key: &str, wrong: &mut Vec<String>) -> BTreeMap<String, String> {
    let Some(value) = table.get(key) else { return BTreeMap::new() };
    let pairs = value.as_table().map(|table| {
        let pair = |(key, value): (&String, &toml::Value)| Some((key.clone(), value.as_str()?.to_owned()));
        table.iter().map(pair).collect::<Option<BTreeMap<_, _>>>()
    });
    pairs.flatten().unwrap_or_else(|| {
        wrong.push(format!("`{key}` is no table of text"));
        BTreeMap::new()
    })
}

fn list(table: &toml::Table, key: &str, wrong: &mut Vec<String>) -> Vec<String> {
    let Some(value) = table.get(key) else { return Vec::new() };
    let words = value.as_array().map(|list| list.iter().map(|word| word.as_str().map(str::to_owned)).collect());
    words.flatten().unwrap_or_else(|| {
        wrong.push(format!("`{key}` is no list of text"));
        Vec::new()
    })
}
