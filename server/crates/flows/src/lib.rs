//! The use cases that the doors share.
//!
//! A flow loads, decides (in `domain`), calls out, saves; it speaks neither HTTP nor HTML. Doors have no other way to
//! the store: what they only read is a method here too.

mod accounts;
mod carried;
mod configuration;
mod context;
mod directory;
mod documents;
mod federation;
mod latchkey;
mod notifications;
mod page;
mod rates;
mod secret_hash;
pub mod sign_in;
mod token_lifecycle;

pub use self::federation::{
    AuthorizeRequest, AuthorizeTarget, FederationState, ProviderResponse, Refusal, STATE_LIFETIME, StateRejection,
    TakenState,
};
pub use accounts::admin_users::AdminCreate;
pub use accounts::codes::resend_after;
pub use accounts::devices::NewVerifier;
pub use accounts::groups::GroupSettings;
pub use accounts::mfa_preference::MfaChange;
pub use accounts::sign_up::{SignUp, SignedUp};
pub use accounts::subject::Subject;
pub use accounts::totp::derive_otpauth_uri;
pub use accounts::users::UserQuery;
pub use configuration::access_keys::{OpenedKey, OpenedSession};
pub use configuration::branding::WholeBranding;
pub use configuration::brands::{MailBrand, MailLogo, Pages};
pub use configuration::clients::AddedSecret;
pub use configuration::pools::PoolOverview;
pub use context::{Ctx, EntryPoint, ServerContext, UserContext, counted_as};
pub use directory::ClientContext;
pub use documents::{IDENTITY_PROVIDER, RESOURCE_SERVER};
pub use latchkey::{Latchkey, RequestId, Settings};
pub use page::{Page, PageRequest};
pub use rates::{Counted, Rate, Rates};
pub use secret_hash::check_secret_hash;
pub use token_lifecycle::access::Access;
pub use token_lifecycle::grants::{CodeRequest, Redemption};
pub use token_lifecycle::issue::{Audience, TokenSet, scope_covers};
pub use token_lifecycle::keys::PoolKeys;
pub use token_lifecycle::refresh::RefreshWay;
