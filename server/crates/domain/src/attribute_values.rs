//! Whether attribute values fit a pool's schema.

use std::collections::BTreeMap;

use protocol::idp::{AttributeDataType, SchemaAttributeType};

use crate::{AttributeFault, Error, Pool, Reason, Result, ValueFault, is_email, is_phone_number};

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
    for (name, value) in &mut values {
        let Some(definition) = pool.attribute(name).filter(|_| name != "sub" && name != "identities") else {
            return Err(if name == "sub" || name == "identities" {
                Reason::AttributeImmutable { attribute: name.clone() }.into()
            } else {
                AttributeFault::Unknown { name: name.clone() }.into()
            });
        };
        let immutable = definition.mutable == Some(false);
        if immutable && matches!(writer, Writer::User | Writer::Admin) {
            return Err(Reason::AttributeImmutable { attribute: name.clone() }.into());
        }
        if definition.attribute_data_type == Some(AttributeDataType::Boolean) {
            value.make_ascii_lowercase();
        }
        check_value(definition, name, value)?;
    }
    if writer == Writer::SignUp {
        for name in pool.required_attributes() {
            if values.get(name).is_none_or(String::is_empty) {
                return Err(unfit(name, ValueFault::Required));
            }
        }
    }
    Ok(values)
}

fn unfit(name: &str, fault: ValueFault) -> Error {
    AttributeFault::Value { name: name.to_owned(), fault }.into()
}

fn check_value(definition: &SchemaAttributeType, name: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        return match definition.required {
            Some(true) => Err(unfit(name, ValueFault::Required)),
            _ => Ok(()),
        };
    }
    match name {
        "email" if !is_email(value) => {
            return Err(AttributeFault::EmailFormat.into());
        }
        "phone_number" if !is_phone_number(value) => {
            return Err(AttributeFault::PhoneNumberFormat.into());
        }
        "birthdate" if !is_date(value) => {
            return Err(unfit(name, ValueFault::NotDate));
        }
        _ => {}
    }
    match definition.attribute_data_type.as_ref().unwrap_or(&AttributeDataType::String) {
        AttributeDataType::String => check_length(definition, name, value),
        AttributeDataType::Number => check_number(definition, name, value),
        AttributeDataType::Boolean => match value {
            "true" | "false" => Ok(()),
            _ => Err(unfit(name, ValueFault::NotBoolean)),
        },
        AttributeDataType::DateTime => {
            let fits = value.parse::<i64>().is_ok() || value.parse::<jiff::Timestamp>().is_ok();
            if fits { Ok(()) } else { Err(unfit(name, ValueFault::NotDateTime)) }
        }
    }
}

fn check_length(definition: &SchemaAttributeType, name: &str, value: &str) -> Result<()> {
    let length = value.chars().count();
    let constraints = definition.string_attribute_constraints.as_ref();
    let bound = |text: Option<&String>| text.and_then(|text| text.parse::<usize>().ok());
    let shortest = bound(constraints.and_then(|constraints| constraints.min_length.as_ref())).unwrap_or(0);
    let longest = bound(constraints.and_then(|constraints| constraints.max_length.as_ref())).unwrap_or(2048);
    if length < shortest {
        Err(unfit(name, ValueFault::TooShort { least: shortest }))
    } else if length > longest {
        Err(unfit(name, ValueFault::TooLong { most: longest }))
    } else {
        Ok(())
    }
}

fn check_number(definition: &SchemaAttributeType, name: &str, value: &str) -> Result<()> {
    let number: i64 = value.parse().map_err(|_| unfit(name, ValueFault::NotNumber))?;
    let constraints = definition.number_attribute_constraints.as_ref();
    let bound = |text: Option<&String>| text.and_then(|text| text.parse::<i64>().ok());
    let smallest = bound(constraints.and_then(|constraints| constraints.min_value.as_ref()));
    let largest = bound(constraints.and_then(|constraints| constraints.max_value.as_ref()));
    match (smallest, largest) {
        (Some(least), _) if number < least => Err(unfit(name, ValueFault::TooSmall { least })),
        (_, Some(most)) if number > most => Err(unfit(name, ValueFault::TooLarge { most })),
        _ => Ok(()),
    }
}

fn is_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok()
}
