//! What a handler is given besides its input.

use std::ops::Deref;

use domain::Reason;
use flows::{Access, Ctx, Latchkey};

use crate::error::Result;

/// A call that has been routed, authenticated and validated.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) latchkey: Latchkey,
    pub(crate) ctx: Ctx,
    pub(crate) access: Option<Access>,
}

impl Request {
    /// The accepted access token of the call.
    ///
    /// # Errors
    /// `NotAuthorizedException` where the call came without one (with a Session in its place).
    pub(crate) fn access(&self) -> Result<&Access> {
        self.access.as_ref().ok_or_else(|| Reason::AccessTokenInvalid.into())
    }
}

impl Deref for Request {
    type Target = Latchkey;

    fn deref(&self) -> &Latchkey {
        &self.latchkey
    }
}
