//! Authorization requests: judged in one list, and answered with a code, tokens or an error.

use std::collections::HashSet;
use std::sync::Arc;

use domain::{Client, Error, Grant, IdentityProvider, STANDARD_SCOPES};
use flows::sign_in::SignedIn;
use flows::{Audience, ClientContext, CodeRequest};
use hosted_ui::Reason;
use http::{HeaderValue, Method};
use jiff::SignedDuration;
use protocol::idp::PreventUserExistenceErrorTypes;

use crate::http::call::{Call, log};
use crate::http::cookies::STEP;
use crate::http::failure::Failure;
use crate::http::page_context::PageContext;
use crate::http::params::{Params, encode};

/// What a page's address carries of the request, so that every step can judge it anew.
const CARRIED: [&str; 17] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "identity_provider",
    "idp_identifier",
    "acr_values",
    "ui_locales",
    "lang",
    "resource",
];

/// Parameters that change what a request means; coming twice they contradict themselves.
const SINGLE: [&str; 15] = [
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "identity_provider",
    "idp_identifier",
    "request",
    "request_uri",
    "resource",
];

/// The most that is taken of parameters which clients and users fill in, in bytes. What lists of our own decide is
/// compared with them; the rest is carried from page to page, and none of it is ever so long in earnest.
const LONGEST: [(&str, usize); 15] = [
    ("response_type", 64),
    ("state", 8_192),
    ("nonce", 2_048),
    ("code_challenge", 128),
    ("code_challenge_method", 64),
    ("prompt", 64),
    ("max_age", 16),
    ("login_hint", 2_048),
    ("identity_provider", 256),
    ("idp_identifier", 256),
    ("acr_values", 2_048),
    ("ui_locales", 1_024),
    ("lang", 1_024),
    ("resource", 2_048),
    ("redirect_uri", 2_048),
];

/// How much longer than all of a client's scopes a list of some of them may be: spaces, and scopes named twice.
const SCOPE_SLACK: usize = 1_024;

/// An authorization request that holds.
pub(crate) struct Authorization {
    /// Who asks.
    pub(crate) app: ClientContext,
    /// Where answers go, and how.
    pub(crate) back: Back,
    /// Granted scopes.
    pub(crate) scopes: Vec<String>,
    /// The request as a query, for the pages' own addresses.
    pub(crate) query: String,
    /// The providers its users may come through.
    pub(crate) providers: Vec<IdentityProvider>,
    /// How old a sign-in may be.
    pub(crate) max_age: Option<SignedDuration>,
    way: Way,
    redirect_uri_named: bool,
    code_challenge: Option<String>,
    nonce: Option<String>,
    /// Whether no page may be shown.
    pub(crate) silent: bool,
    /// Whether a standing sign-in is no answer.
    pub(crate) interactive: bool,
    /// `prompt`, `login_hint` and `max_age` as they were sent.
    passed_on: Vec<(&'static str, String)>,
}

/// Which way in the request names (Cognito: identity_provider, idp_identifier).
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Any of the client's.
    Any,
    /// The pool's own directory.
    Directory,
    /// A provider, by its name.
    Provider(String),
}

impl Authorization {
    /// What its pages stand in: they carry the whole request along, and end at the app.
    pub(crate) fn page(&self, call: &Call) -> PageContext<'_> {
        PageContext::of_app(call, &self.app).carrying(&self.query).leading_to(&self.back.redirect_uri)
    }

    /// The app's own parameters that a provider may be given, too.
    pub(crate) fn passed_on(&self) -> &[(&'static str, String)] {
        &self.passed_on
    }

    /// The provider that the browser goes to without a page of ours: the one named, or the only way in there is.
    pub(crate) fn straight_to(&self) -> Option<&IdentityProvider> {
        match &self.way {
            Way::Directory => None,
            Way::Provider(name) => self.providers.iter().find(|provider| provider.name == *name),
            Way::Any if self.app.client.supports_provider("COGNITO") => None,
            Way::Any => match self.providers.as_slice() {
                [only] => Some(only),
                _ => None,
            },
        }
    }

    /// Whether a sign-in by this way (None: the directory) answers the request.
    pub(crate) fn accepts(&self, provider: Option<&str>) -> bool {
        let fits = match &self.way {
            Way::Any => true,
            Way::Directory => provider.is_none(),
            Way::Provider(name) => provider == Some(name),
        };
        fits && self.app.client.supports_provider(provider.unwrap_or("COGNITO"))
    }
}

