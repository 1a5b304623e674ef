//! What is remembered: reads and transactions over an embedded SQLite file or PostgreSQL.
//!
//! A write that was answered is on the disk. SQLite has one writer, which gathers whatever waits into
//! one commit; PostgreSQL locks the rows it is going to change. An `update_…` takes a function of the
//! old row, so that read-modify-write cannot be got wrong. What differs between the two databases is
//! in `dialect`; every statement is written once.
//!
//! Knows nothing of clocks, chance, or what its documents mean.

mod apps;
mod brands;
mod clients;
mod codes;
mod connection;
mod devices;
mod dialect;
mod documents;
mod domains;
mod error;
mod federation_states;
mod grants;
mod groups;
mod keys;
mod meta;
mod migrations;
mod outbox;
mod page;
mod pools;
mod postgres_pool;
mod postgres_tls;
mod postgres_url;
mod rate_limits;
mod revocations;
mod sessions;
mod sqlite;
mod store;
mod sweep;
mod unknown;
mod user_search;
mod users;
mod value;

pub use apps::StoredApp;
pub use brands::{BrandKind, BrandVersion, StoredAsset};
pub use connection::{Counts, Reader, Tx};
pub use documents::Kind;
pub use error::{Result, StoreError};
pub use federation_states::{ConsumedFederationState, StoredFederationState};
pub use grants::Taken;
pub use keys::{AccessKey, DataKey, KeyOwner, KeySession, KeyUse, SigningKey};
pub use outbox::{Lease, LeasedMessage, OutboxEntry, OutboxMessage, OutboxState};
pub use page::Page;
pub use postgres_url::check_postgres_url;
pub use revocations::RefreshFamily;
pub use store::{Database, Store};
