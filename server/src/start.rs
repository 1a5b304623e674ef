//! From settings to a running state: data folder, master key, store, vault, administrator.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::world::{World, alphabet};
use domain::{Error, Result};
use flows::Latchkey;
use messages::{Mailbox, MessageSender, NoSender, Smtp};
use store::{DataKey, Database, Store, StoreError};
use tokens::{MasterKey, Vault, VaultError, WrappedKey};

use crate::seed_providers::put_providers;
use crate::settings::{LOCAL, Secret, Settings};
use crate::{net, seed, world};

/// Why the server does not start, in words for its operator.
#[derive(Debug)]
pub struct Fault(pub String);

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(format!("the database: {error}"))
    }
}

/// A file that could not be used.
pub(crate) fn fault(path: &Path) -> impl Fn(io::Error) -> Fault + '_ {
    move |error| Fault(format!("{}: {error}", path.display()))
}

/// A state, and what only its first start has to tell.
pub struct Started {
    /// The flows.
    pub latchkey: Latchkey,
    /// The mailbox of dev mode.
    pub mailbox: Option<Arc<Mailbox>>,
    /// An administrator that was just made: access key and secret, to be printed once.
    pub made_admin: Option<(String, Secret)>,
    /// Whether the demo pool was just made.
    pub seeded: bool,
}

/// Opens (or makes) everything that is kept, for a server that browsers reach at `base_url`.
///
/// # Errors
/// [`Fault`].
pub async fn start(settings: &Settings, base_url: &str) -> Result<Started, Fault> {
    if let Some(file) = &settings.outbound_ca_file {
        net::read_certificates(file).map_err(|error| Fault(format!("outbound-ca-file: {error}")))?;
    }
    let world = world::real(settings.outbound());
    let (store, vault) = open(settings, &world).await?;
    let mailbox = (settings.dev && settings.smtp_url.is_none()).then(|| Arc::new(Mailbox::new(world.clone())));
    let sender: Arc<dyn MessageSender> = match (&settings.smtp_url, &mailbox) {
        (Some(url), _) => {
            let smtp = Smtp::new(url.expose(), &settings.sender(base_url));
            Arc::new(smtp.map_err(|error| Fault(format!("smtp-url, mail-from: {error}")))?)
        }
        (None, Some(mailbox)) => mailbox.clone(),
        (None, None) => Arc::new(NoSender),
    };
    let latchkey = Latchkey::new(store, world, vault, sender, flow_settings(settings, base_url));
    let made_admin = ensure_admin(&latchkey, settings).await?;
    let seeded = settings.dev && seed::seed(&latchkey).await?;
    put_providers(&latchkey, &settings.identity_providers).await?;
    Ok(Started { latchkey, mailbox, made_admin, seeded })
}

/// A state for one command: it sends nothing and makes nothing.
///
/// # Errors
/// [`Fault`].
pub async fn open_for_command(settings: &Settings) -> Result<Latchkey, Fault> {
    let world = world::real(settings.outbound());
    let store = open_store(settings)?;
    let vault = unlock(settings, &stored_keys(&store).await?)?;
    let base_url = settings.base_url.clone().unwrap_or_else(|| "http://localhost".to_owned());
    Ok(Latchkey::new(store, world, vault, Arc::new(NoSender), flow_settings(settings, &base_url)))
}

/// The store, if there is one.
///
/// # Errors
/// [`Fault`].
pub(crate) fn open_store(settings: &Settings) -> Result<Store, Fault> {
    let database = settings.database();
    match &database {
        Database::Sqlite(file) if !file.exists() => {
            Err(Fault(format!("there is no data yet: {} does not exist", file.display())))
        }
        _ => Ok(Store::open(&database)?),
    }
}

/// The settings that flows ask for.
fn flow_settings(settings: &Settings, base_url: &str) -> flows::Settings {
    flows::Settings {
        base_url: base_url.to_owned(),
        issuer_template: settings.issuer_template.clone(),
        region: settings.region.clone(),
        account: settings.account_id.clone(),
        google_issuer: settings.google_issuer.clone(),
        allow_http: !settings.outbound().networks.is_empty(),
        rates: settings.rates(),
        dev: settings.dev,
    }
}

/// A key that this server once made, beside a database that holds nothing, has sealed what is not here any more. To go on
/// would be to begin anew without a word.
fn refuse_lost_database(settings: &Settings) -> Result<(), Fault> {
    let path = settings.master_key_path();
    let is_own = settings.master_key.is_none() && settings.master_key_file.is_none();
    if is_own && path.exists() {
        return Err(Fault(format!(
            "{} was made for a database that is not here: the one that is holds nothing. Put it back (of SQLite's, the \
             -wal file beside it too, where it was copied without a clean stop), or remove the key to begin anew",
            path.display()
        )));
    }
    Ok(())
}

/// Tries what the server lives on: a folder or a database that takes no writes shows here, and not at the first call.
async fn try_writing(store: &Store) -> Result<(), Fault> {
    let written = store.write(|tx| tx.put_meta("written", "at start")).await;
    written.map_err(|error: StoreError| Fault(format!("the database cannot be written to: {error}")))
}

