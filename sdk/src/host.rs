//! The engine's surroundings in JavaScript: what it asks for goes out as text, what comes back is told later.
//!
//! Promises stay on the other side: no `fetch`, no store and no lock is called from here, so that none of the machinery
//! for it is in the module.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use client::error::{Error, Kind, Result};
use client::host::{Area, Change, Clock, Entropy, Listen, Lock, Request, Response, Storage, Transport, Verify};
use client::json::{Json, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the package hands in; its shape is `EngineHost` in the package's sources.
    pub type JsHost;

    /// Asks for something; never answered before it returns. `what` and the members of `details` (JSON) are the
    /// package's `Requests`; `id` names the question in `Engine.tell`, or the call that is answered.
    #[wasm_bindgen(method)]
    fn ask(this: &JsHost, id: u32, what: &str, details: &str);

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]);
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;
}

/// What was asked and not told yet, over the JavaScript side.
pub(crate) struct Desk {
    js: JsHost,
    last: Cell<u32>,
    told: RefCell<Vec<(u32, Json)>>,
}

impl Desk {
    pub(crate) fn new(js: JsHost) -> Self {
        Desk { js, last: Cell::new(0), told: RefCell::default() }
    }

    /// Says something that needs no answer.
    pub(crate) fn say(&self, id: u32, what: &str, details: &str) {
        self.js.ask(id, what, details);
    }

    /// Hears the answer to a question.
    pub(crate) fn tell(&self, id: u32, answer: Json) {
        self.told.borrow_mut().push((id, answer));
    }

    fn ask<T>(&self, what: &str, details: Object, read: fn(&mut Json) -> T) -> Answer<'_, T> {
        let id = self.last.get().wrapping_add(1);
        self.last.set(id);
        self.js.ask(id, what, &details.finish());
        Answer { desk: self, id, read }
    }
}

/// The answer to one question, once it is there.
struct Answer<'a, T> {
    desk: &'a Desk,
    id: u32,
    read: fn(&mut Json) -> T,
}

impl<T> Future for Answer<'_, T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        let told = &mut *self.desk.told.borrow_mut();
        match told.iter().position(|(id, _)| *id == self.id) {
            Some(at) => Poll::Ready((self.read)(&mut told.swap_remove(at).1)),
            None => Poll::Pending,
        }
    }
}

fn failed(answer: &Json, kind: Kind, message: &str) -> Result<()> {
    if answer.flag("failed") { Err(Error::new(kind, message)) } else { Ok(()) }
}

fn response(answer: &mut Json) -> Result<Response> {
    // The reason is for the browser's console, which has it already; scripts are told nothing more by fetch itself.
    failed(answer, Kind::Network, "no answer")?;
    let status = answer.integer("status").and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
    let body = answer.take_text("body").map(|mut body| core::mem::take(&mut *body)).unwrap_or_default();
    Ok(Response { status, request_id: answer.own("requestId"), body })
}

impl Transport for Desk {
    fn send(&self, request: Request<'_>) -> impl Future<Output = Result<Response>> {
        let details = Object::new().text("url", request.url);
        let details = match &request.post {
            Some(post) => details.text("type", post.content_type).maybe("target", post.target).text("body", &post.body),
            None => details,
        };
        self.ask("fetch", details, response)
    }
}

fn place(area: Area, key: &str) -> Object {
    Object::new().flag("tab", area == Area::Tab).text("key", key)
}

fn loaded(answer: &mut Json) -> Result<Option<String>> {
    saved(answer).map(|()| answer.own("value"))
}

fn saved(answer: &mut Json) -> Result<()> {
    failed(answer, Kind::Storage, "the store failed")
}

impl Storage for Desk {
    fn load(&self, area: Area, key: &str) -> impl Future<Output = Result<Option<String>>> {
        self.ask("load", place(area, key), loaded)
    }

    fn save(&self, area: Area, key: &str, value: Option<&str>) -> impl Future<Output = Result<()>> {
        self.ask("save", place(area, key).maybe("value", value), saved)
    }
}

impl Clock for Desk {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far from 2^53")]
    fn now(&self) -> i64 {
        date_now() as i64
    }
}

impl Entropy for Desk {
    fn fill(&self, bytes: &mut [u8]) {
        get_random_values(bytes);
    }
}

/// Releases the lock when dropped.
pub(crate) struct Guard<'a> {
    desk: &'a Desk,
    id: u32,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.desk.js.ask(self.id, "unlock", "");
    }
}

impl Lock for Desk {
    type Guard<'a> = Guard<'a>;

    async fn lock<'a>(&'a self, name: &str) -> Guard<'a> {
        let asked = self.ask("lock", Object::new().text("name", name), |_| ());
        let guard = Guard { desk: self, id: asked.id };
        asked.await;
        guard
    }
}

impl Verify for Desk {
    fn verify(&self, jwk: &Json, alg: &str, input: &str, signature: &str) -> impl Future<Output = bool> {
        let details = Object::new().json("jwk", jwk).text("alg", alg).text("input", input).text("signature", signature);
        self.ask("verify", details, |answer| answer.flag("verified"))
    }
}

impl Listen for Desk {
    fn changed(&self, change: Change<'_>) {
        let (kind, session) = match change {
            Change::SignedIn(session) => ("signed-in", Ok(session)),
            Change::Refreshed(session) => ("refreshed", Ok(session)),
            Change::Adopted(session) => ("adopted", Ok(session)),
            Change::SignedOut(why) => ("signed-out", Err(why)),
        };
        let event = Object::new().text("kind", kind);
        let event = match session {
            Ok(session) => event.integer("expiresAt", session.expires_at).object("user", session.user()),
            Err(why) => event.text("reason", why.name()),
        };
        self.say(0, "event", &event.finish());
    }
}
