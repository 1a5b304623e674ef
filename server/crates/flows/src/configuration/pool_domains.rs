//! The domains under which a pool's pages answer.

use domain::{DomainFault, Error, PoolDomain, PoolId, Reason, Result, check_domain_name, check_managed_login_version};
use protocol::idp::{CreateUserPoolDomainRequest, UpdateUserPoolDomainRequest};
use store::StoreError;

use crate::{Ctx, Latchkey};

impl Latchkey {
    /// Gives a pool a domain (CreateUserPoolDomain): one prefix and one custom domain at most.
    ///
    /// # Errors
    /// [`DomainFault`], [`Reason::PoolNotFound`], [`Reason::FeatureNotInTier`]
    pub async fn create_pool_domain(&self, ctx: &Ctx, input: CreateUserPoolDomainRequest) -> Result<PoolDomain> {
        check_domain_name(&input.domain, input.custom_domain_config.is_some())?;
        let pool = self.pool(&input.user_pool_id).await?;
        let version = input.managed_login_version.unwrap_or(1);
        check_managed_login_version(version, pool.tier())?;
        let domain = PoolDomain {
            managed_login_version: version,
            custom: input.custom_domain_config,
            routing: input.routing,
            created_at: ctx.now,
        };
        let (pool, name) = (pool.id, input.domain);
        self.store
            .write(move |tx| -> Result<PoolDomain> {
                // Writing the pool's row keeps two calls from each giving it a domain.
                tx.update_pool(&pool, |_| Ok::<_, StoreError>(()))?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                let others = tx.domains_of_pool::<PoolDomain>(&pool)?;
                if others.iter().any(|(_, other)| other.is_custom() == domain.is_custom()) {
                    return Err(DomainFault::PoolHasOne.into());
                }
                tx.insert_domain(&name, &pool, &domain).map_err(|error| match error {
                    StoreError::Conflict { .. } => Error::from(DomainFault::Taken),
                    other => other.into(),
                })?;
                Ok(domain)
            })
            .await
    }

    /// A domain by its name, with the pool it belongs to.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn pool_domain(&self, name: &str) -> Result<Option<(PoolId, PoolDomain)>> {
        let name = name.to_owned();
        self.store.read(move |r| r.domain(&name).map_err(Error::from)).await
    }

    /// Changes a domain (UpdateUserPoolDomain): what is not said stays. Answers it as it is then.
    ///
    /// # Errors
    /// [`DomainFault`], [`Reason::PoolNotFound`], [`Reason::FeatureNotInTier`]
    pub async fn update_pool_domain(&self, input: UpdateUserPoolDomainRequest) -> Result<PoolDomain> {
        let pool = self.pool(&input.user_pool_id).await?;
        if let Some(version) = input.managed_login_version {
            check_managed_login_version(version, pool.tier())?;
        }
        self.store
            .write(move |tx| -> Result<PoolDomain> {
                tx.update_domain(&input.domain, &pool.id, |domain: &mut PoolDomain| -> Result<_> {
                    if input.custom_domain_config.is_some() && !domain.is_custom() {
                        return Err(DomainFault::NotCustom.into());
                    }
                    domain.managed_login_version = input.managed_login_version.unwrap_or(domain.managed_login_version);
                    domain.custom = input.custom_domain_config.or(domain.custom.take());
                    domain.routing = input.routing.or(domain.routing.take());
                    Ok(domain.clone())
                })?
                .ok_or_else(|| DomainFault::NotFound.into())
            })
            .await
    }

    /// Takes a domain from a pool.
    ///
    /// # Errors
    /// [`DomainFault::NotFound`]
    pub async fn delete_pool_domain(&self, pool: PoolId, name: String) -> Result<()> {
        let removed = self.store.write(move |tx| tx.delete_domain(&name, &pool).map_err(Error::from)).await?;
        if removed { Ok(()) } else { Err(DomainFault::NotFound.into()) }
    }
}
