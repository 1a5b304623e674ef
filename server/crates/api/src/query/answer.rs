//! Results and errors in the XML of the Query protocol.

use std::fmt::Write as _;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use protocol::{ErrorName, Kind, Operation, Protocol, Shape};
use serde_json::Value;

use crate::answer::Answer;
use crate::error::{Error, Result};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The HTTP response to a call, of an operation if it named one.
pub(crate) fn respond(answer: Answer, operation: Option<&Operation>, request_id: &str) -> Response {
    let answered = match answer {
        Answer::Error(error) => Err(error),
        Answer::Empty => Ok(Value::Null),
        Answer::Document(document) => serde_json::from_slice(&document).map_err(fault),
    };
    let (status, xml) = match answered.and_then(|value| write_result(operation, &value, request_id)) {
        Ok(xml) => (StatusCode::OK, xml),
        Err(error) => {
            let (code, status) = face(error.name);
            (status, write_error(operation, code, status, &error.message, request_id))
        }
    };
    let mut response = Response::new(Body::from(xml));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// The code and status of an error: what all services say has another name here ("Common errors" of the STS API
/// Reference), what the service declares has its own.
fn face(name: ErrorName) -> (&'static str, StatusCode) {
    match name {
        ErrorName::AccessDenied => ("AccessDenied", StatusCode::FORBIDDEN),
        ErrorName::ExpiredToken => ("ExpiredToken", StatusCode::FORBIDDEN),
        ErrorName::IncompleteSignature => ("IncompleteSignature", StatusCode::FORBIDDEN),
        ErrorName::InvalidSignature => ("SignatureDoesNotMatch", StatusCode::FORBIDDEN),
        ErrorName::MissingAuthenticationToken => ("MissingAuthenticationToken", StatusCode::FORBIDDEN),
        ErrorName::UnrecognizedClient => ("InvalidClientTokenId", StatusCode::FORBIDDEN),
        ErrorName::Serialization => ("MalformedInput", StatusCode::BAD_REQUEST),
        ErrorName::UnknownOperation => ("InvalidAction", StatusCode::BAD_REQUEST),
        ErrorName::UnsupportedOperation => ("UnsupportedOperation", StatusCode::BAD_REQUEST),
        ErrorName::Validation => ("ValidationError", StatusCode::BAD_REQUEST),
        ErrorName::InternalError | ErrorName::InternalFailure | ErrorName::InternalServer => {
            ("InternalFailure", StatusCode::INTERNAL_SERVER_ERROR)
        }
        other => (other.as_str(), StatusCode::from_u16(other.http_status()).unwrap_or(StatusCode::BAD_REQUEST)),
    }
}

fn write_error(operation: Option<&Operation>, code: &str, status: StatusCode, said: &str, request_id: &str) -> String {
    let whose = if status.is_server_error() { "Receiver" } else { "Sender" };
    let mut xml = format!("<ErrorResponse{}><Error>", namespace(operation));
    write_text(&mut xml, "Type", whose);
    write_text(&mut xml, "Code", code);
    write_text(&mut xml, "Message", said);
    xml.push_str("</Error>");
    write_text(&mut xml, "RequestId", request_id);
    xml.push_str("</ErrorResponse>");
    xml
}

/// An answer of the shape that its operation declares.
///
/// # Errors
/// An internal error for a result of no operation, which is a mistake of ours.
fn write_result(operation: Option<&Operation>, value: &Value, request_id: &str) -> Result<String> {
    let name = operation.ok_or_else(|| fault("a result of no operation"))?.name;
    let mut xml = format!("<{name}Response{}>", namespace(operation));
    if let Some(output) = operation.and_then(|operation| operation.output) {
        write_value(&mut xml, &format!("{name}Result"), output, value);
    }
    xml.push_str("<ResponseMetadata>");
    write_text(&mut xml, "RequestId", request_id);
    let _ = write!(xml, "</ResponseMetadata></{name}Response>");
    Ok(xml)
}

fn fault(detail: impl std::fmt::Display) -> Error {
    domain::Error::internal(detail).into()
}

/// The `xmlns` attribute; an action of no service is answered in the name of the one there is.
fn namespace(operation: Option<&Operation>) -> String {
    match operation.map_or(protocol::Service::Sts, |operation| operation.service).protocol() {
        Protocol::Query { namespace, .. } => format!(" xmlns=\"{namespace}\""),
        Protocol::Json => String::new(),
    }
}

fn write_value(xml: &mut String, name: &str, shape: &Shape, value: &Value) {
    match (&shape.kind, value) {
        (_, Value::Null) => {}
        (Kind::Structure(members), Value::Object(object)) => {
            let _ = write!(xml, "<{name}>");
            for member in *members {
                if let Some(value) = object.get(member.name) {
                    write_value(xml, member.name, member.shape, value);
                }
            }
            let _ = write!(xml, "</{name}>");
        }
        (Kind::List(member, _), Value::Array(list)) => {
            let _ = write!(xml, "<{name}>");
            list.iter().for_each(|value| write_value(xml, "member", member, value));
            let _ = write!(xml, "</{name}>");
        }
        (Kind::Map(_, of, _), Value::Object(object)) => {
            let _ = write!(xml, "<{name}>");
            for (key, value) in object {
                xml.push_str("<entry>");
                write_text(xml, "key", key);
                write_value(xml, "value", of, value);
                xml.push_str("</entry>");
            }
            let _ = write!(xml, "</{name}>");
        }
        (Kind::Timestamp, value) => {
            let millis = value.as_f64().map(|seconds| (seconds * 1_000.0) as i64);
            let at = millis.and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
            write_text(xml, name, &at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default());
        }
        (_, Value::String(text)) => write_text(xml, name, text),
        (_, value) => write_text(xml, name, &value.to_string()),
    }
}

/// An element of text. What XML 1.0 cannot hold (section 2.2) becomes U+FFFD.
fn write_text(xml: &mut String, name: &str, text: &str) {
    let _ = write!(xml, "<{name}>");
    for letter in text.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\r' => xml.push_str("&#xD;"),
            '\n' | '\t' => xml.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => xml.push('\u{fffd}'),
            letter => xml.push(letter),
        }
    }
    let _ = write!(xml, "</{name}>");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use protocol::{Call, sts};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_result_is_written_as_its_operation_declares_it() {
        let operation = sts::ops::GetSessionToken::OPERATION;
        let value = json!({ "Credentials": { "AccessKeyId": "a<b", "Expiration": 1_470_957_431.0, "Unknown": 1 } });
        assert_eq!(
            write_result(Some(operation), &value, "id").unwrap(),
            "<GetSessionTokenResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetSessionTokenResult>\
             <Credentials><AccessKeyId>a&lt;b</AccessKeyId><Expiration>2016-08-11T23:17:11Z</Expiration></Credentials>\
             </GetSessionTokenResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata>\
             </GetSessionTokenResponse>"
        );
    }

    #[test]
    fn no_text_breaks_out_of_its_element() {
        let xml = write_error(None, "C", StatusCode::BAD_REQUEST, "</Message>&\u{0}\r", "id");
        assert!(xml.contains("<Message>&lt;/Message&gt;&amp;\u{fffd}&#xD;</Message>"), "{xml}");
    }
}
