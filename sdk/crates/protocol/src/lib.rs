//! The words of the wire: shapes, operations, constraints and errors of the services; no I/O.
//!
//! Types, shapes and operations are generated from `model/*.json`. Beside them live the walkers that read the
//! shapes: `validate` for what comes in, `check_output` for what goes out.

mod calls;
mod check_output;
mod error_name;
pub mod identity;
pub mod idp;
mod json_type;
mod operation;
mod patterns;
#[cfg(feature = "samples")]
pub mod samples;
mod shape;
pub mod sts;
mod table;
#[cfg(feature = "validate")]
mod validate;
mod values;
mod words;

pub use calls::{CallVisitor, visit_calls};
pub use check_output::check_output;
pub use error_name::ErrorName;
pub use operation::{Call, Caller, Capability, Operation, Protocol, Resource, Service};
pub use shape::{Bounds, Kind, Member, Pattern, Shape};
pub use table::{CAPABILITIES, OPERATIONS};
#[cfg(feature = "validate")]
pub use validate::{Invalid, drop_null_entries, validate};
pub use values::{Blob, Document, Sensitive, Timestamp};
pub use words::UnknownWord;
