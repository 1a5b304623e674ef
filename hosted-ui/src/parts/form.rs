use leptos::prelude::*;

use super::fields::anchor;
use super::{Icon, RenderContext, icon};
use crate::islands::{Form, FormGiven};
use crate::message::Notice;
use crate::page::FormState;
use crate::words::fill;

/// A form whose password is proven where scripts run.
pub(crate) struct Proving {
    /// `srp`, or `only` where the password is never posted.
    pub(crate) srp: &'static str,
    /// What the field for the name is called.
    pub(crate) name: String,
}

/// A form with what every form carries.
pub(crate) fn form(
    context: RenderContext<'_>,
    state: &FormState,
    proving: Option<Proving>,
    content: AnyView,
) -> AnyView {
    let words = context.words();
    let required = |label: &str| Some(fill(&words.field_required, &[("field", label)]));
    let (srp, missing) = match proving {
        Some(Proving { srp, name }) => (Some(srp), [required(&name), required(&words.password)]),
        None => (None, [None, None]),
    };
    let offline = Some(words.offline.to_string());
    provide_context(FormGiven { action: state.action.clone(), srp, offline, missing });
    let hidden = hidden_fields(state);
    view! {
        <Form>
            {hidden}
            {content}
        </Form>
    }
    .into_any()
}

/// What every form posts beside what is typed.
pub(crate) fn hidden_fields(state: &FormState) -> AnyView {
    let (csrf, sealed) = (state.csrf.clone(), state.state.clone());
    view! {
        <input type="hidden" name="csrf" value=csrf />
        <input type="hidden" name="state" value=sealed />
    }
    .into_any()
}

/// How long a step of a sign-in may take (WCAG 2.2.1).
pub(crate) fn time_limit(context: RenderContext<'_>) -> AnyView {
    view! { <p class="help limit">{context.words().time_limit.clone()}</p> }.into_any()
}

/// The page's one heading.
pub(crate) fn heading(text: &str) -> AnyView {
    let text = text.to_string();
    view! { <h1>{text}</h1> }.into_any()
}

/// The sentence under the heading.
pub(crate) fn lead(text: &str) -> AnyView {
    let text = text.to_string();
    view! { <p class="lead">{text}</p> }.into_any()
}

/// The one primary button, with the words it takes on while it works.
pub(crate) fn primary(idle: &str, busy: &str) -> AnyView {
    let (idle, busy) = (idle.to_string(), busy.to_string());
    view! {
        <button class="button primary" type="submit">
            <span class="idle">{idle}</span>
            <span class="busy">{busy}</span>
        </button>
    }
    .into_any()
}

/// A quieter way on.
pub(crate) fn quiet_link(href: &str, text: &str, back: bool) -> AnyView {
    let arrow = back.then(|| icon(Icon::Back));
    let (href, text) = (href.to_owned(), text.to_owned());
    view! { <p class="on"><a class="quiet" href=href>{arrow}<span>{text}</span></a></p> }.into_any()
}

/// Another way on, of less weight than the primary button.
pub(crate) fn secondary(href: &str, text: &str) -> AnyView {
    let (href, text) = (href.to_owned(), text.to_owned());
    view! { <a class="button secondary" href=href>{text}</a> }.into_any()
}

/// Good news.
pub(crate) fn notice(context: RenderContext<'_>, notice: Option<&Notice>) -> AnyView {
    notice
        .map(|notice| {
            let text = notice.text(context.words());
            view! { <div class="notice" role="status">{icon(Icon::Done)}<p>{text}</p></div> }
        })
        .into_any()
}

/// All that is wrong, with the focus, and with links to the fields.
pub(crate) fn summary(context: RenderContext<'_>) -> AnyView {
    if context.problems.is_empty() {
        return ().into_any();
    }
    let words = context.words();
    let plain: Vec<_> = context
        .problems
        .iter()
        .filter(|problem| problem.field.is_none())
        .map(|problem| view! { <p>{problem.message.text(words)}</p> })
        .collect();
    let linked: Vec<_> = context
        .problems
        .iter()
        .filter_map(|problem| {
            let href = anchor(problem.field.as_deref()?);
            Some(view! { <li><a href=href>{problem.message.text(words)}</a></li> })
        })
        .collect();
    let list = (!linked.is_empty()).then(|| {
        view! { <p class="alert-title">{words.problem_title.clone()}</p><ul>{linked}</ul> }
    });
    view! {
        <div class="alert" role="alert" tabindex="-1" autofocus id="problems">
            {icon(Icon::Alert)}
            <div>{plain}{list}</div>
        </div>
    }
    .into_any()
}
