//! Sentences about the schema of a user pool.

use domain::SchemaFault as F;
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn schema(fault: F) -> Wire {
    let said = match fault {
        F::NameMissing => "The name of a schema attribute is required.".into(),
        F::DuplicateName { name } => {
            format!("Duplicate custom attribute names {name} are not allowed in a user pool schema.").into()
        }
        F::NameTaken { name, by } => format!("{name}: Existing attribute already has name {by}.").into(),
        F::TooManyCustom { most } => format!("The user pool cannot have more than {most} custom attributes.").into(),
        F::StandardRetyped { name } => format!(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
        )
        .into(),
        F::CustomRequired => "Required custom attributes are not supported currently.".into(),
        F::TypeMissing => "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.".into(),
        F::LengthTooLarge { name, most } => {
            format!("user.{name}: String attributes cannot have a length of more than {most}").into()
        }
        F::LengthsOutOfOrder { name } => format!("user.{name}: Max length cannot be less than min length.").into(),
        F::ValuesOutOfOrder { name } => format!("user.{name}: Max value cannot be less than min value.").into(),
        F::LengthInvalid { name } => format!("Invalid StringAttributeConstraints for schema attribute {name}").into(),
        F::ValueInvalid { name } => format!("Invalid NumberAttributeConstraints for schema attribute {name}").into(),
    };
    (E::InvalidParameter, said)
}
