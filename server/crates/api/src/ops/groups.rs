//! Groups and who is in them.

use domain::{Group, GroupName, PoolId};
use flows::GroupSettings;
use protocol::idp::{
    AdminAddUserToGroupRequest, AdminListGroupsForUserRequest, AdminListGroupsForUserResponse,
    AdminRemoveUserFromGroupRequest, CreateGroupRequest, CreateGroupResponse, DeleteGroupRequest, GetGroupRequest,
    GetGroupResponse, GroupType, ListGroupsRequest, ListGroupsResponse, ListUsersInGroupRequest,
    ListUsersInGroupResponse, UpdateGroupRequest, UpdateGroupResponse,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::{self, instant, shown_user};

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

async fn create_group(request: &Request, input: CreateGroupRequest) -> Result<CreateGroupResponse> {
    let (pool, name) = (PoolId::from(input.user_pool_id), GroupName::from(input.group_name));
    let settings =
        GroupSettings { description: input.description, role_arn: input.role_arn, precedence: input.precedence };
    let group = request.create_group(&request.ctx, pool, name, settings).await?;
    Ok(CreateGroupResponse { group: Some(shown(group)) })
}

async fn get_group(request: &Request, input: GetGroupRequest) -> Result<GetGroupResponse> {
    let group = request.group(PoolId::from(input.user_pool_id), GroupName::from(input.group_name)).await?;
    Ok(GetGroupResponse { group: Some(shown(group)) })
}

async fn update_group(request: &Request, input: UpdateGroupRequest) -> Result<UpdateGroupResponse> {
    let (pool, name) = (PoolId::from(input.user_pool_id), GroupName::from(input.group_name));
    let settings =
        GroupSettings { description: input.description, role_arn: input.role_arn, precedence: input.precedence };
    let group = request.update_group(&request.ctx, pool, name, settings).await?;
    Ok(UpdateGroupResponse { group: Some(shown(group)) })
}

async fn delete_group(request: &Request, input: DeleteGroupRequest) -> Result<()> {
    Ok(request.delete_group(PoolId::from(input.user_pool_id), GroupName::from(input.group_name)).await?)
}

async fn list_groups(request: &Request, input: ListGroupsRequest) -> Result<ListGroupsResponse> {
    let page = wire::page(input.limit, 60, input.next_token.as_deref());
    let found = request.groups(&request.ctx, PoolId::from(input.user_pool_id), page).await?;
    Ok(ListGroupsResponse { groups: Some(found.items.into_iter().map(shown).collect()), next_token: found.next_token })
}

async fn admin_add_user_to_group(request: &Request, input: AdminAddUserToGroupRequest) -> Result<()> {
    let (pool, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    Ok(request.add_to_group(&pool, &user, GroupName::from(input.group_name)).await?)
}

async fn admin_remove_user_from_group(request: &Request, input: AdminRemoveUserFromGroupRequest) -> Result<()> {
    let (pool, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    Ok(request.remove_from_group(&pool, &user, GroupName::from(input.group_name)).await?)
}

async fn admin_list_groups_for_user(
    request: &Request,
    input: AdminListGroupsForUserRequest,
) -> Result<AdminListGroupsForUserResponse> {
    let (pool, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    let page = wire::page(input.limit, 60, input.next_token.as_deref());
    let found = request.groups_of_user(&request.ctx, &pool, &user, page).await?;
    Ok(AdminListGroupsForUserResponse {
        groups: Some(found.items.into_iter().map(shown).collect()),
        next_token: found.next_token,
    })
}

async fn list_users_in_group(request: &Request, input: ListUsersInGroupRequest) -> Result<ListUsersInGroupResponse> {
    let (pool, name) = (PoolId::from(input.user_pool_id), GroupName::from(input.group_name));
    let page = wire::page(input.limit, 60, input.next_token.as_deref());
    let found = request.users_in_group(&request.ctx, pool, name, page).await?;
    Ok(ListUsersInGroupResponse {
        users: Some(found.items.iter().map(|user| shown_user(user, None)).collect()),
        next_token: found.next_token,
    })
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
