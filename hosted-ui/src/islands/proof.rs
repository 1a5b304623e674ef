//! The sign-in island's half of SRP on the page: it owns the worker, hands it the password, and goes where the
//! server says. The worker (`assets/worker.js`) does the mathematics, with [`Proof`], and the talking.

use std::cell::{Cell, RefCell};

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
    /// What is known of it.
    static STATE: Cell<State> = const { Cell::new(State::Starting) };
    /// Counts what is waited for, so that whoever waited knows whether it has come.
    static WAIT: Cell<u32> = const { Cell::new(0) };
}

/// How a worker is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nothing was heard of it.
    Starting,
    /// It can prove passwords.
    Ready,
    /// It cannot run here.
    Dead,
}

/// How long the worker may take to start, and the server to answer each message, in milliseconds.
const START: i32 = 8_000;
const ANSWER: i32 = 20_000;

/// What the form says of itself.
#[derive(Clone, Copy)]
pub(super) struct Tale {
    pub(super) busy: Flag,
    pub(super) failed: Flag,
    pub(super) problem: RwSignal<String>,
}

type Form = NodeRef<html::Form>;

/// Starts the worker when there is something to prove: by the time the password is typed, A is ready.
pub(super) fn prepare(form: Form, tale: Tale) {
    if WORKER.with_borrow(Option::is_some) || !asks_for_proof(form) {
        return;
    }
    let Some(address) = document().document_element().and_then(|root| root.get_attribute("data-worker")) else {
        return;
    };
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let Ok(worker) = Worker::new_with_options(&address, &options) else { return STATE.set(State::Dead) };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let answer = Array::from(&event.data());
        let text = answer.get(1).as_string().unwrap_or_default();
        match answer.get(0).as_string().as_deref() {
            Some("ready") => STATE.set(State::Ready),
            Some("dead") => give_up(form, tale),
            // Half of the way: the server may take its time once more.
            Some("on") => wait_for_answer(form, tale),
            // Stays busy: the next page is on its way.
            Some("go") => {
                stop_waiting();
                let _ = window().location().assign(&text);
            }
            Some("say") => say(text, tale, true),
            _ => say(offline(form), tale, false),
        }
    });
    worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    let failed = Closure::<dyn Fn()>::new(move || give_up(form, tale));
    worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
    let _ = worker.post_message(&Array::of1(&wasm_bindgen::module()));
    WORKER.set(Some(worker));
}

fn asks_for_proof(form: Form) -> bool {
    form.get_untracked().is_some_and(|form| form.has_attribute("data-srp"))
}

fn offline(form: Form) -> String {
    form.get_untracked().and_then(|form| form.get_attribute("data-offline")).unwrap_or_default()
}

/// Proves the password instead of sending it, where the form asks for that and it can be done. False where the browser
/// posts the form.
pub(super) fn submit(event: &SubmitEvent, form: Form, tale: Tale) -> bool {
    if !window().navigator().on_line() {
        // What was typed would be gone with the page.
        event.prevent_default();
        say(offline(form), tale, false);
        return true;
    }
    // A form that was sent before this code was there is sent again at once.
    prepare(form, tale);
    let Some(sent) = form.get_untracked().filter(|form| form.has_attribute("data-srp")) else { return false };
    // Whatever happens below, the password is not posted by the browser itself.
    event.prevent_default();
    if let Ok(Some(old)) = document().query_selector("#problems") {
        old.remove();
    }
    tale.failed.set(None);
    let (username, password) = (value(&sent, "[name=username]"), value(&sent, PASSWORD));
    for (typed, told, field) in [(&username, "data-no-name", "#f-username"), (&password, "data-no-password", PASSWORD)]
    {
        if typed.as_string().is_none_or(|typed| typed.trim().is_empty()) {
            say(sent.get_attribute(told).unwrap_or_default(), tale, false);
            super::dom::soon(move || super::dom::focus(field));
            return true;
        }
    }
    if STATE.get() == State::Dead {
        post_instead(form, tale);
        return true;
    }
    // The handler is the form's own address with `/srp` behind its path.
    let action = sent.get_attribute("action").unwrap_or_default();
    let (path, query) = action.split_once('?').unwrap_or((&action, ""));
    let mut address = window().location().origin().unwrap_or_default();
    address.push_str(path);
    address.push_str("/srp");
    if !query.is_empty() {
        address.push('?');
        address.push_str(query);
    }
    let message: Array =
        [JsValue::NULL, address.into(), username, password, value(&sent, "[name=csrf]"), value(&sent, "[name=state]")]
            .into_iter()
            .collect();
    if WORKER.with_borrow(|worker| worker.as_ref().is_some_and(|worker| worker.post_message(&message).is_ok())) {
        wait_for_answer(form, tale);
        let start = WAIT.get();
        super::dom::later(START, move || {
            if WAIT.get() == start && STATE.get() != State::Ready {
                give_up(form, tale);
            }
        });
    } else {
        post_instead(form, tale);
    }
    true
}

/// The form's password, which has no name where it must not be posted.
const PASSWORD: &str = "#f-password";

/// From now on the last wait is over.
fn stop_waiting() {
    WAIT.set(WAIT.get().wrapping_add(1));
}

/// Lets the server take its time, but not for ever.
fn wait_for_answer(form: Form, tale: Tale) {
    stop_waiting();
    let this = WAIT.get();
    super::dom::later(ANSWER, move || {
        if WAIT.get() == this {
            post_instead(form, tale);
        }
    });
}

/// The worker cannot run: what waits for it is posted.
fn give_up(form: Form, tale: Tale) {
    STATE.set(State::Dead);
    if tale.busy.get_untracked().is_some() {
        post_instead(form, tale);
    }
}

/// Posts the form as it would be without scripts, and says no longer that the password stays here. A form that must not
/// post its password says that it takes a script.
fn post_instead(form: Form, tale: Tale) {
    stop_waiting();
    if let Some(root) = document().document_element() {
        super::dom::flag(&root, "data-failed", true);
    }
    let Some(form) = form.get_untracked() else { return };
    if form.get_attribute("data-srp").as_deref() == Some("only") {
        tale.busy.set(None);
        super::dom::focus(".scriptless");
    } else {
        let _ = form.submit();
    }
}

/// Says what went wrong. A password that was refused is to be typed again; one that went nowhere stays.
fn say(text: String, tale: Tale, refused: bool) {
    stop_waiting();
    tale.busy.set(None);
    tale.problem.set(text);
    tale.failed.set(Some(""));
    // Once the alert is drawn.
    super::dom::soon(move || {
        let field = document().query_selector(PASSWORD).ok().flatten();
        if let Some(input) = field.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()).filter(|_| refused) {
            input.set_value("");
        }
        super::dom::focus(".form > .alert");
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
