//! Making and changing app clients and their secrets.

use domain::{
    Client, ClientFault, ClientId, ClientSecret, ClientSurroundings, Error, Pool, PoolId, Reason, Result,
    new_client_settings, updated_client_settings,
};
use jiff::Timestamp;
use protocol::idp::{CreateUserPoolClientRequest, ResourceServerType, UpdateUserPoolClientRequest};
use serde::de::IgnoredAny;
use store::Reader;
use tokens::Purpose;
use world::alphabet;

use crate::documents::{IDENTITY_PROVIDER, RESOURCE_SERVER};
use crate::page::{Page, PageRequest};
use crate::{ClientContext, Ctx, Latchkey};

/// Active secrets a client can have: one to use, one to move to.
const MOST_SECRETS: usize = 2;
/// More than a pool can have of resource servers or identity providers.
const ALL: usize = 10_000;

/// A secret that was just added.
#[derive(Clone, Debug)]
pub struct AddedSecret {
    /// As it is kept.
    pub secret: ClientSecret,
    /// In clear, where it was made here: the caller knows its own.
    pub made: Option<protocol::Sensitive>,
}

impl Latchkey {
    /// Makes an app client.
    ///
    /// # Errors
    /// As CreateUserPoolClient declares.
    pub async fn create_client(&self, ctx: &Ctx, input: CreateUserPoolClientRequest) -> Result<ClientContext> {
        let given = input.client_secret.clone();
        let generate = input.generate_secret == Some(true);
        if generate && given.is_some() {
            return Err(ClientFault::SecretGivenAndGenerated.into());
        }
        let id = ClientId::new(world::token(self.world.entropy(), 26, alphabet::LOWER_ALPHANUMERIC));
        let value = match given {
            Some(given) => Some(given),
            None => generate.then(|| self.make_client_secret()),
        };
        let secrets: Vec<ClientSecret> =
            value.map(|value| self.seal_client_secret(ctx.now, &id, &value, &[])).into_iter().collect();
        let (pool_id, now) = (PoolId::from(input.user_pool_id.as_str()), ctx.now);
        self.store
            .write(move |tx| -> Result<ClientContext> {
                let pool = tx.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                let around = surroundings(tx, &pool_id, !secrets.is_empty())?;
                let client = Client {
                    settings: new_client_settings(&pool, input, &around)?,
                    pool: pool_id,
                    id,
                    created_at: now,
                    modified_at: now,
                    secrets,
                    srp_only: false,
                    pkce_optional: false,
                };
                tx.insert_client(&client)?;
                Ok(ClientContext { pool: pool.into(), client: client.into() })
            })
            .await
    }

    /// Changes a client's settings (UpdateUserPoolClient).
    ///
    /// # Errors
    /// As UpdateUserPoolClient declares.
    pub async fn update_client(&self, ctx: &Ctx, input: UpdateUserPoolClientRequest) -> Result<Client> {
        let now = ctx.now;
        self.change_client(&input.user_pool_id.clone(), &input.client_id.clone(), move |client, pool, around| {
            client.settings = updated_client_settings(pool, client, input, around)?;
            client.modified_at = now;
            Ok(client.clone())
        })
        .await
    }

    /// Removes a client of a pool, with its brands.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`Reason::ClientNotFound`]
    pub async fn delete_client(&self, pool_id: &str, client_id: &str) -> Result<()> {
        let id = self.app_in(pool_id, client_id).await?.client.id.clone();
        let removed = self.store.write(move |tx| tx.delete_client(&id).map_err(Error::from)).await?;
        if removed { Ok(()) } else { Err(Reason::client_not_found(client_id).into()) }
    }

    /// The clients of a pool, by time of creation.
    ///
    /// # Errors
    /// [`Reason::PoolNotFound`], [`Reason::PageTokenInvalid`]
    pub async fn clients(&self, ctx: &Ctx, pool: PoolId, page: PageRequest<'_>) -> Result<Page<Client>> {
        let list = format!("clients\0{pool}");
        self.read_page(ctx, &list, page, move |r, after, limit| {
            r.pool(&pool)?.ok_or_else(|| Reason::pool_not_found(&pool))?;
            Ok(r.clients(&pool, after, limit)?)
        })
        .await
    }

