//! Puts the file's identity providers into the demo pool, anew at each start.

use domain::{ClientId, PoolId, Result};
use flows::Latchkey;
use protocol::idp::{CreateIdentityProviderRequest, UpdateIdentityProviderRequest};

use crate::seed::{POOL, SPA};
use crate::settings::ConfiguredProvider;

/// Makes or changes each provider as its table says, and adds it to `demo-spa`; without the demo pool nothing. One that
/// cannot be had now (its issuer does not answer) is told in the log and stays as it was: the next start tries again.
///
/// # Errors
/// The store's.
pub(crate) async fn put_providers(latchkey: &Latchkey, providers: &[ConfiguredProvider]) -> Result<()> {
    let pool = PoolId::from(POOL);
    if providers.is_empty() || !latchkey.store().read(move |r| Ok::<_, domain::Error>(r.pool(&pool)?.is_some())).await?
    {
        return Ok(());
    }
    for provider in providers {
        match put(latchkey, provider).await {
            Ok(()) => add_to_spa(latchkey, &provider.name).await?,
            Err(error) => {
                tracing::warn!(provider = provider.name, %error, "the identity provider of the file is not in place");
            }
        }
    }
    Ok(())
}

async fn put(latchkey: &Latchkey, provider: &ConfiguredProvider) -> Result<()> {
    let ConfiguredProvider { name, kind, details, mapping, identifiers } = provider.clone();
    let known = latchkey.identity_provider(&PoolId::from(POOL), &name).await?;
    if known.as_ref().is_some_and(|known| known.kind == kind) {
        let input = UpdateIdentityProviderRequest {
            user_pool_id: POOL.to_owned(),
            provider_name: name,
            provider_details: Some(details),
            attribute_mapping: Some(mapping),
            idp_identifiers: Some(identifiers),
            acr_mapping: None,
        };
        return latchkey.update_identity_provider(&latchkey.server_ctx(), input).await.map(drop);
    }
    if known.is_some() {
        latchkey.delete_identity_provider(&latchkey.server_ctx(), POOL, &name).await?;
    }
    let input = CreateIdentityProviderRequest {
        user_pool_id: POOL.to_owned(),
        provider_name: name,
        provider_type: kind,
        provider_details: details,
        attribute_mapping: Some(mapping),
        idp_identifiers: Some(identifiers),
        acr_mapping: None,
    };
    latchkey.create_identity_provider(&latchkey.server_ctx(), input).await.map(drop)
}

async fn add_to_spa(latchkey: &Latchkey, name: &str) -> Result<()> {
    let (name, now) = (name.to_owned(), latchkey.now());
    latchkey
        .store()
        .write(move |tx| -> Result<()> {
            let add = |client: &mut domain::Client| -> Result<()> {
                if !client.supports_provider(&name) {
                    let list =
                        client.settings.supported_identity_providers.get_or_insert_with(|| vec!["COGNITO".to_owned()]);
                    list.push(name);
                    client.modified_at = now;
                }
                Ok(())
            };
            tx.update_client(&ClientId::from(SPA), add).map(drop)
        })
        .await
}
