use leptos::prelude::*;

use super::RenderContext;
use super::fields::{id_of, notes};
use crate::islands::{Password, PasswordGiven};
use crate::page::PasswordRules;
use crate::words::fill;

/// The field of a password that the reader has.
pub(crate) struct CurrentPassword {
    /// The form field's name.
    pub(crate) name: &'static str,
    pub(crate) label: String,
    /// Without, the field has no name and cannot be posted.
    pub(crate) posted: bool,
    /// Takes the focus where nothing is wrong.
    pub(crate) focus: bool,
    /// Beside the label.
    pub(crate) beside: AnyView,
}

/// Draws it.
pub(crate) fn current_password(context: RenderContext<'_>, field: CurrentPassword) -> AnyView {
    let id = id_of(field.name);
    let error = context.problem(field.name);
    let (described_by, _, note) = notes(&id, None, error.clone());
    provide_context(PasswordGiven {
        name: field.posted.then_some(field.name),
        autocomplete: "current-password",
        described_by,
        invalid: error.is_some().then_some("true"),
        autofocus: field.focus && context.has_no_problems(),
        ..words(context, &id)
    });
    view! {
        <div class="field">
            <div class="label-row"><label for=id>{field.label}</label>{field.beside}</div>
            <Password>{note}</Password>
        </div>
    }
    .into_any()
}

/// A password to be, with the pool's rules.
pub(crate) fn new_password(context: RenderContext<'_>, label: &str, rules: &PasswordRules) -> AnyView {
    let label = label.to_string();
    let id = id_of("password");
    let error = context.problem("password");
    let (described, _, note) = notes(&id, None, error.clone());
    let described_by = std::iter::once("f-password-rules".to_owned()).chain(described).collect::<Vec<_>>().join(" ");
    provide_context(PasswordGiven {
        name: Some("password"),
        autocomplete: "new-password",
        described_by: Some(described_by),
        invalid: error.is_some().then_some("true"),
        least: Some(rules.length.to_string()),
        ..words(context, &id)
    });
    let list = rule_list(context, rules);
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <Password>{note}{list}</Password>
        </div>
    }
    .into_any()
}

fn words(context: RenderContext<'_>, id: &str) -> PasswordGiven {
    let words = context.words();
    PasswordGiven {
        id: id.to_owned(),
        show: words.show.to_string(),
        hide: words.hide.to_string(),
        what: format!(" {}", words.show_hide_what),
        caps: words.caps_lock.to_string(),
        ..PasswordGiven::default()
    }
}

fn rule_list(context: RenderContext<'_>, rules: &PasswordRules) -> AnyView {
    let words = context.words();
    let length = fill(&words.rule_length, &[("count", &rules.length.to_string())]);
    let wanted = [
        (true, "length", length),
        (rules.lower, "lower", words.rule_lower.to_string()),
        (rules.upper, "upper", words.rule_upper.to_string()),
        (rules.digit, "digit", words.rule_digit.to_string()),
        (rules.symbol, "symbol", words.rule_symbol.to_string()),
        (true, "ends", words.rule_ends.to_string()),
    ];
    let items: Vec<_> = wanted
        .into_iter()
        .filter(|(asked, ..)| *asked)
        .map(|(_, rule, text)| {
            let least = (rule == "length").then(|| rules.length.to_string());
            let (met, unmet) = (format!(", {}", words.rule_met), format!(", {}", words.rule_unmet));
            view! {
                <li data-rule=rule data-least=least>
                    <svg class="tick" viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 8.5l3 3 6-7"></path></svg>
                    <span>{text}</span>
                    <span class="sr met">{met}</span>
                    <span class="sr unmet">{unmet}</span>
                </li>
            }
        })
        .collect();
    let history = (rules.history > 0).then(|| {
        let text = fill(&words.rule_history, &[("count", &rules.history.to_string())]);
        view! { <li><svg class="tick" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 8h8"></path></svg><span>{text}</span></li> }
    });
    view! {
        <div class="rules" id="f-password-rules">
            <p>{words.rules_title.clone()}</p>
            <ul>{items}{history}</ul>
        </div>
        <p class="strength" role="status">
            <span class="bar"></span>
            <span data-for="weak">{words.strength_weak.clone()}</span>
            <span data-for="fair">{words.strength_fair.clone()}</span>
            <span data-for="good">{words.strength_good.clone()}</span>
            <span data-for="strong">{words.strength_strong.clone()}</span>
        </p>
    }
    .into_any()
}
