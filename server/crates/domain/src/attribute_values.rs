//! Whether attribute values fit a pool's schema.

use std::collections::BTreeMap;

use protocol::idp::{AttributeDataType, SchemaAttributeType};

use crate::{AttributeFault, Pool, Reason, Result, ValueFault, is_email, is_phone_number};

/// Who writes attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// A user signing up: required attributes must be there.
    SignUp,
    /// A user changing its profile: immutable attributes stay.
    User,
    /// An administrator making a user: required attributes may be missing.
    AdminCreate,
    /// An administrator changing a user.
    Admin,
}

/// Values to be written, held against the schema: as they were given, but booleans, which are taken in any case, in
/// lower case. Empty values of optional attributes mean "remove".
///
/// # Errors
/// [`AttributeFault`], [`Reason::AttributeImmutable`]
pub fn validate_attributes(
    pool: &Pool,
    writer: Writer,
    mut values: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let mut unfit = Vec::new();
    for (name, value) in &mut values {
        if name == "sub" || name == "identities" {
            return Err(Reason::AttributeImmutable { attribute: name.clone() }.into());
        }
        let Some(definition) = pool.attribute(name) else {
            if writer == Writer::AdminCreate {
                unfit.push((name.clone(), ValueFault::Unknown));
                continue;
            }
            return Err(AttributeFault::Unknown { name: name.clone() }.into());
        };
        let immutable = definition.mutable == Some(false);
        if immutable && matches!(writer, Writer::User | Writer::Admin) {
            return Err(Reason::AttributeImmutable { attribute: name.clone() }.into());
        }
        if definition.attribute_data_type == Some(AttributeDataType::Boolean) {
            value.make_ascii_lowercase();
        }
        check_address(name, value)?;
        unfit.extend(fault_of(definition, name, value).map(|fault| (name.clone(), fault)));
    }
    if writer == Writer::SignUp {
        let missing = |name: &&str| values.get(*name).is_none_or(String::is_empty);
        let missing = pool.required_attributes().filter(missing).map(|name| (name.to_owned(), ValueFault::Required));
        unfit.extend(missing.filter(|(name, _)| !values.contains_key(name)));
    }
    if unfit.is_empty() { Ok(values) } else { Err(AttributeFault::Unfit { values: unfit }.into()) }
}

/// Addresses have a form of their own.
fn check_address(name: &str, value: &str) -> Result<(), AttributeFault> {
    match name {
        "email" if !value.is_empty() && !is_email(value) => Err(AttributeFault::EmailFormat),
        "phone_number" if !value.is_empty() && !is_phone_number(value) => Err(AttributeFault::PhoneNumberFormat),
        _ => Ok(()),
    }
}

/// What is wrong with a value, if anything.
fn fault_of(definition: &SchemaAttributeType, name: &str, value: &str) -> Option<ValueFault> {
    if value.is_empty() {
        return (definition.required == Some(true)).then_some(ValueFault::Required);
    }
    if name == "birthdate" && !is_date(value) {
        return Some(ValueFault::NotDate);
    }
    match definition.attribute_data_type.as_ref().unwrap_or(&AttributeDataType::String) {
        AttributeDataType::String => fault_of_length(definition, value),
        AttributeDataType::Number => fault_of_number(definition, value),
        AttributeDataType::Boolean => (!matches!(value, "true" | "false")).then_some(ValueFault::NotBoolean),
        AttributeDataType::DateTime => {
            let fits = value.parse::<i64>().is_ok() || value.parse::<jiff::Timestamp>().is_ok();
            (!fits).then_some(ValueFault::NotDateTime)
        }
    }
}

fn fault_of_length(definition: &SchemaAttributeType, value: &str) -> Option<ValueFault> {
    let length = value.chars().count();
    let constraints = definition.string_attribute_constraints.as_ref();
    let bound = |text: Option<&String>| text.and_then(|text| text.parse::<usize>().ok());
    let shortest = bound(constraints.and_then(|constraints| constraints.min_length.as_ref())).unwrap_or(0);
    let longest = bound(constraints.and_then(|constraints| constraints.max_length.as_ref())).unwrap_or(2048);
    if length < shortest {
        Some(ValueFault::TooShort { least: shortest })
    } else {
        (length > longest).then_some(ValueFault::TooLong { most: longest })
    }
}

fn fault_of_number(definition: &SchemaAttributeType, value: &str) -> Option<ValueFault> {
    let Ok(number) = value.parse::<i64>() else { return Some(ValueFault::NotNumber) };
    let constraints = definition.number_attribute_constraints.as_ref();
    let bound = |text: Option<&String>| text.and_then(|text| text.parse::<i64>().ok());
    let smallest = bound(constraints.and_then(|constraints| constraints.min_value.as_ref()));
    let largest = bound(constraints.and_then(|constraints| constraints.max_value.as_ref()));
    match (smallest, largest) {
        (Some(least), _) if number < least => Some(ValueFault::TooSmall { least }),
        (_, Some(most)) if number > most => Some(ValueFault::TooLarge { most }),
        _ => None,
    }
}

fn is_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok()
}
