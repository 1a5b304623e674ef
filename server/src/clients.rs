//! `latchkey clients …`: what Amazon's API has no word for.

use domain::{ClientId, Result as Decided};

use crate::settings::Settings;
use crate::start::{Fault, open_for_command};

/// What a command says of a client; None stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Change {
    /// Whether the hosted pages never take its passwords in clear.
    pub srp_only: Option<bool>,
    /// Whether it may ask for codes without a `code_challenge`, as a public client too.
    pub pkce_optional: Option<bool>,
}

/// Changes a client. A running server obeys at once.
///
/// # Errors
/// [`Fault`], also where there is no such client.
pub(crate) async fn set(settings: &Settings, id: &ClientId, change: Change) -> Result<String, Fault> {
    let latchkey = open_for_command(settings).await?;
    let wanted = id.clone();
    let found = latchkey
        .store()
        .write(move |tx| {
            tx.update_client(&wanted, |client| -> Decided<()> {
                client.srp_only = change.srp_only.unwrap_or(client.srp_only);
                client.pkce_optional = change.pkce_optional.unwrap_or(client.pkce_optional);
                Ok(())
            })
        })
        .await?;
    found.ok_or_else(|| Fault(format!("there is no app client {id}")))?;
    let passwords = change.srp_only.map(|only| match only {
        true => "passwords are proven by SRP only",
        false => "passwords may be posted without scripts",
    });
    let challenges = change.pkce_optional.map(|optional| match optional {
        true => "PKCE is optional",
        false => "PKCE is required of it as a public client",
    });
    let said: Vec<&str> = passwords.into_iter().chain(challenges).collect();
    Ok(format!("{id}: {}.", said.join("; ")))
}
