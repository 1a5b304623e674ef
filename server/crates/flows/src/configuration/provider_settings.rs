//! Making, changing and removing identity providers.

use std::collections::BTreeMap;

use domain::{
    Client, Error, IdentityProvider, PoolId, ProviderDetails, ProviderFault, Reason, Result, check_changeable,
    check_identifiers, check_provider_name, taken_identifier, validate_mapping,
};
use protocol::idp::{CreateIdentityProviderRequest, IdentityProviderTypeType as Kind, UpdateIdentityProviderRequest};
use serde::de::IgnoredAny;
use store::{StoreError, Tx};

use crate::documents::{IDENTITY_PROVIDER, PROVIDER_IDENTIFIER};
use crate::{Ctx, Latchkey};

/// Identity providers of a pool (Cognito's quota).
const MOST_PROVIDERS: usize = 300;
/// More than a pool can have of clients.
const ALL: usize = 10_000;

impl Latchkey {
    /// Makes an identity provider (CreateIdentityProvider). What an OIDC issuer or a SAML metadata address tells is
    /// fetched first.
    ///
    /// # Errors
    /// As CreateIdentityProvider declares.
    pub async fn create_identity_provider(
        &self,
        ctx: &Ctx,
        input: CreateIdentityProviderRequest,
    ) -> Result<IdentityProvider> {
        let pool = self.pool(&input.user_pool_id).await?;
        let (kind, now) = (input.provider_type, ctx.now);
        check_provider_name(kind, &input.provider_name)?;
        let mapping = validate_mapping(&pool, kind, input.attribute_mapping)?;
        let identifiers = input.idp_identifiers.unwrap_or_default();
        check_identifiers(&pool.id, &identifiers)?;
        // Before anybody is asked: the answer would be for nothing. The transaction looks again.
        if self.identity_provider(&pool.id, &input.provider_name).await?.is_some() {
            return Err(duplicate(&pool.id, &input.provider_name));
        }
        let mut provider = IdentityProvider {
            pool: pool.id.clone(),
            name: input.provider_name,
            kind,
            details: BTreeMap::new(),
            secrets: BTreeMap::new(),
            mapping,
            identifiers,
            acr_mapping: input.acr_mapping.unwrap_or_default(),
            iss_in_response: false,
            saml: None,
            created_at: now,
            modified_at: now,
        };
        let details = ProviderDetails::validate(kind, input.provider_details, &[], self.settings.allow_http)?;
        let details = self.complete_details(ctx, kind, details).await?;
        self.put_details(&mut provider, details);
        let made = provider.clone();
        self.store
            .write(move |tx| -> Result<()> {
                let pool = tx.pool(&provider.pool)?.ok_or_else(|| Reason::pool_not_found(&provider.pool))?;
                let known = tx.documents::<IgnoredAny>(IDENTITY_PROVIDER, &pool.id, None, MOST_PROVIDERS)?.items;
                let is_known = known.iter().any(|(name, _)| *name == provider.name);
                if known.len() >= MOST_PROVIDERS && !is_known {
                    return Err(ProviderFault::TooMany { pool: pool.id, most: MOST_PROVIDERS }.into());
                }
                let insert = tx.insert_document(IDENTITY_PROVIDER, &pool.id, &provider.name, &provider);
                insert.map_err(|error| match error {
                    StoreError::Conflict { .. } => duplicate(&pool.id, &provider.name),
                    other => other.into(),
                })?;
                take_identifiers(tx, &provider)
            })
            .await?;
        Ok(made)
    }

    /// Changes an identity provider (UpdateIdentityProvider): each member that is said replaces the old one whole.
    /// Apple's private key alone, which is never shown, stays where it is not said.
    ///
    /// # Errors
    /// As UpdateIdentityProvider declares.
    pub async fn update_identity_provider(
        &self,
        ctx: &Ctx,
        input: UpdateIdentityProviderRequest,
    ) -> Result<IdentityProvider> {
        check_changeable(&input.provider_name)?;
        let pool = self.pool(&input.user_pool_id).await?;
        let name = input.provider_name;
        let old = self.identity_provider(&pool.id, &name).await?.ok_or_else(|| unknown(&pool.id, &name))?;
        let (kind, now) = (old.kind, ctx.now);
        let mapping = match input.attribute_mapping {
            Some(said) => Some(validate_mapping(&pool, kind, Some(said))?),
            None => None,
        };
        check_identifiers(&pool.id, input.idp_identifiers.as_deref().unwrap_or_default())?;
        let details = match input.provider_details {
            Some(said) => {
                let keeps = if old.secrets.contains_key("private_key") { ["private_key"].as_slice() } else { &[] };
                let details = ProviderDetails::validate(kind, said, keeps, self.settings.allow_http)?;
                Some(self.complete_details(ctx, kind, details).await?)
            }
            None => None,
        };
        let latchkey = self.clone();
        self.store
            .write(move |tx| -> Result<IdentityProvider> {
                let pool = tx.pool(&pool.id)?.ok_or_else(|| Reason::pool_not_found(&pool.id))?;
                let change = |provider: &mut IdentityProvider| -> Result<_> {
                    let before = provider.identifiers.clone();
                    // Deleted and made anew as something else, while its issuer was asked.
                    if provider.kind != kind {
                        return Err(ProviderFault::Changed.into());
                    }
                    if let Some(details) = details {
                        latchkey.put_details(provider, details);
                    }
                    provider.mapping = mapping.unwrap_or_else(|| provider.mapping.clone());
                    provider.identifiers = input.idp_identifiers.unwrap_or_else(|| provider.identifiers.clone());
                    provider.acr_mapping = input.acr_mapping.unwrap_or_else(|| provider.acr_mapping.clone());
                    provider.modified_at = now;
                    Ok((before, provider.clone()))
                };
                let changed = tx.update_document(IDENTITY_PROVIDER, &pool.id, &name, change)?;
                let (before, provider) = changed.ok_or_else(|| unknown(&pool.id, &name))?;
                give_identifiers_back(tx, &pool.id, &before)?;
                take_identifiers(tx, &provider)?;
                Ok(provider)
            })
            .await
    }

