//! The size of a page.

/// A page's size: as asked, else `default`.
pub(crate) fn limit(asked: Option<i32>, default: usize) -> usize {
    asked.and_then(|asked| usize::try_from(asked).ok()).filter(|asked| *asked > 0).unwrap_or(default)
}
