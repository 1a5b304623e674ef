//! Groups and who is in them.

use crate::error::{Error, Result};
use crate::ops::user_pools::instant;
use crate::ops::users::shown_user;
use crate::page::limit;
use crate::request::Request;
use domain::{Group, GroupFault, GroupName, PoolId, Reason};
use protocol::idp::{
    AdminAddUserToGroupRequest, AdminListGroupsForUserRequest, AdminListGroupsForUserResponse,
    AdminRemoveUserFromGroupRequest, CreateGroupRequest, CreateGroupResponse, DeleteGroupRequest, GetGroupRequest,
    GetGroupResponse, GroupType, ListGroupsRequest, ListGroupsResponse, ListUsersInGroupRequest,
    ListUsersInGroupResponse, UpdateGroupRequest, UpdateGroupResponse,
};
use store::StoreError;

crate::table::operations! {
    idp::CreateGroup => create_group,
    idp::GetGroup => get_group,
    idp::UpdateGroup => update_group,
    idp::DeleteGroup => delete_group,
    idp::ListGroups => list_groups,
    idp::AdminAddUserToGroup => admin_add_user_to_group,
    idp::AdminRemoveUserFromGroup => admin_remove_user_from_group,
    idp::AdminListGroupsForUser => admin_list_groups_for_user,
    idp::ListUsersInGroup => list_users_in_group,
}

/// Groups one user can be in.
const MOST_GROUPS: usize = 100;

async fn create_group(request: &Request, input: CreateGroupRequest) -> Result<CreateGroupResponse> {
    let now = request.now();
    let group = Group {
        name: GroupName::from(input.group_name),
        pool: PoolId::from(input.user_pool_id),
        description: input.description,
        role_arn: input.role_arn,
        precedence: input.precedence,
        created_at: now,
        modified_at: now,
    };
    let row = group.clone();
    request
        .store
        .write(move |tx| -> Result<()> {
            tx.pool(&row.pool)?.ok_or_else(|| Reason::pool_not_found(&row.pool))?;
            tx.insert_group(&row).map_err(|error| match error {
                StoreError::Conflict { .. } => Reason::Group(GroupFault::Exists).into(),
                other => other.into(),
            })
        })
        .await?;
    Ok(CreateGroupResponse { group: Some(shown(group)) })
}

async fn get_group(request: &Request, input: GetGroupRequest) -> Result<GetGroupResponse> {
    let (pool, name) = (PoolId::from(input.user_pool_id), GroupName::from(input.group_name));
    let group = request
        .store
        .read(move |r| -> Result<Group> {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            r.group(&pool, &name)?.ok_or_else(unknown)
        })
        .await?;
    Ok(GetGroupResponse { group: Some(shown(group)) })
}

/// What is left out stays as it is.
async fn update_group(request: &Request, input: UpdateGroupRequest) -> Result<UpdateGroupResponse> {
    let now = request.now();
    let group = request
        .store
        .write(move |tx| -> Result<Group> {
            let (pool, name) = (PoolId::from(input.user_pool_id), GroupName::from(input.group_name));
            tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            tx.update_group(&pool, &name, |group| -> Result<Group> {
                group.description = input.description.or(group.description.take());
                group.role_arn = input.role_arn.or(group.role_arn.take());
                group.precedence = input.precedence.or(group.precedence);
                group.modified_at = now;
                Ok(group.clone())
            })?
            .ok_or_else(unknown)
        })
        .await?;
    Ok(UpdateGroupResponse { group: Some(shown(group)) })
}

async fn delete_group(request: &Request, input: DeleteGroupRequest) -> Result<()> {
    let (pool, name) = (PoolId::from(input.user_pool_id), GroupName::from(input.group_name));
    request
        .store
        .write(move |tx| -> Result<()> {
            tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            if tx.delete_group(&pool, &name)? { Ok(()) } else { Err(unknown()) }
        })
        .await
}

async fn list_groups(request: &Request, input: ListGroupsRequest) -> Result<ListGroupsResponse> {
    let list = format!("groups\0{}", input.user_pool_id);
    let after = request.open_page(&request.ctx, &list, input.next_token.as_deref())?;
    let (pool, limit) = (PoolId::from(input.user_pool_id), limit(input.limit, 60));
    let page = request
        .store
        .read(move |r| -> Result<_> {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            Ok(r.groups(&pool, after.as_deref(), limit)?)
        })
        .await?;
    Ok(ListGroupsResponse {
        groups: Some(page.items.into_iter().map(shown).collect()),
        next_token: request.seal_page(&request.ctx, &list, page.next),
    })
}

