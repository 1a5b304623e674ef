//! Which function runs which operation: every capability's file lists its own, and this joins the files.

use protocol::{Call, ErrorName, Operation};
use serde_json::Value;

use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::ops;
use crate::request::Request;

/// Lists, in the file of a capability, which of its functions runs which of its operations. A handler takes
/// `&Request` and the declared input and gives the declared output.
macro_rules! operations {
    ($($service:ident::$operation:ident => $handler:ident,)*) => {
        /// The operations of this file, all of them with a behaviour.
        pub(crate) const BUILT: &[&protocol::Operation] =
            &[$(<protocol::$service::ops::$operation as protocol::Call>::OPERATION,)*];

        /// Runs an operation of this file; None for any other.
        pub(crate) async fn run(
            operation: &protocol::Operation,
            request: &$crate::request::Request,
            input: serde_json::Value,
        ) -> Option<$crate::error::Result<$crate::answer::Answer>> {
            match operation.target {
                $(<protocol::$service::ops::$operation as protocol::Call>::TARGET => {
                    let input = match $crate::table::read::<protocol::$service::ops::$operation>(input) {
                        Ok(input) => input,
                        Err(error) => return Some(Err(error)),
                    };
                    // Boxed: the futures of all operations differ much in size.
                    let output = Box::pin($handler(request, input)).await;
                    Some(output.and_then(|output| {
                        $crate::table::write::<protocol::$service::ops::$operation>(&output)
                    }))
                })*
                _ => None,
            }
        }
    };
}
pub(crate) use operations;

/// Joins the files under `ops`. A file is named as the capability of its operations: none is looked for elsewhere.
macro_rules! capabilities {
    ($($capability:ident,)*) => {
        const FILES: &[(&str, &[&Operation])] = &[$((stringify!($capability), ops::$capability::BUILT),)*];

        /// Runs an operation whose call has been authenticated and validated.
        pub(crate) async fn run(operation: &Operation, request: Request, input: Value) -> Result<Answer> {
            let done = match operation.capability {
                $(stringify!($capability) => ops::$capability::run(operation, &request, input).await,)*
                _ => None,
            };
            done.unwrap_or_else(|| Err(unavailable(operation)))
        }
    };
}

capabilities! {
    attributes,
    branding,
    clients,
    devices,
    domains,
    groups,
    identity_providers,
    mfa,
    passwords,
    resource_servers,
    sign_in,
    sign_up,
    tags,
    tokens,
    ui_customization,
    user_pools,
    users,
}

/// Whether an operation has a behaviour; the compatibility table tells it.
pub fn is_built(operation: &Operation) -> bool {
    FILES.iter().any(|(capability, built)| *capability == operation.capability && built.contains(&operation))
}

fn unavailable(operation: &Operation) -> Error {
    Error::new(ErrorName::UnsupportedOperation, format!("{} is not available yet.", operation.name))
}

pub(crate) fn read<C: Call>(input: Value) -> Result<C::Input> {
    // The walker has accepted it, so what is left to fail here is a mistake of ours.
    serde_json::from_value(input).map_err(|error| domain::Error::internal(error).into())
}

pub(crate) fn write<C: Call>(output: &C::Output) -> Result<Answer> {
    if C::OPERATION.answers_empty_body() {
        return Ok(Answer::Empty);
    }
    serde_json::to_vec(output).map(Answer::Document).map_err(|error| domain::Error::internal(error).into())
}

#[cfg(test)]
mod tests {
    use protocol::CAPABILITIES;

    use super::*;

    #[test]
    fn a_file_is_named_as_the_capability_of_its_operations() {
        for (file, built) in FILES {
            assert!(CAPABILITIES.iter().any(|capability| capability.name == *file), "{file} is no capability");
            assert!(!built.is_empty(), "{file} has no operation");
            for operation in *built {
                assert_eq!(operation.capability, *file, "{} stands in the wrong file", operation.target);
            }
        }
    }
}
