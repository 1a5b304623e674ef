//! InitiateAuth, RespondToAuthChallenge and their admin twins.

use crate::error::{Error, Result};
use crate::request::Request;
use flows::sign_in::{Answer, Door, Outcome, Start};
use flows::{App, Audience, RefreshWay};
use protocol::idp::{
    AdminInitiateAuthRequest, AdminInitiateAuthResponse, AdminRespondToAuthChallengeRequest,
    AdminRespondToAuthChallengeResponse, AuthFlowType, InitiateAuthRequest, InitiateAuthResponse,
    RespondToAuthChallengeRequest, RespondToAuthChallengeResponse,
};
use std::collections::BTreeMap;

crate::table::operations! {
    idp::InitiateAuth => initiate_auth,
    idp::RespondToAuthChallenge => respond_to_auth_challenge,
    idp::AdminInitiateAuth => admin_initiate_auth,
    idp::AdminRespondToAuthChallenge => admin_respond_to_auth_challenge,
}

type Parameters = BTreeMap<String, protocol::Sensitive>;

async fn initiate_auth(request: &Request, input: InitiateAuthRequest) -> Result<InitiateAuthResponse> {
    let app = request.app(&input.client_id).await?;
    let parameters = plain(input.auth_parameters);
    start(request, &app, Door::Api, input.auth_flow, &parameters).await
}

async fn admin_initiate_auth(request: &Request, input: AdminInitiateAuthRequest) -> Result<AdminInitiateAuthResponse> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    let parameters = plain(input.auth_parameters);
    let answer = start(request, &app, Door::Admin, input.auth_flow, &parameters).await?;
    Ok(AdminInitiateAuthResponse {
        challenge_name: answer.challenge_name,
        session: answer.session,
        challenge_parameters: answer.challenge_parameters,
        authentication_result: answer.authentication_result,
        available_challenges: answer.available_challenges,
    })
}

async fn respond_to_auth_challenge(
    request: &Request,
    input: RespondToAuthChallengeRequest,
) -> Result<RespondToAuthChallengeResponse> {
    let app = request.app(&input.client_id).await?;
    let responses = plain(input.challenge_responses);
    let ip = request.ctx.ip_text();
    let answer = Answer {
        app: &app,
        door: Door::Api,
        challenge: input.challenge_name,
        session: input.session.as_deref(),
        responses: &responses,
        ip: ip.as_deref(),
    };
    respond(request, answer).await
}

async fn admin_respond_to_auth_challenge(
    request: &Request,
    input: AdminRespondToAuthChallengeRequest,
) -> Result<AdminRespondToAuthChallengeResponse> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    let responses = plain(input.challenge_responses);
    let ip = request.ctx.ip_text();
    let answer = Answer {
        app: &app,
        door: Door::Admin,
        challenge: input.challenge_name,
        session: input.session.as_deref(),
        responses: &responses,
        ip: ip.as_deref(),
    };
    let answer = respond(request, answer).await?;
    Ok(AdminRespondToAuthChallengeResponse {
        challenge_name: answer.challenge_name,
        session: answer.session,
        challenge_parameters: answer.challenge_parameters,
        authentication_result: answer.authentication_result,
        available_challenges: answer.available_challenges,
    })
}

async fn start(
    request: &Request,
    app: &App,
    door: Door,
    flow: AuthFlowType,
    parameters: &BTreeMap<String, String>,
) -> Result<InitiateAuthResponse> {
    if matches!(flow, AuthFlowType::RefreshToken | AuthFlowType::RefreshTokenAuth) {
        return refresh(request, app, flow, parameters).await;
    }
    let ip = request.ctx.ip_text();
    let start = Start { app, door, flow, parameters, ip: ip.as_deref() };
    let outcome = request.start_sign_in(&start).await?;
    let answer = conclude(request, app, outcome).await?;
    Ok(InitiateAuthResponse {
        challenge_name: answer.challenge_name,
        session: answer.session,
        challenge_parameters: answer.challenge_parameters,
        authentication_result: answer.authentication_result,
        available_challenges: answer.available_challenges,
    })
}

async fn respond(request: &Request, answer: Answer<'_>) -> Result<RespondToAuthChallengeResponse> {
    let outcome = request.answer_challenge(&answer).await?;
    conclude(request, answer.app, outcome).await
}

/// Mints tokens for a finished sign-in, or puts the next challenge.
async fn conclude(request: &Request, app: &App, outcome: Outcome) -> Result<RespondToAuthChallengeResponse> {
    Ok(match outcome {
        Outcome::Challenge(challenge) => RespondToAuthChallengeResponse {
            challenge_name: Some(challenge.name),
            session: challenge.session.map(Into::into),
            challenge_parameters: Some(challenge.parameters),
            ..RespondToAuthChallengeResponse::default()
        },
        Outcome::SignedIn(signed_in) => RespondToAuthChallengeResponse {
            challenge_parameters: Some(BTreeMap::new()),
            authentication_result: Some(
                request.issue(&request.ctx, app, *signed_in, Audience::Api).await?.into_result(),
            ),
            ..RespondToAuthChallengeResponse::default()
        },
    })
}

/// REFRESH_TOKEN_AUTH. Its SECRET_HASH is over the user's internal name, which only the token tells.
async fn refresh(
    request: &Request,
    app: &App,
    flow: AuthFlowType,
    parameters: &BTreeMap<String, String>,
) -> Result<InitiateAuthResponse> {
    if !app.client.allows(&flow) {
        return Err(Error::invalid_parameter("Auth flow not enabled for this client"));
    }
    let token = parameters
        .get("REFRESH_TOKEN")
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Error::missing_parameter("REFRESH_TOKEN"))?;
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    request.check_refresh_secret_hash(&request.ctx, app, token, hash)?;
    let device = parameters.get("DEVICE_KEY").map(String::as_str).filter(|key| !key.is_empty());
    let tokens = request.refresh(&request.ctx, app, RefreshWay::AuthFlow, token, device).await?;
    Ok(InitiateAuthResponse {
        challenge_parameters: Some(BTreeMap::new()),
        authentication_result: Some(tokens.into_result()),
        ..InitiateAuthResponse::default()
    })
}

fn plain(parameters: Option<Parameters>) -> BTreeMap<String, String> {
    parameters.unwrap_or_default().into_iter().map(|(name, value)| (name, value.into_inner())).collect()
}
