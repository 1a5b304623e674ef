//! What CreateIdentityProvider and UpdateIdentityProvider make of names, mappings and identifiers.

use std::collections::{BTreeMap, BTreeSet};

use protocol::idp::IdentityProviderTypeType as Kind;

use crate::identity_provider::default_subject;
use crate::{Error, Pool, PoolId, ProviderFault, Result};

/// The pool's own directory, as clients name it among their providers.
const DIRECTORY: &str = "COGNITO";

/// Judges a provider's name: a social provider has its type's, which nobody else has.
///
/// # Errors
/// [`ProviderFault::NameNotOfType`]
pub fn check_provider_name(kind: Kind, name: &str) -> Result<()> {
    let is_social = |kind: Kind| !matches!(kind, Kind::Saml | Kind::Oidc);
    let reserved = name.eq_ignore_ascii_case(DIRECTORY)
        || Kind::ALL.iter().any(|other| is_social(*other) && other.as_str() == name && *other != kind);
    if reserved || (is_social(kind) && name != kind.as_str()) {
        return Err(ProviderFault::NameNotOfType { name: name.to_owned(), kind }.into());
    }
    Ok(())
}

/// Refuses what is no provider that can be changed: the pool's own directory.
///
/// # Errors
/// [`ProviderFault::OwnDirectory`]
pub fn check_changeable(name: &str) -> Result<()> {
    if name.eq_ignore_ascii_case(DIRECTORY) {
        return Err(ProviderFault::OwnDirectory { name: name.to_owned() }.into());
    }
    Ok(())
}

/// The mapping as it is kept: every target is an attribute of the pool or `username`, which is mapped in any case but
/// SAML's, whose subject is the NameID.
///
/// # Errors
/// [`ProviderFault::MappingTargets`]
pub fn validate_mapping(
    pool: &Pool,
    kind: Kind,
    said: Option<BTreeMap<String, String>>,
) -> Result<BTreeMap<String, String>> {
    let mut mapping = said.unwrap_or_default();
    let fits = |target: &str, claim: &str| {
        let is_target =
            target == "username" || (pool.attribute(target).is_some() && target != "sub" && target != "identities");
        is_target && !claim.is_empty()
    };
    let unfit: Vec<String> =
        mapping.iter().filter(|(target, claim)| !fits(target, claim)).map(|(target, _)| target.clone()).collect();
    if !unfit.is_empty() {
        return Err(ProviderFault::MappingTargets { targets: unfit }.into());
    }
    if kind != Kind::Saml {
        mapping.entry("username".to_owned()).or_insert_with(|| default_subject(kind).to_owned());
    }
    Ok(mapping)
}

/// Judges identifiers among themselves.
///
/// # Errors
/// [`taken_identifier`] for one that is said twice.
pub fn check_identifiers(pool: &PoolId, said: &[String]) -> Result<()> {
    let mut seen = BTreeSet::new();
    said.iter().try_for_each(
        |identifier| {
            if seen.insert(identifier) { Ok(()) } else { Err(taken_identifier(pool, identifier)) }
        },
    )
}

/// The refusal of an identifier that a provider of the pool has already.
pub fn taken_identifier(pool: &PoolId, identifier: &str) -> Error {
    ProviderFault::IdentifierTaken { identifier: identifier.to_owned(), pool: pool.clone() }.into()
}

#[cfg(test)]
#[path = "provider_settings_tests.rs"]
mod tests;
