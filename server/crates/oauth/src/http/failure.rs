//! How a request to the pages ends when it cannot go on.

use axum::response::Response;
use domain::{Error, Reason as R};
use flows::ClientContext;
use hosted_ui::{ErrorPage, Fact, Page, Reason};
use http::StatusCode;

use crate::http::call::{Call, log};
use crate::http::page_context::home;
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
                let app = named_app(call).await;
                let back = app.as_ref().and_then(|app| home(&app.client));
                let facts = if call.settings().dev { facts(call, page.reason, app.as_ref()) } else { Vec::new() };
                let page = Page::Error(ErrorPage { back, facts, ..page });
                respond_for(call, status, &page, app.as_ref()).await
            }
            Told::Page(status, page) => respond_plain(call, status, &Page::Error(page)),
        }
    }

    /// The answer to it, on a page that is nobody's.
    pub(crate) fn into_response(self, call: &Call) -> Response {
        match self.told(call) {
            Told::Elsewhere(response) => response,
            Told::Page(status, page) => respond_plain(call, status, &Page::Error(page)),
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
        Told::Page(status, ErrorPage { code: code.to_owned(), reason, back: None, facts: Vec::new() })
    }
}

/// What a failure comes to.
enum Told {
    /// The browser is sent on.
    Elsewhere(Response),
    /// It stays.
    Page(StatusCode, ErrorPage),
}

/// What a developer needs to see of a request that was refused: what came, and what is registered.
fn facts(call: &Call, reason: Reason, app: Option<&ClientContext>) -> Vec<Fact> {
    let sent = |name| Fact::Sent(name, call.query.get(name).map(str::to_owned));
    match (reason, app) {
        (Reason::Client, _) => vec![sent("client_id")],
        (Reason::Redirect, Some(app)) => {
            let named = ["redirect_uri", "logout_uri", "post_logout_redirect_uri"];
            let named = named.into_iter().find(|name| call.query.get(name).is_some()).unwrap_or("redirect_uri");
            let settings = &app.client.settings;
            let known = if named == "redirect_uri" { &settings.callback_urls } else { &settings.logout_urls };
            let known = known.iter().flatten().cloned().map(Fact::Registered);
            std::iter::once(sent(named)).chain(known).collect()
        }
        _ => Vec::new(),
    }
}

/// The app that the address names, if it is served here: for the page's look and nothing else.
pub(crate) async fn named_app(call: &Call) -> Option<ClientContext> {
    let id = call.query.get("client_id").filter(|_| !call.query.repeats("client_id"))?;
    call.site.app(call, id).await.ok().flatten()
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
