//! `latchkey keys …`: new keys for a store that is there.

use std::path::{Path, PathBuf};

use domain::PoolId;
use store::DataKey;
use tokens::MasterKey;

use crate::settings::Settings;
use crate::start::{
    Fault, beside, fault, open_for_command, open_store, read_key_file, stored_keys, sync_folder, unlock, write_key_file,
};
use crate::world;

/// Seals the data keys with a new master key, and puts that into the place of the old one. A server that runs goes on:
/// it holds the data keys, which stay the same.
///
/// The new key is on the disk, beside the old one, before the store needs it, and takes the old one's name after; a
/// start in between finds it there. A key that is set by `master-key` is the operator's to replace.
///
/// # Errors
/// [`Fault`].
pub async fn rotate_master(settings: &Settings, new_key_file: Option<&Path>) -> Result<String, Fault> {
    let world = world::real(settings.outbound());
    let store = open_store(settings)?;
    let stored = stored_keys(&store).await?;
    if stored.is_empty() {
        return Err(Fault("there is nothing sealed yet: start the server first".to_owned()));
    }
    let vault = unlock(settings, &stored)?;
    let new = match new_key_file {
        Some(file) => {
            read_key_file(file)?.ok_or_else(|| Fault(format!("{}: there is no such file", file.display())))?
        }
        None if settings.master_key.is_some() => {
            return Err(Fault(
                "the master key is set by master-key: give the new one by --new-master-key-file".to_owned(),
            ));
        }
        None => MasterKey::make(world.entropy()),
    };
    let path = settings.master_key.is_none().then(|| settings.master_key_path());
    if let Some(path) = &path {
        let waiting = beside(path);
        if waiting.exists() {
            // The data opens with the key in its place, so nothing is sealed with this one.
            std::fs::remove_file(&waiting).map_err(fault(&waiting))?;
        }
        write_key_file(&waiting, &new)?;
    }
    let rows: Vec<DataKey> = vault
        .rewrap(&new, world.entropy())
        .into_iter()
        .map(|key| DataKey { id: key.id, wrapped: key.wrapped })
        .collect();
    let count = rows.len();
    let unchanged = store
        .write(move |tx| {
            // Another rotation, or a new data key, must not be lost.
            let now = tx.data_keys()?;
            let same = now.len() == stored.len()
                && now.iter().zip(&stored).all(|(now, then)| now.id == then.id && now.wrapped == then.wrapped);
            if same {
                tx.replace_data_keys(&rows)?;
            }
            Ok::<bool, store::StoreError>(same)
        })
        .await?;
    if !unchanged {
        return Err(Fault("the data keys have changed meanwhile: try again".to_owned()));
    }
    let what_next = match path {
        Some(path) => replace(&path)?,
        None => "Set master-key to the new key before the next start.".to_owned(),
    };
    Ok(format!("{count} data key{} sealed anew. {what_next}", if count == 1 { "" } else { "s" }))
}

fn replace(path: &PathBuf) -> Result<String, Fault> {
    std::fs::rename(beside(path), path).map_err(fault(path))?;
    sync_folder(path)?;
    Ok(format!("{} holds the new master key.", path.display()))
}

/// Gives a pool new signing keys, which servers that run take within a second. Tokens that are out stay valid: the old
/// keys are still published.
///
/// # Errors
/// [`Fault`].
pub async fn rotate_signing(settings: &Settings, pool: &PoolId) -> Result<String, Fault> {
    let latchkey = open_for_command(settings).await?;
    let pool =
        latchkey.pool(pool.as_str()).await.map_err(|error| Fault(api::Error::from(error).message.into_owned()))?;
    latchkey.rotate_keys(&pool).await?;
    Ok(format!("Pool {} has new signing keys. Servers that run sign with them within a second.", pool.id))
}
