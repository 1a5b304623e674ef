use leptos::prelude::*;

use super::logo::{Stand, logo_or_name};
use super::{Icon, RenderContext, icon};
use crate::look::{Favicon, Ground, Scheme};
use crate::words::Language;

/// The whole document around a page's content.
pub(crate) fn document(context: RenderContext<'_>, title: &str, script: bool, content: AnyView) -> AnyView {
    let RenderContext { look, language, frame, .. } = context;
    let scheme = match look.scheme {
        Scheme::System => None,
        Scheme::Light => Some("light"),
        Scheme::Dark => Some("dark"),
    };
    let brand = if look.name.is_empty() { String::new() } else { format!(" · {}", look.name) };
    let title = if context.has_no_problems() {
        format!("{title}{brand}")
    } else {
        format!("{}: {title}{brand}", language.words.title_error)
    };
    // Not deferred: it must stand before the form does, so that no password is posted while the rest loads.
    let script = frame.script.clone().filter(|_| script).map(|src| view! { <script src=src></script> });
    let brand_style = look.brand_style.clone().map(|href| view! { <link rel="stylesheet" href=href /> });
    let ground = match look.ground {
        Ground::Own => None,
        Ground::Color => Some("color"),
        Ground::Picture => Some("picture"),
    };
    view! {
        <html lang=language.tag dir=language.direction.as_str() data-scheme=scheme data-ground=ground>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <link rel="stylesheet" href=frame.style.clone() />
                {brand_style}
                {script}
                {icons(context)}
                {colors(context)}
                <meta name="robots" content="noindex" />
                <meta name="referrer" content="no-referrer" />
                <meta name="format-detection" content="telephone=no" />
                <meta name="request-id" content=frame.request_id.clone() />
            </head>
            <body>{body(context, content)}</body>
        </html>
    }
    .into_any()
}

/// The room for a logo at the form and in a bar, in CSS pixels.
const FORM: (u32, u32) = (320, 96);
const BAR: (u32, u32) = (240, 44);

/// The page between its bars. The brand stands in a banner: the bar, where there is one, else above the form.
fn body(context: RenderContext<'_>, content: AnyView) -> AnyView {
    let look = context.look;
    let header = look.header.as_ref().map(|bar| {
        let stand = Stand { logo: bar.logo.as_ref(), at: bar.at, room: BAR, names: true };
        view! { <header class="strip top">{logo_or_name(context, stand)}</header> }
    });
    // With a bar the brand is named already: at the form stands only a logo of its own.
    let stands = look.logo.is_some() || header.is_none() && !look.name.is_empty();
    let brand = stands.then(|| {
        let stand = Stand { logo: look.logo.as_ref(), at: look.logo_at, room: FORM, names: header.is_none() };
        logo_or_name(context, stand)
    });
    let (above, first, inside) = match (brand, look.logo_inside, header.is_some()) {
        (Some(brand), true, _) => (None, None, Some(view! { <div class="brand">{brand}</div> })),
        (Some(brand), false, true) => (None, Some(view! { <div class="brand">{brand}</div> }), None),
        (Some(brand), false, false) => (Some(view! { <header class="brand">{brand}</header> }), None, None),
        (None, ..) => (None, None, None),
    };
    let links = links(context);
    let (foot, footer) = match &look.footer {
        None => (links.map(|links| view! { <footer class="foot">{links}</footer> }), None),
        Some(bar) => {
            let logo = bar
                .logo
                .as_ref()
                .map(|logo| logo_or_name(context, Stand { logo: Some(logo), at: bar.at, room: BAR, names: false }));
            let foot = links.map(|links| view! { <div class="foot">{links}</div> });
            (None, Some(view! { <footer class="strip bottom">{logo}{foot}</footer> }))
        }
    };
    view! {
        {header}
        <div class="page">
            {above}
            <main>
                {first}
                <div class="card">{inside}{content}</div>
            </main>
            {foot}
        </div>
        {footer}
    }
    .into_any()
}

fn icons(context: RenderContext<'_>) -> AnyView {
    if context.look.favicons.is_empty() {
        let href = context.frame.favicon.clone();
        return view! { <link rel="icon" href=href type="image/svg+xml" /> }.into_any();
    }
    let link = |icon: &Favicon| {
        let (href, kind) = (icon.href.clone(), icon.kind.clone());
        match icon.scheme {
            Scheme::System => view! { <link rel="icon" href=href type=kind /> }.into_any(),
            Scheme::Light => view! { <link rel="icon" href=href type={kind} {..media(LIGHT)} /> }.into_any(),
            Scheme::Dark => view! { <link rel="icon" href=href type={kind} {..media(DARK)} /> }.into_any(),
        }
    };
    context.look.favicons.iter().map(link).collect::<Vec<_>>().into_any()
}

/// What a browser draws around the page.
fn colors(context: RenderContext<'_>) -> AnyView {
    // The ground of a phone's page, where browsers show it most.
    let own = || ("#ffffff".to_owned(), "#171a20".to_owned());
    let (light, dark) = context.look.theme_color.clone().unwrap_or_else(own);
    match context.look.scheme {
        Scheme::System => view! {
            <meta name="color-scheme" content="light dark" />
            <meta name="theme-color" content={light} {..media(LIGHT)} />
            <meta name="theme-color" content={dark} {..media(DARK)} />
        }
        .into_any(),
        Scheme::Light => view! {
            <meta name="color-scheme" content="light" />
            <meta name="theme-color" content=light />
        }
        .into_any(),
        Scheme::Dark => view! {
            <meta name="color-scheme" content="dark" />
            <meta name="theme-color" content=dark />
        }
        .into_any(),
    }
}

const LIGHT: &str = "(prefers-color-scheme: light)";
const DARK: &str = "(prefers-color-scheme: dark)";

fn media(query: &'static str) -> impl leptos::attr::Attribute {
    leptos::attr::custom::custom_attribute("media", query)
}

/// The language menu and the brand's links.
fn links(context: RenderContext<'_>) -> Option<AnyView> {
    let links: Vec<_> = context
        .look
        .links
        .iter()
        .map(|link| view! { <li><a href=link.href.clone()>{link.label.clone()}</a></li> })
        .collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="links">{links}</ul> });
    let menu = (context.frame.languages.len() > 1).then(|| languages(context));
    (links.is_some() || menu.is_some()).then(|| view! { {menu}{links} }.into_any())
}

fn languages(context: RenderContext<'_>) -> AnyView {
    let label = context.words().languages.to_string();
    let entries: Vec<_> = context
        .frame
        .languages
        .iter()
        .filter_map(|link| {
            let language = Language::find(&link.tag)?;
            let current = (language.tag == context.language.tag).then_some("true");
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
