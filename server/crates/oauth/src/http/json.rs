//! Answers to programs: JSON, CORS, and OAuth's errors (RFC 6749 §5.2).

use axum::body::Body;
use axum::response::Response;
use domain::Error;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::http::call::{Call, log};
use crate::http::error;

/// An OAuth error.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) error: &'static str,
    pub(crate) description: Option<&'static str>,
    pub(crate) challenge: Option<HeaderValue>,
}

impl Refusal {
    /// Status 400.
    pub(crate) fn new(error: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: None, challenge: None }
    }

    /// `invalid_request` and what is invalid.
    pub(crate) fn invalid_request(description: &'static str) -> Self {
        Self { description: Some(description), ..Self::new("invalid_request") }
    }

    /// `invalid_client`. A client that came with an Authorization header is told how to authenticate
    /// (RFC 6749 §5.2).
    pub(crate) fn invalid_client(by_header: bool) -> Self {
        let challenge = by_header.then(|| HeaderValue::from_static("Basic realm=\"oauth2\", charset=\"UTF-8\""));
        let status = if by_header { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { status, challenge, ..Self::new("invalid_client") }
    }

    /// `server_error`: a fault of ours.
    pub(crate) fn server_error() -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, ..Self::new("server_error") }
    }

    /// The OAuth face of an error.
    pub(crate) fn of(call: &Call, refused: &Error) -> Self {
        log(call, refused);
        let (code, status) = error::code(&refused.reason);
        Self { status, ..Self::new(code) }
    }

    /// As JSON.
    pub(crate) fn into_response(self) -> Response {
        let mut body = json!({ "error": self.error });
        if let (Some(description), Some(body)) = (self.description, body.as_object_mut()) {
            body.insert("error_description".to_owned(), description.into());
        }
        let mut response = document(self.status, &body);
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A JSON document that no cache keeps.
pub(crate) fn document(status: StatusCode, body: &Value) -> Response {
    let mut response = empty(status);
    *response.body_mut() = Body::from(body.to_string());
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// No body, and so no content type.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// Any origin may call: no cookie is read there.
pub(crate) fn allow_any_origin(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*, WWW-Authenticate"));
    response
}

/// The answer to a preflight.
pub(crate) fn preflight(call: &Call, methods: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let asked = call.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let headers = response.headers_mut();
    if let Ok(methods) = HeaderValue::from_str(methods) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    let allowed = asked.unwrap_or(HeaderValue::from_static("authorization, content-type"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    headers.insert(header::VARY, HeaderValue::from_static("access-control-request-headers"));
    allow_any_origin(response)
}
