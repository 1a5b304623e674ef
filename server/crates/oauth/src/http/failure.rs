//! How a request to the pages ends when it cannot go on.

use axum::response::Response;
use domain::{Error, Reason as R};
use flows::App;
use hosted_ui::{ErrorPage, Page, Reason};
use http::StatusCode;

use crate::http::call::{Call, log};
use crate::http::respond::{redirect, respond_for, respond_plain};

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

    /// The answer to it, on a page that looks like the app's where the request names one. After a fault of ours nothing
    /// more is read.
    pub(crate) async fn into_page(self, call: &Call) -> Response {
        match self.told(call) {
            Told::Elsewhere(response) => response,
            Told::Page(status, page) if status.is_client_error() => {
                respond_for(call, status, &page, named_app(call).await.as_ref()).await
            }
            Told::Page(status, page) => respond_plain(call, status, &page),
        }
    }

    /// The answer to it, on a page that is nobody's.
    pub(crate) fn into_response(self, call: &Call) -> Response {
        match self.told(call) {
            Told::Elsewhere(response) => response,
            Told::Page(status, page) => respond_plain(call, status, &page),
        }
    }

    fn told(self, call: &Call) -> Told {
        let (status, code, reason) = match self {
            Self::Refused { status, code, reason } => (status, code, reason),
            Self::Redirect(location) => {
                return Told::Elsewhere(redirect(call, StatusCode::FOUND, &location, Vec::new()));
            }
            Self::Error(error) => {
                log(call, &error);
                match error.reason {
                    R::Busy | R::CodeLimit | R::RateExceeded => {
                        (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", Reason::Busy)
                    }
                    _ => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", Reason::Server),
                }
            }
        };
        Told::Page(status, Page::Error(ErrorPage { code: code.to_owned(), reason, back: None }))
    }
}

/// What a failure comes to.
enum Told {
    /// The browser is sent on.
    Elsewhere(Response),
    /// It stays.
    Page(StatusCode, Page),
}

/// The app that the address names, if it is served here: for the page's look and nothing else.
pub(crate) async fn named_app(call: &Call) -> Option<App> {
    let id = call.query.get("client_id").filter(|_| !call.query.repeats("client_id"))?;
    call.site.app(call, id).await.ok().flatten()
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
