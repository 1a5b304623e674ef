//! Finding pools, clients and users.

use crate::Latchkey;
use domain::{Client, Error, Pool, Result, User};

/// An app client and its pool: what a sign-in is for.
#[derive(Clone, Debug)]
pub struct App {
    /// The pool.
    pub pool: Pool,
    /// The client.
    pub client: Client,
}

impl Latchkey {
    /// A pool that must exist.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub async fn pool(&self, id: &str) -> Result<Pool> {
        let pool_id = domain::PoolId::from(id);
        self.store.read(move |r| r.pool(&pool_id).map_err(Error::from)).await?.ok_or_else(|| Error::no_pool(id))
    }

    /// A client by its id alone, with its pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub async fn app(&self, client_id: &str) -> Result<App> {
        let id = domain::ClientId::from(client_id);
        self.store
            .read(move |r| -> Result<Option<App>> {
                let Some(client) = r.client(&id)? else {
                    return Ok(None);
                };
                let Some(pool) = r.pool(&client.pool)? else {
                    return Ok(None);
                };
                Ok(Some(App { pool, client }))
            })
            .await?
            .ok_or_else(|| Error::no_client(client_id))
    }

    /// A client of a given pool.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for either.
    pub async fn app_in(&self, pool_id: &str, client_id: &str) -> Result<App> {
        let pool = self.pool(pool_id).await?;
        let app = self.app(client_id).await?;
        if app.pool.id == pool.id { Ok(app) } else { Err(Error::no_client(client_id)) }
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

    /// The same for administrators, to whom existence is no secret.
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub async fn user(&self, pool: &Pool, typed: &str) -> Result<User> {
        self.find_user(pool, typed).await?.ok_or_else(Error::user_not_found)
    }
}
