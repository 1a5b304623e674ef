//! SECRET_HASH: a confidential client's proof in API calls.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Client, Error, Reason, Result};

use crate::{ClientContext, Latchkey};

/// Checks `base64(HMAC-SHA256(secret, username ‖ client id))` against each of the client's active secrets.
/// `username` is what was sent in the same call.
///
/// # Errors
/// `NotAuthorizedException` when it is missing, wrong, or sent for a public client.
pub fn check_secret_hash(latchkey: &Latchkey, app: &ClientContext, username: &str, sent: Option<&str>) -> Result<()> {
    let id = &app.client.id;
    match (app.client.is_confidential(), sent) {
        (false, None) => Ok(()),
        (false, Some(_)) => Err(Reason::SecretHashUnexpected { client_id: id.to_string() }.into()),
        (true, None) => Err(Reason::SecretHashMissing { client_id: id.to_string() }.into()),
        (true, Some(sent)) => {
            let proof = STANDARD.decode(sent).unwrap_or_default();
            let message = format!("{username}{id}");
            for secret in latchkey.client_secrets(&app.client)? {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                if hmac::verify(&key, message.as_bytes(), &proof).is_ok() {
                    return Ok(());
                }
            }
            Err(Reason::SecretHashWrong { client_id: id.to_string() }.into())
        }
    }
}

impl Latchkey {
    /// The client's active secrets in clear, oldest first.
    ///
    /// # Errors
    /// An internal error where one cannot be opened.
    pub fn client_secrets(&self, client: &Client) -> Result<Vec<String>> {
        client
            .secrets
            .iter()
            .map(|secret| {
                let bytes = self.unseal(tokens::Purpose::ClientSecret, client.id.as_str(), &secret.value)?;
                String::from_utf8(bytes.to_vec()).map_err(Error::internal)
            })
            .collect()
    }

    /// Whether `secret` is one of the client's active secrets; false for public clients.
    ///
    /// # Errors
    /// An internal error where a secret cannot be opened.
    pub fn is_client_secret(&self, client: &Client, secret: &str) -> Result<bool> {
        let known = self.client_secrets(client)?;
        Ok(known.iter().any(|known| {
            aws_lc_rs::constant_time::verify_slices_are_equal(known.as_bytes(), secret.as_bytes()).is_ok()
        }))
    }
}
