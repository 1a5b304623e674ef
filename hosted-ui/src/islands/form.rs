use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::{Flag, given};

/// What the server knows of a form.
#[derive(Clone, Debug, Default)]
pub struct FormGiven {
    /// Where it posts to.
    pub action: String,
    /// `srp` where the island proves the password instead of posting it, `only` where it is never posted.
    pub srp: Option<&'static str>,
    /// What to say when the server cannot be reached.
    pub offline: Option<String>,
    /// What to say of an empty username and password, where they are not posted.
    pub missing: [Option<String>; 2],
}

/// How long a posted form waits for its page before it can be sent again, in milliseconds.
#[cfg(feature = "hydrate")]
const PATIENCE: i32 = 20_000;

/// A form: sends once, says that it is busy, and, on the sign-in page, proves the password instead of sending it. What is
/// wrong with a form the page says, not the browser: in the page's language, and all of it at once.
#[island]
pub fn Form(
    /// The form's content.
    children: Children,
) -> impl IntoView {
    let FormGiven { action, srp, offline, missing: [missing_name, missing_password] } = given();
    let form = NodeRef::<html::Form>::new();
    let busy: Flag = RwSignal::new(None);
    let failed: Flag = RwSignal::new(None);
    let problem = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        if busy.get_untracked().is_some() {
            event.prevent_default();
            return;
        }
        busy.set(Some("true"));
        #[cfg(feature = "hydrate")]
        {
            let tale = super::proof::Tale { busy, failed, problem };
            if !super::proof::submit(&event, form, tale) {
                super::dom::later(PATIENCE, move || busy.set(None));
            }
        }
    };
    #[cfg(feature = "hydrate")]
    super::dom::soon(move || super::proof::prepare(form, super::proof::Tale { busy, failed, problem }));
    view! {
        <form
            class="form"
            method="post"
            action=action
            node_ref=form
            data-srp=srp
            data-offline=offline
            data-no-name=missing_name
            data-no-password=missing_password
            novalidate
            aria-busy=busy
            on:submit=submit
        >
            <div class="alert" role="alert" tabindex="-1" data-on=failed>
                <p>{problem}</p>
            </div>
            {children()}
        </form>
    }
}
