//! Sentences about groups.

use domain::GroupFault;
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn group(fault: GroupFault) -> Wire {
    match fault {
        GroupFault::NotFound => (E::ResourceNotFound, "Group not found.".into()),
        GroupFault::Exists => (E::GroupExists, "A group with the name already exists.".into()),
        GroupFault::TooManyOfUser { most } => {
            (E::LimitExceeded, format!("A user can be in at most {most} groups.").into())
        }
    }
}
