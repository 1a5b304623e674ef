//! Tokens and their ends: refresh, revocation, sign-out.

use flows::{ClientContext, RefreshWay};
use protocol::ErrorName;
use protocol::idp::{
    AdminUserGlobalSignOutRequest, AdminUserGlobalSignOutResponse, GetTokensFromRefreshTokenRequest,
    GetTokensFromRefreshTokenResponse, GlobalSignOutRequest, GlobalSignOutResponse, RevokeTokenRequest,
    RevokeTokenResponse,
};

use crate::error::{Error, Result};
use crate::request::Request;

crate::table::operations! {
    idp::GetTokensFromRefreshToken => get_tokens_from_refresh_token,
    idp::RevokeToken => revoke_token,
    idp::GlobalSignOut => global_sign_out,
    idp::AdminUserGlobalSignOut => admin_user_global_sign_out,
}

async fn get_tokens_from_refresh_token(
    request: &Request,
    input: GetTokensFromRefreshTokenRequest,
) -> Result<GetTokensFromRefreshTokenResponse> {
    let app = request.app(&input.client_id).await?;
    check_client_secret(request, &app, input.client_secret.as_deref())?;
    let tokens = request
        .refresh(&request.ctx, &app, RefreshWay::Operation, &input.refresh_token, input.device_key.as_deref())
        .await?;
    Ok(GetTokensFromRefreshTokenResponse { authentication_result: Some(tokens.into_result()) })
}

async fn revoke_token(request: &Request, input: RevokeTokenRequest) -> Result<RevokeTokenResponse> {
    let app = request
        .app(&input.client_id)
        .await
        .map_err(|_| Error::invalid_parameter(format!("User pool client {} does not exist.", input.client_id)))?;
    check_client_secret(request, &app, input.client_secret.as_deref())
        .map_err(|error| Error::new(ErrorName::Unauthorized, error.message))?;
    request.revoke(&app, &input.token).await?;
    Ok(RevokeTokenResponse::default())
}

async fn global_sign_out(request: &Request, _: GlobalSignOutRequest) -> Result<GlobalSignOutResponse> {
    request.sign_out_own_sessions(&request.ctx, request.subject()?).await?;
    Ok(GlobalSignOutResponse::default())
}

async fn admin_user_global_sign_out(
    request: &Request,
    input: AdminUserGlobalSignOutRequest,
) -> Result<AdminUserGlobalSignOutResponse> {
    let pool = request.pool(&input.user_pool_id).await?;
    let user = request.user(&pool, &input.username).await?;
    request.sign_out_everywhere(&request.ctx, &pool, &user.username).await?;
    Ok(AdminUserGlobalSignOutResponse::default())
}

/// A confidential client proves itself with its secret in clear; a public one has none to show.
fn check_client_secret(request: &Request, app: &ClientContext, sent: Option<&str>) -> Result<()> {
    match (app.client.is_confidential(), sent) {
        (false, _) => Ok(()),
        (true, Some(sent)) if request.is_client_secret(&app.client, sent)? => Ok(()),
        (true, _) => Err(Error::not_authorized("Invalid client secret")),
    }
}
