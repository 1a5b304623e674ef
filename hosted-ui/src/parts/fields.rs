use leptos::prelude::*;

use super::{Icon, RenderContext, icon};
use crate::page::{Field, UsernameKind};
use crate::words::{Words, fill};

/// An input of one line with its label, help and error.
pub(crate) struct TextField {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
    pub(crate) value: String,
    pub(crate) kind: &'static str,
    pub(crate) inputmode: Option<&'static str>,
    pub(crate) autocomplete: &'static str,
    pub(crate) required: bool,
    pub(crate) autofocus: bool,
    /// Names, addresses and numbers keep left to right in every language.
    pub(crate) ltr: bool,
    /// Code-like: no capitals, no spelling.
    pub(crate) literal: bool,
}

/// An id made of a field's name, which may hold a colon.
pub(super) fn id_of(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    std::iter::once("f-".to_owned()).chain(name.chars().map(|letter| plain(letter).to_string())).collect()
}

/// The error under a field, and what `aria-describedby` should name: help, then error.
pub(super) fn notes(id: &str, help: Option<String>, error: Option<String>) -> (Option<String>, AnyView, AnyView) {
    let ids = [help.as_ref().map(|_| format!("{id}-help")), error.as_ref().map(|_| format!("{id}-error"))];
    let described: Vec<String> = ids.iter().flatten().cloned().collect();
    let [help_id, error_id] = ids;
    let help = help.map(|text| view! { <p class="help" id=help_id>{text}</p> });
    let error = error.map(|text| {
        view! { <p class="error" id=error_id>{icon(Icon::Alert)}<span>{text}</span></p> }
    });
    ((!described.is_empty()).then(|| described.join(" ")), help.into_any(), error.into_any())
}

/// Draws a field.
pub(crate) fn text_field(context: RenderContext<'_>, field: TextField) -> AnyView {
    let id = id_of(&field.name);
    let error = context.problem(&field.name);
    let invalid = error.is_some().then_some("true");
    let (described, help, error) = notes(&id, field.help, error);
    let optional =
        (!field.required).then(|| view! { <span class="optional">{context.words().optional.clone()}</span> });
    let literal = field.literal;
    view! {
        <div class="field">
            <label for=id.clone()><span>{field.label}</span>{optional}</label>
            {help}
            <input
                class="input"
                id=id
                name=field.name
                type=field.kind
                value=field.value
                inputmode=field.inputmode
                autocomplete=field.autocomplete
                autocapitalize=literal.then_some("none")
                spellcheck=literal.then_some("false")
                dir=field.ltr.then_some("ltr")
                maxlength="2048"
                required=field.required
                autofocus=field.autofocus
                aria-describedby=described
                aria-invalid=invalid
            />
            {error}
        </div>
    }
    .into_any()
}

/// The id under which the summary links to a field.
pub(super) fn anchor(name: &str) -> String {
    format!("#{}", id_of(name))
}

/// What the field is called that says who signs in.
pub fn username_label(words: &Words, kind: UsernameKind, signing_up: bool) -> &str {
    match kind {
        UsernameKind::Any if !signing_up => &words.any_username,
        UsernameKind::Username | UsernameKind::Any => &words.username,
        UsernameKind::Email => &words.email,
        UsernameKind::Phone => &words.phone,
        UsernameKind::EmailOrPhone => &words.email_or_phone,
    }
}

/// The field that says who signs in.
pub(crate) fn username_field(
    context: RenderContext<'_>,
    kind: UsernameKind,
    value: &str,
    signing_up: bool,
    focus: bool,
) -> AnyView {
    let words = context.words();
    let (input, inputmode, autocomplete) = match kind {
        UsernameKind::Username => ("text", None, "username"),
        UsernameKind::Email => ("email", Some("email"), if signing_up { "email" } else { "username" }),
        UsernameKind::Phone => ("tel", Some("tel"), if signing_up { "tel" } else { "username" }),
        UsernameKind::EmailOrPhone => ("text", Some("email"), "username"),
        UsernameKind::Any if signing_up => ("text", None, "username"),
        UsernameKind::Any => ("text", Some("email"), "username"),
    };
    let help = match kind {
        UsernameKind::Phone => Some(&words.phone_help),
        UsernameKind::Username | UsernameKind::Any if signing_up => Some(&words.username_help),
        _ => None,
    };
    text_field(
        context,
        TextField {
            name: "username".to_owned(),
            label: username_label(words, kind, signing_up).to_owned(),
            help: help.map(ToString::to_string),
            value: value.to_owned(),
            kind: input,
            inputmode,
            autocomplete,
            required: true,
            autofocus: focus && context.has_no_problems(),
            ltr: kind != UsernameKind::Username,
            literal: true,
        },
    )
}

