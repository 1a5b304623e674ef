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

/// The body as JSON; an empty one is an empty object.
fn read_json(call: &Call) -> Result<Value> {
    if call.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(&call.body)
        .map_err(|error| Error::new(ErrorName::Serialization, "The request body is not valid JSON.").with_detail(error))
}
