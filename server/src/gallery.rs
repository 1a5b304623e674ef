//! The gallery of the hosted pages: every sample of every page as our own look and the sample brands wear it. There in
//! dev mode only. Nothing in it is real, so it needs neither store nor session.

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use branding::theme::{SAMPLES, SampleBrand};
use hosted_ui::samples::{Sample, samples};
use hosted_ui::{Language, LanguageLink, Look, Scheme, render};
use http::{HeaderMap, header};
use serde_json::json;

use crate::app::AppState;
use crate::assets::{self, missing};
use crate::dev_answer::answer;

const PAGE: &str = "/_latchkey/gallery";
const STYLE: &str = include_str!("gallery.css");
/// The slug of our own look.
const PLAIN: &str = "plain";
const INDEX_POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; img-src 'self'; base-uri 'none'; \
                            form-action 'self'; frame-ancestors 'none'";
/// The hosted pages' own, but for the frames of the index.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
                           connect-src 'self'; worker-src 'self'; img-src 'self' data:; form-action 'self'; \
                           frame-ancestors 'self'; base-uri 'none'";
/// A picture opened by itself runs nothing and loads nothing.
const PICTURE_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route(PAGE, get(index))
        .route("/_latchkey/gallery/style.css", get(|| async { answer("text/css; charset=utf-8", STYLE.into(), None) }))
        .route("/_latchkey/gallery/{brand}/{name}", get(show))
}

type Asked = Query<HashMap<String, String>>;

/// What is looked at, and how.
struct View {
    scheme: Scheme,
    language: &'static Language,
    is_wide: bool,
    /// Without scripts: the frames of the index are pictures.
    is_still: bool,
}

impl View {
    fn of(asked: &Asked) -> Self {
        let word = |name: &str| asked.get(name).map_or("", String::as_str);
        Self {
            scheme: match word("mode") {
                "light" => Scheme::Light,
                "dark" => Scheme::Dark,
                _ => Scheme::System,
            },
            language: Language::find(word("lang")).unwrap_or(Language::english()),
            is_wide: word("size") == "desk",
            is_still: asked.contains_key("still"),
        }
    }

    fn mode(&self) -> &'static str {
        mode_of(self.scheme)
    }

    fn query(&self) -> String {
        let size = if self.is_wide { "desk" } else { "phone" };
        format!("mode={}&lang={}&size={size}", self.mode(), self.language.tag)
    }
}

fn mode_of(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::System => "system",
        Scheme::Light => "light",
        Scheme::Dark => "dark",
    }
}

fn brand(slug: &str) -> Option<&'static SampleBrand> {
    SAMPLES.iter().find(|sample| sample.slug == slug)
}

/// What there is: a page with a frame for each sample of one brand, or JSON where that is asked for.
async fn index(asked: Asked, headers: HeaderMap) -> Response {
    let wants_json = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if wants_json.is_some_and(|accept| accept.contains("application/json")) {
        let brands: Vec<&str> = SAMPLES.iter().map(|sample| sample.slug).collect();
        let names: Vec<&str> = samples().iter().map(|sample| sample.name).collect();
        let languages: Vec<&str> = Language::all().iter().map(|language| language.tag).collect();
        let Json(list) = Json(json!({ "brands": brands, "samples": names, "languages": languages }));
        return answer("application/json", list.to_string().into(), None);
    }
    let view = View::of(&asked);
    let chosen = asked.get("brand").filter(|slug| *slug == PLAIN || brand(slug).is_some());
    let chosen = chosen.map_or_else(|| SAMPLES.first().map_or(PLAIN, |sample| sample.slug), String::as_str);
    answer("text/html; charset=utf-8", draw_index(chosen, &view).into(), Some(INDEX_POLICY))
}

/// A page, a brand's style sheet (`light.css`), or a picture of a brand.
async fn show(Path((slug, name)): Path<(String, String)>, asked: Asked) -> Response {
    let worn = brand(&slug);
    if worn.is_none() && slug != PLAIN {
        return missing();
    }
    if let (Some(mode), Some(sample)) = (name.strip_suffix(".css"), worn) {
        let scheme = [Scheme::System, Scheme::Light, Scheme::Dark].into_iter().find(|one| mode_of(*one) == mode);
        return match scheme {
            Some(scheme) => answer("text/css; charset=utf-8", sample.theme(&folder(sample), scheme).style.into(), None),
            None => missing(),
        };
    }
    if let Some(file) = worn.and_then(|sample| sample.files.iter().find(|file| file.name == name)) {
        return answer("image/svg+xml", file.bytes.into(), Some(PICTURE_POLICY));
    }
    let view = View::of(&asked);
    match samples().into_iter().find(|sample| sample.name == name) {
        Some(sample) => {
            let html = draw(&sample, worn, &view);
            answer("text/html; charset=utf-8", html.into(), Some(PAGE_POLICY))
        }
        None => missing(),
    }
}

fn folder(sample: &SampleBrand) -> String {
    format!("{PAGE}/{}", sample.slug)
}

