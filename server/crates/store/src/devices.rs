//! Tracked devices.

use domain::{Device, DeviceKey, PoolId, Username};

use crate::connection::{Reader, Tx};
use crate::page::{Page, beyond, parse_position, position};
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// A device of a user.
    ///
    /// # Errors
    /// The database's.
    pub fn device(&mut self, pool: &PoolId, username: &Username, key: &DeviceKey) -> Result<Option<Device>> {
        let sql = "SELECT doc FROM devices WHERE pool = ?1 AND username = ?2 AND device_key = ?3";
        self.row(sql, params![pool, username, key], |row| row.json(0))
    }

    /// Devices of a user, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Position`]; the database's.
    pub fn devices(
        &mut self,
        pool: &PoolId,
        username: &Username,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Device>> {
        let (time, key) = parse_position(after)?;
        let sql = "SELECT doc FROM devices WHERE pool = ?1 AND username = ?2 AND (created_at, device_key) > (?3, ?4)
                   ORDER BY created_at, device_key LIMIT ?5";
        let rows = self.rows(sql, params![pool, username, time, key, beyond(limit)], |row| {
            let device: Device = row.json(0)?;
            Ok((position(device.created_at, device.key.as_str()), device))
        })?;
        Ok(Page::cut(rows, limit))
    }
}

impl Tx {
    /// Adds a device to a user.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`device`); [`StoreError::Orphan`] without the user; the database's.
    pub fn insert_device(&mut self, pool: &PoolId, username: &Username, device: &Device) -> Result<()> {
        let doc = serde_json::to_string(device)?;
        let sql = "INSERT INTO devices (pool, username, device_key, created_at, doc) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO NOTHING";
        self.insert("device", sql, params![pool, username, &device.key, device.created_at, &doc])
    }

    /// Changes a device; None where there is none. Its key and time of creation stay.
    ///
    /// # Errors
    /// The function's; else the database's.
    pub fn update_device<R, E: From<StoreError>>(
        &mut self,
        pool: &PoolId,
        username: &Username,
        key: &DeviceKey,
        change: impl FnOnce(&mut Device) -> Result<R, E>,
    ) -> Result<Option<R>, E> {
        let sql = "SELECT doc FROM devices WHERE pool = ?1 AND username = ?2 AND device_key = ?3";
        let found = self.row_to_update(sql, params![pool, username, key], |row| row.json_to_update(0))?;
        let Some((mut device, original)) = found else {
            return Ok(None);
        };
        let result = change(&mut device)?;
        let doc = original.rewrite(&device)?;
        let sql = "UPDATE devices SET doc = ?4 WHERE pool = ?1 AND username = ?2 AND device_key = ?3";
        self.run(sql, params![pool, username, key, &doc])?;
        Ok(Some(result))
    }

    /// Removes a device; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_device(&mut self, pool: &PoolId, username: &Username, key: &DeviceKey) -> Result<bool> {
        let sql = "DELETE FROM devices WHERE pool = ?1 AND username = ?2 AND device_key = ?3";
        Ok(self.run(sql, params![pool, username, key])? > 0)
    }
}
