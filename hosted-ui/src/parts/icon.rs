use leptos::prelude::*;

/// A small picture beside words, never instead of them.
#[derive(Clone, Copy)]
pub(crate) enum Icon {
    Alert,
    Done,
    Back,
    Shield,
    Globe,
}

/// Drawn in the colour of the text, hidden from screen readers.
pub(crate) fn icon(icon: Icon) -> AnyView {
    let path = match icon {
        Icon::Alert => "M12 7.5v5.5M12 16.4v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
        Icon::Done => "m8 12.4 2.8 2.8L16 9.6M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
        Icon::Back => "M15 5l-7 7 7 7",
        Icon::Shield => "M12 3l7 2.6v5.6c0 4.3-2.9 7.9-7 9.3-4.1-1.4-7-5-7-9.3V5.6zM9 12l2.2 2.2L15.2 10",
        Icon::Globe => {
            "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c2.5 2.5 3.7 5.5 3.7 9s-1.2 6.5-3.7 9c-2.5-2.5-3.7-5.5-3.7-9S9.5 5.5 12 3z"
        }
    };
    let class = if matches!(icon, Icon::Back) { "icon turns" } else { "icon" };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
    .into_any()
}
