//! What a pool's schema starts with, and how it grows.

use protocol::idp::{
    AttributeDataType, NumberAttributeConstraintsType, SchemaAttributeType, StringAttributeConstraintsType,
};

use crate::Result;

/// Most custom attributes a pool can have.
const MOST_CUSTOM: usize = 50;
/// Longest value of a string attribute.
const LONGEST: i64 = 2048;

/// What is wrong with a schema. Names are full ones (`custom:x`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaFault {
    /// An attribute without name.
    NameMissing,
    /// A name comes twice.
    DuplicateName {
        /// The second one.
        name: String,
    },
    /// The pool has an attribute of that name.
    NameTaken {
        /// Without `dev:`.
        name: String,
        /// The attribute that has it.
        by: String,
    },
    /// More custom attributes than a pool can have.
    TooManyCustom {
        /// How many it can have.
        most: usize,
    },
    /// A standard attribute with another type, or for developers only.
    StandardRetyped {
        /// The attribute.
        name: String,
    },
    /// A custom attribute that is required.
    CustomRequired,
    /// A custom attribute without AttributeDataType.
    TypeMissing,
    /// MinLength or MaxLength is no number, or negative.
    LengthInvalid {
        /// The attribute.
        name: String,
    },
    /// MinValue or MaxValue is no number.
    ValueInvalid {
        /// The attribute.
        name: String,
    },
    /// MinLength or MaxLength is larger than any value.
    LengthTooLarge {
        /// The attribute.
        name: String,
        /// The largest length.
        most: i64,
    },
    /// MaxLength is less than MinLength.
    LengthsOutOfOrder {
        /// The attribute.
        name: String,
    },
    /// MaxValue is less than MinValue.
    ValuesOutOfOrder {
        /// The attribute.
        name: String,
    },
}

/// The attributes every pool has, in the order they are shown.
const STANDARD: [&str; 20] = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
];

/// The schema of a new pool: the standard attributes as `given` changes them, then its custom ones.
///
/// # Errors
/// [`SchemaFault`]
pub fn new_schema(given: &[SchemaAttributeType]) -> Result<Vec<SchemaAttributeType>> {
    let mut schema: Vec<SchemaAttributeType> = STANDARD.into_iter().map(standard).collect();
    let mut custom = Vec::new();
    for attribute in given {
        let name = name_of(attribute)?;
        match schema.iter_mut().find(|known| known.name.as_deref() == Some(name)) {
            Some(known) => restate(known, attribute)?,
            None => {
                let attribute = make_custom(attribute)?;
                let taken = |other: &SchemaAttributeType| base_name(other) == base_name(&attribute);
                if custom.iter().any(taken) {
                    return Err(SchemaFault::DuplicateName { name: attribute.name.unwrap_or_default() }.into());
                }
                custom.push(attribute);
            }
        }
    }
    schema.append(&mut custom);
    check_count(&schema)?;
    Ok(schema)
}

/// Adds custom attributes to a pool's schema (AddCustomAttributes).
///
/// # Errors
/// [`SchemaFault`]; the schema is then as it was.
pub fn add_custom_attributes(schema: &mut Vec<SchemaAttributeType>, given: &[SchemaAttributeType]) -> Result<()> {
    let mut grown = schema.clone();
    for attribute in given {
        let attribute = make_custom(attribute)?;
        let base = base_name(&attribute);
        if let Some(taken) = grown.iter().find(|other| base_name(other) == base) {
            return Err(
                SchemaFault::NameTaken { name: base.to_owned(), by: taken.name.clone().unwrap_or_default() }.into()
            );
        }
        grown.push(attribute);
    }
    check_count(&grown)?;
    *schema = grown;
    Ok(())
}

/// Whether the attribute is one of the pool's own.
fn is_custom(attribute: &SchemaAttributeType) -> bool {
    base_name(attribute).starts_with("custom:")
}

/// The name without `dev:`; the two kinds share one set of names.
fn base_name(attribute: &SchemaAttributeType) -> &str {
    let name = attribute.name.as_deref().unwrap_or_default();
    name.strip_prefix("dev:").unwrap_or(name)
}

fn check_count(schema: &[SchemaAttributeType]) -> Result<()> {
    if schema.iter().filter(|attribute| is_custom(attribute)).count() > MOST_CUSTOM {
        return Err(SchemaFault::TooManyCustom { most: MOST_CUSTOM }.into());
    }
    Ok(())
}

fn name_of(attribute: &SchemaAttributeType) -> Result<&str> {
    attribute.name.as_deref().ok_or_else(|| SchemaFault::NameMissing.into())
}

