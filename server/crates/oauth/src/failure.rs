//! How a request to the pages ends when it cannot go on.

use crate::call::Call;
use crate::page::{redirect, respond_plain};
use axum::response::Response;
use domain::Error;
use hosted_ui::{ErrorPage, Page, Reason};
use http::StatusCode;
use protocol::ErrorName;

/// The end of a request.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An error page: the browser is sent nowhere.
    Refused {
        /// A 4xx.
        status: StatusCode,
        /// As protocols spell it.
        code: &'static str,
        /// The sentence.
        reason: Reason,
    },
    /// Back to the app, at an address that is its own.
    Redirect(String),
    /// A fault of ours, or a refusal that no page expects.
    Error(Error),
}

impl Failure {
    /// An error page with status 400.
    pub(crate) fn refused(code: &'static str, reason: Reason) -> Self {
        Self::Refused { status: StatusCode::BAD_REQUEST, code, reason }
    }

    /// No such page.
    pub(crate) fn not_found() -> Self {
        Self::Refused { status: StatusCode::NOT_FOUND, code: "not_found", reason: Reason::NotFound }
    }

    /// The answer to it.
    pub(crate) fn into_response(self, call: &Call) -> Response {
        let (status, code, reason) = match self {
            Self::Refused { status, code, reason } => (status, code, reason),
            Self::Redirect(location) => return redirect(call, StatusCode::FOUND, &location, Vec::new()),
            Self::Error(error) => {
                log(call, &error);
                match error.name {
                    ErrorName::TooManyRequests => {
                        (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", Reason::Busy)
                    }
                    _ => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", Reason::Server),
                }
            }
        };
        let page = Page::Error(ErrorPage { code: code.to_owned(), reason, back: None });
        respond_plain(call, status, &page)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Faults of ours go to the log with the request's id; refusals are the caller's business.
pub(crate) fn log(call: &Call, error: &Error) {
    if error.name.http_status() >= 500 {
        tracing::error!(request_id = call.id.as_str(), "{error}");
    } else {
        tracing::debug!(request_id = call.id.as_str(), "{error}");
    }
}
