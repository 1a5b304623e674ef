//! Brands: how a client's pages look, and the pictures they name.
//!
//! A page asks for the versions alone; whoever caches a document under its version need not read it again.

use domain::{ClientId, PoolId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::{Reader, Tx};
use crate::value::params;
use crate::{Result, StoreError};

/// Which kind of brand a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BrandKind {
    /// A managed login branding.
    Managed,
    /// A UI customization of the classic pages.
    Classic,
}

impl BrandKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::Classic => "classic",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        match word {
            "managed" => Ok(Self::Managed),
            "classic" => Ok(Self::Classic),
            _ => Err(StoreError::Unreadable("a brand's kind".to_owned())),
        }
    }
}

/// Where a brand stands and what tells whether it has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandVersion {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: BrandKind,
    /// The client it is for; None for all that have none of their own.
    pub client: Option<ClientId>,
    /// Another one for every change, never used twice.
    pub version: String,
}

/// A picture with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAsset {
    /// What its bytes are kept under.
    pub hash: String,
    /// What kind of picture it is, as its address ends: `png`, `svg`, …
    pub form: String,
    /// As it was sent.
    pub sent: Vec<u8>,
    /// As it is served, where that is not the same.
    pub served: Option<Vec<u8>>,
}

const ALL: &str = "ALL";

impl Reader {
    /// The brands that a client's pages may wear: its own of either kind, and those for all clients.
    ///
    /// # Errors
    /// The database's.
    pub fn brand_versions(&mut self, pool: &PoolId, client: &ClientId) -> Result<Vec<BrandVersion>> {
        let sql = "SELECT id, kind, client, version FROM brands WHERE pool = ?1 AND scope IN (?2, 'ALL')";
        self.rows(sql, params![pool, client], |row| {
            let client = row.opt_text(2)?.map(ClientId::new);
            Ok(BrandVersion { id: row.text(0)?, kind: BrandKind::parse(row.str(1)?)?, client, version: row.text(3)? })
        })
    }

    /// A brand of a pool by its id, with its version.
    ///
    /// # Errors
    /// The database's.
    pub fn brand<T: DeserializeOwned>(
        &mut self,
        kind: BrandKind,
        pool: &PoolId,
        id: &str,
    ) -> Result<Option<(String, T)>> {
        let sql = "SELECT version, doc FROM brands WHERE id = ?1 AND pool = ?2 AND kind = ?3";
        self.row(sql, params![id, pool, kind.as_str()], |row| Ok((row.text(0)?, row.json(1)?)))
    }

    /// A brand by whom it is for; None is all clients that have none of their own.
    ///
    /// # Errors
    /// The database's.
    pub fn brand_for<T: DeserializeOwned>(
        &mut self,
        kind: BrandKind,
        pool: &PoolId,
        client: Option<&ClientId>,
    ) -> Result<Option<T>> {
        let sql = "SELECT doc FROM brands WHERE pool = ?1 AND scope = ?2 AND kind = ?3";
        let scope = client.map_or(ALL, ClientId::as_str);
        self.row(sql, params![pool, scope, kind.as_str()], |row| row.json(0))
    }

    /// How many brands of a kind a pool has.
    ///
    /// # Errors
    /// The database's.
    pub fn count_brands(&mut self, kind: BrandKind, pool: &PoolId) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM brands WHERE pool = ?1 AND kind = ?2";
        Ok(self.row(sql, params![pool, kind.as_str()], |row| row.int(0))?.unwrap_or(0))
    }

    /// A picture by its hash: of a given pool, or of any.
    ///
    /// # Errors
    /// The database's.
    pub fn asset(&mut self, pool: Option<&PoolId>, hash: &str) -> Result<Option<StoredAsset>> {
        let any = pool.is_none();
        let pool = pool.map_or("", PoolId::as_str);
        let sql = "SELECT hash, form, sent, served FROM assets WHERE hash = ?1 AND (pool = ?2 OR ?3 = 1)
                   ORDER BY pool LIMIT 1";
        self.row(sql, params![hash, pool, any], |row| {
            Ok(StoredAsset { hash: row.text(0)?, form: row.text(1)?, sent: row.bytes(2)?, served: row.opt_bytes(3)? })
        })
    }

    /// The pictures that a brand names, as they were sent, by hash.
    ///
    /// # Errors
    /// The database's.
    pub fn assets_of_brand(&mut self, brand: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let sql = "SELECT assets.hash, assets.sent FROM asset_uses
                   JOIN assets ON assets.pool = asset_uses.pool AND assets.hash = asset_uses.hash
                   WHERE asset_uses.brand = ?1 ORDER BY assets.hash";
        self.rows(sql, params![brand], |row| Ok((row.text(0)?, row.bytes(1)?)))
    }
}

