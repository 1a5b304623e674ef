use leptos::prelude::*;

use super::Drawn;
use crate::page::SignUp;
use crate::parts::{RenderContext, attribute_field, form, heading, new_password, primary, summary, username_field};

pub(super) fn draw(context: RenderContext<'_>, page: &SignUp) -> Drawn {
    let words = context.words();
    let fields: Vec<_> = page.fields.iter().map(|field| attribute_field(context, field, false)).collect();
    let content = view! {
        {username_field(context, page.kind, &page.username, true, true)}
        {fields}
        {new_password(context, &words.password, &page.rules)}
        {primary(&words.sign_up_button, &words.sign_up_busy)}
    };
    let content = view! {
        {heading(&context.branded(&words.sign_up_heading))}
        {summary(context)}
        {form(context, &page.form, None, content.into_any())}
        <p class="on">
            <span>{words.have_account.clone()}</span>
            " "
            <a href=page.sign_in.clone()>{words.sign_in_link.clone()}</a>
        </p>
    };
    Drawn::with_form(&words.sign_up_title, content.into_any())
}
