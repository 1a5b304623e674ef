//! Pages of the account of somebody who is signed in in this browser. No app's request is under way: `client_id` says
//! whose pages they are, the browser's session who is there.

use axum::response::Response;
use domain::{Reason as R, User, UsernameForm};
use flows::{ClientContext, Ctx, Subject};
use hosted_ui::{AccountBlocked, Block, ChangePassword, FormState, Message, Notice, Page, Problem, Reason};
use http::{Method, StatusCode};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::draw::rules;
use super::errors;
use super::refusal::{Refusal, Shown};
use super::sign_up::password_problem;
use crate::http::call::{Call, log};
use crate::http::cookies::STEP;
use crate::http::failure::Failure;
use crate::http::forms::{Carry, FORM_LIFETIME, Stale};
use crate::http::page_context::{PageContext, home};
use crate::http::params::Params;
use crate::http::respond::{redirect, respond};
use crate::http::router::{BOTH, Route};

const PASSWORD: &str = "/account/password";

pub(crate) const ROUTES: &[Route] = &[Route::page(PASSWORD, BOTH, |call| Box::pin(password(call)))];

/// What the addresses of these pages carry.
const CARRIED: [&str; 3] = ["client_id", "ui_locales", "lang"];

/// Where a browser stands between two pages of the account.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum AccountStep {
    /// The password is to be changed.
    Password,
    /// It was.
    PasswordChanged,
}

impl Carry for AccountStep {
    fn lifetime(&self) -> SignedDuration {
        FORM_LIFETIME
    }
}

/// The app that the address names, and what its links carry along.
async fn find_app(call: &Call) -> Result<(ClientContext, String), Failure> {
    let refused = || Failure::refused("invalid_client", Reason::Client);
    let id = call.query.get("client_id").filter(|_| !call.query.repeats("client_id")).ok_or_else(refused)?;
    let app = call.site.app(call, id).await?.ok_or_else(refused)?;
    Ok((app, call.query.encode_only(&CARRIED)))
}

/// Who is signed in to the app's pool in this browser.
async fn find_subject(call: &Call, app: &ClientContext) -> Result<Option<Subject>, Failure> {
    match call.session_cookie(&app.pool.id) {
        Some(cookie) => Ok(call.subject_by_session(&call.ctx, app, cookie).await?),
        None => Ok(None),
    }
}

/// The page in the place of one that this browser cannot have: it leads to the app, and nowhere by itself.
async fn blocked(call: &Call, page: PageContext<'_>, block: Block) -> Response {
    let status = match block {
        Block::NotSignedIn => StatusCode::FORBIDDEN,
        Block::NoPassword if call.method == Method::GET => StatusCode::OK,
        Block::NoPassword => StatusCode::BAD_REQUEST,
    };
    let blocked = Page::AccountBlocked(AccountBlocked { block, app: home(&page.app.client) });
    respond(call, status, &blocked, page, Vec::new()).await
}

/// `/account/password`: the password is changed by who knows it.
async fn password(call: &Call) -> Result<Response, Failure> {
    let (app, query) = find_app(call).await?;
    let page = PageContext::of_app(call, &app).carrying(&query);
    let Some(subject) = find_subject(call, &app).await? else {
        return Ok(blocked(call, page, Block::NotSignedIn).await);
    };
    if !subject.has_password() {
        return Ok(blocked(call, page, Block::NoPassword).await);
    }
    let page = page.about(&subject);
    if call.method == Method::GET {
        return Ok(open_password(call, page, &subject).await);
    }
    let form = call.form().ok_or_else(|| Failure::refused("invalid_request", Reason::Request))?;
    let (status, problems) = match call.open_form(page, form.typed("csrf"), form.typed("state")) {
        Err(Stale::Foreign) => (StatusCode::FORBIDDEN, vec![Problem::of_form(Message::FormStale)]),
        Err(Stale::Late(_)) | Ok(AccountStep::PasswordChanged) => {
            (StatusCode::BAD_REQUEST, vec![Problem::of_form(Message::FormStale)])
        }
        Ok(AccountStep::Password) => match change_password(call, page, &subject, &form).await {
            Ok(response) => return Ok(response),
            Err(refused) => refused,
        },
    };
    let refusal = Some(Refusal::of(status, problems, &form));
    let cookie = call.step_cookie(page, &Shown { step: AccountStep::Password, refusal });
    Ok(redirect(call, StatusCode::SEE_OTHER, &page.link(PASSWORD), cookie.into_iter().collect()))
}

