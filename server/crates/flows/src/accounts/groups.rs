//! Groups of a pool, and who is in them.

use domain::{Error, Group, GroupFault, GroupName, Pool, PoolId, Reason, Result, User, check_group_count};
use store::StoreError;

use crate::page::{Page, PageRequest};
use crate::{Ctx, Latchkey};

/// What of a group may be set and changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupSettings {
    /// Free text.
    pub description: Option<String>,
    /// IAM role its members may take.
    pub role_arn: Option<String>,
    /// Lower wins; None loses to all.
    pub precedence: Option<i32>,
}

impl Latchkey {
    /// Makes a group (CreateGroup).
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`GroupFault::Exists`]
    pub async fn create_group(
        &self,
        ctx: &Ctx,
        pool: PoolId,
        name: GroupName,
        settings: GroupSettings,
    ) -> Result<Group> {
        let GroupSettings { description, role_arn, precedence } = settings;
        let (created_at, modified_at) = (ctx.now, ctx.now);
        let group = Group { name, pool, description, role_arn, precedence, created_at, modified_at };
        self.store
            .write(move |tx| -> Result<Group> {
                tx.pool(&group.pool)?.ok_or_else(|| Reason::pool_not_found(&group.pool))?;
                tx.insert_group(&group).map_err(|error| match error {
                    StoreError::Conflict { .. } => Error::from(GroupFault::Exists),
                    other => other.into(),
                })?;
                Ok(group)
            })
            .await
    }

    /// A group of a pool.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`GroupFault::NotFound`]
    pub async fn group(&self, pool: PoolId, name: GroupName) -> Result<Group> {
        self.store
            .read(move |r| -> Result<Group> {
                r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                r.group(&pool, &name)?.ok_or_else(not_found)
            })
            .await
    }

    /// Changes a group (UpdateGroup); what is None stays as it is.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`GroupFault::NotFound`]
    pub async fn update_group(
        &self,
        ctx: &Ctx,
        pool: PoolId,
        name: GroupName,
        settings: GroupSettings,
    ) -> Result<Group> {
        let now = ctx.now;
        self.store
            .write(move |tx| -> Result<Group> {
                tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                tx.update_group(&pool, &name, |group| -> Result<Group> {
                    group.description = settings.description.or(group.description.take());
                    group.role_arn = settings.role_arn.or(group.role_arn.take());
                    group.precedence = settings.precedence.or(group.precedence);
                    group.modified_at = now;
                    Ok(group.clone())
                })?
                .ok_or_else(not_found)
            })
            .await
    }

    /// Removes a group; its members stay users.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`GroupFault::NotFound`]
    pub async fn delete_group(&self, pool: PoolId, name: GroupName) -> Result<()> {
        self.store
            .write(move |tx| -> Result<()> {
                tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                if tx.delete_group(&pool, &name)? { Ok(()) } else { Err(not_found()) }
            })
            .await
    }

    /// The groups of a pool, by name.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`Reason::PageTokenInvalid`]
    pub async fn groups(&self, ctx: &Ctx, pool: PoolId, page: PageRequest<'_>) -> Result<Page<Group>> {
        let list = format!("groups\0{pool}");
        self.read_page(ctx, &list, page, move |r, after, limit| {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            Ok(r.groups(&pool, after, limit)?)
        })
        .await
    }

    /// Puts a user into a group; nothing happens where it is in it already.
    ///
    /// # Errors
    /// [`GroupFault::NotFound`], [`GroupFault::TooManyOfUser`]
    pub async fn add_to_group(&self, pool: &Pool, user: &User, name: GroupName) -> Result<()> {
        let (pool, username) = (pool.id.clone(), user.username.clone());
        self.store
            .write(move |tx| -> Result<()> {
                tx.group(&pool, &name)?.ok_or_else(not_found)?;
                check_group_count(&tx.groups_of_user(&pool, &username)?, &name)?;
                tx.add_to_group(&pool, &username, &name)?;
                Ok(())
            })
            .await
    }

    /// Takes a user out of a group; nothing happens where it is not in it.
    ///
    /// # Errors
    /// [`GroupFault::NotFound`]
    pub async fn remove_from_group(&self, pool: &Pool, user: &User, name: GroupName) -> Result<()> {
        let (pool, username) = (pool.id.clone(), user.username.clone());
        self.store
            .write(move |tx| -> Result<()> {
                tx.group(&pool, &name)?.ok_or_else(not_found)?;
                tx.remove_from_group(&pool, &username, &name)?;
                Ok(())
            })
            .await
    }

    /// The groups a user is in, as they count: by precedence (none last), then by name.
    ///
    /// # Errors
    /// [`Reason::PageTokenInvalid`]
    pub async fn groups_of_user(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        user: &User,
        page: PageRequest<'_>,
    ) -> Result<Page<Group>> {
        let list = format!("groups-of\0{}\0{}", pool.id, user.username);
        let (pool, username) = (pool.id.clone(), user.username.clone());
        self.read_page(ctx, &list, page, move |r, after, limit| {
            // A user is in 100 groups at most, so all are read and the page is cut here.
            let groups = r.groups_of_user(&pool, &username)?;
            let mut rest =
                groups.into_iter().filter(|group| after.is_none_or(|after| position(group).as_str() > after));
            let items: Vec<Group> = rest.by_ref().take(limit).collect();
            let next = rest.next().and_then(|_| items.last().map(position));
            Ok(store::Page { items, next })
        })
        .await
    }

    /// The users in a group, by username.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`GroupFault::NotFound`], [`Reason::PageTokenInvalid`]
    pub async fn users_in_group(
        &self,
        ctx: &Ctx,
        pool: PoolId,
        name: GroupName,
        page: PageRequest<'_>,
    ) -> Result<Page<User>> {
        let list = format!("users-in\0{pool}\0{name}");
        self.read_page(ctx, &list, page, move |r, after, limit| {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            r.group(&pool, &name)?.ok_or_else(not_found)?;
            Ok(r.users_in_group(&pool, &name, after, limit)?)
        })
        .await
    }
}

/// Where a group stands among a user's groups, as a text that sorts alike: by precedence (none last), then name.
fn position(group: &Group) -> String {
    let precedence = group.precedence.map_or("none".to_owned(), |precedence| format!("{precedence:010}"));
    format!("{precedence}:{}", group.name)
}

fn not_found() -> Error {
    GroupFault::NotFound.into()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn positions_sort_as_the_store_lists_the_groups() {
        let group = |name: &str, precedence: Option<i32>| Group {
            name: GroupName::from(name),
            pool: PoolId::from("us-east-1_a"),
            description: None,
            role_arn: None,
            precedence,
            created_at: Timestamp::UNIX_EPOCH,
            modified_at: Timestamp::UNIX_EPOCH,
        };
        let ordered = [group("z", Some(2)), group("y", Some(10)), group("a", Some(i32::MAX)), group("a", None)];
        assert!(ordered.iter().map(position).is_sorted());
    }
}
