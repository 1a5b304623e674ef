//! Tokens that are used once, what counts no longer, and which refresh token is the latest.

use jiff::Timestamp;

use crate::Result;
use crate::connection::{Reader, Tx};
use crate::value::params;

/// Where a rotating refresh token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshFamily {
    /// How often it was rotated; a token of this generation is the latest.
    pub generation: i64,
    /// When it was last rotated: the token before it works on for the client's grace period.
    pub rotated_at: Timestamp,
}

impl Reader {
    /// Whether the id of a sealed token has been consumed.
    ///
    /// # Errors
    /// The database's.
    pub fn is_consumed(&mut self, id: &[u8]) -> Result<bool> {
        Ok(self.row("SELECT 1 FROM consumed_tokens WHERE id = ?1", params![id], |_| Ok(()))?.is_some())
    }

    /// Whether the tokens that began with this one are revoked.
    ///
    /// # Errors
    /// The database's.
    pub fn is_revoked(&mut self, origin_jti: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM revocations WHERE origin_jti = ?1";
        Ok(self.row(sql, params![origin_jti], |_| Ok(()))?.is_some())
    }

    /// Where the refresh tokens that began with this one stand; None before the first rotation.
    ///
    /// # Errors
    /// The database's.
    pub fn refresh_family(&mut self, origin_jti: &str) -> Result<Option<RefreshFamily>> {
        let sql = "SELECT generation, rotated_at FROM refresh_families WHERE origin_jti = ?1";
        self.row(sql, params![origin_jti], |row| {
            Ok(RefreshFamily { generation: row.int(0)?, rotated_at: row.time(1)? })
        })
    }
}

impl Tx {
    /// Consumes the id of a sealed token: true exactly once. It is remembered until `expires_at`, after
    /// which the token itself must be refused.
    ///
    /// # Errors
    /// The database's.
    pub fn consume(&mut self, id: &[u8], expires_at: Timestamp) -> Result<bool> {
        let sql = "INSERT INTO consumed_tokens (id, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        Ok(self.run(sql, params![id, expires_at])? > 0)
    }

    /// Revokes all tokens that began with this one, remembered until the last of them has expired.
    ///
    /// # Errors
    /// The database's.
    pub fn revoke(&mut self, origin_jti: &str, expires_at: Timestamp) -> Result<()> {
        let sql = "INSERT INTO revocations (origin_jti, expires_at) VALUES (?1, ?2)
                   ON CONFLICT (origin_jti) DO UPDATE SET expires_at = excluded.expires_at
                   WHERE revocations.expires_at < excluded.expires_at";
        self.run(sql, params![origin_jti, expires_at]).map(drop)
    }

    /// Rotates from `generation` (0 at first) to the next; false where somebody else already did.
    ///
    /// # Errors
    /// The database's.
    pub fn advance_refresh_family(
        &mut self,
        origin_jti: &str,
        generation: i64,
        rotated_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool> {
        let moved = match generation {
            0 => {
                let sql = "INSERT INTO refresh_families (origin_jti, generation, rotated_at, expires_at)
                           VALUES (?1, 1, ?2, ?3) ON CONFLICT DO NOTHING";
                self.run(sql, params![origin_jti, rotated_at, expires_at])?
            }
            _ => {
                let sql = "UPDATE refresh_families SET generation = generation + 1, rotated_at = ?3, expires_at = ?4
                           WHERE origin_jti = ?1 AND generation = ?2";
                self.run(sql, params![origin_jti, generation, rotated_at, expires_at])?
            }
        };
        Ok(moved > 0)
    }
}
