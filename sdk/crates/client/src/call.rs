//! A call of one operation as a value: what is sent, and how the answer is read. Making it and sending it are two
//! things, so that one place sends them all.

use crate::error::{Kind, Result};
use crate::host::Host;
use crate::json::{Json, Object};
use crate::{Auth, Wanted};

/// Who makes a call, and so what is added to it.
#[derive(Clone, Copy)]
pub(crate) enum Caller {
    /// Whoever holds a Session: nothing.
    Anybody,
    /// The app: ClientId.
    Client,
    /// The signed-in user: AccessToken.
    User,
}

/// A call, sent by [`Auth::perform`]; beside each in [`crate::account`] stands what reads its answer.
pub struct Call {
    operation: &'static str,
    body: Object,
    caller: Caller,
}

impl Call {
    /// A call anybody may make; the client id is added.
    pub(crate) fn open(operation: &'static str, body: Object) -> Self {
        Call { operation, body, caller: Caller::Client }
    }

    /// A call for the signed-in user; the access token is added.
    pub(crate) fn as_user(operation: &'static str, body: Object) -> Self {
        Call { operation, body, caller: Caller::User }
    }
}

impl<H: Host> Auth<H> {
    /// Makes a call.
    ///
    /// # Errors
    /// Whatever the service says, [`Kind::Network`]; for the signed-in user also as [`Auth::tokens`] does.
    pub async fn perform(&self, call: Call) -> Result<Json> {
        self.send(call.operation, call.body, call.caller).await
    }

    /// Sends one operation for a caller. An access token the service calls expired or revoked is replaced once.
    pub(crate) async fn send(&self, operation: &'static str, body: Object, caller: Caller) -> Result<Json> {
        match caller {
            Caller::Anybody => return self.call(operation, body).await,
            Caller::Client => {
                return self.call(operation, body.text("ClientId", &self.config.client_id)).await;
            }
            Caller::User => {}
        }
        let mut wanted = Wanted { validity: 10_000, not: None };
        loop {
            let session = self.tokens(&wanted).await?;
            match self.call(operation, body.clone().text("AccessToken", &session.access_token)).await {
                Err(error)
                    if wanted.not.is_none() && error.kind == Kind::NotAuthorized && about_the_token(&error.message) =>
                {
                    wanted = Wanted { validity: 0, not: Some(session.access_token.clone()) };
                }
                other => return other,
            }
        }
    }
}

/// "Access Token has expired", "Access Token has been revoked", "Invalid Access Token"; not "Incorrect username or
/// password.", which ChangePassword says about the old password under the same name.
fn about_the_token(message: &str) -> bool {
    message.starts_with("Access Token has") || message.starts_with("Invalid Access Token")
}
