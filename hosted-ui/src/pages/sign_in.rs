use leptos::prelude::*;

use super::Drawn;
use crate::look::Offer;
use crate::page::{PasswordEntry, ProviderButton, SignIn};
use crate::parts::{
    Icon, RenderContext, current_password, form, heading, icon, notice, primary, provider_button, summary,
    username_field,
};

pub(super) fn draw(context: RenderContext<'_>, page: &SignIn) -> Drawn {
    let words = context.words();
    let takes_password = page.password != PasswordEntry::Absent;
    let body = takes_password.then(|| password_form(context, page));
    let divider = (takes_password && !page.providers.is_empty())
        .then(|| view! { <p class="or"><span>{words.or.clone()}</span></p> });
    let buttons: Vec<_> = ordered(context, page).into_iter().map(|one| provider_button(context, one)).collect();
    let providers = (!buttons.is_empty()).then(|| view! { <ul class="providers">{buttons}</ul> }.into_any());
    let sign_up = page.sign_up.clone().map(|href| {
        view! {
            <p class="on">
                <span>{words.no_account.clone()}</span>
                " "
                <a href=href>{words.create_account_link.clone()}</a>
            </p>
        }
    });
    let (above, below) = if context.look.providers.first { (providers, body) } else { (body, providers) };
    let content = view! {
        {heading(&context.branded(&words.sign_in_heading))}
        {summary(context)}
        {notice(context, page.notice.as_ref())}
        {above}
        {divider}
        {below}
        {sign_up}
    };
    Drawn { title: words.sign_in_title.to_string(), script: takes_password, content: content.into_any() }
}

/// The providers, those first that the brand puts first.
fn ordered<'a>(context: RenderContext<'_>, page: &'a SignIn) -> Vec<&'a ProviderButton> {
    let order = &context.look.providers.order;
    let rank = |button: &&ProviderButton| {
        order.iter().position(|name| Offer::means(name, &button.name)).unwrap_or(order.len())
    };
    let mut buttons: Vec<_> = page.providers.iter().collect();
    buttons.sort_by_key(rank);
    buttons
}

fn password_form(context: RenderContext<'_>, page: &SignIn) -> AnyView {
    let words = context.words();
    let only = page.password == PasswordEntry::SrpOnly;
    let forgot = page
        .forgot
        .clone()
        .map(|href| view! { <a class="quiet small" href=href>{words.forgot_link.clone()}</a> })
        .into_any();
    // No <noscript>: it is also for browsers whose scripts cannot prove anything.
    let warning = only.then(
        || view! { <div class="alert scriptless">{icon(Icon::Alert)}<p>{words.scripts_needed.clone()}</p></div> },
    );
    let known = !page.username.is_empty();
    let promise = context.frame.script.as_ref().map(|_| {
        view! { <p class="promise">{icon(Icon::Shield)}<span>{words.password_stays.clone()}</span></p> }
    });
    let content = view! {
        {warning}
        {username_field(context, page.kind, &page.username, false, !known)}
        {current_password(context, !only, known, forgot)}
        {primary(&words.sign_in_button, &words.sign_in_busy)}
        {promise}
    };
    form(context, &page.form, Some(if only { "only" } else { "srp" }), content.into_any())
}