/// The form, with the news that the password is changed where it just was, or with what was refused. News are told
/// once.
async fn open_password(call: &Call, page: PageContext<'_>, subject: &Subject) -> Response {
    let shown = call.step_of_cookie::<Shown<AccountStep>>(page).ok();
    let is_told = shown.is_some();
    let (notice, refusal) = match shown {
        Some(Shown { step: AccountStep::PasswordChanged, .. }) => (Some(Notice::PasswordSaved), None),
        Some(Shown { step: AccountStep::Password, refusal }) => (None, refusal),
        None => (None, None),
    };
    let (status, problems) =
        refusal.map(Refusal::open).map_or((StatusCode::OK, Vec::new()), |(status, problems, _)| (status, problems));
    let mut response = show_password(call, page, subject, status, problems, notice).await;
    if let Some(cleared) = call.clear_cookie(STEP).filter(|_| is_told) {
        response.headers_mut().append(http::header::SET_COOKIE, cleared);
    }
    response
}

async fn show_password(
    call: &Call,
    page: PageContext<'_>,
    subject: &Subject,
    status: StatusCode,
    problems: Vec<Problem>,
    notice: Option<Notice>,
) -> Response {
    let form = FormState {
        action: page.link(PASSWORD),
        csrf: call.form_token(),
        state: call.seal_step(page, &AccountStep::Password),
    };
    let shown = Page::ChangePassword(ChangePassword {
        form,
        username: sign_in_name(page.app, &subject.user),
        rules: rules(&page.app.pool, false),
        problems,
        notice,
        app: home(&page.app.client),
    });
    respond(call, status, &shown, page, Vec::new()).await
}

/// Changes it, and sends the browser back to the page under a new session cookie.
///
/// # Errors
/// The status of the page that is shown again, and what is wrong.
async fn change_password(
    call: &Call,
    page: PageContext<'_>,
    subject: &Subject,
    form: &Params,
) -> Result<Response, (StatusCode, Vec<Problem>)> {
    let mut problems = Vec::new();
    let current = form.get("current_password");
    if current.is_none() {
        let label = page.language.words.current_password.to_string();
        problems.push(Problem::of_field("current_password", Message::FieldRequired(label)));
    }
    problems.extend(password_problem(page.app, form));
    if !problems.is_empty() {
        return Err((StatusCode::BAD_REQUEST, problems));
    }
    let ctx = Ctx { principal: subject.principal(), ..call.ctx.clone() };
    match call.change_password(&ctx, subject, current, form.typed("password")).await {
        Ok(renewed) => {
            let session = renewed.and_then(|cookie| call.set_session_cookie(&page.app.pool.id, &cookie));
            let news = call.step_cookie(page, &Shown::plain(AccountStep::PasswordChanged));
            let cookies = session.into_iter().chain(news).collect();
            Ok(redirect(call, StatusCode::SEE_OTHER, &page.link(PASSWORD), cookies))
        }
        Err(error) if error.reason == R::SessionExpired => Ok(blocked(call, page, Block::NotSignedIn).await),
        Err(error) if error.reason == R::WrongCredentials => {
            log(call, &error);
            Err((StatusCode::BAD_REQUEST, vec![Problem::of_field("current_password", Message::WrongPassword)]))
        }
        Err(error) => {
            log(call, &error);
            Err((errors::status_of(&error), vec![errors::problem_of(&error.reason)]))
        }
    }
}

/// What the user types to sign in: the name itself says nothing where the pool makes it.
fn sign_in_name(app: &ClientContext, user: &User) -> String {
    let names: &[&str] = match app.pool.username_form() {
        UsernameForm::Name => &[],
        UsernameForm::Email => &["email"],
        UsernameForm::PhoneNumber => &["phone_number"],
        UsernameForm::EmailOrPhoneNumber => &["email", "phone_number"],
    };
    let typed = names.iter().find_map(|name| user.attribute(name).filter(|value| !value.is_empty()));
    typed.map_or_else(|| user.username.to_string(), str::to_owned)
}
