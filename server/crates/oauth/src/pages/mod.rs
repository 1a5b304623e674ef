//! The hosted pages: which step a page shows, and what becomes of its form.
//!
//! A step is a value that travels sealed: in the form that its page posts, and in a cookie from one page to the
//! next. A posted form ends in [`Next`]; nothing else decides where the browser goes. Every answer to a posted form is a
//! redirect, also where it is refused ([`refusal`]).

pub(crate) mod account;
mod challenge;
mod confirm;
mod draw;
mod errors;
mod link;
mod providers;
mod recovery;
mod refusal;
mod sign_in;
mod sign_up;
mod srp;
mod step;
mod typed;

pub(crate) use step::{Step, path};

use axum::response::Response;
use domain::Error;
use flows::sign_in::SignedIn;
use hosted_ui::{Message, Problem, Reason};
use http::{Method, StatusCode};

use crate::authorization::{Authorization, append, finish, judge};
use crate::http::call::Call;
use crate::http::cookies::{BROWSER, STEP};
use crate::http::failure::Failure;
use crate::http::forms::Stale;
use crate::http::page_context::PageContext;
use crate::http::params::{Params, encode};
use crate::http::respond::{self, redirect};
use crate::http::router::{BOTH, GET, POST, Route};
use refusal::{LONGEST_COOKIE, Refusal, Shown};
use step::Asked;

/// The steps of a sign-in, and what belongs to them.
pub(crate) const ROUTES: &[Route] = &[
    Route::page(path::SIGN_IN, POST, |call| Box::pin(submit(call))),
    Route::page(path::SIGN_UP, BOTH, |call| Box::pin(step_page(call))),
    Route::page(path::CONFIRM, BOTH, |call| Box::pin(step_page(call))),
    Route::page(path::FORGOT, BOTH, |call| Box::pin(step_page(call))),
    Route::page(path::RESET, BOTH, |call| Box::pin(step_page(call))),
    Route::page(path::NEW_PASSWORD, BOTH, |call| Box::pin(step_page(call))),
    Route::page(path::SET_UP_FACTOR, BOTH, |call| Box::pin(step_page(call))),
    Route::page(path::FACTOR, BOTH, |call| Box::pin(step_page(call))),
    Route::page(path::SELECT_FACTOR, BOTH, |call| Box::pin(step_page(call))),
    Route::page("/login/srp", POST, |call| Box::pin(srp::prove(call))),
    Route::page("/resendcode", POST, |call| Box::pin(resend(call))),
    Route::page(path::CONFIRM_ADDRESS, POST, |call| Box::pin(change_address(call))),
    Route::page("/confirmuser", GET, |call| Box::pin(link::confirm_by_link(call))),
    Route::page("/confirmuser/", GET, |call| Box::pin(link::confirm_by_link(call))),
];

/// Says of a page's address that the browser is sent there after a form that came without a cookie.
const RETRY: &str = "retry";

/// What follows a posted form.
pub(crate) enum Next {
    /// Another step, on its own page.
    Go(Step),
    /// A page, mostly the same one again, with what is wrong.
    Again(Step, StatusCode, Vec<Problem>),
    /// Back to the app.
    SignedIn(Box<SignedIn>),
}

impl Next {
    /// The same page with one problem, status 400.
    fn problem(step: Step, problem: Problem) -> Self {
        Self::Again(step, StatusCode::BAD_REQUEST, vec![problem])
    }
}

/// Whether the cookie brings something that the sign-in page should tell first.
pub(crate) fn has_news(call: &Call, request: &Authorization) -> bool {
    let known = call.step_of_cookie::<Shown<Step>>(request.page(call));
    matches!(known, Ok(Shown { step: Step::SignIn(step), refusal }) if step.news.is_some() || refusal.is_some())
}

