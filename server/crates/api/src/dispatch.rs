//! What all operations have in common, in order: route, authenticate, read, authorize, validate, run.

use protocol::{Caller, Operation};
use serde_json::Value;

use crate::answer::Answer;
use crate::caller::{authenticate, authorize};
use crate::context;
use crate::door::{Call, Door};
use crate::error::{Error, Result};
use crate::request::Request;
use crate::table;
use crate::wire_format::WireFormat;

/// Answers one call; the operation is that which it named, if there is one.
pub(crate) async fn dispatch(door: &Door, format: &WireFormat, call: Call) -> (Option<&'static Operation>, Answer) {
    let routed = format.route(&call);
    let operation = routed.as_ref().ok().copied();
    let answer = match routed {
        Ok(operation) => run(door, operation, format, call).await,
        Err(error) => Err(error),
    };
    let answer = answer.unwrap_or_else(|error| {
        // A name that is none of ours may be anything, a secret too: it stays out of the log.
        let operation = operation.map(|operation| operation.name);
        if error.is_internal() {
            tracing::error!(operation, error = %error, "the call failed");
        } else {
            tracing::debug!(operation, error = error.name.as_str(), "the call was refused");
        }
        Answer::Error(error)
    });
    (operation, answer)
}

async fn run(door: &Door, operation: &'static Operation, format: &WireFormat, call: Call) -> Result<Answer> {
    let signer = authenticate(door, operation, &call).await?;
    let mut input = format.read(operation, &call)?;
    authorize(door, operation, &signer, &input)?;
    protocol::validate(operation, &input).map_err(|invalid| Error::new(invalid.error, invalid.message))?;
    protocol::drop_null_entries(operation.input, &mut input);
    let mut ctx = call.ctx;
    context::complete(&mut ctx, operation, &input);
    ctx.principal = signer.principal;
    let mut request = Request { latchkey: door.api.latchkey.clone(), ctx, subject: None };
    if let Some(token) = access_token(operation, &input) {
        let subject = door.api.latchkey.subject_by_token(token).await?;
        request.ctx.principal = subject.principal();
        request.subject = Some(subject);
    }
    table::run(operation, request, input).await
}

/// The AccessToken member of operations that are authorised by one.
fn access_token<'a>(operation: &Operation, input: &'a Value) -> Option<&'a str> {
    match operation.caller {
        Caller::AccessToken | Caller::AccessTokenOrSession => input.get("AccessToken").and_then(Value::as_str),
        Caller::Anyone | Caller::Sigv4 | Caller::AnyoneOrSigv4 => None,
    }
}
