use leptos::prelude::*;

use super::RenderContext;
use crate::look::Offer;
use crate::pages::{ProviderButton, ProviderMark};
use crate::words::fill;

/// A way in through somebody else: a link, since it changes nothing here.
pub(crate) fn provider_button(context: RenderContext<'_>, button: &ProviderButton) -> AnyView {
    let words = context.words();
    let text = fill(&words.continue_with, &[("provider", &button.name)]);
    let class = match button.mark {
        ProviderMark::Google | ProviderMark::Apple | ProviderMark::Facebook => "button provider social",
        ProviderMark::Image(_) | ProviderMark::Initial => "button provider",
    };
    let offer = &context.look.providers;
    let own = offer.marks.iter().find(|(name, _)| Offer::means(name, &button.name)).map(|(_, src)| src.clone());
    let mark = (!offer.bare).then(|| own.map_or_else(|| mark(button), picture));
    let badge = button.last_used.then(|| view! { <span class="badge">{words.last_used.clone()}</span> });
    view! {
        <li>
            <a class=class href=button.href.clone()>
                {mark}
                <span class="grow"><span>{text}</span>{badge}</span>
            </a>
        </li>
    }
    .into_any()
}

fn picture(src: String) -> AnyView {
    view! { <img class="mark" src=src alt="" width="20" height="20" /> }.into_any()
}

fn mark(button: &ProviderButton) -> AnyView {
    let paths: &[(&str, &str)] = match &button.mark {
        ProviderMark::Image(src) => {
            return picture(src.clone());
        }
        ProviderMark::Initial => {
            let letter: String = button.name.chars().take(1).flat_map(char::to_uppercase).collect();
            return view! { <span class="mark letter" aria-hidden="true">{letter}</span> }.into_any();
        }
        ProviderMark::Google => &[
            (
                "#4285f4",
                "M22.56 12.25c0-.78-.07-1.53-.2-2.25H12v4.26h5.92a5.06 5.06 0 0 1-2.21 3.31v2.77h3.57c2.08-1.92 3.28-4.74 3.28-8.09z",
            ),
            (
                "#34a853",
                "M12 23c2.97 0 5.46-.98 7.28-2.66l-3.57-2.77c-.98.66-2.23 1.06-3.71 1.06-2.86 0-5.29-1.93-6.16-4.53H2.18v2.84A11 11 0 0 0 12 23z",
            ),
            ("#fbbc05", "M5.84 14.09a6.6 6.6 0 0 1 0-4.18V7.07H2.18a11 11 0 0 0 0 9.86z"),
            (
                "#ea4335",
                "M12 5.38c1.62 0 3.06.56 4.21 1.64l3.15-3.15A11 11 0 0 0 2.18 7.07l3.66 2.84C6.71 7.31 9.14 5.38 12 5.38z",
            ),
        ],
        ProviderMark::Apple => &[(
            "currentColor",
            "M17.05 12.54c-.03-2.8 2.29-4.15 2.39-4.21a5.1 5.1 0 0 0-4.05-2.2c-1.72-.17-3.36 1.02-4.24 1.02-.87 0-2.22-.99-3.65-.96a5.4 5.4 0 0 0-4.58 2.77c-1.95 3.39-.5 8.4 1.4 11.15.93 1.35 2.04 2.86 3.5 2.8 1.4-.05 1.93-.9 3.63-.9 1.69 0 2.17.9 3.65.88 1.51-.03 2.46-1.37 3.38-2.72a11 11 0 0 0 1.53-3.16 4.9 4.9 0 0 1-2.96-4.47zM14.27 4.29c.77-.94 1.3-2.24 1.15-3.54a5 5 0 0 0-3.26 1.68 4.7 4.7 0 0 0-1.18 3.43c1.24.1 2.51-.63 3.29-1.57z",
        )],
        ProviderMark::Facebook => &[(
            "#1877f2",
            "M24 12a12 12 0 1 0-13.9 11.9v-8.4H7.1V12h3V9.4c0-3 1.8-4.7 4.5-4.7 1.3 0 2.7.2 2.7.2v3h-1.5c-1.5 0-2 .9-2 1.9V12h3.4l-.5 3.5h-2.9v8.4A12 12 0 0 0 24 12z",
        )],
    };
    let paths: Vec<_> = paths.iter().map(|(fill, d)| view! { <path fill=*fill d=*d></path> }).collect();
    view! { <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">{paths}</svg> }.into_any()
}
