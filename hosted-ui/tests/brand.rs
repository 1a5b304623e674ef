//! A customer's brand: what its settings document does to the pages, and that nothing of it becomes CSS of ours.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "brand/attacks.rs"]
mod attacks;
#[path = "brand/classic.rs"]
mod classic;
#[path = "brand/colors.rs"]
mod colors;
#[path = "brand/css.rs"]
mod css;
#[path = "html/mod.rs"]
mod html;
#[path = "brand/members.rs"]
mod members;
#[path = "brand/samples.rs"]
mod samples;
