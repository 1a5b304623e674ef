//! Codes sent by mail or SMS.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What a code proves; a user has at most one open code for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CodePurpose {
    /// Confirms a sign-up.
    SignUp,
    /// Confirmed a sign-up: proves nothing any more, but whoever opens its link again is told that it worked.
    UsedSignUp,
    /// Resets a password.
    Recovery,
    /// Verifies an attribute (`email` or `phone_number`).
    Attribute(String),
}

impl CodePurpose {
    /// The key it is stored under.
    pub fn key(&self) -> String {
        match self {
            Self::SignUp => "sign-up".to_owned(),
            Self::UsedSignUp => "used-sign-up".to_owned(),
            Self::Recovery => "recovery".to_owned(),
            Self::Attribute(name) => format!("attribute:{name}"),
        }
    }

    /// How long such a code is good for.
    pub fn lifetime(&self) -> SignedDuration {
        match self {
            Self::SignUp | Self::UsedSignUp | Self::Attribute(_) => SignedDuration::from_hours(24),
            Self::Recovery => SignedDuration::from_hours(1),
        }
    }
}

/// An open code.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// The digits. Short-lived and worthless once used, so kept sealed only by the row's own lifetime.
    pub digits: crate::Sealed,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// The attribute it was sent to, and proves.
    pub attribute: String,
    /// The address it was sent to: a code proves this value, not one that came later.
    pub destination: String,
    /// Wrong guesses so far.
    pub failures: u32,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code")
            .field("attribute", &self.attribute)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
