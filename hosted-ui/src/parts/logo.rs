use leptos::prelude::*;

use super::RenderContext;
use crate::look::{Image, Logo, Place, Scheme};

/// Where the brand stands.
#[derive(Clone, Copy)]
pub(super) struct Stand<'a> {
    /// Its picture there.
    pub(super) logo: Option<&'a Logo>,
    /// Where in the line.
    pub(super) at: Place,
    /// The room there is, width and height in CSS pixels.
    pub(super) room: (u32, u32),
    /// Whether this is the place that names the brand. Elsewhere a picture is decoration.
    pub(super) names: bool,
}

/// The brand's picture, its name, or both.
pub(super) fn logo_or_name(context: RenderContext<'_>, stand: Stand<'_>) -> AnyView {
    let class = match stand.at {
        Place::Start => "name",
        Place::Center => "name at-center",
        Place::End => "name at-end",
    };
    let name = context.look.name.clone();
    let Some(logo) = stand.logo else {
        return view! { <p class=class>{spelled(context, "")}</p> }.into_any();
    };
    // In the mode that has no picture the name stands in for it.
    let (shown, otherwise) = match logo.only {
        Scheme::System => ("", None),
        Scheme::Light => ("in-light", Some("in-dark")),
        Scheme::Dark => ("in-dark", Some("in-light")),
    };
    let otherwise = otherwise.filter(|_| stand.names).map(|class| spelled(context, class));
    let (alt, beside) = match (stand.names, logo.spells_name) {
        (false, _) => (String::new(), None),
        (true, true) => (name, None),
        (true, false) => (String::new(), Some(view! { <bdi>{name}</bdi> })),
    };
    view! { <p class=class>{picture(logo, stand.room, alt, shown)}{beside}{otherwise}</p> }.into_any()
}

/// The initial and the name.
fn spelled(context: RenderContext<'_>, class: &'static str) -> AnyView {
    let (name, initial) = (context.look.name.clone(), context.look.initial());
    let class = (!class.is_empty()).then_some(class);
    view! { <span class=class><span class="initial" aria-hidden="true">{initial}</span><bdi>{name}</bdi></span> }
        .into_any()
}

fn picture(logo: &Logo, room: (u32, u32), alt: String, class: &'static str) -> AnyView {
    let dark = logo.dark.clone().map(|image| {
        let (width, height) = fit(&image, room);
        view! { <source srcset=image.src media="(prefers-color-scheme: dark)" width=width height=height /> }
    });
    let (width, height) = fit(&logo.image, room);
    let (src, class) = (logo.image.src.clone(), (!class.is_empty()).then_some(class));
    view! {
        <picture class=class>{dark}<img class="logo" src=src alt=alt width=width height=height /></picture>
    }
    .into_any()
}

/// A picture's width and height in the room there is, in proportion and never larger than itself. Said in the markup:
/// a browser that only knew limits would keep no place for it.
fn fit(image: &Image, room: (u32, u32)) -> (String, String) {
    let (width, height) = (f64::from(image.size.0.max(1)), f64::from(image.size.1.max(1)));
    let scale = (f64::from(room.0) / width).min(f64::from(room.1) / height).min(1.0);
    let pixels = |length: f64| (length * scale).round().max(1.0).to_string();
    (pixels(width), pixels(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_shrunk_in_proportion() {
        for (size, fitted) in [
            ((160, 40), ("160", "40")),
            ((350, 178), ("189", "96")),
            ((20_000, 400), ("320", "6")),
            ((1, 20_000), ("1", "96")),
        ] {
            let (width, height) = fit(&Image { src: String::new(), size }, (320, 96));
            assert_eq!((width.as_str(), height.as_str()), fitted);
        }
    }
}
