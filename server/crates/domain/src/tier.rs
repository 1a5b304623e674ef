//! Feature plans.

use protocol::idp::UserPoolTierType;

use crate::{Reason, Result};

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

/// A feature that not every plan has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `AdvancedSecurityMode`
    ThreatProtection,
    /// `PasswordHistorySize`
    PasswordHistory,
    /// `AllowedFirstAuthFactors`, and the flow USER_AUTH.
    ChoiceBasedSignIn,
    /// `PreTokenGenerationConfig` of version 2 or 3.
    AccessTokenCustomization,
    /// `EmailMfaConfiguration`
    EmailMfa,
    /// `WebAuthnConfiguration`
    PasskeySignIn,
    /// `ManagedLoginVersion` 2.
    ManagedLogin,
    /// The branding of managed login.
    ManagedLoginBranding,
}

impl Feature {
    /// The lowest plan that has it.
    fn lowest_tier(self) -> Tier {
        match self {
            Self::ThreatProtection => Tier::Plus,
            Self::PasswordHistory
            | Self::ChoiceBasedSignIn
            | Self::AccessTokenCustomization
            | Self::EmailMfa
            | Self::PasskeySignIn
            | Self::ManagedLogin
            | Self::ManagedLoginBranding => Tier::Essentials,
        }
    }
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

    /// Refuses a feature that the plan lacks.
    ///
    /// # Errors
    /// [`Reason::FeatureNotInTier`]
    pub fn check(self, feature: Feature) -> Result<()> {
        if self >= feature.lowest_tier() {
            return Ok(());
        }
        Err(Reason::FeatureNotInTier { feature, tier: self }.into())
    }
}
