//! Tokens from their keys to their end: grants, issue, refresh, verification, revocation.

pub(crate) mod access;
pub(crate) mod grants;
pub(crate) mod issue;
pub(crate) mod keys;
pub(crate) mod refresh;
pub(crate) mod revoke;
