//! The pages, one file a screen: from a page's values to its view.

mod codes;
mod ends;
mod mfa;
mod passwords;
mod sign_in;
mod sign_up;

use leptos::prelude::*;

use crate::page::Page;
use crate::parts::RenderContext;

/// A page's title, whether its scripts would do anything, and its content.
pub(crate) struct Drawn {
    pub(crate) title: String,
    pub(crate) script: bool,
    pub(crate) content: AnyView,
}

impl Drawn {
    /// A page with a form.
    fn with_form(title: &str, content: AnyView) -> Self {
        Self { title: title.to_string(), script: true, content }
    }
}

/// Draws a page.
pub(crate) fn draw(context: RenderContext<'_>, page: &Page) -> Drawn {
    match page {
        Page::SignIn(page) => sign_in::draw(context, page),
        Page::SignUp(page) => sign_up::draw(context, page),
        Page::Confirm(page) => codes::confirm(context, page),
        Page::MfaCode(page) => codes::second_factor(context, page),
        Page::Forgot(page) => passwords::forgot(context, page),
        Page::Reset(page) => passwords::reset(context, page),
        Page::NewPassword(page) => passwords::replace(context, page),
        Page::TotpSetup(page) => mfa::set_up(context, page),
        Page::TotpCode(page) => mfa::code(context, page),
        Page::SelectMfa(page) => mfa::select(context, page),
        Page::Confirmed(page) => ends::confirmed(context, page),
        Page::SignedOut(page) => ends::signed_out(context, page),
        Page::Error(page) => ends::error(context, page),
    }
}
