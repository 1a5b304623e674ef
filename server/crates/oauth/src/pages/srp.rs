//! `POST /login/srp`: the sign-in page's own handler, to which scripts prove the password. The protocol stands in
//! `hosted_ui`'s documentation.

use axum::response::Response;
use domain::Result;
use flows::sign_in::{
    AnsweredSession, Challenge, ChallengeResponse, InitiateAuth, OpenChallenge, Outcome, SrpProof, TypedUsername,
};
use hosted_ui::{Message, Problem};
use http::{HeaderValue, StatusCode, header};
use protocol::Sensitive;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::{Refusal, Shown};
use super::step::SignInStep;
use super::{Next, Step, link, sign_in, typed};
use crate::authorization::{Authorization, finish, judge};
use crate::http::call::Call;
use crate::http::failure::Failure;
use crate::http::forms::Stale;
use crate::http::json::document;
use crate::http::page_context::language;
use crate::http::params::Params;

#[derive(Deserialize)]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Asked {
    Start {
        username: String,
        srp_a: String,
        csrf: Sensitive,
        state: String,
    },
    Verify {
        user_id: String,
        secret_block: Sensitive,
        signature: Sensitive,
        timestamp: String,
        csrf: Sensitive,
        state: String,
    },
}

/// Status, document and cookies of an answer.
type Said = (StatusCode, Value, Vec<HeaderValue>);

