//! UI customization of the classic pages.

use branding::UiCustomization;
use protocol::idp::{
    GetUICustomizationRequest, GetUICustomizationResponse, SetUICustomizationRequest, SetUICustomizationResponse,
    UICustomizationType,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::instant;

crate::table::operations! {
    idp::GetUICustomization => get_ui_customization,
    idp::SetUICustomization => set_ui_customization,
}

async fn get_ui_customization(
    request: &Request,
    input: GetUICustomizationRequest,
) -> Result<GetUICustomizationResponse> {
    let found = request.ui_customization(&input.user_pool_id, input.client_id.as_deref()).await?;
    Ok(GetUICustomizationResponse { ui_customization: shown(request, found) })
}

async fn set_ui_customization(
    request: &Request,
    input: SetUICustomizationRequest,
) -> Result<SetUICustomizationResponse> {
    let set = request.set_ui_customization(&request.ctx, input).await?;
    Ok(SetUICustomizationResponse { ui_customization: shown(request, set) })
}

/// A customization as it was spoken; what is not there is shown by nothing at all.
fn shown(request: &Request, customization: Option<UiCustomization>) -> UICustomizationType {
    let Some(customization) = customization else { return UICustomizationType::default() };
    let base = format!("{}{}", request.settings().base_url, branding::PICTURES);
    let address = customization.logo.as_ref().map(|logo| logo.href(&base));
    let version = customization.modified_at.strftime("%Y%m%d%H%M%S").to_string();
    UICustomizationType {
        client_id: Some(customization.scope().to_owned()),
        user_pool_id: Some(customization.pool.into_string()),
        image_url: address,
        css_version: customization.css.is_some().then_some(version),
        css: customization.css,
        creation_date: instant(customization.created_at),
        last_modified_date: instant(customization.modified_at),
    }
}
