//! Tracked devices after sign-in: confirming, reading, forgetting.

use std::fmt;

use domain::{Device, DeviceKey, DeviceVerifier, Error, Pool, Reason, Result, User};
use protocol::Blob;
use tokens::Purpose;
use zeroize::Zeroizing;

use crate::page::{Page, PageRequest};
use crate::{Ctx, Latchkey, Subject};

/// What ConfirmDevice registers, as it comes.
#[derive(Clone)]
pub struct NewVerifier {
    /// Salt, bytes of the integer.
    pub salt: Vec<u8>,
    /// SRP verifier, bytes of the integer.
    pub verifier: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for NewVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewVerifier").finish_non_exhaustive()
    }
}

impl Latchkey {
    /// Registers the verifier of the device that was announced with the subject's sign-in (ConfirmDevice). Returns whether
    /// the user has to be asked to remember it.
    ///
    /// # Errors
    /// [`Reason::DeviceOfOtherSignIn`], also for a device that is no more; [`Reason::DeviceAlreadyConfirmed`]
    pub async fn confirm_device(
        &self,
        ctx: &Ctx,
        subject: &Subject,
        key: &str,
        verifier: NewVerifier,
        name: Option<&str>,
    ) -> Result<bool> {
        let (pool, user) = (&subject.app.pool, &subject.user);
        if !pool.tracks_devices() {
            return Err(Reason::DeviceTrackingOff.into());
        }
        let key = DeviceKey::from(key);
        if subject.device.as_ref() != Some(&key) {
            return Err(Reason::DeviceOfOtherSignIn.into());
        }
        let prompt = pool.remembers_on_prompt();
        let sealed = DeviceVerifier {
            salt: Blob(verifier.salt),
            verifier: self.seal(
                Purpose::DeviceVerifier,
                &crate::sign_in::device_context(user, &key),
                &verifier.verifier,
            ),
        };
        let (id, username, name, now) = (pool.id.clone(), user.username.clone(), name.map(str::to_owned), ctx.now);
        let confirmed = self
            .store
            .write(move |tx| -> Result<bool> {
                tx.update_device(&id, &username, &key, |device| -> Result<bool> {
                    if device.verifier.is_some() {
                        return Ok(false);
                    }
                    device.verifier = Some(sealed);
                    device.name = name;
                    device.remembered = !prompt;
                    device.modified_at = now;
                    Ok(true)
                })?
                .ok_or_else(|| Reason::DeviceOfOtherSignIn.into())
            })
            .await?;
        if confirmed { Ok(prompt) } else { Err(Reason::DeviceAlreadyConfirmed.into()) }
    }

    /// One device of a user.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub async fn device(&self, user: &User, key: &str) -> Result<Device> {
        let (pool, username, key) = (user.pool.clone(), user.username.clone(), DeviceKey::from(key));
        self.store.read(move |r| r.device(&pool, &username, &key).map_err(Error::from)).await?.ok_or_else(no_device)
    }

    /// The devices of a user, by time of creation.
    ///
    /// # Errors
    /// [`Reason::PageTokenInvalid`]
    pub async fn devices(&self, ctx: &Ctx, user: &User, page: PageRequest<'_>) -> Result<Page<Device>> {
        let list = format!("devices\0{}\0{}", user.pool, user.username);
        let (pool, username) = (user.pool.clone(), user.username.clone());
        self.read_page(ctx, &list, page, move |r, after, limit| Ok(r.devices(&pool, &username, after, limit)?)).await
    }

    /// Remembers or un-remembers a device.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; `InvalidParameterException` for one that was never confirmed.
    pub async fn set_device_remembered(&self, ctx: &Ctx, user: &User, key: &str, remembered: bool) -> Result<()> {
        let (pool, username, key, now) = (user.pool.clone(), user.username.clone(), DeviceKey::from(key), ctx.now);
        let done = self
            .store
            .write(move |tx| -> Result<bool> {
                tx.update_device(&pool, &username, &key, |device| -> Result<bool> {
                    if device.verifier.is_none() {
                        return Ok(false);
                    }
                    device.remembered = remembered;
                    device.modified_at = now;
                    Ok(true)
                })?
                .ok_or_else(no_device)
            })
            .await?;
        if done { Ok(()) } else { Err(Reason::DeviceNotConfirmed.into()) }
    }

    /// Forgets a device.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub async fn forget_device(&self, user: &User, key: &str) -> Result<()> {
        let (pool, username, key) = (user.pool.clone(), user.username.clone(), DeviceKey::from(key));
        let gone = self.store.write(move |tx| tx.delete_device(&pool, &username, &key).map_err(Error::from)).await?;
        if gone { Ok(()) } else { Err(no_device()) }
    }

    /// A user of a pool by administrators' means: see [`Latchkey::user`].
    ///
    /// # Errors
    /// `ResourceNotFoundException`, `UserNotFoundException`.
    pub async fn pool_user(&self, pool_id: &str, typed: &str) -> Result<(Pool, User)> {
        let pool = self.pool(pool_id).await?;
        let user = self.user(&pool, typed).await?;
        Ok((pool, user))
    }
}

fn no_device() -> Error {
    Error::from(Reason::DeviceNotFound)
}
