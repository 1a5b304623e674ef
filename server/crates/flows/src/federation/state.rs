//! What is remembered of browsers on their way to a provider.
//!
//! The `state` that travels is a random id and nothing else. What it stands for lies in the database under the id's
//! hash, sealed: the PKCE verifier and what the nonce must be are known here alone, and who reads the database cannot
//! finish a sign-in with it. Anybody can make rows, so they are of bounded size and lapse.

use ::federation::ProviderResponse;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ClientId, Error, PoolId, Result, Sealed};
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::StoredFederationState;
use tokens::Purpose;

use super::protocol::RequestBinding;
use crate::token_lifecycle::grants::derive_hash;
use crate::{Ctx, Latchkey};

/// Cognito: a sign-in that is not finished by then begins again.
pub const STATE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// How long a state is remembered: a browser that comes back late or twice is shown the way to begin again.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(15);
/// The longest authorization request of an app that is kept, in bytes.
pub(super) const LONGEST_QUERY: usize = 8 * 1024;
/// The longest answer by POST that is kept, in bytes of its JSON. SAML's are the long ones: some thousand bytes, more with groups.
const LONGEST_RESPONSE: usize = 48 * 1024;

/// What is known of a browser on its way to a provider.
#[derive(Clone, Serialize, Deserialize)]
pub struct FederationState {
    pub(super) pool: PoolId,
    pub(super) client: ClientId,
    /// The provider's name.
    pub provider: String,
    /// The app's authorization request, as a query.
    pub query: String,
    /// Hash of the browser's secret.
    pub(super) browser: String,
    pub(super) binding: RequestBinding,
    /// Seconds.
    pub(super) max_age: Option<i64>,
}

/// A state that counted, and what the provider answered with it by POST.
pub struct TakenState {
    /// The state.
    pub state: FederationState,
    /// The answer, where it came by POST.
    pub posted: Option<ProviderResponse>,
}

/// Why a sign-in does not go on here.
pub enum StateRejection {
    /// The state is none of ours, or long forgotten.
    Unknown,
    /// More than five minutes have passed.
    Expired(Box<FederationState>),
    /// It was begun in another browser.
    OtherBrowser(Box<FederationState>),
    /// It was answered before.
    Consumed(Box<FederationState>),
}

impl Latchkey {
    /// Remembers a browser's way under a new state.
    pub(super) async fn keep_federation_state(&self, ctx: &Ctx, id: &str, state: &FederationState) -> Result<()> {
        let hash = derive_hash(id);
        let text = serde_json::to_vec(state).map_err(Error::internal)?;
        let row = StoredFederationState {
            pool: state.pool.clone(),
            valid_until: ctx.now + STATE_LIFETIME,
            expires_at: ctx.now + REMEMBERED,
            doc: self.seal(Purpose::FederationState, &context(&hash, "state"), &text),
            hash,
        };
        self.store.write(move |tx| Ok(tx.insert_federation_state(&row)?)).await
    }

    /// A new state: 256 random bits in base64url, 43 characters (SAML's RelayState may have 80).
    pub(super) fn make_federation_state_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(world::bytes::<32>(self.world.entropy()))
    }

    /// Keeps what a provider answered by POST until the browser fetches the result: with a state that counts, and that
    /// has no answer yet. False where there is no such state at all, or the answer is too long to be one.
    ///
    /// # Errors
    /// The store's.
    pub async fn keep_provider_response(&self, ctx: &Ctx, id: &str, response: &ProviderResponse) -> Result<bool> {
        let (hash, now) = (derive_hash(id), ctx.now);
        let text = serde_json::to_vec(response).map_err(Error::internal)?;
        if text.len() > LONGEST_RESPONSE {
            return Ok(false);
        }
        // Before anything is written: nobody makes us write by guessing.
        let wanted = hash.clone();
        if self.store.read(move |r| r.federation_state(&wanted).map_err(Error::from)).await?.is_none() {
            return Ok(false);
        }
        let sealed = self.seal(Purpose::FederationState, &context(&hash, "response"), &text);
        self.store.write(move |tx| tx.put_federation_response(&hash, &sealed, now).map_err(Error::from)).await?;
        Ok(true)
    }

    /// Takes up the sign-in of a state that came back, once.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_federation_state(
        &self,
        ctx: &Ctx,
        id: &str,
        browser: Option<&str>,
    ) -> Result<std::result::Result<TakenState, StateRejection>> {
        let (hash, now) = (derive_hash(id), ctx.now);
        let wanted = hash.clone();
        let row = self.store.read(move |r| r.federation_state(&wanted).map_err(Error::from)).await?;
        let Some(row) = row else { return Ok(Err(StateRejection::Unknown)) }; // RFC 9700 §4.7.1
        let state: FederationState = self.open_row(&hash, "state", &row.doc)?;
        if now >= row.valid_until {
            return Ok(Err(StateRejection::Expired(Box::new(state)))); // Cognito: five minutes
        }
        if browser.map(hash_browser).as_ref() != Some(&state.browser) {
            return Ok(Err(StateRejection::OtherBrowser(Box::new(state)))); // RFC 6749 §10.12
        }
        let wanted = hash.clone();
        let consumed =
            self.store.write(move |tx| tx.consume_federation_state(&wanted, now).map_err(Error::from)).await?;
        let Some(consumed) = consumed else {
            return Ok(Err(StateRejection::Consumed(Box::new(state)))); // RFC 9700 §4.2.4
        };
        let posted = consumed.response.map(|response| self.open_row(&hash, "response", &response)).transpose()?;
        Ok(Ok(TakenState { state, posted }))
    }

    fn open_row<T: DeserializeOwned>(&self, hash: &[u8], part: &str, sealed: &Sealed) -> Result<T> {
        let text = self.unseal(Purpose::FederationState, &context(hash, part), sealed)?;
        serde_json::from_slice(&text).map_err(Error::internal)
    }
}

/// No part opens in another row, or in the other's place.
fn context(hash: &[u8], part: &str) -> String {
    format!("{}\0{part}", URL_SAFE_NO_PAD.encode(hash))
}

/// The browser's secret as it is kept.
pub(super) fn hash_browser(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(derive_hash(secret))
}
