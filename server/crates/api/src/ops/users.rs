//! Users: made, read, listed, disabled and removed by administrators; read and removed by themselves.

use domain::Medium;
use flows::{AdminCreate, UserQuery};
use protocol::idp::{
    AdminCreateUserRequest, AdminCreateUserResponse, AdminDeleteUserRequest, AdminDisableUserRequest,
    AdminDisableUserResponse, AdminEnableUserRequest, AdminEnableUserResponse, AdminGetUserRequest,
    AdminGetUserResponse, DeleteUserRequest, DeliveryMediumType, GetUserRequest, GetUserResponse, ListUsersRequest,
    ListUsersResponse,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::{self, attributes, enabled_mfa, instant, mfa_options, preferred_mfa, shown_user, values};

crate::table::operations! {
    idp::GetUser => get_user,
    idp::DeleteUser => delete_user,
    idp::AdminCreateUser => admin_create_user,
    idp::AdminGetUser => admin_get_user,
    idp::AdminDeleteUser => admin_delete_user,
    idp::AdminDisableUser => admin_disable_user,
    idp::AdminEnableUser => admin_enable_user,
    idp::ListUsers => list_users,
}

async fn admin_create_user(request: &Request, input: AdminCreateUserRequest) -> Result<AdminCreateUserResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    let mediums = input
        .desired_delivery_mediums
        .filter(|mediums| !mediums.is_empty())
        .unwrap_or_else(|| vec![DeliveryMediumType::Sms]);
    let create = AdminCreate {
        username: input.username,
        attributes: values(input.user_attributes.unwrap_or_default())?,
        temporary_password: input.temporary_password.filter(|password| !password.is_empty()),
        force_alias: input.force_alias_creation == Some(true),
        action: input.message_action,
        mediums: mediums.into_iter().map(medium).collect(),
    };
    let user = request.admin_create_user(&request.ctx, &pool, create).await?;
    Ok(AdminCreateUserResponse { user: Some(shown_user(&user, None)) })
}

async fn admin_get_user(request: &Request, input: AdminGetUserRequest) -> Result<AdminGetUserResponse> {
    let (_, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    Ok(AdminGetUserResponse {
        user_attributes: Some(attributes(&user, |_| true)),
        user_create_date: instant(user.created_at),
        user_last_modified_date: instant(user.modified_at),
        enabled: Some(user.enabled),
        user_status: Some(user.status),
        mfa_options: mfa_options(&user),
        preferred_mfa_setting: preferred_mfa(&user),
        user_mfa_setting_list: enabled_mfa(&user),
        username: user.username.into_string(),
    })
}

async fn admin_delete_user(request: &Request, input: AdminDeleteUserRequest) -> Result<()> {
    let (pool, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    Ok(request.delete_user(&pool, &user.username).await?)
}

async fn admin_enable_user(request: &Request, input: AdminEnableUserRequest) -> Result<AdminEnableUserResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    request.set_user_enabled(&request.ctx, &pool, &input.username, true).await?;
    Ok(AdminEnableUserResponse {})
}

async fn admin_disable_user(request: &Request, input: AdminDisableUserRequest) -> Result<AdminDisableUserResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    request.set_user_enabled(&request.ctx, &pool, &input.username, false).await?;
    Ok(AdminDisableUserResponse {})
}

async fn list_users(request: &Request, input: ListUsersRequest) -> Result<ListUsersResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    let filter = input.filter.unwrap_or_default();
    let wanted = input.attributes_to_get.as_deref();
    let page = wire::page(input.limit, 60, input.pagination_token.as_deref());
    let query = UserQuery { filter: &filter, attributes: wanted };
    let found = request.users(&request.ctx, pool, query, page).await?;
    Ok(ListUsersResponse {
        users: Some(found.items.iter().map(|user| shown_user(user, wanted)).collect()),
        pagination_token: found.next_token,
    })
}

async fn get_user(request: &Request, _: GetUserRequest) -> Result<GetUserResponse> {
    let subject = request.subject()?;
    let (user, client) = (&subject.user, &subject.app.client);
    Ok(GetUserResponse {
        username: user.username.to_string(),
        user_attributes: attributes(user, |name| client.reads(name)),
        mfa_options: mfa_options(user),
        preferred_mfa_setting: preferred_mfa(user),
        user_mfa_setting_list: enabled_mfa(user),
    })
}

async fn delete_user(request: &Request, _: DeleteUserRequest) -> Result<()> {
    Ok(request.delete_own_user(request.subject()?).await?)
}

fn medium(spoken: DeliveryMediumType) -> Medium {
    match spoken {
        DeliveryMediumType::Sms => Medium::Sms,
        DeliveryMediumType::Email => Medium::Email,
    }
}
