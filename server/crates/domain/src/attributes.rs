//! Forms of attribute values that identify people.

/// A name, besides the username, that a user can sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignInName {
    /// `email`, `phone_number` or `preferred_username`.
    pub attribute: String,
    /// The value, folded where the pool ignores case.
    pub value: String,
}

/// Whether a value is an email address as Cognito takes them: one `@`, a dotted or plain host, no blanks.
pub fn is_email(value: &str) -> bool {
    let Some((local, host)) = value.rsplit_once('@') else {
        return false;
    };
    let fits = |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
    fits(local)
        && fits(host)
        && value.len() <= 2048
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

/// Whether a value is a phone number: `+`, then 1 to 15 digits (E.164).
pub fn is_phone_number(value: &str) -> bool {
    value
        .strip_prefix('+')
        .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses() {
        for good in ["a@b.co", "first.last+tag@sub.example.com", "ü@münchen.de"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "@b.co", "a@", "a b@c.de", "a@b@c.de", "a@b", "a@b..c", ".a@b.co", "a@b.co\n"] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn phone_numbers() {
        for good in ["+1", "+15555551234", "+123456789012345"] {
            assert!(is_phone_number(good), "{good}");
        }
        for bad in ["", "+", "15555551234", "+1 555", "+1234567890123456", "+1555a"] {
            assert!(!is_phone_number(bad), "{bad}");
        }
    }
}
