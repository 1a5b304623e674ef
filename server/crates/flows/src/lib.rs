//! The use cases that the doors share.
//!
//! A flow loads, decides (in `domain`), calls out, saves; it speaks neither HTTP nor HTML. Doors have no other way to
//! the store: what they only read is a method here too.

mod access;
mod access_keys;
mod admin_users;
mod attributes;
mod branding;
mod brands;
mod browser_sessions;
mod carried;
mod clients;
mod codes;
mod confirm;
mod context;
mod devices;
mod directory;
mod documents;
mod federation;
mod grants;
mod groups;
mod identity_providers;
mod issue;
mod keys;
mod latchkey;
mod mfa_preference;
mod notifications;
mod outbox;
mod page;
mod password;
mod pool_domains;
mod pools;
mod provider_settings;
mod recovery;
mod refresh;
mod resource_servers;
mod revoke;
mod secret_hash;
pub mod sign_in;
mod sign_up;
mod subject;
mod tags;
mod totp;
mod users;

pub use self::federation::{
    AuthorizeRequest, AuthorizeTarget, FederationState, ProviderResponse, Refusal, STATE_LIFETIME, StateRejection,
    TakenState,
};
pub use access::Access;
pub use access_keys::{OpenedKey, OpenedSession};
pub use admin_users::AdminCreate;
pub use branding::WholeBranding;
pub use brands::{MailBrand, MailLogo, Pages};
pub use clients::AddedSecret;
pub use codes::resend_after;
pub use context::{Ctx, EntryPoint, ServerContext, UserContext};
pub use devices::NewVerifier;
pub use directory::App;
pub use documents::{IDENTITY_PROVIDER, RESOURCE_SERVER};
pub use grants::{CodeRequest, Redemption};
pub use groups::GroupSettings;
pub use issue::{Audience, TokenSet, scope_covers};
pub use keys::PoolKeys;
pub use latchkey::{Latchkey, RequestId, Settings};
pub use mfa_preference::MfaChange;
pub use page::{Page, PageRequest};
pub use pools::PoolOverview;
pub use refresh::RefreshWay;
pub use secret_hash::check_secret_hash;
pub use sign_up::{SignUp, SignedUp};
pub use subject::Subject;
pub use totp::derive_otpauth_uri;
pub use users::UserQuery;
