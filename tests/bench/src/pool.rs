//! The pool that is measured: its clients and people.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_server::{Admin, Launch, Server};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "Corr3ct-horse!";
/// People: enough that no two logins wait for one row.
const PEOPLE: usize = 64;

/// A pool, and who uses it.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) host: String,
    pub(crate) id: String,
    pub(crate) client: String,
    /// The machine's `Authorization` header.
    pub(crate) machine: String,
    people: Vec<String>,
    next: AtomicUsize,
}

impl Pool {
    /// Makes everything through the admin operations.
    pub(crate) fn make(launch: &Launch, server: &Server) -> Result<Self, String> {
        let connection = server.connect().map_err(|error| error.to_string())?;
        let mut admin = Admin::new(connection, &launch.host());
        let text = |value: &Value, pointer: &str| {
            value.pointer(pointer).and_then(Value::as_str).map(str::to_owned).ok_or(format!("no {pointer}: {value}"))
        };
        let made = admin.done("CreateUserPool", &json!({ "PoolName": "bench" }))?;
        let pool = text(&made, "/UserPool/Id")?;
        let scopes = json!([{ "ScopeName": "read", "ScopeDescription": "Read" }]);
        let input = json!({ "UserPoolId": pool, "Identifier": "api", "Name": "api", "Scopes": scopes });
        admin.done("CreateResourceServer", &input)?;
        let flows = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
        let input = json!({ "UserPoolId": pool, "ClientName": "people", "ExplicitAuthFlows": flows });
        let client = text(&admin.done("CreateUserPoolClient", &input)?, "/UserPoolClient/ClientId")?;
        let input = json!({
            "UserPoolId": pool, "ClientName": "machine", "GenerateSecret": true,
            "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["api/read"],
        });
        let made = admin.done("CreateUserPoolClient", &input)?;
        let (id, secret) = (text(&made, "/UserPoolClient/ClientId")?, text(&made, "/UserPoolClient/ClientSecret")?);
        let people: Vec<String> = (0..PEOPLE).map(|number| format!("person-{number}")).collect();
        for name in &people {
            let attributes = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
            let input = json!({
                "UserPoolId": pool, "Username": name, "MessageAction": "SUPPRESS", "UserAttributes": attributes,
            });
            admin.done("AdminCreateUser", &input)?;
            let input = json!({ "UserPoolId": pool, "Username": name, "Password": PASSWORD, "Permanent": true });
            admin.done("AdminSetUserPassword", &input)?;
        }
        let machine = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        Ok(Self { host: launch.host(), id: pool, client, machine, people, next: AtomicUsize::new(0) })
    }

    /// The name of one of them, another each time.
    pub(crate) fn somebody(&self) -> &str {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        self.people.get(next % PEOPLE).map_or("", String::as_str)
    }

    /// The first person's name.
    pub(crate) fn person(&self) -> &str {
        self.people.first().map_or("", String::as_str)
    }
}
