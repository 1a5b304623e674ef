//! The two protocols of the door: AWS JSON 1.1 and AWS Query.

use axum::response::Response;
use protocol::{ErrorName, Operation, Protocol};
use serde_json::Value;

use crate::answer::Answer;
use crate::door::Call;
use crate::error::{Error, Result};
use crate::query::{self, Query};

/// The header that names an operation of a service that speaks JSON.
const TARGET: &str = "x-amz-target";

/// How a call speaks: with the header `X-Amz-Target` JSON, without it and with a parameter `Action` Query.
pub(crate) enum WireFormat {
    Json,
    Query(Query),
}

impl WireFormat {
    pub(crate) fn of(call: &Call) -> Self {
        if call.headers.contains_key(TARGET) {
            return Self::Json;
        }
        Query::of(call).map_or(Self::Json, Self::Query)
    }

    /// The operation that a call names.
    ///
    /// # Errors
    /// `UnknownOperationException`.
    pub(crate) fn route(&self, call: &Call) -> Result<&'static Operation> {
        match self {
            Self::Json => {
                let unknown = || Error::new(ErrorName::UnknownOperation, "");
                let target = call.headers.get(TARGET).ok_or_else(unknown)?;
                let operation = target.to_str().ok().and_then(Operation::find);
                operation.filter(|operation| operation.service.protocol() == Protocol::Json).ok_or_else(unknown)
            }
            Self::Query(query) => query.route(),
        }
    }

    /// The input of a call, as JSON in both.
    ///
    /// # Errors
    /// `SerializationException`.
    pub(crate) fn read(&self, operation: &Operation, call: &Call) -> Result<Value> {
        match self {
            Self::Json => read_json(call),
            Self::Query(query) => query.read(operation),
        }
    }

    /// The HTTP response to a call, marked with the request's id.
    pub(crate) fn respond(&self, answer: Answer, operation: Option<&Operation>, request_id: &str) -> Response {
        match self {
            Self::Json => answer.into_response(request_id),
            Self::Query(_) => query::respond(answer, operation, request_id),
        }
    }
}

/// Values in one input, those within others included. A document costs memory by its values, not by its bytes: an
/// object of one member is a hundred times as large as its text. No operation's valid input comes near.
const MOST_VALUES: usize = 8_192;

/// The body as JSON; an empty one is an empty object.
fn read_json(call: &Call) -> Result<Value> {
    if count_values(&call.body) > MOST_VALUES {
        return Err(Error::new(ErrorName::Serialization, "The request body holds too many values."));
    }
    if call.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(&call.body)
        .map_err(|error| Error::new(ErrorName::Serialization, "The request body is not valid JSON.").with_detail(error))
}

/// How many values a document holds, near enough: each but the first stands behind one of these marks.
fn count_values(json: &[u8]) -> usize {
    let (mut values, mut in_text, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => values += 1,
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_and_text_is_not() {
        for (json, values) in
            [(r#""#, 0), (r#"{}"#, 1), (r#"{"a":"[,{\\","b":[1,2]}"#, 4), (r#"{"a":"\"[[["}"#, 1), (r#"[[[[[["#, 6)]
        {
            assert_eq!(count_values(json.as_bytes()), values, "{json}");
        }
    }
}
