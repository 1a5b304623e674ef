//! Reading a pool's identity providers.

use domain::{Error, IdentityProvider, PoolId, ProviderSecret, Reason, Result};
use serde::de::IgnoredAny;
use store::Reader;
use tokens::Purpose;

use crate::documents::{IDENTITY_PROVIDER, PROVIDER_IDENTIFIER};
use crate::page::{Page, PageRequest};
use crate::{ClientContext, Ctx, Latchkey};

/// More than a pool can have.
const ALL: usize = 10_000;

impl Latchkey {
    /// A provider by its name.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn identity_provider(&self, pool: &PoolId, name: &str) -> Result<Option<IdentityProvider>> {
        let (pool, name) = (pool.clone(), name.to_owned());
        self.store.read(move |r| Ok(r.document(IDENTITY_PROVIDER, &pool, &name)?)).await
    }

    /// A provider by one of its identifiers (IdpIdentifiers).
    ///
    /// # Errors
    /// Only the store's.
    pub async fn identity_provider_by_identifier(
        &self,
        pool: &PoolId,
        identifier: &str,
    ) -> Result<Option<IdentityProvider>> {
        let (pool, identifier) = (pool.clone(), identifier.to_owned());
        self.store
            .read(move |r| {
                let name: Option<String> = r.document(PROVIDER_IDENTIFIER, &pool, &identifier)?;
                Ok(match name {
                    Some(name) => r.document(IDENTITY_PROVIDER, &pool, &name)?,
                    None => None,
                })
            })
            .await
    }

    /// The identity providers of a pool, by name.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`Reason::PageTokenInvalid`]
    pub async fn identity_providers(
        &self,
        ctx: &Ctx,
        pool: PoolId,
        page: PageRequest<'_>,
    ) -> Result<Page<IdentityProvider>> {
        let list = format!("identity-providers\0{pool}");
        let found = self
            .read_page(ctx, &list, page, move |r, after, limit| {
                r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                Ok(r.documents::<IdentityProvider>(IDENTITY_PROVIDER, &pool, after, limit)?)
            })
            .await?;
        Ok(found.map(|(_, provider)| provider))
    }

    /// The providers a client's users may use: those of its SupportedIdentityProviders, in that order.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn providers_of(&self, app: &ClientContext) -> Result<Vec<IdentityProvider>> {
        let names = app.client.settings.supported_identity_providers.clone().unwrap_or_default();
        if names.iter().all(|name| name == "COGNITO") {
            return Ok(Vec::new());
        }
        let pool = app.pool.id.clone();
        self.store
            .read(move |r| {
                let mut providers = Vec::new();
                for name in names {
                    providers.extend(r.document(IDENTITY_PROVIDER, &pool, &name)?);
                }
                Ok(providers)
            })
            .await
    }

    /// A provider's secret in clear (`client_secret`, `private_key`); None where it has none of that name.
    ///
    /// # Errors
    /// An internal error where it does not open.
    pub fn provider_secret(&self, provider: &IdentityProvider, key: &str) -> Result<Option<ProviderSecret>> {
        let Some(sealed) = provider.secrets.get(key) else { return Ok(None) };
        let opened = self.unseal(Purpose::ProviderSecret, &provider.secret_context(key), sealed)?;
        let text = std::str::from_utf8(&opened).map_err(Error::internal)?;
        Ok(Some(ProviderSecret::new(text.to_owned())))
    }

    /// Seals a secret of a provider into it, in the place of an earlier one.
    pub(crate) fn put_provider_secret(&self, provider: &mut IdentityProvider, key: &str, secret: &str) {
        let sealed = self.seal(Purpose::ProviderSecret, &provider.secret_context(key), secret.as_bytes());
        provider.secrets.insert(key.to_owned(), sealed);
    }
}

/// The names of a pool's providers, without reading what is in them.
pub(crate) fn provider_names(r: &mut Reader, pool: &PoolId) -> Result<Vec<String>> {
    let page = r.documents::<IgnoredAny>(IDENTITY_PROVIDER, pool, None, ALL)?;
    Ok(page.items.into_iter().map(|(name, _)| name).collect())
}
