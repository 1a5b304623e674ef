//! Sentences about the attributes of users, and filters by them.

use domain::{AttributeFault, FilterFault, ValueFault};
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn attributes(fault: AttributeFault) -> Wire {
    use AttributeFault as F;
    let said = match fault {
        F::Unknown { name } => format!("user.{name}: Attribute does not exist in the schema.\n").into(),
        F::EmailFormat => "Invalid email address format.".into(),
        F::PhoneNumberFormat => "Invalid phone number format.".into(),
        F::Unfit { values } => {
            let each: String = values.into_iter().map(|(name, fault)| format!("{name}: {}\n", value(fault))).collect();
            format!("Attributes did not conform to the schema: {each}").into()
        }
        F::MappedTooLong { name, most } => {
            format!("Invalid user attributes: {name}: String must be no longer than {most} characters").into()
        }
        F::MappedImmutable { name } => format!("Invalid user attributes: {name}: Attribute cannot be updated.").into(),
        F::RequiredMissing { names } => format!("attributes required: [{}]", names.join(", ")).into(),
        F::RequestedUnknown => "One or more requested attributes do not exist in user pool.".into(),
    };
    (E::InvalidParameter, said)
}

fn value(fault: ValueFault) -> String {
    match fault {
        ValueFault::Unknown => "Attribute does not exist in the schema.".to_owned(),
        ValueFault::Required => "The attribute is required".to_owned(),
        ValueFault::TooShort { least } => format!("String must be at least {least} characters"),
        ValueFault::TooLong { most } => format!("String must be no longer than {most} characters"),
        ValueFault::NotBoolean => "The attribute value must be true or false".to_owned(),
        ValueFault::NotNumber => "The attribute value must be a number".to_owned(),
        ValueFault::TooSmall { least } => format!("Number must be at least {least}"),
        ValueFault::TooLarge { most } => format!("Number must be no more than {most}"),
        ValueFault::NotDate => "Invalid birthdate format, please use yyyy-MM-dd.".to_owned(),
        ValueFault::NotDateTime => "The attribute value must be a date and time".to_owned(),
    }
}

pub(super) fn filter(fault: FilterFault) -> Wire {
    let said = match fault {
        FilterFault::Malformed => "Error while parsing filter.".into(),
        FilterFault::AttributeNotSearchable { name } => format!("Invalid search attribute: {name}").into(),
    };
    (E::InvalidParameter, said)
}
