//! The AWS door: `POST /` with `X-Amz-Target`, AWS JSON 1.1.
//!
//! [`dispatch`] does what all operations have in common: routing, authentication, validation, the error's face.
//! One file per capability under `ops` does the rest; [`table`] joins the two.

mod answer;
mod context;
mod dispatch;
mod door;
mod error;
mod ops;
mod page;
mod request;
mod table;

pub use door::{Api, router};
pub use error::Error;
pub use table::is_built;
