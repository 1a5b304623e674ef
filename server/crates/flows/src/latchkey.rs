//! What every flow is given: the store, secrets, the outside world and settings.

use std::ops::Deref;
use std::sync::Arc;

use ::federation::oidc::DiscoveryDocument;
use domain::PoolId;
use jiff::Timestamp;
use messages::{MessageSender, Outbox};
use store::Store;
use tokens::{KeyReserve, Vault, VerifyingKeys};
use triggers::Triggers;
use world::World;

use crate::directory::Apps;
use crate::federation::DocumentCache;
use crate::rates::{RateCounters, Rates};
use crate::token_lifecycle::keys::Keys;

/// A running Latchkey. Cheap to clone.
#[derive(Clone)]
pub struct Latchkey(Arc<Services>);

/// What flows work with; only they reach it.
pub struct Services {
    pub(crate) store: Store,
    pub(crate) world: World,
    /// Seals secrets at rest and state that callers carry.
    pub(crate) vault: Vault,
    pub(crate) outbox: Outbox,
    pub(crate) settings: Settings,
    /// Key pairs made ahead of need.
    pub(crate) reserve: KeyReserve,
    pub(crate) keys: Keys,
    pub(crate) provider_keys: DocumentCache<VerifyingKeys>,
    pub(crate) discovery_documents: DocumentCache<DiscoveryDocument>,
    pub(crate) apps: Apps,
    pub(crate) rates: RateCounters,
    pub(crate) triggers: Triggers,
}

/// What the operator has set, as far as flows and doors ask for it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where browsers and clients reach this server; no slash at the end.
    pub base_url: String,
    /// The `iss` of tokens; `{base}`, `{region}` and `{poolId}` are filled in.
    pub issuer_template: String,
    /// The Region that new resources are named after.
    pub region: String,
    /// The 12-digit account of ARNs.
    pub account: String,
    /// The issuer whose discovery document takes the place of Google's own endpoints: for tests and staging.
    pub google_issuer: Option<String>,
    /// Whether there are networks where identity providers may be asked in plain http.
    pub allow_http: bool,
    /// How often callers may do what costs.
    pub rates: Rates,
    /// Development mode: loopback names for domains, lenient Regions.
    pub dev: bool,
}

impl Settings {
    /// The issuer of a pool's tokens.
    pub fn issuer(&self, pool: &PoolId) -> String {
        self.issuer_template
            .replace("{base}", &self.base_url)
            .replace("{region}", pool.region())
            .replace("{poolId}", pool.as_str())
    }
}

impl Latchkey {
    /// Puts the parts together.
    pub fn new(store: Store, world: World, vault: Vault, sender: Arc<dyn MessageSender>, settings: Settings) -> Self {
        let reserve = KeyReserve::new(2);
        Self(Arc::new(Services {
            store,
            world,
            vault,
            outbox: Outbox::new(sender),
            settings,
            reserve,
            keys: Keys::default(),
            provider_keys: DocumentCache::default(),
            discovery_documents: DocumentCache::default(),
            apps: Apps::default(),
            rates: RateCounters::default(),
            triggers: Triggers::default(),
        }))
    }

    /// What the operator has set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The database: for the binary, which seeds, sweeps and watches it. No door may ask for it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Time, randomness and network: for the binary. No door may ask for it.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Where mail and SMS wait to be sent: for the binary, which empties it before it ends. No door may ask for it.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The present, read once per flow and passed on.
    pub fn now(&self) -> Timestamp {
        self.world.now()
    }
}

impl Deref for Latchkey {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

/// The id of one request, told to the caller and in the log.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    /// A new id.
    pub fn make(world: &World) -> Self {
        Self(world::uuid_v4(world.entropy()).to_string())
    }

    /// As told.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RequestId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}
