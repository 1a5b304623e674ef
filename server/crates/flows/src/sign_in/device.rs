//! DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER: a remembered device proves itself in the place of a second
//! factor.

use super::srp::{DeviceProof, SecretBlock, is_proof, is_timely};
use super::step::{Answer, Challenge, Expects, Outcome, Progress};
use crate::{App, Latchkey};
use aws_lc_rs::digest;
use domain::{Device, DeviceKey, DeviceVerifier, Error, Reason, Result, User};
use protocol::Blob;
use protocol::idp::ChallengeNameType;
use tokens::Purpose;

impl Latchkey {
    pub(super) fn ask_device_proof(
        &self,
        app: &App,
        progress: &Progress,
        user: &User,
        device: &Device,
    ) -> Result<Outcome> {
        self.challenge(
            app,
            progress,
            user,
            ChallengeNameType::DeviceSrpAuth,
            Expects::DeviceSrp,
            [("DEVICE_KEY", device.key.to_string())],
        )
    }

    /// Keeps the Session of a device's proof for clients that do not carry it: they go on with the A of the
    /// password's proof, which nobody else has seen.
    pub(super) async fn keep_for_device_proof(&self, app: &App, block: &SecretBlock, outcome: &Outcome) -> Result<()> {
        let Outcome::Challenge(Challenge { name: ChallengeNameType::DeviceSrpAuth, session: Some(session), .. }) =
            outcome
        else {
            return Ok(());
        };
        let expires_at = self.now() + app.client.challenge_lifetime();
        let (hash, pool) = (kept_under(app, &block.a), app.pool.id.clone());
        let (username, session) = (block.user.clone(), session.clone());
        self.store
            .write(move |tx| tx.put_session(hash.as_ref(), &pool, &username, &session, expires_at).map_err(Error::from))
            .await
    }

    async fn kept_for_device_proof(&self, app: &App, a: &str) -> Result<Option<String>> {
        let (hash, now) = (kept_under(app, a), self.now());
        self.store.read(move |r| r.session::<String>(hash.as_ref(), now).map_err(Error::from)).await
    }

    pub(super) async fn start_device_srp(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let a = answer.required("SRP_A")?;
        let key = DeviceKey::from(answer.required("DEVICE_KEY")?);
        let kept = match answer.session {
            Some(_) => None,
            None => self.kept_for_device_proof(answer.app, a).await?,
        };
        let answer = &Answer { session: answer.session.or(kept.as_deref()), ..*answer };
        let (opened, user) = self.resume(answer).await?;
        let progress = opened.value.clone();
        if progress.device.as_ref() != Some(&key) {
            return Err(Reason::DeviceNotFound.into());
        }
        let (device, registered) = self.registered_device(&user, &key).await?;
        self.spend_session(&opened).await?;
        let app = answer.app;
        let verifier = self.unseal(Purpose::DeviceVerifier, &context(&user, &device.key), &registered.verifier)?;
        let block = SecretBlock {
            pool: app.pool.id.clone(),
            client: app.client.id.clone(),
            user: user.username.clone(),
            ghost: None,
            device: Some(DeviceProof { key, progress: Progress { expects: Expects::DeviceVerifier, ..progress } }),
            a: a.to_owned(),
            b: Blob(Vec::new()),
            public_b: Blob(Vec::new()),
        };
        let mut parameters = self.open_agreement(app, block, &registered.salt.0, &verifier)?;
        parameters.insert("USERNAME".to_owned(), user.username.to_string());
        parameters.insert("DEVICE_KEY".to_owned(), device.key.to_string());
        Ok(Outcome::Challenge(Challenge {
            name: ChallengeNameType::DevicePasswordVerifier,
            parameters,
            session: None,
            user: Some(user.username),
        }))
    }

    pub(super) async fn verify_device_srp(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (signature, timestamp) = (answer.required("PASSWORD_CLAIM_SIGNATURE")?, answer.required("TIMESTAMP")?);
        let (opened, bytes) = self.open_block(answer)?;
        let Some(proof) = &opened.value.device else {
            return Err(Reason::WrongCredentials.into());
        };
        if answer.response("DEVICE_KEY").is_some_and(|sent| sent != proof.key.as_str()) {
            return Err(Reason::DeviceNotFound.into());
        }
        let (pool, username, id) = (answer.app.pool.id.clone(), opened.value.user.clone(), opened.id);
        let (user, spent) =
            self.store.read(move |r| -> Result<_> { Ok((r.user(&pool, &username)?, r.is_consumed(&id)?)) }).await?;
        if spent {
            return Err(Reason::SessionUsed.into());
        }
        let user = super::standing(user, &proof.progress)?;
        let (device, registered) = self.registered_device(&user, &proof.key).await?;
        let verifier = self.unseal(Purpose::DeviceVerifier, &context(&user, &device.key), &registered.verifier)?;
        let proven =
            is_proof(&device.group_key, device.key.as_str(), &opened.value, &verifier, &bytes, timestamp, signature)
                && is_timely(timestamp, self.now());
        if !proven {
            self.count_failure(&answer.app.pool, user.username.as_str()).await?;
            return Err(Reason::WrongCredentials.into());
        }
        self.mark_device_used(&user, &device, answer.ip, &opened).await?;
        let progress = Progress { second_factor: true, expects: Expects::Nothing, ..proof.progress.clone() };
        self.next(answer.app, answer.door, &progress, user).await
    }

    async fn registered_device(&self, user: &User, key: &DeviceKey) -> Result<(Device, DeviceVerifier)> {
        let (pool, username, wanted) = (user.pool.clone(), user.username.clone(), key.clone());
        let device = self.store.read(move |r| r.device(&pool, &username, &wanted).map_err(Error::from)).await?;
        let found = device.and_then(|device| device.verifier.clone().map(|verifier| (device, verifier)));
        found.ok_or_else(|| Reason::DeviceNotFound.into())
    }

    /// Uses the block up and notes the device's sign-in, in one transaction.
    async fn mark_device_used(
        &self,
        user: &User,
        device: &Device,
        ip: Option<&str>,
        opened: &tokens::Opened<SecretBlock>,
    ) -> Result<()> {
        let (pool, username, key) = (user.pool.clone(), user.username.clone(), device.key.clone());
        let (id, expires_at, now, ip) = (opened.id, opened.expires_at, self.now(), ip.map(str::to_owned));
        let first = self
            .store
            .write(move |tx| -> Result<bool> {
                if !tx.consume(&id, expires_at)? {
                    return Ok(false);
                }
                tx.update_device(&pool, &username, &key, |device| -> Result<()> {
                    device.authenticated_at = now;
                    if ip.is_some() {
                        device.last_ip = ip;
                    }
                    Ok(())
                })?;
                Ok(true)
            })
            .await?;
        if first { Ok(()) } else { Err(Reason::SessionUsed.into()) }
    }
}

/// Where the Session of a device's proof is kept: under the A that the client proved the password with.
fn kept_under(app: &App, a: &str) -> digest::Digest {
    let text = format!("device-proof\0{}\0{}\0{a}", app.pool.id, app.client.id);
    digest::digest(&digest::SHA256, text.as_bytes())
}

/// What a device's verifier is sealed for.
pub(crate) fn context(user: &User, key: &DeviceKey) -> String {
    format!("{}\0{}\0{key}", user.pool, user.username)
}
