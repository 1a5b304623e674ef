//! Shapes with their constraints as static tables.

use std::fmt::Write as _;

use serde_json::Value;

use super::HEADER;
use super::facts::{Service, flag, members, strings, text};
use super::names::static_name;

impl Service {
    pub(super) fn render_shapes(&self, room: &str, patterns: &[String]) -> Result<Option<String>, String> {
        let names = self.owned_by(room);
        if names.is_empty() {
            return Ok(None);
        }
        let mut body = String::new();
        for name in names {
            let kind = self.shape_kind(name, patterns)?;
            let sensitive = flag(self.shape(name), "sensitive");
            let _ = writeln!(
                body,
                "pub(crate) static {}: Shape = Shape::{}({name:?}, {kind});",
                static_name(name),
                if sensitive { "sensitive" } else { "plain" }
            );
        }
        let mut head = HEADER.to_owned();
        let common = self.owned_by("common").into_iter();
        if room != "common"
            && common.into_iter().any(|n| {
                let name = static_name(n);
                body.contains(&format!("&{name},")) || body.contains(&format!("&{name})"))
            })
        {
            head.push_str("use super::common::*;\n");
        }
        if body.contains("patterns::") {
            head.push_str("use crate::patterns;\n");
        }
        let words: Vec<&str> = ["Bounds", "Kind", "Member", "Shape"]
            .into_iter()
            .filter(|word| body.contains(&format!("{word}::")) || body.contains(&format!(": {word} =")))
            .collect();
        let _ = writeln!(head, "use crate::shape::{{{}}};\n", words.join(", "));
        Ok(Some(format!("{head}{body}")))
    }

    pub(super) fn shape_kind(&self, name: &str, patterns: &[String]) -> Result<String, String> {
        let shape = self.shape(name);
        let bounds = bounds(shape);
        let inner = |key: &str| static_name(text(shape, key));
        Ok(match text(shape, "type") {
            "structure" if self.is_document(name) => "Kind::Document".to_owned(),
            "structure" => {
                let required = strings(shape, "required");
                let mut list = String::new();
                for (member, of) in members(shape) {
                    let make = match (
                        required.contains(&member),
                        self.blank_is_absent.contains(&format!("{name}.{member}")),
                    ) {
                        (true, _) => "required",
                        (false, true) => "optional_or_blank",
                        (false, false) => "optional",
                    };
                    let _ = write!(list, "Member::{make}({member:?}, &{}), ", static_name(&of));
                }
                format!("Kind::Structure(&[{list}])")
            }
            "list" => format!("Kind::List(&{}, {bounds})", inner("member")),
            "map" => format!("Kind::Map(&{}, &{}, {bounds})", inner("key"), inner("value")),
            "string" => {
                let pattern = text(shape, "pattern");
                let pattern = match patterns.iter().position(|p| p == pattern) {
                    Some(at) => format!("Some(&patterns::P{at:02})"),
                    None => "None".to_owned(),
                };
                let words = strings(shape, "enum");
                if words.is_empty() {
                    format!("Kind::Text({bounds}, {pattern})")
                } else {
                    format!("Kind::Word(&{words:?})")
                }
            }
            "integer" => format!("Kind::Integer({bounds})"),
            "long" => format!("Kind::Long({bounds})"),
            "boolean" => "Kind::Boolean".to_owned(),
            "timestamp" => "Kind::Timestamp".to_owned(),
            "blob" => format!("Kind::Blob({bounds})"),
            other => return Err(format!("{name} has the unknown type {other}")),
        })
    }
}

fn bounds(shape: &Value) -> String {
    let bound = |key: &str| shape.get(key).and_then(Value::as_i64);
    match (bound("min"), bound("max")) {
        (None, None) => "Bounds::NONE".to_owned(),
        (Some(min), None) => format!("Bounds::at_least({min})"),
        (None, Some(max)) => format!("Bounds::at_most({max})"),
        (Some(min), Some(max)) => format!("Bounds::between({min}, {max})"),
    }
}
