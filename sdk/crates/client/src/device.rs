//! Remembered devices: a second SRP verifier, which belongs to this browser rather than to the user's memory.

use alloc::string::String;

use zeroize::Zeroizing;

use crate::host::{Area, Entropy, Host};
use crate::json::{Json, Object};
use crate::{Auth, base64};

/// What proves this device to the service.
pub(crate) struct Device {
    pub(crate) key: String,
    pub(crate) group_key: String,
    pub(crate) password: Zeroizing<String>,
    /// Made in this sign-in, not kept yet.
    pub(crate) fresh: bool,
}

/// A device as NewDeviceMetadata proposes it, with the DeviceSecretVerifierConfig that confirms it.
pub(crate) fn make(entropy: &impl Entropy, new: &Json) -> Option<(Device, Object)> {
    let (key, group_key) = (new.own("DeviceKey")?, new.own("DeviceGroupKey")?);
    let mut secret = Zeroizing::new([0u8; 40]);
    entropy.fill(secret.as_mut_slice());
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    let password = Zeroizing::new(base64::encode(secret.as_slice()));
    let verifier = srp::derive_device_verifier(&group_key, &key, &password, &salt);
    let config = Object::new().text("PasswordVerifier", &base64::encode(&verifier.verifier));
    Some((Device { key, group_key, password, fresh: true }, config.text("Salt", &base64::encode(&verifier.salt))))
}

impl<H: Host> Auth<H> {
    fn device_at(&self, user_id: &str) -> String {
        [&self.config.prefix, ".device.", user_id].concat()
    }

    /// The device kept for a user. A store that fails counts as none: sign-in works without.
    pub(crate) async fn device(&self, user_id: &str) -> Option<Device> {
        let text = self.host.load(Area::Kept, &self.device_at(user_id)).await.ok()??;
        let mut json = Json::parse(&text).ok()?;
        let password = json.take_text("password")?;
        Some(Device { key: json.own("key")?, group_key: json.own("groupKey")?, password, fresh: false })
    }

    /// Keeps a device. Best effort: without its secret the next sign-in makes another.
    pub(crate) async fn keep_device(&self, user_id: &str, device: &Device) {
        let kept = Object::new()
            .text("key", &device.key)
            .text("groupKey", &device.group_key)
            .text("password", &device.password);
        let _ = self.host.save(Area::Kept, &self.device_at(user_id), Some(&kept.finish())).await;
    }
}
