//! The names under which a pool's pages answer.

use crate::{Error, Result};
use jiff::Timestamp;
use protocol::idp::{CustomDomainConfigType, RoutingType};
use serde::{Deserialize, Serialize};

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

/// Checks the name of a new domain. A prefix is one label, and none of Amazon's own words; a custom domain is a
/// host name.
///
/// # Errors
/// `InvalidParameterException` with the service's words.
pub fn check_domain_name(name: &str, custom: bool) -> Result<()> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if custom {
        let is_host = name.contains('.') && name.split('.').all(is_label);
        return if is_host {
            Ok(())
        } else {
            Err(Error::invalid_parameter("A custom domain must be a fully qualified domain name."))
        };
    }
    if !is_label(name) {
        return Err(Error::invalid_parameter(
            r"The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$",
        ));
    }
    // `aws` is reserved as a word of its own only: `awsome-app` is a fine name.
    let reserved = ["cognito", "amazon"]
        .into_iter()
        .find(|word| name.contains(word))
        .or_else(|| name.split('-').find(|part| *part == "aws"));
    match reserved {
        Some(word) => Err(Error::invalid_parameter(format!("Domain cannot contain reserved word: {word}"))),
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
        let said = |name| check_domain_name(name, false).err().map(|error| error.wire().1);
        for (name, word) in [("newcognito", "cognito"), ("aws-portal", "aws"), ("amazonas", "amazon")] {
            assert_eq!(said(name), Some(format!("Domain cannot contain reserved word: {word}")));
        }
    }

    #[test]
    fn custom_domains_are_host_names() {
        assert_eq!(check_domain_name("auth.example.com", true), Ok(()));
        for bad in ["acme", "auth..com", "auth.example.com.", "*.example.com", "auth.example.com/x"] {
            assert!(check_domain_name(bad, true).is_err(), "{bad}");
        }
    }
}
