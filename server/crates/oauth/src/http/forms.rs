//! What binds a form to the browser it was made for, and carries a sign-in from page to page.
//!
//! A browser has a secret in a cookie. Each form has a token that holds this secret sealed (double submit, RFC
//! 6819 §4.4.1.8 says why), and a state that holds it beside the step. A form of another browser, or one made by
//! another site, fits neither.

use domain::{ClientId, Sub};
use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use protocol::Sensitive;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokens::{Purpose, StateError};

use crate::http::call::Call;
use crate::http::cookies::{BROWSER, STEP};
use crate::http::page_context::PageContext;

/// How long a form may lie open on which nothing depends yet: the browser's own secret binds it all the while.
pub(crate) const FORM_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long after its end a step is still known, so that the page can say what has ended, and whose it was.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Where a browser stands between two pages. One kind of pages cannot read the steps of another.
pub(crate) trait Carry: Clone + Serialize + DeserializeOwned {
    /// How long it may take.
    fn lifetime(&self) -> SignedDuration;
}

#[derive(Serialize, Deserialize)]
struct Carried<S> {
    browser: Sensitive,
    client: ClientId,
    /// Who was signed in, on a page that is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Sub>,
    ends_at: Timestamp,
    step: S,
}

/// Why a form is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale<S> {
    /// It is not this browser's.
    Foreign,
    /// It was this browser's, too long ago; the step, while that is remembered.
    Late(Option<S>),
}

impl Call {
    /// The browser's secret, as its cookie says or newly made.
    fn browser_secret(&self) -> &str {
        self.browser.get_or_init(|| match self.cookie(BROWSER).filter(|secret| is_secret(secret)) {
            Some(secret) => secret.into(),
            None => self.make_cookie_secret().into(),
        })
    }

    /// The cookie to be set with a form, where the browser has no secret yet.
    pub(crate) fn browser_cookie(&self) -> Option<HeaderValue> {
        let secret = self.browser.get()?;
        if self.cookie(BROWSER) == Some(secret) { None } else { self.set_cookie(BROWSER, secret, None) }
    }

    /// The token of a form.
    pub(crate) fn form_token(&self) -> String {
        self.seal_state(Purpose::Csrf, self.now() + FORM_LIFETIME + REMEMBERED, &self.browser_secret())
    }

    /// A step, sealed for this browser, the page's client and who is signed in there.
    pub(crate) fn seal_step(&self, page: PageContext<'_>, step: &impl Carry) -> String {
        let carried = Carried {
            browser: self.browser_secret().into(),
            client: page.app.client.id.clone(),
            subject: subject_of(page).cloned(),
            ends_at: self.now() + step.lifetime(),
            step: step.clone(),
        };
        self.seal_state(Purpose::LoginPage, carried.ends_at + REMEMBERED, &carried)
    }

    /// The cookie that brings a step to its page.
    pub(crate) fn step_cookie(&self, page: PageContext<'_>, step: &impl Carry) -> Option<HeaderValue> {
        self.set_cookie(STEP, &self.seal_step(page, step), Some((step.lifetime() + REMEMBERED).as_secs()))
    }

    /// The step that the cookie brings.
    ///
    /// # Errors
    /// What is wrong with it; [`Stale::Foreign`] where there is none.
    pub(crate) fn step_of_cookie<S: Carry>(&self, page: PageContext<'_>) -> Result<S, Stale<S>> {
        self.open_step(page, self.cookie(STEP).unwrap_or_default())
    }

    /// The step of a posted form, if the form is this browser's.
    ///
    /// # Errors
    /// What is wrong with the form.
    pub(crate) fn open_form<S: Carry>(&self, page: PageContext<'_>, csrf: &str, state: &str) -> Result<S, Stale<S>> {
        let secret = self.cookie(BROWSER).ok_or(Stale::Foreign)?;
        let token: String = self.open_sealed(Purpose::Csrf, self.now(), csrf)?;
        if token != secret {
            return Err(Stale::Foreign);
        }
        self.open_step(page, state)
    }

    fn open_step<S: Carry>(&self, page: PageContext<'_>, sealed: &str) -> Result<S, Stale<S>> {
        let secret = self.cookie(BROWSER).ok_or(Stale::Foreign)?;
        let carried: Carried<S> = self.open_sealed(Purpose::LoginPage, self.now(), sealed)?;
        let fits = carried.browser == secret
            && carried.client == page.app.client.id
            && carried.subject.as_ref() == subject_of(page);
        match fits {
            false => Err(Stale::Foreign),
            true if self.now() >= carried.ends_at => Err(Stale::Late(Some(carried.step))),
            true => Ok(carried.step),
        }
    }
}

fn subject_of(page: PageContext<'_>) -> Option<&Sub> {
    page.subject.map(|subject| &subject.user.sub)
}

impl<S> From<StateError> for Stale<S> {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Expired => Self::Late(None),
            StateError::Malformed => Self::Foreign,
        }
    }
}

/// 32 bytes in base64url.
pub(crate) fn is_secret(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
