//! The one walker that holds what comes in against the published constraints.

use std::fmt::Write as _;

use serde_json::Value;

use crate::error_name::ErrorName;
use crate::operation::Operation;
use crate::shape::{Bounds, Kind, Pattern, Shape};
use crate::values::Blob;

/// No more failures than this are put into words; a hostile list does not buy a hostile answer.
const MOST_FAILURES: usize = 100;
/// No more characters of a value than this are echoed.
const MOST_ECHO: usize = 1024;

/// Why an input was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// SerializationException for a wrong JSON type; for a broken constraint what the service answers it with.
    pub error: ErrorName,
    /// The sentence the caller reads. It never holds the value of a sensitive member.
    pub message: String,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

impl std::error::Error for Invalid {}

/// Holds `input` against the operation's shape. Types first: the first wrong one ends it. Then every broken
/// constraint, in the description's order, in one sentence as AWS writes it. Unknown members are ignored; an
/// explicit null is an absent member, or an absent entry of a map ([`drop_null_entries`]). Work is linear in the size of `input`, words are bounded.
pub fn validate(operation: &Operation, input: &Value) -> Result<(), Invalid> {
    let serialization = |message: String| Invalid { error: ErrorName::Serialization, message };
    if input.is_null() {
        return Err(serialization("Unexpected field type".to_owned()));
    }
    crate::json_type::check(operation.input, input).map_err(serialization)?;
    let mut walk = Walk { failures: Vec::new() };
    walk.value(operation.input, input, &mut String::new(), false);
    let count = walk.failures.len();
    if count == 0 {
        return Ok(());
    }
    let noun = if count == 1 { "error" } else { "errors" };
    let message = format!("{count} validation {noun} detected: {}", walk.failures.join("; "));
    Err(Invalid { error: operation.service.constraint_error(), message })
}

/// Takes the entries without a value out of every map. Browsers' clients send such: a device key that storage
/// does not have is `{"DEVICE_KEY": null}`.
pub fn drop_null_entries(shape: &Shape, value: &mut Value) {
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            for member in *members {
                if let Some(value) = object.get_mut(member.name) {
                    drop_null_entries(member.shape, value);
                }
            }
        }
        (Kind::List(member, _), Value::Array(list)) => {
            for entry in list {
                drop_null_entries(member, entry);
            }
        }
        (Kind::Map(_, of, _), Value::Object(object)) => {
            object.retain(|_, entry| !entry.is_null());
            for entry in object.values_mut() {
                drop_null_entries(of, entry);
            }
        }
        _ => {}
    }
}

struct Walk {
    failures: Vec<String>,
}

