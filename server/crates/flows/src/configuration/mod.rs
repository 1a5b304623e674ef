//! What administrators set up: pools, app clients, domains, providers, resource servers, brands, access keys.

pub(crate) mod access_keys;
pub(crate) mod branding;
pub(crate) mod brands;
pub(crate) mod clients;
pub(crate) mod identity_providers;
pub(crate) mod pool_domains;
pub(crate) mod pools;
pub(crate) mod provider_settings;
pub(crate) mod resource_servers;
pub(crate) mod tags;
