//! User pools: making, reading, changing, removing.

use domain::{Pool, PoolDomain, PoolId};
use flows::PoolOverview;
use protocol::idp::{
    CreateUserPoolRequest, CreateUserPoolResponse, DeleteUserPoolRequest, DescribeUserPoolRequest,
    DescribeUserPoolResponse, ListUserPoolsRequest, ListUserPoolsResponse, UpdateUserPoolRequest,
    UpdateUserPoolResponse, UserPoolDescriptionType, UserPoolType,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::{self, instant};

crate::table::operations! {
    idp::CreateUserPool => create_user_pool,
    idp::DescribeUserPool => describe_user_pool,
    idp::UpdateUserPool => update_user_pool,
    idp::DeleteUserPool => delete_user_pool,
    idp::ListUserPools => list_user_pools,
}

async fn create_user_pool(request: &Request, input: CreateUserPoolRequest) -> Result<CreateUserPoolResponse> {
    let pool = request.create_pool(&request.ctx, input).await?;
    Ok(CreateUserPoolResponse { user_pool: Some(shown(request, PoolOverview { pool, users: 0, domains: Vec::new() })) })
}

async fn describe_user_pool(request: &Request, input: DescribeUserPoolRequest) -> Result<DescribeUserPoolResponse> {
    let found = request.pool_overview(PoolId::from(input.user_pool_id)).await?;
    Ok(DescribeUserPoolResponse { user_pool: Some(shown(request, found)) })
}

async fn update_user_pool(request: &Request, input: UpdateUserPoolRequest) -> Result<UpdateUserPoolResponse> {
    request.update_pool(&request.ctx, input).await?;
    Ok(UpdateUserPoolResponse {})
}

async fn delete_user_pool(request: &Request, input: DeleteUserPoolRequest) -> Result<()> {
    Ok(request.delete_pool(&input.user_pool_id).await?)
}

async fn list_user_pools(request: &Request, input: ListUserPoolsRequest) -> Result<ListUserPoolsResponse> {
    let page = wire::page(Some(input.max_results), 60, input.next_token.as_deref());
    let found = request.pools(&request.ctx, page).await?;
    Ok(ListUserPoolsResponse {
        user_pools: Some(found.items.into_iter().map(described).collect()),
        next_token: found.next_token,
    })
}

/// A pool with what is not a setting: its names, dates, domains and size.
fn shown(request: &Request, PoolOverview { pool, users, domains }: PoolOverview) -> UserPoolType {
    let (custom, prefixes): (Vec<_>, Vec<_>) = domains.into_iter().partition(|(_, domain)| domain.is_custom());
    let name = |domains: Vec<(String, PoolDomain)>| domains.into_iter().next().map(|(name, _)| name);
    UserPoolType {
        arn: Some(pool.id.arn(&request.settings().account)),
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
