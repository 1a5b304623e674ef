//! USER_SRP_AUTH and PASSWORD_VERIFIER.
//!
//! What the server must remember between the two travels in SECRET_BLOCK, because some clients answer
//! without a Session.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Attempts, AuthSession, ClientId, DeviceKey, Error, PoolId, Reason, Result, User, Username};
use jiff::{SignedDuration, Timestamp};
use protocol::Blob;
use protocol::idp::AuthFlowType;
use serde::{Deserialize, Serialize};
use tokens::{Encoding, Opened, Purpose, StateError};

use super::challenge::{Challenge, OpenChallenge, SrpAgreement};
use super::next::{Proven, Step};
use super::password::{PASSWORD, check_lock, check_told_standing};
use super::request::SrpProof;
use crate::{ClientContext, Ctx, Latchkey};

/// How far a client's clock may be off.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// What SECRET_BLOCK carries.
#[derive(Serialize, Deserialize)]
pub(super) struct SecretBlock {
    pub(super) pool: PoolId,
    pub(super) client: ClientId,
    /// The name as typed, as names are compared, whether somebody has it or nobody: the block must not tell by its length.
    pub(super) name: String,
    /// The device whose proof this is, instead of the password's.
    pub(super) device: Option<DeviceProof>,
    /// SRP_A as received.
    pub(super) a: String,
    /// Our secret exponent, used in this one agreement.
    pub(super) b: Blob,
    /// B
    pub(super) public_b: Blob,
}

/// A device's proof in progress.
#[derive(Serialize, Deserialize)]
pub(super) struct DeviceProof {
    pub(super) key: DeviceKey,
    pub(super) session: AuthSession,
}

/// What a password's proof is judged by.
struct FoundForProof {
    user: Option<User>,
    /// Whether the block was used.
    is_consumed: bool,
    /// Under which name failures are counted.
    key: String,
    attempts: Attempts,
}

impl Latchkey {
    pub(super) async fn start_srp(&self, ctx: &Ctx, app: &ClientContext, typed: &str, srp_a: String) -> Result<Step> {
        let (user, attempts) = self.find_for_sign_in(app, typed).await?;
        check_lock(ctx, &attempts)?;
        if user.is_none() && !app.client.hides_unknown_users() {
            return Err(Reason::UserNotFound.into());
        }
        // Nobody's user is migrated here: SRP tells no password (developer guide, "Migrate user").
        self.run_pre_authentication(ctx, app, typed, user.as_ref()).await?;
        let with_password = user.as_ref().and_then(|user| Some((user, user.password.as_ref()?)));
        let user_id = self.user_id_for_srp(app, typed, user.as_ref());
        let verifier = match with_password {
            Some((user, stored)) => self.open_verifier(user, stored)?,
            None => self.dummy_verifier(&app.pool, typed),
        };
        let block = SecretBlock {
            pool: app.pool.id.clone(),
            client: app.client.id.clone(),
            name: app.pool.fold_case(typed),
            device: None,
            a: srp_a,
            b: Blob(Vec::new()),
            public_b: Blob(Vec::new()),
        };
        let agreement = self.open_agreement(ctx, app, block, &verifier.salt, &verifier.bytes)?;
        let challenge = Challenge::PasswordVerifier(agreement);
        Ok(Step::Challenge(OpenChallenge { challenge, session: None, username: user_id }))
    }

    /// USER_ID_FOR_SRP: the username, or the one that a user of the typed name would have.
    fn user_id_for_srp(&self, app: &ClientContext, typed: &str, user: Option<&User>) -> Username {
        user.map_or_else(|| Username::from(self.dummy_username(&app.pool, typed)), |user| user.username.clone())
    }

    /// Draws b and seals the block.
    pub(super) fn open_agreement(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        mut block: SecretBlock,
        salt: &[u8],
        verifier: &[u8],
    ) -> Result<SrpAgreement> {
        let mut b = vec![0_u8; 32];
        self.world.fill(&mut b);
        srp::parse_hex(&block.a).map_err(|_| Reason::SrpPublicValueInvalid)?;
        let challenge = srp::ServerChallenge::new(verifier, &b).map_err(Error::internal)?;
        block.b = Blob(b);
        block.public_b = Blob(challenge.public_b().to_vec());
        let expires_at = ctx.now + app.client.challenge_lifetime();
        // SECRET_BLOCK is standard base64 on the wire: clients decode it before they sign.
        let (vault, entropy) = (&self.vault, self.world.entropy());
        let secret_block = vault.seal_state_as(Encoding::Standard, Purpose::SecretBlock, expires_at, &block, entropy);
        Ok(SrpAgreement { salt: srp::to_hex(salt), srp_b: challenge.public_b_hex(), secret_block: secret_block.into() })
    }

