//! The Security Token Service (`sts`): types at the top, operations in `ops`.

/// One zero-sized type per operation.
pub mod ops;
pub(crate) mod shapes;
mod types;

pub use types::*;
