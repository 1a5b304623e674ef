//! The brand's pictures as they are served: under the hash of their content, for ever, and unable to do anything.

use crate::call::Call;
use crate::failure::Failure;
use crate::site::Site;
use axum::body::Body;
use axum::response::Response;
use domain::media_type;
use http::{HeaderValue, header};
use protocol::idp::AssetExtensionType;

/// For what never changes: its address is its content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A drawing that is opened by itself is a document: it runs nothing, loads nothing and is nobody's.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// `/brand/{hash}.{form}`: a picture of any pool on the main host, of its own pool on a pool's domain.
pub(crate) async fn serve(call: &Call, rest: &str) -> Result<Response, Failure> {
    let (hash, form) = rest.split_once('.').ok_or_else(Failure::not_found)?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let kind = AssetExtensionType::ALL.iter().find(|kind| domain::extension_of(**kind) == form);
    let (true, Some(kind)) = (is_hash, kind) else { return Err(Failure::not_found()) };
    let pool = match &call.site {
        Site::Pool(pool) => Some(pool.clone()),
        Site::Main | Site::Nobody => None,
    };
    let picture = call.served_picture(pool, hash, form).await?.ok_or_else(Failure::not_found)?;
    Ok(respond(media_type(*kind), Body::from(picture)))
}

fn respond(media_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, INERT);
    response
}
