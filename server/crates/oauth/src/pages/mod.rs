//! The hosted pages: which step a page shows, and what becomes of its form.
//!
//! A step is a value that travels sealed: in the form that its page posts, and in a cookie from one page to the
//! next. A posted form ends in [`Next`]; nothing else decides where the browser goes.

pub(crate) mod account;
mod challenge;
mod confirm;
mod draw;
mod errors;
mod link;
mod providers;
mod recovery;
mod sign_in;
mod sign_up;
mod srp;
mod step;

pub(crate) use step::{Step, path};

use axum::response::Response;
use domain::Error;
use flows::sign_in::SignedIn;
use hosted_ui::{Message, Problem, Reason};
use http::{HeaderValue, Method, StatusCode};

use crate::authorization::{Authorization, finish, judge};
use crate::http::call::Call;
use crate::http::cookies::STEP;
use crate::http::failure::Failure;
use crate::http::forms::Stale;
use crate::http::page_context::PageContext;
use crate::http::params::Params;
use crate::http::respond::{self, redirect};
use crate::http::router::{BOTH, GET, POST, Route};
use step::{Asked, ChallengeStep, News};

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

/// A cookie longer than this might not be kept by a browser.
const LONGEST_COOKIE: usize = 3_800;

/// What follows a posted form.
pub(crate) enum Next {
    /// Another step, on its own page.
    Go(Step),
    /// The same page again, with what is wrong.
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

/// Whether the cookie brings news that the sign-in page should tell first.
pub(crate) fn has_news(call: &Call, request: &Authorization) -> bool {
    matches!(call.step_of_cookie(request.page(call)), Some(Step::SignIn(step)) if step.news.is_some())
}

/// The sign-in page.
pub(crate) async fn show(call: &Call, request: &Authorization) -> Result<Response, Failure> {
    let known = call.step_of_cookie(request.page(call));
    let step = known.filter(|step| matches!(step, Step::SignIn(_))).unwrap_or_else(Step::sign_in);
    Ok(draw_page(call, request, &step, &Params::default(), StatusCode::OK, step.problems()).await)
}

/// The sign-in page with the news that a provider's answer came too late, twice or to another browser.
pub(crate) fn begin_again(call: &Call, request: &Authorization) -> Response {
    let step = Step::sign_in_with("", Some(News::Interrupted));
    let cookie = call.step_cookie(request.page(call), &step);
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
    let step = call.step_of_cookie(request.page(call)).filter(fits).or_else(|| Step::entrance(&call.path));
    if let Some(Step::Challenge(waiting @ ChallengeStep { asked: Asked::Confirmation(_), .. })) = &step
        && let Some(next) = confirm::opened(call, request.page(call), waiting).await?
    {
        return answer(call, &request, next, &Params::default()).await;
    }
    match step {
        Some(step) => Ok(draw_page(call, &request, &step, &Params::default(), StatusCode::OK, step.problems()).await),
        None => Ok(redirect(call, StatusCode::SEE_OTHER, &request.page(call).link(path::SIGN_IN), Vec::new())),
    }
}

/// A page's form, posted.
async fn submit(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let form = call.form().ok_or_else(|| Failure::refused("invalid_request", Reason::Request))?;
    let step = match call.open_form::<Step>(request.page(call), form.typed("csrf"), form.typed("state")) {
        Ok(step) if step.path().eq_ignore_ascii_case(&call.path) => step,
        Ok(_) => return Ok(stale(call, &request, &form, Stale::Late).await),
        Err(why) => return Ok(stale(call, &request, &form, why).await),
    };
    let next = attempt(call, request.page(call), step, &form).await?;
    answer(call, &request, next, &form).await
}

/// Another code, for a page that waits for one.
async fn resend(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let form = call.form().ok_or_else(|| Failure::refused("invalid_request", Reason::Request))?;
    let next = match call.open_form(request.page(call), form.typed("csrf"), form.typed("state")) {
        Ok(Step::Challenge(step)) => match step.asked.clone() {
            Asked::Confirmation(asked) => confirm::send_again(call, request.page(call), step, asked).await?,
            _ => return Ok(stale(call, &request, &form, Stale::Late).await),
        },
        Ok(Step::Reset(step)) => recovery::send_again(call, request.page(call), step).await?,
        Ok(_) => return Ok(stale(call, &request, &form, Stale::Late).await),
        Err(why) => return Ok(stale(call, &request, &form, why).await),
    };
    answer(call, &request, next, &form).await
}

/// Another address, for a page that waits for the confirmation of a new account.
async fn change_address(call: &Call) -> Result<Response, Failure> {
    let request = judge(call).await?;
    let form = call.form().ok_or_else(|| Failure::refused("invalid_request", Reason::Request))?;
    let page = request.page(call);
    let next = match call.open_form(page, form.typed("csrf"), form.typed("state")) {
        Ok(Step::Challenge(step)) => match step.asked.clone() {
            Asked::Confirmation(asked) => confirm::change_address(call, page, step, asked, &form).await?,
            _ => return Ok(stale(call, &request, &form, Stale::Late).await),
        },
        Ok(_) => return Ok(stale(call, &request, &form, Stale::Late).await),
        Err(why) => return Ok(stale(call, &request, &form, why).await),
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

async fn answer(call: &Call, request: &Authorization, next: Next, form: &Params) -> Result<Response, Failure> {
    match next {
        Next::Go(step) => {
            let cookie = call.step_cookie(request.page(call), &step);
            match cookie.filter(|cookie| cookie.len() <= LONGEST_COOKIE) {
                Some(cookie) => {
                    Ok(redirect(call, StatusCode::SEE_OTHER, &request.page(call).link(step.path()), vec![cookie]))
                }
                None => Ok(draw_page(call, request, &step, &Params::default(), StatusCode::OK, step.problems()).await),
            }
        }
        Next::Again(step, status, problems) => Ok(draw_page(call, request, &step, form, status, problems).await),
        Next::SignedIn(signed_in) => {
            let (location, cookies) = finish(call, request, *signed_in).await?;
            Ok(redirect(call, StatusCode::SEE_OTHER, &location, cookies))
        }
    }
}

/// A form that is not this browser's or too old: an entrance is shown afresh with what was typed, everything else
/// begins again.
async fn stale(call: &Call, request: &Authorization, form: &Params, why: Stale) -> Response {
    let step = Step::entrance(&call.path).unwrap_or_else(Step::sign_in);
    let (status, message) = match why {
        Stale::Foreign => (StatusCode::FORBIDDEN, Message::FormStale),
        Stale::Late => (StatusCode::BAD_REQUEST, Message::SessionExpired),
    };
    draw_page(call, request, &step, form, status, vec![Problem::of_form(message)]).await
}

async fn draw_page(
    call: &Call,
    request: &Authorization,
    step: &Step,
    form: &Params,
    status: StatusCode,
    problems: Vec<Problem>,
) -> Response {
    let context = request.page(call);
    let is_sign_in = matches!(step, Step::SignIn(_));
    let providers = if is_sign_in { providers::buttons(call, request) } else { Vec::new() };
    let drawn = draw::draw(call, context, step, form, problems, providers);
    // News are told once.
    let told = is_sign_in && call.cookie(STEP).is_some();
    let cleared: Option<HeaderValue> = if told { call.clear_cookie(STEP) } else { None };
    respond::respond(call, status, &drawn, context, cleared.into_iter().collect()).await
}

/// The news that a form was stale, for the page that is loaded afresh.
fn stale_step(username: &str, why: Stale) -> Step {
    let news = match why {
        Stale::Foreign => News::FormStale,
        Stale::Late => News::SessionExpired,
    };
    Step::sign_in_with(username, Some(news))
}
