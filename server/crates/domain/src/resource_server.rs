//! Resource servers: whose scopes a pool gives out.

use std::collections::BTreeSet;

use protocol::idp::ResourceServerScopeType;

use crate::PoolId;

/// What is wrong with a resource server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceServerFault {
    /// No such resource server in the pool.
    NotFound {
        /// As asked.
        identifier: String,
    },
    /// The pool has one of that identifier.
    Exists {
        /// The identifier.
        identifier: String,
        /// The pool.
        pool: PoolId,
    },
    /// A scope comes twice.
    DuplicateScope {
        /// The scope's name.
        scope: String,
        /// The resource server.
        identifier: String,
    },
}

/// Checks that no two scopes of a resource server have one name.
///
/// # Errors
/// [`ResourceServerFault::DuplicateScope`]
pub fn check_scopes(identifier: &str, scopes: &[ResourceServerScopeType]) -> Result<(), ResourceServerFault> {
    let mut names = BTreeSet::new();
    match scopes.iter().find(|scope| !names.insert(&scope.scope_name)) {
        Some(twice) => Err(ResourceServerFault::DuplicateScope {
            scope: twice.scope_name.clone(),
            identifier: identifier.to_owned(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_comes_once() {
        let scopes = |names: &[&str]| -> Vec<ResourceServerScopeType> {
            let scope = |name: &&str| ResourceServerScopeType {
                scope_name: (*name).to_owned(),
                scope_description: String::new(),
            };
            names.iter().map(scope).collect()
        };
        assert_eq!(check_scopes("api", &scopes(&["read", "Read", "write"])), Ok(()));
        let twice = ResourceServerFault::DuplicateScope { scope: "read".to_owned(), identifier: "api".to_owned() };
        assert_eq!(check_scopes("api", &scopes(&["read", "write", "read"])), Err(twice));
    }
}
