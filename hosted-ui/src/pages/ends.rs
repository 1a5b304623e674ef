use leptos::prelude::*;

use super::Drawn;
use crate::page::{Confirmed, ErrorPage, SignedOut};
use crate::parts::{RenderContext, heading, lead, quiet_link, secondary};

pub(super) fn confirmed(context: RenderContext<'_>, page: &Confirmed) -> Drawn {
    let words = context.words();
    let on = match &page.app {
        Some(href) => {
            let text = context.branded(&words.to_app);
            view! { <a class="button primary" href=href.clone()>{text}</a> }.into_any()
        }
        None => view! { <p class="help">{words.confirmed_close.clone()}</p> }.into_any(),
    };
    let content = view! {
        {heading(&words.confirmed_heading)}
        {lead(&context.branded(&words.confirmed_intro))}
        {on}
    };
    Drawn { title: words.confirmed_heading.to_string(), script: false, content: content.into_any() }
}

pub(super) fn signed_out(context: RenderContext<'_>, page: &SignedOut) -> Drawn {
    let words = context.words();
    let again = page
        .sign_in
        .clone()
        .map(|href| view! { <a class="button primary" href=href>{words.sign_in_again.clone()}</a> });
    let content = view! {
        {heading(&words.signed_out_heading)}
        {lead(&context.branded(&words.signed_out_intro))}
        {again}
        {page.app.as_ref().map(|href| secondary(href, &words.back_to_app))}
    };
    Drawn { title: words.signed_out_heading.to_string(), script: false, content: content.into_any() }
}

pub(super) fn error(context: RenderContext<'_>, page: &ErrorPage) -> Drawn {
    let words = context.words();
    let content = view! {
        {heading(&words.error_heading)}
        {lead(page.reason.text(words))}
        <dl class="facts">
            <div><dt>{words.error_code.clone()}</dt><dd dir="ltr"><code translate="no">{page.code.clone()}</code></dd></div>
            <div>
                <dt>{words.error_reference.clone()}</dt>
                <dd dir="ltr"><code translate="no">{context.frame.request_id.clone()}</code></dd>
            </div>
        </dl>
        <p class="help">{words.error_help.clone()}</p>
        {page.back.as_ref().map(|href| quiet_link(href, &words.back_to_app, true))}
    };
    Drawn { title: words.error_heading.to_string(), script: false, content: content.into_any() }
}
