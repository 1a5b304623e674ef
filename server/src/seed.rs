//! What dev mode puts into an empty store: a pool to try things on. Ordinary objects, there to be changed or deleted;
//! once the store has been seeded, or has had a pool of its own, nothing is made again.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Client, ClientId, ClientSecret, ClientSurroundings, Error, Pool, PoolDomain, PoolId, Result, User, UserStatus,
    new_client_settings, new_pool_settings, set_pool_mfa,
};
use flows::{Latchkey, RESOURCE_SERVER};
use protocol::idp::{
    CreateUserPoolClientRequest, CreateUserPoolRequest, ExplicitAuthFlowsType, OAuthFlowType,
    PreventUserExistenceErrorTypes, ResourceServerScopeType, ResourceServerType, SetUserPoolMfaConfigRequest,
    SoftwareTokenMfaConfigType, UserPoolMfaType, UsernameAttributeType, UsernameConfigurationType,
    VerifiedAttributeType,
};
use tokens::Purpose;

/// The demo pool, whatever the Region set.
pub const POOL: &str = "us-east-1_LatchkeyDemo";
/// Its domain.
pub const DOMAIN: &str = "demo";
/// The public client `demo-spa`.
pub const SPA: &str = "demospa0000000000000000000";
/// The confidential client `demo-backend`.
pub const BACKEND: &str = "demobackend000000000000000";
/// Its secret.
pub const BACKEND_SECRET: &str = "demobackendsecret0000000000000000000000000000000000";
/// The user.
pub const EMAIL: &str = "demo@example.com";
/// The user's password.
pub const PASSWORD: &str = "Latchkey-demo-1";
/// The resource server.
pub const SERVER: &str = "demo";

/// The fact that says it was done.
const SEEDED: &str = "seeded";
/// Where development servers commonly listen: Vite's two, and those of most others.
const PORTS: [u16; 6] = [3000, 4173, 4200, 5173, 8000, 8080];

/// Seeds a store that has never held a pool; answers whether it did.
///
/// # Errors
/// The store's.
pub async fn seed(latchkey: &Latchkey) -> Result<bool> {
    let is_new = latchkey
        .store()
        .read(|r| -> Result<bool> { Ok(r.meta(SEEDED)?.is_none() && r.pools(None, 1)?.items.is_empty()) })
        .await?;
    if !is_new {
        return Ok(false);
    }
    let pool = make_pool(latchkey)?;
    let keys = latchkey.make_signing_keys(&pool.id)?;
    let (spa, backend) = (make_spa(latchkey, &pool)?, make_backend(latchkey, &pool)?);
    let user = make_user(latchkey, &pool)?;
    let domain = PoolDomain { managed_login_version: 2, custom: None, routing: None, created_at: latchkey.now() };
    latchkey
        .store()
        .write(move |tx| -> Result<bool> {
            // Another process may have been faster.
            if tx.meta(SEEDED)?.is_some() {
                return Ok(false);
            }
            tx.insert_pool(&pool)?;
            for key in &keys {
                tx.insert_signing_key(key)?;
            }
            tx.insert_domain(DOMAIN, &pool.id, &domain)?;
            tx.insert_document(RESOURCE_SERVER, &pool.id, SERVER, &resource_server())?;
            tx.insert_client(&spa)?;
            tx.insert_client(&backend)?;
            tx.insert_user(&pool, &user)?;
            tx.put_meta(SEEDED, &pool.created_at.to_string())?;
            Ok(true)
        })
        .await
}

fn make_pool(latchkey: &Latchkey) -> Result<Pool> {
    let (settings, mfa) = new_pool_settings(CreateUserPoolRequest {
        pool_name: "Latchkey demo".to_owned(),
        username_attributes: Some(vec![UsernameAttributeType::Email]),
        auto_verified_attributes: Some(vec![VerifiedAttributeType::Email]),
        username_configuration: Some(UsernameConfigurationType { case_sensitive: false }),
        ..CreateUserPoolRequest::default()
    })?;
    let now = latchkey.now();
    let mut pool = Pool { id: PoolId::from(POOL), created_at: now, modified_at: now, settings, mfa };
    let totp = SetUserPoolMfaConfigRequest {
        user_pool_id: POOL.to_owned(),
        mfa_configuration: Some(UserPoolMfaType::Optional),
        software_token_mfa_configuration: Some(SoftwareTokenMfaConfigType { enabled: Some(true) }),
        ..SetUserPoolMfaConfigRequest::default()
    };
    set_pool_mfa(&mut pool, totp)?;
    Ok(pool)
}

