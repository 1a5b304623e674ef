//! The Query protocol, which STS speaks: `Action` and `Version` among the parameters of a form or a URL, XML out.

mod answer;
mod parameters;

use std::collections::BTreeMap;

use http::header;
use protocol::{ErrorName, Operation};
use serde_json::Value;

use crate::door::Call;
use crate::error::{Error, Result};

pub(crate) use answer::respond;

/// The parameters of a call in the Query protocol.
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    /// The parameters of a call without `X-Amz-Target`, if they name an action: those of the URL, and those of the
    /// body where it is a form.
    pub(crate) fn of(call: &Call) -> Option<Self> {
        let media_type = call.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let is_form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let url = form_urlencoded::parse(call.uri.query().unwrap_or_default().as_bytes());
        let body = form_urlencoded::parse(if is_form { &call.body } else { b"" });
        let parameters: BTreeMap<String, String> = url.into_owned().chain(body.into_owned()).collect();
        parameters.contains_key("Action").then_some(Self(parameters))
    }

    /// The operation that the parameters name.
    ///
    /// # Errors
    /// `UnknownOperationException`, which this protocol calls `InvalidAction`.
    pub(crate) fn route(&self) -> Result<&'static Operation> {
        let parameter = |name: &str, absent: &'static str| {
            self.0.get(name).map(String::as_str).filter(|value| !value.is_empty()).unwrap_or(absent)
        };
        let action = parameter("Action", "NO_OPERATION_SPECIFIED");
        let version = parameter("Version", "NO_VERSION_SPECIFIED");
        Operation::find_action(action, version).ok_or_else(|| {
            let said = format!("Could not find operation {} for version {}", shorten(action), shorten(version));
            Error::new(ErrorName::UnknownOperation, said)
        })
    }

    /// The input of an operation, in the form that AWS JSON would give it.
    ///
    /// # Errors
    /// `SerializationException`, which this protocol calls `MalformedInput`, where a text is no value of its type.
    pub(crate) fn read(&self, operation: &Operation) -> Result<Value> {
        parameters::read(operation.input, &self.0).map_err(|said| Error::new(ErrorName::Serialization, said))
    }
}

/// As much of a text as is said back.
fn shorten(text: &str) -> &str {
    text.char_indices().nth(128).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
