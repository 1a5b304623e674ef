//! The members that many operations carry beside their own, for triggers and adaptive authentication: they reach the
//! call's context whatever the operation.

use std::collections::BTreeMap;

use flows::{Ctx, EntryPoint, ServerContext, UserContext};
use protocol::{Caller, Operation};
use serde_json::Value;

/// Completes a context by what a validated input says of the call.
pub(crate) fn complete(ctx: &mut Ctx, operation: &Operation, input: &Value) {
    ctx.entry_point = match operation.caller {
        Caller::Sigv4 => EntryPoint::AdminApi,
        Caller::Anyone | Caller::AccessToken | Caller::AccessTokenOrSession | Caller::AnyoneOrSigv4 => EntryPoint::Api,
    };
    ctx.client_metadata = text_map(input.get("ClientMetadata"));
    ctx.validation_data = attributes(input.get("ValidationData"));
    ctx.analytics_endpoint = text(input.get("AnalyticsMetadata").and_then(|data| data.get("AnalyticsEndpointId")));
    ctx.user_context = user_context(input.get("UserContextData")).or_else(|| server_context(input.get("ContextData")));
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

fn text_map(value: Option<&Value>) -> BTreeMap<String, String> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// ValidationData is spoken as attributes are: a list of names with values.
fn attributes(value: Option<&Value>) -> BTreeMap<String, String> {
    let members = value.and_then(Value::as_array).into_iter().flatten();
    members
        .filter_map(|member| Some((text(member.get("Name"))?, text(member.get("Value")).unwrap_or_default())))
        .collect()
}

/// UserContextData, which browsers and phones send.
fn user_context(value: Option<&Value>) -> Option<UserContext> {
    let data = value?;
    Some(UserContext { ip: text(data.get("IpAddress")), encoded_data: text(data.get("EncodedData")), server: None })
}

/// ContextData, which an app's own server sends.
fn server_context(value: Option<&Value>) -> Option<UserContext> {
    let data = value?;
    let headers = data.get("HttpHeaders").and_then(Value::as_array).into_iter().flatten();
    let headers = headers
        .filter_map(|header| {
            Some((text(header.get("headerName"))?, text(header.get("headerValue")).unwrap_or_default()))
        })
        .collect();
    Some(UserContext {
        ip: text(data.get("IpAddress")),
        encoded_data: text(data.get("EncodedData")),
        server: Some(ServerContext {
            name: text(data.get("ServerName")).unwrap_or_default(),
            path: text(data.get("ServerPath")).unwrap_or_default(),
            headers,
        }),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use protocol::{Kind, OPERATIONS};
    use serde_json::json;

    use super::*;

    fn has(operation: &Operation, name: &str) -> bool {
        matches!(operation.input.kind, Kind::Structure(members) if members.iter().any(|member| member.name == name))
    }

    #[test]
    fn what_any_operation_carries_reaches_its_context() {
        let sent = json!({
            "ClientMetadata": { "channel": "web" },
            "ValidationData": [{ "Name": "invite", "Value": "7" }, { "Name": "empty" }],
            "AnalyticsMetadata": { "AnalyticsEndpointId": "endpoint" },
            "UserContextData": { "IpAddress": "192.0.2.1", "EncodedData": "print" },
            "ContextData": {
                "IpAddress": "192.0.2.2", "EncodedData": "print", "ServerName": "shop", "ServerPath": "/in",
                "HttpHeaders": [{ "headerName": "x-a", "headerValue": "1" }],
            },
        });
        let mut seen = 0;
        for operation in OPERATIONS {
            let mut input = sent.clone();
            if let Some(members) = input.as_object_mut() {
                members.retain(|name, _| has(operation, name));
                seen += members.len();
            }
            let mut ctx = Ctx::new(EntryPoint::Server, flows::RequestId::from("id"), Timestamp::UNIX_EPOCH);
            complete(&mut ctx, operation, &input);
            let name = operation.name;
            let metadata = ctx.client_metadata.get("channel").map(String::as_str);
            assert_eq!(metadata, has(operation, "ClientMetadata").then_some("web"), "{name}");
            let validation = ctx.validation_data.get("invite").map(String::as_str);
            assert_eq!(validation, has(operation, "ValidationData").then_some("7"), "{name}");
            let analytics = ctx.analytics_endpoint.as_deref();
            assert_eq!(analytics, has(operation, "AnalyticsMetadata").then_some("endpoint"), "{name}");
            let told = ctx.user_context.as_ref();
            assert_eq!(told.is_some(), has(operation, "UserContextData") || has(operation, "ContextData"), "{name}");
            assert_eq!(told.is_some_and(|told| told.server.is_some()), has(operation, "ContextData"), "{name}");
            let by_admin = operation.caller == Caller::Sigv4;
            assert_eq!(ctx.entry_point == EntryPoint::AdminApi, by_admin, "{name}");
        }
        // Some of each: a renamed member would make the loop above say nothing.
        assert!(seen > 30, "{seen}");
    }
}
