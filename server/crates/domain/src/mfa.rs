//! Which second factor, if any, a sign-in still needs.

use protocol::idp::{RecoveryOptionNameType, UserPoolMfaType};
use serde::{Deserialize, Serialize};

use crate::{Medium, Pool, User};

/// A second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Factor {
    /// A code by SMS.
    Sms,
    /// A code of an authenticator app.
    Totp,
    /// A code by mail.
    Email,
}

impl Factor {
    /// The challenge that asks for it, which is also its name in preferences.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "SMS_MFA",
            Self::Totp => "SOFTWARE_TOKEN_MFA",
            Self::Email => "EMAIL_OTP",
        }
    }

    /// What its codes travel by; None for an authenticator app.
    pub fn medium(self) -> Option<Medium> {
        match self {
            Self::Sms => Some(Medium::Sms),
            Self::Email => Some(Medium::Email),
            Self::Totp => None,
        }
    }

    /// The factor whose codes travel by this.
    pub fn by(medium: Medium) -> Self {
        match medium {
            Medium::Sms => Self::Sms,
            Medium::Email => Self::Email,
        }
    }

    /// Reads a factor's name; `EMAIL_MFA` is taken for `EMAIL_OTP`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "SMS_MFA" => Some(Self::Sms),
            "SOFTWARE_TOKEN_MFA" => Some(Self::Totp),
            "EMAIL_OTP" | "EMAIL_MFA" => Some(Self::Email),
            _ => None,
        }
    }
}

/// One factor's switches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// The user wants it asked.
    pub enabled: bool,
    /// It is asked first.
    pub preferred: bool,
}

/// What SetUserMFAPreference keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MfaPreference {
    /// SMSMfaSettings
    pub sms: Preference,
    /// SoftwareTokenMfaSettings
    pub totp: Preference,
    /// EmailMfaSettings
    pub email: Preference,
}

impl MfaPreference {
    /// The factors switched on, in the order they are listed on the wire.
    pub fn enabled(&self) -> Vec<Factor> {
        [(Factor::Sms, self.sms), (Factor::Totp, self.totp), (Factor::Email, self.email)]
            .into_iter()
            .filter(|(_, preference)| preference.enabled)
            .map(|(factor, _)| factor)
            .collect()
    }

    /// The factor asked first.
    pub fn preferred(&self) -> Option<Factor> {
        [(Factor::Sms, self.sms), (Factor::Totp, self.totp), (Factor::Email, self.email)]
            .into_iter()
            .find(|(_, preference)| preference.enabled && preference.preferred)
            .map(|(factor, _)| factor)
    }
}

/// What follows a correct password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MfaDecision {
    /// Nothing: tokens.
    Pass,
    /// This factor.
    Ask(Factor),
    /// One of these, as the user chooses.
    Choose(Vec<Factor>),
    /// One of these has to be set up first.
    SetUp(Vec<Factor>),
    /// The pool demands a factor that this user cannot have.
    Impossible,
}

/// The guide's list, after a correct password. See "MFA decision" of the developer guide.
pub fn decide_mfa(pool: &Pool, user: &User) -> MfaDecision {
    let usable = usable_factors(pool, user);
    let preferred = user.mfa.preferred().filter(|factor| usable.contains(factor));
    let enabled: Vec<Factor> = user.mfa.enabled().into_iter().filter(|factor| usable.contains(factor)).collect();
    match pool.mfa_mode() {
        UserPoolMfaType::Off => MfaDecision::Pass,
        UserPoolMfaType::Optional => match (preferred, enabled.as_slice()) {
            (Some(factor), _) => MfaDecision::Ask(factor),
            (None, []) => MfaDecision::Pass,
            (None, [one]) => MfaDecision::Ask(*one),
            (None, _) => MfaDecision::Choose(enabled),
        },
        UserPoolMfaType::On => match (preferred, usable.as_slice()) {
            (Some(factor), _) => MfaDecision::Ask(factor),
            (None, []) => set_up(pool, user),
            (None, [one]) => MfaDecision::Ask(*one),
            (None, _) if enabled.len() == 1 => {
                enabled.first().map_or(MfaDecision::Impossible, |one| MfaDecision::Ask(*one))
            }
            (None, _) => MfaDecision::Choose(usable),
        },
    }
}

/// Factors that could be asked of this user now.
fn usable_factors(pool: &Pool, user: &User) -> Vec<Factor> {
    let has = |attribute: &str| user.attributes.get(attribute).is_some_and(|value| !value.is_empty());
    let mut factors = Vec::new();
    if pool.offers_sms_mfa() && has("phone_number") && !is_recovery_medium(pool, "phone_number") {
        factors.push(Factor::Sms);
    }
    if pool.offers_totp() && user.has_totp() {
        factors.push(Factor::Totp);
    }
    if pool.offers_email_mfa() && has("email") && !is_recovery_medium(pool, "email") {
        factors.push(Factor::Email);
    }
    factors
}

fn set_up(pool: &Pool, user: &User) -> MfaDecision {
    let has = |attribute: &str| user.attributes.get(attribute).is_some_and(|value| !value.is_empty());
    let mut factors = Vec::new();
    if pool.offers_sms_mfa() && !has("phone_number") && !is_recovery_medium(pool, "phone_number") {
        factors.push(Factor::Sms);
    }
    if pool.offers_totp() {
        factors.push(Factor::Totp);
    }
    if pool.offers_email_mfa() && !has("email") && !is_recovery_medium(pool, "email") {
        factors.push(Factor::Email);
    }
    if factors.is_empty() { MfaDecision::Impossible } else { MfaDecision::SetUp(factors) }
}

/// Whether the attribute is the primary way to recover an account; it cannot be the second factor as well.
fn is_recovery_medium(pool: &Pool, attribute: &str) -> bool {
    let Some(setting) = &pool.settings.account_recovery_setting else {
        return false;
    };
    let primary =
        setting.recovery_mechanisms.as_deref().unwrap_or_default().iter().min_by_key(|option| option.priority);
    match primary.map(|option| &option.name) {
        Some(RecoveryOptionNameType::VerifiedEmail) => attribute == "email",
        Some(RecoveryOptionNameType::VerifiedPhoneNumber) => attribute == "phone_number",
        Some(RecoveryOptionNameType::AdminOnly) | None => false,
    }
}
