//! The confirmation of a sign-up: by a code, or by the link of a mail.

use leptos::prelude::*;

use super::codes::{around_destination, medium_heading, whereabouts};
use super::{Drawn, Page};
use crate::message::{Message, Notice, Problem};
use crate::page::{Destination, FormState, Medium, Resend};
use crate::parts::{
    Awaited, RenderContext, code_field, form, heading, hidden_fields, lead, notice, primary, quiet_link, summary,
    time_limit, wait_for_code,
};
use crate::parts::{TextField, text_field};
use crate::samples::{Sample, Text, by_mail, form_state, resend};

/// Field: `code`; none where a link confirms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// The form.
    pub form: FormState,
    /// Where code or link went; `None` where none was sent just now.
    pub destination: Option<Destination>,
    /// Whether it is the link of a mail that confirms.
    pub by_link: bool,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news, such as a code sent again.
    pub notice: Option<Notice>,
    /// Ask for another.
    pub resend: Option<Resend>,
    /// Have it sent to another address.
    pub change: Option<ChangeAddress>,
    /// The way back.
    pub back: Option<String>,
}

/// A form of its own, with `csrf`, `state` and a field named by the attribute: `email` or `phone_number`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeAddress {
    /// Where it posts to.
    pub action: String,
    /// What kind of address.
    pub medium: Medium,
    /// What was typed before.
    pub value: String,
}

pub(super) fn draw(context: RenderContext<'_>, page: &Confirm) -> Drawn {
    let words = context.words();
    let (title, lead) = match (page.by_link, page.destination.as_ref()) {
        (false, destination) => whereabouts(context, destination),
        (true, Some(destination)) => {
            (medium_heading(context, destination).to_owned(), around_destination(&words.link_sent_to, destination))
        }
        (true, None) => (words.check_email_heading.to_string(), lead(&words.link_latest)),
    };
    let (fields, awaited) = if page.by_link {
        (primary(&words.link_opened_button, &words.confirm_busy), Awaited::Link)
    } else {
        let fields = view! {
            {code_field(context, &words.code, true, true)}
            {primary(&words.confirm_button, &words.confirm_busy)}
        };
        (fields.into_any(), Awaited::Code)
    };
    let content = view! {
        {heading(&title)}
        {lead}
        {summary(context)}
        {notice(context, page.notice.as_ref())}
        {form(context, &page.form, None, fields)}
        {wait_for_code(context, &page.form, page.resend.as_ref(), awaited)}
        {page.change.as_ref().map(|change| change_address(context, &page.form, change))}
        {time_limit(context)}
        {page.back.as_ref().map(|href| quiet_link(href, &words.back_to_sign_in, true))}
    };
    Drawn::with_form(&title, content.into_any())
}

/// The form for another address, folded away until it is wanted or something is wrong in it.
fn change_address(context: RenderContext<'_>, state: &FormState, change: &ChangeAddress) -> AnyView {
    let words = context.words();
    let (name, label, kind, ask, help) = match change.medium {
        Medium::Email => ("email", &words.email, "email", &words.change_email, None),
        Medium::Sms => ("phone_number", &words.phone, "tel", &words.change_phone, Some(&words.phone_help)),
    };
    let open = context.problem(name).is_some();
    let field = TextField {
        name: name.to_owned(),
        label: label.to_string(),
        help: help.map(ToString::to_string),
        value: change.value.clone(),
        kind,
        inputmode: Some(kind),
        autocomplete: kind,
        required: true,
        autofocus: false,
        ltr: true,
        literal: true,
    };
    let (action, ask, send) = (change.action.clone(), ask.to_string(), words.change_button.to_string());
    view! {
        <details class="change" open=open>
            <summary>{ask}</summary>
            <form class="form" method="post" action=action novalidate>
                {hidden_fields(state)}
                {text_field(context, field)}
                <button class="button secondary" type="submit">{send}</button>
            </form>
        </details>
    }
    .into_any()
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    let link = || Confirm { by_link: true, destination: whole(t), ..confirm(t) };
    let wrong = |field: &str, message| vec![Problem::of_field(field, message)];
    vec![
        Sample { name: "confirm", page: Page::Confirm(Confirm { destination: whole(t), ..confirm(t) }) },
        Sample {
            name: "confirm-wrong",
            page: Page::Confirm(Confirm {
                problems: wrong("code", Message::WrongCode),
                resend: resend(t, 0),
                ..confirm(t)
            }),
        },
        Sample {
            name: "confirm-sent-again",
            page: Page::Confirm(Confirm { notice: Some(Notice::CodeSent(t("a***@e***"))), ..confirm(t) }),
        },
        Sample {
            name: "confirm-at-sign-in",
            page: Page::Confirm(Confirm { problems: vec![Problem::of_form(Message::NotConfirmed)], ..confirm(t) }),
        },
        Sample {
            name: "confirm-other-address",
            page: Page::Confirm(Confirm {
                problems: wrong("email", Message::EmailInvalid),
                change: change(t, "ada@"),
                ..confirm(t)
            }),
        },
        Sample { name: "confirm-link", page: Page::Confirm(link()) },
        Sample {
            name: "confirm-link-not-opened",
            page: Page::Confirm(Confirm {
                problems: vec![Problem::of_form(Message::LinkNotOpened)],
                destination: None,
                ..link()
            }),
        },
    ]
}

fn whole(t: Text<'_>) -> Option<Destination> {
    Some(Destination { medium: Medium::Email, shown: t("ada.lovelace@example.com") })
}

fn change(t: Text<'_>, value: &str) -> Option<ChangeAddress> {
    Some(ChangeAddress { action: t("/confirm/address"), medium: Medium::Email, value: t(value) })
}

fn confirm(t: Text<'_>) -> Confirm {
    Confirm {
        form: form_state(t, "/confirm"),
        destination: by_mail(t),
        by_link: false,
        problems: Vec::new(),
        notice: None,
        resend: resend(t, 42),
        change: change(t, ""),
        back: Some(t("/login")),
    }
}
