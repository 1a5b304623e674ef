//! Remembered devices: a key pair of the house kind, a second SRP verifier that belongs to this browser.

use crate::host::{Area, Host};
use crate::json::{Json, Object};
use crate::session::Session;
use crate::{Auth, base64};
use zeroize::Zeroizing;

/// What proves this device to the service.
pub(crate) struct Device {
    pub(crate) key: String,
    pub(crate) group_key: String,
    pub(crate) password: Zeroizing<String>,
}

impl<H: Host> Auth<H> {
    fn device_at(&self, user_id: &str) -> String {
        [&self.config.prefix, ".device.", user_id].concat()
    }

    /// The device kept for a user. A store that fails counts as none: sign-in works without.
    pub(crate) async fn device(&self, user_id: &str) -> Option<Device> {
        let text = self
            .host
            .load(Area::Kept, &self.device_at(user_id))
            .await
            .ok()??;
        let mut json = Json::parse(&text).ok()?;
        let password = json.take_text("password")?;
        Some(Device {
            key: json.text("key")?.to_owned(),
            group_key: json.text("groupKey")?.to_owned(),
            password,
        })
    }

    pub(crate) async fn forget_device(&self, user_id: &str) {
        // Best effort: a device left behind is refused and forgotten again at the next sign-in.
        let _ = self
            .host
            .save(Area::Kept, &self.device_at(user_id), None)
            .await;
    }

    /// Confirms the device the service proposes (without that the refresh token is refused) and keeps its secret.
    /// `None` when the service or the store will not: the sign-in stands all the same.
    pub(crate) async fn confirm_device(&self, session: &Session, new: &Json) -> Option<String> {
        let (key, group_key) = (new.text("DeviceKey")?, new.text("DeviceGroupKey")?);
        let mut secret = Zeroizing::new([0u8; 40]);
        self.host.fill(secret.as_mut_slice());
        let mut salt = [0u8; 16];
        self.host.fill(&mut salt);
        let password = Zeroizing::new(base64::encode(secret.as_slice()));
        let verifier = srp::derive_device_verifier(group_key, key, &password, &salt);
        let config = Object::new()
            .text("PasswordVerifier", &base64::encode(&verifier.verifier))
            .text("Salt", &base64::encode(&verifier.salt));
        let body = Object::new()
            .text("AccessToken", &session.access_token)
            .text("DeviceKey", key)
            .object("DeviceSecretVerifierConfig", config);
        self.call("ConfirmDevice", body).await.ok()?;
        let kept = Object::new()
            .text("key", key)
            .text("groupKey", group_key)
            .text("password", &password)
            .finish();
        let _ = self
            .host
            .save(Area::Kept, &self.device_at(&session.username), Some(&kept))
            .await;
        Some(key.to_owned())
    }
}
