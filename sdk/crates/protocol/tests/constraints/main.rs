//! What `validate` says, held against every constraint of every operation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod broken;
mod hostile;
mod json_types;
mod patterns;
mod place;
mod sentences;
