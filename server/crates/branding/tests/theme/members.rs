//! Every member of the settings document: those that act change what pages wear, the others do not, and
//! docs/branding.md tells which is which.

use std::fmt::Write as _;

use latchkey_branding::PICTURES;
use latchkey_branding::theme::{Theme, managed_theme, members, palette_members};
use serde_json::{Value, json};

use super::attacks::{every_asset, tree};

/// Why a member, or all below it, does nothing yet.
const REASONS: &[(&str, &str)] = &[
    ("categories.auth.federation.interfaceStyle", "only the list of buttons is published"),
    ("categories.form.displayGraphics", "pages bear no illustrations"),
    ("categories.form.instructions", "reserved by Cognito"),
    ("categories.form.languageSelector", "reserved by Cognito; the language menu is always there"),
    ("categories.form.sessionTimerDisplay", "reserved by Cognito"),
    ("categories.signUp", "reserved by Cognito"),
    ("componentClasses.dropDown", "no page has a drop-down list"),
    ("componentClasses.input.MODE.placeholderColor", "no field has a placeholder: labels stand above"),
    ("componentClasses.statusIndicator.MODE.pending", "nothing is shown as pending"),
    ("components.form.logo.position", "only the top is published"),
    ("components.idpButton.custom", "its shape is not published"),
    ("components.phoneNumberSelector", "phone numbers are typed with their country code"),
    ("components.primaryButton.MODE.disabled", "buttons are never disabled"),
];

/// Every leaf's path.
fn leaves(value: &Value, path: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            for (name, value) in inner {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(value, &path, into);
            }
        }
        _ => into.push(path.to_owned()),
    }
}

fn at<'v>(document: &'v mut Value, path: &str) -> &'v mut Value {
    path.split('.').fold(document, |value, name| value.get_mut(name).unwrap())
}

/// Another value of the same kind.
fn another(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(_) => json!(3.0),
        Value::String(text) => json!(match text.as_str() {
            "DYNAMIC" => "DARK",
            "REGULAR" => "COMPACT",
            "CENTER" | "START" => "END",
            "IN" => "OUT",
            text if text.len() == 8 => "a1b2c3ff",
            _ => "OTHER",
        }),
        Value::Array(list) if list.is_empty() => json!(["Google"]),
        Value::Array(list) => list
            .iter()
            .map(|entry| match entry {
                Value::Array(inner) => inner.iter().rev().cloned().collect(),
                _ => json!("OTHER"),
            })
            .collect(),
        Value::Object(_) => json!({ "Google": { "lightMode": { "backgroundColor": "a1b2c3ff" } } }),
        Value::Null => json!("OTHER"),
    }
}

/// The published document, with everything shown that can be shown.
fn whole() -> Value {
    let mut document = tree();
    document["categories"]["global"]["colorSchemeMode"] = json!("DYNAMIC");
    let mut paths = Vec::new();
    leaves(&document, "", &mut paths);
    for path in paths.iter().filter(|path| path.ends_with(".enabled")) {
        *at(&mut document, path) = json!(true);
    }
    document
}

fn worn(settings: &Value) -> Theme {
    managed_theme("Acme", settings, &every_asset(), PICTURES)
}

/// Each member once, whatever its mode.
fn known() -> Vec<(String, Vec<String>)> {
    let mut paths = Vec::new();
    leaves(&tree(), "", &mut paths);
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    for path in paths {
        let member = path.replace("lightMode", "MODE").replace("darkMode", "MODE");
        match known.iter_mut().find(|(name, _)| *name == member) {
            Some((_, paths)) => paths.push(path),
            None => known.push((member, vec![path])),
        }
    }
    known.sort();
    known
}

#[test]
fn what_acts_changes_the_pages_and_nothing_else_does() {
    let document = whole();
    let before = worn(&document);
    let acting = members();
    let known = known();
    assert!(known.len() > 100, "{}", known.len());
    for member in &acting {
        assert!(known.iter().any(|(name, _)| name == member), "{member} is no member of the published document");
    }
    for (member, paths) in &known {
        for path in paths {
            let mut changed = document.clone();
            let place = at(&mut changed, path);
            let value = another(place);
            assert_ne!(*place, value, "{path}");
            *place = value;
            let after = worn(&changed);
            let acts = (&after.look, &after.style) != (&before.look, &before.style);
            assert_eq!(acts, acting.contains(&member.as_str()), "{path}: does it act?");
        }
    }
}

#[test]
fn members_that_nobody_knows_say_nothing() {
    let mut document = whole();
    let before = worn(&document);
    for path in ["", "components", "components.form", "components.form.lightMode", "categories.global"] {
        let place = if path.is_empty() { &mut document } else { at(&mut document, path) };
        place["somethingNew"] = json!({ "color": "a1b2c3ff", "enabled": true });
    }
    assert_eq!(worn(&document), before);
}

/// The lists in docs/branding.md. Set LATCHKEY_BLESS to write them anew.
#[test]
#[allow(clippy::disallowed_methods, reason = "whoever runs the test says whether to write")]
fn the_lists_are_true() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/branding.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut acting = String::from("| Member | Sets |\n| --- | --- |\n");
    let mut idle = String::from("| Member | Why |\n| --- | --- |\n");
    let (colors, all) = (palette_members(), members());
    for (member, _) in known() {
        if all.contains(&member.as_str()) {
            let property = colors
                .iter()
                .find(|(known, _)| *known == member)
                .map_or(String::new(), |(_, property)| format!("`{property}`"));
            let _ = writeln!(acting, "| `{member}` | {property} |");
        } else {
            let reason = REASONS.iter().find(|(stem, _)| {
                member.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            let (_, why) = reason.unwrap_or_else(|| panic!("{member} does nothing: say why in REASONS"));
            let _ = writeln!(idle, "| `{member}` | {why} |");
        }
    }
    let written = replace(&replace(&text, "acting", &acting), "idle", &idle);
    if std::env::var_os("LATCHKEY_BLESS").is_some() {
        std::fs::write(path, &written).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), written, "stale: run the tests with LATCHKEY_BLESS=1");
}

/// The text between a list's two marks replaced.
fn replace(text: &str, list: &str, with: &str) -> String {
    let (begin, end) = (format!("<!-- {list}: written by a test -->\n"), format!("<!-- end of {list} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{end}"));
    format!("{before}{begin}\n{with}\n{end}{after}")
}
