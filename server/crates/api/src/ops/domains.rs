//! The domains under which a pool's pages answer.

use domain::PoolId;
use protocol::idp::{
    CreateUserPoolDomainRequest, CreateUserPoolDomainResponse, DeleteUserPoolDomainRequest,
    DeleteUserPoolDomainResponse, DescribeUserPoolDomainRequest, DescribeUserPoolDomainResponse, DomainDescriptionType,
    DomainStatusType, UpdateUserPoolDomainRequest, UpdateUserPoolDomainResponse,
};

use crate::error::Result;
use crate::request::Request;

crate::table::operations! {
    idp::CreateUserPoolDomain => create_user_pool_domain,
    idp::DescribeUserPoolDomain => describe_user_pool_domain,
    idp::UpdateUserPoolDomain => update_user_pool_domain,
    idp::DeleteUserPoolDomain => delete_user_pool_domain,
}

async fn create_user_pool_domain(
    request: &Request,
    input: CreateUserPoolDomainRequest,
) -> Result<CreateUserPoolDomainResponse> {
    let domain = request.create_pool_domain(&request.ctx, input).await?;
    Ok(CreateUserPoolDomainResponse {
        managed_login_version: Some(domain.managed_login_version),
        cloud_front_domain: domain.is_custom().then(|| served_by(request)),
        routing: domain.routing,
    })
}

/// An unknown domain is described by nothing at all.
async fn describe_user_pool_domain(
    request: &Request,
    input: DescribeUserPoolDomainRequest,
) -> Result<DescribeUserPoolDomainResponse> {
    let found = request.pool_domain(&input.domain).await?;
    let description = found.map_or_else(DomainDescriptionType::default, |(pool, domain)| DomainDescriptionType {
        user_pool_id: Some(pool.into_string()),
        aws_account_id: Some(request.settings().account.clone()),
        domain: Some(input.domain),
        s3_bucket: None,
        cloud_front_distribution: Some(served_by(request)),
        version: Some(domain.created_at.strftime("%Y%m%d%H%M%S").to_string()),
        status: Some(DomainStatusType::Active),
        custom_domain_config: domain.custom,
        managed_login_version: Some(domain.managed_login_version),
        routing: domain.routing,
    });
    Ok(DescribeUserPoolDomainResponse { domain_description: Some(description) })
}

async fn update_user_pool_domain(
    request: &Request,
    input: UpdateUserPoolDomainRequest,
) -> Result<UpdateUserPoolDomainResponse> {
    let domain = request.update_pool_domain(input).await?;
    Ok(UpdateUserPoolDomainResponse {
        managed_login_version: Some(domain.managed_login_version),
        cloud_front_domain: domain.is_custom().then(|| served_by(request)),
        routing: domain.routing,
    })
}

async fn delete_user_pool_domain(
    request: &Request,
    input: DeleteUserPoolDomainRequest,
) -> Result<DeleteUserPoolDomainResponse> {
    request.delete_pool_domain(PoolId::from(input.user_pool_id), input.domain).await?;
    Ok(DeleteUserPoolDomainResponse {})
}

/// The host that answers for every domain: this server's own, where the service names a distribution.
fn served_by(request: &Request) -> String {
    let base = &request.settings().base_url;
    let rest = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host.to_owned(),
        _ => authority.to_owned(),
    }
}
