//! App clients and their secrets.

use crate::error::{Error, Result};
use crate::ops::user_pools::instant;
use crate::page::limit;
use crate::request::Request;
use domain::{Client, ClientId, ClientSecret, PoolId, Reason};
use protocol::Sensitive;
use protocol::idp::{
    AddUserPoolClientSecretRequest, AddUserPoolClientSecretResponse, ClientSecretDescriptorType, ClientTypeType,
    CreateUserPoolClientRequest, CreateUserPoolClientResponse, DeleteUserPoolClientRequest,
    DeleteUserPoolClientSecretRequest, DeleteUserPoolClientSecretResponse, DescribeUserPoolClientRequest,
    DescribeUserPoolClientResponse, ListUserPoolClientSecretsRequest, ListUserPoolClientSecretsResponse,
    ListUserPoolClientsRequest, ListUserPoolClientsResponse, UpdateUserPoolClientRequest, UpdateUserPoolClientResponse,
    UserPoolClientDescription, UserPoolClientType,
};

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
    Ok(CreateUserPoolClientResponse { user_pool_client: Some(shown(request, app.client)?) })
}

async fn describe_user_pool_client(
    request: &Request,
    input: DescribeUserPoolClientRequest,
) -> Result<DescribeUserPoolClientResponse> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    Ok(DescribeUserPoolClientResponse { user_pool_client: Some(shown(request, app.client)?) })
}

async fn update_user_pool_client(
    request: &Request,
    input: UpdateUserPoolClientRequest,
) -> Result<UpdateUserPoolClientResponse> {
    let client = request.update_client(&request.ctx, input).await?;
    Ok(UpdateUserPoolClientResponse { user_pool_client: Some(shown(request, client)?) })
}

async fn delete_user_pool_client(request: &Request, input: DeleteUserPoolClientRequest) -> Result<()> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    let id = app.client.id;
    let removed = request.store.write(move |tx| tx.delete_client(&id).map_err(Error::from)).await?;
    if removed { Ok(()) } else { Err(Reason::client_not_found(input.client_id).into()) }
}

async fn list_user_pool_clients(
    request: &Request,
    input: ListUserPoolClientsRequest,
) -> Result<ListUserPoolClientsResponse> {
    let list = format!("clients\0{}", input.user_pool_id);
    let after = request.open_page(&request.ctx, &list, input.next_token.as_deref())?;
    let (id, limit) = (PoolId::from(input.user_pool_id), limit(input.max_results, 60));
    let page = request
        .store
        .read(move |r| -> Result<_> {
            r.pool(&id)?.ok_or_else(|| Reason::pool_not_found(&id))?;
            Ok(r.clients(&id, after.as_deref(), limit)?)
        })
        .await?;
    // The filter looks at one page at a time, which may leave a page short or empty.
    let wanted = |client: &Client| {
        let kind = client.settings.client_type.unwrap_or(ClientTypeType::Regular);
        input.client_type.is_none_or(|wanted| wanted == kind)
    };
    Ok(ListUserPoolClientsResponse {
        user_pool_clients: Some(page.items.into_iter().filter(wanted).map(described).collect()),
        next_token: request.seal_page(&request.ctx, &list, page.next),
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
