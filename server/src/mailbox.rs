//! The dev mailbox: what would have been sent, as a page and as JSON. There in dev mode only.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::Error;
use http::{HeaderMap, StatusCode, header};
use messages::{Channel, Entry, Mailbox, Purpose};

use crate::app::AppState;
use crate::assets::missing;
use crate::dev_answer::answer;

const PAGE: &str = "/_latchkey/mailbox";
const STYLE: &str = include_str!("mailbox.css");
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; img-src 'self' data:; \
                           form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Mails style themselves inline; the sandbox keeps everything else of them out.
const MAIL_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route(PAGE, get(show).delete(delete))
        .route("/_latchkey/mailbox/empty", post(empty))
        .route("/_latchkey/mailbox/style.css", get(style))
        .route("/_latchkey/mailbox/{id}/html", get(mail))
}

type Asked = Query<HashMap<String, String>>;

fn to(asked: &Asked) -> Option<&str> {
    asked.get("to").map(String::as_str)
}

/// JSON where it is asked for, or where an address is and no page is wanted; otherwise the page.
async fn show(State(state): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    let Some(mailbox) = open(&state, &headers) else { return missing() };
    let entries = mailbox.entries(to(&asked));
    let accepts = |kind: &str| {
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains(kind))
    };
    if accepts("application/json") || (asked.contains_key("to") && !accepts("text/html")) {
        let entries: Vec<&Entry> = entries.iter().map(AsRef::as_ref).collect();
        return match serde_json::to_vec(&entries) {
            Ok(json) => answer("application/json", json.into(), None),
            Err(error) => {
                tracing::error!(error = %Error::internal(error), "the mailbox cannot be told");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        };
    }
    let refreshes = asked.contains_key("refresh");
    let page = page(&entries, to(&asked), refreshes, &state.latchkey.settings().base_url);
    answer("text/html; charset=utf-8", page.into(), Some(PAGE_POLICY))
}

async fn delete(State(state): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    let Some(mailbox) = open(&state, &headers) else { return missing() };
    mailbox.empty(to(&asked));
    StatusCode::NO_CONTENT.into_response()
}

/// The page's own button: forms know no DELETE.
async fn empty(State(state): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    let Some(mailbox) = open(&state, &headers) else { return missing() };
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| site != "same-origin") {
        return StatusCode::FORBIDDEN.into_response();
    }
    mailbox.empty(to(&asked));
    Redirect::to(PAGE).into_response()
}

async fn style() -> Response {
    answer("text/css; charset=utf-8", STYLE.into(), None)
}

/// The HTML part of a mail, for the frame on the page.
async fn mail(State(state): State<AppState>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let html = open(&state, &headers).and_then(|mailbox| mailbox.entry(&id)?.page());
    match html {
        Some(html) => answer("text/html; charset=utf-8", html.into(), Some(MAIL_POLICY)),
        None => missing(),
    }
}

/// The mailbox, for requests that name this machine or the server's own name: a page elsewhere whose name was made to
/// lead here (DNS rebinding) must not read codes.
fn open<'a>(state: &'a AppState, headers: &HeaderMap) -> Option<&'a Arc<Mailbox>> {
    state.mailbox.as_ref().filter(|_| is_local(state, headers))
}

/// Whether the request's host is loopback by name, an address, or the base URL's.
pub(crate) fn is_local(state: &AppState, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return true };
    let Ok(url) = url::Url::parse(&format!("http://{host}/")) else { return false };
    let base = url::Url::parse(&state.latchkey.settings().base_url).ok();
    let base = base.as_ref().and_then(url::Url::host_str);
    match url.host() {
        Some(url::Host::Domain(name)) => {
            name == "localhost"
                || name.ends_with(".localhost")
                || base.is_some_and(|base| {
                    name == base || name.strip_suffix(base).is_some_and(|label| label.ends_with('.'))
                })
        }
        Some(_) => true,
        None => false,
    }
}

