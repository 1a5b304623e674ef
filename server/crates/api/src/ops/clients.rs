//! App clients and their secrets.

use std::sync::Arc;

use domain::{Client, ClientId, ClientSecret, PoolId};
use protocol::Sensitive;
use protocol::idp::{
    AddUserPoolClientSecretRequest, AddUserPoolClientSecretResponse, ClientSecretDescriptorType, ClientTypeType,
    CreateUserPoolClientRequest, CreateUserPoolClientResponse, DeleteUserPoolClientRequest,
    DeleteUserPoolClientSecretRequest, DeleteUserPoolClientSecretResponse, DescribeUserPoolClientRequest,
    DescribeUserPoolClientResponse, ListUserPoolClientSecretsRequest, ListUserPoolClientSecretsResponse,
    ListUserPoolClientsRequest, ListUserPoolClientsResponse, UpdateUserPoolClientRequest, UpdateUserPoolClientResponse,
    UserPoolClientDescription, UserPoolClientType,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::{self, instant};

crate::table::operations! {
    idp::CreateUserPoolClient => create_user_pool_client,
    idp::DescribeUserPoolClient => describe_user_pool_client,
    idp::UpdateUserPoolClient => update_user_pool_client,
    idp::DeleteUserPoolClient => delete_user_pool_client,
    idp::ListUserPoolClients => list_user_pool_clients,
    idp::AddUserPoolClientSecret => add_user_pool_client_secret,
    idp::ListUserPoolClientSecrets => list_user_pool_client_secrets,
    idp::DeleteUserPoolClientSecret => delete_user_pool_client_secret,
}

async fn create_user_pool_client(
    request: &Request,
    input: CreateUserPoolClientRequest,
) -> Result<CreateUserPoolClientResponse> {
    let app = request.create_client(&request.ctx, input).await?;
    Ok(CreateUserPoolClientResponse { user_pool_client: Some(shown(request, Arc::unwrap_or_clone(app.client))?) })
}

async fn describe_user_pool_client(
    request: &Request,
    input: DescribeUserPoolClientRequest,
) -> Result<DescribeUserPoolClientResponse> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    Ok(DescribeUserPoolClientResponse { user_pool_client: Some(shown(request, Arc::unwrap_or_clone(app.client))?) })
}

async fn update_user_pool_client(
    request: &Request,
    input: UpdateUserPoolClientRequest,
) -> Result<UpdateUserPoolClientResponse> {
    let client = request.update_client(&request.ctx, input).await?;
    Ok(UpdateUserPoolClientResponse { user_pool_client: Some(shown(request, client)?) })
}

async fn delete_user_pool_client(request: &Request, input: DeleteUserPoolClientRequest) -> Result<()> {
    Ok(request.delete_client(&input.user_pool_id, &input.client_id).await?)
}

async fn list_user_pool_clients(
    request: &Request,
    input: ListUserPoolClientsRequest,
) -> Result<ListUserPoolClientsResponse> {
    let page = wire::page(input.max_results, 60, input.next_token.as_deref());
    let found = request.clients(&request.ctx, PoolId::from(input.user_pool_id), page).await?;
    // The filter looks at one page at a time, which may leave a page short or empty.
    let wanted = |client: &Client| {
        let kind = client.settings.client_type.unwrap_or(ClientTypeType::Regular);
        input.client_type.is_none_or(|wanted| wanted == kind)
    };
    Ok(ListUserPoolClientsResponse {
        user_pool_clients: Some(found.items.into_iter().filter(wanted).map(described).collect()),
        next_token: found.next_token,
    })
}

async fn add_user_pool_client_secret(
    request: &Request,
    input: AddUserPoolClientSecretRequest,
) -> Result<AddUserPoolClientSecretResponse> {
    let added =
        request.add_client_secret(&request.ctx, &input.user_pool_id, &input.client_id, input.client_secret).await?;
    Ok(AddUserPoolClientSecretResponse { client_secret_descriptor: Some(descriptor(&added.secret, added.made)) })
}

async fn list_user_pool_client_secrets(
    request: &Request,
    input: ListUserPoolClientSecretsRequest,
) -> Result<ListUserPoolClientSecretsResponse> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    let secrets = app.client.secrets.iter();
    Ok(ListUserPoolClientSecretsResponse {
        client_secrets: Some(secrets.map(|secret| descriptor(secret, None)).collect()),
        next_token: None,
    })
}

async fn delete_user_pool_client_secret(
    request: &Request,
    input: DeleteUserPoolClientSecretRequest,
) -> Result<DeleteUserPoolClientSecretResponse> {
    request.delete_client_secret(&request.ctx, &input.user_pool_id, &input.client_id, &input.client_secret_id).await?;
    Ok(DeleteUserPoolClientSecretResponse {})
}

/// A client with what is not a setting: its ids, dates and (oldest) secret.
fn shown(request: &Request, client: Client) -> Result<UserPoolClientType> {
    let secret = request.client_secrets(&client)?.into_iter().next();
    Ok(UserPoolClientType {
        user_pool_id: Some(client.pool.into_string()),
        client_id: Some(client.id.into_string()),
        client_secret: secret.map(Sensitive::from),
        creation_date: instant(client.created_at),
        last_modified_date: instant(client.modified_at),
        ..client.settings
    })
}

fn described(client: Client) -> UserPoolClientDescription {
    UserPoolClientDescription {
        client_id: Some(ClientId::into_string(client.id)),
        user_pool_id: Some(client.pool.into_string()),
        client_name: client.settings.client_name,
    }
}

fn descriptor(secret: &ClientSecret, value: Option<Sensitive>) -> ClientSecretDescriptorType {
    ClientSecretDescriptorType {
        client_secret_id: Some(secret.id.clone()),
        client_secret_value: value,
        client_secret_create_date: instant(secret.created_at),
    }
}
