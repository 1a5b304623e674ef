use leptos::prelude::*;

use super::RenderContext;
use super::fields::notes;
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
    view! {
        <div class="field">
            <label for=ID>{label}</label>
            <Code />
            {note}
        </div>
    }
    .into_any()
}

/// The small form that asks for a new code.
pub(crate) fn wait_for_code(context: RenderContext<'_>, state: &FormState, resend: Option<&Resend>) -> AnyView {
    let Some(resend) = resend else { return ().into_any() };
    let words = context.words();
    provide_context(WaitGiven { wait: Some(resend.wait.to_string()), text: Some(words.resend_wait.to_string()) });
    let (action, csrf, sealed) = (resend.action.clone(), state.csrf.clone(), state.state.clone());
    // Children of an island outlive the call that made them: they may not borrow.
    let (no_code, ask) = (words.no_code.clone(), words.resend_button.clone());
    view! {
        <form class="resend" method="post" action=action>
            <input type="hidden" name="csrf" value=csrf />
            <input type="hidden" name="state" value=sealed />
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
