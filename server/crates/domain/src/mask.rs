//! Where a code went, said so that only its owner recognizes it.

use protocol::idp::{CodeDeliveryDetailsType, DeliveryMediumType};
use serde::{Deserialize, Serialize};

/// A medium that codes travel by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Medium {
    /// Mail to the `email` attribute.
    Email,
    /// SMS to the `phone_number` attribute.
    Sms,
}

impl Medium {
    /// The attribute that holds the address.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "phone_number",
        }
    }

    /// The medium that reaches an attribute's value.
    pub fn of_attribute(name: &str) -> Option<Self> {
        match name {
            "email" => Some(Self::Email),
            "phone_number" => Some(Self::Sms),
            _ => None,
        }
    }
}

/// Where a code went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// By what.
    pub medium: Medium,
    /// The full address.
    pub address: String,
}

impl Delivery {
    /// The masked address.
    pub fn masked(&self) -> String {
        match self.medium {
            Medium::Email => mask_email(&self.address),
            Medium::Sms => mask_phone_number(&self.address),
        }
    }

    /// As the wire says it.
    pub fn details(&self) -> CodeDeliveryDetailsType {
        CodeDeliveryDetailsType {
            destination: Some(self.masked()),
            delivery_medium: Some(match self.medium {
                Medium::Email => DeliveryMediumType::Email,
                Medium::Sms => DeliveryMediumType::Sms,
            }),
            attribute_name: Some(self.medium.attribute().to_owned()),
        }
    }
}

/// `jane@example.com` → `j***@e***`.
pub fn mask_email(address: &str) -> String {
    let (local, host) = address.split_once('@').unwrap_or((address, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}***@{}***", first(local), first(host))
}

/// `+15555551234` → `+*******1234`.
pub fn mask_phone_number(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let tail: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    format!("+{}{tail}", "*".repeat(digits.len().saturating_sub(4)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        assert_eq!(mask_email("jane@example.com"), "j***@e***");
        assert_eq!(mask_email("ü@münchen.de"), "ü***@m***");
        assert_eq!(mask_email(""), "***@***");
        assert_eq!(mask_phone_number("+15555551234"), "+*******1234");
        assert_eq!(mask_phone_number("+12"), "+12");
    }
}
