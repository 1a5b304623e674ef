//! Signing in through a provider: a browser is sent out, and comes back to `/oauth2/idpresponse`.

use axum::response::Response;
use domain::IdentityProvider;
use flows::{AuthorizeRequest, AuthorizeTarget, ProviderResponse, Refusal, STATE_LIFETIME, StateRejection};
use hosted_ui::{ProviderButton, ProviderMark, Reason};
use http::{StatusCode, header};
use protocol::idp::IdentityProviderTypeType;

use crate::authorize::{Authorization, finish, judge_sent};
use crate::call::Call;
use crate::cookies::{FEDERATION, LAST_PROVIDER};
use crate::error::refused_profile;
use crate::failure::Failure;
use crate::page::redirect;
use crate::pages;
use crate::params::Params;
use crate::site::Site;

const PATH: &str = "/oauth2/idpresponse";
/// How long a browser remembers which provider it used, in seconds.
const HALF_A_YEAR: i64 = 180 * 24 * 3_600;

/// Sends the browser to a provider, with a cookie that binds the answer to it.
pub(crate) async fn begin(
    call: &Call,
    request: &Authorization,
    provider: &IdentityProvider,
    status: StatusCode,
) -> Result<Response, Failure> {
    let browser = match call.cookie(FEDERATION).filter(|secret| crate::browser::is_secret(secret)) {
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
    let sent = &call.query;
    let interrupted = || Failure::refused("invalid_request", Reason::Interrupted);
    if sent.repeats_any() {
        return Err(interrupted()); // RFC 6749 §3.1
    }
    let state = sent.get("state").ok_or_else(interrupted)?;
    let state = match call.take_federation_state(&call.ctx, state, call.cookie(FEDERATION)).await? {
        Ok(state) => state,
        Err(StateRejection::Unknown) => return Err(interrupted()),
        Err(StateRejection::Expired(state) | StateRejection::OtherBrowser(state) | StateRejection::Consumed(state)) => {
            // Cognito: the sign-in page, from which the browser can begin again.
            let request = judge_sent(call, &Params::parse(state.query.as_bytes())).await?;
            return Ok(pages::begin_again(call, &request));
        }
    };
    // The app, its addresses and its providers are judged anew: five minutes are long.
    let request = judge_sent(call, &Params::parse(state.query.as_bytes())).await?;
    let provider = request.providers.iter().find(|provider| provider.name == state.provider).ok_or_else(interrupted)?;
    let response: ProviderResponse = sent.pairs().collect();
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

/// The ways in through providers, as the sign-in page shows them.
pub(crate) fn buttons(call: &Call, request: &Authorization) -> Vec<ProviderButton> {
    let last = call.cookie(LAST_PROVIDER).unwrap_or_default();
    let query = Params::parse(request.query.as_bytes());
    let button = |provider: &IdentityProvider| {
        let (name, mark) = match provider.kind {
            IdentityProviderTypeType::Google => (provider.name.as_str(), ProviderMark::Google),
            IdentityProviderTypeType::Facebook => (provider.name.as_str(), ProviderMark::Facebook),
            IdentityProviderTypeType::SignInWithApple => ("Apple", ProviderMark::Apple),
            IdentityProviderTypeType::LoginWithAmazon => ("Amazon", ProviderMark::Initial),
            IdentityProviderTypeType::Oidc | IdentityProviderTypeType::Saml => {
                (provider.name.as_str(), ProviderMark::Initial)
            }
        };
        let encoded: String = form_urlencoded::byte_serialize(provider.name.as_bytes()).collect();
        ProviderButton {
            name: name.to_owned(),
            href: format!("/oauth2/authorize?{}", query.with("identity_provider", &provider.name, &["idp_identifier"])),
            mark,
            last_used: last == encoded,
        }
    };
    request.providers.iter().map(button).collect()
}
