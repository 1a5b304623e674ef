use leptos::prelude::*;

use super::{Drawn, Page};
use crate::message::Reason;
use crate::parts::{RenderContext, heading, lead, secondary};
use crate::samples::{Sample, Text};
use crate::words::fill;

/// No form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOut {
    /// A fresh sign-in, where the app is known.
    pub sign_in: Option<String>,
    /// The app, where its address is known.
    pub app: Option<String>,
}

/// No form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The app, where its address is known.
    pub app: Option<String>,
}

/// No form. Shows the frame's request id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPage {
    /// The error's code as protocols spell it, such as `invalid_request`.
    pub code: String,
    /// The sentence.
    pub reason: Reason,
    /// The way back, where one is known.
    pub back: Option<String>,
    /// What a developer needs to see, in development alone.
    pub facts: Vec<Fact>,
}

/// What came, and what should have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A parameter's name, and its value where there was one.
    Sent(&'static str, Option<String>),
    /// One of the values that are registered.
    Registered(String),
}

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
    let title = page.reason.heading(words);
    let facts: Vec<_> = page.facts.iter().map(|fact| developers_fact(context, fact)).collect();
    let on = match &page.back {
        Some(href) => secondary(href, &words.back_to_app),
        None => view! { <p class="help">{words.confirmed_close.clone()}</p> }.into_any(),
    };
    let content = view! {
        {heading(title)}
        {lead(page.reason.text(words))}
        <dl class="facts">
            <div><dt>{words.error_code.clone()}</dt><dd dir="ltr"><code translate="no">{page.code.clone()}</code></dd></div>
            <div>
                <dt>{words.error_reference.clone()}</dt>
                <dd dir="ltr"><code translate="no">{context.frame.request_id.clone()}</code></dd>
            </div>
            {facts}
        </dl>
        <p class="help">{words.error_help.clone()}</p>
        {on}
    };
    Drawn { title: title.to_owned(), script: false, content: content.into_any() }
}

fn developers_fact(context: RenderContext<'_>, fact: &Fact) -> AnyView {
    let words = context.words();
    let (label, value) = match fact {
        Fact::Sent(name, value) => (fill(&words.error_sent, &[("parameter", name)]), value.clone()),
        Fact::Registered(value) => (words.error_registered.to_string(), Some(value.clone())),
    };
    let value = value.unwrap_or_else(|| words.error_nothing.to_string());
    view! { <div><dt>{label}</dt><dd dir="ltr"><code translate="no">{value}</code></dd></div> }.into_any()
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    vec![
        Sample { name: "confirmed", page: Page::Confirmed(Confirmed { app: Some(t("https://app.example/")) }) },
        Sample { name: "confirmed-bare", page: Page::Confirmed(Confirmed { app: None }) },
        Sample {
            name: "signed-out",
            page: Page::SignedOut(SignedOut {
                sign_in: Some(t("/login?client_id=demo")),
                app: Some(t("https://app.example/")),
            }),
        },
        Sample {
            name: "signed-out-app-alone",
            page: Page::SignedOut(SignedOut { sign_in: None, app: Some(t("https://app.example/")) }),
        },
        Sample { name: "signed-out-bare", page: Page::SignedOut(SignedOut { sign_in: None, app: None }) },
        Sample {
            name: "error-redirect",
            page: Page::Error(ErrorPage {
                code: t("redirect_mismatch"),
                reason: Reason::Redirect,
                back: Some(t("https://app.example/")),
                facts: vec![
                    Fact::Sent("redirect_uri", Some(t("https://app.example/callback/with/a/path/that/is/long"))),
                    Fact::Registered(t("https://app.example/callback")),
                ],
            }),
        },
        Sample {
            name: "error-link",
            page: Page::Error(ErrorPage {
                code: t("invalid_code"),
                reason: Reason::Link,
                back: None,
                facts: Vec::new(),
            }),
        },
        Sample {
            name: "error-interrupted",
            page: Page::Error(ErrorPage {
                code: t("invalid_request"),
                reason: Reason::Interrupted,
                back: None,
                facts: Vec::new(),
            }),
        },
        Sample {
            name: "error-not-yet",
            page: Page::Error(ErrorPage {
                code: t("identity_provider_not_available_yet"),
                reason: Reason::NotYet,
                back: None,
                facts: Vec::new(),
            }),
        },
        Sample {
            name: "error-server",
            page: Page::Error(ErrorPage {
                code: t("server_error"),
                reason: Reason::Server,
                back: Some(t("https://app.example/")),
                facts: Vec::new(),
            }),
        },
    ]
}
