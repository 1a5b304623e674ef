//! Groups and the role they lead to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{GroupName, PoolId};

/// Groups one user can be in.
const MOST_GROUPS: usize = 100;

/// What is wrong with a group, or with putting a user into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupFault {
    /// No such group in the pool.
    NotFound,
    /// The pool has a group of that name.
    Exists,
    /// The user is in as many groups as it can be.
    TooManyOfUser {
        /// How many that is.
        most: usize,
    },
}

/// A group of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: GroupName,
    /// The pool it belongs to.
    pub pool: PoolId,
    /// Free text.
    pub description: Option<String>,
    /// IAM role its members may take.
    pub role_arn: Option<String>,
    /// Lower wins; None loses to all.
    pub precedence: Option<i32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
}

/// Checks that a user who is in these groups can be put into another one; being in it already is no fault.
///
/// # Errors
/// [`GroupFault::TooManyOfUser`]
pub fn check_group_count(present: &[Group], added: &GroupName) -> Result<(), GroupFault> {
    if present.len() < MOST_GROUPS || present.iter().any(|group| group.name == *added) {
        return Ok(());
    }
    Err(GroupFault::TooManyOfUser { most: MOST_GROUPS })
}

/// Sorts groups as they count: by precedence, then by name.
pub fn order_groups(groups: &mut [Group]) {
    groups.sort_by(|a, b| {
        (a.precedence.is_none(), a.precedence, &a.name).cmp(&(b.precedence.is_none(), b.precedence, &b.name))
    });
}

/// The role of the group with the lowest precedence (`cognito:preferred_role`).
///
/// None where no group has a role, or where groups of the same lowest precedence name different roles.
pub fn preferred_role(groups: &[Group]) -> Option<&str> {
    let lowest = groups.iter().filter(|group| group.role_arn.is_some()).min_by_key(|group| rank(group))?;
    let role = lowest.role_arn.as_deref()?;
    let tie = groups
        .iter()
        .filter(|group| rank(group) == rank(lowest))
        .filter_map(|group| group.role_arn.as_deref())
        .any(|other| other != role);
    (!tie).then_some(role)
}

fn rank(group: &Group) -> (bool, Option<i32>) {
    (group.precedence.is_none(), group.precedence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_in_a_hundred_groups_at_most() {
        let groups = |count: usize| -> Vec<Group> {
            let group = |number: usize| Group {
                name: GroupName::from(number.to_string()),
                pool: PoolId::from("us-east-1_a"),
                description: None,
                role_arn: None,
                precedence: None,
                created_at: Timestamp::UNIX_EPOCH,
                modified_at: Timestamp::UNIX_EPOCH,
            };
            (0..count).map(group).collect()
        };
        assert_eq!(check_group_count(&groups(99), &GroupName::from("new")), Ok(()));
        let full = Err(GroupFault::TooManyOfUser { most: 100 });
        assert_eq!(check_group_count(&groups(100), &GroupName::from("new")), full);
        assert_eq!(check_group_count(&groups(100), &GroupName::from("7")), Ok(()));
    }
}
