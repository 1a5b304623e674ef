//! What an identity provider vouches for, whichever protocol it speaks.

use std::fmt;

use protocol::Sensitive;
use serde_json::{Map, Value};

/// One user, as an identity provider vouches for them: judged by its protocol, and all that comes after knows of it.
#[derive(Clone, PartialEq)]
pub struct Assertion {
    /// The provider's own name for the user, the same at each sign-in: `sub`, `id`, a NameID. Never empty.
    pub subject: String,
    /// Who asserts, where `identities` names it (Cognito: of SAML providers only).
    pub issuer: Option<String>,
    /// What is said of the user. Where several statements have an attribute, the first counts.
    pub attributes: Vec<AttributeStatement>,
    /// The provider's own tokens, for those who map them.
    pub tokens: AssertionTokens,
}

/// Attributes that were said together: that an address is verified counts for the address beside it.
#[derive(Clone, PartialEq)]
pub struct AttributeStatement {
    /// Where it was said.
    pub source: StatementSource,
    /// Values by the provider's own names.
    pub values: Map<String, Value>,
}

/// Where a provider says something of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementSource {
    /// In an ID token.
    IdToken,
    /// At its userInfo endpoint.
    UserInfo,
}

/// A provider's own tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssertionTokens {
    /// Its access token.
    pub access_token: Option<Sensitive>,
    /// Its ID token.
    pub id_token: Option<Sensitive>,
}

impl Assertion {
    /// An attribute's value, and the statement that has it; null is no value.
    pub(crate) fn attribute(&self, name: &str) -> Option<(&Map<String, Value>, &Value)> {
        self.attributes.iter().find_map(|AttributeStatement { values, .. }| {
            let value = values.get(name).filter(|value| !value.is_null())?;
            Some((values, value))
        })
    }

    /// All that one source says of the user.
    pub fn said_by(&self, source: StatementSource) -> Option<&Map<String, Value>> {
        self.attributes.iter().find(|statement| statement.source == source).map(|statement| &statement.values)
    }
}

/// What is said of people is not for logs.
impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion(***)")
    }
}

impl fmt::Debug for AttributeStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttributeStatement({:?})", self.source)
    }
}
