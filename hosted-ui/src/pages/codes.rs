use leptos::prelude::*;

use super::Drawn;
use crate::page::{Destination, Medium, SentCode};
use crate::parts::{
    RenderContext, account_line, code_field, form, heading, notice, primary, quiet_link, secondary, summary,
    wait_for_code,
};

/// The heading for a code on its way, and the sentence that says where it went. The address is set apart and keeps
/// its own direction.
pub(super) fn whereabouts(context: RenderContext<'_>, destination: Option<&Destination>) -> (String, AnyView) {
    let words = context.words();
    let Some(destination) = destination else {
        return (
            words.enter_code_heading.to_string(),
            view! { <p class="lead">{words.code_sent.clone()}</p> }.into_any(),
        );
    };
    let heading = match destination.medium {
        Medium::Email => &words.check_email_heading,
        Medium::Sms => &words.check_phone_heading,
    };
    let text = words.code_sent_to.clone();
    let (before, after) = text.split_once("{destination}").unwrap_or((&text, ""));
    let (before, after) = (before.replace('\u{2068}', ""), after.replace('\u{2069}', ""));
    let masked = destination.masked.clone();
    let lead = view! { <p class="lead">{before}<bdi class="to" dir="ltr">{masked}</bdi>{after}</p> };
    (heading.to_string(), lead.into_any())
}

pub(super) fn confirm(context: RenderContext<'_>, page: &SentCode) -> Drawn {
    let (title, lead) = whereabouts(context, page.destination.as_ref());
    code_page(context, page, &title, lead, false)
}

pub(super) fn second_factor(context: RenderContext<'_>, page: &SentCode) -> Drawn {
    let (title, lead) = whereabouts(context, page.destination.as_ref());
    code_page(context, page, &title, lead, true)
}

fn code_page(context: RenderContext<'_>, page: &SentCode, title: &str, lead: AnyView, signing_in: bool) -> Drawn {
    let words = context.words();
    let account = signing_in.then(|| account_line(context, &page.username));
    let (idle, busy) = if signing_in {
        (&words.continue_button, &words.continue_busy)
    } else {
        (&words.confirm_button, &words.confirm_busy)
    };
    let fields = view! {
        {code_field(context, &words.code, true, true)}
        {primary(idle, busy)}
    };
    let content = view! {
        {heading(title)}
        {account}
        {lead}
        {summary(context)}
        {notice(context, page.notice.as_ref())}
        {form(context, &page.form, None, fields.into_any())}
        {wait_for_code(context, &page.form, page.resend.as_ref())}
        {page.other.as_ref().map(|href| secondary(href, &words.other_factor))}
        {page.back.as_ref().map(|href| quiet_link(href, &words.back_to_sign_in, true))}
    };
    Drawn::with_form(title, content.into_any())
}
