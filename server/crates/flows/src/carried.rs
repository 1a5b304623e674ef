//! State that callers carry between steps, sealed: Session and SECRET_BLOCK.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Error, Reason, Result, Sealed};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use tokens::{Opened, Purpose, StateError};
use zeroize::Zeroizing;

use crate::Latchkey;

impl Latchkey {
    /// Seals state for the caller to carry until `expires_at`.
    pub fn seal_state<T: Serialize>(&self, purpose: Purpose, expires_at: Timestamp, state: &T) -> String {
        self.vault.seal_state(purpose, expires_at, state, self.world.entropy())
    }

    /// Opens what [`Latchkey::seal_state`] sealed, for a door with words of its own for what is wrong with it.
    ///
    /// # Errors
    /// [`StateError`]: not ours, or too late.
    pub fn open_sealed<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        now: Timestamp,
        sealed: &str,
    ) -> Result<T, StateError> {
        Ok(self.vault.open_state(purpose, now, sealed)?.value)
    }

    /// A new secret for a cookie: 256 random bits in base64url.
    pub fn make_cookie_secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(world::bytes::<32>(self.world.entropy()))
    }

    /// Opens what [`Latchkey::seal_state`] sealed.
    ///
    /// # Errors
    /// `NotAuthorizedException` with Cognito's two texts: not ours, or too late.
    pub(crate) fn open_state<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        now: Timestamp,
        sealed: &str,
    ) -> Result<Opened<T>> {
        self.vault.open_state(purpose, now, sealed).map_err(refused_state)
    }

    /// Seals a secret at rest; `context` names what it belongs to and must be said again to open it.
    pub fn seal(&self, purpose: Purpose, context: &str, secret: &[u8]) -> Sealed {
        Sealed(self.vault.seal(purpose, context.as_bytes(), secret, self.world.entropy()))
    }

    /// Opens a secret at rest.
    ///
    /// # Errors
    /// An internal error: the row and the keys do not belong together.
    pub fn unseal(&self, purpose: Purpose, context: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        self.vault.open(purpose, context.as_bytes(), &sealed.0).map_err(Error::internal)
    }
}

/// What is said of carried state that does not open.
pub(crate) fn refused_state(error: StateError) -> Error {
    match error {
        StateError::Expired => Reason::SessionExpired.into(),
        StateError::Malformed => Reason::SessionInvalid.into(),
    }
}