impl Walk {
    /// `hidden`: an enclosing shape is sensitive, so nothing of the value is echoed.
    fn value(&mut self, shape: &Shape, value: &Value, path: &mut String, hidden: bool) {
        if self.failures.len() >= MOST_FAILURES {
            return;
        }
        let hidden = hidden || shape.sensitive;
        match (&shape.kind, value) {
            (Kind::Structure(members), Value::Object(object)) => {
                for member in *members {
                    let length = path.len();
                    push_member(path, member.name);
                    match object.get(member.name) {
                        None | Some(Value::Null) => {
                            if member.required {
                                self.fail(Some("null"), path, "Member must not be null");
                            }
                        }
                        Some(Value::String(text)) if member.blank_is_absent && text.is_empty() => {}
                        Some(value) => self.value(member.shape, value, path, hidden),
                    }
                    path.truncate(length);
                }
            }
            (Kind::List(member, length), Value::Array(list)) => {
                for rule in size_rules(*length, list.len(), "length") {
                    self.fail_value(shape, value, path, hidden, &rule);
                }
                if list.iter().any(Value::is_null) {
                    self.fail_value(shape, value, path, hidden, "Member must not be null");
                } else if is_leaf(member) {
                    // A list of plain values fails as a whole, once, with every rule its entries have.
                    if list.iter().any(|entry| !leaf_rules(member, entry).is_empty()) {
                        let rules = format!("Member must satisfy constraint: [{}]", all_rules(member));
                        self.fail_value(shape, value, path, hidden || member.sensitive, &rules);
                    }
                } else {
                    for (index, entry) in list.iter().enumerate() {
                        if self.failures.len() >= MOST_FAILURES {
                            return;
                        }
                        let length = path.len();
                        let _ = write!(path, ".{}.member", index + 1);
                        self.value(member, entry, path, hidden);
                        path.truncate(length);
                    }
                }
            }
            (Kind::Map(key, of, length), Value::Object(object)) => {
                for rule in size_rules(*length, object.len(), "length") {
                    self.fail_value(shape, value, path, hidden, &rule);
                }
                let bad_key = |name: &String| !text_rules(key, name).is_empty();
                if object.keys().any(bad_key) {
                    let rules = format!("Map keys must satisfy constraint: [{}]", all_rules(key));
                    self.fail_value(shape, value, path, hidden || key.sensitive, &rules);
                }
                let mut entries = object.iter().filter(|(_, entry)| !entry.is_null());
                if is_leaf(of) {
                    if entries.any(|(_, entry)| !leaf_rules(of, entry).is_empty()) {
                        let rules = format!("Map value must satisfy constraint: [{}]", all_rules(of));
                        self.fail_value(shape, value, path, hidden || of.sensitive, &rules);
                    }
                } else {
                    for (name, entry) in entries {
                        let length = path.len();
                        let _ = write!(path, ".{}.member", shorten(name));
                        self.value(of, entry, path, hidden);
                        path.truncate(length);
                    }
                }
            }
            _ => {
                for rule in leaf_rules(shape, value) {
                    self.fail_value(shape, value, path, hidden, &rule);
                }
            }
        }
    }

    fn fail_value(&mut self, shape: &Shape, value: &Value, path: &str, hidden: bool, rule: &str) {
        if hidden {
            self.fail(None, path, rule);
        } else {
            let mut echo = String::new();
            write_echo(shape, value, &mut echo);
            self.fail(Some(&format!("'{}'", shorten(&echo))), path, rule);
        }
    }

    fn fail(&mut self, echo: Option<&str>, path: &str, rule: &str) {
        if self.failures.len() < MOST_FAILURES {
            let echo = echo.map(|echo| format!(" {echo}")).unwrap_or_default();
            self.failures.push(format!("Value{echo} at '{path}' failed to satisfy constraint: {rule}"));
        }
    }
}

/// A member's name as AWS writes it in a path: the first letter small, the rest as it is (`sMSMessage`).
fn push_member(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    let mut letters = name.chars();
    path.extend(letters.next().map(|letter| letter.to_ascii_lowercase()));
    path.push_str(letters.as_str());
}

fn is_leaf(shape: &Shape) -> bool {
    !matches!(shape.kind, Kind::Structure(_) | Kind::List(..) | Kind::Map(..))
}

fn at_least(what: &str, min: i64) -> String {
    format!("Member must have {what} greater than or equal to {min}")
}

fn at_most(what: &str, max: i64) -> String {
    format!("Member must have {what} less than or equal to {max}")
}

fn pattern_rule(pattern: &Pattern) -> String {
    format!("Member must satisfy regular expression pattern: {}", pattern.text)
}

fn word_rule(words: &[&str]) -> String {
    format!("Member must satisfy enum value set: [{}]", words.join(", "))
}

fn range_rules(bounds: Bounds, number: i64, what: &str) -> Vec<String> {
    let low = bounds.min.filter(|min| number < *min).map(|min| at_least(what, min));
    let high = bounds.max.filter(|max| number > *max).map(|max| at_most(what, max));
    low.into_iter().chain(high).collect()
}

fn size_rules(bounds: Bounds, size: usize, what: &str) -> Vec<String> {
    range_rules(bounds, i64::try_from(size).unwrap_or(i64::MAX), what)
}

