//! Paging: tokens that only we can read.

use crate::request::Request;
use domain::{Error, Result};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tokens::Purpose;

/// How long a page token may be kept.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

#[derive(Serialize, Deserialize)]
struct Position {
    /// Which list, of what: a token of one list is no token of another.
    list: String,
    after: String,
}

impl Request {
    /// The position that a page token names within `list`; None without a token.
    pub(crate) fn open_page(&self, list: &str, token: Option<&str>) -> Result<Option<String>> {
        let Some(token) = token else { return Ok(None) };
        let refused = || Error::invalid_parameter("Invalid pagination token.");
        let opened = self
            .vault
            .open_state::<Position>(Purpose::PageToken, self.now(), token)
            .map_err(|_| refused())?;
        if opened.value.list == list {
            Ok(Some(opened.value.after))
        } else {
            Err(refused())
        }
    }

    /// The token of what follows `after`; None where nothing does.
    pub(crate) fn seal_page(&self, list: &str, after: Option<String>) -> Option<String> {
        let position = Position {
            list: list.to_owned(),
            after: after?,
        };
        Some(self.vault.seal_state(
            Purpose::PageToken,
            self.now() + LIFETIME,
            &position,
            self.world.entropy(),
        ))
    }
}

/// A page's size: as asked, else `default`.
pub(crate) fn limit(asked: Option<i32>, default: usize) -> usize {
    asked
        .and_then(|asked| usize::try_from(asked).ok())
        .filter(|asked| *asked > 0)
        .unwrap_or(default)
}