/// The sign-in page.
pub(crate) async fn show(call: &Call, request: &Authorization) -> Result<Response, Failure> {
    let known = call.step_of_cookie::<Shown<Step>>(request.page(call)).ok();
    let known = known.filter(|shown| matches!(shown.step, Step::SignIn(_)));
    Ok(show_step(call, request, known.unwrap_or_else(|| Shown::plain(Step::sign_in()))).await)
}

/// The sign-in page with the news that a provider's answer came too late, twice or to another browser.
pub(crate) fn begin_again(call: &Call, request: &Authorization) -> Response {
    let problems = vec![Problem::of_form(Message::SomethingWrong)];
    let refusal = Some(Refusal::of(StatusCode::OK, problems, &Params::default()));
    let cookie = call.step_cookie(request.page(call), &Shown { step: Step::sign_in(), refusal });
    redirect(call, StatusCode::FOUND, &request.page(call).link(path::SIGN_IN), cookie.into_iter().collect())
}

/// A page of a step, opened or its form posted.
async fn step_page(call: &Call) -> Result<Response, Failure> {
    if call.method == Method::POST { submit(call).await } else { open(call).await }
}

/// Any other page, opened: the step that the cookie brings, if it is this page's; else a page that needs none, or
/// the beginning.
async fn open(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let fits = |step: &Step| step.path().eq_ignore_ascii_case(&call.path);
    let entrance = || Step::entrance(&call.path).map(Shown::plain);
    let shown = match call.step_of_cookie::<Shown<Step>>(request.page(call)) {
        Ok(shown) if fits(&shown.step) => Some(shown),
        Err(Stale::Late(Some(ended))) if fits(&ended.step) && entrance().is_none() => {
            return answer(call, &request, over(ended.step.username()), &Params::default()).await;
        }
        _ => entrance(),
    };
    if let Some(Shown { step: Step::Challenge(waiting), refusal: None }) = &shown
        && matches!(waiting.asked, Asked::Confirmation(_))
        && let Some(next) = confirm::opened(call, request.page(call), waiting).await?
    {
        return answer(call, &request, next, &Params::default()).await;
    }
    match shown {
        Some(shown) => Ok(show_step(call, &request, shown).await),
        None => Ok(redirect(call, StatusCode::SEE_OTHER, &request.page(call).link(path::SIGN_IN), Vec::new())),
    }
}

/// A page's form, posted.
async fn submit(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let form = call.form().ok_or_else(|| Failure::refused("invalid_request", Reason::Request))?;
    let next = match call.open_form::<Step>(request.page(call), form.typed("csrf"), form.typed("state")) {
        Ok(step) if step.path().eq_ignore_ascii_case(&call.path) => {
            attempt(call, request.page(call), step, &form).await?
        }
        Ok(step) => stale(call, Stale::Late(Some(step))),
        Err(why) => stale(call, why),
    };
    answer(call, &request, next, &form).await
}

/// Another code, for a page that waits for one.
async fn resend(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let form = call.form().ok_or_else(|| Failure::refused("invalid_request", Reason::Request))?;
    let page = request.page(call);
    let next = match call.open_form(page, form.typed("csrf"), form.typed("state")) {
        Ok(Step::Challenge(step)) => challenge::send_again(call, page, step).await?,
        Ok(Step::Reset(step)) => recovery::send_again(call, page, step).await?,
        Ok(step) => stale(call, Stale::Late(Some(step))),
        Err(why) => stale(call, why),
    };
    answer(call, &request, next, &form).await
}

/// Another address, for a page that waits for the confirmation of a new account.
async fn change_address(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let form = call.form().ok_or_else(|| Failure::refused("invalid_request", Reason::Request))?;
    let page = request.page(call);
    let next = match call.open_form(page, form.typed("csrf"), form.typed("state")) {
        Ok(Step::Challenge(step)) => confirm::change_address(call, page, step, &form).await?,
        Ok(step) => stale(call, Stale::Late(Some(step))),
        Err(why) => stale(call, why),
    };
    answer(call, &request, next, &form).await
}

