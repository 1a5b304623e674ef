//! SignUp, ConfirmSignUp, ResendConfirmationCode, AdminConfirmSignUp.

use flows::{SignUp, check_secret_hash};
use protocol::ErrorName;
use protocol::idp::{
    AdminConfirmSignUpRequest, AdminConfirmSignUpResponse, ConfirmSignUpRequest, ConfirmSignUpResponse,
    ResendConfirmationCodeRequest, ResendConfirmationCodeResponse, SignUpRequest, SignUpResponse,
};

use crate::error::{Error, Result};
use crate::request::Request;
use crate::wire::values;

crate::table::operations! {
    idp::SignUp => sign_up,
    idp::ConfirmSignUp => confirm_sign_up,
    idp::ResendConfirmationCode => resend_confirmation_code,
    idp::AdminConfirmSignUp => admin_confirm_sign_up,
}

async fn sign_up(request: &Request, input: SignUpRequest) -> Result<SignUpResponse> {
    let app = request.app(&input.client_id).await?;
    check_secret_hash(request, &app, &input.username, input.secret_hash.as_deref())?;
    let password = input.password.as_deref().filter(|password| !password.is_empty()).ok_or_else(|| {
        Error::new(ErrorName::InvalidPassword, "Password did not conform with policy: Password not long enough")
    })?;
    let signed_up = request
        .sign_up(
            &request.ctx,
            &app,
            SignUp {
                username: &input.username,
                password,
                attributes: values(input.user_attributes.unwrap_or_default())?,
            },
        )
        .await?;
    Ok(SignUpResponse {
        user_confirmed: false,
        code_delivery_details: signed_up.delivery.map(|delivery| delivery.details()),
        user_sub: signed_up.user.sub.into_string(),
        session: None,
    })
}

async fn confirm_sign_up(request: &Request, input: ConfirmSignUpRequest) -> Result<ConfirmSignUpResponse> {
    let app = request.app(&input.client_id).await?;
    check_secret_hash(request, &app, &input.username, input.secret_hash.as_deref())?;
    let force = input.force_alias_creation == Some(true);
    request.confirm_sign_up(&request.ctx, &app, &input.username, &input.confirmation_code, force).await?;
    Ok(ConfirmSignUpResponse::default())
}

async fn resend_confirmation_code(
    request: &Request,
    input: ResendConfirmationCodeRequest,
) -> Result<ResendConfirmationCodeResponse> {
    let app = request.app(&input.client_id).await?;
    check_secret_hash(request, &app, &input.username, input.secret_hash.as_deref())?;
    let delivery = request.resend_code(&request.ctx, &app, &input.username).await?;
    Ok(ResendConfirmationCodeResponse { code_delivery_details: Some(delivery.details()) })
}

async fn admin_confirm_sign_up(
    request: &Request,
    input: AdminConfirmSignUpRequest,
) -> Result<AdminConfirmSignUpResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    request.admin_confirm_sign_up(&request.ctx, &pool, &input.username).await?;
    Ok(AdminConfirmSignUpResponse::default())
}
