//! Pages of long lists, by key: no gaps and no repeats, whatever is added or removed meanwhile.

use jiff::Timestamp;

use crate::{Result, StoreError};

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Where the next page begins (an opaque text, to be handed back as `after`); None on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of rows read with [`beyond`] the limit; each comes with its own position.
    pub(crate) fn cut(mut rows: Vec<(String, T)>, limit: usize) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|(position, _)| position.clone()) } else { None };
        Self { items: rows.into_iter().map(|(_, item)| item).collect(), next }
    }
}

/// One row more than asked for, which tells whether there is a next page.
pub(crate) fn beyond(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// The position of a row in a list by time of creation.
pub(crate) fn position(created_at: Timestamp, key: &str) -> String {
    format!("{}:{key}", created_at.as_millisecond())
}

/// Reads such a position; None is the beginning.
pub(crate) fn parse_position(after: Option<&str>) -> Result<(i64, &str)> {
    let Some(after) = after else {
        return Ok((i64::MIN, ""));
    };
    let (time, key) = after.split_once(':').ok_or(StoreError::Position)?;
    Ok((time.parse().map_err(|_| StoreError::Position)?, key))
}
