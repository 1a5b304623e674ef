//! The engine's surroundings in JavaScript: `fetch` through gloo-net, the rest from an object the package hands in.

use client::error::{Error, Kind, Result};
use client::host::{Area, Change, Clock, Entropy, Listen, Lock, Request, Response, Storage, Transport, Verify};
use client::json::{Json, Object};
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

/// Milliseconds a request may take; less than who waits for the refresh lock waits.
const PATIENCE: u32 = 12_000;

#[wasm_bindgen]
extern "C" {
    /// What the package hands in; its shape is `EngineHost` in the package's sources.
    pub type JsHost;

    #[wasm_bindgen(method, catch)]
    async fn load(this: &JsHost, tab: bool, key: &str) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn save(this: &JsHost, tab: bool, key: &str, value: Option<&str>) -> std::result::Result<(), JsValue>;
    #[wasm_bindgen(method, js_name = lock, catch)]
    async fn take_lock(this: &JsHost, name: &str) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, js_name = verify, catch)]
    async fn verify_signature(
        this: &JsHost,
        jwk: &str,
        alg: &str,
        input: &str,
        signature: Uint8Array,
    ) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn emit(this: &JsHost, event: &str);

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]);
}

// The reason is for the browser's console, which has it already; scripts are told nothing more by fetch itself.
fn unreachable(_: gloo_net::Error) -> Error {
    Error::new(Kind::Network, "no answer")
}

impl Transport for JsHost {
    async fn send(&self, request: Request<'_>) -> Result<Response> {
        let builder = match &request.post {
            Some(_) => gloo_net::http::Request::post(request.url),
            None => gloo_net::http::Request::get(request.url),
        };
        let signal = web_sys::AbortSignal::timeout_with_u32(PATIENCE);
        // Nothing ambient goes along: no cookies, no cache.
        let builder = builder
            .abort_signal(Some(&signal))
            .credentials(web_sys::RequestCredentials::Omit)
            .cache(web_sys::RequestCache::NoStore);
        let built = match request.post {
            Some(post) => {
                let builder = builder.header("content-type", post.content_type);
                match post.target {
                    Some(target) => builder.header("x-amz-target", target),
                    None => builder,
                }
                .body(post.body.as_str())
            }
            None => builder.build(),
        };
        let answer = built.map_err(unreachable)?.send().await.map_err(unreachable)?;
        let body = answer.text().await.map_err(unreachable)?;
        Ok(Response { status: answer.status(), request_id: answer.headers().get("x-amzn-requestid"), body })
    }
}

impl Storage for JsHost {
    async fn load(&self, area: Area, key: &str) -> Result<Option<String>> {
        self.load(area == Area::Tab, key).await.map(|value| value.as_string()).map_err(|_| broken_store())
    }

    async fn save(&self, area: Area, key: &str, value: Option<&str>) -> Result<()> {
        self.save(area == Area::Tab, key, value).await.map_err(|_| broken_store())
    }
}

fn broken_store() -> Error {
    Error::new(Kind::Storage, "the store failed")
}

impl Clock for JsHost {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far from 2^53")]
    fn now(&self) -> i64 {
        js_sys::Date::now() as i64
    }
}

impl Entropy for JsHost {
    fn fill(&self, bytes: &mut [u8]) {
        get_random_values(bytes);
    }
}

/// Releases the lock when dropped.
pub struct Guard(Option<Function>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // Nothing to do about a release that fails; the wait for a lock is bounded.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Lock for JsHost {
    type Guard = Guard;

    async fn lock(&self, name: &str) -> Guard {
        Guard(self.take_lock(name).await.ok().and_then(|release| release.dyn_into().ok()))
    }
}

impl Verify for JsHost {
    async fn verify(&self, jwk: &Json, alg: &str, input: &str, signature: &[u8]) -> bool {
        let mut key = String::new();
        jwk.write(&mut key);
        self.verify_signature(&key, alg, input, signature.into()).await.is_ok_and(|verdict| verdict.is_truthy())
    }
}

impl Listen for JsHost {
    fn changed(&self, change: Change<'_>) {
        let (kind, session) = match change {
            Change::SignedIn(session) => ("signed-in", session),
            Change::Refreshed(session) => ("refreshed", session),
            Change::Adopted(session) => ("adopted", session),
            Change::SignedOut(why) => {
                self.emit(&Object::new().text("kind", "signed-out").text("reason", why.name()).finish());
                return;
            }
        };
        self.emit(
            &Object::new()
                .text("kind", kind)
                .integer("expiresAt", session.expires_at)
                .object("user", session.user())
                .finish(),
        );
    }
}
