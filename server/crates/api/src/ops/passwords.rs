//! ForgotPassword, ConfirmForgotPassword, ChangePassword, AdminSetUserPassword, AdminResetUserPassword.

use flows::check_secret_hash;
use protocol::idp::{
    AdminResetUserPasswordRequest, AdminResetUserPasswordResponse, AdminSetUserPasswordRequest,
    AdminSetUserPasswordResponse, ChangePasswordRequest, ChangePasswordResponse, ConfirmForgotPasswordRequest,
    ConfirmForgotPasswordResponse, ForgotPasswordRequest, ForgotPasswordResponse,
};

use crate::error::Result;
use crate::request::Request;

crate::table::operations! {
    idp::ForgotPassword => forgot_password,
    idp::ConfirmForgotPassword => confirm_forgot_password,
    idp::ChangePassword => change_password,
    idp::AdminSetUserPassword => admin_set_user_password,
    idp::AdminResetUserPassword => admin_reset_user_password,
}

async fn forgot_password(request: &Request, input: ForgotPasswordRequest) -> Result<ForgotPasswordResponse> {
    let app = request.app(&input.client_id).await?;
    check_secret_hash(request, &app, &input.username, input.secret_hash.as_deref())?;
    let delivery = request.forgot_password(&request.ctx, &app, &input.username).await?;
    Ok(ForgotPasswordResponse { code_delivery_details: Some(delivery.details()) })
}

async fn confirm_forgot_password(
    request: &Request,
    input: ConfirmForgotPasswordRequest,
) -> Result<ConfirmForgotPasswordResponse> {
    let app = request.app(&input.client_id).await?;
    check_secret_hash(request, &app, &input.username, input.secret_hash.as_deref())?;
    request
        .confirm_forgot_password(&request.ctx, &app, &input.username, &input.confirmation_code, &input.password)
        .await?;
    Ok(ConfirmForgotPasswordResponse::default())
}

async fn change_password(request: &Request, input: ChangePasswordRequest) -> Result<ChangePasswordResponse> {
    let subject = request.subject()?;
    request
        .change_password(&request.ctx, subject, input.previous_password.as_deref(), &input.proposed_password)
        .await?;
    Ok(ChangePasswordResponse::default())
}

async fn admin_set_user_password(
    request: &Request,
    input: AdminSetUserPasswordRequest,
) -> Result<AdminSetUserPasswordResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    let permanent = input.permanent == Some(true);
    request.admin_set_password(&request.ctx, &pool, &input.username, &input.password, permanent).await?;
    Ok(AdminSetUserPasswordResponse::default())
}

async fn admin_reset_user_password(
    request: &Request,
    input: AdminResetUserPasswordRequest,
) -> Result<AdminResetUserPasswordResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    request.admin_reset_password(&request.ctx, &pool, &input.username).await?;
    Ok(AdminResetUserPasswordResponse::default())
}
