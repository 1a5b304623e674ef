//! The words of the wire: shapes, operations, constraints and errors of both services; no I/O.
//!
//! Types, shapes and operations are generated from `model/*.json`. Beside them live the walkers that read the
//! shapes: `validate` for what comes in, `check_output` for what goes out.

mod error_name;
pub mod identity;
pub mod idp;
mod operation;
mod patterns;
mod shape;
mod table;
mod values;
mod words;

pub use error_name::ErrorName;
pub use operation::{Call, Caller, Capability, Operation, Service};
pub use shape::{Bounds, Kind, Member, Pattern, Shape};
pub use table::{CAPABILITIES, OPERATIONS};
pub use values::{Blob, Document, Sensitive, Timestamp};
pub use words::UnknownWord;
