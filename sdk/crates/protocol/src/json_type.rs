//! Whether a JSON value can be read as a shape at all, and AWS's words for when it cannot.

use serde_json::Value;

use crate::shape::{Kind, Shape};
use crate::values::Blob;

/// Reads `value` as `shape`, all the way down; the error is the SerializationException's message. Shapes do not
/// recur, so the depth is theirs; `null` counts as absent and unknown members are nobody's business.
pub(crate) fn check(shape: &Shape, value: &Value) -> Result<(), String> {
    if value.is_null() {
        return Ok(());
    }
    match (&shape.kind, value) {
        (Kind::Document, _)
        | (Kind::Boolean, Value::Bool(_))
        | (Kind::Timestamp, Value::Number(_))
        | (Kind::Text(..) | Kind::Word(_), Value::String(_)) => Ok(()),
        (Kind::Structure(members), Value::Object(object)) => members
            .iter()
            .filter_map(|member| Some((member, object.get(member.name)?)))
            .try_for_each(|(member, value)| check(member.shape, value)),
        (Kind::List(member, _), Value::Array(list)) => list.iter().try_for_each(|value| check(member, value)),
        (Kind::Map(_, of, _), Value::Object(object)) => object.values().try_for_each(|value| check(of, value)),
        (Kind::Integer(_), Value::Number(number)) if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => {
            Ok(())
        }
        (Kind::Long(_), Value::Number(number)) if number.as_i64().is_some() => Ok(()),
        (Kind::Blob(_), Value::String(text)) => match Blob::decode(text) {
            Some(_) => Ok(()),
            None => Err("Invalid base64 data".to_owned()),
        },
        _ => Err(mismatch(&shape.kind, value)),
    }
}

fn mismatch(kind: &Kind, value: &Value) -> String {
    let token = match value {
        Value::Array(_) => return "Start of list found where not expected".to_owned(),
        Value::Object(_) => {
            return "Start of structure or map found where not expected.".to_owned();
        }
        Value::String(_) => "STRING_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Null => "NULL_VALUE",
    };
    let wanted = match kind {
        Kind::Text(..) | Kind::Word(_) => "a String",
        Kind::Integer(_) => "an Integer",
        Kind::Long(_) => "a Long",
        Kind::Boolean => "a Boolean",
        Kind::Timestamp => "a Timestamp",
        Kind::Blob(_) => "a Blob",
        Kind::Structure(_) | Kind::List(..) | Kind::Map(..) | Kind::Document => {
            return "Unexpected field type".to_owned();
        }
    };
    format!("{token} can not be converted to {wanted}")
}
