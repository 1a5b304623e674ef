//! Pages of the account of somebody who is signed in.

use leptos::prelude::*;

use super::{Drawn, Page};
use crate::message::{Message, Notice, Problem};
use crate::page::{FormState, PasswordRules};
use crate::parts::{
    CurrentPassword, RenderContext, current_password, form, heading, known_username, lead, new_password, notice,
    primary, quiet_link, signed_in_line, summary,
};
use crate::samples::{Sample, Text, form_state, rules};

/// Fields: `current_password`, `password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePassword {
    /// The form.
    pub form: FormState,
    /// Whose password, as the user signs in: shown to people and password managers.
    pub username: String,
    /// The policy.
    pub rules: PasswordRules,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news.
    pub notice: Option<Notice>,
    /// The app, where its address is known.
    pub app: Option<String>,
}

/// No form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBlocked {
    /// Why the page is not there.
    pub block: Block,
    /// The app, where its address is known.
    pub app: Option<String>,
}

/// Why a browser cannot have a page of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Nobody is signed in.
    NotSignedIn,
    /// An identity provider keeps the user's password.
    NoPassword,
}

pub(super) fn change_password(context: RenderContext<'_>, page: &ChangePassword) -> Drawn {
    let words = context.words();
    let current = CurrentPassword {
        name: "current_password",
        label: words.current_password.to_string(),
        posted: true,
        focus: page.notice.is_none(),
        beside: ().into_any(),
    };
    let fields = view! {
        {known_username(&page.username)}
        {current_password(context, current)}
        {new_password(context, &words.new_password, &page.rules)}
        {primary(&words.change_password_button, &words.reset_busy)}
    };
    let content = view! {
        {heading(&words.change_password_heading)}
        {signed_in_line(context, &page.username)}
        {summary(context)}
        {notice(context, page.notice.as_ref())}
        {form(context, &page.form, None, fields.into_any())}
        {page.app.as_ref().map(|href| quiet_link(href, &words.back_to_app, true))}
    };
    Drawn::with_form(&words.change_password_heading, content.into_any())
}

pub(super) fn blocked(context: RenderContext<'_>, page: &AccountBlocked) -> Drawn {
    let words = context.words();
    let (title, text) = match page.block {
        Block::NotSignedIn => (&words.not_signed_in_heading, &words.not_signed_in_intro),
        Block::NoPassword => (&words.no_password_heading, &words.no_password_intro),
    };
    let on = match &page.app {
        Some(href) => {
            let text = context.branded(&words.to_app);
            view! { <a class="button primary" href=href.clone()>{text}</a> }.into_any()
        }
        None => view! { <p class="help">{words.confirmed_close.clone()}</p> }.into_any(),
    };
    let content = view! {
        {heading(title)}
        {lead(&context.branded(text))}
        {on}
    };
    Drawn::without_form(title, content.into_any())
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    let blocked = |block, app| Page::AccountBlocked(AccountBlocked { block, app });
    let app = || Some(t("https://app.example/"));
    vec![
        Sample { name: "change-password", page: Page::ChangePassword(change(t)) },
        Sample {
            name: "change-password-errors",
            page: Page::ChangePassword(ChangePassword {
                problems: vec![
                    Problem::of_field("current_password", Message::WrongPassword),
                    Problem::of_field("password", Message::PasswordPolicy),
                ],
                ..change(t)
            }),
        },
        Sample {
            name: "change-password-done",
            page: Page::ChangePassword(ChangePassword {
                username: t("adalovelace.countess.of.lovelace.analytical.engine@averylongsubdomain.example.com"),
                rules: PasswordRules { length: 12, history: 5, ..rules() },
                notice: Some(Notice::PasswordSaved),
                app: None,
                ..change(t)
            }),
        },
        Sample { name: "account-not-signed-in", page: blocked(Block::NotSignedIn, app()) },
        Sample { name: "account-not-signed-in-bare", page: blocked(Block::NotSignedIn, None) },
        Sample { name: "account-no-password", page: blocked(Block::NoPassword, app()) },
    ]
}

fn change(t: Text<'_>) -> ChangePassword {
    ChangePassword {
        form: form_state(t, "/account/password?client_id=demo"),
        username: t("ada@example.com"),
        rules: rules(),
        problems: Vec::new(),
        notice: None,
        app: Some(t("https://app.example/")),
    }
}
