//! What a handler is given besides its input.

use std::ops::Deref;

use domain::Reason;
use flows::{Ctx, Latchkey, Subject};

use crate::error::Result;

/// A call that has been routed, authenticated and validated.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) latchkey: Latchkey,
    pub(crate) ctx: Ctx,
    pub(crate) subject: Option<Subject>,
}

impl Request {
    /// The user whose access token the call came with.
    ///
    /// # Errors
    /// `NotAuthorizedException` where the call came without one (with a Session in its place).
    pub(crate) fn subject(&self) -> Result<&Subject> {
        self.subject.as_ref().ok_or_else(|| Reason::AccessTokenInvalid.into())
    }
}

impl Deref for Request {
    type Target = Latchkey;

    fn deref(&self) -> &Latchkey {
        &self.latchkey
    }
}
