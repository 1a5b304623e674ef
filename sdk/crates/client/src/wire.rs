//! One call to the AWS door (JSON 1.1) or to the domain's OAuth endpoints, and how its failure is named.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::host::{Host, Post, Request, Response};
use crate::json::{Json, Object};
use crate::{Auth, text};

impl<H: Host> Auth<H> {
    /// Calls an operation of the API.
    pub(crate) async fn call(&self, operation: &str, body: Object) -> Result<Json> {
        let target = ["AWSCognitoIdentityProviderService.", operation].concat();
        let post = Post { content_type: "application/x-amz-json-1.1", target: Some(&target), body: body.finish() };
        let url = [&self.config.api, "/"].concat();
        let answer = self.host.send(Request { url: &url, post: Some(post) }).await?;
        judge(&answer)
    }

    /// Posts a form to an OAuth endpoint of the domain. An empty answer reads as `null`.
    pub(crate) async fn post_form(&self, path: &str, form: Zeroizing<String>) -> Result<Json> {
        let url = [self.config.domain()?, path].concat();
        let post = Post { content_type: "application/x-www-form-urlencoded", target: None, body: form };
        let answer = self.host.send(Request { url: &url, post: Some(post) }).await?;
        judge(&answer)
    }

    /// Fetches a JSON document.
    pub(crate) async fn fetch_json(&self, url: &str) -> Result<Json> {
        judge(&self.host.send(Request { url, post: None }).await?)
    }
}

fn judge(answer: &Response) -> Result<Json> {
    let ok = (200..300).contains(&answer.status);
    let json = if ok && answer.body.is_empty() { Ok(Json::Null) } else { Json::parse(&answer.body) };
    let error = match json {
        Ok(json) if ok => return Ok(json),
        Ok(json) => named(&json, answer.status),
        Err(_) => None,
    }
    .unwrap_or_else(|| {
        let kind = if answer.status == 429 { Kind::TooManyRequests } else { Kind::UnexpectedResponse };
        Error::new(kind, "the answer is not the service's")
    });
    Err(error.with_request_id(answer.request_id.as_deref()))
}

/// The error an answer names: Cognito's `__type` and `message`, or RFC 6749 §5.2's `error` and `error_description`.
fn named(json: &Json, status: u16) -> Option<Error> {
    if let Some(name) = json.text("__type") {
        let message = json.text("message").or_else(|| json.text("Message")).unwrap_or_default();
        let error = Error::from_service(name, message);
        // A broken service is not a verdict about anyone's token.
        return Some(if status >= 500 && error.ends_session() {
            Error::new(Kind::InternalError, &error.message)
        } else {
            error
        });
    }
    let code = json.text("error")?;
    Some(Error::new(Kind::OAuth, json.text("error_description").unwrap_or(code)).with_code(code))
}

/// Appends `name=value` to a query or form, percent-encoding all but RFC 3986's unreserved characters.
pub(crate) fn append(out: &mut String, name: &str, value: &str) {
    if !(out.is_empty() || out.as_bytes().last() == Some(&b'?')) {
        out.push('&');
    }
    out.push_str(name);
    out.push('=');
    encode(out, value);
}

/// Percent-encodes all but RFC 3986's unreserved characters.
pub(crate) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
}

/// The value of `name` in a query, decoded (`+` is a space); `None` when absent or not UTF-8.
pub(crate) fn query_value(query: &str, name: &str) -> Option<String> {
    text::words(query, b'&').find_map(|pair| {
        let (key, value) = text::cut(pair, b'=').unwrap_or((pair, ""));
        if key == name { decode(value) } else { None }
    })
}

fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? << 4 | digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_decodes(value in any::<String>(), other in any::<String>()) {
            let mut query = String::new();
            append(&mut query, "other", &other);
            append(&mut query, "state", &value);
            prop_assert_eq!(query_value(&query, "state"), Some(value));
        }

        #[test]
        fn no_query_panics(query in any::<String>()) {
            let _ = query_value(&query, "state");
            let _ = decode(&query);
        }
    }

    fn kind(status: u16, body: &str) -> Kind {
        judge(&Response { status, request_id: None, body: body.into() }).err().unwrap().kind
    }

    #[test]
    fn failures_are_named() {
        assert_eq!(
            kind(400, r#"{"__type":"com.amazonaws#NotAuthorizedException:http","message":"no"}"#),
            Kind::NotAuthorized
        );
        assert_eq!(kind(400, r#"{"__type":"BrandNewException","message":"?"}"#), Kind::UnknownService);
        assert_eq!(kind(400, r#"{"error":"invalid_grant"}"#), Kind::OAuth);
        assert_eq!(kind(500, r#"{"__type":"NotAuthorizedException"}"#), Kind::InternalError);
        assert_eq!(kind(429, "slow"), Kind::TooManyRequests);
        assert_eq!(kind(200, "<html>Welcome to our Wi-Fi"), Kind::UnexpectedResponse);
        assert_eq!(kind(503, "{}"), Kind::UnexpectedResponse);
    }
}
