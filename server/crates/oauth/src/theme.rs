//! The brand in force: what pages wear, and the pictures and the style sheet they load for it.
//!
//! What is derived from a brand is kept under its version, so that drawing a page reads little and parses nothing.
//! Pictures and style sheet are served under the hash of their content, for ever, unable to do anything else.

use std::fmt::Write as _;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::response::Response;
use branding::{Brand, extension_of, media_type};
use bytes::Bytes;
use cache::Bounded;
use domain::{ClientId, Result};
use flows::App;
use hosted_ui::Look;
use http::{HeaderValue, header};
use protocol::idp::AssetExtensionType;

use crate::call::Call;
use crate::failure::{Failure, log};
use crate::site::Site;

/// For what never changes: its address is its content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A drawing that is opened by itself is a document: it runs nothing, loads nothing and is nobody's.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// What of a brand pages are rendered with.
pub(crate) struct Theme {
    pub(crate) look: Look,
    style: Bytes,
}

/// Themes by client, version and name: many clients may have one brand, each with an address of its own.
#[derive(Default)]
pub(crate) struct ThemeCache(Bounded<Key, Arc<Theme>>);

type Key = (ClientId, String, String);

impl Call {
    /// How a client's pages look. A brand that can not be read is logged, and the pages are plain.
    pub(crate) async fn theme(&self, app: &App) -> Arc<Theme> {
        let name = self.brand_name(app);
        let theme = self.find_theme(app, &name).await.unwrap_or_else(|error| {
            log(self, &error);
            None
        });
        theme.unwrap_or_else(|| Arc::new(Theme { look: Look::plain(name), style: Bytes::new() }))
    }

    async fn find_theme(&self, app: &App, name: &str) -> Result<Option<Arc<Theme>>> {
        let Some(version) = self.brand_in_force(app, self.site.pages()).await? else { return Ok(None) };
        let key = |version: String| (app.client.id.clone(), version, name.to_owned());
        if let Some(kept) = self.themes.find(&key(version.version.clone())) {
            return Ok(Some(kept));
        }
        let brand = self.brand(&app.pool.id, version).await?;
        Ok(brand.map(|(version, brand)| self.themes.build(key(version), &brand)))
    }

    /// The brand's name: the client's, else the pool's, else the host's.
    pub(crate) fn brand_name(&self, app: &App) -> String {
        let names = [app.client.settings.client_name.as_ref(), app.pool.settings.name.as_ref()];
        names.into_iter().flatten().find(|name| !name.trim().is_empty()).cloned().unwrap_or_else(|| self.host_name())
    }

    /// The name of the site where no app is known.
    pub(crate) fn host_name(&self) -> String {
        match &self.site {
            Site::Pool(_, domain) => domain.host.clone(),
            Site::Main | Site::Nobody => {
                let base = &self.settings().base_url;
                let rest = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
                crate::site::name_of(rest.split('/').next().unwrap_or_default()).to_owned()
            }
        }
    }
}

impl ThemeCache {
    fn find(&self, key: &Key) -> Option<Arc<Theme>> {
        self.0.get(key)
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

/// `/brand/{hash}.{form}`, a picture of any pool on the main host, of its own pool on a pool's domain; and
/// `/brand/{client}/{hash}.css`, a style sheet.
pub(crate) async fn serve(call: &Call, rest: &str) -> Result<Response, Failure> {
    if let Some((client, sheet)) = rest.split_once('/') {
        return serve_style(call, client, sheet).await;
    }
    let (hash, form) = rest.split_once('.').ok_or_else(Failure::not_found)?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let kind = AssetExtensionType::ALL.iter().find(|kind| extension_of(**kind) == form);
    let (true, Some(kind)) = (is_hash, kind) else { return Err(Failure::not_found()) };
    let pool = match &call.site {
        Site::Pool(pool, _) => Some(pool.clone()),
        Site::Main | Site::Nobody => None,
    };
    let picture = call.served_picture(pool, hash, form).await?.ok_or_else(Failure::not_found)?;
    Ok(respond(media_type(*kind), Body::from(picture), FOR_EVER))
}

/// A page may be older than the brand, or drawn by a server of another release: it gets the style sheet there is now,
/// but not for ever.
async fn serve_style(call: &Call, client: &str, sheet: &str) -> Result<Response, Failure> {
    if sheet.strip_suffix(".css").is_none_or(|hash| hash.len() != 32) {
        return Err(Failure::not_found());
    }
    let app = call.site.app(call, client).await?.ok_or_else(Failure::not_found)?;
    let theme = call.theme(&app).await;
    let address = theme.look.brand_style.as_deref().ok_or_else(Failure::not_found)?;
    let is_this = address.ends_with(&format!("/{client}/{sheet}"));
    let kept = if is_this { FOR_EVER } else { HeaderValue::from_static("no-store") };
    Ok(respond("text/css; charset=utf-8", Body::from(theme.style.clone()), kept))
}

fn respond(media_type: &'static str, body: Body, kept: HeaderValue) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, kept);
    headers.insert(header::CONTENT_SECURITY_POLICY, INERT);
    response
}
