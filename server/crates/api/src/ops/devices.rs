//! Tracked devices.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Device;
use flows::{NewVerifier, Page};
use protocol::idp::{
    AdminForgetDeviceRequest, AdminGetDeviceRequest, AdminGetDeviceResponse, AdminListDevicesRequest,
    AdminListDevicesResponse, AdminUpdateDeviceStatusRequest, AdminUpdateDeviceStatusResponse, AttributeType,
    ConfirmDeviceRequest, ConfirmDeviceResponse, DeviceRememberedStatusType, DeviceType, ForgetDeviceRequest,
    GetDeviceRequest, GetDeviceResponse, ListDevicesRequest, ListDevicesResponse, UpdateDeviceStatusRequest,
    UpdateDeviceStatusResponse,
};

use crate::error::{Error, Result};
use crate::request::Request;
use crate::wire::{self, instant};

crate::table::operations! {
    idp::ConfirmDevice => confirm_device,
    idp::GetDevice => get_device,
    idp::ListDevices => list_devices,
    idp::UpdateDeviceStatus => update_device_status,
    idp::ForgetDevice => forget_device,
    idp::AdminGetDevice => admin_get_device,
    idp::AdminListDevices => admin_list_devices,
    idp::AdminUpdateDeviceStatus => admin_update_device_status,
    idp::AdminForgetDevice => admin_forget_device,
}

async fn confirm_device(request: &Request, input: ConfirmDeviceRequest) -> Result<ConfirmDeviceResponse> {
    let config = input.device_secret_verifier_config.unwrap_or_default();
    let bytes = |text: Option<&str>, name: &str| {
        text.and_then(|text| STANDARD.decode(text).ok())
            .filter(|bytes| !bytes.is_empty() && bytes.len() <= 385)
            .ok_or_else(|| Error::invalid_parameter(format!("Invalid device {name}.")))
    };
    let verifier = NewVerifier {
        salt: bytes(config.salt.as_deref(), "salt")?,
        verifier: bytes(config.password_verifier.as_deref(), "password verifier")?.into(),
    };
    let necessary = request
        .confirm_device(&request.ctx, request.subject()?, &input.device_key, verifier, input.device_name.as_deref())
        .await?;
    Ok(ConfirmDeviceResponse { user_confirmation_necessary: Some(necessary) })
}

async fn get_device(request: &Request, input: GetDeviceRequest) -> Result<GetDeviceResponse> {
    let device = request.own_device(request.subject()?, &input.device_key).await?;
    Ok(GetDeviceResponse { device: shown(&device) })
}

async fn list_devices(request: &Request, input: ListDevicesRequest) -> Result<ListDevicesResponse> {
    let asked = wire::page(input.limit, 60, input.pagination_token.as_deref());
    let found = request.own_devices(&request.ctx, request.subject()?, asked).await?;
    Ok(ListDevicesResponse { devices: Some(shown_all(&found)), pagination_token: found.next_token })
}

async fn update_device_status(
    request: &Request,
    input: UpdateDeviceStatusRequest,
) -> Result<UpdateDeviceStatusResponse> {
    let subject = request.subject()?;
    let remembered = is_remembered(input.device_remembered_status)?;
    request.set_own_device_remembered(&request.ctx, subject, &input.device_key, remembered).await?;
    Ok(UpdateDeviceStatusResponse::default())
}

async fn forget_device(request: &Request, input: ForgetDeviceRequest) -> Result<()> {
    Ok(request.forget_own_device(request.subject()?, &input.device_key).await?)
}

async fn admin_get_device(request: &Request, input: AdminGetDeviceRequest) -> Result<AdminGetDeviceResponse> {
    let (_, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    let device = request.device(&user, &input.device_key).await?;
    Ok(AdminGetDeviceResponse { device: shown(&device) })
}

async fn admin_list_devices(request: &Request, input: AdminListDevicesRequest) -> Result<AdminListDevicesResponse> {
    let (_, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    let asked = wire::page(input.limit, 60, input.pagination_token.as_deref());
    let found = request.devices(&request.ctx, &user, asked).await?;
    Ok(AdminListDevicesResponse { devices: Some(shown_all(&found)), pagination_token: found.next_token })
}

async fn admin_update_device_status(
    request: &Request,
    input: AdminUpdateDeviceStatusRequest,
) -> Result<AdminUpdateDeviceStatusResponse> {
    let (_, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    let remembered = is_remembered(input.device_remembered_status)?;
    request.set_device_remembered(&request.ctx, &user, &input.device_key, remembered).await?;
    Ok(AdminUpdateDeviceStatusResponse::default())
}

async fn admin_forget_device(request: &Request, input: AdminForgetDeviceRequest) -> Result<()> {
    let (_, user) = request.pool_user(&input.user_pool_id, &input.username).await?;
    Ok(request.forget_device(&user, &input.device_key).await?)
}

fn shown_all(found: &Page<Device>) -> Vec<DeviceType> {
    found.items.iter().map(shown).collect()
}

fn is_remembered(status: Option<DeviceRememberedStatusType>) -> Result<bool> {
    match status {
        Some(DeviceRememberedStatusType::Remembered) => Ok(true),
        Some(DeviceRememberedStatusType::NotRemembered) => Ok(false),
        None => Err(Error::invalid_parameter("DeviceRememberedStatus is required.")),
    }
}

fn shown(device: &Device) -> DeviceType {
    let attribute = |name: &str, value: String| AttributeType { name: name.to_owned(), value: Some(value) };
    let mut attributes = vec![attribute("device_status", "valid".to_owned())];
    attributes.extend(device.name.clone().map(|name| attribute("device_name", name)));
    let remembered = if device.remembered { "remembered" } else { "not_remembered" };
    attributes.push(attribute("dev:device_remembered_status", remembered.to_owned()));
    attributes.extend(device.last_ip.clone().map(|ip| attribute("last_ip_used", ip)));
    DeviceType {
        device_key: Some(device.key.to_string()),
        device_attributes: Some(attributes),
        device_create_date: instant(device.created_at),
        device_last_modified_date: instant(device.modified_at),
        device_last_authenticated_date: instant(device.authenticated_at),
    }
}
