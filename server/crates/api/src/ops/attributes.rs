//! Attributes: adding to the schema; changing, removing and verifying values.

use domain::PoolId;
use protocol::idp::{
    AddCustomAttributesRequest, AddCustomAttributesResponse, AdminDeleteUserAttributesRequest,
    AdminDeleteUserAttributesResponse, AdminUpdateUserAttributesRequest, AdminUpdateUserAttributesResponse,
    DeleteUserAttributesRequest, DeleteUserAttributesResponse, GetUserAttributeVerificationCodeRequest,
    GetUserAttributeVerificationCodeResponse, UpdateUserAttributesRequest, UpdateUserAttributesResponse,
    VerifyUserAttributeRequest, VerifyUserAttributeResponse,
};

use crate::error::Result;
use crate::request::Request;
use crate::wire::values;

crate::table::operations! {
    idp::UpdateUserAttributes => update_user_attributes,
    idp::DeleteUserAttributes => delete_user_attributes,
    idp::GetUserAttributeVerificationCode => get_user_attribute_verification_code,
    idp::VerifyUserAttribute => verify_user_attribute,
    idp::AdminUpdateUserAttributes => admin_update_user_attributes,
    idp::AdminDeleteUserAttributes => admin_delete_user_attributes,
    idp::AddCustomAttributes => add_custom_attributes,
}

async fn add_custom_attributes(
    request: &Request,
    input: AddCustomAttributesRequest,
) -> Result<AddCustomAttributesResponse> {
    let id = PoolId::from(input.user_pool_id);
    request.add_custom_attributes(&request.ctx, &id, input.custom_attributes).await?;
    Ok(AddCustomAttributesResponse {})
}

async fn update_user_attributes(
    request: &Request,
    input: UpdateUserAttributesRequest,
) -> Result<UpdateUserAttributesResponse> {
    let deliveries =
        request.update_own_attributes(&request.ctx, request.subject()?, values(input.user_attributes)?).await?;
    Ok(UpdateUserAttributesResponse {
        code_delivery_details_list: Some(deliveries.iter().map(domain::Delivery::details).collect()),
    })
}

async fn delete_user_attributes(
    request: &Request,
    input: DeleteUserAttributesRequest,
) -> Result<DeleteUserAttributesResponse> {
    request.delete_own_attributes(&request.ctx, request.subject()?, input.user_attribute_names).await?;
    Ok(DeleteUserAttributesResponse::default())
}

async fn get_user_attribute_verification_code(
    request: &Request,
    input: GetUserAttributeVerificationCodeRequest,
) -> Result<GetUserAttributeVerificationCodeResponse> {
    let delivery = request.send_attribute_code(&request.ctx, request.subject()?, &input.attribute_name).await?;
    Ok(GetUserAttributeVerificationCodeResponse { code_delivery_details: Some(delivery.details()) })
}

async fn verify_user_attribute(
    request: &Request,
    input: VerifyUserAttributeRequest,
) -> Result<VerifyUserAttributeResponse> {
    request.verify_attribute(&request.ctx, request.subject()?, &input.attribute_name, &input.code).await?;
    Ok(VerifyUserAttributeResponse::default())
}

async fn admin_update_user_attributes(
    request: &Request,
    input: AdminUpdateUserAttributesRequest,
) -> Result<AdminUpdateUserAttributesResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    request.admin_update_attributes(&request.ctx, &pool, &input.username, values(input.user_attributes)?).await?;
    Ok(AdminUpdateUserAttributesResponse::default())
}

async fn admin_delete_user_attributes(
    request: &Request,
    input: AdminDeleteUserAttributesRequest,
) -> Result<AdminDeleteUserAttributesResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    request.admin_delete_attributes(&request.ctx, &pool, &input.username, input.user_attribute_names).await?;
    Ok(AdminDeleteUserAttributesResponse::default())
}
