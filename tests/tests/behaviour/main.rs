//! What the server does, seen through the AWS door.

mod absent_members;
mod attributes;
mod authorization;
mod branding;
mod clients;
mod devices;
mod domains;
mod federated_users;
mod groups;
mod identity_providers;
mod messages;
mod mfa;
mod passwords;
mod resource_servers;
mod sign_in;
mod sign_up;
mod tags;
mod tokens;
mod ui_customization;
mod user_pools;
mod users;
