//! Paging: tokens that only we can read.

use domain::{Error, Reason, Result};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::Reader;
use tokens::Purpose;

use crate::{Ctx, Latchkey};

/// How long a page token may be kept.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest<'a> {
    /// The token of the page; None for the first one.
    pub token: Option<&'a str>,
    /// Most items on it.
    pub limit: usize,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The token of the next page; None on the last one.
    pub next_token: Option<String>,
}

impl<T> Page<T> {
    /// The same page with other items in the place of these.
    pub(crate) fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next_token: self.next_token }
    }
}

#[derive(Serialize, Deserialize)]
struct Position {
    /// Which list, of what: a token of one list is no token of another.
    list: String,
    after: String,
}

impl Latchkey {
    /// Reads a page of `list`; `read` is given the position before it and the most items.
    ///
    /// # Errors
    /// [`Reason::PageTokenInvalid`] for a token of another list, a false or an expired one; the function's.
    pub(crate) async fn read_page<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        list: &str,
        page: PageRequest<'_>,
        read: impl FnOnce(&mut Reader, Option<&str>, usize) -> Result<store::Page<T>> + Send + 'static,
    ) -> Result<Page<T>> {
        let (after, limit) = (self.open_page(ctx, list, page.token)?, page.limit);
        let found = self.store.read(move |r| read(r, after.as_deref(), limit)).await?;
        Ok(Page { items: found.items, next_token: self.seal_page(ctx, list, found.next) })
    }

    /// The position that a page token names within `list`; None without a token.
    ///
    /// # Errors
    /// [`Reason::PageTokenInvalid`]
    pub(crate) fn open_page(&self, ctx: &Ctx, list: &str, token: Option<&str>) -> Result<Option<String>> {
        let Some(token) = token else { return Ok(None) };
        let refused = || Error::from(Reason::PageTokenInvalid);
        let opened = self.vault.open_state::<Position>(Purpose::PageToken, ctx.now, token).map_err(|_| refused())?;
        if opened.value.list == list { Ok(Some(opened.value.after)) } else { Err(refused()) }
    }

    /// The token of what follows `after`; None where nothing does.
    pub(crate) fn seal_page(&self, ctx: &Ctx, list: &str, after: Option<String>) -> Option<String> {
        let position = Position { list: list.to_owned(), after: after? };
        Some(self.seal_state(Purpose::PageToken, ctx.now + LIFETIME, &position))
    }
}
