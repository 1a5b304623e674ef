use leptos::prelude::*;

use super::{Icon, Scene, icon};
use crate::look::{Logo, Scheme};
use crate::words::Language;

/// The whole document around a page's content.
pub(crate) fn document(scene: Scene<'_>, title: &str, script: bool, content: AnyView) -> AnyView {
    let Scene { look, language, frame, .. } = scene;
    let scheme = match look.scheme {
        Scheme::System => None,
        Scheme::Light => Some("light"),
        Scheme::Dark => Some("dark"),
    };
    let title = if scene.calm() {
        format!("{title} · {}", look.name)
    } else {
        format!("{}: {title} · {}", language.words.title_error, look.name)
    };
    let (icon_href, icon_kind) = look.favicon.as_ref().map_or_else(
        || (frame.favicon.clone(), "image/svg+xml".to_owned()),
        |favicon| (favicon.href.clone(), favicon.kind.clone()),
    );
    // The ground of a phone's page, where browsers show it most.
    let (light, dark) = look.theme_color.clone().unwrap_or_else(|| ("#ffffff".to_owned(), "#171a20".to_owned()));
    // Not deferred: it must stand before the form does, so that no password is posted while the rest loads.
    let script = frame.script.clone().filter(|_| script).map(|src| view! { <script src=src></script> });
    let brand_style = look.brand_style.clone().map(|href| view! { <link rel="stylesheet" href=href /> });
    view! {
        <html lang=language.tag dir=language.direction.as_str() data-scheme=scheme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <link rel="stylesheet" href=frame.style.clone() />
                {brand_style}
                {script}
                <link rel="icon" href=icon_href type=icon_kind />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content={light} {..media("(prefers-color-scheme: light)")} />
                <meta name="theme-color" content={dark} {..media("(prefers-color-scheme: dark)")} />
                <meta name="robots" content="noindex" />
                <meta name="referrer" content="no-referrer" />
                <meta name="format-detection" content="telephone=no" />
                <meta name="request-id" content=frame.request_id.clone() />
            </head>
            <body>
                <div class="page">
                    <header class="brand">{brand(scene)}</header>
                    <main class="card">{content}</main>
                    {footer(scene)}
                </div>
            </body>
        </html>
    }
    .into_any()
}

fn media(query: &'static str) -> impl leptos::attr::Attribute {
    leptos::attr::custom::custom_attribute("media", query)
}

fn brand(scene: Scene<'_>) -> AnyView {
    let look = scene.look;
    let name = look.name.clone();
    match &look.logo {
        None => {
            let initial = look.initial();
            view! {
                <p class="name"><span class="initial" aria-hidden="true">{initial}</span><bdi>{name}</bdi></p>
            }
            .into_any()
        }
        Some(logo) if logo.spells_name => view! { <p class="name">{picture(logo, name)}</p> }.into_any(),
        Some(logo) => view! { <p class="name">{picture(logo, String::new())}<bdi>{name}</bdi></p> }.into_any(),
    }
}

fn picture(logo: &Logo, alt: String) -> AnyView {
    let (width, height) = (logo.size.0.to_string(), logo.size.1.to_string());
    let dark = logo.dark_src.clone().map(|src| view! { <source srcset=src media="(prefers-color-scheme: dark)" /> });
    let src = logo.src.clone();
    view! { <picture>{dark}<img class="logo" src=src alt=alt width=width height=height /></picture> }.into_any()
}

fn footer(scene: Scene<'_>) -> AnyView {
    let links: Vec<_> = scene
        .look
        .links
        .iter()
        .map(|link| view! { <li><a href=link.href.clone()>{link.label.clone()}</a></li> })
        .collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="links">{links}</ul> });
    let menu = (scene.frame.languages.len() > 1).then(|| languages(scene));
    if links.is_none() && menu.is_none() {
        return ().into_any();
    }
    view! { <footer class="foot">{menu}{links}</footer> }.into_any()
}

fn languages(scene: Scene<'_>) -> AnyView {
    let label = scene.words().languages.to_string();
    let entries: Vec<_> = scene
        .frame
        .languages
        .iter()
        .filter_map(|link| {
            let language = Language::find(&link.tag)?;
            let current = (language.tag == scene.language.tag).then_some("true");
            Some(view! {
                <li>
                    <a href=link.href.clone() lang=language.tag hreflang=language.tag dir=language.direction.as_str() aria-current=current>
                        {language.own_name}
                    </a>
                </li>
            })
        })
        .collect();
    view! { <nav class="tongues" aria-label=label>{icon(Icon::Globe)}<ul class="links">{entries}</ul></nav> }.into_any()
}
