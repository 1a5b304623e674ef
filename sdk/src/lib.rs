//! The engine of the npm package: `client` under a JavaScript skin. Converts and calls; decides nothing.
//!
//! JavaScript sees one class: `new Engine(settings, host)` and `engine.call(name, arguments)`, JSON text in and out, so
//! that a worker can pass both through untouched and the whole surface costs one import. The names and shapes are typed
//! once, in the package's TypeScript sources.

mod calls;
mod host;

use client::json::{Json, Object};
use client::{Auth, Config, Error, Kind, Settings};
use host::JsHost;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// One app client of one user pool.
#[wasm_bindgen]
pub struct Engine {
    auth: Rc<Auth<JsHost>>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine. `settings` is JSON: userPoolId, clientId, and the options of the package's `createAuth`.
    ///
    /// # Errors
    /// The same JSON a failed call answers, as a string.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, host: JsHost) -> Result<Engine, JsValue> {
        let fail = |error: &Error| JsValue::from_str(&answer_error(error));
        let settings = Json::parse(settings)
            .map_err(|_| fail(&Error::new(Kind::InvalidConfiguration, "the settings are not JSON")))?;
        let own = |name| settings.own(name);
        let config = Config::new(Settings {
            user_pool_id: own("userPoolId").unwrap_or_default(),
            client_id: own("clientId").unwrap_or_default(),
            endpoint: own("endpoint"),
            domain: own("domain"),
            issuer: own("issuer"),
            redirect_uri: own("redirectUri"),
            sign_out_uri: own("signOutUri"),
            scopes: settings
                .get("scopes")
                .map(|scopes| scopes.texts().map(str::to_owned).collect())
                .unwrap_or_default(),
        })
        .map_err(|error| fail(&error))?;
        Ok(Engine { auth: Rc::new(Auth::new(config, host)) })
    }

    /// Calls `name` with JSON arguments. Always answers JSON: `{"ok":…}` or `{"error":{name,message,code?,requestId?}}`.
    pub async fn call(&self, name: String, arguments: String) -> String {
        let arguments = Zeroizing::new(arguments);
        let called = match Json::parse(&arguments) {
            Ok(arguments) => calls::call(&self.auth, &name, arguments).await,
            Err(_) => Err(Error::new(Kind::InvalidParameter, "the arguments are not JSON")),
        };
        match called {
            Ok(answer) => {
                let mut text = String::from("{\"ok\":");
                text.push_str(&answer);
                text.push('}');
                text
            }
            Err(error) => answer_error(&error),
        }
    }
}

fn answer_error(error: &Error) -> String {
    let body = Object::new()
        .text("name", error.kind.name())
        .text("message", &error.message)
        .maybe("code", error.code.as_deref())
        .maybe("requestId", error.request_id.as_deref());
    Object::new().object("error", body).finish().as_str().to_owned()
}
