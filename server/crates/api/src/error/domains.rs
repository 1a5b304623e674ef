//! Sentences about domains.

use domain::DomainFault as F;
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn domain(fault: F) -> Wire {
    let said = match fault {
        F::NotFound => "No such domain or user pool exists.".into(),
        F::NotHostName => "A custom domain must be a fully qualified domain name.".into(),
        F::NotLabel => {
            r"The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$"
                .into()
        }
        F::ReservedWord { word } => format!("Domain cannot contain reserved word: {word}").into(),
        F::ManagedLoginVersion => "ManagedLoginVersion must be 1 or 2.".into(),
        F::PoolHasOne => "User pool already has a domain configured.".into(),
        F::Taken => "Domain already associated with another user pool.".into(),
        F::NotCustom => "CustomDomainConfig can only be set for a custom domain.".into(),
    };
    (E::InvalidParameter, said)
}
