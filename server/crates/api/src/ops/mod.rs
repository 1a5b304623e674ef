//! The operations, one file per capability.

pub(crate) mod attributes;
pub(crate) mod devices;
pub(crate) mod mfa;
pub(crate) mod passwords;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
