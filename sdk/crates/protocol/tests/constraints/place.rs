//! Every shape of every input, with the place it sits in.

use latchkey_protocol::samples::{self, Fill};
use latchkey_protocol::{ErrorName, Kind, OPERATIONS, Operation, Service, Shape};
use serde_json::Value;

/// Where a value sits in an input: the JSON steps to it and the path a message names.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) steps: Vec<String>,
    pub(crate) path: String,
    /// A sensitive shape encloses it, or it is one.
    pub(crate) hidden: bool,
}

impl Place {
    fn then(&self, step: &str, path: String, hidden: bool) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step.to_owned());
        Self { steps, path, hidden: self.hidden || hidden }
    }

    pub(crate) fn member(&self, name: &str, shape: &Shape) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        let (first, rest) = name.split_at(1);
        self.then(name, format!("{}{dot}{}{rest}", self.path, first.to_lowercase()), shape.sensitive)
    }

    pub(crate) fn pointer(&self) -> String {
        self.steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
    }
}

/// Calls `see` with every shape an input holds, each in its place, with a value that is valid there.
pub(crate) fn each_place(shape: &Shape, value: &Value, place: &Place, see: &mut impl FnMut(&Shape, &Value, &Place)) {
    see(shape, value, place);
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            for member in *members {
                if let Some(value) = object.get(member.name) {
                    each_place(member.shape, value, &place.member(member.name, member.shape), see);
                }
            }
        }
        (Kind::List(member, _), Value::Array(list)) if !leaf(member) => {
            for (index, value) in list.iter().enumerate() {
                let path = format!("{}.{}.member", place.path, index + 1);
                each_place(member, value, &place.then(&index.to_string(), path, member.sensitive), see);
            }
        }
        (Kind::Map(_, of, _), Value::Object(object)) if !leaf(of) => {
            for (key, value) in object {
                let path = format!("{}.{key}.member", place.path);
                each_place(of, value, &place.then(key, path, of.sensitive), see);
            }
        }
        _ => {}
    }
}

pub(crate) fn leaf(shape: &Shape) -> bool {
    !matches!(shape.kind, Kind::Structure(_) | Kind::List(..) | Kind::Map(..))
}

pub(crate) fn each_input_place(mut see: impl FnMut(&'static Operation, &Value, &Shape, &Value, &Place)) {
    for operation in OPERATIONS {
        let input = samples::input(operation, Fill::All);
        let root = Place { steps: Vec::new(), path: String::new(), hidden: false };
        each_place(operation.input, &input, &root, &mut |shape, value, place| {
            see(operation, &input, shape, value, place);
        });
    }
}

pub(crate) fn with(input: &Value, place: &Place, value: Value) -> Value {
    let mut input = input.clone();
    *input.pointer_mut(&place.pointer()).unwrap() = value;
    input
}

pub(crate) fn constraint_error(operation: &Operation) -> ErrorName {
    match operation.service {
        Service::Idp => ErrorName::InvalidParameter,
        Service::Identity | Service::Sts => ErrorName::Validation,
    }
}
