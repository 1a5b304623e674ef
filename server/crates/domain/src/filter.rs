//! ListUsers' filter language: `attribute = "value"` or `attribute ^= "prefix"`.

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterFault {
    /// It is not of the form.
    Malformed,
    /// Users cannot be searched for by this attribute.
    AttributeNotSearchable {
        /// Its name.
        name: String,
    },
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equals,
    /// `^=`
    StartsWith,
}

/// A parsed filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFilter {
    /// One of the searchable attributes.
    pub attribute: &'static str,
    /// How to compare.
    pub comparison: Comparison,
    /// What with.
    pub value: String,
}

const SEARCHABLE: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

impl UserFilter {
    /// Parses a filter; an empty one filters nothing.
    ///
    /// # Errors
    /// [`FilterFault`]
    pub fn parse(text: &str) -> Result<Option<Self>, FilterFault> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let (left, value) = text.split_once('=').ok_or(FilterFault::Malformed)?;
        let (name, comparison) = match left.strip_suffix('^') {
            Some(name) => (name, Comparison::StartsWith),
            None => (left, Comparison::Equals),
        };
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
        let attribute = SEARCHABLE
            .into_iter()
            .find(|known| *known == name)
            .ok_or_else(|| FilterFault::AttributeNotSearchable { name: name.to_owned() })?;
        let value = value.trim();
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).ok_or(FilterFault::Malformed)?;
        Ok(Some(Self { attribute, comparison, value: unescape(quoted).ok_or(FilterFault::Malformed)? }))
    }
}

/// Resolves `\"` and `\\`; a bare quote inside is an error.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => out.push(characters.next()?),
            other => out.push(other),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn parses_what_the_guide_shows() {
        let filter = UserFilter::parse("family_name = \"Reddy\"").unwrap().unwrap();
        assert_eq!(
            (filter.attribute, filter.comparison, filter.value.as_str()),
            ("family_name", Comparison::Equals, "Reddy")
        );
        let filter = UserFilter::parse("given_name^=\"J\\\"o\"").unwrap().unwrap();
        assert_eq!((filter.comparison, filter.value.as_str()), (Comparison::StartsWith, "J\"o"));
        let filter = UserFilter::parse(" \"email\" = \"a=b@c.de\" ").unwrap().unwrap();
        assert_eq!((filter.attribute, filter.value.as_str()), ("email", "a=b@c.de"));
        assert_eq!(UserFilter::parse("  ").unwrap(), None);
        assert_eq!(
            UserFilter::parse("custom:x = \"1\""),
            Err(FilterFault::AttributeNotSearchable { name: "custom:x".to_owned() })
        );
        for bad in
            ["email", "email = a", "custom:x = \"1\"", "email = \"a\" and name = \"b\"", "email ~= \"a\"", "= \"\""]
        {
            assert!(UserFilter::parse(bad).is_err(), "{bad}");
        }
    }
}
