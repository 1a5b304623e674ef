//! User pools: making, reading, changing, removing; their schema and second factors.

use crate::error::{Error, Result};
use crate::page::limit;
use crate::request::Request;
use domain::{Pool, PoolDomain, PoolId, Reason, add_custom_attributes as add_to_schema, set_pool_mfa, shown_pool_mfa};
use protocol::Timestamp;
use protocol::idp::{
    AddCustomAttributesRequest, AddCustomAttributesResponse, CreateUserPoolRequest, CreateUserPoolResponse,
    DeleteUserPoolRequest, DescribeUserPoolRequest, DescribeUserPoolResponse, GetUserPoolMfaConfigRequest,
    GetUserPoolMfaConfigResponse, ListUserPoolsRequest, ListUserPoolsResponse, SetUserPoolMfaConfigRequest,
    SetUserPoolMfaConfigResponse, UpdateUserPoolRequest, UpdateUserPoolResponse, UserPoolDescriptionType, UserPoolType,
};

pub(crate) async fn create_user_pool(
    request: &Request,
    input: CreateUserPoolRequest,
) -> Result<CreateUserPoolResponse> {
    let pool = request.create_pool(input).await?;
    Ok(CreateUserPoolResponse { user_pool: Some(shown(request, pool, 0, Vec::new())) })
}

pub(crate) async fn describe_user_pool(
    request: &Request,
    input: DescribeUserPoolRequest,
) -> Result<DescribeUserPoolResponse> {
    let id = PoolId::from(input.user_pool_id);
    let (pool, users, domains) = request
        .store
        .read(move |r| -> Result<_> {
            let pool = r.pool(&id)?.ok_or_else(|| Reason::pool_not_found(&id))?;
            Ok((pool, r.count_users(&id)?, r.domains_of_pool::<PoolDomain>(&id)?))
        })
        .await?;
    Ok(DescribeUserPoolResponse { user_pool: Some(shown(request, pool, users, domains)) })
}

pub(crate) async fn update_user_pool(
    request: &Request,
    input: UpdateUserPoolRequest,
) -> Result<UpdateUserPoolResponse> {
    request.update_pool(input).await?;
    Ok(UpdateUserPoolResponse {})
}

pub(crate) async fn delete_user_pool(request: &Request, input: DeleteUserPoolRequest) -> Result<()> {
    Ok(request.delete_pool(&input.user_pool_id).await?)
}

pub(crate) async fn list_user_pools(request: &Request, input: ListUserPoolsRequest) -> Result<ListUserPoolsResponse> {
    const LIST: &str = "user-pools";
    let after = request.open_page(LIST, input.next_token.as_deref())?;
    let limit = limit(Some(input.max_results), 60);
    let page = request.store.read(move |r| r.pools(after.as_deref(), limit).map_err(Error::from)).await?;
    Ok(ListUserPoolsResponse {
        user_pools: Some(page.items.into_iter().map(described).collect()),
        next_token: request.seal_page(LIST, page.next),
    })
}

pub(crate) async fn add_custom_attributes(
    request: &Request,
    input: AddCustomAttributesRequest,
) -> Result<AddCustomAttributesResponse> {
    let id = PoolId::from(input.user_pool_id);
    request
        .change_pool(&id, move |pool| {
            let schema = pool.settings.schema_attributes.get_or_insert_default();
            add_to_schema(schema, &input.custom_attributes)
        })
        .await?;
    Ok(AddCustomAttributesResponse {})
}

pub(crate) async fn get_user_pool_mfa_config(
    request: &Request,
    input: GetUserPoolMfaConfigRequest,
) -> Result<GetUserPoolMfaConfigResponse> {
    Ok(shown_pool_mfa(&request.pool(&input.user_pool_id).await?))
}

pub(crate) async fn set_user_pool_mfa_config(
    request: &Request,
    input: SetUserPoolMfaConfigRequest,
) -> Result<SetUserPoolMfaConfigResponse> {
    let id = PoolId::from(input.user_pool_id.as_str());
    let shown = request
        .change_pool(&id, move |pool| {
            set_pool_mfa(pool, input)?;
            Ok(shown_pool_mfa(pool))
        })
        .await?;
    Ok(SetUserPoolMfaConfigResponse {
        sms_mfa_configuration: shown.sms_mfa_configuration,
        software_token_mfa_configuration: shown.software_token_mfa_configuration,
        email_mfa_configuration: shown.email_mfa_configuration,
        mfa_configuration: shown.mfa_configuration,
        web_authn_configuration: shown.web_authn_configuration,
    })
}

/// An instant as the wire tells it.
pub(crate) fn instant(at: jiff::Timestamp) -> Option<Timestamp> {
    Some(Timestamp::from_millis(at.as_millisecond()))
}

/// A pool with what is not a setting: its names, dates, domains and size.
fn shown(request: &Request, pool: Pool, users: i64, domains: Vec<(String, PoolDomain)>) -> UserPoolType {
    let (custom, prefixes): (Vec<_>, Vec<_>) = domains.into_iter().partition(|(_, domain)| domain.is_custom());
    let name = |domains: Vec<(String, PoolDomain)>| domains.into_iter().next().map(|(name, _)| name);
    UserPoolType {
        arn: Some(pool.id.arn(&request.settings.account)),
        id: Some(pool.id.into_string()),
        creation_date: instant(pool.created_at),
        last_modified_date: instant(pool.modified_at),
        estimated_number_of_users: Some(i32::try_from(users).unwrap_or(i32::MAX)),
        domain: name(prefixes),
        custom_domain: name(custom),
        ..pool.settings
    }
}

fn described(pool: Pool) -> UserPoolDescriptionType {
    UserPoolDescriptionType {
        id: Some(pool.id.into_string()),
        name: pool.settings.name,
        lambda_config: pool.settings.lambda_config,
        status: None,
        last_modified_date: instant(pool.modified_at),
        creation_date: instant(pool.created_at),
        replica_regions: None,
    }
}
