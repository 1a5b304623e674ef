//! The brand in force: what pages are rendered with, and the style sheet they load for it.
//!
//! What is derived from a brand is kept under its version, so that drawing a page reads little and parses nothing.

use std::fmt::Write as _;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use branding::Brand;
use bytes::Bytes;
use cache::Bounded;
use domain::{ClientId, Result};
use flows::{ClientContext, Latchkey, Pages};
use hosted_ui::Look;

/// What of a brand pages are rendered with.
pub(crate) struct Theme {
    pub(crate) look: Look,
    pub(crate) style: Bytes,
}

impl Theme {
    /// Our own look, with nothing but a name.
    pub(crate) fn plain(name: String) -> Self {
        Self { look: Look::plain(name), style: Bytes::new() }
    }
}

/// Themes by client, version and name: many clients may have one brand, each with an address of its own.
#[derive(Default)]
pub(crate) struct ThemeCache(Bounded<Key, Arc<Theme>>);

type Key = (ClientId, String, String);

impl ThemeCache {
    /// The theme of a client's pages under a name; None where no brand is in force.
    pub(crate) async fn find(
        &self,
        latchkey: &Latchkey,
        app: &ClientContext,
        pages: Pages,
        name: &str,
    ) -> Result<Option<Arc<Theme>>> {
        let Some(version) = latchkey.brand_in_force(app, pages).await? else { return Ok(None) };
        let key = |version: String| (app.client.id.clone(), version, name.to_owned());
        if let Some(kept) = self.0.get(&key(version.version.clone())) {
            return Ok(Some(kept));
        }
        let brand = latchkey.brand(&app.pool.id, version).await?;
        Ok(brand.map(|(version, brand)| self.build(key(version), &brand)))
    }

    fn build(&self, key: Key, brand: &Brand) -> Arc<Theme> {
        let (client, _, name) = &key;
        let branding::Theme { mut look, style, notes } = brand.theme(name);
        for note in notes {
            tracing::warn!(client = client.as_str(), "the brand is hard to read: {note}");
        }
        look.brand_style = (!style.is_empty()).then(|| address_of(client, &style));
        let theme = Arc::new(Theme { look, style: style.into() });
        self.0.insert(key, Arc::clone(&theme));
        theme
    }
}

/// Where a client's style sheet is served: the client tells any server how to make it, the hash which one it is.
fn address_of(client: &ClientId, style: &str) -> String {
    let hash = digest(&SHA256, style.as_bytes());
    let hash = hash.as_ref().iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    format!("/brand/{client}/{hash}.css")
}
