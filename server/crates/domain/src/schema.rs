//! Whether attribute values fit a pool's schema.

use crate::{Error, Pool, Result, is_email, is_phone_number};
use protocol::idp::{AttributeDataType, SchemaAttributeType};
use std::collections::BTreeMap;

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

/// Checks values to be written against the schema. Empty values of optional attributes mean "remove".
///
/// # Errors
/// `InvalidParameterException` with Cognito's words.
pub fn check_attributes(pool: &Pool, writer: Writer, values: &BTreeMap<String, String>) -> Result<()> {
    for (name, value) in values {
        let Some(definition) = pool.attribute(name).filter(|_| name != "sub" && name != "identities") else {
            let problem = if name == "sub" || name == "identities" {
                "Attribute cannot be updated."
            } else {
                "Attribute does not exist in the schema."
            };
            return Err(Error::invalid_parameter(format!("user.{name}: {problem}\n")));
        };
        let immutable = definition.mutable == Some(false);
        if immutable && matches!(writer, Writer::User | Writer::Admin) {
            return Err(Error::invalid_parameter(format!("user.{name}: Attribute cannot be updated.\n")));
        }
        if name.starts_with("dev:") && matches!(writer, Writer::User | Writer::SignUp) {
            return Err(Error::not_authorized("A client attempted to write unauthorized attribute"));
        }
        check_value(definition, name, value)?;
    }
    if writer == Writer::SignUp {
        for name in pool.required_attributes() {
            if values.get(name).is_none_or(String::is_empty) {
                return Err(unfit(name, "The attribute is required"));
            }
        }
    }
    Ok(())
}

fn unfit(name: &str, problem: &str) -> Error {
    Error::invalid_parameter(format!("Attributes did not conform to the schema: {name}: {problem}\n"))
}

fn check_value(definition: &SchemaAttributeType, name: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        return match definition.required {
            Some(true) => Err(unfit(name, "The attribute is required")),
            _ => Ok(()),
        };
    }
    match name {
        "email" if !is_email(value) => {
            return Err(Error::invalid_parameter("Invalid email address format."));
        }
        "phone_number" if !is_phone_number(value) => {
            return Err(Error::invalid_parameter("Invalid phone number format."));
        }
        "birthdate" if !is_date(value) => {
            return Err(unfit(name, "Invalid birthdate format, please use yyyy-MM-dd."));
        }
        _ => {}
    }
    match definition.attribute_data_type.as_ref().unwrap_or(&AttributeDataType::String) {
        AttributeDataType::String => check_length(definition, name, value),
        AttributeDataType::Number => check_number(definition, name, value),
        AttributeDataType::Boolean => match value {
            "true" | "false" => Ok(()),
            _ => Err(unfit(name, "The attribute value must be true or false")),
        },
        AttributeDataType::DateTime => {
            let fits = value.parse::<i64>().is_ok() || value.parse::<jiff::Timestamp>().is_ok();
            if fits { Ok(()) } else { Err(unfit(name, "The attribute value must be a date and time")) }
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
        Err(unfit(name, &format!("String must be at least {shortest} characters")))
    } else if length > longest {
        Err(unfit(name, &format!("String must be no longer than {longest} characters")))
    } else {
        Ok(())
    }
}

fn check_number(definition: &SchemaAttributeType, name: &str, value: &str) -> Result<()> {
    let number: i64 = value.parse().map_err(|_| unfit(name, "The attribute value must be a number"))?;
    let constraints = definition.number_attribute_constraints.as_ref();
    let bound = |text: Option<&String>| text.and_then(|text| text.parse::<i64>().ok());
    let smallest = bound(constraints.and_then(|constraints| constraints.min_value.as_ref()));
    let largest = bound(constraints.and_then(|constraints| constraints.max_value.as_ref()));
    if smallest.is_some_and(|smallest| number < smallest) {
        Err(unfit(name, &format!("Number must be at least {}", smallest.unwrap_or_default())))
    } else if largest.is_some_and(|largest| number > largest) {
        Err(unfit(name, &format!("Number must be no more than {}", largest.unwrap_or_default())))
    } else {
        Ok(())
    }
}

fn is_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok()
}
