use leptos::prelude::*;

use super::RenderContext;
use super::fields::notes;
use super::hidden_fields;
use crate::islands::{Code, CodeGiven, Wait, WaitGiven};
use crate::page::{FormState, Resend};

const ID: &str = "f-code";

/// The field for a code. `send` where nothing else is asked after it.
pub(crate) fn code_field(context: RenderContext<'_>, label: &str, send: bool, focus: bool) -> AnyView {
    let label = label.to_string();
    let error = context.problem("code");
    let (described_by, _, note) = notes(ID, None, error.clone());
    provide_context(CodeGiven {
        id: ID,
        described_by,
        invalid: error.is_some().then_some("true"),
        autofocus: focus && context.has_no_problems(),
        send: send.then_some(""),
    });
    // What happens by itself is said before it does (WCAG 3.2.2), where it does.
    let sends =
        send.then(|| view! { <span class="optional scripted">{context.words().code_sends_itself.clone()}</span> });
    view! {
        <div class="field">
            <label for=ID><span>{label}</span>{sends}</label>
            <Code />
            {note}
        </div>
    }
    .into_any()
}

/// What somebody waits for.
#[derive(Clone, Copy)]
pub(crate) enum Awaited {
    Code,
    Link,
}

/// The small form that asks for a new code or link.
pub(crate) fn wait_for_code(
    context: RenderContext<'_>,
    state: &FormState,
    resend: Option<&Resend>,
    awaited: Awaited,
) -> AnyView {
    let Some(resend) = resend else { return ().into_any() };
    let words = context.words();
    let (no_code, ask, wait) = match awaited {
        Awaited::Code => (&words.no_code, &words.resend_button, &words.resend_wait),
        Awaited::Link => (&words.no_link, &words.resend_link_button, &words.resend_link_wait),
    };
    provide_context(WaitGiven { wait: Some(resend.wait.to_string()), text: Some(wait.to_string()) });
    let action = resend.action.clone();
    // Children of an island outlive the call that made them: they may not borrow.
    let (no_code, ask) = (no_code.clone(), ask.clone());
    view! {
        <form class="resend" method="post" action=action>
            {hidden_fields(state)}
            <Wait>
                <p class="ask">
                    <span>{no_code}</span>
                    " "
                    <button class="link" type="submit">{ask}</button>
                </p>
            </Wait>
        </form>
    }
    .into_any()
}