/// The way back to the app: an address that is registered for it.
#[derive(Clone, Debug)]
pub(crate) struct Back {
    /// The address, character for character as registered.
    pub(crate) redirect_uri: String,
    state: Option<String>,
    issuer: String,
    fragment: bool,
}

impl Back {
    /// The address with an answer behind it; every answer names state and issuer (RFC 6749 §4.1.2, RFC 9207 §2).
    pub(crate) fn with(&self, answer: &[(&str, Option<&str>)]) -> String {
        let mut pairs = answer.to_vec();
        pairs.push(("state", self.state.as_deref()));
        pairs.push(("iss", Some(&self.issuer)));
        append(&self.redirect_uri, &encode(&pairs), self.fragment)
    }

    /// An error, told to the app.
    pub(crate) fn refusal(&self, error: &str, description: &str) -> Failure {
        Failure::Redirect(self.with(&[("error", Some(error)), ("error_description", Some(description))]))
    }
}

/// An address with a query or fragment behind what it has already.
pub(crate) fn append(address: &str, pairs: &str, fragment: bool) -> String {
    let joint = match (fragment, address.contains('?')) {
        (true, _) => '#',
        (false, true) => '&',
        (false, false) => '?',
    };
    format!("{address}{joint}{pairs}")
}

/// Judges the request. Until redirect_uri is known to be the client's, a refusal is a page and never a redirect
/// (RFC 6749 §4.1.2.1, RFC 9700 §4.11.2).
pub(crate) async fn judge(call: &Call) -> Result<Authorization, Failure> {
    let posted = call.path.to_ascii_lowercase().ends_with("/authorize") && call.method == Method::POST;
    let form = if posted { call.form() } else { None };
    judge_sent(call, form.as_ref().unwrap_or(&call.query)).await // OpenID Connect Core §3.1.2.1: GET or POST
}

