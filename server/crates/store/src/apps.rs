//! An app client together with its pool: what nearly every call begins with.

use std::sync::Arc;

use domain::{Client, ClientId, Pool};

use crate::Result;
use crate::connection::Reader;
use crate::value::params;

/// A client and its pool as they were read, with what tells a later read whether they still are that.
#[derive(Debug)]
pub struct StoredApp {
    /// The pool.
    pub pool: Arc<Pool>,
    /// The client.
    pub client: Arc<Client>,
    /// The version of the pool's signing keys, as [`Reader::keys_version`] tells it.
    pub keys_version: i64,
    pool_version: i64,
    client_doc: String,
}

pub(crate) const APP: &str = "SELECT pools.version, pools.keys_version, clients.doc, pools.doc
                              FROM clients JOIN pools ON pools.id = clients.pool WHERE clients.id = ?1";

impl Reader {
    /// A client, of whichever pool, and the pool. Where that is still what `kept` says, `kept` is the answer and
    /// nothing is parsed; it is one statement either way.
    ///
    /// # Errors
    /// The database's.
    pub fn app(&mut self, id: &ClientId, kept: Option<&Arc<StoredApp>>) -> Result<Option<Arc<StoredApp>>> {
        self.row(APP, params![id], |row| {
            let (pool_version, keys_version, client_doc) = (row.int(0)?, row.int(1)?, row.str(2)?);
            let same = |app: &&Arc<StoredApp>| {
                app.pool_version == pool_version && app.keys_version == keys_version && app.client_doc == client_doc
            };
            if let Some(kept) = kept.filter(same) {
                return Ok(Arc::clone(kept));
            }
            let (client, pool) = (Arc::new(row.json(2)?), Arc::new(row.json(3)?));
            Ok(Arc::new(StoredApp { pool, client, keys_version, pool_version, client_doc: client_doc.to_owned() }))
        })
    }
}
