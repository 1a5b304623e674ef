//! What a provider says of a user, as the pool's attributes (Developer Guide, "Mapping IdP profile attributes").

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Assertion, AttributeFault, Client, IdentityProvider, Pool, Result, User, Writer, validate_attributes};

/// The longest value a provider may give, in characters.
const LONGEST: usize = 2_048;

/// The values to be written for a user: claims that are absent leave the attribute alone, blank ones blank it, and
/// attributes that the client may not write are passed over.
///
/// # Errors
/// [`AttributeFault`] for a value that the schema does not take, is longer than 2,048 characters, or would change what
/// is immutable.
pub fn map_attributes(
    pool: &Pool,
    client: &Client,
    provider: &IdentityProvider,
    assertion: &Assertion,
) -> Result<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    for (attribute, claim) in &provider.mapping {
        if attribute == "username" || address_of(attribute).is_some() || !client.writes(attribute) {
            continue;
        }
        let token = match (claim.as_str(), attribute.starts_with("custom:")) {
            ("access_token", true) => assertion.tokens.access_token.as_deref(),
            ("id_token", true) => assertion.tokens.id_token.as_deref(),
            _ => None,
        };
        let value = match (token, assertion.attribute(claim)) {
            (Some(token), _) => token.to_owned(),
            (None, Some((statement, value))) => {
                // An address counts as verified only where the same statement says so of this very address.
                let flag = provider.mapping.get(&format!("{attribute}_verified"));
                if let Some(verified) = flag.and_then(|flag| statement.get(flag)).filter(|_| has_flag(attribute)) {
                    values.insert(format!("{attribute}_verified"), is_true(verified).to_string());
                }
                text_of(value)
            }
            (None, None) => continue,
        };
        if value.chars().count() > LONGEST {
            return Err(AttributeFault::MappedTooLong { name: attribute.clone(), most: LONGEST }.into());
        }
        if pool.attribute(attribute).is_some_and(|definition| definition.mutable == Some(false)) {
            return Err(AttributeFault::MappedImmutable { name: attribute.clone() }.into());
        }
        values.insert(attribute.clone(), value);
    }
    let filled: BTreeMap<_, _> = values
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    values.extend(validate_attributes(pool, Writer::AdminCreate, filled)?);
    Ok(values)
}

impl User {
    /// Takes over what a provider says now. An address that the provider does not vouch for is unverified, and so is
    /// one that it has changed.
    pub fn take_over(&mut self, values: &BTreeMap<String, String>) {
        for (name, value) in values.iter().filter(|(name, _)| address_of(name).is_none()) {
            let flag = format!("{name}_verified");
            if value.is_empty() {
                self.attributes.remove(name);
                self.attributes.remove(&flag);
                self.pending.remove(name);
                continue;
            }
            let changed = self.attributes.insert(name.clone(), value.clone()).as_ref() != Some(value);
            if has_flag(name) {
                match values.get(&flag) {
                    Some(verified) => self.attributes.insert(flag, verified.clone()),
                    None if changed => self.attributes.insert(flag, "false".to_owned()),
                    None => None,
                };
            }
        }
    }

    /// Whether all that the pool requires of its users is there.
    ///
    /// # Errors
    /// [`AttributeFault::RequiredMissing`]
    pub fn check_required(&self, pool: &Pool) -> Result<()> {
        let lacks = |name: &&str| self.attributes.get(*name).is_none_or(String::is_empty);
        let names: Vec<String> = pool.required_attributes().filter(lacks).map(str::to_owned).collect();
        if names.is_empty() { Ok(()) } else { Err(AttributeFault::RequiredMissing { names }.into()) }
    }

    /// Whether this is the profile of a provider's user: both names compared letter by letter, whatever the pool's
    /// usernames do.
    pub fn is_of(&self, provider: &IdentityProvider, subject: &str) -> bool {
        self.identities.iter().any(|known| known.provider_name == provider.name && known.user_id == subject)
    }
}

/// The address whose verification an attribute is.
fn address_of(attribute: &str) -> Option<&str> {
    attribute.strip_suffix("_verified").filter(|address| has_flag(address))
}

fn has_flag(attribute: &str) -> bool {
    matches!(attribute, "email" | "phone_number")
}

/// Some providers write booleans as text, in whatever case.
fn is_true(value: &Value) -> bool {
    value.as_bool() == Some(true) || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// Cognito: several values become one text, in brackets, each form-encoded.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let members: Vec<String> =
                list.iter().map(|one| form_urlencoded::byte_serialize(text_of(one).as_bytes()).collect()).collect();
            format!("[{}]", members.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "attribute_mapping_tests.rs"]
mod tests;
