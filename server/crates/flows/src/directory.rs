//! Finding pools, clients and users.

use std::sync::Arc;

use cache::Bounded;
use domain::{Client, ClientId, Error, Pool, Reason, Result, Sub, User};
use store::{Reader, StoredApp};

use crate::Latchkey;

/// An app client and its pool: what a sign-in is for.
#[derive(Clone, Debug)]
pub struct ClientContext {
    /// The pool.
    pub pool: Arc<Pool>,
    /// The client.
    pub client: Arc<Client>,
}

/// Clients and pools as they were last read, so that documents which have not changed are not parsed anew. Whether
/// they have, the store says at every read.
#[derive(Default)]
pub(crate) struct Apps(Bounded<ClientId, Arc<StoredApp>>);

impl Apps {
    fn read(&self, r: &mut Reader, id: &ClientId) -> Result<Option<Arc<StoredApp>>> {
        let kept = self.0.get(id);
        let stored = r.app(id, kept.as_ref())?;
        if let (Some(stored), Some(kept)) = (&stored, &kept)
            && Arc::ptr_eq(stored, kept)
        {
            return Ok(Some(Arc::clone(stored)));
        }
        match &stored {
            Some(stored) => self.0.insert(id.clone(), Arc::clone(stored)),
            None if kept.is_some() => self.0.remove(id),
            None => {}
        }
        Ok(stored)
    }
}

impl ClientContext {
    fn of(stored: &StoredApp) -> Self {
        Self { pool: Arc::clone(&stored.pool), client: Arc::clone(&stored.client) }
    }
}

impl Latchkey {
    /// A pool that must exist.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub async fn pool(&self, id: &str) -> Result<Pool> {
        let pool_id = domain::PoolId::from(id);
        self.store
            .read(move |r| r.pool(&pool_id).map_err(Error::from))
            .await?
            .ok_or_else(|| Reason::pool_not_found(id).into())
    }

    /// A client by its id, with its pool. What the same read tells about the pool's signing keys is noted.
    pub(crate) fn read_app(&self, r: &mut Reader, id: &ClientId) -> Result<Option<ClientContext>> {
        let now = self.now();
        let stored = self.apps.read(r, id)?;
        if let Some(stored) = &stored {
            self.keys.check(&stored.pool.id, Some(stored.keys_version), now);
        }
        Ok(stored.as_deref().map(ClientContext::of))
    }

    /// A client by its id alone, with its pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub async fn app(&self, client_id: &str) -> Result<ClientContext> {
        let (latchkey, id) = (self.clone(), ClientId::from(client_id));
        self.store
            .read(move |r| latchkey.read_app(r, &id))
            .await?
            .ok_or_else(|| Reason::client_not_found(client_id).into())
    }

    /// A client of a given pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for either.
    pub async fn app_in(&self, pool_id: &str, client_id: &str) -> Result<ClientContext> {
        let pool = self.pool(pool_id).await?;
        let app = self.app(client_id).await?;
        if app.pool.id == pool.id { Ok(app) } else { Err(Reason::client_not_found(client_id).into()) }
    }

    /// A user by username or alias, as typed. Unknown names cost the same reads as known ones.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn find_user(&self, pool: &Pool, typed: &str) -> Result<Option<User>> {
        let pool_id = pool.id.clone();
        let name = pool.fold_case(typed);
        self.store.read(move |r| r.user_by_name(&pool_id, &name).map_err(Error::from)).await
    }

    /// A user as administrators name one: by username or alias, or else by subject identifier, by which nobody signs
    /// in. Existence is no secret to them.
    ///
    /// # Errors
    /// [`Reason::UserNotFound`]
    pub async fn user(&self, pool: &Pool, named: &str) -> Result<User> {
        let (pool_id, name, sub) = (pool.id.clone(), pool.fold_case(named), Sub::from(named));
        let found = self.store.read(move |r| -> Result<_> {
            match r.user_by_name(&pool_id, &name)? {
                Some(user) => Ok(Some(user)),
                None => Ok(r.user_by_sub(&pool_id, &sub)?),
            }
        });
        found.await?.ok_or_else(|| Reason::UserNotFound.into())
    }
}
