//! InitiateAuth, RespondToAuthChallenge and their admin twins.

use std::collections::BTreeMap;

use domain::Reason;
use flows::sign_in::{AnsweredSession, Outcome, check_auth_flow};
use flows::{Audience, ClientContext, EntryPoint, RefreshWay};
use protocol::Sensitive;
use protocol::idp::{
    AdminInitiateAuthRequest, AdminInitiateAuthResponse, AdminRespondToAuthChallengeRequest,
    AdminRespondToAuthChallengeResponse, AuthFlowType, AuthenticationResultType, ChallengeNameType,
    InitiateAuthRequest, InitiateAuthResponse, RespondToAuthChallengeRequest, RespondToAuthChallengeResponse,
};

use crate::auth_parameters::Parameters;
use crate::challenge_parameters::challenge_parameters;
use crate::error::{Error, Result};
use crate::request::Request;

crate::table::operations! {
    idp::InitiateAuth => initiate_auth,
    idp::RespondToAuthChallenge => respond_to_auth_challenge,
    idp::AdminInitiateAuth => admin_initiate_auth,
    idp::AdminRespondToAuthChallenge => admin_respond_to_auth_challenge,
}

async fn initiate_auth(request: &Request, input: InitiateAuthRequest) -> Result<InitiateAuthResponse> {
    let app = request.app(&input.client_id).await?;
    start(request, &app, input.auth_flow, &input.auth_parameters.into()).await.map(Into::into)
}

async fn admin_initiate_auth(request: &Request, input: AdminInitiateAuthRequest) -> Result<AdminInitiateAuthResponse> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    start(request, &app, input.auth_flow, &input.auth_parameters.into()).await.map(Into::into)
}

async fn respond_to_auth_challenge(
    request: &Request,
    input: RespondToAuthChallengeRequest,
) -> Result<RespondToAuthChallengeResponse> {
    let app = request.app(&input.client_id).await?;
    let responses = input.challenge_responses.into();
    respond(request, &app, input.challenge_name, input.session.as_deref(), &responses).await.map(Into::into)
}

async fn admin_respond_to_auth_challenge(
    request: &Request,
    input: AdminRespondToAuthChallengeRequest,
) -> Result<AdminRespondToAuthChallengeResponse> {
    let app = request.app_in(&input.user_pool_id, &input.client_id).await?;
    let responses = input.challenge_responses.into();
    respond(request, &app, input.challenge_name, input.session.as_deref(), &responses).await.map(Into::into)
}

/// What all four operations answer.
struct Answer {
    challenge_name: Option<ChallengeNameType>,
    session: Option<Sensitive>,
    challenge_parameters: BTreeMap<String, String>,
    authentication_result: Option<AuthenticationResultType>,
}

macro_rules! answers {
    ($($response:ident),*) => {
        $(impl From<Answer> for $response {
            fn from(answer: Answer) -> Self {
                Self {
                    challenge_name: answer.challenge_name,
                    session: answer.session,
                    challenge_parameters: Some(answer.challenge_parameters),
                    authentication_result: answer.authentication_result,
                    available_challenges: None,
                }
            }
        })*
    };
}

answers!(
    InitiateAuthResponse,
    AdminInitiateAuthResponse,
    RespondToAuthChallengeResponse,
    AdminRespondToAuthChallengeResponse
);

impl Answer {
    fn tokens(result: AuthenticationResultType) -> Self {
        Self {
            challenge_name: None,
            session: None,
            challenge_parameters: BTreeMap::new(),
            authentication_result: Some(result),
        }
    }
}

async fn start(request: &Request, app: &ClientContext, flow: AuthFlowType, sent: &Parameters) -> Result<Answer> {
    if matches!(flow, AuthFlowType::RefreshToken | AuthFlowType::RefreshTokenAuth) {
        return refresh(request, app, flow, sent).await;
    }
    if is_other_operations(request.ctx.entry_point, flow) {
        return Err(Error::invalid_parameter("Initiate Auth method not supported."));
    }
    check_auth_flow(&request.ctx, app, flow)?;
    let first = sent.initiate_auth(request, app, flow)?;
    let outcome = request.initiate_auth(&request.ctx, app, first).await?;
    conclude(request, app, outcome).await
}

/// Each of the two operations has the password flow of its own name (Cognito refuses the other's).
fn is_other_operations(entry_point: EntryPoint, flow: AuthFlowType) -> bool {
    match flow {
        AuthFlowType::UserPasswordAuth => entry_point == EntryPoint::AdminApi,
        AuthFlowType::AdminUserPasswordAuth | AuthFlowType::AdminNoSrpAuth => entry_point != EntryPoint::AdminApi,
        _ => false,
    }
}

async fn respond(
    request: &Request,
    app: &ClientContext,
    challenge: ChallengeNameType,
    session: Option<&str>,
    sent: &Parameters,
) -> Result<Answer> {
    let response = sent.challenge_response(request, app, challenge)?;
    let answered = AnsweredSession { session, username: sent.get("USERNAME") };
    let outcome = request.respond_to_auth_challenge(&request.ctx, app, answered, response).await;
    conclude(request, app, outcome.map_err(|error| sent.refusal(challenge, error))?).await
}

/// Mints tokens for a finished sign-in, or puts the next challenge.
async fn conclude(request: &Request, app: &ClientContext, outcome: Outcome) -> Result<Answer> {
    match outcome {
        Outcome::Challenge(open) => {
            let session = open.session.clone();
            let (name, challenge_parameters) = challenge_parameters(open)?;
            Ok(Answer { challenge_name: Some(name), session, challenge_parameters, authentication_result: None })
        }
        Outcome::SignedIn(signed_in) => {
            Ok(Answer::tokens(request.issue(&request.ctx, app, *signed_in, Audience::Api).await?.into_result()))
        }
    }
}

/// REFRESH_TOKEN_AUTH. Its SECRET_HASH is over the user's internal name, which only the token tells.
async fn refresh(request: &Request, app: &ClientContext, flow: AuthFlowType, sent: &Parameters) -> Result<Answer> {
    if !app.client.allows(&flow) {
        return Err(Reason::AuthFlowNotEnabled(flow).into());
    }
    let token = sent.required("REFRESH_TOKEN")?;
    request.check_refresh_secret_hash(&request.ctx, app, token, sent.get("SECRET_HASH"))?;
    let device = sent.device();
    let device = device.as_ref().map(domain::DeviceKey::as_str);
    let tokens = request.refresh(&request.ctx, app, RefreshWay::AuthFlow, token, device).await?;
    Ok(Answer::tokens(tokens.into_result()))
}
