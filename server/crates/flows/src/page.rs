//! Paging: tokens that only we can read.

use crate::{Ctx, Latchkey};
use domain::{Error, Reason, Result};
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

impl Latchkey {
    /// The position that a page token names within `list`; None without a token.
    ///
    /// # Errors
    /// `InvalidParameterException` for a token of another list, a false or an expired one.
    pub fn open_page(&self, ctx: &Ctx, list: &str, token: Option<&str>) -> Result<Option<String>> {
        let Some(token) = token else { return Ok(None) };
        let refused = || Error::from(Reason::PageTokenInvalid);
        let opened = self.vault.open_state::<Position>(Purpose::PageToken, ctx.now, token).map_err(|_| refused())?;
        if opened.value.list == list { Ok(Some(opened.value.after)) } else { Err(refused()) }
    }

    /// The token of what follows `after`; None where nothing does.
    pub fn seal_page(&self, ctx: &Ctx, list: &str, after: Option<String>) -> Option<String> {
        let position = Position { list: list.to_owned(), after: after? };
        Some(self.seal_state(Purpose::PageToken, ctx.now + LIFETIME, &position))
    }
}
