//! What administrators do with users: make, invite, disable, remove.

use std::collections::BTreeMap;

use domain::{
    Delivery, Error, Medium, PasswordRules, Pool, Reason, Result, User, UserStatus, Username, Writer,
    validate_attributes,
};
use jiff::SignedDuration;
use messages::Kind;
use protocol::idp::MessageActionType;
use store::{StoreError, Tx};
use triggers::{PreSignUp, PreSignUpSource};
use world::{Entropy, below};

use crate::notifications::outbox::Queued;
use crate::notifications::{Notification, Sending};
use crate::{Ctx, Latchkey};

/// What AdminCreateUser hands over.
#[derive(Clone, Debug, Default)]
pub struct AdminCreate {
    /// As typed: a name, or an email address or phone number where the pool says so.
    pub username: String,
    /// UserAttributes, `email_verified` and the like included.
    pub attributes: BTreeMap<String, String>,
    /// TemporaryPassword; made to fit the policy where there is none.
    pub temporary_password: Option<protocol::Sensitive>,
    /// Takes verified addresses away from whoever has them.
    pub force_alias: bool,
    /// RESEND or SUPPRESS.
    pub action: Option<MessageActionType>,
    /// Where the invitation goes, as far as the user has the address.
    pub mediums: Vec<Medium>,
}

/// How long an invitation is tried to be sent.
const INVITATION_TRIED: SignedDuration = SignedDuration::from_hours(24);

/// Where an invitation goes; nowhere where it is suppressed.
fn invited_addresses(user: &User, create: &AdminCreate) -> Vec<Delivery> {
    if create.action == Some(MessageActionType::Suppress) {
        return Vec::new();
    }
    let address = |medium: &Medium| {
        let address = user.attribute(medium.attribute()).filter(|address| !address.is_empty())?;
        Some(Delivery { medium: *medium, address: address.to_owned() })
    };
    create.mediums.iter().filter_map(address).collect()
}

impl Latchkey {
    /// Makes a user that has to change its password, and invites it; with RESEND, invites one again.
    ///
    /// # Errors
    /// As AdminCreateUser declares. The user is made, or its password renewed, also where the invitation
    /// then cannot be delivered.
    pub async fn admin_create_user(&self, ctx: &Ctx, pool: &Pool, create: AdminCreate) -> Result<User> {
        let rules = pool.password_rules();
        let password = match &create.temporary_password {
            Some(given) => {
                rules.check(given)?;
                given.clone()
            }
            None => make_temporary_password(self.world.entropy(), &rules).into(),
        };
        let resent = create.action == Some(MessageActionType::Resend);
        let user = match resent {
            true => self.user(pool, &create.username).await?,
            false => self.make_invited(ctx, pool, &create, &password).await?,
        };
        let deliveries = invited_addresses(&user, &create);
        let notifications: Vec<Notification<'_>> = deliveries
            .iter()
            .map(|delivery| Notification {
                sender: pool.into(),
                kind: Kind::Invitation,
                delivery,
                username: &create.username,
                code: &password,
            })
            .collect();
        let useful_until = ctx.now + INVITATION_TRIED;
        let queued = notifications
            .iter()
            .map(|notification| self.queue(&Sending::Awaited, *notification, useful_until))
            .collect::<Result<Vec<_>>>()?;
        let user = match resent {
            true => self.renew_invitation(ctx, pool, user, &create.username, &password, queued.clone()).await?,
            false => self.insert_invited(pool, user, create.force_alias, queued.clone()).await?,
        };
        self.deliver_all(queued.into_iter().zip(notifications)).await?;
        Ok(user)
    }

    async fn make_invited(&self, ctx: &Ctx, pool: &Pool, create: &AdminCreate, password: &str) -> Result<User> {
        let mut user =
            self.make_user(ctx, pool, &create.username, create.attributes.clone(), UserStatus::ForceChangePassword)?;
        user.attributes = validate_attributes(pool, Writer::AdminCreate, user.attributes)?;
        let call = ctx.trigger_call(pool, None, user.username.as_str());
        let source = PreSignUpSource::AdminCreateUser;
        self.triggers.pre_sign_up(&call, &PreSignUp { source, user: &user }).await?;
        user.password = Some(self.make_password(&pool.id, &user.username, password, ctx.now, true));
        Ok(user)
    }

    async fn insert_invited(&self, pool: &Pool, user: User, force: bool, queued: Vec<Queued>) -> Result<User> {
        let pool = pool.clone();
        self.store
            .write(move |tx| -> Result<User> {
                if force {
                    insert_with_names(tx, &pool, &user)?;
                } else {
                    tx.insert_user(&pool, &user).map_err(|error| taken(&pool, error))?;
                }
                queued.iter().try_for_each(|message| message.insert(tx))?;
                Ok(user)
            })
            .await
    }

