//! What was refused, on its way from a posted form to the page that says so.
//!
//! A refused form is answered with a redirect, as an accepted one is: a page that is the answer to a post cannot be
//! reloaded or gone back to without posting again, and that might send another code.

use hosted_ui::Problem;
use http::StatusCode;
use jiff::SignedDuration;
use protocol::Sensitive;
use serde::{Deserialize, Serialize};

use crate::http::forms::Carry;
use crate::http::params::Params;

/// A cookie longer than this might not be kept by a browser.
pub(super) const LONGEST_COOKIE: usize = 3_800;

/// A step as its page is to show it next, with what was refused. That is told once.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Shown<S> {
    pub(super) step: S,
    pub(super) refusal: Option<Refusal>,
}

/// What was refused.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Refusal {
    status: u16,
    problems: Vec<Problem>,
    /// What was typed, but for what is secret or good once.
    typed: Vec<(String, Sensitive)>,
}

impl<S> Shown<S> {
    /// A step of which nothing was refused.
    pub(super) fn plain(step: S) -> Self {
        Self { step, refusal: None }
    }
}

impl<S: Carry> Carry for Shown<S> {
    fn lifetime(&self) -> SignedDuration {
        self.step.lifetime()
    }
}

impl Refusal {
    /// Of a form with what was typed.
    pub(super) fn of(status: StatusCode, problems: Vec<Problem>, form: &Params) -> Self {
        let is_kept = |name: &str| !matches!(name, "csrf" | "state" | "code" | "choice") && !name.ends_with("password");
        let typed = form.pairs().filter(|(name, _)| is_kept(name));
        let typed = typed.map(|(name, value)| (name.to_owned(), value.into())).collect();
        Self { status: status.as_u16(), problems, typed }
    }

    /// The status of the page, what is wrong, and what was typed.
    pub(super) fn open(self) -> (StatusCode, Vec<Problem>, Params) {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let typed = self.typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        (status, self.problems, typed)
    }
}
