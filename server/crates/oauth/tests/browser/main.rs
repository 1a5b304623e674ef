//! The browser's door from outside: a whole Latchkey below it, a browser with a cookie jar before it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_futures
)]

mod account;
mod actor;
mod attacks;
mod brand;
mod brand_worn;
mod confirmation;
mod dead_ends;
mod endpoints;
mod factors;
mod federation;
mod federation_attacks;
mod federation_posts;
mod federation_states;
mod journeys;
mod links;
mod provider;
mod requests;
mod scripts;
mod server;
mod subjects;
mod typing;
