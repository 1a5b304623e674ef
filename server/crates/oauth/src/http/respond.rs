//! Pages as responses: HTML, the policy around it, cookies, language.

use axum::body::Body;
use axum::response::Response;
use flows::ClientContext;
use hosted_ui::{Frame, Language, LanguageLink, Look, Page};
use http::{HeaderName, HeaderValue, StatusCode, header};
use url::Url;

use crate::http::call::Call;
use crate::http::cookies::LANGUAGE;
use crate::http::page_context::{PageContext, language};
use crate::http::site::Site;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
/// What pages may ask of a device: nothing but passkeys, and those of their own origin.
const PERMITTED: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), \
                         publickey-credentials-create=(self), publickey-credentials-get=(self)";
const YEAR: i64 = 31_536_000;

/// A page in its context, with everything around it.
pub(crate) async fn respond(
    call: &Call,
    status: StatusCode,
    page: &Page,
    context: PageContext<'_>,
    cookies: Vec<HeaderValue>,
) -> Response {
    render(call, status, page, &call.theme(context.app).await.look, Some(context), cookies)
}

/// A page that looks like an app's where one is known, and that nothing follows.
pub(crate) async fn respond_for(call: &Call, status: StatusCode, page: &Page, app: Option<&ClientContext>) -> Response {
    match app {
        Some(app) => respond(call, status, page, PageContext::of_app(call, app), Vec::new()).await,
        None => respond_plain(call, status, page),
    }
}

/// A page that is nobody's: where no app is known, or nothing may be read any more.
pub(crate) fn respond_plain(call: &Call, status: StatusCode, page: &Page) -> Response {
    // An error on the main host is nobody's: its name, an address perhaps, says nothing to the reader.
    let is_nobodys = matches!(page, Page::Error(_)) && !matches!(call.site, Site::Pool(..));
    let name = if is_nobodys { String::new() } else { call.host_name() };
    render(call, status, page, &Look::plain(name), None, Vec::new())
}

fn render(
    call: &Call,
    status: StatusCode,
    page: &Page,
    look: &Look,
    context: Option<PageContext<'_>>,
    cookies: Vec<HeaderValue>,
) -> Response {
    let assets = &call.oauth.assets;
    let language = context.map_or_else(|| language(call), |context| context.language);
    let frame = Frame {
        request_id: call.ctx.request_id.as_str().to_owned(),
        style: assets.style.clone(),
        script: assets.script.clone(),
        favicon: assets.favicon.clone(),
        languages: languages(call, context),
    };
    let html = hosted_ui::render(page, look, language, &frame);
    let scripted = assets.script.is_some() && page.has_form();
    let mut response = bare(status, cookies);
    *response.body_mut() = Body::from(html);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // Of pages alone: a redirect that cuts the app's window off from itself leaves WebKit with a page it cannot go back to.
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE, HeaderValue::from_static("same-origin"));
    headers.insert(PERMISSIONS, HeaderValue::from_static(PERMITTED));
    headers.append(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if let Ok(tag) = HeaderValue::from_str(language.tag) {
        headers.insert(header::CONTENT_LANGUAGE, tag);
    }
    if let Ok(policy) = HeaderValue::from_str(&derive_policy(scripted, context)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(cookie) = call.browser_cookie() {
        headers.append(header::SET_COOKIE, cookie);
    }
    let chosen = call.query.get("lang").and_then(Language::find);
    if let Some(cookie) = chosen.and_then(|language| call.set_cookie(LANGUAGE, language.tag, Some(YEAR))) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// Sends the browser elsewhere.
pub(crate) fn redirect(call: &Call, status: StatusCode, location: &str, cookies: Vec<HeaderValue>) -> Response {
    let mut response = bare(status, cookies);
    match HeaderValue::from_str(location) {
        Ok(location) => {
            response.headers_mut().insert(header::LOCATION, location);
        }
        // Only an address that was registered with letters no header can carry.
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    if let Some(cookie) = call.browser_cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// No page: an answer to somebody who only looks.
pub(crate) fn empty(status: StatusCode) -> Response {
    bare(status, Vec::new())
}

/// What pages and redirects have in common.
fn bare(status: StatusCode, cookies: Vec<HeaderValue>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// The content security policy. Chromium holds the redirect after a POST against `form-action`, so the origin that a
/// form may end at is named there.
fn derive_policy(scripted: bool, context: Option<PageContext<'_>>) -> String {
    let scripts =
        if scripted { "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; " } else { "" };
    let beside = context.and_then(|context| source_of(context.leads_to()?));
    let beside = beside.map(|source| format!(" {source}")).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; {scripts}img-src 'self' data:; form-action 'self'{beside}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

/// The origin of an address as a source expression (CSP 3 §2.3.1); its scheme alone where it has no origin, or one
/// that the expression's grammar cannot say.
fn source_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"));
    let sayable = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    Some(match host.filter(|host| sayable(host)) {
        Some(host) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{host}{port}", url.scheme())
        }
        None => format!("{}:", url.scheme()),
    })
}

fn languages(call: &Call, context: Option<PageContext<'_>>) -> Vec<LanguageLink> {
    let Some(query) = context.and_then(|context| context.query()) else { return Vec::new() };
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    let link = |language: &Language| LanguageLink {
        tag: language.tag.to_owned(),
        href: format!("{}?{}&lang={}", call.path, rest.join("&"), language.tag),
    };
    Language::offered().map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_named_only_where_it_can_be_said() {
        for (address, source) in [
            ("https://app.example/cb?x=y", Some("https://app.example")),
            ("http://localhost:5173/cb", Some("http://localhost:5173")),
            ("http://[::1]:3000/cb", Some("http:")),
            ("https://a.example;script-src/cb", Some("https:")),
            ("myapp://host/cb", Some("myapp:")),
            ("com.example.app:/cb", Some("com.example.app:")),
            ("nonsense", None),
        ] {
            assert_eq!(source_of(address).as_deref(), source, "{address}");
        }
    }
}