    /// Removes an identity provider (DeleteIdentityProvider), and its name from the lists of the pool's clients. Users
    /// who came from it stay.
    ///
    /// # Errors
    /// As DeleteIdentityProvider declares.
    pub async fn delete_identity_provider(&self, ctx: &Ctx, pool: &str, name: &str) -> Result<()> {
        check_changeable(name)?;
        let (pool, name, now) = (PoolId::from(pool), name.to_owned(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
                let provider: Option<IdentityProvider> = tx.document(IDENTITY_PROVIDER, &pool, &name)?;
                let provider = provider.ok_or_else(|| unknown(&pool, &name))?;
                tx.delete_document(IDENTITY_PROVIDER, &pool, &name)?;
                give_identifiers_back(tx, &pool, &provider.identifiers)?;
                drop_from_clients(tx, &pool, &name, |client| client.modified_at = now)
            })
            .await
    }

    /// A provider that must exist.
    ///
    /// # Errors
    /// [`ProviderFault::NotFound`], [`Reason::PoolNotFound`]
    pub async fn known_identity_provider(&self, pool: &str, name: &str) -> Result<IdentityProvider> {
        let pool = self.pool(pool).await?;
        self.identity_provider(&pool.id, name).await?.ok_or_else(|| unknown(&pool.id, name))
    }

    /// Puts validated details into a provider. Secrets that may stay unsaid stay.
    fn put_details(&self, provider: &mut IdentityProvider, details: ProviderDetails) {
        let same = provider.detail("oidc_issuer") == details.get("oidc_issuer");
        provider.iss_in_response = details.iss_in_response.unwrap_or(same && provider.iss_in_response);
        provider.details = details.plain;
        provider.saml = details.saml;
        provider.secrets.retain(|key, _| key == "private_key");
        for (key, secret) in &details.secrets {
            self.put_provider_secret(provider, key, secret);
        }
    }

    /// Fills in what only the provider itself can tell.
    async fn complete_details(&self, ctx: &Ctx, kind: Kind, mut details: ProviderDetails) -> Result<ProviderDetails> {
        match kind {
            Kind::Oidc => self.complete_oidc(&mut details).await?,
            Kind::Saml => self.complete_saml(ctx, &mut details).await?,
            Kind::Google | Kind::Facebook | Kind::LoginWithAmazon | Kind::SignInWithApple => {}
        }
        Ok(details)
    }
}

/// Keeps each identifier under its own name, so that none has two providers and browsers find theirs by one read.
fn take_identifiers(tx: &mut Tx, provider: &IdentityProvider) -> Result<()> {
    provider.identifiers.iter().try_for_each(|identifier| {
        let insert = tx.insert_document(PROVIDER_IDENTIFIER, &provider.pool, identifier, &provider.name);
        insert.map_err(|error| match error {
            StoreError::Conflict { .. } => taken_identifier(&provider.pool, identifier),
            other => other.into(),
        })
    })
}

fn give_identifiers_back(tx: &mut Tx, pool: &PoolId, identifiers: &[String]) -> Result<()> {
    identifiers
        .iter()
        .try_for_each(|identifier| Ok(tx.delete_document(PROVIDER_IDENTIFIER, pool, identifier).map(drop)?))
}

/// Takes a provider's name out of the lists of a pool's clients. Where it is the only one it stays, and leads nowhere:
/// a client without a list lets the pool's own users in, which it did not before.
fn drop_from_clients(tx: &mut Tx, pool: &PoolId, name: &str, touch: impl Fn(&mut Client)) -> Result<()> {
    let clients = tx.clients(pool, None, ALL)?.items;
    let lists = |client: &Client| {
        let list = client.settings.supported_identity_providers.as_deref().unwrap_or_default();
        list.len() > 1 && list.iter().any(|provider| provider == name)
    };
    for client in clients.iter().filter(|client| lists(client)) {
        tx.update_client(&client.id, |client| -> Result<()> {
            if let Some(list) = &mut client.settings.supported_identity_providers {
                list.retain(|provider| provider != name);
            }
            touch(client);
            Ok(())
        })?;
    }
    Ok(())
}

fn duplicate(pool: &PoolId, name: &str) -> Error {
    ProviderFault::Duplicate { name: name.to_owned(), pool: pool.clone() }.into()
}

fn unknown(pool: &PoolId, name: &str) -> Error {
    ProviderFault::NotFound { name: name.to_owned(), pool: pool.clone() }.into()
}
