//! Which function runs which operation.

use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::ops;
use crate::request::Request;
use protocol::{Call, ErrorName, Operation};
use serde_json::Value;

macro_rules! table {
    ($($service:ident::$operation:ident => $handler:path,)*) => {
        /// Runs an operation whose call has been authenticated and validated.
        pub(crate) async fn run(operation: &Operation, request: Request, input: Value) -> Result<Answer> {
            match operation.target {
                $(<protocol::$service::ops::$operation as Call>::TARGET => {
                    let input = read::<protocol::$service::ops::$operation>(input)?;
                    // Boxed: the futures of all operations differ much in size.
                    let output = Box::pin($handler(&request, input)).await?;
                    write::<protocol::$service::ops::$operation>(&output)
                })*
                _ => Err(Error::new(
                    ErrorName::UnsupportedOperation,
                    format!("{} is not available yet.", operation.name),
                )),
            }
        }

        /// Whether an operation has a behaviour; the compatibility table tells it.
        pub fn is_built(operation: &Operation) -> bool {
            [$(<protocol::$service::ops::$operation as Call>::TARGET,)*].contains(&operation.target)
        }
    };
}

table! {
    idp::InitiateAuth => ops::sign_in::initiate_auth,
    idp::RespondToAuthChallenge => ops::sign_in::respond_to_auth_challenge,
    idp::AdminInitiateAuth => ops::sign_in::admin_initiate_auth,
    idp::AdminRespondToAuthChallenge => ops::sign_in::admin_respond_to_auth_challenge,
    idp::GetTokensFromRefreshToken => ops::sessions::get_tokens_from_refresh_token,
    idp::RevokeToken => ops::sessions::revoke_token,
    idp::GlobalSignOut => ops::sessions::global_sign_out,
    idp::AdminUserGlobalSignOut => ops::sessions::admin_user_global_sign_out,

    idp::SignUp => ops::sign_up::sign_up,
    idp::ConfirmSignUp => ops::sign_up::confirm_sign_up,
    idp::ResendConfirmationCode => ops::sign_up::resend_confirmation_code,
    idp::AdminConfirmSignUp => ops::sign_up::admin_confirm_sign_up,

    idp::ForgotPassword => ops::passwords::forgot_password,
    idp::ConfirmForgotPassword => ops::passwords::confirm_forgot_password,
    idp::ChangePassword => ops::passwords::change_password,
    idp::AdminSetUserPassword => ops::passwords::admin_set_user_password,
    idp::AdminResetUserPassword => ops::passwords::admin_reset_user_password,

    idp::UpdateUserAttributes => ops::attributes::update_user_attributes,
    idp::DeleteUserAttributes => ops::attributes::delete_user_attributes,
    idp::GetUserAttributeVerificationCode => ops::attributes::get_user_attribute_verification_code,
    idp::VerifyUserAttribute => ops::attributes::verify_user_attribute,
    idp::AdminUpdateUserAttributes => ops::attributes::admin_update_user_attributes,
    idp::AdminDeleteUserAttributes => ops::attributes::admin_delete_user_attributes,

    idp::AssociateSoftwareToken => ops::mfa::associate_software_token,
    idp::VerifySoftwareToken => ops::mfa::verify_software_token,
    idp::AdminDeleteSoftwareToken => ops::mfa::admin_delete_software_token,
    idp::SetUserMFAPreference => ops::mfa::set_user_mfa_preference,
    idp::AdminSetUserMFAPreference => ops::mfa::admin_set_user_mfa_preference,
    idp::GetUserAuthFactors => ops::mfa::get_user_auth_factors,
    idp::AdminGetUserAuthFactors => ops::mfa::admin_get_user_auth_factors,

    idp::ConfirmDevice => ops::devices::confirm_device,
    idp::GetDevice => ops::devices::get_device,
    idp::ListDevices => ops::devices::list_devices,
    idp::UpdateDeviceStatus => ops::devices::update_device_status,
    idp::ForgetDevice => ops::devices::forget_device,
    idp::AdminGetDevice => ops::devices::admin_get_device,
    idp::AdminListDevices => ops::devices::admin_list_devices,
    idp::AdminUpdateDeviceStatus => ops::devices::admin_update_device_status,
    idp::AdminForgetDevice => ops::devices::admin_forget_device,

    idp::GetUser => ops::users::get_user,
    idp::DeleteUser => ops::users::delete_user,
    idp::AdminCreateUser => ops::users::admin_create_user,
    idp::AdminGetUser => ops::users::admin_get_user,
    idp::AdminDeleteUser => ops::users::admin_delete_user,
    idp::AdminDisableUser => ops::users::admin_disable_user,
    idp::AdminEnableUser => ops::users::admin_enable_user,
    idp::ListUsers => ops::users::list_users,

    idp::CreateGroup => ops::groups::create_group,
    idp::GetGroup => ops::groups::get_group,
    idp::UpdateGroup => ops::groups::update_group,
    idp::DeleteGroup => ops::groups::delete_group,
    idp::ListGroups => ops::groups::list_groups,
    idp::AdminAddUserToGroup => ops::groups::admin_add_user_to_group,
    idp::AdminRemoveUserFromGroup => ops::groups::admin_remove_user_from_group,
    idp::AdminListGroupsForUser => ops::groups::admin_list_groups_for_user,
    idp::ListUsersInGroup => ops::groups::list_users_in_group,

    idp::CreateUserPool => ops::user_pools::create_user_pool,
    idp::DescribeUserPool => ops::user_pools::describe_user_pool,
    idp::UpdateUserPool => ops::user_pools::update_user_pool,
    idp::DeleteUserPool => ops::user_pools::delete_user_pool,
    idp::ListUserPools => ops::user_pools::list_user_pools,
    idp::AddCustomAttributes => ops::user_pools::add_custom_attributes,
    idp::GetUserPoolMfaConfig => ops::user_pools::get_user_pool_mfa_config,
    idp::SetUserPoolMfaConfig => ops::user_pools::set_user_pool_mfa_config,

    idp::CreateUserPoolClient => ops::clients::create_user_pool_client,
    idp::DescribeUserPoolClient => ops::clients::describe_user_pool_client,
    idp::UpdateUserPoolClient => ops::clients::update_user_pool_client,
    idp::DeleteUserPoolClient => ops::clients::delete_user_pool_client,
    idp::ListUserPoolClients => ops::clients::list_user_pool_clients,
    idp::AddUserPoolClientSecret => ops::clients::add_user_pool_client_secret,
    idp::ListUserPoolClientSecrets => ops::clients::list_user_pool_client_secrets,
    idp::DeleteUserPoolClientSecret => ops::clients::delete_user_pool_client_secret,

    idp::CreateUserPoolDomain => ops::domains::create_user_pool_domain,
    idp::DescribeUserPoolDomain => ops::domains::describe_user_pool_domain,
    idp::UpdateUserPoolDomain => ops::domains::update_user_pool_domain,
    idp::DeleteUserPoolDomain => ops::domains::delete_user_pool_domain,

    idp::CreateManagedLoginBranding => ops::branding::create_managed_login_branding,
    idp::DescribeManagedLoginBranding => ops::branding::describe_managed_login_branding,
    idp::DescribeManagedLoginBrandingByClient => ops::branding::describe_managed_login_branding_by_client,
    idp::UpdateManagedLoginBranding => ops::branding::update_managed_login_branding,
    idp::DeleteManagedLoginBranding => ops::branding::delete_managed_login_branding,
    idp::GetUICustomization => ops::ui_customization::get_ui_customization,
    idp::SetUICustomization => ops::ui_customization::set_ui_customization,

    idp::CreateResourceServer => ops::resource_servers::create_resource_server,
    idp::DescribeResourceServer => ops::resource_servers::describe_resource_server,
    idp::UpdateResourceServer => ops::resource_servers::update_resource_server,
    idp::DeleteResourceServer => ops::resource_servers::delete_resource_server,
    idp::ListResourceServers => ops::resource_servers::list_resource_servers,

    idp::CreateIdentityProvider => ops::identity_providers::create_identity_provider,
    idp::DescribeIdentityProvider => ops::identity_providers::describe_identity_provider,
    idp::GetIdentityProviderByIdentifier => ops::identity_providers::get_identity_provider_by_identifier,
    idp::UpdateIdentityProvider => ops::identity_providers::update_identity_provider,
    idp::DeleteIdentityProvider => ops::identity_providers::delete_identity_provider,
    idp::ListIdentityProviders => ops::identity_providers::list_identity_providers,

    idp::TagResource => ops::tags::tag_resource,
    idp::UntagResource => ops::tags::untag_resource,
    idp::ListTagsForResource => ops::tags::list_tags_for_resource,
}

fn read<C: Call>(input: Value) -> Result<C::Input> {
    // The walker has accepted it, so what is left to fail here is a mistake of ours.
    serde_json::from_value(input).map_err(|error| domain::Error::internal(error).into())
}

fn write<C: Call>(output: &C::Output) -> Result<Answer> {
    if C::OPERATION.answers_empty_body() {
        return Ok(Answer::Empty);
    }
    serde_json::to_vec(output).map(Answer::Document).map_err(|error| domain::Error::internal(error).into())
}
