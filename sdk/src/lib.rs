//! The engine of the npm package: `client` under a JavaScript skin. Converts and calls; decides nothing.
//!
//! JavaScript sees one class: `new Engine(settings, host)`, `call` and `tell`, JSON text in; what the engine wants and
//! what it answers goes to the one method of `host`. So a worker can pass most of it through untouched, and the whole
//! surface costs a handful of imports. The names and shapes are typed once, in the package's TypeScript sources.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod calls;
mod host;

use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::{Context, Poll, Waker};

use client::json::{Json, Object};
use client::{Auth, Config, Error, Kind, Result, Settings};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use calls::{Text, Work};
use host::{Desk, JsHost};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A panic is a fault of ours: it stops the module, and the package answers `EngineUnavailable`. Without words: they and
/// what formats them would be a tenth of the module.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// One app client of one user pool.
#[wasm_bindgen]
pub struct Engine {
    /// Settings that were refused are every call's answer.
    auth: core::result::Result<Rc<Auth<Desk>>, (Error, Desk)>,
    /// Calls that wait for something.
    calls: Vec<(u32, Work)>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine. `settings` is JSON: userPoolId, clientId, and the options of the package's `createAuth`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(settings: &str, host: JsHost) -> Engine {
        let desk = Desk::new(host);
        let auth = match configure(settings) {
            Ok(config) => Ok(Rc::new(Auth::new(config, desk))),
            Err(error) => Err((error, desk)),
        };
        Engine { auth, calls: Vec::new() }
    }

    /// Calls `name` with JSON arguments. The host hears `ok` or `error` ({name,message,code?,provider?,requestId?}) under the same `id`.
    pub fn call(&mut self, id: u32, name: &str, arguments: String) {
        let arguments = Zeroizing::new(arguments);
        let begun = match &self.auth {
            Ok(auth) => match Json::parse(&arguments) {
                Ok(arguments) => calls::begin(auth, name, arguments),
                Err(_) => Err(Error::new(Kind::InvalidParameter, "the arguments are not JSON")),
            },
            Err((error, _)) => Err(error.clone()),
        };
        match begun {
            Ok(work) => self.calls.push((id, work)),
            Err(error) => answer(self.desk(), id, &Err(error)),
        }
        self.go_on();
    }

    /// Answers what the engine asked under `id`, in JSON; `{"failed":true}` when it could not be done.
    pub fn tell(&mut self, id: u32, answer: String) {
        let answer = Zeroizing::new(answer);
        self.desk().tell(id, Json::parse(&answer).unwrap_or(Json::Null));
        self.go_on();
    }

    fn desk(&self) -> &Desk {
        match &self.auth {
            Ok(auth) => auth.host(),
            Err((_, desk)) => desk,
        }
    }

    /// Every call, as far as it comes. There are few, and what one waits for may have been another's doing.
    fn go_on(&mut self) {
        let mut at = 0;
        while let Some((id, work)) = self.calls.get_mut(at) {
            match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(answered) => {
                    let id = *id;
                    drop(self.calls.swap_remove(at));
                    answer(self.desk(), id, &answered);
                }
                Poll::Pending => at += 1,
            }
        }
    }
}

fn configure(settings: &str) -> Result<Config> {
    let settings =
        Json::parse(settings).map_err(|_| Error::new(Kind::InvalidConfiguration, "the settings are not JSON"))?;
    let own = |name| settings.own(name);
    Config::new(Settings {
        user_pool_id: own("userPoolId").unwrap_or_default(),
        client_id: own("clientId").unwrap_or_default(),
        endpoint: own("endpoint"),
        domain: own("domain"),
        issuer: own("issuer"),
        redirect_uri: own("redirectUri"),
        sign_out_uri: own("signOutUri"),
        scopes: settings.get("scopes").map(|scopes| scopes.texts().map(str::to_owned).collect()).unwrap_or_default(),
    })
}

fn answer(desk: &Desk, id: u32, answer: &Result<Text>) {
    match answer {
        Ok(text) => desk.say(id, "ok", text),
        Err(error) => {
            let error = Object::new()
                .text("name", error.kind.name())
                .text("message", &error.message)
                .maybe("code", error.code.as_deref())
                .maybe("provider", error.provider.as_deref())
                .maybe("requestId", error.request_id.as_deref());
            desk.say(id, "error", &error.finish());
        }
    }
}
