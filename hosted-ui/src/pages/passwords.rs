use leptos::prelude::*;

use super::codes::around_destination;
use super::{Drawn, Page};
use crate::message::{Message, Notice, Problem};
use crate::page::{Destination, Field, FormState, PasswordRules, Resend, UsernameKind};
use crate::parts::{
    Awaited, RenderContext, account_line, attribute_field, code_field, form, heading, known_username, lead,
    new_password, notice, primary, quiet_link, summary, time_limit, username_field, wait_for_code,
};
use crate::samples::{Sample, Text, by_mail, form_state, resend, rules};

/// Field: `username`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgot {
    /// The form.
    pub form: FormState,
    /// What users sign in with.
    pub kind: UsernameKind,
    /// What was typed before.
    pub username: String,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The sign-in page.
    pub sign_in: String,
}

/// Fields: `code`, `password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// The form.
    pub form: FormState,
    /// Whose password: shown to password managers.
    pub username: String,
    /// Where the code goes if the account can be reset; `None` where it was sent earlier.
    pub destination: Option<Destination>,
    /// The policy.
    pub rules: PasswordRules,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news.
    pub notice: Option<Notice>,
    /// Ask for another code.
    pub resend: Option<Resend>,
    /// The sign-in page.
    pub sign_in: String,
}

/// Fields: `password`, and the missing attributes by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPassword {
    /// The form.
    pub form: FormState,
    /// Whose password: shown to password managers.
    pub username: String,
    /// Required attributes that have no value yet.
    pub fields: Vec<Field>,
    /// The policy.
    pub rules: PasswordRules,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The way back.
    pub back: Option<String>,
}

pub(super) fn forgot(context: RenderContext<'_>, page: &Forgot) -> Drawn {
    let words = context.words();
    let fields = view! {
        {username_field(context, page.kind, &page.username, false, true)}
        {primary(&words.forgot_button, &words.forgot_busy)}
    };
    let content = view! {
        {heading(&words.forgot_heading)}
        {lead(&words.forgot_intro)}
        {summary(context)}
        {form(context, &page.form, None, fields.into_any())}
        {quiet_link(&page.sign_in, &words.back_to_sign_in, true)}
    };
    Drawn::with_form(&words.forgot_heading, content.into_any())
}

pub(super) fn reset(context: RenderContext<'_>, page: &Reset) -> Drawn {
    let words = context.words();
    let sent = match &page.destination {
        Some(destination) => around_destination(&words.reset_code_sent_to, destination),
        None => lead(&words.code_latest),
    };
    let fields = view! {
        {known_username(&page.username)}
        {code_field(context, &words.code, false, true)}
        {new_password(context, &words.new_password, &page.rules)}
        {primary(&words.reset_button, &words.reset_busy)}
    };
    let content = view! {
        {heading(&words.reset_heading)}
        {sent}
        {summary(context)}
        {notice(context, page.notice.as_ref())}
        {form(context, &page.form, None, fields.into_any())}
        {wait_for_code(context, &page.form, page.resend.as_ref(), Awaited::Code)}
        <p class="help">{words.reset_no_code.clone()}</p>
        {quiet_link(&page.sign_in, &words.back_to_sign_in, true)}
    };
    Drawn::with_form(&words.reset_heading, content.into_any())
}

pub(super) fn replace(context: RenderContext<'_>, page: &NewPassword) -> Drawn {
    let words = context.words();
    let fields: Vec<_> = page.fields.iter().map(|field| attribute_field(context, field, false)).collect();
    let fields = view! {
        {known_username(&page.username)}
        {new_password(context, &words.new_password, &page.rules)}
        {fields}
        {primary(&words.new_password_button, &words.new_password_busy)}
    };
    let content = view! {
        {heading(&words.new_password_heading)}
        {account_line(context, &page.username)}
        {lead(&words.new_password_intro)}
        {summary(context)}
        {form(context, &page.form, None, fields.into_any())}
        {time_limit(context)}
        {page.back.as_ref().map(|href| quiet_link(href, &words.start_over, true))}
    };
    Drawn::with_form(&words.new_password_heading, content.into_any())
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    vec![
        Sample {
            name: "forgot",
            page: Page::Forgot(Forgot {
                form: form_state(t, "/forgotPassword"),
                kind: UsernameKind::Email,
                username: t(""),
                problems: Vec::new(),
                sign_in: t("/login"),
            }),
        },
        Sample {
            name: "forgot-limited",
            page: Page::Forgot(Forgot {
                form: form_state(t, "/forgotPassword"),
                kind: UsernameKind::EmailOrPhone,
                username: t("ada@example.com"),
                problems: vec![Problem::of_form(Message::TooManyCodes)],
                sign_in: t("/login"),
            }),
        },
        Sample { name: "reset", page: Page::Reset(reset_sample(t)) },
        Sample {
            name: "reset-errors",
            page: Page::Reset(Reset {
                destination: None,
                problems: vec![
                    Problem::of_field("code", Message::ExpiredCode),
                    Problem::of_field("password", Message::PasswordHistory),
                ],
                ..reset_sample(t)
            }),
        },
        Sample { name: "new-password", page: Page::NewPassword(new_password_sample(t)) },
        Sample {
            name: "new-password-attributes",
            page: Page::NewPassword(NewPassword {
                fields: vec![Field::required(t("name")), Field::required(t("birthdate"))],
                problems: vec![Problem::of_field("birthdate", Message::FieldInvalid(t("Date of birth")))],
                ..new_password_sample(t)
            }),
        },
    ]
}

fn reset_sample(t: Text<'_>) -> Reset {
    Reset {
        form: form_state(t, "/confirmforgotPassword"),
        username: t("ada@example.com"),
        destination: by_mail(t),
        rules: rules(),
        problems: Vec::new(),
        notice: None,
        resend: resend(t, 42),
        sign_in: t("/login"),
    }
}

fn new_password_sample(t: Text<'_>) -> NewPassword {
    NewPassword {
        form: form_state(t, "/newPassword"),
        username: t("ada@example.com"),
        fields: Vec::new(),
        rules: rules(),
        problems: Vec::new(),
        back: Some(t("/login")),
    }
}
