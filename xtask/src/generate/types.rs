//! Structures and words as Rust types.

use std::fmt::Write as _;

use serde_json::Value;

use super::HEADER;
use super::facts::{Service, members, strings, text};
use super::names::{field_name, type_name, variant_name};

/// Shapes whose text is a secret: they become `Sensitive`, whose Debug prints nothing. The description's own
/// `sensitive` covers user names and client ids as well, which logs need.
const SECRET_SHAPES: &[&str] = &[
    "AuthParametersType",
    "ChallengeResponsesType",
    "ClientSecretType",
    "ConfirmationCodeType",
    "GetDerivedTokenTokenModelType",
    "IdentityProviderToken",
    "OIDCToken",
    "PasswordType",
    "ProviderDetailsType",
    "SAMLAssertionType",
    "SecretCodeType",
    "SecretHashType",
    "SecretKeyString",
    "SessionTokenString",
    "SessionType",
    "SoftwareTokenMFAUserCodeType",
    "TokenModelType",
    "accessKeySecretType",
    "clientTokenType",
    "contextAssertionType",
    "tokenCodeType",
    "tokenType",
    "tradeInTokenType",
    "webIdentityTokenType",
];

/// Members that are secrets although their shape is not.
const SECRET_MEMBERS: &[&str] = &["DeviceSecretVerifierConfigType.PasswordVerifier"];

impl Service {
    /// The Rust type of a shape, as seen from a file of the service's `types`.
    pub(super) fn rust_type(&self, name: &str, secret: bool) -> String {
        let shape = self.shape(name);
        let secret = secret || SECRET_SHAPES.contains(&name);
        match text(shape, "type") {
            "string" if self.is_word(name) => type_name(name),
            "string" if secret => "Sensitive".to_owned(),
            "string" => "String".to_owned(),
            "integer" => "i32".to_owned(),
            "long" => "i64".to_owned(),
            "boolean" => "bool".to_owned(),
            "timestamp" => "Timestamp".to_owned(),
            "blob" => "Blob".to_owned(),
            "list" => format!("Vec<{}>", self.rust_type(text(shape, "member"), secret)),
            "map" => format!(
                "BTreeMap<{}, {}>",
                self.rust_type(text(shape, "key"), false),
                self.rust_type(text(shape, "value"), secret)
            ),
            _ if self.is_document(name) => "Document".to_owned(),
            _ => type_name(name),
        }
    }

    pub(super) fn render_types(&self, room: &str) -> Result<Option<String>, String> {
        let mut body = String::new();
        for name in self.owned_by(room) {
            if self.is_document(name) {
                continue;
            }
            let shape = self.shape(name);
            if self.is_word(name) {
                self.render_word(name, shape, &mut body);
            } else if text(shape, "type") == "structure" {
                self.render_struct(name, shape, &mut body);
            }
        }
        if body.is_empty() {
            return Ok(None);
        }
        let mut head = HEADER.to_owned();
        let uses = |word: &str| {
            body.contains(&format!("{word}<"))
                || body.contains(&format!("<{word}>"))
                || body.contains(&format!(": {word},"))
                || body.contains(&format!(", {word}>"))
        };
        if uses("BTreeMap") {
            head.push_str("use std::collections::BTreeMap;\n\n");
        }
        if body.contains("Serialize") {
            head.push_str("use serde::{Deserialize, Serialize};\n\n");
        }
        if room != "common" {
            let common = self.owned_by("common").into_iter().any(|name| {
                (self.is_word(name) || (text(self.shape(name), "type") == "structure" && !self.is_document(name)))
                    && uses(&type_name(name))
            });
            if common {
                head.push_str("use super::common::*;\n");
            }
        }
        if body.contains("wire_words!") {
            head.push_str("use crate::words::wire_words;\n");
        }
        let values: Vec<&str> =
            ["Blob", "Document", "Sensitive", "Timestamp"].into_iter().filter(|word| uses(word)).collect();
        if !values.is_empty() {
            let _ = writeln!(head, "use crate::values::{{{}}};", values.join(", "));
        }
        Ok(Some(format!("{head}\n{body}")))
    }

    pub(super) fn render_word(&self, name: &str, shape: &Value, out: &mut String) {
        let _ = writeln!(out, "wire_words! {{\n/// `{name}`.\npub enum {} {{", type_name(name));
        for value in strings(shape, "enum") {
            let _ = writeln!(out, "{} = {value:?},", variant_name(&value));
        }
        out.push_str("}\n}\n\n");
    }

    pub(super) fn render_struct(&self, name: &str, shape: &Value, out: &mut String) {
        let required = strings(shape, "required");
        let default = if self.no_default.contains(name) { "" } else { ", Default" };
        let role = self.role.get(name).map_or_else(|| format!("`{name}`."), |role| format!("{role}."));
        let fields = members(shape);
        let _ = writeln!(
            out,
            "/// {role}\n#[derive(Debug, Clone{default}, PartialEq, Serialize, Deserialize)]\npub struct {} {{",
            type_name(name)
        );
        for (member, inner) in fields {
            let secret = SECRET_MEMBERS.contains(&format!("{name}.{member}").as_str());
            let rust = self.rust_type(&inner, secret);
            let _ = writeln!(out, "/// {}.", self.describe(&member, &inner));
            if required.contains(&member) {
                let _ = writeln!(out, "#[serde(rename = {member:?})]\npub {}: {rust},", field_name(&member));
            } else {
                let _ = writeln!(
                    out,
                    "#[serde(rename = {member:?}, skip_serializing_if = \"Option::is_none\")]\npub {}: Option<{rust}>,",
                    field_name(&member)
                );
            }
        }
        out.push_str("}\n\n");
    }

    /// A member's docstring: its wire name and the bounds a caller must keep.
    pub(super) fn describe(&self, member: &str, inner: &str) -> String {
        let shape = self.shape(inner);
        let unit = match text(shape, "type") {
            "string" if shape.get("enum").is_none() => " characters",
            "blob" => " bytes",
            "list" | "map" => " entries",
            "integer" | "long" => "",
            _ => return format!("`{member}`"),
        };
        let bound = |key: &str| shape.get(key).and_then(Value::as_i64);
        match (bound("min"), bound("max")) {
            (None, None) => format!("`{member}`"),
            (Some(min), Some(max)) if min == max => format!("`{member}`: {min}{unit}"),
            (Some(min), Some(max)) => format!("`{member}`: {min} to {max}{unit}"),
            (Some(min), None) => format!("`{member}`: at least {min}{unit}"),
            (None, Some(max)) => format!("`{member}`: at most {max}{unit}"),
        }
    }
}
