//! `latchkey outbox …`: mail and SMS that wait, and those that could not be sent.

use std::fmt::Write as _;

use store::{OutboxEntry, OutboxState};

use crate::settings::Settings;
use crate::start::{Fault, open_for_command};

/// Messages that are shown of each kind, the oldest first.
const SHOWN: u32 = 100;

/// What the outbox holds: dead letters, then what waits. Nobody's address and nothing of a text is in it.
///
/// # Errors
/// [`Fault`], also where there is no data yet.
pub(crate) async fn list(settings: &Settings) -> Result<String, Fault> {
    let latchkey = open_for_command(settings).await?;
    let read = latchkey.store().read(|r| -> store::Result<_> {
        let count = |r: &mut store::Reader, state| Ok::<_, store::StoreError>((state, r.count_messages(state)?));
        let counts = [count(r, OutboxState::Dead)?, count(r, OutboxState::Waiting)?];
        let mut entries = r.messages(OutboxState::Dead, SHOWN)?;
        entries.extend(r.messages(OutboxState::Waiting, SHOWN)?);
        Ok((counts, entries))
    });
    let ([(_, dead), (_, waiting)], entries) = read.await?;
    Ok(table(dead, waiting, &entries))
}

fn table(dead: i64, waiting: i64, entries: &[OutboxEntry]) -> String {
    let mut text = format!("{dead} could not be sent, {waiting} waiting");
    for entry in entries {
        let state = match entry.state {
            OutboxState::Dead => "dead",
            OutboxState::Waiting => "waiting",
        };
        let _ = write!(
            text,
            "\n{id}  {created}  {pool}  {channel:5}  {purpose}  {state}  attempts {attempts}",
            id = entry.id,
            created = entry.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            pool = entry.pool,
            channel = entry.channel,
            purpose = entry.purpose,
            attempts = entry.attempts,
        );
        if let Some(error) = &entry.last_error {
            let _ = write!(text, "  {error}");
        }
    }
    text
}
