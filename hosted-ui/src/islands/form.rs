use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::given;

/// What the server knows of a form.
#[derive(Clone, Debug, Default)]
pub struct FormGiven {
    /// Where it posts to.
    pub action: String,
    /// `srp` where the island proves the password instead of posting it, `only` where it is never posted.
    pub srp: Option<&'static str>,
    /// What to say when the server cannot be reached.
    pub offline: Option<String>,
}

/// A form: sends once, says that it is busy, and, on the sign-in page, proves the password instead of sending it.
#[island]
pub fn Form(
    /// The form's content.
    children: Children,
) -> impl IntoView {
    let FormGiven { action, srp, offline } = given();
    let form = NodeRef::<html::Form>::new();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        if busy.get_untracked() {
            event.prevent_default();
            return;
        }
        busy.set(true);
        #[cfg(feature = "hydrate")]
        super::proof::submit(&event, form, busy, problem);
    };
    #[cfg(feature = "hydrate")]
    form.on_load(move |form| super::proof::prepare(&form, busy, problem));
    view! {
        <form
            class="form"
            method="post"
            action=action
            node_ref=form
            data-srp=srp
            data-offline=offline
            aria-busy=move || busy.get().then_some("true")
            on:submit=submit
        >
            <div class="alert" role="alert" tabindex="-1" hidden=move || problem.read().is_empty()>
                <p>{move || problem.get()}</p>
            </div>
            {children()}
        </form>
    }
}
