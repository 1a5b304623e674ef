//! The domains under which a pool's pages answer.

use crate::error::{Error, Result};
use crate::request::Request;
use domain::{DomainFault, PoolDomain, PoolId, Reason, check_domain_name, check_managed_login_version};
use protocol::idp::{
    CreateUserPoolDomainRequest, CreateUserPoolDomainResponse, DeleteUserPoolDomainRequest,
    DeleteUserPoolDomainResponse, DescribeUserPoolDomainRequest, DescribeUserPoolDomainResponse, DomainDescriptionType,
    DomainStatusType, UpdateUserPoolDomainRequest, UpdateUserPoolDomainResponse,
};
use store::StoreError;

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
    check_domain_name(&input.domain, input.custom_domain_config.is_some())?;
    let pool = request.pool(&input.user_pool_id).await?;
    let version = input.managed_login_version.unwrap_or(1);
    check_managed_login_version(version, pool.tier())?;
    let domain = PoolDomain {
        managed_login_version: version,
        custom: input.custom_domain_config,
        routing: input.routing,
        created_at: request.now(),
    };
    let (row, name) = (domain.clone(), input.domain);
    request
        .store
        .write(move |tx| -> Result<()> {
            // Writing the pool's row keeps two calls from each giving it a domain.
            tx.update_pool(&pool.id, |_| Ok::<_, StoreError>(()))?.ok_or_else(|| Reason::pool_not_found(&pool.id))?;
            let others = tx.domains_of_pool::<PoolDomain>(&pool.id)?;
            if others.iter().any(|(_, other)| other.is_custom() == row.is_custom()) {
                return Err(Reason::Domain(DomainFault::PoolHasOne).into());
            }
            tx.insert_domain(&name, &pool.id, &row).map_err(|error| match error {
                StoreError::Conflict { .. } => Reason::Domain(DomainFault::Taken).into(),
                other => other.into(),
            })
        })
        .await?;
    Ok(CreateUserPoolDomainResponse {
        managed_login_version: Some(version),
        cloud_front_domain: domain.is_custom().then(|| served_by(request)),
        routing: domain.routing,
    })
}

/// An unknown domain is described by nothing at all.
async fn describe_user_pool_domain(
    request: &Request,
    input: DescribeUserPoolDomainRequest,
) -> Result<DescribeUserPoolDomainResponse> {
    let name = input.domain.clone();
    let found = request.store.read(move |r| r.domain::<PoolDomain>(&name).map_err(Error::from)).await?;
    let description = found.map_or_else(DomainDescriptionType::default, |(pool, domain)| DomainDescriptionType {
        user_pool_id: Some(pool.into_string()),
        aws_account_id: Some(request.settings.account.clone()),
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
    let pool = request.pool(&input.user_pool_id).await?;
    if let Some(version) = input.managed_login_version {
        check_managed_login_version(version, pool.tier())?;
    }
    let domain = request
        .store
        .write(move |tx| -> Result<PoolDomain> {
            tx.update_domain(&input.domain, &pool.id, |domain: &mut PoolDomain| -> Result<_> {
                if input.custom_domain_config.is_some() && !domain.is_custom() {
                    return Err(Reason::Domain(DomainFault::NotCustom).into());
                }
                domain.managed_login_version = input.managed_login_version.unwrap_or(domain.managed_login_version);
                domain.custom = input.custom_domain_config.or(domain.custom.take());
                domain.routing = input.routing;
                Ok(domain.clone())
            })?
            .ok_or_else(unknown)
        })
        .await?;
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
    let (name, pool) = (input.domain, PoolId::from(input.user_pool_id));
    let removed = request.store.write(move |tx| tx.delete_domain(&name, &pool).map_err(Error::from)).await?;
    if removed { Ok(DeleteUserPoolDomainResponse {}) } else { Err(unknown()) }
}

fn unknown() -> Error {
    Reason::Domain(DomainFault::NotFound).into()
}

/// The host that answers for every domain: this server's own, where the service names a distribution.
fn served_by(request: &Request) -> String {
    let base = &request.settings.base_url;
    let rest = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host.to_owned(),
        _ => authority.to_owned(),
    }
}