async fn attempt(call: &Call, page: PageContext<'_>, step: Step, form: &Params) -> Result<Next, Error> {
    match step {
        Step::SignIn(step) => sign_in::by_password(call, page, step, form).await,
        Step::SignUp => sign_up::sign_up(call, page, form).await,
        Step::Forgot => recovery::forgot(call, page, form).await,
        Step::Reset(step) => recovery::reset(call, page, step, form).await,
        Step::Challenge(step) => challenge::answer(call, page, step, form).await,
    }
}

/// Where the browser goes. What its cookie cannot hold is drawn at once.
async fn answer(call: &Call, request: &Authorization, next: Next, form: &Params) -> Result<Response, Failure> {
    let shown = match next {
        Next::Go(step) => Shown::plain(step),
        Next::Again(step, status, problems) => Shown { step, refusal: Some(Refusal::of(status, problems, form)) },
        Next::SignedIn(signed_in) => {
            let (location, cookies) = finish(call, request, *signed_in).await?;
            return Ok(redirect(call, StatusCode::SEE_OTHER, &location, cookies));
        }
    };
    let page = request.page(call);
    match call.step_cookie(page, &shown).filter(|cookie| cookie.len() <= LONGEST_COOKIE) {
        Some(cookie) => Ok(redirect(call, StatusCode::SEE_OTHER, &link(call, page, &shown.step), vec![cookie])),
        None => Ok(show_step(call, request, shown).await),
    }
}

/// The address of a step's page. A browser that sent no cookie with a form may keep none: then the page tells.
fn link(call: &Call, page: PageContext<'_>, step: &Step) -> String {
    let address = page.link(step.path());
    if call.cookie(BROWSER).is_some() {
        return address;
    }
    append(&address, &encode(&[(RETRY, Some("1"))]), false)
}

/// A form that is not this browser's or too old: an entrance is shown afresh with what was typed, everything else
/// begins again, with the name.
fn stale(call: &Call, why: Stale<Step>) -> Next {
    let entrance = Step::entrance(&call.path);
    match (why, entrance) {
        (Stale::Foreign, entrance) => {
            let problems = vec![Problem::of_form(Message::FormStale)];
            Next::Again(entrance.unwrap_or_else(Step::sign_in), StatusCode::FORBIDDEN, problems)
        }
        (Stale::Late(_), Some(entrance)) => Next::problem(entrance, Problem::of_form(Message::FormStale)),
        (Stale::Late(step), None) => over(step.as_ref().map(Step::username).unwrap_or_default()),
    }
}

/// A sign-in that took too long begins again, with the name and the reason.
fn over(username: &str) -> Next {
    Next::problem(Step::sign_in_with(username, None), Problem::of_form(Message::SessionExpired))
}

/// A step's page. What was refused is told once: opened another time, the page is as if nothing had been.
async fn show_step(call: &Call, request: &Authorization, shown: Shown<Step>) -> Response {
    let Shown { step, refusal } = shown;
    let page = request.page(call);
    let is_told = refusal.is_some() || matches!(&step, Step::SignIn(step) if step.news.is_some());
    let (status, problems, typed) = match refusal {
        Some(refusal) => refusal.open(),
        None if call.query.get(RETRY).is_some() && call.cookie(BROWSER).is_none() => {
            let problems = vec![Problem::of_form(Message::CookiesNeeded)];
            (StatusCode::BAD_REQUEST, problems, Params::default())
        }
        None => (StatusCode::OK, step.problems(), Params::default()),
    };
    let providers = if matches!(step, Step::SignIn(_)) { providers::buttons(call, request) } else { Vec::new() };
    let drawn = draw::draw(call, page, &step, &typed, problems, providers);
    let is_entrance = Step::entrance(step.path()).is_some();
    let cookie = match (is_entrance, call.cookie(STEP)) {
        (true, Some(_)) => call.clear_cookie(STEP),
        (false, _) if is_told => call.step_cookie(page, &Shown::plain(step)),
        _ => None,
    };
    respond::respond(call, status, &drawn, page, cookie.into_iter().collect()).await
}
