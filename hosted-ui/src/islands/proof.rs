//! The sign-in island's half of SRP on the page: it owns the worker, hands it the password, and goes where the
//! server says. The worker (`assets/worker.js`) does the mathematics, with [`Proof`], and the talking.

use std::cell::RefCell;

use gloo_net::http::Request;
use js_sys::{Array, Uint8Array};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use srp::{ClientProof, derive_timestamp};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlFormElement, HtmlInputElement, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::Flag;

thread_local! {
    /// The page's one worker, once the sign-in form is there.
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// What the form says of itself.
#[derive(Clone, Copy)]
pub(super) struct Tale {
    pub(super) busy: Flag,
    pub(super) failed: Flag,
    pub(super) problem: RwSignal<String>,
}

/// Starts the worker when there is something to prove: by the time the password is typed, A is ready.
pub(super) fn prepare(form: NodeRef<html::Form>, tale: Tale) {
    let Some(form) = form.get_untracked().filter(|form| form.has_attribute("data-srp")) else { return };
    if WORKER.with_borrow(Option::is_some) {
        return;
    }
    let Some(address) = document().document_element().and_then(|root| root.get_attribute("data-worker")) else {
        return;
    };
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let Ok(worker) = Worker::new_with_options(&address, &options) else { return };
    let offline = form.get_attribute("data-offline").unwrap_or_default();
    let lost = offline.clone();
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let answer = Array::from(&event.data());
        let text = answer.get(1).as_string().unwrap_or_default();
        match answer.get(0).as_string().as_deref() {
            // Stays busy: the next page is on its way.
            Some("go") => {
                let _ = window().location().assign(&text);
            }
            Some("say") => say(text, tale),
            _ => say(lost.clone(), tale),
        }
    });
    worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    let failed = Closure::<dyn Fn()>::new(move || say(offline.clone(), tale));
    worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
    let _ = worker.post_message(&Array::of1(&wasm_bindgen::module()));
    WORKER.set(Some(worker));
}

/// Proves the password instead of sending it, where the form asks for that.
pub(super) fn submit(event: &SubmitEvent, form: NodeRef<html::Form>, tale: Tale) {
    // A form that was sent before this code was there is sent again at once.
    prepare(form, tale);
    let Some(form) = form.get_untracked().filter(|form| form.has_attribute("data-srp")) else { return };
    // Whatever happens below, the password is not posted.
    event.prevent_default();
    if let Ok(Some(old)) = document().query_selector("#problems") {
        old.remove();
    }
    tale.failed.set(None);
    // The handler is the form's own address with `/srp` behind its path.
    let action = form.get_attribute("action").unwrap_or_default();
    let (path, query) = action.split_once('?').unwrap_or((&action, ""));
    let mut address = window().location().origin().unwrap_or_default();
    address.push_str(path);
    address.push_str("/srp");
    if !query.is_empty() {
        address.push('?');
        address.push_str(query);
    }
    let message: Array = [
        JsValue::NULL,
        address.into(),
        value(&form, "[name=username]"),
        value(&form, "#f-password"),
        value(&form, "[name=csrf]"),
        value(&form, "[name=state]"),
    ]
    .into_iter()
    .collect();
    let sent = WORKER.with_borrow(|worker| worker.as_ref().is_some_and(|worker| worker.post_message(&message).is_ok()));
    if !sent {
        say(form.get_attribute("data-offline").unwrap_or_default(), tale);
    }
}

fn say(text: String, tale: Tale) {
    tale.busy.set(None);
    tale.problem.set(text);
    tale.failed.set(Some(""));
    // Once the alert is drawn; the password is to be typed again, the rest stays.
    super::dom::soon(|| {
        let field = |selector: &str| document().query_selector(selector).ok().flatten();
        if let Some(input) = field("#f-password").and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.set_value("");
        }
        if let Some(alert) = field(".form > .alert").and_then(|alert| alert.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = alert.focus();
        }
    });
}

fn value(form: &HtmlFormElement, selector: &str) -> JsValue {
    let found = form.query_selector(selector).ok().flatten();
    found
        .and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
        .map_or(JsValue::NULL, |input| input.value().into())
}

/// One key agreement, for the worker, and the way to the server.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Proof(ClientProof);

#[wasm_bindgen]
impl Proof {
    /// Begins with random bytes, 32 to 128 of them; `undefined` for another number.
    pub fn begin(secret: &[u8]) -> Option<Proof> {
        ClientProof::new(secret).ok().map(Self)
    }

    /// A in hexadecimal.
    pub fn a(&self) -> String {
        self.0.public_a_hex()
    }

    /// The timestamp and the signature that answer a challenge; nothing for a challenge that is not one.
    #[allow(clippy::too_many_arguments)]
    pub fn answer(
        &self,
        pool: &str,
        user: &str,
        password: &str,
        salt: &str,
        b: &str,
        block: &[u8],
        seconds: f64,
    ) -> Array {
        let timestamp = derive_timestamp(seconds as u64);
        match self.0.answer(pool, user, password, salt, b, block, &timestamp) {
            Ok(signature) => Array::of2(&timestamp.into(), &Uint8Array::from(signature.as_slice())),
            Err(_) => Array::new(),
        }
    }

    /// Posts JSON to the page's own handler: the answer's text, whatever its status. An error says only that there
    /// was no answer.
    pub async fn post(address: String, body: String) -> Result<String, JsValue> {
        let lost = |_| JsValue::NULL;
        let json = "application/json";
        let request = Request::post(&address).header("content-type", json).header("accept", json);
        let answer = request.body(body).map_err(lost)?.send().await.map_err(lost)?;
        answer.text().await.map_err(lost)
    }
}
