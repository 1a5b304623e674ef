//! The use cases that the doors share.
//!
//! A flow loads, decides (in `domain`), calls out, saves; it speaks neither HTTP nor HTML. What a door needs
//! besides is plain reading of the store.

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
mod identity_providers;
mod issue;
mod keys;
mod latchkey;
mod mfa_preference;
mod outbox;
mod page;
mod password;
mod pools;
mod post;
mod provider_settings;
mod recovery;
mod refresh;
mod revoke;
mod secret_hash;
pub mod sign_in;
mod sign_up;
mod totp;
mod turns;

pub use self::federation::{Callback, Departure, Outbound, ROUND_TRIP, Refusal, Round, Stray};
pub use access::Access;
pub use access_keys::{OpenedKey, OpenedSession};
pub use admin_users::AdminCreate;
pub use branding::WholeBranding;
pub use brands::{Brand, MailBrand, MailLogo, Pages};
pub use clients::AddedSecret;
pub use codes::resend_after;
pub use context::{Ctx, EntryPoint, ServerContext, UserContext};
pub use devices::NewVerifier;
pub use directory::App;
pub use documents::{IDENTITY_PROVIDER, RESOURCE_SERVER};
pub use grants::{CodeRequest, Redemption};
pub use issue::{Audience, TokenSet, scope_covers};
pub use keys::PoolKeys;
pub use latchkey::{Latchkey, RequestId, Settings};
pub use mfa_preference::MfaChange;
pub use refresh::RefreshWay;
pub use secret_hash::check_secret_hash;
pub use sign_up::{SignUp, SignedUp};
pub use totp::derive_otpauth_uri;
