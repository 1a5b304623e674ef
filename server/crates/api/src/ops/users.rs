//! Users: made, read, listed, disabled and removed by administrators; read and removed by themselves.

use crate::error::{Error, Result};
use crate::ops::attributes::values;
use crate::ops::user_pools::instant;
use crate::page::limit;
use crate::request::Request;
use domain::{AttributeFault, Factor, Medium, Pool, Reason, User, UserFilter};
use flows::AdminCreate;
use protocol::idp::{
    AdminCreateUserRequest, AdminCreateUserResponse, AdminDeleteUserRequest, AdminDisableUserRequest,
    AdminDisableUserResponse, AdminEnableUserRequest, AdminEnableUserResponse, AdminGetUserRequest,
    AdminGetUserResponse, AttributeType, DeleteUserRequest, DeliveryMediumType, GetUserRequest, GetUserResponse,
    ListUsersRequest, ListUsersResponse, MFAOptionType, UserType,
};

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
    check_requested(&pool, input.attributes_to_get.as_deref())?;
    let text = input.filter.unwrap_or_default();
    let filter = UserFilter::parse(&text).map_err(Reason::Filter)?;
    let list = format!("users\0{}\0{text}", pool.id);
    let after = request.open_page(&request.ctx, &list, input.pagination_token.as_deref())?;
    let limit = limit(input.limit, 60);
    let page = request
        .store
        .read(move |r| r.users(&pool, filter.as_ref(), after.as_deref(), limit).map_err(Error::from))
        .await?;
    let wanted = input.attributes_to_get.as_deref();
    Ok(ListUsersResponse {
        users: Some(page.items.iter().map(|user| shown_user(user, wanted)).collect()),
        pagination_token: request.seal_page(&request.ctx, &list, page.next),
    })
}

async fn get_user(request: &Request, _: GetUserRequest) -> Result<GetUserResponse> {
    let access = request.access()?;
    let (user, client) = (&access.user, &access.app.client);
    Ok(GetUserResponse {
        username: user.username.to_string(),
        user_attributes: attributes(user, |name| client.reads(name)),
        mfa_options: mfa_options(user),
        preferred_mfa_setting: preferred_mfa(user),
        user_mfa_setting_list: enabled_mfa(user),
    })
}

async fn delete_user(request: &Request, _: DeleteUserRequest) -> Result<()> {
    let access = request.access()?;
    Ok(request.delete_user(&access.app.pool, &access.user.username).await?)
}

/// A user as lists show it, with all its attributes or the named ones.
pub(crate) fn shown_user(user: &User, wanted: Option<&[String]>) -> UserType {
    let wanted = |name: &str| wanted.is_none_or(|names| names.iter().any(|wanted| wanted == name));
    UserType {
        username: Some(user.username.to_string()),
        attributes: Some(attributes(user, wanted)),
        user_create_date: instant(user.created_at),
        user_last_modified_date: instant(user.modified_at),
        enabled: Some(user.enabled),
        user_status: Some(user.status),
        mfa_options: mfa_options(user),
    }
}

/// Attributes that may be shown, `sub` first; links to other providers are one of them.
fn attributes(user: &User, shows: impl Fn(&str) -> bool) -> Vec<AttributeType> {
    let plain = user.shown_attributes().map(|(name, value)| (name, value.to_owned()));
    let links = (!user.identities.is_empty())
        .then(|| serde_json::to_string(&user.identities).ok())
        .flatten()
        .map(|links| ("identities", links));
    plain
        .chain(links)
        .filter(|(name, _)| shows(name))
        .map(|(name, value)| AttributeType { name: name.to_owned(), value: Some(value) })
        .collect()
}

fn check_requested(pool: &Pool, names: Option<&[String]>) -> Result<()> {
    let known = |name: &String| name == "sub" || name == "identities" || pool.attribute(name).is_some();
    if names.unwrap_or_default().iter().all(known) {
        return Ok(());
    }
    Err(Reason::Attributes(AttributeFault::RequestedUnknown).into())
}

/// The older telling of codes by SMS as second factor.
fn mfa_options(user: &User) -> Option<Vec<MFAOptionType>> {
    user.mfa.sms.enabled.then(|| {
        vec![MFAOptionType {
            delivery_medium: Some(DeliveryMediumType::Sms),
            attribute_name: Some(Medium::Sms.attribute().to_owned()),
        }]
    })
}

fn preferred_mfa(user: &User) -> Option<String> {
    user.mfa.preferred().map(|factor| factor.as_str().to_owned())
}

fn enabled_mfa(user: &User) -> Option<Vec<String>> {
    let enabled: Vec<String> = user.mfa.enabled().into_iter().map(Factor::as_str).map(str::to_owned).collect();
    (!enabled.is_empty()).then_some(enabled)
}

fn medium(spoken: DeliveryMediumType) -> Medium {
    match spoken {
        DeliveryMediumType::Sms => Medium::Sms,
        DeliveryMediumType::Email => Medium::Email,
    }
}
