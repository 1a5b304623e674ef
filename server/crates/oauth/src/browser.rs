//! What binds a form to the browser it was made for, and carries a sign-in from page to page.
//!
//! A browser has a secret in a cookie. Each form has a token that holds this secret sealed (double submit, RFC
//! 6819 §4.4.1.8 says why), and a state that holds it beside the step. A form of another browser, or one made by
//! another site, fits neither.

use domain::ClientId;
use http::HeaderValue;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tokens::{Purpose, StateError};

use crate::call::Call;
use crate::cookies::{BROWSER, STEP};
use crate::pages::Step;

/// How long a step may take once something is proven or sent.
const STEP_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// How long a form may lie open on which nothing depends yet.
const FORM_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

#[derive(Serialize, Deserialize)]
struct Carried {
    browser: String,
    client: ClientId,
    step: Step,
}

/// Why a form is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// It is not this browser's.
    Foreign,
    /// It was this browser's, too long ago.
    Late,
}

impl Call {
    /// The browser's secret, as its cookie says or newly made.
    fn browser_secret(&self) -> &str {
        self.browser.get_or_init(|| match self.cookie(BROWSER).filter(|secret| is_secret(secret)) {
            Some(secret) => secret.to_owned(),
            None => self.make_cookie_secret(),
        })
    }

    /// The cookie to be set with a form, where the browser has no secret yet.
    pub(crate) fn browser_cookie(&self) -> Option<HeaderValue> {
        let secret = self.browser.get()?;
        if self.cookie(BROWSER) == Some(secret) { None } else { self.set_cookie(BROWSER, secret, None) }
    }

    /// The token of a form.
    pub(crate) fn form_token(&self) -> String {
        self.seal_state(Purpose::Csrf, self.now() + FORM_LIFETIME, &self.browser_secret())
    }

    /// A step, sealed for this browser and client.
    pub(crate) fn seal_step(&self, client: &ClientId, step: &Step) -> String {
        let carried = Carried { browser: self.browser_secret().to_owned(), client: client.clone(), step: step.clone() };
        self.seal_state(Purpose::LoginPage, self.now() + lifetime(step), &carried)
    }

    /// The cookie that brings a step to its page.
    pub(crate) fn step_cookie(&self, client: &ClientId, step: &Step) -> Option<HeaderValue> {
        self.set_cookie(STEP, &self.seal_step(client, step), Some(lifetime(step).as_secs()))
    }

    /// The step that the cookie brings.
    pub(crate) fn step_of_cookie(&self, client: &ClientId) -> Option<Step> {
        self.open_step(client, self.cookie(STEP)?).ok()
    }

    /// The step of a posted form, if the form is this browser's.
    ///
    /// # Errors
    /// What is wrong with the form.
    pub(crate) fn open_form(&self, client: &ClientId, csrf: &str, state: &str) -> Result<Step, Stale> {
        let secret = self.cookie(BROWSER).ok_or(Stale::Foreign)?;
        let token: String = self.open_sealed(Purpose::Csrf, self.now(), csrf)?;
        if token != secret {
            return Err(Stale::Foreign);
        }
        self.open_step(client, state)
    }

    fn open_step(&self, client: &ClientId, sealed: &str) -> Result<Step, Stale> {
        let secret = self.cookie(BROWSER).ok_or(Stale::Foreign)?;
        let carried: Carried = self.open_sealed(Purpose::LoginPage, self.now(), sealed)?;
        if carried.browser == secret && carried.client == *client { Ok(carried.step) } else { Err(Stale::Foreign) }
    }
}

impl From<StateError> for Stale {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Expired => Self::Late,
            StateError::Malformed => Self::Foreign,
        }
    }
}

fn lifetime(step: &Step) -> SignedDuration {
    if step.is_entrance() { FORM_LIFETIME } else { STEP_LIFETIME }
}

/// 32 bytes in base64url.
pub(crate) fn is_secret(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