    /// Gives a confidential client a further secret: its own, or a new one.
    ///
    /// # Errors
    /// [`ClientFault::SecretOfPublicClient`]; [`ClientFault::TooManySecrets`] where it has two.
    pub async fn add_client_secret(
        &self,
        ctx: &Ctx,
        pool_id: &str,
        client_id: &str,
        own: Option<protocol::Sensitive>,
    ) -> Result<AddedSecret> {
        let (latchkey, now) = (self.clone(), ctx.now);
        self.change_client(pool_id, client_id, move |client, _, _| {
            if client.secrets.is_empty() {
                return Err(ClientFault::SecretOfPublicClient.into());
            }
            if client.secrets.len() >= MOST_SECRETS {
                return Err(ClientFault::TooManySecrets { most: MOST_SECRETS }.into());
            }
            let made = own.is_none().then(|| latchkey.make_client_secret());
            let value = made.clone().or(own).unwrap_or_default();
            let secret = latchkey.seal_client_secret(now, &client.id, &value, &client.secrets);
            client.secrets.push(secret.clone());
            client.modified_at = secret.created_at;
            Ok(AddedSecret { secret, made })
        })
        .await
    }

    /// Takes one of two secrets away.
    ///
    /// # Errors
    /// [`ClientFault::SecretNotFound`]; [`ClientFault::LastSecret`].
    pub async fn delete_client_secret(&self, ctx: &Ctx, pool_id: &str, client_id: &str, secret_id: &str) -> Result<()> {
        let (secret_id, now) = (secret_id.to_owned(), ctx.now);
        self.change_client(pool_id, client_id, move |client, _, _| {
            let secrets = &mut client.secrets;
            if !secrets.iter().any(|secret| secret.id == secret_id) {
                return Err(ClientFault::SecretNotFound { id: secret_id }.into());
            }
            if secrets.len() == 1 {
                return Err(ClientFault::LastSecret.into());
            }
            secrets.retain(|secret| secret.id != secret_id);
            client.modified_at = now;
            Ok(())
        })
        .await
    }

    /// Changes a client of a given pool in one transaction, with sight of what the rules ask for.
    async fn change_client<T: Send + 'static>(
        &self,
        pool_id: &str,
        client_id: &str,
        change: impl FnOnce(&mut Client, &Pool, &ClientSurroundings) -> Result<T> + Clone + Send + 'static,
    ) -> Result<T> {
        let (pool_id, id) = (PoolId::from(pool_id), ClientId::from(client_id));
        self.store
            .write(move |tx| -> Result<T> {
                let pool = tx.pool(&pool_id)?.ok_or_else(|| Reason::pool_not_found(&pool_id))?;
                let around = surroundings(tx, &pool_id, false)?;
                tx.update_client(&id, |client| -> Result<T> {
                    if client.pool != pool.id {
                        return Err(Reason::client_not_found(&client.id).into());
                    }
                    let around = ClientSurroundings { confidential: client.is_confidential(), ..around };
                    change(client, &pool, &around)
                })?
                .ok_or_else(|| Reason::client_not_found(&id).into())
            })
            .await
    }

    fn make_client_secret(&self) -> protocol::Sensitive {
        world::token(self.world.entropy(), 51, alphabet::LOWER_ALPHANUMERIC).into()
    }

    /// A secret as it is kept, under an id that none of `others` has.
    fn seal_client_secret(&self, now: Timestamp, id: &ClientId, value: &str, others: &[ClientSecret]) -> ClientSecret {
        let mut at = now.as_millisecond();
        let named = |at: i64| format!("{id}--{at}");
        while others.iter().any(|other| other.id == named(at)) {
            at += 1;
        }
        ClientSecret {
            id: named(at),
            value: self.seal(Purpose::ClientSecret, id.as_str(), value.as_bytes()),
            created_at: now,
        }
    }
}

/// What the rules for a client's settings ask for besides the settings.
fn surroundings(r: &mut Reader, pool: &PoolId, confidential: bool) -> Result<ClientSurroundings> {
    let servers = r.documents::<ResourceServerType>(RESOURCE_SERVER, pool, None, ALL)?;
    let custom_scopes = servers
        .items
        .into_iter()
        .flat_map(|(identifier, server)| {
            let scopes = server.scopes.unwrap_or_default().into_iter();
            scopes.map(move |scope| format!("{identifier}/{}", scope.scope_name))
        })
        .collect();
    let providers = r.documents::<IgnoredAny>(IDENTITY_PROVIDER, pool, None, ALL)?;
    Ok(ClientSurroundings {
        confidential,
        custom_scopes,
        providers: providers.items.into_iter().map(|(name, _)| name).collect(),
    })
}
