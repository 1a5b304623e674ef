//! Keys and what is made with them: JWTs, carried state, refresh tokens, secrets at rest.
//!
//! - [`MasterKey`] and [`Vault`]: envelope encryption. The master key wraps data keys, data keys
//!   seal everything else, each for one [`Purpose`].
//! - [`Vault::seal_state`]: what a caller carries for us between two requests.
//! - [`RefreshToken`]: opaque to clients, sealed by the vault.
//! - [`SigningKey`], [`Jwks`], [`KeyReserve`]: a user pool's key pairs.
//! - [`IdClaims`], [`AccessClaims`]: what Cognito's tokens say, and [`verify_id`],
//!   [`verify_access`]: whether to believe one.
//!
//! This crate knows nothing about stores, requests or who may have a token. It keeps no clock and
//! no chance of its own, except that RSA key generation and RSA blinding draw on AWS-LC's own
//! generator, which cannot be handed in.

mod claims;
mod extra;
mod jwks;
mod master;
mod peek;
mod purpose;
mod refresh;
mod reserve;
mod signing;
mod state;
mod vault;
mod verify;

pub use claims::{
    AccessClaims, IdClaims, MachineClaims, TokenUse, UserClaims, derive_at_hash, make_origin_jti, origin_instant,
};
pub use extra::{ExtraClaims, is_fixed_claim};
pub use jwks::{Jwk, Jwks};
pub use master::{MasterKey, MasterKeyError};
pub use peek::peek_issuer;
pub use purpose::Purpose;
pub use refresh::{REFRESH_TOKEN_PREFIX, RefreshError, RefreshToken};
pub use reserve::KeyReserve;
pub use signing::{Algorithm, KeyError, SigningKey};
pub use state::{Encoding, Opened, StateError};
pub use vault::{Vault, VaultError, WrappedKey};
pub use verify::{TokenError, VerifyingKeys, verify_access, verify_id, verify_id_hint, verify_signed};
