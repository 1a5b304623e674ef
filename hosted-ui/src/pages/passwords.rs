use leptos::prelude::*;

use super::Drawn;
use super::codes::whereabouts;
use crate::page::{Forgot, NewPassword, Reset};
use crate::parts::{
    RenderContext, account_line, attribute_field, code_field, form, heading, known_username, lead, new_password,
    notice, primary, quiet_link, summary, username_field, wait_for_code,
};

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
    let (_, sent) = whereabouts(context, page.destination.as_ref());
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
        {wait_for_code(context, &page.form, page.resend.as_ref())}
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
        {page.back.as_ref().map(|href| quiet_link(href, &words.start_over, true))}
    };
    Drawn::with_form(&words.new_password_heading, content.into_any())
}
