use leptos::ev::Event;
use leptos::prelude::*;

use super::given;

/// What the server knows of a code field.
#[derive(Clone, Debug, Default)]
pub struct CodeGiven {
    /// The input's id.
    pub id: &'static str,
    /// Ids of help and error.
    pub described_by: Option<String>,
    /// `true` when there is a problem with it.
    pub invalid: Option<&'static str>,
    /// Takes the focus.
    pub autofocus: bool,
    /// Sends the form when complete: only where the code is the last thing asked.
    pub send: Option<&'static str>,
}

/// A code of six digits: takes what is pasted, keeps the digits of any script, and sends itself when complete.
#[island]
pub fn Code() -> impl IntoView {
    let CodeGiven { id, described_by, invalid, autofocus, send } = given();
    let sent = RwSignal::new(String::new());
    view! {
        <input
            class="input code"
            id=id
            name="code"
            type="text"
            inputmode="numeric"
            autocomplete="one-time-code"
            autocapitalize="none"
            spellcheck="false"
            maxlength="64"
            dir="ltr"
            required
            autofocus=autofocus
            aria-describedby=described_by
            aria-invalid=invalid
            data-send=send
            on:input=move |event: Event| typed(&event, sent)
        />
    }
}

#[cfg(feature = "hydrate")]
fn typed(event: &Event, sent: RwSignal<String>) {
    use wasm_bindgen::JsCast;

    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = target else { return };
    let value = input.value();
    let digits: String = value.chars().filter_map(crate::digits::to_ascii).take(6).collect();
    if digits != value {
        input.set_value(&digits);
    }
    // Once for each code: a refused one must not send itself again when it is corrected back.
    let ready = digits.len() == 6 && input.has_attribute("data-send");
    if ready && sent.get_untracked() != digits {
        sent.set(digits);
        if let Some(form) = input.form() {
            let _ = form.request_submit();
        }
    }
}

#[cfg(not(feature = "hydrate"))]
fn typed(_: &Event, _: RwSignal<String>) {}
