//! Managed login branding.

use branding::merged_settings;
use flows::WholeBranding;
use protocol::Blob;
use protocol::idp::{
    AssetType, CreateManagedLoginBrandingRequest, CreateManagedLoginBrandingResponse,
    DeleteManagedLoginBrandingRequest, DescribeManagedLoginBrandingByClientRequest,
    DescribeManagedLoginBrandingByClientResponse, DescribeManagedLoginBrandingRequest,
    DescribeManagedLoginBrandingResponse, ManagedLoginBrandingType, UpdateManagedLoginBrandingRequest,
    UpdateManagedLoginBrandingResponse,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::instant;

crate::table::operations! {
    idp::CreateManagedLoginBranding => create_managed_login_branding,
    idp::DescribeManagedLoginBranding => describe_managed_login_branding,
    idp::DescribeManagedLoginBrandingByClient => describe_managed_login_branding_by_client,
    idp::UpdateManagedLoginBranding => update_managed_login_branding,
    idp::DeleteManagedLoginBranding => delete_managed_login_branding,
}

async fn create_managed_login_branding(
    request: &Request,
    input: CreateManagedLoginBrandingRequest,
) -> Result<CreateManagedLoginBrandingResponse> {
    let made = request.create_branding(&request.ctx, input).await?;
    Ok(CreateManagedLoginBrandingResponse { managed_login_branding: Some(shown(made, false)) })
}

async fn describe_managed_login_branding(
    request: &Request,
    input: DescribeManagedLoginBrandingRequest,
) -> Result<DescribeManagedLoginBrandingResponse> {
    let found = request.branding(&input.user_pool_id, &input.managed_login_branding_id).await?;
    let merged = input.return_merged_resources == Some(true);
    Ok(DescribeManagedLoginBrandingResponse { managed_login_branding: Some(shown(found, merged)) })
}

async fn describe_managed_login_branding_by_client(
    request: &Request,
    input: DescribeManagedLoginBrandingByClientRequest,
) -> Result<DescribeManagedLoginBrandingByClientResponse> {
    let found = request.branding_of_client(&input.user_pool_id, &input.client_id).await?;
    let merged = input.return_merged_resources == Some(true);
    Ok(DescribeManagedLoginBrandingByClientResponse { managed_login_branding: Some(shown(found, merged)) })
}

async fn update_managed_login_branding(
    request: &Request,
    input: UpdateManagedLoginBrandingRequest,
) -> Result<UpdateManagedLoginBrandingResponse> {
    let updated = request.update_branding(&request.ctx, input).await?;
    Ok(UpdateManagedLoginBrandingResponse { managed_login_branding: Some(shown(updated, false)) })
}

async fn delete_managed_login_branding(request: &Request, input: DeleteManagedLoginBrandingRequest) -> Result<()> {
    Ok(request.delete_branding(&input.user_pool_id, &input.managed_login_branding_id).await?)
}

/// A branding as it was spoken, pictures with the bytes that were sent. Without settings of its own it shows none,
/// unless they are asked for merged; the list of pictures is always there.
fn shown(WholeBranding { branding, pictures }: WholeBranding, merged: bool) -> ManagedLoginBrandingType {
    let bytes = |hash: &str| pictures.iter().find(|(known, _)| known == hash).map(|(_, bytes)| Blob(bytes.clone()));
    let settings = if merged { Some(merged_settings(branding.settings.as_ref())) } else { branding.settings };
    let assets = branding.assets.into_iter().map(|asset| AssetType {
        bytes: bytes(&asset.hash),
        category: asset.category,
        color_mode: asset.color_mode,
        extension: asset.extension,
        resource_id: asset.resource_id,
    });
    ManagedLoginBrandingType {
        managed_login_branding_id: Some(branding.id),
        user_pool_id: Some(branding.pool.into_string()),
        use_cognito_provided_values: Some(branding.use_cognito_provided_values),
        settings,
        assets: Some(assets.collect()),
        creation_date: instant(branding.created_at),
        last_modified_date: instant(branding.modified_at),
    }
}
