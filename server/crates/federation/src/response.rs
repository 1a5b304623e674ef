//! What a browser brings back from a provider.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The parameters of a provider's answer, whichever its protocol and however it came: in the query of a redirect
/// (RFC 6749 §4.1.2), in a form the browser posted (OAuth 2.0 Form Post Response Mode, the POST binding of SAML 2.0).
/// Each parameter comes once; one without content counts as omitted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderResponse(BTreeMap<String, String>);

impl ProviderResponse {
    /// A parameter's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for ProviderResponse {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self(pairs.filter(|(_, value): &(String, String)| !value.is_empty()).collect())
    }
}

/// A code or an assertion is a secret.
impl fmt::Debug for ProviderResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderResponse(***)")
    }
}
