use leptos::html::Div;
use leptos::prelude::*;

use super::given;

/// What the server knows of the wait for a new code.
#[derive(Clone, Debug, Default)]
pub struct WaitGiven {
    /// Seconds to wait.
    pub wait: u32,
    /// The countdown's words, with `{time}`.
    pub text: String,
}

/// Counts down until a new code may be asked for; the children are the button that asks.
#[island]
pub fn Wait(
    /// The button.
    children: Children,
) -> impl IntoView {
    let WaitGiven { wait, text } = given();
    let root = NodeRef::<Div>::new();
    let left = RwSignal::new(0u32);
    let line = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    root.on_load(move |root| count(root, left, line));
    view! {
        <div class="wait" node_ref=root data-wait=wait data-text=text data-waiting=move || (left.get() > 0).then_some("")>
            {children()}
            <p class="wait-line">{move || line.get()}</p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn count(root: web_sys::HtmlDivElement, left: RwSignal<u32>, line: RwSignal<String>) {
    let seconds = root.get_attribute("data-wait").and_then(|wait| wait.parse().ok()).unwrap_or(0u32);
    let text = root.get_attribute("data-text").unwrap_or_default();
    let button = root.query_selector("button").ok().flatten();
    if seconds > 0 {
        tick(seconds, text, button, left, line);
    }
}

#[cfg(feature = "hydrate")]
fn tick(
    seconds: u32,
    text: String,
    button: Option<web_sys::Element>,
    left: RwSignal<u32>,
    line: RwSignal<String>,
) {
    left.set(seconds);
    if let Some(button) = &button {
        super::dom::flag(button, "disabled", seconds > 0);
    }
    let ones = char::from(b'0' + (seconds % 10) as u8);
    let tens = char::from(b'0' + (seconds % 60 / 10) as u8);
    let mut minutes = String::new();
    let mut rest = seconds / 60;
    loop {
        minutes.insert(0, char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    minutes.push(':');
    minutes.push(tens);
    minutes.push(ones);
    line.set(text.replace("{time}", &minutes));
    if seconds > 0 {
        let next = move || tick(seconds - 1, text, button, left, line);
        set_timeout(next, std::time::Duration::from_secs(1));
    }
}
