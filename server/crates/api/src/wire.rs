//! Shapes of the wire that several operations share.

use std::collections::BTreeMap;

use domain::{Factor, Medium, User};
use flows::PageRequest;
use protocol::Timestamp;
use protocol::idp::{AttributeType, DeliveryMediumType, MFAOptionType, UserType};

use crate::error::{Error, Result};

/// An instant as the wire tells it.
pub(crate) fn instant(at: jiff::Timestamp) -> Option<Timestamp> {
    Some(Timestamp::from_millis(at.as_millisecond()))
}

/// The page that a call asks for: of the size it names, else of `default` items.
pub(crate) fn page(asked: Option<i32>, default: usize, token: Option<&str>) -> PageRequest<'_> {
    let limit = asked.and_then(|asked| usize::try_from(asked).ok()).filter(|asked| *asked > 0).unwrap_or(default);
    PageRequest { token, limit }
}

/// A list of names and values as a map; a name may come once.
pub(crate) fn values(attributes: Vec<AttributeType>) -> Result<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    for attribute in attributes {
        let name = attribute.name;
        if values.insert(name.clone(), attribute.value.unwrap_or_default()).is_some() {
            return Err(Error::invalid_parameter(format!("Invalid user attributes: {name} is given more than once.")));
        }
    }
    Ok(values)
}

/// A user as lists show it, with all its attributes or the named ones.
pub(crate) fn shown_user(user: &User, wanted: Option<&[String]>) -> UserType {
    let wanted = |name: &str| wanted.is_none_or(|names| names.iter().any(|wanted| wanted == name));
    UserType {
        username: Some(user.username.to_string()),
        attributes: Some(attributes(user, wanted)),
        user_create_date: instant(user.created_at),
        user_last_modified_date: instant(user.modified_at),
        enabled: Some(user.enabled),
        user_status: Some(user.status),
        mfa_options: mfa_options(user),
    }
}

/// Attributes that may be shown, `sub` first; links to other providers are one of them.
pub(crate) fn attributes(user: &User, shows: impl Fn(&str) -> bool) -> Vec<AttributeType> {
    let plain = user.shown_attributes().map(|(name, value)| (name, value.to_owned()));
    let links = (!user.identities.is_empty())
        .then(|| serde_json::to_string(&user.identities).ok())
        .flatten()
        .map(|links| ("identities", links));
    plain
        .chain(links)
        .filter(|(name, _)| shows(name))
        .map(|(name, value)| AttributeType { name: name.to_owned(), value: Some(value) })
        .collect()
}

/// MFAOptions: the older telling of codes by SMS as second factor.
pub(crate) fn mfa_options(user: &User) -> Option<Vec<MFAOptionType>> {
    user.mfa.sms.enabled.then(|| {
        vec![MFAOptionType {
            delivery_medium: Some(DeliveryMediumType::Sms),
            attribute_name: Some(Medium::Sms.attribute().to_owned()),
        }]
    })
}

/// PreferredMfaSetting
pub(crate) fn preferred_mfa(user: &User) -> Option<String> {
    user.mfa.preferred().map(|factor| factor.as_str().to_owned())
}

/// UserMFASettingList; absent where nothing is switched on.
pub(crate) fn enabled_mfa(user: &User) -> Option<Vec<String>> {
    let enabled: Vec<String> = user.mfa.enabled().into_iter().map(Factor::as_str).map(str::to_owned).collect();
    (!enabled.is_empty()).then_some(enabled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_as_large_as_asked_for() {
        for (asked, limit) in [(None, 60), (Some(0), 60), (Some(-1), 60), (Some(1), 1), (Some(500), 500)] {
            let page = page(asked, 60, Some("token"));
            assert_eq!((page.limit, page.token), (limit, Some("token")));
        }
    }

    #[test]
    fn a_name_comes_once() {
        let named = |name: &str| AttributeType { name: name.to_owned(), value: None };
        assert!(values(vec![named("email"), named("Email")]).is_ok());
        assert!(values(vec![named("email"), named("email")]).is_err());
    }
}
