//! `/oauth2/authorize`: an authorization request is answered at once, or begins a sign-in.

use axum::response::Response;
use flows::sign_in::SignedIn;
use hosted_ui::Reason;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};

use crate::authorization::{Authorization, answer, judge};
use crate::endpoints::idp;
use crate::http::call::Call;
use crate::http::failure::{Failure, named_app};
use crate::http::page_context::home;
use crate::http::respond::{self, redirect};
use crate::pages;

/// `/oauth2/authorize`, and `/login` opened: a code where the browser has signed in already, else the sign-in page.
pub(crate) async fn authorize(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let on_page = call.path.eq_ignore_ascii_case(pages::path::SIGN_IN);
    // Who comes from confirming an account or a new password signs in with it, whoever the browser knows.
    let has_news = on_page && pages::has_news(call, &request);
    if !has_news && let Some(signed_in) = standing_session(call, &request).await? {
        let location = answer(call, &request, signed_in).await?;
        return Ok(redirect(call, status(call), &location, Vec::new()));
    }
    if request.silent {
        return Err(request.back.refusal("login_required", "the user must sign in")); // OpenID Connect Core §3.1.2.6
    }
    if let Some(provider) = request.straight_to().filter(|_| !has_news) {
        return idp::begin(call, &request, provider, status(call)).await;
    }
    if on_page {
        return pages::show(call, &request).await;
    }
    let login = format!("/login?{}", request.query);
    Ok(redirect(call, status(call), &login, Vec::new()))
}

fn status(call: &Call) -> StatusCode {
    if call.method == Method::POST { StatusCode::SEE_OTHER } else { StatusCode::FOUND }
}

/// The browser's sign-in, where the request lets it stand.
async fn standing_session(call: &Call, request: &Authorization) -> Result<Option<SignedIn>, Failure> {
    let Some(cookie) = call.session_cookie(&request.app.pool.id).filter(|_| !request.interactive) else {
        return Ok(None);
    };
    let session = call.browser_session(&call.ctx, &request.app.pool, cookie).await?;
    let session = session.filter(|session| request.accepts(session.provider.as_deref()));
    let now = call.ctx.now;
    Ok(session.filter(|session| is_fresh(session.auth_time, request.max_age, now)))
}

/// OpenID Connect Core §3.1.2.1, max_age; 0 asks for a sign-in always.
fn is_fresh(auth_time: Timestamp, max_age: Option<SignedDuration>, now: Timestamp) -> bool {
    max_age.is_none_or(|most| !most.is_zero() && now.duration_since(auth_time) <= most)
}

/// The error page that apps and old links are sent to: only codes of OAuth's form are repeated.
pub(crate) async fn error_page(call: &Call) -> Result<Response, Failure> {
    let known = ["redirect_mismatch", "invalid_request", "invalid_scope", "unauthorized_client", "server_error"];
    let code = known.into_iter().find(|code| call.query.get("error") == Some(code)).unwrap_or("invalid_request");
    let app = named_app(call).await;
    let page = hosted_ui::Page::Error(hosted_ui::ErrorPage {
        code: code.to_owned(),
        reason: if code == "redirect_mismatch" { Reason::Redirect } else { Reason::Request },
        back: app.as_ref().and_then(|app| home(&app.client)),
        facts: Vec::new(),
    });
    Ok(respond::respond_for(call, StatusCode::BAD_REQUEST, &page, app.as_ref()).await)
}
