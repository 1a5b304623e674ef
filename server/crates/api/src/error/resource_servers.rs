//! Sentences about resource servers.

use domain::ResourceServerFault as F;
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn resource_server(fault: F) -> Wire {
    match fault {
        F::NotFound { identifier } => {
            (E::ResourceNotFound, format!("Resource server {identifier} does not exist.").into())
        }
        F::Exists { identifier, pool } => {
            (E::InvalidParameter, format!("{identifier} already exists in user pool {pool}.").into())
        }
        F::DuplicateScope { scope, identifier } => {
            (E::InvalidParameter, format!("Duplicate scope name {scope} for resource server {identifier}.").into())
        }
    }
}
