//! A customer's brand: what its settings document does to the pages, and that nothing of it becomes CSS of ours.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "theme/attacks.rs"]
mod attacks;
#[path = "theme/classic.rs"]
mod classic;
#[path = "theme/colors.rs"]
mod colors;
#[path = "theme/css.rs"]
mod css;
#[path = "../../../../hosted-ui/tests/html/mod.rs"]
mod html;
#[path = "theme/members.rs"]
mod members;
#[path = "theme/samples.rs"]
mod samples;
