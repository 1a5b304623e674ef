//! Access keys.

use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

/// A string that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What a request is signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key id, which requests name.
    pub access_key: String,
    /// The secret access key, which they never contain.
    pub secret: Secret,
    /// The session token that must come along with temporary credentials; `None` for lasting ones,
    /// with which none may come.
    pub session_token: Option<Secret>,
    /// When temporary credentials end; `None` for lasting ones.
    pub expires_at: Option<Timestamp>,
}

impl Credentials {
    /// Lasting credentials.
    pub fn new(access_key: impl Into<String>, secret: impl Into<String>) -> Self {
        let (access_key, secret) = (access_key.into(), Secret::new(secret));
        Self { access_key, secret, session_token: None, expires_at: None }
    }

    /// Temporary credentials: no call is genuine without their session token, and none from their end on.
    pub fn temporary(
        access_key: impl Into<String>,
        secret: impl Into<String>,
        session_token: impl Into<String>,
        expires_at: Timestamp,
    ) -> Self {
        let session_token = Some(Secret::new(session_token));
        Self { session_token, expires_at: Some(expires_at), ..Self::new(access_key, secret) }
    }
}
