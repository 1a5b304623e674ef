//! Resource servers and their scopes.

use domain::PoolId;
use protocol::idp::{
    CreateResourceServerRequest, CreateResourceServerResponse, DeleteResourceServerRequest,
    DescribeResourceServerRequest, DescribeResourceServerResponse, ListResourceServersRequest,
    ListResourceServersResponse, UpdateResourceServerRequest, UpdateResourceServerResponse,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire;

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
    Ok(CreateResourceServerResponse { resource_server: request.create_resource_server(input).await? })
}

async fn describe_resource_server(
    request: &Request,
    input: DescribeResourceServerRequest,
) -> Result<DescribeResourceServerResponse> {
    let server = request.resource_server(PoolId::from(input.user_pool_id), input.identifier).await?;
    Ok(DescribeResourceServerResponse { resource_server: server })
}

async fn update_resource_server(
    request: &Request,
    input: UpdateResourceServerRequest,
) -> Result<UpdateResourceServerResponse> {
    Ok(UpdateResourceServerResponse { resource_server: request.update_resource_server(input).await? })
}

async fn delete_resource_server(request: &Request, input: DeleteResourceServerRequest) -> Result<()> {
    Ok(request.delete_resource_server(PoolId::from(input.user_pool_id), input.identifier).await?)
}

async fn list_resource_servers(
    request: &Request,
    input: ListResourceServersRequest,
) -> Result<ListResourceServersResponse> {
    let page = wire::page(input.max_results, 50, input.next_token.as_deref());
    let found = request.resource_servers(&request.ctx, PoolId::from(input.user_pool_id), page).await?;
    Ok(ListResourceServersResponse { resource_servers: found.items, next_token: found.next_token })
}