fn draw(sample: &Sample, worn: Option<&SampleBrand>, view: &View) -> String {
    let own = hosted_ui::samples::look();
    let look = match worn {
        None => Look { scheme: view.scheme, ..own },
        Some(sample) => Look {
            brand_style: Some(format!("{}/{}.css", folder(sample), view.mode())),
            links: own.links,
            ..sample.theme(&folder(sample), view.scheme).look
        },
    };
    let files = assets::pages();
    let link = |language: &Language| LanguageLink {
        tag: language.tag.to_owned(),
        href: format!("?mode={}&lang={}", view.mode(), language.tag),
    };
    let frame = hosted_ui::Frame {
        style: files.style,
        script: files.script.filter(|_| !view.is_still),
        favicon: files.favicon,
        languages: Language::all().iter().map(link).collect(),
        ..hosted_ui::samples::frame(".")
    };
    render(&sample.page, &look, view.language, &frame)
}

fn draw_index(chosen: &str, view: &View) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Gallery of the hosted pages</title>\n\
         <link rel=\"stylesheet\" href=\"{PAGE}/style.css\">\n\
         <link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">\n</head>\n<body>\n<header>\n\
         <h1>Gallery of the hosted pages</h1>\n<nav aria-label=\"What is shown\">\n",
        icon = assets::pages().favicon,
    );
    let looks = std::iter::once((PLAIN, "Our own look")).chain(SAMPLES.iter().map(|one| (one.slug, one.name)));
    let looks: Vec<_> = looks.map(|(slug, name)| (slug.to_owned(), name.to_owned())).collect();
    push_choice(&mut html, "Look", "brand", chosen, chosen, view, &looks);
    let plain =
        |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let modes = plain(&[("system", "As the browser asks"), ("light", "Light"), ("dark", "Dark")]);
    push_choice(&mut html, "Colours", "mode", view.mode(), chosen, view, &modes);
    let sizes = plain(&[("phone", "Phone"), ("desk", "Desk")]);
    push_choice(&mut html, "Size", "size", if view.is_wide { "desk" } else { "phone" }, chosen, view, &sizes);
    let tongues: Vec<_> = Language::all().iter().map(|one| (one.tag.to_owned(), one.own_name.to_owned())).collect();
    push_choice(&mut html, "Language", "lang", view.language.tag, chosen, view, &tongues);
    let size = if view.is_wide { "desk" } else { "phone" };
    let _ = write!(html, "</nav>\n</header>\n<main>\n<ul class=\"{size}\">\n");
    for sample in samples() {
        let name = sample.name;
        let address = format!("{PAGE}/{chosen}/{name}?{}", view.query()).replace('&', "&amp;");
        let _ = writeln!(
            html,
            "<li><iframe sandbox=\"allow-same-origin\" loading=\"lazy\" tabindex=\"-1\" title=\"{name}\" \
             src=\"{address}&amp;still\"></iframe><p><a href=\"{address}\">{name}</a></p></li>",
        );
    }
    html.push_str("</ul>\n</main>\n</body>\n</html>\n");
    html
}

/// A row of links that change one thing of the view.
fn push_choice(
    html: &mut String,
    title: &str,
    name: &str,
    current: &str,
    chosen: &str,
    view: &View,
    entries: &[(String, String)],
) {
    let _ = write!(html, "<div><span>{title}</span><ul>");
    for (value, says) in entries {
        let rest: String = format!("brand={chosen}&{}", view.query())
            .split('&')
            .map(|pair| if pair.starts_with(&format!("{name}=")) { format!("{name}={value}") } else { pair.to_owned() })
            .collect::<Vec<_>>()
            .join("&amp;");
        let is_current = if value == current { " aria-current=\"true\"" } else { "" };
        let says = says.replace('&', "&amp;");
        let _ = write!(html, "<li><a href=\"{PAGE}?{rest}\"{is_current}>{says}</a></li>");
    }
    html.push_str("</ul></div>\n");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::body::to_bytes;
    use http::StatusCode;

    use super::*;

    async fn ask(slug: &str, name: &str) -> (StatusCode, HeaderMap, String) {
        let asked = Query(HashMap::from([("mode".to_owned(), "dark".to_owned())]));
        let response = show(Path((slug.to_owned(), name.to_owned())), asked).await;
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn what_a_page_names_is_there() {
        for sample in SAMPLES {
            let (status, headers, html) = ask(sample.slug, "sign-in").await;
            assert_eq!(status, StatusCode::OK);
            assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY));
            assert!(html.contains("data-scheme=\"dark\""), "{html}");
            let (_, _, style) = ask(sample.slug, "dark.css").await;
            let below = format!("{PAGE}/{}/", sample.slug);
            let whole = html + &style;
            let named: Vec<_> = whole.split(&below).skip(1).filter_map(|rest| rest.split(['"', '\'']).next()).collect();
            assert!(named.len() > 2, "{named:?}");
            for name in named {
                assert_eq!(ask(sample.slug, name).await.0, StatusCode::OK, "{name}");
            }
        }
    }

    #[tokio::test]
    async fn nothing_else_is() {
        for (slug, name) in
            [("bank", "settings.json"), ("bank", "../Cargo.toml"), ("nobody", "sign-in"), ("plain", "dark.css")]
        {
            assert_eq!(ask(slug, name).await.0, StatusCode::NOT_FOUND, "{slug}/{name}");
        }
    }
}
