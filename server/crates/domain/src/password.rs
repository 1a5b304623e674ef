//! The password policy.

use protocol::idp::PasswordPolicyType;

use crate::{Error, Reason};

/// Longest password taken, in characters.
const LONGEST: usize = 256;
/// The symbols Cognito counts; a space inside counts too.
const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";

/// The rules of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// Fewest characters.
    pub shortest: usize,
    /// At least one of A–Z.
    pub uppercase: bool,
    /// At least one of a–z.
    pub lowercase: bool,
    /// At least one of 0–9.
    pub numbers: bool,
    /// At least one symbol.
    pub symbols: bool,
    /// How many passwords back (the current one included) may not come again.
    pub history: usize,
}

/// What a password lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordWeakness {
    /// too short
    Short,
    /// over 256 characters
    Long,
    /// begins or ends with a blank
    OuterSpace,
    /// lacks an uppercase letter
    NoUppercase,
    /// lacks a lowercase letter
    NoLowercase,
    /// lacks a digit
    NoNumber,
    /// lacks a symbol
    NoSymbol,
}

impl PasswordRules {
    /// The rules of a policy as spoken. No policy at all means 8 characters of all four kinds;
    /// a policy's missing members mean 8 and "not required".
    pub fn of(policy: Option<&PasswordPolicyType>) -> Self {
        let Some(policy) = policy else {
            return Self { shortest: 8, uppercase: true, lowercase: true, numbers: true, symbols: true, history: 0 };
        };
        let number =
            |value: Option<i32>, default| value.and_then(|value| usize::try_from(value).ok()).unwrap_or(default);
        Self {
            shortest: number(policy.minimum_length, 8),
            uppercase: policy.require_uppercase.unwrap_or(false),
            lowercase: policy.require_lowercase.unwrap_or(false),
            numbers: policy.require_numbers.unwrap_or(false),
            symbols: policy.require_symbols.unwrap_or(false),
            history: number(policy.password_history_size, 0),
        }
    }

    /// The first rule the password breaks, in the order Cognito tells them.
    pub fn weakness(&self, password: &str) -> Option<PasswordWeakness> {
        let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
        let length = password.chars().count();
        if length < self.shortest {
            Some(PasswordWeakness::Short)
        } else if length > LONGEST {
            Some(PasswordWeakness::Long)
        } else if password.starts_with(char::is_whitespace) || password.ends_with(char::is_whitespace) {
            Some(PasswordWeakness::OuterSpace)
        } else if self.lowercase && !has(char::is_ascii_lowercase) {
            Some(PasswordWeakness::NoLowercase)
        } else if self.uppercase && !has(char::is_ascii_uppercase) {
            Some(PasswordWeakness::NoUppercase)
        } else if self.numbers && !has(char::is_ascii_digit) {
            Some(PasswordWeakness::NoNumber)
        } else if self.symbols && !password.chars().any(|c| SYMBOLS.contains(c) || c == ' ') {
            Some(PasswordWeakness::NoSymbol)
        } else {
            None
        }
    }

    /// Holds a password to the rules at sign-up, first sign-in and ChangePassword.
    ///
    /// # Errors
    /// [`Reason::PasswordWeak`].
    pub fn check(&self, password: &str) -> Result<(), Error> {
        self.refuse(password, false)
    }

    /// The same at ConfirmForgotPassword and AdminSetUserPassword, which word the refusal differently.
    ///
    /// # Errors
    /// [`Reason::PasswordWeak`].
    pub fn check_reset(&self, password: &str) -> Result<(), Error> {
        self.refuse(password, true)
    }

    fn refuse(&self, password: &str, on_reset: bool) -> Result<(), Error> {
        match self.weakness(password) {
            None => Ok(()),
            Some(weakness) => Err(Reason::PasswordWeak { weakness, on_reset }.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_bites() {
        let rules = PasswordRules::of(None);
        let cases = [
            ("Aa1!aaa", Some(PasswordWeakness::Short)),
            ("AA11!!AA", Some(PasswordWeakness::NoLowercase)),
            ("aa11!!aa", Some(PasswordWeakness::NoUppercase)),
            ("AAaa!!aa", Some(PasswordWeakness::NoNumber)),
            ("AAaa11aa", Some(PasswordWeakness::NoSymbol)),
            (" Aa1!aaa", Some(PasswordWeakness::OuterSpace)),
            ("Aa1!aaaa", None),
            ("Aa1 aaaa", None),
            ("Aa1!äöüß", None),
        ];
        for (password, weakness) in cases {
            assert_eq!(rules.weakness(password), weakness, "{password}");
        }
        assert_eq!(rules.weakness(&format!("Aa1!{}", "x".repeat(253))), Some(PasswordWeakness::Long));
    }
}