    /// Gives a user who has not signed in yet a new temporary password, whose time begins anew.
    async fn renew_invitation(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        user: User,
        typed: &str,
        password: &str,
        queued: Vec<Queued>,
    ) -> Result<User> {
        let new = self.make_password(&pool.id, &user.username, password, ctx.now, true);
        let (pool, typed, now) = (pool.clone(), typed.to_owned(), ctx.now);
        self.store
            .write(move |tx| -> Result<User> {
                let renewed = tx.update_user(&pool, &user.username, |user| -> Result<User> {
                    if user.status != UserStatus::ForceChangePassword {
                        return Err(Reason::InvitationNotPending { username: typed }.into());
                    }
                    user.password = Some(new);
                    user.modified_at = now;
                    Ok(user.clone())
                })?;
                queued.iter().try_for_each(|message| message.insert(tx))?;
                renewed.ok_or_else(|| Reason::UserNotFound.into())
            })
            .await
    }

    /// Lets a user in again, or shuts it out and ends its sessions (AdminEnableUser, AdminDisableUser).
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub async fn set_user_enabled(&self, ctx: &Ctx, pool: &Pool, typed: &str, enabled: bool) -> Result<()> {
        let user = self.user(pool, typed).await?;
        let (pool, now) = (pool.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &user.username, |user| -> Result<()> {
                    user.enabled = enabled;
                    user.modified_at = now;
                    if !enabled {
                        // As a sign-out everywhere: see `sign_out_everywhere`.
                        let past = user.signed_out_at.map(|at| at + SignedDuration::from_millis(1));
                        user.signed_out_at = Some(past.map_or(now, |past| now.max(past)));
                    }
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await
    }

    /// Removes a user with everything of its own.
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub async fn delete_user(&self, pool: &Pool, username: &Username) -> Result<()> {
        let (pool, username) = (pool.id.clone(), username.clone());
        let removed = self.store.write(move |tx| tx.delete_user(&pool, &username).map_err(Error::from)).await?;
        if removed { Ok(()) } else { Err(Reason::UserNotFound.into()) }
    }
}

/// Stores a new user, whose verified addresses become its own whoever had them before.
fn insert_with_names(tx: &mut Tx, pool: &Pool, user: &User) -> Result<()> {
    let mut nameless = user.clone();
    for attribute in ["email", "phone_number"] {
        if pool.is_alias(attribute) {
            nameless.attributes.remove(&format!("{attribute}_verified"));
        }
    }
    tx.insert_user(pool, &nameless).map_err(|error| taken(pool, error))?;
    for name in user.sign_in_names(pool) {
        if pool.is_alias(&name.attribute) && name.attribute != "preferred_username" {
            tx.move_name(pool, &name, &user.username).map_err(|error| taken(pool, error))?;
        }
    }
    let change = |row: &mut User| -> Result<(), StoreError> {
        row.attributes.clone_from(&user.attributes);
        Ok(())
    };
    tx.update_user(pool, &user.username, change)
        .map_err(|error| taken(pool, error))?
        .ok_or_else(|| Reason::UserNotFound.into())
}

/// What an administrator is told about a name that somebody has.
fn taken(pool: &Pool, error: StoreError) -> Error {
    match error {
        StoreError::Conflict { what } if pool.is_username_attribute(&what) => {
            Error::from(Reason::UsernameAttributeTaken { attribute: what.into_owned() })
        }
        StoreError::Conflict { what } if pool.is_alias(&what) => {
            Error::from(Reason::AliasTaken { attribute: what.into_owned() })
        }
        StoreError::Conflict { .. } => Error::from(Reason::UserAlreadyExists),
        other => other.into(),
    }
}

/// A password that fits the rules: each kind of character occurs, none is easily mistaken for another.
fn make_temporary_password(entropy: &(impl Entropy + ?Sized), rules: &PasswordRules) -> String {
    const KINDS: [&str; 4] = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!@#$%^&*-_=+"];
    let length = rules.shortest.max(8);
    let pick = |notifications: &str| world::token(entropy, 1, notifications);
    let mut characters: Vec<String> = KINDS.iter().map(|notifications| pick(notifications)).collect();
    let all = KINDS.concat();
    characters.resize_with(length, || pick(&all));
    // Fisher-Yates, so that the kinds stand anywhere.
    for last in (1..characters.len()).rev() {
        let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
        characters.swap(last, below(entropy, bound) as usize);
    }
    characters.concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use protocol::idp::PasswordPolicyType;
    use world::fake::FakeEntropy;

    use super::*;

    #[test]
    fn temporary_passwords_fit_the_policy_and_differ() {
        let entropy = FakeEntropy::new(7);
        for shortest in [6, 8, 20, 99] {
            let policy = PasswordPolicyType {
                minimum_length: Some(shortest),
                require_uppercase: Some(true),
                require_lowercase: Some(true),
                require_numbers: Some(true),
                require_symbols: Some(true),
                ..PasswordPolicyType::default()
            };
            let rules = PasswordRules::of(Some(&policy));
            let mut seen = std::collections::BTreeSet::new();
            for _ in 0..200 {
                let password = make_temporary_password(&entropy, &rules);
                assert_eq!(rules.weakness(&password), None, "{password}");
                assert_eq!(password.len(), usize::try_from(shortest.max(8)).unwrap());
                assert!(seen.insert(password));
            }
        }
    }
}
