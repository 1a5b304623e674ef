//! What people and administrators do with accounts: sign-up, recovery, attributes, factors, devices, groups.

pub(crate) mod admin_users;
pub(crate) mod attributes;
pub(crate) mod codes;
pub(crate) mod confirm;
pub(crate) mod devices;
pub(crate) mod groups;
pub(crate) mod mfa_preference;
pub(crate) mod password;
pub(crate) mod recovery;
pub(crate) mod sign_up;
pub(crate) mod subject;
pub(crate) mod totp;
pub(crate) mod users;
