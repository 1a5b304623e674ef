//! Resource servers and their scopes.

use crate::error::{Error, Result};
use crate::page::limit;
use crate::request::Request;
use domain::{PoolId, Reason, ResourceServerFault, check_scopes};
use flows::RESOURCE_SERVER;
use protocol::idp::{
    CreateResourceServerRequest, CreateResourceServerResponse, DeleteResourceServerRequest,
    DescribeResourceServerRequest, DescribeResourceServerResponse, ListResourceServersRequest,
    ListResourceServersResponse, ResourceServerScopeType, ResourceServerType, UpdateResourceServerRequest,
    UpdateResourceServerResponse,
};
use store::StoreError;

crate::table::operations! {
    idp::CreateResourceServer => create_resource_server,
    idp::DescribeResourceServer => describe_resource_server,
    idp::UpdateResourceServer => update_resource_server,
    idp::DeleteResourceServer => delete_resource_server,
    idp::ListResourceServers => list_resource_servers,
}

async fn create_resource_server(
    request: &Request,
    input: CreateResourceServerRequest,
) -> Result<CreateResourceServerResponse> {
    let server = shown(input.user_pool_id, input.identifier, input.name, input.scopes)?;
    let row = server.clone();
    request
        .store
        .write(move |tx| -> Result<()> {
            let (pool, identifier) = keys(&row);
            tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            tx.insert_document(RESOURCE_SERVER, &pool, &identifier, &row).map_err(|error| match error {
                StoreError::Conflict { .. } => {
                    Reason::ResourceServer(ResourceServerFault::Exists { identifier, pool }).into()
                }
                other => other.into(),
            })
        })
        .await?;
    Ok(CreateResourceServerResponse { resource_server: server })
}

async fn describe_resource_server(
    request: &Request,
    input: DescribeResourceServerRequest,
) -> Result<DescribeResourceServerResponse> {
    let (pool, identifier) = (PoolId::from(input.user_pool_id), input.identifier);
    let server = request
        .store
        .read(move |r| -> Result<ResourceServerType> {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            r.document(RESOURCE_SERVER, &pool, &identifier)?.ok_or_else(|| unknown(&identifier))
        })
        .await?;
    Ok(DescribeResourceServerResponse { resource_server: server })
}

async fn update_resource_server(
    request: &Request,
    input: UpdateResourceServerRequest,
) -> Result<UpdateResourceServerResponse> {
    let server = shown(input.user_pool_id, input.identifier, input.name, input.scopes)?;
    let new = server.clone();
    request
        .store
        .write(move |tx| -> Result<()> {
            let (pool, identifier) = keys(&new);
            tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            let replace = |old: &mut ResourceServerType| -> Result<()> {
                *old = new;
                Ok(())
            };
            tx.update_document(RESOURCE_SERVER, &pool, &identifier, replace)?.ok_or_else(|| unknown(&identifier))
        })
        .await?;
    Ok(UpdateResourceServerResponse { resource_server: server })
}

async fn delete_resource_server(request: &Request, input: DeleteResourceServerRequest) -> Result<()> {
    let (pool, identifier) = (PoolId::from(input.user_pool_id), input.identifier);
    request
        .store
        .write(move |tx| -> Result<()> {
            tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            if tx.delete_document(RESOURCE_SERVER, &pool, &identifier)? { Ok(()) } else { Err(unknown(&identifier)) }
        })
        .await
}

async fn list_resource_servers(
    request: &Request,
    input: ListResourceServersRequest,
) -> Result<ListResourceServersResponse> {
    let list = format!("resource-servers\0{}", input.user_pool_id);
    let after = request.open_page(&request.ctx, &list, input.next_token.as_deref())?;
    let (pool, limit) = (PoolId::from(input.user_pool_id), limit(input.max_results, 50));
    let page = request
        .store
        .read(move |r| -> Result<_> {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            Ok(r.documents::<ResourceServerType>(RESOURCE_SERVER, &pool, after.as_deref(), limit)?)
        })
        .await?;
    Ok(ListResourceServersResponse {
        resource_servers: page.items.into_iter().map(|(_, server)| server).collect(),
        next_token: request.seal_page(&request.ctx, &list, page.next),
    })
}

/// A resource server as it is kept and shown.
fn shown(
    pool: String,
    identifier: String,
    name: String,
    scopes: Option<Vec<ResourceServerScopeType>>,
) -> Result<ResourceServerType> {
    let scopes = scopes.unwrap_or_default();
    check_scopes(&identifier, &scopes).map_err(Reason::ResourceServer)?;
    Ok(ResourceServerType {
        user_pool_id: Some(pool),
        identifier: Some(identifier),
        name: Some(name),
        scopes: Some(scopes),
        managed_by: None,
    })
}

fn keys(server: &ResourceServerType) -> (PoolId, String) {
    let pool = server.user_pool_id.clone().unwrap_or_default();
    (PoolId::from(pool), server.identifier.clone().unwrap_or_default())
}

fn unknown(identifier: &str) -> Error {
    Reason::ResourceServer(ResourceServerFault::NotFound { identifier: identifier.to_owned() }).into()
}
