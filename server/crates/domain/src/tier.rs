//! Feature plans.

use protocol::idp::UserPoolTierType;

/// A pool's feature plan, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// LITE
    Lite,
    /// ESSENTIALS, the default.
    Essentials,
    /// PLUS
    Plus,
}

impl Tier {
    /// The plan a pool's settings name.
    pub fn of(spoken: Option<&UserPoolTierType>) -> Self {
        match spoken {
            Some(UserPoolTierType::Lite) => Self::Lite,
            Some(UserPoolTierType::Plus) => Self::Plus,
            Some(UserPoolTierType::Essentials) | None => Self::Essentials,
        }
    }
}
