//! The AWS door: `POST /` with `X-Amz-Target` in AWS JSON 1.1, and with `Action` in the Query protocol.
//!
//! [`dispatch`] does what all operations have in common: routing, authentication, validation, the error's face.
//! One file per capability under `ops` does the rest; [`table`] joins the two.

mod answer;
mod auth_parameters;
mod caller;
mod challenge_parameters;
mod context;
mod dispatch;
mod door;
mod error;
mod ops;
mod query;
mod request;
mod table;
mod wire;
mod wire_format;

pub use door::{Api, router, with_query_urls};
pub use error::Error;
pub use table::is_built;
