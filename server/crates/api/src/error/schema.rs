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
        F::LengthOutOfRange { name, most } => {
            format!("Attribute {name} must have lengths between 0 and {most}.").into()
        }
        F::LengthsOutOfOrder { name } => {
            format!("Attribute {name} cannot have a max length shorter than it's min length").into()
        }
        F::ValuesOutOfOrder { name } => {
            format!("Attribute {name} cannot have a max value smaller than it's min value").into()
        }
        F::BoundNotNumber { name, bound } => format!("Attribute {name} has an invalid {bound}.").into(),
    };
    (E::InvalidParameter, said)
}
