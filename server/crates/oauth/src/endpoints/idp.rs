//! Signing in through a provider: a browser is sent out, and comes back to `/oauth2/idpresponse`.
//!
//! It comes by a redirect (GET), or by a form that the provider's page has it post (OAuth 2.0 Form Post Response Mode;
//! SAML's POST binding). Our cookies are `SameSite=Lax`: with a post from another site browsers do not send them, so
//! nothing can tell then whether this browser began the sign-in. Therefore what was posted is kept with the state that it
//! names, and the browser is sent on to the same address by GET, which has the cookies; only there is anything judged.
//! Cookies with `SameSite=None` would come with the post, but also with everything else that any other site has a browser
//! send here, and not at all without TLS or where browsers refuse third parties' cookies.

use axum::response::Response;
use domain::IdentityProvider;
use flows::{AuthorizeRequest, AuthorizeTarget, ProviderResponse, Refusal, STATE_LIFETIME, StateRejection, TakenState};
use hosted_ui::Reason;
use http::{Method, StatusCode, header};

use crate::authorization::{Authorization, finish, judge_sent};
use crate::http::call::Call;
use crate::http::cookies::{FEDERATION, LAST_PROVIDER};
use crate::http::error::refused_profile;
use crate::http::failure::Failure;
use crate::http::params::{Params, encode};
use crate::http::respond::redirect;
use crate::http::site::Site;
use crate::pages;

const PATH: &str = "/oauth2/idpresponse";
/// The parameter that brings a state back.
const STATE: &str = "state";
/// How long a browser remembers which provider it used, in seconds.
const HALF_A_YEAR: i64 = 180 * 24 * 3_600;

/// Sends the browser to a provider, with a cookie that binds the answer to it.
pub(crate) async fn begin(
    call: &Call,
    request: &Authorization,
    provider: &IdentityProvider,
    status: StatusCode,
) -> Result<Response, Failure> {
    let browser = match call.cookie(FEDERATION).filter(|secret| crate::http::forms::is_secret(secret)) {
        Some(secret) => secret.to_owned(),
        None => call.make_cookie_secret(),
    };
    let app = request.passed_on();
    let app: Vec<(&str, &str)> = app.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let outgoing = AuthorizeRequest {
        provider,
        redirect_uri: &own_address(call),
        query: &request.query,
        browser: &browser,
        app_params: &app,
        max_age: request.max_age,
    };
    let address = match call.start_federated_sign_in(&call.ctx, &request.app, &outgoing).await? {
        AuthorizeTarget::To(address) => address,
        AuthorizeTarget::NotAvailable => {
            return Err(Failure::refused("identity_provider_not_available_yet", Reason::NotYet));
        }
        AuthorizeTarget::Refused(refusal) => return Err(refused(request, refusal)),
    };
    // Another tab may be on its way with the same secret; each state counts once all the same.
    let cookie = call.set_cookie(FEDERATION, &browser, Some(STATE_LIFETIME.as_secs()));
    Ok(redirect(call, status, &address, cookie.into_iter().collect()))
}

/// `/oauth2/idpresponse`: what the browser brings back.
pub(crate) async fn answer(call: &Call) -> Result<Response, Failure> {
    if call.method == Method::POST { keep_posted(call, STATE).await } else { complete(call).await }
}

fn interrupted() -> Failure {
    Failure::refused("invalid_request", Reason::Interrupted)
}

/// Keeps an answer that was posted, and sends the browser to fetch what comes of it. `state_param` is what the protocol
/// calls the state.
async fn keep_posted(call: &Call, state_param: &str) -> Result<Response, Failure> {
    let sent = call.form().filter(|sent| !sent.repeats_any()).ok_or_else(interrupted)?; // RFC 6749 §3.1
    let state = sent.get(state_param).ok_or_else(interrupted)?;
    if !call.keep_provider_response(&call.ctx, state, &response_of(&sent, state_param)).await? {
        return Err(interrupted());
    }
    let result = format!("{PATH}?{}", encode(&[(STATE, Some(state))]));
    Ok(redirect(call, StatusCode::SEE_OTHER, &result, Vec::new()))
}

fn response_of(sent: &Params, state_param: &str) -> ProviderResponse {
    sent.pairs().filter(|(name, _)| *name != state_param).collect()
}

/// Ends the sign-in of the state that came back, in the browser that began it.
async fn complete(call: &Call) -> Result<Response, Failure> {
    let sent = &call.query;
    if sent.repeats_any() {
        return Err(interrupted()); // RFC 6749 §3.1
    }
    let state = sent.get(STATE).ok_or_else(interrupted)?;
    let TakenState { state, posted } = match call
        .take_federation_state(&call.ctx, state, call.cookie(FEDERATION))
        .await?
    {
        Ok(taken) => taken,
        Err(StateRejection::Unknown) => return Err(interrupted()),
        Err(StateRejection::Expired(state) | StateRejection::OtherBrowser(state) | StateRejection::Consumed(state)) => {
            // Cognito: the sign-in page, from which the browser can begin again.
            let request = judge_sent(call, &Params::parse(state.query.as_bytes())).await?;
            return Ok(pages::begin_again(call, &request));
        }
    };
    let response = posted.unwrap_or_else(|| response_of(sent, STATE));
    // The app, its addresses and its providers are judged anew: five minutes are long.
    let request = judge_sent(call, &Params::parse(state.query.as_bytes())).await?;
    let provider = request.providers.iter().find(|provider| provider.name == state.provider).ok_or_else(interrupted)?;
    match call.sign_in_federated(&call.ctx, &request.app, provider, &state, &response, &own_address(call)).await? {
        Ok(signed_in) => {
            let (location, mut cookies) = finish(call, &request, signed_in).await?;
            let name: String = form_urlencoded::byte_serialize(provider.name.as_bytes()).collect();
            cookies.extend(call.set_cookie(LAST_PROVIDER, &name, Some(HALF_A_YEAR)));
            Ok(redirect(call, StatusCode::FOUND, &location, cookies))
        }
        Err(refusal) => Err(refused(&request, refusal)),
    }
}

/// Back to the app, which is told why nobody is signed in.
fn refused(request: &Authorization, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::ByProvider { code, description } => request.back.refusal(code, &description),
        Refusal::RequestTooLong => request.back.refusal("invalid_request", "the request is too long"),
        Refusal::ByPool(reason) => {
            let (code, description) = refused_profile(&reason);
            request.back.refusal(code, &description)
        }
    }
}

/// Where providers send browsers back to: on the host the browser is on, as far as that is one of ours.
fn own_address(call: &Call) -> String {
    let base = &call.settings().base_url;
    let host = call.header(&header::HOST);
    match (&call.site, base.split_once("://")) {
        (Site::Pool(..), Some((scheme, _))) if !host.is_empty() => {
            format!("{scheme}://{}{PATH}", host.to_ascii_lowercase())
        }
        _ => format!("{base}{PATH}"),
    }
}
