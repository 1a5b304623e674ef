//! Operations, the table of them, and the names of their errors.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::HEADER;
use super::facts::{Service, flag, members, strings, text};
use super::names::{error_variant, static_name, type_name};

/// Errors every AWS JSON service may answer and neither description lists.
const GENERIC_ERRORS: &[&str] = &[
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InternalFailure",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "RequestEntityTooLargeException",
    "SerializationException",
    "ServiceUnavailableException",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationException",
];

impl Service {
    pub(super) fn caller(&self, name: &str, operation: &Value) -> String {
        if let Some(caller) = self.callers.get(name) {
            return caller.clone();
        }
        if !flag(operation, "unsigned") {
            return "Sigv4".to_owned();
        }
        let input = members(self.shape(text(operation, "input")));
        let has = |member: &str| input.iter().any(|(name, _)| name == member);
        match (has("AccessToken"), has("Session")) {
            (true, true) => "AccessTokenOrSession",
            (true, false) => "AccessToken",
            _ => "Anyone",
        }
        .to_owned()
    }

    /// What an operation with this input is done to, as `Resource` says it.
    fn resource(&self, input: &str) -> String {
        let members = members(self.shape(input));
        let has = |wanted: &String| members.iter().any(|(name, _)| name == wanted);
        let found = self.resources.iter().find(|(member, _)| has(member));
        found.map_or_else(|| "Any".to_owned(), |(member, kind)| format!("{kind}({member:?})"))
    }

    pub(super) fn render_operations(&self, room: &str) -> Option<String> {
        let (_, names) = self.capabilities.iter().find(|(name, _)| name == room)?;
        let mut out = HEADER.to_owned();
        let _ = writeln!(
            out,
            "use crate::error_name::ErrorName;\nuse crate::operation::{{Call, Caller, Operation, Resource, Service}};\n\
             use crate::{}::{{shapes, types}};\n",
            self.module
        );
        for name in names {
            let Some(operation) = self.operations.get(name) else {
                continue;
            };
            let input = text(operation, "input");
            let output = text(operation, "output");
            let (shape, rust) = if output.is_empty() {
                ("None".to_owned(), "()".to_owned())
            } else {
                (format!("Some(&shapes::{})", static_name(output)), format!("types::{}", type_name(output)))
            };
            let errors: Vec<String> =
                strings(operation, "errors").iter().map(|e| format!("ErrorName::{}", error_variant(e))).collect();
            let upper = static_name(name);
            let target = format!("{}.{name}", self.prefix);
            let caller = self.caller(name, operation);
            let _ = writeln!(
                out,
                "/// The operation {name}.\n#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]\npub struct {name};\n\n\
                 impl Call for {name} {{\n    type Input = types::{};\n    type Output = {rust};\n    \
                 const TARGET: &'static str = {target:?};\n    const CALLER: Caller = Caller::{caller};\n    \
                 const OPERATION: &'static Operation = &{upper};\n}}\n\n\
                 pub(crate) static {upper}: Operation = Operation {{\n    name: {name:?},\n    target: {target:?},\n    \
                 service: Service::{},\n    caller: Caller::{caller},\n    action: {:?},\n    resource: Resource::{},\n    capability: {room:?},\n    \
                 input: &shapes::{},\n    output: {shape},\n    errors: &[{}],\n}};\n",
                type_name(input),
                self.variant,
                format!("{}:{name}", self.action_prefix),
                self.resource(input),
                static_name(input),
                errors.join(", ")
            );
        }
        Some(out)
    }
}

pub(super) fn render_errors(services: &[&Service]) -> String {
    // Its name, the word on the wire, the status.
    let mut all: BTreeMap<String, (String, u64)> = BTreeMap::new();
    for service in services {
        for (name, shape) in &service.shapes {
            if flag(shape, "exception") {
                let said = shape.get("error").unwrap_or(&Value::Null);
                let status = if flag(shape, "fault") { 500 } else { 400 };
                let status = said.get("httpStatusCode").and_then(Value::as_u64).unwrap_or(status);
                let word = Some(text(said, "code")).filter(|code| !code.is_empty()).unwrap_or(name);
                all.insert(name.clone(), (word.to_owned(), status));
            }
        }
    }
    for name in GENERIC_ERRORS {
        let status = match *name {
            "InternalFailure" => 500,
            "ServiceUnavailableException" => 503,
            "RequestEntityTooLargeException" => 413,
            _ => 400,
        };
        all.entry((*name).to_owned()).or_insert(((*name).to_owned(), status));
    }
    let mut out = HEADER.to_owned();
    out.push_str(
        "use crate::words::wire_words;\n\nwire_words! {\n/// Every error the services may answer, with the generic \
         ones of AWS JSON; the text is the whole wire name.\npub enum ErrorName {\n",
    );
    for (name, (word, _)) in &all {
        let _ = writeln!(out, "{} = {word:?},", error_variant(name));
    }
    out.push_str(
        "}\n}\n\nimpl ErrorName {\n/// The HTTP status of an answer with this error.\npub const fn http_status(self) \
         -> u16 {\nmatch self {\n",
    );
    for status in [403, 413, 500, 503] {
        let names: Vec<String> = all
            .iter()
            .filter(|(_, (_, s))| *s == status)
            .map(|(name, _)| format!("Self::{}", error_variant(name)))
            .collect();
        let _ = writeln!(out, "{} => {status},", names.join(" | "));
    }
    out.push_str("_ => 400,\n}\n}\n}\n");
    out
}

pub(super) fn render_calls(services: &[&Service]) -> String {
    let mut out = HEADER.to_owned();
    out.push_str(
        "use crate::operation::Call;\nuse crate::{identity, idp, sts};\n\n/// Something done with the types of every \
         operation.\npub trait CallVisitor {\n/// Called once for each operation.\nfn visit<C: Call>(&mut self);\n}\n\n\
         /// Shows every operation's types to `visitor`, in the order of `OPERATIONS`.\n\
         pub fn visit_calls(visitor: &mut impl CallVisitor) {\n",
    );
    for service in services {
        for name in service.operations.keys() {
            let _ = writeln!(out, "visitor.visit::<{}::ops::{name}>();", service.module);
        }
    }
    out.push_str("}\n");
    out
}

pub(super) fn render_table(services: &[&Service], overlay: &Value) -> String {
    let mut rows = BTreeMap::new();
    for service in services {
        for (capability, names) in &service.capabilities {
            for name in names {
                let path = format!("&crate::{}::ops::{}", service.module, static_name(name));
                rows.insert(format!("{}.{name}", service.prefix), (path, capability));
            }
        }
    }
    let mut out = HEADER.to_owned();
    out.push_str(
        "use crate::operation::{Capability, Operation, Service};\n\n/// Every operation, in the order of its \
         `X-Amz-Target`.\npub static OPERATIONS: &[&Operation] = &[\n",
    );
    for (path, _) in rows.values() {
        let _ = writeln!(out, "{path},");
    }
    out.push_str(
        "];\n\n/// Every capability, in the order a reader meets them.\npub static CAPABILITIES: &[Capability] = &[\n",
    );
    for capability in overlay.get("capabilities").and_then(Value::as_array).into_iter().flatten() {
        let module = text(capability, "service");
        let variant = services.iter().find(|s| s.module == module).map_or("Idp", |s| s.variant);
        let _ = writeln!(
            out,
            "Capability {{ name: {:?}, title: {:?}, service: Service::{variant} }},",
            text(capability, "name"),
            text(capability, "title")
        );
    }
    out.push_str("];\n");
    out
}
