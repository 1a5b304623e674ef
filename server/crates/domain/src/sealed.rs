//! A secret at rest.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Ciphertext of the vault (`tokens::Vault`): opaque here, safe to store, never to print.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        protocol::Blob(self.0.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        protocol::Blob::deserialize(deserializer).map(|blob| Self(blob.0))
    }
}
