//! Whether an answer is one the service could have given; for tests.

use serde_json::Value;

use crate::operation::Operation;
use crate::shape::{Kind, Shape};

/// What is wrong with `output` as the answer of `operation`, one sentence each: unknown members, wrong types,
/// missing required members, words outside their set. An empty body is `Value::Null`.
pub fn check_output(operation: &Operation, output: &Value) -> Vec<String> {
    let mut found = Vec::new();
    match operation.output {
        None if output.is_null() => {}
        None => found.push(format!("{} answers an empty body", operation.name)),
        Some(_) if output.is_null() => {
            found.push(format!("{} answers a JSON object, not an empty body", operation.name))
        }
        Some(shape) => walk(shape, output, operation.name, &mut found),
    }
    found
}

fn walk(shape: &Shape, value: &Value, at: &str, found: &mut Vec<String>) {
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            for member in *members {
                match object.get(member.name) {
                    None if member.required => found.push(format!("{at}.{} is missing", member.name)),
                    None => {}
                    Some(Value::Null) => found.push(format!("{at}.{} is null instead of left out", member.name)),
                    Some(value) => walk(member.shape, value, &format!("{at}.{}", member.name), found),
                }
            }
            for name in object.keys().filter(|name| !members.iter().any(|member| member.name == name.as_str())) {
                found.push(format!("{at}.{name} is unknown"));
            }
        }
        (Kind::List(member, _), Value::Array(list)) => {
            for (index, value) in list.iter().enumerate() {
                walk(member, value, &format!("{at}[{index}]"), found);
            }
        }
        (Kind::Map(_, of, _), Value::Object(object)) => {
            for (key, value) in object {
                walk(of, value, &format!("{at}[{key:?}]"), found);
            }
        }
        (Kind::Word(words), Value::String(text)) => {
            if !words.contains(&text.as_str()) {
                found.push(format!("{at} is {text:?}, none of {words:?}"));
            }
        }
        (Kind::Document, _) => {}
        (_, Value::Null) => found.push(format!("{at} is null")),
        _ => {
            if let Err(message) = crate::json_type::check(shape, value) {
                found.push(format!("{at}: {message}"));
            }
        }
    }
}