/// Judges a request by its parameters, wherever they were carried.
pub(crate) async fn judge_sent(call: &Call, sent: &Params) -> Result<Authorization, Failure> {
    let app = find_app(call, sent).await?; // RFC 6749 §2.2
    let (redirect_uri, redirect_uri_named) = find_redirect(sent, &app.client)?; // RFC 9700 §2.1
    let kind = sent.get("response_type");
    let back = Back {
        redirect_uri,
        state: sent.get("state").filter(|_| !sent.repeats("state") && !is_too_long(sent, "state")).map(str::to_owned),
        issuer: call.settings().issuer(&app.pool.id),
        fragment: kind == Some("token"), // RFC 6749 §4.2.2.1
    };
    // Before any of it is looked at more closely.
    if LONGEST.iter().any(|(name, _)| is_too_long(sent, name)) {
        return Err(back.refusal("invalid_request", "a parameter is too long"));
    }
    let longest_scope = app.client.scopes().iter().map(|scope| scope.len() + 1).sum::<usize>() + SCOPE_SLACK;
    if sent.typed("scope").len() > longest_scope {
        return Err(back.refusal("invalid_scope", "the scope is longer than all of the client's"));
    }
    let scopes: Vec<String> = match sent.get("scope") {
        Some(scope) => unique(scope.split_whitespace()),
        None => app.client.scopes().to_vec(), // Cognito: all of the client's
    };
    let prompt: Vec<&str> = sent.get("prompt").unwrap_or_default().split_whitespace().collect();
    let max_age = sent.get("max_age").map(|seconds| seconds.parse::<u32>());
    let challenge = sent.get("code_challenge");
    let method = sent.get("code_challenge_method");
    let has = |scope: &str| scopes.iter().any(|asked| asked == scope);
    let profile_without_openid = !has("openid") && (has("email") || has("phone") || has("profile"));
    let foreign_scope = scopes.iter().any(|scope| !app.client.scopes().contains(scope));
    let providers = call.providers_of(&app).await?;
    let way = find_way(sent, &app.client, &providers);
    let exempt = app.client.is_confidential() || app.client.pkce_optional;
    let unproven = kind == Some("code") && !exempt && challenge.is_none();

    let check = |refused: bool, error: &str, why: &str| if refused { Err(back.refusal(error, why)) } else { Ok(()) };
    check(SINGLE.iter().any(|name| sent.repeats(name)), "invalid_request", "a parameter comes twice")?; // RFC 6749 §3.1
    check(kind.is_none(), "invalid_request", "response_type is missing")?; // RFC 6749 §3.1.1
    check(!matches!(kind, Some("code" | "token")), "unsupported_response_type", "use code or token")?; // RFC 6749 §4.1.2.1
    check(!may(&app.client, kind), "unauthorized_client", "the client may not use this response_type")?; // RFC 6749 §4.1.2.1
    check(sent.get("request").is_some(), "request_not_supported", "send plain parameters")?; // OpenID Connect Core §6.1
    check(sent.get("request_uri").is_some(), "request_uri_not_supported", "send plain parameters")?; // OpenID Connect Core §6.2
    check(sent.get("resource").is_some(), "invalid_target", "resource is not available yet")?; // RFC 8707 §2
    check(method.is_some() && challenge.is_none(), "invalid_request", "code_challenge is missing")?; // RFC 7636 §4.3
    check(challenge.is_some() && method != Some("S256"), "invalid_request", "use code_challenge_method S256")?; // RFC 9700 §2.1.1
    check(challenge.is_some_and(|text| !is_s256(text)), "invalid_request", "code_challenge is not of S256")?; // RFC 7636 §4.2
    check(unproven, "invalid_request", "public clients must send code_challenge")?; // RFC 9700 §2.1.1
    check(scopes.is_empty() || foreign_scope, "invalid_scope", "a scope is not the client's")?; // RFC 6749 §3.3
    check(profile_without_openid, "invalid_scope", "email, phone and profile need openid")?; // OpenID Connect Core §5.4
    check(!scopes_exist(call, &app, &scopes).await?, "invalid_scope", "a scope does not exist")?; // RFC 6749 §3.3
    check(prompt.contains(&"none") && prompt.len() > 1, "invalid_request", "prompt none stands alone")?; // OpenID Connect Core §3.1.2.1
    check(matches!(max_age, Some(Err(_))), "invalid_request", "max_age is no number of seconds")?; // OpenID Connect Core §3.1.2.1
    let way = way.ok_or_else(|| back.refusal("invalid_request", "identity_provider is not the client's"))?; // Cognito

    let passed_on = ["prompt", "login_hint", "max_age"].into_iter();
    let passed_on = passed_on.filter_map(|name| sent.get(name).map(|value| (name, value.to_owned()))).collect();
    Ok(Authorization {
        providers,
        way,
        passed_on,
        redirect_uri_named,
        code_challenge: challenge.map(str::to_owned),
        nonce: sent.get("nonce").map(str::to_owned),
        silent: prompt.contains(&"none"),
        interactive: prompt.contains(&"login") || prompt.contains(&"select_account"),
        max_age: max_age.and_then(Result::ok).map(|seconds| SignedDuration::from_secs(i64::from(seconds))),
        query: sent.encode_only(&CARRIED),
        app,
        back,
        scopes,
    })
}

/// The client, which must be one of this host's.
async fn find_app(call: &Call, sent: &Params) -> Result<ClientContext, Failure> {
    let refused = || Failure::refused("invalid_client", Reason::Client);
    let id = sent.get("client_id").filter(|_| !sent.repeats("client_id")).ok_or_else(refused)?;
    let mut app = call.site.app(call, id).await?.ok_or_else(refused)?;
    // The pages hide who has an account, whatever the client's API calls do.
    Arc::make_mut(&mut app.client).settings.prevent_user_existence_errors =
        Some(PreventUserExistenceErrorTypes::Enabled);
    Ok(app)
}

