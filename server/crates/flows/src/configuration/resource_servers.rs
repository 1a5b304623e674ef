//! Resource servers and their scopes.

use domain::{Error, PoolId, Reason, ResourceServerFault, Result, check_scopes};
use protocol::idp::{
    CreateResourceServerRequest, ResourceServerScopeType, ResourceServerType, UpdateResourceServerRequest,
};
use store::StoreError;

use crate::documents::RESOURCE_SERVER;
use crate::page::{Page, PageRequest};
use crate::{Ctx, Latchkey};

impl Latchkey {
    /// Makes a resource server (CreateResourceServer).
    ///
    /// # Errors
    /// [`ResourceServerFault`], [`Reason::PoolNotFound`]
    pub async fn create_resource_server(&self, input: CreateResourceServerRequest) -> Result<ResourceServerType> {
        let (pool, identifier) = (PoolId::from(input.user_pool_id), input.identifier);
        let server = document(&pool, &identifier, input.name, input.scopes)?;
        self.store
            .write(move |tx| -> Result<ResourceServerType> {
                tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                tx.insert_document(RESOURCE_SERVER, &pool, &identifier, &server).map_err(|error| match error {
                    StoreError::Conflict { .. } => Error::from(ResourceServerFault::Exists { identifier, pool }),
                    other => other.into(),
                })?;
                Ok(server)
            })
            .await
    }

    /// A resource server of a pool.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`ResourceServerFault::NotFound`]
    pub async fn resource_server(&self, pool: PoolId, identifier: String) -> Result<ResourceServerType> {
        self.store
            .read(move |r| -> Result<ResourceServerType> {
                r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                r.document(RESOURCE_SERVER, &pool, &identifier)?.ok_or_else(|| not_found(&identifier))
            })
            .await
    }

    /// Replaces the name and the scopes of a resource server (UpdateResourceServer).
    ///
    /// # Errors
    /// [`ResourceServerFault`], [`Reason::PoolNotFound`]
    pub async fn update_resource_server(&self, input: UpdateResourceServerRequest) -> Result<ResourceServerType> {
        let (pool, identifier) = (PoolId::from(input.user_pool_id), input.identifier);
        let server = document(&pool, &identifier, input.name, input.scopes)?;
        self.store
            .write(move |tx| -> Result<ResourceServerType> {
                tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                let replace = |old: &mut ResourceServerType| -> Result<()> {
                    old.clone_from(&server);
                    Ok(())
                };
                tx.update_document(RESOURCE_SERVER, &pool, &identifier, replace)?
                    .ok_or_else(|| not_found(&identifier))?;
                Ok(server)
            })
            .await
    }

    /// Removes a resource server; its scopes are given out no more.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`ResourceServerFault::NotFound`]
    pub async fn delete_resource_server(&self, pool: PoolId, identifier: String) -> Result<()> {
        self.store
            .write(move |tx| -> Result<()> {
                tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                let removed = tx.delete_document(RESOURCE_SERVER, &pool, &identifier)?;
                if removed { Ok(()) } else { Err(not_found(&identifier)) }
            })
            .await
    }

    /// The resource servers of a pool, by identifier.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`Reason::PageTokenInvalid`]
    pub async fn resource_servers(
        &self,
        ctx: &Ctx,
        pool: PoolId,
        page: PageRequest<'_>,
    ) -> Result<Page<ResourceServerType>> {
        let list = format!("resource-servers\0{pool}");
        let found = self
            .read_page(ctx, &list, page, move |r, after, limit| {
                r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                Ok(r.documents::<ResourceServerType>(RESOURCE_SERVER, &pool, after, limit)?)
            })
            .await?;
        Ok(found.map(|(_, server)| server))
    }
}

/// A resource server as it is kept: in wire format.
fn document(
    pool: &PoolId,
    identifier: &str,
    name: String,
    scopes: Option<Vec<ResourceServerScopeType>>,
) -> Result<ResourceServerType> {
    let scopes = scopes.unwrap_or_default();
    check_scopes(identifier, &scopes)?;
    Ok(ResourceServerType {
        user_pool_id: Some(pool.to_string()),
        identifier: Some(identifier.to_owned()),
        name: Some(name),
        scopes: Some(scopes),
        managed_by: None,
    })
}

fn not_found(identifier: &str) -> Error {
    ResourceServerFault::NotFound { identifier: identifier.to_owned() }.into()
}
