//! What a server was asked and answered.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// What a request was answered with that is not AWS JSON.
#[derive(Debug)]
pub struct AnsweredText {
    /// HTTP status
    pub status: StatusCode,
    /// all headers
    pub headers: HeaderMap,
    /// the body
    pub text: String,
}

/// What a call was answered with.
#[derive(Debug)]
pub struct Answered {
    /// HTTP status
    pub status: StatusCode,
    /// all headers
    pub headers: HeaderMap,
    /// the body; null where it is empty
    pub body: Value,
}

impl Answered {
    /// The exception's name, without its suffix; empty for a success.
    pub fn error(&self) -> &str {
        self.body["__type"].as_str().unwrap_or_default().trim_end_matches("Exception")
    }

    /// The exception's words.
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    /// The body of a success.
    ///
    /// # Panics
    /// If the call was refused.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body
    }
}
