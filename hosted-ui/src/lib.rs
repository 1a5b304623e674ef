//! The hosted pages as values: a [`Page`], a [`Look`], a [`Language`] and a [`Frame`] in, a complete HTML document
//! out ([`render`]). Knows no store, no clock and no network; whoever serves the pages decides everything they say.
//!
//! # What a page needs around it
//!
//! - **Policy.** No page holds an inline script, style or handler. `default-src 'none'; style-src 'self'; script-src
//!   'self' 'wasm-unsafe-eval'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none';
//!   frame-ancestors 'none'; form-action 'self' …` fits (without scripts: no `script-src`, `connect-src`,
//!   `worker-src`). A worker obeys the policy of its own response: serve the assets with `default-src 'none';
//!   script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'`.
//! - **Assets.** [`assets`] holds the hand-written files. The islands' module is made by the build (`islands_glue.js`
//!   and `islands_glue_bg.wasm`: wasm-bindgen `--target web --out-name islands_glue`) and served **in the same
//!   folder** as `island.js` and `worker.js`, which find their neighbours by relative address. [`Frame::style`] and
//!   [`Frame::script`] name the addresses of `style.css` and `island.js`.
//! - **Forms** post `application/x-www-form-urlencoded` to their [`FormState::action`], with the hidden fields `csrf`
//!   and `state` and the fields that each page's documentation names. A code may hold spaces: keep its digits.
//!   Passwords are never echoed; all else that was typed goes back into the page with its [`Problem`]s.
//!
//! # How the sign-in page proves a password
//!
//! With scripts the form is never posted. The island hands the password to a worker, which talks to the page's own
//! handler: `POST {action}/srp`, where `{action}` is the form's action without its query, which goes behind
//! (`/login?client_id=…` asks `/login/srp?client_id=…`). Requests and answers are JSON, same origin, with cookies;
//! `csrf` and `state` are the form's.
//!
//! 1. `{"step":"start", "username", "srpA", "csrf", "state"}`: what was typed, and A in hexadecimal. Answer: `{"salt",
//!    "srpB", "secretBlock", "userId", "poolName", "time"}`, salt and B in hexadecimal, the block in base64, `poolName` the
//!    part of the pool's id after `_`, `time` the server's clock in seconds, by which the claim is dated: the reader's may
//!    be off. An unknown user gets an answer of the same shape.
//! 2. `{"step":"verify", "userId", "secretBlock", "signature", "timestamp", "csrf", "state"}`: the claim as
//!    PASSWORD_VERIFIER takes it. Answer: `{"location"}`, where the browser goes next (the next page, or the app).
//!
//! Either may answer `{"error": {"code", "message"}}` with any status: `message` is shown as it is
//! ([`Message::text`], [`Message::code`]). An answer that is none of these counts as no connection. An error may add
//! `"location"`: the browser goes there at once, for states that have a page of their own (a user who must confirm, a
//! stale form).
//!
//! Where the islands or the worker cannot run although scripts do (WebAssembly switched off, `worker.js` blocked), or where
//! the handler stays silent, the form posts the password as without scripts, and the page no longer says that it does not,
//! unless the page is [`PasswordEntry::SrpOnly`]: that form's password has no name and is never sent.
//!
//! # Features
//!
//! `ssr` (the default) renders. `hydrate` is the browser's half: [`islands`] and the proof, built for
//! `wasm32-unknown-unknown` with `--no-default-features --features hydrate --crate-type cdylib`. Both must be built
//! from the same tree: an island's name holds a hash.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
mod assets;
pub mod digits;
pub mod islands;
mod look;
mod message;
mod page;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod parts;
#[cfg(feature = "ssr")]
mod render;
#[cfg(feature = "ssr")]
pub mod samples;
pub mod words;

#[cfg(feature = "ssr")]
pub use assets::{Asset, assets};
pub use look::*;
pub use message::*;
pub use page::*;
#[cfg(feature = "ssr")]
pub use pages::*;
#[cfg(feature = "ssr")]
pub use parts::{attribute_label, username_label};
#[cfg(feature = "ssr")]
pub use render::render;
pub use words::{Direction, Language};
