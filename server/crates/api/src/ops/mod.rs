//! The operations, one file per capability.

pub(crate) mod attributes;
pub(crate) mod branding;
pub(crate) mod clients;
pub(crate) mod devices;
pub(crate) mod domains;
pub(crate) mod groups;
pub(crate) mod identity_providers;
pub(crate) mod mfa;
pub(crate) mod passwords;
pub(crate) mod resource_servers;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod tags;
pub(crate) mod tokens;
pub(crate) mod ui_customization;
pub(crate) mod user_pools;
pub(crate) mod users;
