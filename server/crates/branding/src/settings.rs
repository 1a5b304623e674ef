//! The settings document of a managed login branding, over the service's own values.

use std::sync::LazyLock;

use protocol::Document;
use serde_json::Value;

/// Every setting of the published schema with the value it has where nobody sets it.
static DEFAULTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("defaults.json")).unwrap_or_default());

/// A settings document as `ReturnMergedResources` shows it: the service's values, and over them its own. Objects are
/// merged member by member; everything else is taken as a whole.
pub fn merged_settings(own: Option<&Document>) -> Document {
    let mut merged = DEFAULTS.clone();
    if let Some(own) = own {
        merge(&mut merged, own);
    }
    merged
}

/// The first member of a settings document, by its path, that the published schema does not have.
pub(crate) fn unknown_member(settings: &Document) -> Option<String> {
    unknown_below(settings, &DEFAULTS)
}

/// What has no published shape, an empty object among the defaults, may hold anything; lists are not looked into.
fn unknown_below(settings: &Value, schema: &Value) -> Option<String> {
    let (Value::Object(settings), Value::Object(schema)) = (settings, schema) else { return None };
    if schema.is_empty() {
        return None;
    }
    settings.iter().find_map(|(name, value)| match schema.get(name) {
        None => Some(name.clone()),
        Some(known) => unknown_below(value, known).map(|below| format!("{name}.{below}")),
    })
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use serde_json::json;

    use super::*;

    #[test]
    fn the_services_values_are_complete_and_well_formed() {
        let defaults = merged_settings(None);
        let mut colours = 0;
        count(&defaults, "", &mut colours);
        assert_eq!(colours, 134);
        assert_eq!(defaults["components"]["primaryButton"]["lightMode"]["defaults"]["backgroundColor"], "0972d3ff");
    }

    fn count(value: &Value, path: &str, colours: &mut usize) {
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| count(value, &format!("{path}.{name}"), colours));
            }
            Value::String(text) if path.to_lowercase().ends_with("color") => {
                assert!(text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit()), "{path}: {text}");
                *colours += 1;
            }
            _ => {}
        }
    }

    #[test]
    fn own_values_stand_over_the_services() {
        let own = json!({
            "categories": { "auth": { "authMethodOrder": [[]] }, "global": { "colorSchemeMode": "DARK" } },
            "components": { "form": { "borderRadius": 2.5, "logo": null } },
            "of our own": { "x": [1] },
        });
        let merged = merged_settings(Some(&own));
        assert_eq!(merged["categories"]["auth"]["authMethodOrder"], json!([[]]), "lists are taken as a whole");
        assert_eq!(merged["categories"]["auth"]["federation"]["interfaceStyle"], "BUTTON_LIST");
        assert_eq!(merged["categories"]["global"]["colorSchemeMode"], "DARK");
        assert_eq!(merged["components"]["form"]["borderRadius"], 2.5);
        assert_eq!(merged["components"]["form"]["logo"], Value::Null);
        assert_eq!(merged["components"]["form"]["lightMode"]["backgroundColor"], "ffffffff");
        assert_eq!(merged["of our own"], json!({ "x": [1] }));
    }

    #[test]
    fn members_outside_the_schema_are_named() {
        for (settings, unknown) in [
            (json!({}), None),
            (merged_settings(None), None),
            (json!({ "components": { "idpButton": { "custom": { "Google": { "a": 1 } } } } }), None),
            (json!({ "categories": { "auth": { "authMethodOrder": [[{ "later": 1 }]] } } }), None),
            (json!({ "components": 1, "componentClasses": null }), None),
            (json!({ "": 1 }), Some("")),
            (json!({ "Components": {} }), Some("Components")),
            (
                json!({ "components": { "form": { "borderRadius": 1.0, "colour": null } } }),
                Some("components.form.colour"),
            ),
            (
                json!({ "components": { "form": { "lightMode": { "hover": { "x": 1 } } } } }),
                Some("components.form.lightMode.hover"),
            ),
        ] {
            assert_eq!(unknown_member(&settings).as_deref(), unknown, "{settings}");
        }
    }
}