/// One message of the protocol.
pub(crate) async fn prove(call: &Call) -> Result<Response, Failure> {
    let (status, body, cookies) = match judge(call).await {
        Ok(request) => converse(call, &request).await?,
        Err(Failure::Redirect(location)) => {
            (StatusCode::BAD_REQUEST, wrong(call, &Message::SomethingWrong, Some(&location)), Vec::new())
        }
        Err(Failure::Refused { status, .. }) => (status, wrong(call, &Message::SomethingWrong, None), Vec::new()),
        Err(Failure::Error(error)) => {
            crate::http::call::log(call, &error);
            (StatusCode::INTERNAL_SERVER_ERROR, wrong(call, &Message::SomethingWrong, None), Vec::new())
        }
    };
    let mut response = document(status, &body);
    for cookie in cookies.into_iter().chain(call.browser_cookie()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn converse(call: &Call, request: &Authorization) -> Result<Said, Failure> {
    let asked = if call.has_body_of("application/json") { serde_json::from_slice(&call.body).ok() } else { None };
    let Some(asked) = asked else {
        return Ok((StatusCode::BAD_REQUEST, wrong(call, &Message::SomethingWrong, None), Vec::new()));
    };
    let page = request.page(call);
    let (csrf, state) = match &asked {
        Asked::Start { csrf, state, .. } | Asked::Verify { csrf, state, .. } => (csrf, state),
    };
    let step = match call.open_form(page, csrf, state) {
        Ok(Step::SignIn(step)) => step,
        Ok(_) => return Ok(begin_again(call, request, &asked, &Stale::Late(None))),
        Err(why) => return Ok(begin_again(call, request, &asked, &why)),
    };
    if !page.app.client.supports_provider("COGNITO") {
        return Ok((StatusCode::BAD_REQUEST, wrong(call, &Message::NotAllowed, None), Vec::new()));
    }
    match asked {
        Asked::Start { username, srp_a, .. } => {
            let username = typed::read_username(&request.app.pool, &username);
            start(call, request, &username, srp_a).await
        }
        Asked::Verify { user_id, secret_block, signature, timestamp, .. } => {
            verify(call, request, step, &user_id, SrpProof { secret_block, signature, timestamp }).await
        }
    }
}

/// A in, salt and B out; the name as typed is kept in the step's cookie, for the pages to come.
async fn start(call: &Call, request: &Authorization, username: &str, srp_a: String) -> Result<Said, Failure> {
    if let Some(problem) = sign_in::name_problem(request.page(call), username, false) {
        return Ok((StatusCode::BAD_REQUEST, wrong(call, &problem.message, None), Vec::new()));
    }
    let first = InitiateAuth::Srp { username: TypedUsername::new(username)?, srp_a };
    let step = Step::sign_in_with(username, None);
    let outcome = call.initiate_auth(&call.ctx, &request.app, first).await;
    let (agreement, user_id) = match outcome {
        Ok(Outcome::Challenge(OpenChallenge {
            challenge: Challenge::PasswordVerifier(agreement),
            username: user_id,
            ..
        })) => (agreement, user_id),
        outcome => {
            let next = sign_in::follow(call, step, &request.app, username, outcome).await?;
            return tell(call, request, next).await;
        }
    };
    let body = json!({
        "salt": agreement.salt,
        "srpB": agreement.srp_b,
        "secretBlock": agreement.secret_block.as_str(),
        "userId": user_id.as_str(),
        "poolName": request.app.pool.id.name(),
        "time": call.ctx.now.as_second(),
    });
    let cookies = call.step_cookie(request.page(call), &Shown::plain(step)).into_iter().collect();
    Ok((StatusCode::OK, body, cookies))
}

async fn verify(
    call: &Call,
    request: &Authorization,
    step: SignInStep,
    user_id: &str,
    proof: SrpProof,
) -> Result<Said, Failure> {
    let response = ChallengeResponse::PasswordVerifier { proof, device: None };
    let answered = AnsweredSession::default();
    let outcome = call.respond_to_auth_challenge(&call.ctx, &request.app, answered, response).await;
    let typed = match call.step_of_cookie(request.page(call)) {
        Ok(Shown { step: Step::SignIn(step), .. }) if !step.username.is_empty() => step.username,
        _ => user_id.to_owned(),
    };
    let next = sign_in::follow(call, Step::SignIn(step), &request.app, &typed, outcome).await?;
    tell(call, request, next).await
}

async fn tell(call: &Call, request: &Authorization, next: Next) -> Result<Said, Failure> {
    match next {
        Next::Go(step) => {
            let location = request.page(call).link(step.path());
            let cookies = call.step_cookie(request.page(call), &Shown::plain(step)).into_iter().collect();
            Ok((StatusCode::OK, json!({ "location": location }), cookies))
        }
        Next::Again(_, status, problems) => {
            let message = problems.first().map_or(&Message::SomethingWrong, |problem: &Problem| &problem.message);
            Ok((status, wrong(call, message, None), Vec::new()))
        }
        Next::SignedIn(signed_in) => {
            let (location, cookies) = finish(call, request, *signed_in).await?;
            Ok((StatusCode::OK, json!({ "location": location }), cookies))
        }
    }
}

/// The page is to be loaded afresh, and says why.
fn begin_again(call: &Call, request: &Authorization, asked: &Asked, why: &Stale<Step>) -> Said {
    let username = match asked {
        Asked::Start { username, .. } if username.len() < 512 => username.trim(),
        _ => "",
    };
    let status = if matches!(why, Stale::Foreign) { StatusCode::FORBIDDEN } else { StatusCode::BAD_REQUEST };
    let step = Step::sign_in_with(username, None);
    let location = link(call, request.page(call), &step);
    let problems = vec![Problem::of_form(Message::FormStale)];
    let refusal = Some(Refusal::of(status, problems, &Params::default()));
    let cookies = call.step_cookie(request.page(call), &Shown { step, refusal }).into_iter().collect();
    (status, wrong(call, &Message::FormStale, Some(&location)), cookies)
}

fn wrong(call: &Call, message: &Message, location: Option<&str>) -> Value {
    let text = message.text(&language(call).words);
    let mut body = json!({ "error": { "code": message.code(), "message": text } });
    if let (Some(location), Some(body)) = (location, body.as_object_mut()) {
        body.insert("location".to_owned(), location.into());
    }
    body
}
