//! One request, read once.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use domain::Error;
use flows::{Ctx, Latchkey};
use http::{HeaderMap, HeaderName, Method, header};
use protocol::Sensitive;

use crate::http::params::Params;
use crate::http::site::Site;
use crate::theme::ThemeCache;

/// What the door needs.
#[derive(Clone)]
pub struct OAuth {
    /// The flows below the doors.
    pub latchkey: Latchkey,
    /// Where the pages' files are.
    pub assets: Assets,
}

/// Addresses of the files that pages load, on whichever host the page is: paths without a host.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// `style.css`
    pub style: String,
    /// `island.js`; None where no scripts are offered.
    pub script: Option<String>,
    /// `favicon.svg`
    pub favicon: String,
}

/// A request with all that its handler may look at.
pub(crate) struct Call {
    pub(crate) oauth: Arc<OAuth>,
    pub(crate) themes: Arc<ThemeCache>,
    pub(crate) ctx: Ctx,
    pub(crate) site: Site,
    /// GET where it was HEAD: the answer is the same but for the body, which the server leaves out.
    pub(crate) method: Method,
    /// As it was sent.
    pub(crate) asked_as: Method,
    /// As it was sent.
    pub(crate) path: String,
    pub(crate) query: Params,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The browser's secret, once somebody asked for it: see `forms`.
    pub(crate) browser: OnceLock<Sensitive>,
}

impl Deref for Call {
    type Target = Latchkey;

    fn deref(&self) -> &Latchkey {
        &self.oauth.latchkey
    }
}

impl Call {
    /// A header's text; empty where there is none or it is not text.
    pub(crate) fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether the body is of this media type, whatever its parameters.
    pub(crate) fn has_body_of(&self, media_type: &str) -> bool {
        let sent = self.header(&header::CONTENT_TYPE);
        sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
    }

    /// The body as a form; None where it says it is something else.
    pub(crate) fn form(&self) -> Option<Params> {
        self.has_body_of("application/x-www-form-urlencoded").then(|| Params::parse(&self.body))
    }

    /// Whether browsers reach us over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.settings().base_url.starts_with("https://")
    }
}

/// Faults of ours go to the log with the request's id; refusals are the caller's business.
pub(crate) fn log(call: &Call, error: &Error) {
    if error.is_internal() {
        tracing::error!(request_id = call.ctx.request_id.as_str(), "{error}");
    } else {
        tracing::debug!(request_id = call.ctx.request_id.as_str(), "{error}");
    }
}
