//! Administration of a server in dev mode, over one connection.

use serde_json::Value;

use crate::connection::{Answer, Connection, post_json};
use crate::signer::sign;

/// Dev mode's administrator.
const CREDENTIALS: (&str, &str) = ("local", "local");

/// An administrator with a connection.
#[derive(Debug)]
pub struct Admin {
    connection: Connection,
    host: String,
}

impl Admin {
    /// Speaks over `connection` to `host`.
    #[must_use]
    pub fn new(connection: Connection, host: &str) -> Self {
        Self { connection, host: host.to_owned() }
    }

    /// Calls an operation with SigV4.
    ///
    /// # Errors
    /// The connection's.
    pub fn call(&mut self, operation: &str, input: &Value) -> std::io::Result<Answer> {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        let body = input.to_string();
        let (at, authorization) =
            sign(CREDENTIALS, "cognito-idp", &self.host, &target, body.as_bytes(), jiff::Timestamp::now());
        let more = format!("X-Amz-Date: {at}\r\nAuthorization: {authorization}\r\n");
        self.connection.ask(&post_json(&self.host, operation, &more, input))
    }

    /// The same where anything but success is a fault.
    ///
    /// # Errors
    /// The connection's, or what the server answered.
    pub fn done(&mut self, operation: &str, input: &Value) -> Result<Value, String> {
        let answer = self.call(operation, input).map_err(|error| format!("{operation}: {error}"))?;
        if answer.status == 200 {
            Ok(answer.json())
        } else {
            Err(format!("{operation}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)))
        }
    }
}
