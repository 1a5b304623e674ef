//! The pages, one file a kind: each page's value, with everything it shows, how it is drawn, and samples of it.

mod account;
mod codes;
mod confirm;
mod ends;
mod mfa;
mod passwords;
mod sign_in;
mod sign_up;

pub use account::{AccountBlocked, Block, ChangePassword};
pub use codes::SentCode;
pub use confirm::{ChangeAddress, Confirm};
pub use ends::{Confirmed, ErrorPage, Fact, SignedOut};
pub use mfa::{Factor, SelectMfa, TotpCode, TotpKey, TotpSetup};
pub use passwords::{Forgot, NewPassword, Reset};
pub use sign_in::{PasswordEntry, ProviderButton, ProviderMark, SignIn};
pub use sign_up::SignUp;

use leptos::prelude::*;

use crate::message::Problem;
use crate::parts::RenderContext;
use crate::samples::{Sample, Text};

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

    /// A page without one.
    fn without_form(title: &str, content: AnyView) -> Self {
        Self { title: title.to_string(), script: false, content }
    }
}

/// Makes the list of pages: each with its value, the function that draws it, and whether it has a `form` (and so
/// problems) or is `plain`.
macro_rules! pages {
    (@problems form $page:ident) => {
        &$page.problems
    };
    (@problems plain $page:ident) => {{
        let _ = $page;
        &[]
    }};
    (@form form) => {
        true
    };
    (@form plain) => {
        false
    };
    ($($(#[doc = $doc:literal])* $form:ident $kind:ident($value:ty) => $draw:path,)*) => {
        /// A page to render.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Page {
            $($(#[doc = $doc])* $kind($value),)*
        }

        impl Page {
            /// How many kinds of pages there are.
            pub const KINDS: usize = [$(stringify!($kind)),*].len();

            /// What went wrong, where the page has a form.
            pub fn problems(&self) -> &[Problem] {
                match self {
                    $(Self::$kind(page) => pages!(@problems $form page),)*
                }
            }

            /// Whether the page has a form.
            pub fn has_form(&self) -> bool {
                match self {
                    $(Self::$kind(_) => pages!(@form $form),)*
                }
            }
        }

        /// Draws a page.
        pub(crate) fn draw(context: RenderContext<'_>, page: &Page) -> Drawn {
            match page {
                $(Page::$kind(page) => $draw(context, page),)*
            }
        }
    };
}

pages! {
    /// Username and password, and other ways in.
    form SignIn(SignIn) => sign_in::draw,
    /// A new account.
    form SignUp(SignUp) => sign_up::draw,
    /// The code or link that proves an address after sign-up.
    form Confirm(Confirm) => confirm::draw,
    /// Asks for the account whose password is forgotten.
    form Forgot(Forgot) => passwords::forgot,
    /// Code and new password.
    form Reset(Reset) => passwords::reset,
    /// A new password in place of a temporary one.
    form NewPassword(NewPassword) => passwords::replace,
    /// Enrols an authenticator app.
    form TotpSetup(TotpSetup) => mfa::set_up,
    /// The code an authenticator app shows.
    form TotpCode(TotpCode) => mfa::code,
    /// The code sent by SMS or mail as a second factor.
    form MfaCode(SentCode) => codes::second_factor,
    /// Which second factor.
    form SelectMfa(SelectMfa) => mfa::select,
    /// A new password in place of the one that is known.
    form ChangePassword(ChangePassword) => account::change_password,
    /// A page of the account that this browser cannot have.
    plain AccountBlocked(AccountBlocked) => account::blocked,
    /// The link of a mail has confirmed the account.
    plain Confirmed(Confirmed) => ends::confirmed,
    /// The session has ended.
    plain SignedOut(SignedOut) => ends::signed_out,
    /// Nothing can go on from here.
    plain Error(ErrorPage) => ends::error,
}

/// The samples of every file.
pub(crate) fn samples(t: Text<'_>) -> Vec<Sample> {
    let files = [
        sign_in::samples,
        sign_up::samples,
        confirm::samples,
        codes::samples,
        passwords::samples,
        mfa::samples,
        account::samples,
        ends::samples,
    ];
    files.into_iter().flat_map(|samples| samples(t)).collect()
}
