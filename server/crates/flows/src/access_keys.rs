//! Access keys of administrators, which sign the AWS door's admin operations.

use crate::Latchkey;
use domain::{Error, Result};
use store::AccessKey;
use tokens::Purpose;

impl Latchkey {
    /// The secret half of an access key; None for an unknown one.
    ///
    /// # Errors
    /// An internal error where it cannot be read.
    pub async fn access_key_secret(&self, access_key: &str) -> Result<Option<String>> {
        let key = access_key.to_owned();
        let row = self.store.read(move |r| r.access_key(&key).map_err(Error::from)).await?;
        row.map(|row| {
            let secret = self.unseal(Purpose::AccessKey, access_key, &row.secret)?;
            String::from_utf8(secret.to_vec()).map_err(Error::internal)
        })
        .transpose()
    }

    /// Stores an access key, replacing one of the same name.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn put_access_key(&self, access_key: &str, secret: &str) -> Result<()> {
        let sealed = self.seal(Purpose::AccessKey, access_key, secret.as_bytes());
        let row = AccessKey { id: access_key.to_owned(), secret: sealed, created_at: self.now() };
        self.store
            .write(move |tx| -> Result<()> {
                tx.delete_access_key(&row.id)?;
                Ok(tx.insert_access_key(&row)?)
            })
            .await
    }
}