fn resource_server() -> ResourceServerType {
    let scope = |name: &str, says: &str| ResourceServerScopeType {
        scope_name: name.to_owned(),
        scope_description: says.to_owned(),
    };
    ResourceServerType {
        user_pool_id: Some(POOL.to_owned()),
        identifier: Some(SERVER.to_owned()),
        name: Some("Demo".to_owned()),
        scopes: Some(vec![scope("read", "Read"), scope("write", "Write")]),
        ..ResourceServerType::default()
    }
}

fn make_spa(latchkey: &Latchkey, pool: &Pool) -> Result<Client> {
    use ExplicitAuthFlowsType as Flow;
    let base = &latchkey.settings().base_url;
    let demo = format!("{base}/demo/");
    let local = || PORTS.iter().map(|port| format!("http://localhost:{port}/"));
    let callbacks = || PORTS.iter().map(|port| format!("http://localhost:{port}/callback"));
    let input = CreateUserPoolClientRequest {
        user_pool_id: POOL.to_owned(),
        client_name: "demo-spa".to_owned(),
        explicit_auth_flows: Some(vec![
            Flow::AllowUserSrpAuth,
            Flow::AllowUserPasswordAuth,
            Flow::AllowAdminUserPasswordAuth,
            Flow::AllowRefreshTokenAuth,
        ]),
        supported_identity_providers: Some(vec!["COGNITO".to_owned()]),
        callback_urls: Some(std::iter::once(demo.clone()).chain(local()).chain(callbacks()).collect()),
        logout_urls: Some(std::iter::once(demo).chain(local()).collect()),
        allowed_oauth_flows: Some(vec![OAuthFlowType::Code]),
        allowed_oauth_scopes: Some(
            ["openid", "email", "phone", "profile", domain::SELF_SERVICE_SCOPE, "demo/read", "demo/write"]
                .map(str::to_owned)
                .to_vec(),
        ),
        allowed_oauth_flows_user_pool_client: Some(true),
        prevent_user_existence_errors: Some(PreventUserExistenceErrorTypes::Enabled),
        ..CreateUserPoolClientRequest::default()
    };
    make_client(latchkey, pool, SPA, input, None)
}

/// Only for itself: Cognito keeps client_credentials apart from the grants of people.
fn make_backend(latchkey: &Latchkey, pool: &Pool) -> Result<Client> {
    let input = CreateUserPoolClientRequest {
        user_pool_id: POOL.to_owned(),
        client_name: "demo-backend".to_owned(),
        allowed_oauth_flows: Some(vec![OAuthFlowType::ClientCredentials]),
        allowed_oauth_scopes: Some(["demo/read", "demo/write"].map(str::to_owned).to_vec()),
        allowed_oauth_flows_user_pool_client: Some(true),
        ..CreateUserPoolClientRequest::default()
    };
    make_client(latchkey, pool, BACKEND, input, Some(BACKEND_SECRET))
}

fn make_client(
    latchkey: &Latchkey,
    pool: &Pool,
    id: &str,
    input: CreateUserPoolClientRequest,
    secret: Option<&str>,
) -> Result<Client> {
    let now = latchkey.now();
    let around = ClientSurroundings {
        confidential: secret.is_some(),
        custom_scopes: BTreeSet::from(["demo/read".to_owned(), "demo/write".to_owned()]),
        providers: BTreeSet::new(),
    };
    let secrets = secret.map(|secret| ClientSecret {
        id: format!("{id}--{}", now.as_millisecond()),
        value: latchkey.seal(Purpose::ClientSecret, id, secret.as_bytes()),
        created_at: now,
    });
    Ok(Client {
        id: ClientId::from(id),
        pool: pool.id.clone(),
        created_at: now,
        modified_at: now,
        settings: new_client_settings(pool, input, &around)?,
        secrets: secrets.into_iter().collect(),
        srp_only: false,
        pkce_optional: false,
    })
}

fn make_user(latchkey: &Latchkey, pool: &Pool) -> Result<User> {
    let attributes =
        BTreeMap::from([("email_verified".to_owned(), "true".to_owned()), ("name".to_owned(), "Demo User".to_owned())]);
    pool.password_rules().check(PASSWORD).map_err(Error::internal)?;
    let mut user = latchkey.make_user(&latchkey.server_ctx(), pool, EMAIL, attributes, UserStatus::Confirmed)?;
    user.password = Some(latchkey.make_password(&pool.id, &user.username, PASSWORD, latchkey.now(), false));
    Ok(user)
}
