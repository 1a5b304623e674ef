use leptos::prelude::*;

use super::{Drawn, Page};
use crate::message::{Message, Notice, Problem};
use crate::page::{Destination, FormState, Medium, Resend};
use crate::parts::{
    RenderContext, account_line, code_field, form, heading, notice, primary, quiet_link, secondary, summary,
    wait_for_code,
};
use crate::samples::{Sample, Text, by_mail, form_state, resend};

/// Field: `code`. For [`Page::Confirm`] and [`Page::MfaCode`].
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
    /// Another factor ([`Page::MfaCode`]).
    pub other: Option<String>,
    /// The way back.
    pub back: Option<String>,
}

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

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    let sms = || Some(Destination { medium: Medium::Sms, masked: t("+*******0018") });
    vec![
        Sample { name: "confirm", page: Page::Confirm(code(t)) },
        Sample {
            name: "confirm-wrong",
            page: Page::Confirm(SentCode {
                problems: vec![Problem::of_field("code", Message::WrongCode)],
                resend: resend(t, 0),
                ..code(t)
            }),
        },
        Sample {
            name: "confirm-sent-again",
            page: Page::Confirm(SentCode { notice: Some(Notice::CodeSent(t("a***@e***"))), ..code(t) }),
        },
        Sample {
            name: "mfa-sms",
            page: Page::MfaCode(SentCode { destination: sms(), other: Some(t("/mfa/select")), ..code(t) }),
        },
    ]
}

fn code(t: Text<'_>) -> SentCode {
    SentCode {
        form: form_state(t, "/confirm"),
        username: t("ada@example.com"),
        destination: by_mail(t),
        problems: Vec::new(),
        notice: None,
        resend: resend(t, 42),
        other: None,
        back: Some(t("/login")),
    }
}
