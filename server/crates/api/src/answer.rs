//! The AWS face of results and errors.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

use crate::error::Error;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-amzn-errormessage");

/// What goes back.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A JSON document.
    Document(Vec<u8>),
    /// Success without a body.
    Empty,
    /// A refusal or fault.
    Error(Error),
}

impl Answer {
    /// The HTTP response, marked with the request's id.
    pub(crate) fn into_response(self, request_id: &str) -> Response {
        let (status, body, error) = match self {
            Self::Document(body) => (StatusCode::OK, body, None),
            Self::Empty => (StatusCode::OK, Vec::new(), None),
            Self::Error(error) => {
                let status = StatusCode::from_u16(error.name.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
                let body = json!({ "__type": error.name.as_str(), "message": error.message });
                (status, body.to_string().into_bytes(), Some(error))
            }
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, CONTENT_TYPE);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(error) = error {
            if let Ok(name) = HeaderValue::from_str(&format!("{}:", error.name.as_str())) {
                headers.insert(ERROR_TYPE, name);
            }
            if let Ok(said) = HeaderValue::from_str(&header_text(&error.message)) {
                headers.insert(ERROR_MESSAGE, said);
            }
        }
        response
    }
}

/// A message as a header can carry it: one line of ASCII, of bounded length.
fn header_text(said: &str) -> String {
    said.chars()
        .take(1_024)
        .map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { ' ' })
        .collect::<String>()
        .trim()
        .to_owned()
}
