//! The names under which a pool's pages answer.

use jiff::Timestamp;
use protocol::idp::{CustomDomainConfigType, RoutingType};
use serde::{Deserialize, Serialize};

use crate::{Feature, Result, Tier};

/// A domain of a pool, kept under its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolDomain {
    /// 1 for the classic pages, 2 for managed login.
    pub managed_login_version: i32,
    /// There for a full host name; a prefix of the server's own host has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomDomainConfigType>,
    /// Failover, as spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<RoutingType>,
    /// When it was made; its version is told from it.
    pub created_at: Timestamp,
}

impl PoolDomain {
    /// Whether the name is a full host name rather than a prefix.
    pub fn is_custom(&self) -> bool {
        self.custom.is_some()
    }
}

/// What is wrong with a pool's domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainFault {
    /// No such domain of that pool.
    NotFound,
    /// A custom domain that is no host name.
    NotHostName,
    /// A prefix that is no label of a host name (RFC 1123 §2.1), in lower case.
    NotLabel,
    /// A prefix with one of Amazon's own words.
    ReservedWord {
        /// The word.
        word: &'static str,
    },
    /// ManagedLoginVersion is neither 1 nor 2.
    ManagedLoginVersion,
    /// The pool has a domain of that kind.
    PoolHasOne,
    /// The name is another pool's.
    Taken,
    /// CustomDomainConfig for a prefix.
    NotCustom,
}

/// Checks the version of a domain's pages: 1 for the classic ones, 2 for managed login.
///
/// # Errors
/// [`DomainFault::ManagedLoginVersion`], [`crate::Reason::FeatureNotInTier`]
pub fn check_managed_login_version(version: i32, tier: Tier) -> Result<()> {
    match version {
        1 => Ok(()),
        2 => tier.check(Feature::ManagedLogin),
        _ => Err(DomainFault::ManagedLoginVersion.into()),
    }
}

/// Checks the name of a new domain. A prefix is one label, and none of Amazon's own words; a custom domain is a
/// host name.
///
/// # Errors
/// [`DomainFault`]
pub fn check_domain_name(name: &str, custom: bool) -> Result<()> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if custom {
        let is_host = name.contains('.') && name.split('.').all(is_label);
        return if is_host { Ok(()) } else { Err(DomainFault::NotHostName.into()) };
    }
    if !is_label(name) {
        return Err(DomainFault::NotLabel.into());
    }
    // `aws` is reserved as a word of its own only: `awsome-app` is a fine name.
    let reserved = ["cognito", "amazon"]
        .into_iter()
        .find(|word| name.contains(word))
        .or_else(|| name.split('-').any(|part| part == "aws").then_some("aws"));
    match reserved {
        Some(word) => Err(DomainFault::ReservedWord { word }.into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_one_label_without_amazons_words() {
        for good in ["acme", "a", "acme-login-2", "awsome-app"] {
            assert_eq!(check_domain_name(good, false), Ok(()), "{good}");
        }
        for bad in ["", "Acme", "-acme", "acme-", "acme.example", "my_app", &"a".repeat(64)] {
            assert!(check_domain_name(bad, false).is_err(), "{bad}");
        }
        for (name, word) in [("newcognito", "cognito"), ("aws-portal", "aws"), ("amazonas", "amazon")] {
            assert_eq!(check_domain_name(name, false), Err(DomainFault::ReservedWord { word }.into()));
        }
    }

    #[test]
    fn managed_login_needs_its_plan() {
        assert_eq!(check_managed_login_version(1, Tier::Lite), Ok(()));
        assert_eq!(check_managed_login_version(2, Tier::Essentials), Ok(()));
        assert!(check_managed_login_version(2, Tier::Lite).is_err());
        assert_eq!(check_managed_login_version(3, Tier::Plus), Err(DomainFault::ManagedLoginVersion.into()));
    }

    #[test]
    fn custom_domains_are_host_names() {
        assert_eq!(check_domain_name("auth.example.com", true), Ok(()));
        for bad in ["acme", "auth..com", "auth.example.com.", "*.example.com", "auth.example.com/x"] {
            assert!(check_domain_name(bad, true).is_err(), "{bad}");
        }
    }
}