    /// Opens the secret block as echoed; answers its bytes, too.
    pub(super) fn open_block(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        proof: &SrpProof,
    ) -> Result<(Opened<SecretBlock>, Vec<u8>)> {
        let echoed = &proof.secret_block;
        let bytes = STANDARD.decode(echoed.as_str()).map_err(|_| Reason::WrongCredentials)?;
        let opened: Opened<SecretBlock> = self
            .vault
            .open_state_as(Encoding::Standard, Purpose::SecretBlock, ctx.now, echoed)
            .map_err(refused_block)?;
        let block = &opened.value;
        if block.pool != app.pool.id || block.client != app.client.id {
            return Err(Reason::WrongCredentials.into());
        }
        Ok((opened, bytes))
    }

    pub(super) async fn verify_srp(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        proof: &SrpProof,
        device: Option<&DeviceKey>,
    ) -> Result<Step> {
        let (opened, bytes) = self.open_block(ctx, app, proof)?;
        let block = &opened.value;
        if block.device.is_some() {
            return Err(Reason::WrongCredentials.into());
        }
        let typed = block.name.clone();
        let FoundForProof { user, is_consumed, key, attempts } = self.find_for_proof(app, &opened, &typed).await?;
        check_lock(ctx, &attempts)?;
        if is_consumed {
            return Err(Reason::SessionUsed.into());
        }
        check_told_standing(ctx, app, user.as_ref())?;
        // The device is looked up before the block is used: upon this error clients answer once more with the
        // same block and without the device.
        let device = self.claimed_device(app, user.as_ref(), device).await?;
        // Where the name has become another's, or somebody's, meanwhile, this is no verifier that B was made of.
        let with_password = user.as_ref().and_then(|user| Some((user, user.password.as_ref()?)));
        let user_id = self.user_id_for_srp(app, &typed, user.as_ref());
        let verifier = match with_password {
            Some((user, stored)) => self.open_verifier(user, stored)?,
            None => self.dummy_verifier(&app.pool, &typed),
        };
        // All of it is judged, whatever comes out: the time must not tell which part was wrong.
        let proven = is_proof(app.pool.id.name(), user_id.as_str(), block, &verifier.bytes, &bytes, proof)
            & with_password.is_some()
            & is_timely(&proof.timestamp, ctx.now);
        let state = Some((opened.id, opened.expires_at));
        let user = self.count_proof(ctx, app, &key, user, proven, state).await?;
        let session = AuthSession::begin(&app.client, &user, AuthFlowType::UserSrpAuth, device);
        let srp_a = Some(opened.value.a);
        Ok(Step::Proven(Box::new(Proven { user, session, srp_a })))
    }

    async fn find_for_proof(
        &self,
        app: &ClientContext,
        opened: &Opened<SecretBlock>,
        typed: &str,
    ) -> Result<FoundForProof> {
        let (latchkey, pool, id, typed) = (self.clone(), app.pool.clone(), opened.id, typed.to_owned());
        self.store
            .read(move |r| -> Result<_> {
                let user = r.user_by_name(&pool.id, &typed)?;
                let is_consumed = r.is_consumed(&id)?;
                let key = latchkey.attempts_key(&pool, &typed, user.as_ref());
                let attempts = r.attempts(&pool.id, &key, PASSWORD)?;
                Ok(FoundForProof { user, is_consumed, key, attempts })
            })
            .await
    }

    /// A DEVICE_KEY sent with the proof; pools that track none pass it over. For a name nobody has it exists as
    /// little as any other.
    pub(super) async fn claimed_device(
        &self,
        app: &ClientContext,
        user: Option<&User>,
        sent: Option<&DeviceKey>,
    ) -> Result<Option<DeviceKey>> {
        match user {
            Some(user) if app.pool.tracks_devices() => self.known_device(user, sent).await,
            Some(_) => Ok(None),
            None => match sent.filter(|_| app.pool.tracks_devices()) {
                Some(_) => Err(Reason::DeviceNotFound.into()),
                None => Ok(None),
            },
        }
    }
}

/// What is said of a secret block that does not open: one that was changed is a wrong proof.
fn refused_block(error: StateError) -> Error {
    match error {
        StateError::Malformed => Reason::WrongCredentials.into(),
        StateError::Expired => crate::carried::refused_state(error),
    }
}

/// Whether the signature proves knowledge of what the verifier was made of: two modular exponentiations.
pub(super) fn is_proof(
    prefix: &str,
    user: &str,
    block: &SecretBlock,
    verifier: &[u8],
    secret_block: &[u8],
    proof: &SrpProof,
) -> bool {
    let Ok(key) = srp::server_key(&block.a, verifier, &block.b.0, &block.public_b.0) else {
        return false;
    };
    let Ok(signature) = STANDARD.decode(proof.signature.as_str()) else {
        return false;
    };
    srp::verify_signature(&key, prefix, user, secret_block, &proof.timestamp, &signature)
}

/// Whether TIMESTAMP is written as clients write it and lies near now.
pub(super) fn is_timely(timestamp: &str, now: Timestamp) -> bool {
    srp::parse_timestamp(timestamp)
        .ok()
        .and_then(|seconds| i64::try_from(seconds).ok())
        .is_some_and(|seconds| SignedDuration::from_secs(now.as_second() - seconds).abs() <= SKEW)
}
