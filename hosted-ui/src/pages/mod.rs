//! The pages, one file a screen: from a page's values to its view.

mod codes;
mod ends;
mod mfa;
mod passwords;
mod sign_in;
mod sign_up;

use leptos::prelude::*;

use crate::page::Page;
use crate::parts::Scene;

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
pub(crate) fn draw(scene: Scene<'_>, page: &Page) -> Drawn {
    match page {
        Page::SignIn(page) => sign_in::draw(scene, page),
        Page::SignUp(page) => sign_up::draw(scene, page),
        Page::Confirm(page) => codes::confirm(scene, page),
        Page::MfaCode(page) => codes::second_factor(scene, page),
        Page::Forgot(page) => passwords::forgot(scene, page),
        Page::Reset(page) => passwords::reset(scene, page),
        Page::NewPassword(page) => passwords::replace(scene, page),
        Page::TotpSetup(page) => mfa::set_up(scene, page),
        Page::TotpCode(page) => mfa::code(scene, page),
        Page::SelectMfa(page) => mfa::select(scene, page),
        Page::Confirmed(page) => ends::confirmed(scene, page),
        Page::SignedOut(page) => ends::signed_out(scene, page),
        Page::Error(page) => ends::error(scene, page),
    }
}