impl Tx {
    /// Keeps other changes of a pool's brands waiting until this transaction ends; false without the pool.
    ///
    /// # Errors
    /// The database's.
    pub fn hold_brands(&mut self, pool: &PoolId) -> Result<bool> {
        let held = self.row_to_update("SELECT id FROM pools WHERE id = ?1", params![pool], |_| Ok(()))?;
        Ok(held.is_some())
    }

    /// Adds a brand; its pictures are put before it, and named after.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`brand`) where there is one of its kind for the same; [`StoreError::Orphan`] without
    /// its pool or client; the database's.
    pub fn insert_brand<T: Serialize>(&mut self, pool: &PoolId, brand: &BrandVersion, doc: &T) -> Result<()> {
        let doc = serde_json::to_string(doc)?;
        let scope = brand.client.as_ref().map_or(ALL, ClientId::as_str);
        let sql = "INSERT INTO brands (id, pool, kind, scope, client, version, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT DO NOTHING";
        let client = brand.client.as_ref();
        self.insert("brand", sql, params![&brand.id, pool, brand.kind.as_str(), scope, client, &brand.version, &doc])
    }

    /// Replaces a brand's document under a new version, but for what this version of the server does not know of it;
    /// false where the pool has no such brand.
    ///
    /// # Errors
    /// The database's.
    pub fn replace_brand<T>(&mut self, pool: &PoolId, id: &str, version: &str, doc: &T) -> Result<bool>
    where
        T: Serialize + DeserializeOwned,
    {
        let sql = "SELECT doc FROM brands WHERE id = ?1 AND pool = ?2";
        let found = self.row_to_update(sql, params![id, pool], |row| row.json_to_update::<T>(0))?;
        let Some((_, original)) = found else {
            return Ok(false);
        };
        let doc = original.rewrite(doc)?;
        let sql = "UPDATE brands SET version = ?3, doc = ?4 WHERE id = ?1 AND pool = ?2";
        Ok(self.run(sql, params![id, pool, version, &doc])? > 0)
    }

    /// Removes a brand, and the pictures that nothing names any more; false where the pool has no such brand.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_brand(&mut self, pool: &PoolId, id: &str) -> Result<bool> {
        let removed = self.run("DELETE FROM brands WHERE id = ?1 AND pool = ?2", params![id, pool])? > 0;
        self.drop_unnamed_assets(pool)?;
        Ok(removed)
    }

    /// Keeps a picture; nothing happens where it is kept already.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] without the pool; the database's.
    pub fn put_asset(&mut self, pool: &PoolId, asset: &StoredAsset) -> Result<()> {
        let sql = "INSERT INTO assets (pool, hash, form, sent, served) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO NOTHING";
        let (sent, served) = (asset.sent.as_slice(), asset.served.as_deref());
        self.run(sql, params![pool, &asset.hash, &asset.form, sent, served]).map(drop)
    }

    /// Says which pictures a brand names; those that nothing names any more are gone.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] for a picture that is not kept; the database's.
    pub fn name_assets<'a>(
        &mut self,
        pool: &PoolId,
        brand: &str,
        hashes: impl IntoIterator<Item = &'a str>,
    ) -> Result<()> {
        self.run("DELETE FROM asset_uses WHERE brand = ?1", params![brand])?;
        for hash in hashes {
            let sql = "INSERT INTO asset_uses (brand, pool, hash) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            self.run(sql, params![brand, pool, hash])?;
        }
        self.drop_unnamed_assets(pool)
    }

    pub(crate) fn drop_unnamed_assets(&mut self, pool: &PoolId) -> Result<()> {
        let sql = "DELETE FROM assets WHERE pool = ?1 AND NOT EXISTS (
                       SELECT 1 FROM asset_uses WHERE asset_uses.pool = assets.pool AND asset_uses.hash = assets.hash
                   )";
        self.run(sql, params![pool]).map(drop)
    }
}
