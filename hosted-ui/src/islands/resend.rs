use leptos::html::Div;
use leptos::prelude::*;

use super::{Flag, given};

/// What the server knows of the wait for a new code.
#[derive(Clone, Debug, Default)]
pub struct WaitGiven {
    /// Seconds to wait.
    pub wait: Option<String>,
    /// The countdown's words, with `{time}`.
    pub text: Option<String>,
}

/// Counts down until a new code may be asked for; the children are the button that asks.
#[island]
pub fn Wait(
    /// The button.
    children: Children,
) -> impl IntoView {
    let WaitGiven { wait, text } = given();
    let root = NodeRef::<Div>::new();
    let waiting: Flag = RwSignal::new(None);
    let line = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    super::dom::soon(move || count(root, waiting, line));
    view! {
        <div class="wait" node_ref=root data-wait=wait data-text=text data-waiting=waiting>
            {children()}
            <p class="wait-line">{line}</p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn count(root: NodeRef<Div>, waiting: Flag, line: RwSignal<String>) {
    let Some(root) = root.get_untracked() else { return };
    let seconds = root.get_attribute("data-wait").and_then(|wait| wait.parse().ok()).unwrap_or(0u32);
    let text = root.get_attribute("data-text").unwrap_or_default();
    let button = root.query_selector("button").ok().flatten();
    if seconds > 0 {
        tick(seconds, text, button, waiting, line);
    }
}

#[cfg(feature = "hydrate")]
fn tick(seconds: u32, text: String, button: Option<web_sys::Element>, waiting: Flag, line: RwSignal<String>) {
    waiting.set((seconds > 0).then_some(""));
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
    // `{time}` is the text's only placeholder; a search for a char is smaller than one for a string.
    if let (Some((mut said, _)), Some((_, after))) =
        (text.split_once('{').map(|(one, two)| (one.to_owned(), two)), text.split_once('}'))
    {
        said.push_str(&minutes);
        said.push_str(after);
        line.set(said);
    }
    if seconds > 0 {
        super::dom::later(1000, move || tick(seconds - 1, text, button, waiting, line));
    }
}
