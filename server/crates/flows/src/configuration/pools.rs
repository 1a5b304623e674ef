//! Making, changing and removing user pools.

use domain::{
    Pool, PoolDomain, PoolFault, PoolId, Reason, Result, add_custom_attributes, new_pool_settings, set_pool_mfa,
    updated_pool_settings,
};
use protocol::idp::{
    CreateUserPoolRequest, DeletionProtectionType, SchemaAttributeType, SetUserPoolMfaConfigRequest,
    UpdateUserPoolRequest,
};
use serde::de::IgnoredAny;
use world::alphabet;

use crate::page::{Page, PageRequest};
use crate::{Ctx, Latchkey};

/// A pool with what DescribeUserPool tells besides its settings.
#[derive(Clone, Debug)]
pub struct PoolOverview {
    /// The pool.
    pub pool: Pool,
    /// How many users it has.
    pub users: i64,
    /// Its domains, by name.
    pub domains: Vec<(String, PoolDomain)>,
}

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

    /// Changes a pool's settings (UpdateUserPool).
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

    /// Sets a pool's second factors (SetUserPoolMfaConfig); answers the pool as it is then.
    ///
    /// # Errors
    /// As SetUserPoolMfaConfig declares.
    pub async fn set_pool_mfa(&self, ctx: &Ctx, input: SetUserPoolMfaConfigRequest) -> Result<Pool> {
        let id = PoolId::from(input.user_pool_id.as_str());
        self.change_pool(ctx, &id, move |pool| {
            set_pool_mfa(pool, input)?;
            Ok(pool.clone())
        })
        .await
    }

    /// Adds attributes to a pool's schema (AddCustomAttributes).
    ///
    /// # Errors
    /// [`domain::SchemaFault`], [`Reason::PoolNotFound`]
    pub async fn add_custom_attributes(&self, ctx: &Ctx, id: &PoolId, added: Vec<SchemaAttributeType>) -> Result<()> {
        self.change_pool(ctx, id, move |pool| {
            let schema = pool.settings.schema_attributes.get_or_insert_default();
            add_custom_attributes(schema, &added)
        })
        .await
    }

    /// A pool with its domains and the number of its users (DescribeUserPool).
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`]
    pub async fn pool_overview(&self, id: PoolId) -> Result<PoolOverview> {
        self.store
            .read(move |r| -> Result<PoolOverview> {
                let pool = r.pool(&id)?.ok_or_else(|| Reason::pool_not_found(&id))?;
                Ok(PoolOverview { pool, users: r.count_users(&id)?, domains: r.domains_of_pool(&id)? })
            })
            .await
    }

    /// All pools, by time of creation.
    ///
    /// # Errors
    /// [`Reason::PageTokenInvalid`]
    pub async fn pools(&self, ctx: &Ctx, page: PageRequest<'_>) -> Result<Page<Pool>> {
        self.read_page(ctx, "user-pools", page, |r, after, limit| Ok(r.pools(after, limit)?)).await
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
        self.keys.remove(&gone);
        Ok(())
    }
}
