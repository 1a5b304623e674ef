//! Parameters as a value of a shape: `Tags.member.1.Key=a` is the Key of the first of the Tags.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Kind, Shape};
use serde_json::{Map, Value};

use super::shorten;

type Parameters = BTreeMap<String, String>;

/// Reads an input structure; parameters that it does not have are ignored. The error is what the caller is told.
pub(super) fn read(shape: &Shape, parameters: &Parameters) -> Result<Value, String> {
    Ok(value(shape, "", parameters)?.unwrap_or_else(|| Value::Object(Map::new())))
}

/// The value at `path`; None where no parameter speaks of it. Shapes do not recur, so the depth is theirs.
fn value(shape: &Shape, path: &str, parameters: &Parameters) -> Result<Option<Value>, String> {
    let text = parameters.get(path);
    Ok(match &shape.kind {
        Kind::Structure(members) => {
            let mut object = Map::new();
            for member in *members {
                let inner = if path.is_empty() { member.name.to_owned() } else { format!("{path}.{}", member.name) };
                if let Some(value) = value(member.shape, &inner, parameters)? {
                    object.insert(member.name.to_owned(), value);
                }
            }
            (!object.is_empty()).then_some(Value::Object(object))
        }
        Kind::List(member, _) => {
            let mut list = Vec::new();
            for number in numbers(&format!("{path}.member."), parameters) {
                list.extend(value(member, &format!("{path}.member.{number}"), parameters)?);
            }
            // An empty list is sent as the bare name.
            (!list.is_empty() || text.is_some_and(String::is_empty)).then_some(Value::Array(list))
        }
        Kind::Map(key, of, _) => {
            let mut object = Map::new();
            for number in numbers(&format!("{path}.entry."), parameters) {
                let name = value(key, &format!("{path}.entry.{number}.key"), parameters)?;
                let entry = value(of, &format!("{path}.entry.{number}.value"), parameters)?;
                if let (Some(Value::String(name)), Some(entry)) = (name, entry) {
                    object.insert(name, entry);
                }
            }
            (!object.is_empty()).then_some(Value::Object(object))
        }
        Kind::Text(..) | Kind::Word(_) | Kind::Blob(_) | Kind::Document => text.map(|text| Value::from(text.as_str())),
        Kind::Integer(_) | Kind::Long(_) => text.map(|text| parse::<i64>(text, "integer")).transpose()?,
        Kind::Boolean => text.map(|text| parse::<bool>(text, "boolean")).transpose()?,
        Kind::Timestamp => {
            let seconds = |text: &String| {
                let at = text.parse::<jiff::Timestamp>().map_err(|_| invalid(text, "timestamp"))?;
                Ok::<_, String>(Value::from(at.as_millisecond() as f64 / 1_000.0))
            };
            text.map(seconds).transpose()?
        }
    })
}

/// The numbers that follow a prefix, in order; gaps between them count for nothing.
fn numbers(prefix: &str, parameters: &Parameters) -> BTreeSet<u32> {
    let under = parameters.range(prefix.to_owned()..).map(|(name, _)| name).map_while(|name| name.strip_prefix(prefix));
    under.filter_map(|rest| rest.split('.').next()?.parse().ok()).collect()
}

fn parse<T: std::str::FromStr + Into<Value>>(text: &str, kind: &str) -> Result<Value, String> {
    text.parse::<T>().map(Into::into).map_err(|_| invalid(text, kind))
}

fn invalid(text: &str, kind: &str) -> String {
    format!("{} is not a valid {kind}", shorten(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use protocol::{Call, sts};
    use serde_json::json;

    use super::*;

    fn assume_role(pairs: &[(&str, &str)]) -> Result<Value, String> {
        let parameters = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read(sts::ops::AssumeRole::OPERATION.input, &parameters)
    }

    #[test]
    fn lists_and_structures_are_read_from_their_names() {
        let input = assume_role(&[
            ("Action", "AssumeRole"),
            ("RoleArn", "arn"),
            ("DurationSeconds", "900"),
            ("PolicyArns.member.1.arn", "a"),
            ("PolicyArns.member.10.arn", "c"),
            ("PolicyArns.member.2.arn", "b"),
            ("Tags.member.1.Key", "k"),
            ("Tags.member.1.Value", ""),
            ("TransitiveTagKeys", ""),
            ("Tags.member.x.Key", "no number"),
            ("ProvidedContexts.member.1.Unknown", "no member"),
        ]);
        let expected = json!({
            "RoleArn": "arn", "DurationSeconds": 900, "PolicyArns": [{ "arn": "a" }, { "arn": "b" }, { "arn": "c" }],
            "Tags": [{ "Key": "k", "Value": "" }], "TransitiveTagKeys": [],
        });
        assert_eq!(input.unwrap(), expected);
        assert_eq!(assume_role(&[]).unwrap(), json!({}));
    }

    #[test]
    fn a_text_must_be_a_value_of_its_type() {
        for wrong in ["x", "", "1.5", "9223372036854775808"] {
            let said = assume_role(&[("DurationSeconds", wrong)]).unwrap_err();
            assert_eq!(said, format!("{wrong} is not a valid integer"));
        }
    }
}
