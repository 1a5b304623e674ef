//! User pools: making, reading, changing, removing.

use crate::error::{Error, Result};
use crate::page::limit;
use crate::request::Request;
use domain::{Pool, PoolDomain, PoolId, Reason};
use protocol::Timestamp;
use protocol::idp::{
    CreateUserPoolRequest, CreateUserPoolResponse, DeleteUserPoolRequest, DescribeUserPoolRequest,
    DescribeUserPoolResponse, ListUserPoolsRequest, ListUserPoolsResponse, UpdateUserPoolRequest,
    UpdateUserPoolResponse, UserPoolDescriptionType, UserPoolType,
};

crate::table::operations! {
    idp::CreateUserPool => create_user_pool,
    idp::DescribeUserPool => describe_user_pool,
    idp::UpdateUserPool => update_user_pool,
    idp::DeleteUserPool => delete_user_pool,
    idp::ListUserPools => list_user_pools,
}

async fn create_user_pool(request: &Request, input: CreateUserPoolRequest) -> Result<CreateUserPoolResponse> {
    let pool = request.create_pool(&request.ctx, input).await?;
    Ok(CreateUserPoolResponse { user_pool: Some(shown(request, pool, 0, Vec::new())) })
}

async fn describe_user_pool(request: &Request, input: DescribeUserPoolRequest) -> Result<DescribeUserPoolResponse> {
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

async fn update_user_pool(request: &Request, input: UpdateUserPoolRequest) -> Result<UpdateUserPoolResponse> {
    request.update_pool(&request.ctx, input).await?;
    Ok(UpdateUserPoolResponse {})
}

async fn delete_user_pool(request: &Request, input: DeleteUserPoolRequest) -> Result<()> {
    Ok(request.delete_pool(&input.user_pool_id).await?)
}

async fn list_user_pools(request: &Request, input: ListUserPoolsRequest) -> Result<ListUserPoolsResponse> {
    const LIST: &str = "user-pools";
    let after = request.open_page(&request.ctx, LIST, input.next_token.as_deref())?;
    let limit = limit(Some(input.max_results), 60);
    let page = request.store.read(move |r| r.pools(after.as_deref(), limit).map_err(Error::from)).await?;
    Ok(ListUserPoolsResponse {
        user_pools: Some(page.items.into_iter().map(described).collect()),
        next_token: request.seal_page(&request.ctx, LIST, page.next),
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
