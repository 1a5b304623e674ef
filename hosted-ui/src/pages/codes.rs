use leptos::prelude::*;

use super::{Drawn, Page};
use crate::message::{Notice, Problem};
use crate::page::{Destination, FormState, Medium, Resend};
use crate::parts::{
    Awaited, RenderContext, account_line, code_field, form, heading, lead, notice, primary, quiet_link, secondary,
    summary, time_limit, wait_for_code,
};
use crate::samples::{Sample, Text, by_mail, form_state, resend};

/// Field: `code`. For [`Page::MfaCode`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// The form.
    pub form: FormState,
    /// Whose code it is, as typed.
    pub username: String,
    /// Where it went; `None` where that is not to be said.
    pub destination: Option<Destination>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news, such as a code sent again.
    pub notice: Option<Notice>,
    /// Ask for another.
    pub resend: Option<Resend>,
    /// Another factor.
    pub other: Option<String>,
    /// The way back.
    pub back: Option<String>,
}

/// The heading for a code on its way, and the sentence that says where it went.
pub(super) fn whereabouts(context: RenderContext<'_>, destination: Option<&Destination>) -> (String, AnyView) {
    let words = context.words();
    let Some(destination) = destination else {
        return (words.enter_code_heading.to_string(), lead(&words.code_latest));
    };
    (medium_heading(context, destination).to_owned(), around_destination(&words.code_sent_to, destination))
}

/// Where to look for what was sent.
pub(super) fn medium_heading<'a>(context: RenderContext<'a>, destination: &Destination) -> &'a str {
    match destination.medium {
        Medium::Email => &context.words().check_email_heading,
        Medium::Sms => &context.words().check_phone_heading,
    }
}

/// A sentence with `{destination}`, which is set apart and keeps its own direction.
pub(super) fn around_destination(text: &str, destination: &Destination) -> AnyView {
    let (before, after) = text.split_once("{destination}").unwrap_or((text, ""));
    let (before, after) = (before.replace('\u{2068}', ""), after.replace('\u{2069}', ""));
    let shown = destination.shown.clone();
    view! { <p class="lead">{before}<bdi class="to" dir="ltr">{shown}</bdi>{after}</p> }.into_any()
}

pub(super) fn second_factor(context: RenderContext<'_>, page: &SentCode) -> Drawn {
    let words = context.words();
    let (title, lead) = whereabouts(context, page.destination.as_ref());
    let fields = view! {
        {code_field(context, &words.code, true, true)}
        {primary(&words.continue_button, &words.continue_busy)}
    };
    let content = view! {
        {heading(&title)}
        {account_line(context, &page.username)}
        {lead}
        {summary(context)}
        {notice(context, page.notice.as_ref())}
        {form(context, &page.form, None, fields.into_any())}
        {wait_for_code(context, &page.form, page.resend.as_ref(), Awaited::Code)}
        {page.other.as_ref().map(|href| secondary(href, &words.other_factor))}
        {time_limit(context)}
        {page.back.as_ref().map(|href| quiet_link(href, &words.back_to_sign_in, true))}
    };
    Drawn::with_form(&title, content.into_any())
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    let sms = || Some(Destination { medium: Medium::Sms, shown: t("+*******0018") });
    vec![Sample {
        name: "mfa-sms",
        page: Page::MfaCode(SentCode { destination: sms(), other: Some(t("/mfa/select")), ..code(t) }),
    }]
}

fn code(t: Text<'_>) -> SentCode {
    SentCode {
        form: form_state(t, "/mfa"),
        username: t("ada@example.com"),
        destination: by_mail(t),
        problems: Vec::new(),
        notice: None,
        resend: resend(t, 42),
        other: None,
        back: Some(t("/login")),
    }
}
