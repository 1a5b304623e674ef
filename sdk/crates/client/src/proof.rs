//! The SRP proof as Cognito wants it said: hex on the way out, base64 in the answer.

use alloc::string::String;

use zeroize::Zeroizing;

use crate::base64;
use crate::error::{Error, Kind, Result};
use crate::host::{Clock, Entropy};
use crate::json::{Json, Object};

/// A secret `a` and its `A`, made before the password is known.
pub struct Proof(srp::ClientProof);

/// The two values an answer to PASSWORD_VERIFIER adds to the challenge's own.
pub struct Claim {
    /// PASSWORD_CLAIM_SIGNATURE, base64.
    pub signature: String,
    /// TIMESTAMP, exactly as signed.
    pub timestamp: String,
}

impl Proof {
    /// Draws `a` (256 bits: u·x is 512 bits long anyway, RFC 5054 §3.1 asks for 256) and raises g to it.
    ///
    /// # Errors
    /// [`Kind::Engine`] never in practice: the length is right.
    pub fn make(entropy: &impl Entropy) -> Result<Self> {
        let mut secret = Zeroizing::new([0u8; 32]);
        entropy.fill(secret.as_mut_slice());
        srp::ClientProof::new(secret.as_slice())
            .map(Proof)
            .map_err(|_| Error::new(Kind::Engine, "no secret of the right length"))
    }

    /// SRP_A.
    #[must_use]
    pub fn public_a(&self) -> String {
        self.0.public_a_hex()
    }

    /// Answers a challenge (its ChallengeParameters): `prefix` is the part of the pool id after `_` and `user` the
    /// USER_ID_FOR_SRP, or a device's group key and key.
    ///
    /// # Errors
    /// [`Kind::UnexpectedResponse`] for a challenge no honest server sends.
    pub fn answer(
        &self,
        clock: &impl Clock,
        prefix: &str,
        user: &str,
        password: &str,
        challenge: &Json,
    ) -> Result<Claim> {
        let wrong = || Error::new(Kind::UnexpectedResponse, "the password challenge is malformed");
        let salt = challenge.text("SALT").ok_or_else(wrong)?;
        let public_b = challenge.text("SRP_B").ok_or_else(wrong)?;
        let block = challenge.text("SECRET_BLOCK").and_then(base64::decode).ok_or_else(wrong)?;
        let timestamp = srp::derive_timestamp(u64::try_from(clock.now() / 1000).unwrap_or_default());
        let signature =
            self.0.answer(prefix, user, password, salt, public_b, &block, &timestamp).map_err(|_| wrong())?;
        Ok(Claim { signature: base64::encode(&signature), timestamp })
    }
}

impl Claim {
    /// The claim's three members of ChallengeResponses.
    #[must_use]
    pub fn write(&self, responses: Object, challenge: &Json) -> Object {
        responses
            .text("PASSWORD_CLAIM_SECRET_BLOCK", challenge.text("SECRET_BLOCK").unwrap_or_default())
            .text("PASSWORD_CLAIM_SIGNATURE", &self.signature)
            .text("TIMESTAMP", &self.timestamp)
    }
}
