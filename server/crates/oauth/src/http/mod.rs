//! Requests and responses: what every endpoint and page is made with, and nothing of any one of them.

pub(crate) mod call;
pub(crate) mod cookies;
pub(crate) mod error;
pub(crate) mod failure;
pub(crate) mod forms;
pub(crate) mod json;
pub(crate) mod page_context;
pub(crate) mod params;
pub(crate) mod respond;
pub(crate) mod router;
pub(crate) mod site;