async fn open(settings: &Settings, world: &World) -> Result<(Store, Vault), Fault> {
    make_folder(&settings.data_dir)?;
    let store = Store::open(&settings.database())?;
    try_writing(&store).await?;
    let stored = stored_keys(&store).await?;
    if !stored.is_empty() {
        let vault = unlock(settings, &stored)?;
        return Ok((store, vault));
    }
    refuse_lost_database(settings)?;
    let master = match read_master_key(settings)? {
        Some(master) => master,
        None => make_master_key(&settings.master_key_path(), world)?,
    };
    let (vault, wrapped) = Vault::create(&master, world.entropy());
    let row = DataKey { id: wrapped.id, wrapped: wrapped.wrapped };
    match store.write(move |tx| tx.insert_data_key(&row)).await {
        Ok(()) => Ok((store, vault)),
        // Another process has started at the same moment.
        Err(StoreError::Conflict { .. }) => {
            let vault = unlock(settings, &stored_keys(&store).await?)?;
            Ok((store, vault))
        }
        Err(error) => Err(error.into()),
    }
}

/// The data keys as they are stored.
pub(crate) async fn stored_keys(store: &Store) -> Result<Vec<WrappedKey>, Fault> {
    let rows = store.read(|r| r.data_keys()).await?;
    Ok(rows.into_iter().map(|row| WrappedKey { id: row.id, wrapped: row.wrapped }).collect())
}

/// Opens the data keys with the master key that is set. Where a rotation was interrupted between the store and the
/// file, the new key still lies beside the old one: it is put in its place.
pub(crate) fn unlock(settings: &Settings, stored: &[WrappedKey]) -> Result<Vault, Fault> {
    let path = settings.master_key_path();
    let Some(master) = read_master_key(settings)? else {
        return Err(Fault(format!(
            "the data is sealed with a master key that is not here: put it back at {}, or set master-key-file or master-key",
            path.display()
        )));
    };
    match Vault::unlock(&master, stored) {
        Ok(vault) => Ok(vault),
        Err(VaultError::Refused) => {
            let beside = beside(&path);
            if settings.master_key.is_none()
                && let Some(new) = read_key_file(&beside)?
                && let Ok(vault) = Vault::unlock(&new, stored)
            {
                std::fs::rename(&beside, &path).map_err(fault(&path))?;
                sync_folder(&path)?;
                tracing::warn!("finished a rotation of the master key that was interrupted");
                return Ok(vault);
            }
            Err(Fault("the data is sealed with another master key than the one that is set".to_owned()))
        }
        Err(error) => Err(Fault(format!("the data keys: {error}"))),
    }
}

/// The master key that is set, or the one in its file; None where there is no file yet in the data folder.
fn read_master_key(settings: &Settings) -> Result<Option<MasterKey>, Fault> {
    if let Some(key) = &settings.master_key {
        let key = MasterKey::from_text(key.expose()).map_err(|error| Fault(format!("master-key: {error}")))?;
        return Ok(Some(key));
    }
    let path = settings.master_key_path();
    let key = read_key_file(&path)?;
    if key.is_none() && settings.master_key_file.is_some() {
        return Err(Fault(format!("{}: there is no such file (master-key-file)", path.display())));
    }
    Ok(key)
}

/// A key in a file; None where there is no file.
pub(crate) fn read_key_file(path: &Path) -> Result<Option<MasterKey>, Fault> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(path)(error)),
    };
    let mode = file.metadata().map_err(fault(path))?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(file = %path.display(), "others than its owner may read the master key (chmod 600)");
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(fault(path))?;
    MasterKey::from_text(&text).map(Some).map_err(|error| Fault(format!("{}: {error}", path.display())))
}

fn make_master_key(path: &Path, world: &World) -> Result<MasterKey, Fault> {
    let key = MasterKey::make(world.entropy());
    write_key_file(path, &key)?;
    Ok(key)
}

/// Writes a key into a new file that only its owner may read, and has it on the disk.
pub(crate) fn write_key_file(path: &Path, key: &MasterKey) -> Result<(), Fault> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(fault(path))?;
    let write = |file: &mut File| {
        file.write_all(key.to_text().as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    };
    write(&mut file).map_err(fault(path))?;
    sync_folder(path)
}

/// Has a folder's entries on the disk.
pub(crate) fn sync_folder(file: &Path) -> Result<(), Fault> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(fault(folder))
}

/// Where a new master key waits until the store is sealed with it.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

/// Makes the data folder, for its owner alone.
fn make_folder(folder: &Path) -> Result<(), Fault> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault(folder))
}

/// Stores the administrator that is set; where none is and none was, makes one.
async fn ensure_admin(latchkey: &Latchkey, settings: &Settings) -> Result<Option<(String, Secret)>, Fault> {
    if !settings.dev {
        // A store that was used for development must not keep its open door.
        let is_open = latchkey.root_access_key_secret(LOCAL).await?.is_some_and(|secret| secret.as_str() == LOCAL);
        if is_open {
            latchkey.store().write(|tx| tx.delete_access_key(LOCAL)).await?;
            tracing::warn!("removed dev mode's administrator");
        }
    }
    if let Some((key, secret)) = settings.admin() {
        let known = latchkey.root_access_key_secret(&key).await?;
        if known.is_none_or(|known| known.as_str() != secret.expose()) {
            latchkey.put_root_access_key(&key, secret.expose()).await?;
        }
        return Ok(None);
    }
    if latchkey.store().read(|r| r.has_root_access_key()).await? {
        return Ok(None);
    }
    let entropy = latchkey.world().entropy();
    let key = format!("LK{}", ::world::token(entropy, 18, alphabet::BASE32));
    let secret = ::world::token(entropy, 40, alphabet::ALPHANUMERIC);
    latchkey.put_root_access_key(&key, &secret).await?;
    Ok(Some((key, Secret::new(secret))))
}
