//! Who calls.

use std::fmt;

use crate::{PoolId, Sub, Username};

/// Who a call comes from, as far as it has proved that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Anybody: the call carries no proof that its operation asks for.
    Anonymous,
    /// The account itself, by a root access key: allowed everything.
    Root {
        /// The 12-digit account.
        account: String,
    },
    /// An IAM user.
    IamUser {
        /// The 12-digit account.
        account: String,
        /// The user's name.
        name: String,
    },
    /// Somebody who has taken on a role for a while.
    AssumedRole {
        /// The 12-digit account.
        account: String,
        /// The role's name.
        role: String,
        /// The name of the session.
        session: String,
    },
    /// A user of a user pool, by an access token.
    EndUser {
        /// The pool.
        pool: PoolId,
        /// The user's name.
        username: Username,
        /// The user's `sub`.
        sub: Sub,
    },
}

impl Principal {
    /// The ARN that policies and refusals name it by (IAM User Guide, "IAM identifiers"); None for who has none.
    pub fn arn(&self) -> Option<String> {
        match self {
            Self::Anonymous | Self::EndUser { .. } => None,
            Self::Root { account } => Some(format!("arn:aws:iam::{account}:root")),
            Self::IamUser { account, name } => Some(format!("arn:aws:iam::{account}:user/{name}")),
            Self::AssumedRole { account, role, session } => {
                Some(format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"))
            }
        }
    }
}

/// For the log: a user by `sub`, since user names may be addresses.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndUser { pool, sub, .. } => write!(f, "user {sub} of {pool}"),
            other => f.write_str(other.arn().as_deref().unwrap_or("anonymous")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_are_named_as_iam_names_them() {
        let account = || "123456789012".to_owned();
        let user = Principal::IamUser { account: account(), name: "ada".to_owned() };
        let (role, session) = ("reader".to_owned(), "app".to_owned());
        let assumed = Principal::AssumedRole { account: account(), role, session };
        let end_user = Principal::EndUser {
            pool: PoolId::from("eu-west-1_abc"),
            username: Username::from("ada@example.com"),
            sub: Sub::from("1234"),
        };
        for (principal, arn, logged) in [
            (Principal::Root { account: account() }, Some("arn:aws:iam::123456789012:root"), None),
            (user, Some("arn:aws:iam::123456789012:user/ada"), None),
            (assumed, Some("arn:aws:sts::123456789012:assumed-role/reader/app"), None),
            (end_user, None, Some("user 1234 of eu-west-1_abc")),
            (Principal::Anonymous, None, Some("anonymous")),
        ] {
            assert_eq!(principal.arn().as_deref(), arn);
            assert_eq!(Some(principal.to_string().as_str()), logged.or(arn));
        }
    }
}