/// Where the answer goes, and whether the request named it. Addresses are compared as strings, nothing else
/// (RFC 9700 §2.1). Cognito: a client with one provider may leave it out, but not in an
/// OpenID request.
fn find_redirect(sent: &Params, client: &Client) -> Result<(String, bool), Failure> {
    let refused = || Failure::refused("redirect_mismatch", Reason::Redirect);
    if sent.repeats("redirect_uri") {
        return Err(refused());
    }
    if let Some(named) = sent.get("redirect_uri") {
        return if client.has_callback(named) { Ok((named.to_owned(), true)) } else { Err(refused()) };
    }
    if sent.get("scope").is_some_and(|scope| scope.split_whitespace().any(|asked| asked == "openid")) {
        return Err(refused()); // OpenID Connect Core §3.1.2.1
    }
    let providers = client.settings.supported_identity_providers.as_deref().unwrap_or_default();
    let known = client.settings.callback_urls.as_deref().unwrap_or_default();
    let default = client.settings.default_redirect_uri.as_ref().or(match known {
        [only] => Some(only),
        _ => None,
    });
    let default = default.filter(|uri| providers.len() < 2 && client.has_callback(uri));
    default.map(|uri| (uri.clone(), false)).ok_or_else(refused)
}

/// The way in that the request names; None where the client has no such.
fn find_way(sent: &Params, client: &Client, providers: &[IdentityProvider]) -> Option<Way> {
    let found = match (sent.get("identity_provider"), sent.get("idp_identifier")) {
        (Some("COGNITO"), _) => return client.supports_provider("COGNITO").then_some(Way::Directory),
        (Some(name), _) => providers.iter().find(|provider| provider.name == name),
        (None, Some(identifier)) => {
            providers.iter().find(|provider| provider.identifiers.iter().any(|known| known == identifier))
        }
        (None, None) => return Some(Way::Any),
    };
    found.map(|provider| Way::Provider(provider.name.clone()))
}

fn may(client: &Client, response_type: Option<&str>) -> bool {
    client.grants(if response_type == Some("token") { Grant::Implicit } else { Grant::Code })
}

/// A SHA-256 hash in base64url, without padding.
fn is_s256(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn unique<'a>(scopes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    scopes.filter(|scope| seen.insert(*scope)).map(str::to_owned).collect()
}

fn is_too_long(sent: &Params, name: &str) -> bool {
    LONGEST.iter().any(|(known, longest)| *known == name && sent.typed(name).len() > *longest)
}

async fn scopes_exist(call: &Call, app: &ClientContext, scopes: &[String]) -> Result<bool, Error> {
    if scopes.iter().all(|scope| STANDARD_SCOPES.contains(&scope.as_str())) {
        return Ok(true);
    }
    match call.check_custom_scopes(&app.pool.id, scopes).await {
        Ok(()) => Ok(true),
        Err(error) if error.reason == domain::Reason::ScopeNotAllowed => Ok(false),
        Err(error) => Err(error),
    }
}

/// Back to the app with a code, or with tokens: the address that says so.
pub(crate) async fn answer(call: &Call, request: &Authorization, signed_in: SignedIn) -> Result<String, Failure> {
    let (app, back) = (&request.app, &request.back);
    if !back.fragment {
        let code = CodeRequest {
            redirect_uri: back.redirect_uri.clone(),
            redirect_uri_named: request.redirect_uri_named,
            code_challenge: request.code_challenge.clone(),
            scopes: request.scopes.clone(),
            nonce: request.nonce.clone(),
        };
        let code = call.make_code_grant(&call.ctx, app, &signed_in, code).await?;
        return Ok(back.with(&[("code", Some(&code))]));
    }
    let audience = Audience::OAuth { scopes: request.scopes.clone(), nonce: request.nonce.clone() };
    match call.issue(&call.ctx, app, signed_in, audience).await {
        // RFC 6749 §4.2.2: no refresh token this way.
        Ok(set) => Ok(back.with(&[
            ("id_token", set.id.as_deref()),
            ("access_token", Some(&set.access)),
            ("expires_in", Some(&set.expires_in.to_string())),
            ("token_type", Some("Bearer")),
        ])),
        Err(error) => {
            log(call, &error);
            Err(back.refusal("server_error", "no tokens could be made"))
        }
    }
}

/// The end of an interactive sign-in: where the browser goes, and the cookies it takes along.
pub(crate) async fn finish(
    call: &Call,
    request: &Authorization,
    signed_in: SignedIn,
) -> Result<(String, Vec<HeaderValue>), Failure> {
    let pool = &request.app.pool.id;
    let session = call.make_browser_session(&request.app, &signed_in, call.session_cookie(pool)).await?;
    let location = answer(call, request, signed_in).await?;
    let cookies = [call.set_session_cookie(pool, &session), call.clear_cookie(STEP)];
    Ok((location, cookies.into_iter().flatten().collect()))
}
