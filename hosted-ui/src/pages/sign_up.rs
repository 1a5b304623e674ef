use leptos::prelude::*;

use super::Drawn;
use crate::page::SignUp;
use crate::parts::{Scene, attribute_field, form, heading, new_password, primary, summary, username_field};

pub(super) fn draw(scene: Scene<'_>, page: &SignUp) -> Drawn {
    let words = scene.words();
    let fields: Vec<_> = page.fields.iter().map(|field| attribute_field(scene, field, false)).collect();
    let content = view! {
        {username_field(scene, page.kind, &page.username, true, true)}
        {fields}
        {new_password(scene, &words.password, &page.rules)}
        {primary(&words.sign_up_button, &words.sign_up_busy)}
    };
    let content = view! {
        {heading(&scene.branded(&words.sign_up_heading))}
        {summary(scene)}
        {form(scene, &page.form, None, content.into_any())}
        <p class="on">
            <span>{words.have_account.clone()}</span>
            " "
            <a href=page.sign_in.clone()>{words.sign_in_link.clone()}</a>
        </p>
    };
    Drawn::with_form(&words.sign_up_title, content.into_any())
}
