//! Typed identifiers, so that a client id can never stand where a pool id belongs.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a value already known to be well formed (validated at the door or made by us).
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// The value as it is spoken.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The value itself.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

id! {
    /// A user pool, `REGION_NAME`.
    PoolId
}
id! {
    /// An app client: 26 characters of `[a-z0-9]`, unique over all pools.
    ClientId
}
id! {
    /// A user's permanent subject identifier, UUID-shaped.
    Sub
}
id! {
    /// A user's own, immutable name within a pool (never an alias). Lower-cased in case-insensitive pools.
    Username
}
id! {
    /// A group within a pool.
    GroupName
}
id! {
    /// A tracked device, `REGION_UUID`.
    DeviceKey
}

impl PoolId {
    /// The Region part, before the first `_`.
    pub fn region(&self) -> &str {
        self.0.split_once('_').map_or("", |(region, _)| region)
    }

    /// The part after `_`, which SRP proofs are bound to.
    pub fn name(&self) -> &str {
        self.0.split_once('_').map_or(self.0.as_str(), |(_, name)| name)
    }

    /// The pool's ARN in the given account.
    pub fn arn(&self, account: &str) -> String {
        format!("arn:aws:cognito-idp:{}:{account}:userpool/{}", self.region(), self.0)
    }
}
