//! DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER: a remembered device proves itself in the place of a second
//! factor.

use aws_lc_rs::digest;
use domain::{
    AnsweredChallenge, AuthSession, Device, DeviceKey, DeviceVerifier, Error, PendingChallenge, Reason, Result, User,
};
use protocol::Blob;
use tokens::{Opened, Purpose};

use super::challenge::{Challenge, OpenChallenge};
use super::next::Step;
use super::password::FACTOR;
use super::request::SrpProof;
use super::srp::{DeviceProof, SecretBlock, is_proof, is_timely};
use crate::{ClientContext, Ctx, Latchkey};

impl Latchkey {
    /// Asks for the device's proof. Where the password was proven with `srp_a` just now, the Session is kept under it as
    /// well, for clients that do not carry it: they go on with this A, which nobody else has seen.
    pub(super) async fn ask_device_proof(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        session: &AuthSession,
        user: &User,
        device: DeviceKey,
        srp_a: Option<String>,
    ) -> Result<OpenChallenge> {
        let challenge = Challenge::DeviceSrp { device };
        let open = self.challenge(ctx, app, session, user, challenge, PendingChallenge::DeviceSrp);
        if let (Some(srp_a), Some(session)) = (srp_a, &open.session) {
            let expires_at = ctx.now + app.client.challenge_lifetime();
            let (hash, pool) = (kept_under(app, &srp_a), app.pool.id.clone());
            let (username, session) = (user.username.clone(), session.as_str().to_owned());
            self.store
                .write(move |tx| {
                    tx.put_session(hash.as_ref(), &pool, &username, &session, expires_at).map_err(Error::from)
                })
                .await?;
        }
        Ok(open)
    }

    /// The Session that [`Latchkey::ask_device_proof`] kept.
    pub(super) async fn session_kept_under(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        srp_a: &str,
    ) -> Result<Option<String>> {
        let (hash, now) = (kept_under(app, srp_a), ctx.now);
        self.store.read(move |r| r.session::<String>(hash.as_ref(), now).map_err(Error::from)).await
    }

    pub(super) async fn start_device_srp(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        opened: &Opened<AuthSession>,
        user: User,
        key: &DeviceKey,
        srp_a: &str,
    ) -> Result<Step> {
        if opened.value.device.as_ref() != Some(key) {
            return Err(Reason::DeviceNotFound.into());
        }
        let (device, registered) = self.registered_device(&user, key).await?;
        self.consume_state(opened).await?;
        let verifier = self.unseal(Purpose::DeviceVerifier, &context(&user, &device.key), &registered.verifier)?;
        let session = opened.value.awaiting(PendingChallenge::DevicePasswordVerifier);
        let block = SecretBlock {
            pool: app.pool.id.clone(),
            client: app.client.id.clone(),
            name: user.username.to_string(),
            device: Some(DeviceProof { key: device.key.clone(), session }),
            a: srp_a.to_owned(),
            b: Blob(Vec::new()),
            public_b: Blob(Vec::new()),
        };
        let agreement = self.open_agreement(ctx, app, block, &registered.salt.0, &verifier)?;
        Ok(Step::Challenge(OpenChallenge {
            challenge: Challenge::DevicePasswordVerifier { device: device.key, agreement },
            session: None,
            username: user.username,
        }))
    }

    pub(super) async fn verify_device_srp(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        proof: &SrpProof,
        sent: Option<&DeviceKey>,
    ) -> Result<Step> {
        let (opened, bytes) = self.open_block(ctx, app, proof)?;
        let Some(DeviceProof { key, session }) = &opened.value.device else {
            return Err(Reason::WrongCredentials.into());
        };
        if sent.is_some_and(|sent| sent != key) {
            return Err(Reason::DeviceNotFound.into());
        }
        let user = self.unanswered_user(session, opened.id).await?;
        let (device, registered) = self.registered_device(&user, key).await?;
        let verifier = self.unseal(Purpose::DeviceVerifier, &context(&user, &device.key), &registered.verifier)?;
        // Counted with the guesses of second factors, in whose place the proof stands: whoever gets here has proven
        // the password, which forgives failed passwords.
        self.count_guess(ctx, &app.pool, &user, None).await?;
        let proven = is_proof(&device.group_key, device.key.as_str(), &opened.value, &verifier, &bytes, proof)
            && is_timely(&proof.timestamp, ctx.now);
        if !proven {
            return Err(Reason::WrongCredentials.into());
        }
        self.mark_device_used(ctx, &user, &device, &opened).await?;
        Step::proven(user, session.clone(), AnsweredChallenge::Device)
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
        ctx: &Ctx,
        user: &User,
        device: &Device,
        opened: &Opened<SecretBlock>,
    ) -> Result<()> {
        let counted = self.counted_name(&user.pool, user.username.as_str());
        let (pool, username, key) = (user.pool.clone(), user.username.clone(), device.key.clone());
        let (id, expires_at, now, ip) = (opened.id, opened.expires_at, ctx.now, ctx.ip_text());
        let first = self
            .store
            .write(move |tx| -> Result<bool> {
                if !tx.consume(&id, expires_at)? {
                    return Ok(false);
                }
                tx.clear_attempts(&pool, &counted, FACTOR)?;
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
fn kept_under(app: &ClientContext, a: &str) -> digest::Digest {
    let text = format!("device-proof\0{}\0{}\0{a}", app.pool.id, app.client.id);
    digest::digest(&digest::SHA256, text.as_bytes())
}

/// What a device's verifier is sealed for.
pub(crate) fn context(user: &User, key: &DeviceKey) -> String {
    format!("{}\0{}\0{key}", user.pool, user.username)
}