fn page(entries: &[Arc<Entry>], to: Option<&str>, refreshes: bool, base_url: &str) -> String {
    let count = match entries.len() {
        0 => "No messages".to_owned(),
        1 => "1 message".to_owned(),
        many => format!("{many} messages"),
    };
    let query = |refresh: bool| {
        let mut parts = Vec::new();
        if let Some(to) = to {
            parts.push(format!("to={}", url::form_urlencoded::byte_serialize(to.as_bytes()).collect::<String>()));
        }
        if refresh {
            parts.push("refresh=5".to_owned());
        }
        if parts.is_empty() { PAGE.to_owned() } else { format!("{PAGE}?{}", parts.join("&amp;")) }
    };
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Dev mailbox · Latchkey</title>\n\
         <link rel=\"stylesheet\" href=\"/_latchkey/mailbox/style.css\">\n\
         <link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">\n{refresh}</head>\n<body>\n\
         <header class=\"top\"><div><p class=\"name\">Dev mailbox</p>\
         <p class=\"quiet\">What would have left by mail or SMS. Nothing does in development mode.</p></div>\
         <nav aria-label=\"Places\"><a href=\"/demo/\">Demo</a></nav></header>\n<main>\n\
         <div class=\"bar\"><h1>{count}{of}</h1><div class=\"actions\">{all}\
         <a class=\"button\" href=\"{toggle}\">{toggle_says}</a>",
        icon = crate::assets::pages().favicon,
        refresh = if refreshes { "<meta http-equiv=\"refresh\" content=\"5\">\n" } else { "" },
        of = to.map(|to| format!(" to {}", escape(to))).unwrap_or_default(),
        all = if to.is_some() { format!("<a class=\"button\" href=\"{PAGE}\">Show all</a>") } else { String::new() },
        toggle = query(!refreshes),
        toggle_says = if refreshes { "Stop refreshing" } else { "Refresh every 5 s" },
    );
    if !entries.is_empty() {
        let action = query(false).replacen(PAGE, &format!("{PAGE}/empty"), 1);
        let _ =
            write!(html, "<form method=\"post\" action=\"{action}\"><button class=\"button\">Empty</button></form>");
    }
    html.push_str("</div></div>\n");
    if entries.is_empty() {
        let _ = writeln!(
            html,
            "<div class=\"empty\"><p>Sign up in the <a href=\"/demo/\">demo</a>, or ask for a code, and it arrives here.</p>\
             <p class=\"quiet\">Tests read the same as JSON:</p>\
             <pre tabindex=\"0\"><code>curl {base}{PAGE}?to=demo@example.com</code></pre></div>",
            base = escape(base_url),
        );
    }
    for entry in entries {
        push_entry(&mut html, entry);
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn push_entry(html: &mut String, entry: &Entry) {
    let what = match entry.purpose {
        Purpose::SignUp => "Sign-up",
        Purpose::ResendCode => "Sign-up, sent again",
        Purpose::ForgotPassword => "Password reset",
        Purpose::VerifyUserAttribute => "Attribute verification",
        Purpose::Invitation => "Invitation",
        Purpose::Authentication => "Sign-in",
    };
    let channel = match entry.channel {
        Channel::Email => "Mail",
        Channel::Sms => "SMS",
    };
    let id = escape(&entry.id);
    let title = entry.subject.as_deref().unwrap_or(what);
    let to_query: String = url::form_urlencoded::byte_serialize(entry.to.as_bytes()).collect();
    let _ = write!(
        html,
        "<article class=\"card\" aria-labelledby=\"t-{id}\">\n<div class=\"bar\"><h2 id=\"t-{id}\">{title}</h2>\
         <p class=\"quiet\">{channel} · {what}</p></div>\n\
         <p class=\"quiet\">to <a href=\"{PAGE}?to={to_query}\">{to}</a> · <time datetime=\"{at}\">{at}</time></p>\n",
        title = escape(title),
        to = escape(&entry.to),
        at = escape(&entry.at),
    );
    if let Some(code) = &entry.code {
        let _ = writeln!(html, "<p class=\"code\"><code>{}</code></p>", escape(code));
    }
    if let Some(link) = &entry.link {
        let _ = writeln!(html, "<p><a href=\"{0}\">{0}</a></p>", escape(link));
    }
    let _ = writeln!(html, "<p class=\"text\">{}</p>", escape(entry.text.trim()));
    if entry.html.is_some() {
        let _ = writeln!(
            html,
            "<details><summary>As the mail looks</summary><iframe sandbox loading=\"lazy\" title=\"The mail: {title}\" \
             src=\"{PAGE}/{id}/html\"></iframe></details>",
            title = escape(title),
        );
    }
    html.push_str("</article>\n");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
