use leptos::prelude::*;

use super::{Drawn, Page};
use crate::look::Offer;
use crate::message::{Message, Notice, Problem};
use crate::page::{FormState, UsernameKind};
use crate::parts::{
    CurrentPassword, Icon, Proving, RenderContext, current_password, form, heading, icon, notice, primary,
    provider_button, summary, username_field, username_label,
};
use crate::samples::{Sample, Text, form_state};

/// Fields: `username`, `password`. With scripts and SRP nothing of this is posted: see the crate's documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The form.
    pub form: FormState,
    /// What users sign in with.
    pub kind: UsernameKind,
    /// What was typed before, or `login_hint`.
    pub username: String,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Good news.
    pub notice: Option<Notice>,
    /// Whether there is a form for passwords at all, and what may become of one.
    pub password: PasswordEntry,
    /// Other ways in, in order.
    pub providers: Vec<ProviderButton>,
    /// The sign-up page, where the pool allows it.
    pub sign_up: Option<String>,
    /// The recovery page, where the pool allows it.
    pub forgot: Option<String>,
}

/// How the sign-in page takes passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordEntry {
    /// SRP with scripts; posted over TLS without.
    Allowed,
    /// SRP or nothing: without scripts the page says so, and the form cannot post a password.
    SrpOnly,
    /// Only providers.
    Absent,
}

/// A way in through somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderButton {
    /// What people call it.
    pub name: String,
    /// Begins the round trip.
    pub href: String,
    /// Which mark it bears.
    pub mark: ProviderMark,
    /// Whether this browser used it last.
    pub last_used: bool,
}

/// A provider's mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderMark {
    /// Google's.
    Google,
    /// Apple's.
    Apple,
    /// Facebook's.
    Facebook,
    /// A picture of the customer's.
    Image(String),
    /// The first letter of the name.
    Initial,
}

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
        || view! { <div class="alert scriptless" tabindex="-1">{icon(Icon::Alert)}<p>{words.scripts_needed.clone()}</p></div> },
    );
    let known = !page.username.is_empty();
    let promise = context.frame.script.as_ref().map(|_| {
        view! { <p class="promise">{icon(Icon::Shield)}<span>{words.password_stays.clone()}</span></p> }
    });
    let password = CurrentPassword {
        name: "password",
        label: words.password.to_string(),
        posted: !only,
        focus: known,
        beside: forgot,
    };
    let content = view! {
        {warning}
        {username_field(context, page.kind, &page.username, false, !known)}
        {current_password(context, password)}
        {primary(&words.sign_in_button, &words.sign_in_busy)}
        {promise}
    };
    let name = username_label(words, page.kind, false).to_owned();
    let proving = Proving { srp: if only { "only" } else { "srp" }, name };
    form(context, &page.form, Some(proving), content.into_any())
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    vec![
        Sample { name: "sign-in", page: Page::SignIn(sign_in(t)) },
        Sample {
            name: "sign-in-wrong",
            page: Page::SignIn(SignIn {
                username: t("ada@example.com"),
                problems: vec![Problem::of_form(Message::WrongCredentials)],
                ..sign_in(t)
            }),
        },
        Sample {
            name: "sign-in-providers",
            page: Page::SignIn(SignIn { kind: UsernameKind::Any, providers: providers(t), ..sign_in(t) }),
        },
        Sample {
            name: "sign-in-only-providers",
            page: Page::SignIn(SignIn {
                password: PasswordEntry::Absent,
                providers: providers(t),
                sign_up: None,
                forgot: None,
                ..sign_in(t)
            }),
        },
        Sample {
            name: "sign-in-srp-only",
            page: Page::SignIn(SignIn { kind: UsernameKind::Phone, password: PasswordEntry::SrpOnly, ..sign_in(t) }),
        },
        Sample {
            name: "sign-in-notice",
            page: Page::SignIn(SignIn {
                kind: UsernameKind::Username,
                notice: Some(Notice::PasswordChanged),
                sign_up: None,
                ..sign_in(t)
            }),
        },
    ]
}

fn sign_in(t: Text<'_>) -> SignIn {
    SignIn {
        form: form_state(t, "/login?client_id=demo"),
        kind: UsernameKind::Email,
        username: t(""),
        problems: Vec::new(),
        notice: None,
        password: PasswordEntry::Allowed,
        providers: Vec::new(),
        sign_up: Some(t("/signup?client_id=demo")),
        forgot: Some(t("/forgotPassword?client_id=demo")),
    }
}

fn providers(t: Text<'_>) -> Vec<ProviderButton> {
    let button = |name: &str, mark, last_used| ProviderButton {
        name: t(name),
        href: t("/oauth2/authorize?identity_provider=x"),
        mark,
        last_used,
    };
    vec![
        button("Google", ProviderMark::Google, true),
        button("Apple", ProviderMark::Apple, false),
        button("Facebook", ProviderMark::Facebook, false),
        button("Contoso Staff", ProviderMark::Initial, false),
    ]
}
