//! Files that pages load, embedded in the binary.
//!
//! What the hosted pages load is served below an address with a fingerprint of the whole set, so that it may be kept
//! for ever and files that load one another are of one build. The demo and the SDK have plain addresses, in dev mode.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// A file that the build laid out.
pub(crate) struct Embedded {
    name: &'static str,
    content_type: &'static str,
    sha256: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

/// Compressed forms of a hand-written file.
pub(crate) struct Compressed {
    name: &'static str,
    br: &'static [u8],
    gz: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A file as it is served.
#[derive(Clone, Copy)]
struct File {
    content_type: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

impl From<&Embedded> for File {
    fn from(file: &Embedded) -> Self {
        Self { content_type: file.content_type, plain: file.plain, br: file.br, gz: file.gz }
    }
}

/// The hosted pages' files by name.
static PAGES: LazyLock<HashMap<&'static str, File>> = LazyLock::new(|| {
    let written = hosted_ui::assets().iter().map(|asset| {
        let compressed = WRITTEN.iter().find(|file| file.name == asset.name);
        let file = File {
            content_type: asset.content_type,
            plain: asset.bytes,
            br: compressed.map(|file| file.br),
            gz: compressed.map(|file| file.gz),
        };
        (asset.name, file)
    });
    let made = SITE.iter().filter_map(|file| Some((file.name.strip_prefix("ui/")?, File::from(file))));
    written.chain(made).collect()
});

/// Where the hosted pages' files are; no scripts where the islands were not built in.
pub fn pages() -> oauth::Assets {
    let address = |name: &str| format!("/assets/{FINGERPRINT}/{name}");
    let has_islands = PAGES.contains_key("islands_glue.js") && PAGES.contains_key("islands_glue_bg.wasm");
    oauth::Assets {
        style: address("style.css"),
        script: has_islands.then(|| address("island.js")),
        favicon: address("favicon.svg"),
    }
}

/// Serves the hosted pages' files.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{fingerprint}/{name}", get(page_file))
}

async fn page_file(Path((fingerprint, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    match PAGES.get(name.as_str()) {
        Some(file) if fingerprint == FINGERPRINT => {
            let mut response = negotiate(file, &headers);
            let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
            response.headers_mut().insert(header::CACHE_CONTROL, forever);
            response
        }
        _ => missing(),
    }
}

/// A file of the demo or the SDK (`demo/demo.js`), which the browser asks for anew each time.
pub(crate) fn plain_file(name: &str, headers: &HeaderMap) -> Response {
    let Some(embedded) = SITE.iter().find(|file| file.name == name) else { return missing() };
    let etag = format!("\"{}\"", embedded.sha256.get(..32).unwrap_or(embedded.sha256));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.contains(&etag)) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        negotiate(&File::from(embedded), headers)
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    response
}

/// Whether the build laid this file out.
pub(crate) fn has(name: &str) -> bool {
    SITE.iter().any(|file| file.name == name)
}

/// The file in the smallest form that is accepted.
fn negotiate(file: &File, headers: &HeaderMap) -> Response {
    let (bytes, encoding) = match (file.br, file.gz) {
        (Some(br), _) if accepts(headers, "br") => (br, Some("br")),
        (_, Some(gz)) if accepts(headers, "gzip") => (gz, Some("gzip")),
        _ => (file.plain, None),
    };
    let mut response = Response::new(Body::from(Bytes::from_static(bytes)));
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    // A worker obeys the policy of its own response.
    answer.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"),
    );
    response
}

/// Whether a coding is accepted (RFC 9110 §12.5.3; `*` is not taken as leave to compress).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && parts
                .find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")))
                .is_none_or(|q| q.parse().is_ok_and(|q: f32| q > 0.0))
    })
}

/// 404
pub(crate) fn missing() -> Response {
    let mut response = Response::new(Body::from("Not found\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::body::to_bytes;
    use http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn ask(path: &str, accept: &str) -> (StatusCode, HeaderMap, Bytes) {
        let request = Request::get(path).header("accept-encoding", accept).body(Body::empty()).unwrap();
        let response = router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    #[tokio::test]
    async fn pages_files_are_kept_for_ever_in_the_smallest_form_accepted() {
        let style = pages().style;
        let (_, plain, whole) = ask(&style, "").await;
        assert_eq!(plain.get("content-type").unwrap(), "text/css; charset=utf-8");
        assert!(plain.get("cache-control").unwrap().to_str().unwrap().contains("immutable"));
        assert!(plain.get("content-encoding").is_none());
        for (accept, encoding) in [("gzip, br", Some("br")), ("gzip;q=0.5, br;q=0", Some("gzip")), ("identity", None)] {
            let (status, headers, body) = ask(&style, accept).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(headers.get("content-encoding").map(|value| value.to_str().unwrap()), encoding);
            assert_eq!(body.len() < whole.len(), encoding.is_some());
        }
    }

    #[tokio::test]
    async fn other_names_and_other_builds_are_not_found() {
        let style = pages().style;
        assert_eq!(ask(&style.replace(FINGERPRINT, "0000000000000000"), "").await.0, StatusCode::NOT_FOUND);
        assert_eq!(ask(&style.replace("style.css", "..%2f..%2fCargo.toml"), "").await.0, StatusCode::NOT_FOUND);
    }
}
