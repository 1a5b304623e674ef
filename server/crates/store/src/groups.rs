//! Groups and who is in them.

use domain::{Group, GroupName, PoolId, User, Username};

use crate::connection::{Reader, Tx};
use crate::page::{Page, beyond};
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// A group.
    ///
    /// # Errors
    /// The database's.
    pub fn group(&mut self, pool: &PoolId, name: &GroupName) -> Result<Option<Group>> {
        let sql = "SELECT doc FROM groups WHERE pool = ?1 AND name = ?2";
        self.row(sql, params![pool, name], |row| row.json(0))
    }

    /// Groups of a pool, by name.
    ///
    /// # Errors
    /// The database's.
    pub fn groups(&mut self, pool: &PoolId, after: Option<&str>, limit: usize) -> Result<Page<Group>> {
        let sql = "SELECT name, doc FROM groups WHERE pool = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
        let values = params![pool, after.unwrap_or_default(), beyond(limit)];
        let rows = self.rows(sql, values, |row| Ok((row.text(0)?, row.json(1)?)))?;
        Ok(Page::cut(rows, limit))
    }

    /// All groups a user is in, as they count: by precedence (none last), then by name.
    ///
    /// # Errors
    /// The database's.
    pub fn groups_of_user(&mut self, pool: &PoolId, username: &Username) -> Result<Vec<Group>> {
        let sql = "SELECT g.doc FROM memberships m JOIN groups g ON g.pool = m.pool AND g.name = m.group_name
                   WHERE m.pool = ?1 AND m.username = ?2
                   ORDER BY g.precedence IS NULL, g.precedence, g.name";
        self.rows(sql, params![pool, username], |row| row.json(0))
    }

    /// Users in a group, by username.
    ///
    /// # Errors
    /// The database's.
    pub fn users_in_group(
        &mut self,
        pool: &PoolId,
        group: &GroupName,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<User>> {
        let sql = "SELECT u.username, u.doc FROM memberships m
                   JOIN users u ON u.pool = m.pool AND u.username = m.username
                   WHERE m.pool = ?1 AND m.group_name = ?2 AND m.username > ?3 ORDER BY m.username LIMIT ?4";
        let values = params![pool, group, after.unwrap_or_default(), beyond(limit)];
        let rows = self.rows(sql, values, |row| Ok((row.text(0)?, row.json(1)?)))?;
        Ok(Page::cut(rows, limit))
    }
}

impl Tx {
    /// Adds a group.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`group`); [`StoreError::Orphan`] without its pool; the database's.
    pub fn insert_group(&mut self, group: &Group) -> Result<()> {
        let doc = serde_json::to_string(group)?;
        let sql = "INSERT INTO groups (pool, name, precedence, doc) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.insert("group", sql, params![&group.pool, &group.name, group.precedence.map(i64::from), &doc])
    }

    /// Changes a group; None where there is none. Its name and pool stay.
    ///
    /// # Errors
    /// The function's; else the database's.
    pub fn update_group<R, E: From<StoreError>>(
        &mut self,
        pool: &PoolId,
        name: &GroupName,
        change: impl FnOnce(&mut Group) -> Result<R, E>,
    ) -> Result<Option<R>, E> {
        let sql = "SELECT doc FROM groups WHERE pool = ?1 AND name = ?2";
        let found = self.row_to_update(sql, params![pool, name], |row| row.json_to_update::<Group>(0))?;
        let Some((mut group, original)) = found else {
            return Ok(None);
        };
        let result = change(&mut group)?;
        let doc = original.rewrite(&group)?;
        let sql = "UPDATE groups SET precedence = ?3, doc = ?4 WHERE pool = ?1 AND name = ?2";
        self.run(sql, params![pool, name, group.precedence.map(i64::from), &doc])?;
        Ok(Some(result))
    }

    /// Removes a group, not its members; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_group(&mut self, pool: &PoolId, name: &GroupName) -> Result<bool> {
        Ok(self.run("DELETE FROM groups WHERE pool = ?1 AND name = ?2", params![pool, name])? > 0)
    }

    /// Puts a user into a group; false where it is in it already.
    ///
    /// # Errors
    /// [`StoreError::Orphan`] where there is no such user or group; the database's.
    pub fn add_to_group(&mut self, pool: &PoolId, username: &Username, group: &GroupName) -> Result<bool> {
        let sql = "INSERT INTO memberships (pool, username, group_name) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        Ok(self.run(sql, params![pool, username, group])? > 0)
    }

    /// Takes a user out of a group; false where it is not in it.
    ///
    /// # Errors
    /// The database's.
    pub fn remove_from_group(&mut self, pool: &PoolId, username: &Username, group: &GroupName) -> Result<bool> {
        let sql = "DELETE FROM memberships WHERE pool = ?1 AND username = ?2 AND group_name = ?3";
        Ok(self.run(sql, params![pool, username, group])? > 0)
    }
}
