//! `latchkey clients …`: what Amazon's API has no word for.

use domain::{ClientId, Result as Decided};

use crate::settings::Settings;
use crate::start::{Fault, open_for_command};

/// Says whether the hosted pages may take a client's passwords in clear. A running server obeys at once.
///
/// # Errors
/// [`Fault`], also where there is no such client.
pub(crate) async fn set_srp_only(settings: &Settings, id: &ClientId, srp_only: bool) -> Result<String, Fault> {
    let latchkey = open_for_command(settings).await?;
    let wanted = id.clone();
    let found = latchkey
        .store()
        .write(move |tx| {
            tx.update_client(&wanted, |client| -> Decided<()> {
                client.srp_only = srp_only;
                Ok(())
            })
        })
        .await?;
    found.ok_or_else(|| Fault(format!("there is no app client {id}")))?;
    Ok(format!(
        "{id}: passwords {}.",
        if srp_only { "are proven by SRP only" } else { "may be posted without scripts" }
    ))
}
