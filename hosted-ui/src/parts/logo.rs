use leptos::prelude::*;

use super::Scene;
use crate::look::{Logo, Place, Scheme};

/// Where the brand stands.
#[derive(Clone, Copy)]
pub(super) struct Stand<'a> {
    /// Its picture there.
    pub(super) logo: Option<&'a Logo>,
    /// Where in the line.
    pub(super) at: Place,
    /// Whether this is the place that names the brand. Elsewhere a picture is decoration.
    pub(super) names: bool,
}

/// The brand's picture, its name, or both.
pub(super) fn logo_or_name(scene: Scene<'_>, stand: Stand<'_>) -> AnyView {
    let class = match stand.at {
        Place::Start => "name",
        Place::Center => "name at-center",
        Place::End => "name at-end",
    };
    let name = scene.look.name.clone();
    let Some(logo) = stand.logo else {
        return view! { <p class=class>{spelled(scene, "")}</p> }.into_any();
    };
    // In the mode that has no picture the name stands in for it.
    let (shown, otherwise) = match logo.only {
        Scheme::System => ("", None),
        Scheme::Light => ("in-light", Some("in-dark")),
        Scheme::Dark => ("in-dark", Some("in-light")),
    };
    let otherwise = otherwise.filter(|_| stand.names).map(|class| spelled(scene, class));
    let (alt, beside) = match (stand.names, logo.spells_name) {
        (false, _) => (String::new(), None),
        (true, true) => (name, None),
        (true, false) => (String::new(), Some(view! { <bdi>{name}</bdi> })),
    };
    view! { <p class=class>{picture(logo, alt, shown)}{beside}{otherwise}</p> }.into_any()
}

/// The initial and the name.
fn spelled(scene: Scene<'_>, class: &'static str) -> AnyView {
    let (name, initial) = (scene.look.name.clone(), scene.look.initial());
    let class = (!class.is_empty()).then_some(class);
    view! { <span class=class><span class="initial" aria-hidden="true">{initial}</span><bdi>{name}</bdi></span> }
        .into_any()
}

fn picture(logo: &Logo, alt: String, class: &'static str) -> AnyView {
    let dark = logo.dark.clone().map(|image| {
        let (width, height) = (image.size.0.to_string(), image.size.1.to_string());
        view! { <source srcset=image.src media="(prefers-color-scheme: dark)" width=width height=height /> }
    });
    let (width, height) = (logo.image.size.0.to_string(), logo.image.size.1.to_string());
    let (src, class) = (logo.image.src.clone(), (!class.is_empty()).then_some(class));
    view! {
        <picture class=class>{dark}<img class="logo" src=src alt=alt width=width height=height /></picture>
    }
    .into_any()
}
