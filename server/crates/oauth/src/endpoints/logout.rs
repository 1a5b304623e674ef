//! `/logout`: Cognito's two forms, and OpenID Connect RP-Initiated Logout 1.0.

use axum::response::Response;
use domain::ClientId;
use flows::ClientContext;
use hosted_ui::{Page, Reason, SignedOut};
use http::{HeaderValue, Method, StatusCode};

use crate::authorization::{append, judge};
use crate::http::call::Call;
use crate::http::cookies::STEP;
use crate::http::failure::Failure;
use crate::http::params::{Params, encode};
use crate::http::respond::{self, redirect};

/// Ends the browser's sign-in, then goes where a registered address says. The session ends in any case: an address
/// that is not registered only keeps the browser here.
pub(crate) async fn logout(call: &Call) -> Result<Response, Failure> {
    let posted = if call.method == Method::POST { call.form() } else { None };
    let sent = posted.as_ref().unwrap_or(&call.query);
    // Where nobody is named whose session could end, all of them do.
    let app = find_app(call, sent).await.ok().flatten();
    let mut cleared: Vec<HeaderValue> = call.clear_cookie(STEP).into_iter().collect();
    for (name, cookie) in call.session_cookies(app.as_ref().map(|app| &app.pool.id)) {
        call.end_browser_session(cookie).await?;
        cleared.extend(call.clear_cookie(&name));
    }
    let status = if call.method == Method::POST { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
    let mut response = match next(call, sent).await {
        Ok(Some(location)) => redirect(call, status, &location, Vec::new()),
        Ok(None) => {
            let app = find_app(call, sent).await?;
            let urls = app.as_ref().and_then(|app| app.client.settings.logout_urls.as_deref()).unwrap_or_default();
            let page = Page::SignedOut(SignedOut { sign_in: None, app: urls.first().cloned() });
            respond::respond_for(call, StatusCode::OK, &page, app.as_ref()).await
        }
        Err(failure) => failure.into_page(call).await,
    };
    for cookie in cleared {
        response.headers_mut().append(http::header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Where to; None for nowhere.
async fn next(call: &Call, sent: &Params) -> Result<Option<String>, Failure> {
    let mismatch = || Failure::refused("redirect_mismatch", Reason::Redirect);
    let doubled = ["client_id", "logout_uri", "redirect_uri", "post_logout_redirect_uri", "id_token_hint", "state"];
    if doubled.iter().any(|name| sent.repeats(name)) {
        return Err(Failure::refused("invalid_request", Reason::Request)); // RFC 6749 §3.1
    }
    let app = find_app(call, sent).await?;
    if let Some(uri) = sent.get("logout_uri") {
        // Cognito: everything else is ignored.
        let known = app.is_some_and(|app| app.client.has_logout_url(uri));
        return if known { Ok(Some(uri.to_owned())) } else { Err(mismatch()) };
    }
    if let Some(uri) = sent.get("post_logout_redirect_uri") {
        // RP-Initiated Logout §3: registered, character for character; state goes back.
        let known = app.is_some_and(|app| app.client.has_logout_url(uri));
        let state = encode(&[("state", sent.get("state"))]);
        return match (known, state.is_empty()) {
            (false, _) => Err(mismatch()),
            (true, true) => Ok(Some(uri.to_owned())),
            (true, false) => Ok(Some(append(uri, &state, false))),
        };
    }
    if sent.get("redirect_uri").is_some() {
        // Cognito: sign out and sign in again.
        let request = judge(call).await?;
        return Ok(Some(format!("/login?{}", request.query)));
    }
    Ok(None)
}

/// The client: named, or whom the ID token was made for; both must agree (RP-Initiated Logout §2).
async fn find_app(call: &Call, sent: &Params) -> Result<Option<ClientContext>, Failure> {
    let refused = || Failure::refused("invalid_client", Reason::Client);
    let hinted = match sent.get("id_token_hint") {
        Some(token) => Some(call.client_of_id_hint(token).await.ok_or_else(refused)?),
        None => None,
    };
    let id = match (sent.get("client_id"), hinted) {
        (Some(named), Some(hinted)) if named != hinted.as_str() => return Err(refused()),
        (Some(named), _) => ClientId::from(named),
        (None, Some(hinted)) => hinted,
        (None, None) => return Ok(None),
    };
    call.site.app(call, id.as_str()).await?.map(Some).ok_or_else(refused)
}