/// One standard attribute as every pool begins with it.
fn standard(name: &str) -> SchemaAttributeType {
    let strings = |shortest: &str, longest: &str| StringAttributeConstraintsType {
        min_length: Some(shortest.to_owned()),
        max_length: Some(longest.to_owned()),
    };
    let mut attribute = SchemaAttributeType {
        name: Some(name.to_owned()),
        attribute_data_type: Some(AttributeDataType::String),
        developer_only_attribute: Some(false),
        mutable: Some(name != "sub"),
        required: Some(name == "sub"),
        ..SchemaAttributeType::default()
    };
    match name {
        "email_verified" | "phone_number_verified" => {
            attribute.attribute_data_type = Some(AttributeDataType::Boolean);
        }
        "updated_at" => {
            attribute.attribute_data_type = Some(AttributeDataType::Number);
            attribute.number_attribute_constraints =
                Some(NumberAttributeConstraintsType { min_value: Some("0".to_owned()), max_value: None });
        }
        "sub" => attribute.string_attribute_constraints = Some(strings("1", "2048")),
        "birthdate" => attribute.string_attribute_constraints = Some(strings("10", "10")),
        _ => attribute.string_attribute_constraints = Some(strings("0", "2048")),
    }
    attribute
}

/// Applies what CreateUserPool may change of a standard attribute: Required, Mutable, lengths.
fn restate(known: &mut SchemaAttributeType, given: &SchemaAttributeType) -> Result<()> {
    let name = known.name.clone().unwrap_or_default();
    let retyped = given.attribute_data_type.is_some() && given.attribute_data_type != known.attribute_data_type;
    if retyped || given.developer_only_attribute == Some(true) {
        return Err(SchemaFault::StandardRetyped { name }.into());
    }
    if name != "sub" {
        known.mutable = given.mutable.or(known.mutable);
        known.required = given.required.or(known.required);
    }
    if let (Some(strings), Some(_)) = (&given.string_attribute_constraints, &known.string_attribute_constraints) {
        check_lengths(&name, strings)?;
        known.string_attribute_constraints = Some(strings.clone());
    }
    if let (Some(numbers), Some(_)) = (&given.number_attribute_constraints, &known.number_attribute_constraints) {
        check_values(&name, numbers)?;
        known.number_attribute_constraints = Some(numbers.clone());
    }
    Ok(())
}

/// A custom attribute as it is kept: under its full name, with every member said.
fn make_custom(given: &SchemaAttributeType) -> Result<SchemaAttributeType> {
    let given_name = name_of(given)?;
    if given.required == Some(true) {
        return Err(SchemaFault::CustomRequired.into());
    }
    let developer_only = given.developer_only_attribute == Some(true);
    let name = if developer_only { format!("dev:custom:{given_name}") } else { format!("custom:{given_name}") };
    let kind = given.attribute_data_type.ok_or(SchemaFault::TypeMissing)?;
    let mut attribute = SchemaAttributeType {
        attribute_data_type: Some(kind),
        developer_only_attribute: Some(developer_only),
        mutable: Some(given.mutable.unwrap_or(true)),
        required: Some(false),
        ..SchemaAttributeType::default()
    };
    match kind {
        AttributeDataType::String => {
            let strings = given.string_attribute_constraints.clone().unwrap_or_default();
            check_lengths(&name, &strings)?;
            attribute.string_attribute_constraints = Some(strings);
        }
        AttributeDataType::Number => {
            let numbers = given.number_attribute_constraints.clone().unwrap_or_default();
            check_values(&name, &numbers)?;
            attribute.number_attribute_constraints = Some(numbers);
        }
        AttributeDataType::Boolean | AttributeDataType::DateTime => {}
    }
    attribute.name = Some(name);
    Ok(attribute)
}

fn check_lengths(name: &str, strings: &StringAttributeConstraintsType) -> Result<()> {
    let invalid = || SchemaFault::LengthInvalid { name: name.to_owned() };
    let shortest = integer(strings.min_length.as_deref(), invalid)?;
    let longest = integer(strings.max_length.as_deref(), invalid)?;
    for length in [shortest, longest].into_iter().flatten() {
        if length < 0 {
            return Err(invalid().into());
        }
        if length > LONGEST {
            return Err(SchemaFault::LengthTooLarge { name: name.to_owned(), most: LONGEST }.into());
        }
    }
    if out_of_order(shortest, longest) {
        return Err(SchemaFault::LengthsOutOfOrder { name: name.to_owned() }.into());
    }
    Ok(())
}

fn check_values(name: &str, numbers: &NumberAttributeConstraintsType) -> Result<()> {
    let invalid = || SchemaFault::ValueInvalid { name: name.to_owned() };
    let smallest = integer(numbers.min_value.as_deref(), invalid)?;
    let largest = integer(numbers.max_value.as_deref(), invalid)?;
    if out_of_order(smallest, largest) {
        return Err(SchemaFault::ValuesOutOfOrder { name: name.to_owned() }.into());
    }
    Ok(())
}

