//! Parameters of a query or a form.

use std::borrow::Cow;
use std::collections::HashSet;

use protocol::Sensitive;

/// Names and values, decoded, in the order they came. Values may be secret.
#[derive(Clone, Default)]
pub(crate) struct Params(Vec<(String, Sensitive)>);

impl Params {
    /// Reads `application/x-www-form-urlencoded`.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let owned = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), value.into_owned().into());
        Self(form_urlencoded::parse(bytes).map(owned).collect())
    }

    /// A value; one without content counts as omitted (RFC 6749 §3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A value as it was typed, empty where there is none.
    pub(crate) fn typed(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// Whether the parameter came more than once (RFC 6749 §3.1: it must not).
    pub(crate) fn repeats(&self, name: &str) -> bool {
        self.0.iter().filter(|(known, _)| known == name).nth(1).is_some()
    }

    /// All of them, as they came.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether any parameter came more than once.
    pub(crate) fn repeats_any(&self) -> bool {
        let mut seen = HashSet::new();
        !self.0.iter().all(|(name, _)| seen.insert(name.as_str()))
    }

    /// These of the parameters again as a query, each once.
    pub(crate) fn encode_only(&self, names: &[&str]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in names {
            if let Some(value) = self.get(name) {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Params {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(pairs: T) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }
}

impl Params {
    /// All parameters as a query, with one set to this value and others left out.
    pub(crate) fn with(&self, name: &str, value: &str, without: &[&str]) -> String {
        let kept = self.0.iter().filter(|(known, _)| known != name && !without.contains(&known.as_str()));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair(name, value).finish()
    }
}

/// Pairs as a query; pairs without a value are left out.
pub(crate) fn encode(pairs: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_is_no_value_and_repetition_is_seen() {
        let params = Params::parse(b"a=1&b=&c=x+y%26&a=2");
        assert_eq!((params.get("a"), params.get("b"), params.get("c")), (Some("1"), None, Some("x y&")));
        assert!(params.repeats("a") && !params.repeats("c") && params.repeats_any());
        assert_eq!(params.encode_only(&["c", "b", "a"]), "c=x+y%26&a=1");
    }

    #[test]
    fn repetition_is_seen_among_any_number_of_names() {
        // Compared each with each, these would keep a core busy for minutes.
        let mut form: String = (0..300_000).map(|number| format!("{number}&")).collect();
        assert!(!Params::parse(form.as_bytes()).repeats_any());
        form.push_str("299999=again");
        assert!(Params::parse(form.as_bytes()).repeats_any());
    }
}