async fn admin_add_user_to_group(request: &Request, input: AdminAddUserToGroupRequest) -> Result<()> {
    let pool = request.pool(&input.user_pool_id).await?;
    let user = request.user(&pool, &input.username).await?;
    let name = GroupName::from(input.group_name);
    request
        .store
        .write(move |tx| -> Result<()> {
            tx.group(&pool.id, &name)?.ok_or_else(unknown)?;
            let present = tx.groups_of_user(&pool.id, &user.username)?;
            if present.len() >= MOST_GROUPS && !present.iter().any(|group| group.name == name) {
                return Err(Reason::Group(GroupFault::TooManyOfUser { most: MOST_GROUPS }).into());
            }
            tx.add_to_group(&pool.id, &user.username, &name)?;
            Ok(())
        })
        .await
}

async fn admin_remove_user_from_group(request: &Request, input: AdminRemoveUserFromGroupRequest) -> Result<()> {
    let pool = request.pool(&input.user_pool_id).await?;
    let user = request.user(&pool, &input.username).await?;
    let name = GroupName::from(input.group_name);
    request
        .store
        .write(move |tx| -> Result<()> {
            tx.group(&pool.id, &name)?.ok_or_else(unknown)?;
            tx.remove_from_group(&pool.id, &user.username, &name)?;
            Ok(())
        })
        .await
}

async fn admin_list_groups_for_user(
    request: &Request,
    input: AdminListGroupsForUserRequest,
) -> Result<AdminListGroupsForUserResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    let user = request.user(&pool, &input.username).await?;
    let list = format!("groups-of\0{}\0{}", pool.id, user.username);
    let after = request.open_page(&request.ctx, &list, input.next_token.as_deref())?;
    let (id, username) = (pool.id, user.username);
    let groups = request.store.read(move |r| r.groups_of_user(&id, &username).map_err(Error::from)).await?;
    let mut rest = groups.into_iter().filter(|group| after.as_ref().is_none_or(|after| position(group) > *after));
    let page: Vec<Group> = rest.by_ref().take(limit(input.limit, 60)).collect();
    let next = rest.next().and_then(|_| page.last().map(position));
    Ok(AdminListGroupsForUserResponse {
        groups: Some(page.into_iter().map(shown).collect()),
        next_token: request.seal_page(&request.ctx, &list, next),
    })
}

async fn list_users_in_group(request: &Request, input: ListUsersInGroupRequest) -> Result<ListUsersInGroupResponse> {
    let list = format!("users-in\0{}\0{}", input.user_pool_id, input.group_name);
    let after = request.open_page(&request.ctx, &list, input.next_token.as_deref())?;
    let (pool, name) = (PoolId::from(input.user_pool_id), GroupName::from(input.group_name));
    let limit = limit(input.limit, 60);
    let page = request
        .store
        .read(move |r| -> Result<_> {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            r.group(&pool, &name)?.ok_or_else(unknown)?;
            Ok(r.users_in_group(&pool, &name, after.as_deref(), limit)?)
        })
        .await?;
    Ok(ListUsersInGroupResponse {
        users: Some(page.items.iter().map(|user| shown_user(user, None)).collect()),
        next_token: request.seal_page(&request.ctx, &list, page.next),
    })
}

/// Where a group stands among a user's groups, as a text that sorts alike: by precedence (none last), then name.
fn position(group: &Group) -> String {
    let precedence = group.precedence.map_or("none".to_owned(), |precedence| format!("{precedence:010}"));
    format!("{precedence}:{}", group.name)
}

fn shown(group: Group) -> GroupType {
    GroupType {
        group_name: Some(group.name.into_string()),
        user_pool_id: Some(group.pool.into_string()),
        description: group.description,
        role_arn: group.role_arn,
        precedence: group.precedence,
        last_modified_date: instant(group.modified_at),
        creation_date: instant(group.created_at),
    }
}

fn unknown() -> Error {
    Reason::Group(GroupFault::NotFound).into()
}