fn out_of_order(low: Option<i64>, high: Option<i64>) -> bool {
    matches!((low, high), (Some(low), Some(high)) if low > high)
}

fn integer(text: Option<&str>, invalid: impl Fn() -> SchemaFault) -> Result<Option<i64>> {
    text.map(|text| text.parse::<i64>().map_err(|_| invalid().into())).transpose()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::Reason;

    fn attribute(name: &str) -> SchemaAttributeType {
        let kind = AttributeDataType::String;
        SchemaAttributeType {
            name: Some(name.to_owned()),
            attribute_data_type: Some(kind),
            ..SchemaAttributeType::default()
        }
    }

    fn refusal(result: Result<impl Sized>) -> Reason {
        result.err().unwrap().reason
    }

    #[test]
    fn every_pool_begins_with_the_standard_attributes() {
        let schema = new_schema(&[]).unwrap();
        let names: Vec<_> = schema.iter().filter_map(|attribute| attribute.name.as_deref()).collect();
        assert_eq!(names, STANDARD);
        let birthdate = schema.iter().find(|a| a.name.as_deref() == Some("birthdate")).unwrap();
        let lengths = birthdate.string_attribute_constraints.as_ref().unwrap();
        assert_eq!((lengths.min_length.as_deref(), lengths.max_length.as_deref()), (Some("10"), Some("10")));
        let json = serde_json::to_value(schema.last().unwrap()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "Name": "updated_at", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false,
                "Mutable": true, "Required": false, "NumberAttributeConstraints": {"MinValue": "0"}
            })
        );
    }

    #[test]
    fn standard_attributes_can_be_required_but_not_retyped() {
        let email = SchemaAttributeType { required: Some(true), mutable: Some(false), ..attribute("email") };
        let schema = new_schema(&[email]).unwrap();
        let email = schema.iter().find(|a| a.name.as_deref() == Some("email")).unwrap();
        assert_eq!((email.required, email.mutable), (Some(true), Some(false)));
        assert_eq!(schema.len(), 20);
        let retyped =
            SchemaAttributeType { attribute_data_type: Some(AttributeDataType::Number), ..attribute("email") };
        let fault = SchemaFault::StandardRetyped { name: "email".to_owned() };
        assert_eq!(refusal(new_schema(&[retyped])), fault.into());
    }

    #[test]
    fn custom_attributes_come_back_under_their_full_names() {
        let secret = SchemaAttributeType { developer_only_attribute: Some(true), ..attribute("grade") };
        let schema = new_schema(&[attribute("tier"), secret]).unwrap();
        let last: Vec<_> = schema[20..].iter().filter_map(|a| a.name.as_deref()).collect();
        assert_eq!(last, ["custom:tier", "dev:custom:grade"]);
        assert_eq!(
            serde_json::to_value(&schema[20]).unwrap(),
            serde_json::json!({
                "Name": "custom:tier", "AttributeDataType": "String", "DeveloperOnlyAttribute": false,
                "Mutable": true, "Required": false, "StringAttributeConstraints": {}
            })
        );
    }

    #[test]
    fn custom_attributes_are_checked() {
        let required = SchemaAttributeType { required: Some(true), ..attribute("tier") };
        assert_eq!(refusal(new_schema(&[required])), SchemaFault::CustomRequired.into());
        let name = || "custom:tier".to_owned();
        assert_eq!(
            refusal(new_schema(&[attribute("tier"), attribute("tier")])),
            SchemaFault::DuplicateName { name: name() }.into()
        );
        let lengths = StringAttributeConstraintsType { min_length: Some("9".into()), max_length: Some("8".into()) };
        let narrow = SchemaAttributeType { string_attribute_constraints: Some(lengths), ..attribute("tier") };
        assert_eq!(refusal(new_schema(&[narrow])), SchemaFault::LengthsOutOfOrder { name: name() }.into());
        let many: Vec<_> = (0..51).map(|n| attribute(&format!("a{n}"))).collect();
        assert!(new_schema(&many).is_err() && new_schema(&many[..50]).is_ok());
    }

    #[test]
    fn added_attributes_must_be_new_and_all_or_none_are_added() {
        let mut schema = new_schema(&[attribute("tier")]).unwrap();
        add_custom_attributes(&mut schema, &[attribute("level")]).unwrap();
        assert_eq!(schema.last().unwrap().name.as_deref(), Some("custom:level"));
        let developer = SchemaAttributeType { developer_only_attribute: Some(true), ..attribute("tier") };
        let (name, by) = ("custom:tier".to_owned(), "custom:tier".to_owned());
        assert_eq!(
            refusal(add_custom_attributes(&mut schema, &[attribute("fresh"), developer])),
            SchemaFault::NameTaken { name, by }.into()
        );
        assert_eq!(schema.len(), 22);
    }
}
