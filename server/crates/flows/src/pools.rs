//! Making, changing and removing user pools.

use domain::{Pool, PoolFault, PoolId, Reason, Result, new_pool_settings, updated_pool_settings};
use protocol::idp::{CreateUserPoolRequest, DeletionProtectionType, UpdateUserPoolRequest};
use serde::de::IgnoredAny;
use world::alphabet;

use crate::{Ctx, Latchkey};

impl Latchkey {
    /// Makes a pool with its signing keys.
    ///
    /// # Errors
    /// As CreateUserPool declares.
    pub async fn create_pool(&self, ctx: &Ctx, input: CreateUserPoolRequest) -> Result<Pool> {
        let (settings, mfa) = new_pool_settings(input)?;
        let name = world::token(self.world.entropy(), 9, alphabet::ALPHANUMERIC);
        let now = ctx.now;
        let pool = Pool {
            id: PoolId::new(format!("{}_{name}", self.settings.region)),
            created_at: now,
            modified_at: now,
            settings,
            mfa,
        };
        self.insert_pool(&pool).await?;
        Ok(pool)
    }

    /// Stores a pool that is complete already, and gives it signing keys.
    ///
    /// # Errors
    /// An internal error where the id is taken.
    pub async fn insert_pool(&self, pool: &Pool) -> Result<()> {
        let keys = self.make_signing_keys(&pool.id)?;
        let pool = pool.clone();
        self.store
            .write(move |tx| -> Result<()> {
                tx.insert_pool(&pool)?;
                for key in &keys {
                    tx.insert_signing_key(key)?;
                }
                Ok(())
            })
            .await
    }

    /// Replaces a pool's settings (UpdateUserPool).
    ///
    /// # Errors
    /// As UpdateUserPool declares.
    pub async fn update_pool(&self, ctx: &Ctx, input: UpdateUserPoolRequest) -> Result<()> {
        let id = PoolId::from(input.user_pool_id.as_str());
        self.change_pool(ctx, &id, move |pool| {
            let (settings, mfa) = updated_pool_settings(pool, input)?;
            pool.settings = settings;
            pool.mfa = mfa;
            Ok(())
        })
        .await
    }

    /// Changes a pool and dates the change.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; the function's.
    pub async fn change_pool<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        id: &PoolId,
        change: impl FnOnce(&mut Pool) -> Result<T> + Clone + Send + 'static,
    ) -> Result<T> {
        let (id, now) = (id.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<T> {
                tx.update_pool(&id, |pool| -> Result<T> {
                    let answer = change(pool)?;
                    pool.modified_at = now;
                    Ok(answer)
                })?
                .ok_or_else(|| Reason::pool_not_found(&id).into())
            })
            .await
    }

    /// Removes a pool with everything in it.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`]; [`PoolFault`] while it is protected or has a domain.
    pub async fn delete_pool(&self, id: &str) -> Result<()> {
        let pool_id = PoolId::from(id);
        let gone = pool_id.clone();
        self.store
            .write(move |tx| -> Result<()> {
                let pool = tx.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                if pool.settings.deletion_protection == Some(DeletionProtectionType::Active) {
                    return Err(PoolFault::DeletionProtected.into());
                }
                if !tx.domains_of_pool::<IgnoredAny>(&pool_id)?.is_empty() {
                    return Err(PoolFault::HasDomain.into());
                }
                tx.delete_pool(&pool_id)?;
                Ok(())
            })
            .await?;
        self.forget_keys(&gone);
        Ok(())
    }
}
