//! `/confirmUser`: where the link of a verification mail leads.

use axum::response::Response;
use hosted_ui::{Confirmed, ErrorPage, Page, Reason};
use http::{HeaderName, Method, StatusCode};

use crate::http::call::{Call, log};
use crate::http::failure::Failure;
use crate::http::page_context::home;
use crate::http::respond::{empty, respond_for};

/// What browsers say that fetch a page before anybody asks for it (Fetch, `Sec-Purpose`, and its forerunners).
const PREFETCHES: [HeaderName; 3] =
    [HeaderName::from_static("sec-purpose"), HeaderName::from_static("purpose"), HeaderName::from_static("x-moz")];

/// Confirms the account, as Cognito does on GET, and says so on a page. Looking is not opening: a HEAD and a prefetch
/// confirm nothing, since then nobody has read the mail.
pub(crate) async fn confirm_by_link(call: &Call) -> Result<Response, Failure> {
    if call.asked_as == Method::HEAD {
        return Ok(empty(StatusCode::OK));
    }
    let is_prefetch = |name: &HeaderName| {
        let said = call.header(name).to_ascii_lowercase();
        said.contains("prefetch") || said.contains("prerender") || said.contains("preview")
    };
    if PREFETCHES.iter().any(is_prefetch) {
        // Refused, so that the browser asks again when somebody opens the link.
        return Ok(empty(StatusCode::SERVICE_UNAVAILABLE));
    }
    let sent = &call.query;
    let unknown = || Failure::refused("invalid_client", Reason::Client);
    let app = call.site.app(call, sent.get("client_id").ok_or_else(unknown)?).await?.ok_or_else(unknown)?;
    let (Some(username), Some(code)) = (sent.get("user_name"), sent.get("confirmation_code")) else {
        return Err(Failure::refused("invalid_request", Reason::Request));
    };
    let home = home(&app.client);
    let (status, page) = match call.confirm_by_link(&call.ctx, &app, username, code).await {
        Ok(()) => (StatusCode::OK, Page::Confirmed(Confirmed { app: home })),
        Err(error) if error.is_internal() => return Err(error.into()),
        // One answer for every refusal: a guesser learns nothing of who has an account.
        Err(error) => {
            log(call, &error);
            let page =
                ErrorPage { code: "invalid_code".to_owned(), reason: Reason::Link, back: home, facts: Vec::new() };
            (StatusCode::BAD_REQUEST, Page::Error(page))
        }
    };
    Ok(respond_for(call, status, &page, Some(&app)).await)
}
