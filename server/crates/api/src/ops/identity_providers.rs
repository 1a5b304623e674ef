//! Identity providers of a pool.

use std::collections::BTreeMap;

use domain::{IdentityProvider, PoolId, ProviderFault, Reason};
use protocol::Sensitive;
use protocol::idp::{
    CreateIdentityProviderRequest, CreateIdentityProviderResponse, DeleteIdentityProviderRequest,
    DescribeIdentityProviderRequest, DescribeIdentityProviderResponse, GetIdentityProviderByIdentifierRequest,
    GetIdentityProviderByIdentifierResponse, IdentityProviderType, ListIdentityProvidersRequest,
    ListIdentityProvidersResponse, ProviderDescription, UpdateIdentityProviderRequest, UpdateIdentityProviderResponse,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::{self, instant};

crate::table::operations! {
    idp::CreateIdentityProvider => create_identity_provider,
    idp::DescribeIdentityProvider => describe_identity_provider,
    idp::GetIdentityProviderByIdentifier => get_identity_provider_by_identifier,
    idp::UpdateIdentityProvider => update_identity_provider,
    idp::DeleteIdentityProvider => delete_identity_provider,
    idp::ListIdentityProviders => list_identity_providers,
}

/// What the answer's list can hold, whatever is asked for.
const LONGEST_PAGE: usize = 50;

async fn create_identity_provider(
    request: &Request,
    input: CreateIdentityProviderRequest,
) -> Result<CreateIdentityProviderResponse> {
    let provider = request.create_identity_provider(&request.ctx, input).await?;
    Ok(CreateIdentityProviderResponse { identity_provider: shown(request, provider)? })
}

async fn describe_identity_provider(
    request: &Request,
    input: DescribeIdentityProviderRequest,
) -> Result<DescribeIdentityProviderResponse> {
    let provider = request.known_identity_provider(&input.user_pool_id, &input.provider_name).await?;
    Ok(DescribeIdentityProviderResponse { identity_provider: shown(request, provider)? })
}

async fn get_identity_provider_by_identifier(
    request: &Request,
    input: GetIdentityProviderByIdentifierRequest,
) -> Result<GetIdentityProviderByIdentifierResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    let provider = request.identity_provider_by_identifier(&pool.id, &input.idp_identifier).await?;
    let unknown = ProviderFault::IdentifierNotFound { identifier: input.idp_identifier, pool: pool.id };
    let provider = provider.ok_or(Reason::Provider(unknown))?;
    Ok(GetIdentityProviderByIdentifierResponse { identity_provider: shown(request, provider)? })
}

async fn update_identity_provider(
    request: &Request,
    input: UpdateIdentityProviderRequest,
) -> Result<UpdateIdentityProviderResponse> {
    let provider = request.update_identity_provider(&request.ctx, input).await?;
    Ok(UpdateIdentityProviderResponse { identity_provider: shown(request, provider)? })
}

async fn delete_identity_provider(request: &Request, input: DeleteIdentityProviderRequest) -> Result<()> {
    Ok(request.delete_identity_provider(&request.ctx, &input.user_pool_id, &input.provider_name).await?)
}

async fn list_identity_providers(
    request: &Request,
    input: ListIdentityProvidersRequest,
) -> Result<ListIdentityProvidersResponse> {
    let mut page = wire::page(input.max_results, LONGEST_PAGE, input.next_token.as_deref());
    page.limit = page.limit.min(LONGEST_PAGE);
    let found = request.identity_providers(&request.ctx, PoolId::from(input.user_pool_id), page).await?;
    let described = |provider: IdentityProvider| ProviderDescription {
        provider_name: Some(provider.name),
        provider_type: Some(provider.kind),
        last_modified_date: instant(provider.modified_at),
        creation_date: instant(provider.created_at),
    };
    Ok(ListIdentityProvidersResponse {
        providers: found.items.into_iter().map(described).collect(),
        next_token: found.next_token,
    })
}

/// A provider as it is shown: with its client secret, never with a private key.
fn shown(request: &Request, provider: IdentityProvider) -> Result<IdentityProviderType> {
    let secret = request.provider_secret(&provider, "client_secret")?;
    let mut details: BTreeMap<String, Sensitive> =
        provider.details.into_iter().map(|(key, value)| (key, value.into())).collect();
    if let Some(secret) = secret {
        details.insert("client_secret".to_owned(), secret.as_str().into());
    }
    Ok(IdentityProviderType {
        user_pool_id: Some(provider.pool.into_string()),
        provider_name: Some(provider.name),
        provider_type: Some(provider.kind),
        provider_details: Some(details),
        attribute_mapping: Some(provider.mapping),
        idp_identifiers: Some(provider.identifiers),
        acr_mapping: Some(provider.acr_mapping).filter(|mapping| !mapping.is_empty()),
        last_modified_date: instant(provider.modified_at),
        creation_date: instant(provider.created_at),
    })
}