/// The username on pages that set a password: password managers read it, nobody else needs to.
pub(crate) fn known_username(username: &str) -> AnyView {
    let value = username.to_owned();
    view! { <input type="text" autocomplete="username" value=value hidden readonly tabindex="-1" /> }.into_any()
}

/// Says whose sign-in goes on.
pub(crate) fn account_line(context: RenderContext<'_>, username: &str) -> AnyView {
    around_account(&context.words().account_line, username)
}

/// Says who is signed in.
pub(crate) fn signed_in_line(context: RenderContext<'_>, username: &str) -> AnyView {
    around_account(&context.words().signed_in_line, username)
}

fn around_account(text: &str, username: &str) -> AnyView {
    if username.is_empty() {
        return ().into_any();
    }
    // Split around the name, so that it can be isolated and set apart.
    let (before, after) = text.split_once("{account}").unwrap_or((text, ""));
    let (before, after) = (before.replace('\u{2068}', ""), after.replace('\u{2069}', ""));
    view! { <p class="account">{before}<bdi>{username.to_owned()}</bdi>{after}</p> }.into_any()
}

/// The field of an attribute, standard or custom: label, keyboard and autofill follow from its name.
pub(crate) fn attribute_field(context: RenderContext<'_>, field: &Field, focus: bool) -> AnyView {
    let (kind, inputmode, autocomplete, literal) = match field.attribute.as_str() {
        "email" => ("email", Some("email"), "email", true),
        "phone_number" => ("tel", Some("tel"), "tel", true),
        "name" => ("text", None, "name", false),
        "given_name" => ("text", None, "given-name", false),
        "family_name" => ("text", None, "family-name", false),
        "middle_name" => ("text", None, "additional-name", false),
        "nickname" => ("text", None, "nickname", false),
        "preferred_username" => ("text", None, "nickname", true),
        "birthdate" => ("date", None, "bday", false),
        "gender" => ("text", None, "sex", false),
        "locale" => ("text", None, "language", true),
        "profile" | "website" => ("url", Some("url"), "url", true),
        "picture" => ("url", Some("url"), "photo", true),
        "address" => ("text", None, "street-address", false),
        _ => ("text", None, "off", false),
    };
    let autocomplete = if autocomplete == "street-address" { "off" } else { autocomplete };
    let help = (field.attribute == "phone_number").then(|| context.words().phone_help.to_string());
    text_field(
        context,
        TextField {
            name: field.attribute.clone(),
            label: attribute_label(context.words(), &field.attribute),
            help,
            value: field.value.clone(),
            kind,
            inputmode,
            autocomplete,
            required: field.required,
            autofocus: focus && context.has_no_problems(),
            ltr: literal,
            literal,
        },
    )
}

/// What an attribute is called: a standard one in the page's language, a custom one by its own name.
pub fn attribute_label(words: &Words, attribute: &str) -> String {
    let known = match attribute {
        "email" => &words.email,
        "phone_number" => &words.phone,
        "name" => &words.attr_name,
        "given_name" => &words.attr_given_name,
        "family_name" => &words.attr_family_name,
        "middle_name" => &words.attr_middle_name,
        "nickname" => &words.attr_nickname,
        "preferred_username" => &words.attr_preferred_username,
        "profile" => &words.attr_profile,
        "picture" => &words.attr_picture,
        "website" => &words.attr_website,
        "gender" => &words.attr_gender,
        "birthdate" => &words.attr_birthdate,
        "zoneinfo" => &words.attr_zoneinfo,
        "locale" => &words.attr_locale,
        "address" => &words.attr_address,
        other => {
            let name = other.strip_prefix("custom:").unwrap_or(other).replace(['_', '-'], " ");
            let mut letters = name.chars();
            return letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect());
        }
    };
    fill(known, &[])
}
