//! Tags of a resource.

use std::collections::BTreeMap;

/// Most tags a resource can have.
const MOST_TAGS: usize = 50;

/// What is wrong with tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagFault {
    /// More than a resource can have.
    TooMany {
        /// How many it can have.
        most: usize,
    },
    /// A key in the service's own name space.
    ReservedKey {
        /// The key.
        key: String,
    },
}

/// Checks a resource's tags: not more than 50, and none in the service's own name space.
///
/// # Errors
/// [`TagFault`]
pub fn check_tags(tags: &BTreeMap<String, String>) -> Result<(), TagFault> {
    if tags.len() > MOST_TAGS {
        return Err(TagFault::TooMany { most: MOST_TAGS });
    }
    match tags.keys().find(|key| key.to_lowercase().starts_with("aws:")) {
        Some(key) => Err(TagFault::ReservedKey { key: key.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_not_too_many_and_none_is_the_services_own() {
        let tags = |count: usize| (0..count).map(|number| (number.to_string(), String::new())).collect();
        assert_eq!(check_tags(&tags(50)), Ok(()));
        assert_eq!(check_tags(&tags(51)), Err(TagFault::TooMany { most: 50 }));
        let reserved = BTreeMap::from([("AWS:mine".to_owned(), String::new())]);
        assert_eq!(check_tags(&reserved), Err(TagFault::ReservedKey { key: "AWS:mine".to_owned() }));
    }
}
