//! The parts that pages are made of. Plain functions from values to views.

mod code;
mod context;
mod fields;
mod form;
mod icon;
mod logo;
mod mark;
mod password;
mod qr;
mod shell;

pub use fields::{attribute_label, username_label};

pub(crate) use code::{Awaited, code_field, wait_for_code};
pub(crate) use context::RenderContext;
pub(crate) use fields::{
    TextField, account_line, attribute_field, known_username, signed_in_line, text_field, username_field,
};
pub(crate) use form::{
    Proving, form, heading, hidden_fields, lead, notice, primary, quiet_link, secondary, summary, time_limit,
};
pub(crate) use icon::{Icon, icon};
pub(crate) use mark::provider_button;
pub(crate) use password::{CurrentPassword, current_password, new_password};
pub(crate) use qr::draw_qr;
pub(crate) use shell::document;
