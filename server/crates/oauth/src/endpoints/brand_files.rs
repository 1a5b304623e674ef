//! `/brand/…`: the pictures and the style sheet that a brand's pages load. They are served under the hash of their
//! content, for ever, unable to do anything else.

use axum::body::Body;
use axum::response::Response;
use branding::{extension_of, media_type};
use http::{HeaderValue, header};
use protocol::idp::AssetExtensionType;

use crate::http::call::Call;
use crate::http::failure::Failure;
use crate::http::site::Site;

/// For what never changes: its address is its content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A drawing that is opened by itself is a document: it runs nothing, loads nothing and is nobody's.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

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
