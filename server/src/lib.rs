//! The binary, as a library: settings, start, router, and the real world.
//!
//! [`app`] makes the whole server as one service, with any world, store and post: tests build it in their own process.
//! Everything else is what `latchkey` itself needs: [`cli`] reads the command line, [`settings`] what can be set,
//! [`start`] opens what is kept, [`serve`] listens.

mod app;
mod assets;
mod bodies;
pub mod cli;
mod clients;
mod connections;
mod demo;
mod dev_answer;
mod gallery;
mod health;
mod json_lines;
pub mod keys;
pub mod logs;
mod mailbox;
pub mod net;
mod outbox;
mod proxies;
pub mod seed;
mod seed_providers;
pub mod serve;
pub mod settings;
pub mod start;
pub mod world;

pub use app::{AppState, app};
pub use assets::pages;
pub use health::Draining;
pub use proxies::Peer;
