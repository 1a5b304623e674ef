//! Tracked devices.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{DeviceKey, Sealed};

/// A device of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// `REGION_UUID`.
    pub key: DeviceKey,
    /// Half of what its proofs are bound to.
    pub group_key: String,
    /// Set by ConfirmDevice; until then the device is merely announced.
    pub verifier: Option<DeviceVerifier>,
    /// What the app calls it.
    pub name: Option<String>,
    /// Whether it stands in for the second factor.
    pub remembered: bool,
    /// Address it was last used from.
    pub last_ip: Option<String>,
    /// When it was announced.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub modified_at: Timestamp,
    /// When it last signed in.
    pub authenticated_at: Timestamp,
}

/// What ConfirmDevice registers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceVerifier {
    /// SRP salt, as bytes of the integer.
    pub salt: protocol::Blob,
    /// SRP verifier, sealed.
    pub verifier: Sealed,
}