/// The rules a text breaks: minimum, pattern, maximum, the order the service was seen to use.
fn text_rules(shape: &Shape, text: &str) -> Vec<String> {
    match &shape.kind {
        Kind::Text(length, pattern) => {
            let mut rules = size_rules(*length, text.chars().count(), "length");
            if let Some(pattern) = pattern.filter(|pattern| !pattern.matches(text)) {
                let short = rules.first().is_some_and(|rule| rule.contains("greater"));
                rules.insert(usize::from(short), pattern_rule(pattern));
            }
            rules
        }
        Kind::Word(words) if !words.contains(&text) => vec![word_rule(words)],
        _ => Vec::new(),
    }
}

/// The rules a value that holds no others breaks.
fn leaf_rules(shape: &Shape, value: &Value) -> Vec<String> {
    match (&shape.kind, value) {
        (Kind::Text(..) | Kind::Word(_), Value::String(text)) => text_rules(shape, text),
        (Kind::Integer(range) | Kind::Long(range), Value::Number(number)) => {
            number.as_i64().map(|number| range_rules(*range, number, "value")).unwrap_or_default()
        }
        (Kind::Blob(length), Value::String(text)) => {
            Blob::decode(text).map(|blob| size_rules(*length, blob.0.len(), "length")).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Every rule of a shape, as a list's or a map's failure names them: maximum, minimum, pattern.
fn all_rules(shape: &Shape) -> String {
    let of = |bounds: Bounds, what: &str| -> Vec<String> {
        let high = bounds.max.map(|max| at_most(what, max));
        high.into_iter().chain(bounds.min.map(|min| at_least(what, min))).collect()
    };
    let rules = match &shape.kind {
        Kind::Text(length, pattern) => {
            let mut rules = of(*length, "length");
            rules.extend(pattern.map(pattern_rule));
            rules
        }
        Kind::Word(words) => vec![word_rule(words)],
        Kind::Integer(range) | Kind::Long(range) => of(*range, "value"),
        Kind::Blob(length) => of(*length, "length"),
        _ => Vec::new(),
    };
    rules.join(", ")
}

/// A value as Java prints it: `[a, b]`, `{k=v}`; what is sensitive inside prints as `***`.
fn write_echo(shape: &Shape, value: &Value, out: &mut String) {
    // Bytes, so at least as many as characters; `shorten` cuts exactly.
    if out.len() > MOST_ECHO * 4 {
        return;
    }
    if shape.sensitive {
        out.push_str("***");
        return;
    }
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            let known = members.iter().filter_map(|member| Some((member, object.get(member.name)?)));
            out.push('{');
            for (index, (member, value)) in known.enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                push_member_name(out, member.name);
                write_echo(member.shape, value, out);
            }
            out.push('}');
        }
        (Kind::Map(_, of, _), Value::Object(object)) => {
            out.push('{');
            for (index, (key, value)) in object.iter().enumerate() {
                if out.len() > MOST_ECHO * 4 {
                    break;
                }
                out.push_str(if index == 0 { "" } else { ", " });
                push_member_name(out, key);
                write_echo(of, value, out);
            }
            out.push('}');
        }
        (Kind::List(member, _), Value::Array(list)) => {
            out.push('[');
            for (index, value) in list.iter().enumerate() {
                if out.len() > MOST_ECHO * 4 {
                    break;
                }
                out.push_str(if index == 0 { "" } else { ", " });
                write_echo(member, value, out);
            }
            out.push(']');
        }
        (_, Value::String(text)) => out.push_str(shorten(text)),
        (_, value) => {
            let _ = write!(out, "{value}");
        }
    }
}

fn push_member_name(out: &mut String, name: &str) {
    out.push_str(shorten(name));
    out.push('=');
}

/// At most `MOST_ECHO` characters of a text.
fn shorten(text: &str) -> &str {
    text.char_indices().nth(MOST_ECHO).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
