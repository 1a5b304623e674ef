//! Listing the users of a pool.

use domain::{AttributeFault, Pool, Result, User, UserFilter};

use crate::page::{Page, PageRequest};
use crate::{Ctx, Latchkey};

/// What ListUsers asks for besides a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserQuery<'a> {
    /// Filter, in Cognito's language; empty for all users.
    pub filter: &'a str,
    /// AttributesToGet: every name has to be one of the pool's.
    pub attributes: Option<&'a [String]>,
}

impl Latchkey {
    /// The users of a pool that a filter lets through, by time of creation (ListUsers).
    ///
    /// # Errors
    /// [`AttributeFault::RequestedUnknown`], [`domain::FilterFault`],
    /// [`domain::Reason::PageTokenInvalid`]
    pub async fn users(
        &self,
        ctx: &Ctx,
        pool: Pool,
        query: UserQuery<'_>,
        page: PageRequest<'_>,
    ) -> Result<Page<User>> {
        check_requested(&pool, query.attributes)?;
        let filter = UserFilter::parse(query.filter)?;
        let list = format!("users\0{}\0{}", pool.id, query.filter);
        self.read_page(ctx, &list, page, move |r, after, limit| Ok(r.users(&pool, filter.as_ref(), after, limit)?))
            .await
    }
}

fn check_requested(pool: &Pool, names: Option<&[String]>) -> Result<()> {
    let known = |name: &String| name == "sub" || name == "identities" || pool.attribute(name).is_some();
    if names.unwrap_or_default().iter().all(known) {
        return Ok(());
    }
    Err(AttributeFault::RequestedUnknown.into())
}
