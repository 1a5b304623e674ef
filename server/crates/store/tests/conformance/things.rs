//! Things to remember.

use std::collections::BTreeMap;

use domain::{Client, ClientId, Code, Device, DeviceKey, Group, GroupName, Pool, PoolId, PoolMfa, Sealed, User};
use jiff::Timestamp;
use serde_json::{from_value, json};
use store::{BrandKind, BrandVersion, OutboxMessage, Store, StoreError, StoredAsset, StoredFederationState};

pub(crate) const POOL: &str = "us-east-1_Conformed";

pub(crate) fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + milliseconds).unwrap()
}

pub(crate) fn pool(id: &str) -> Pool {
    let settings = json!({
        "AliasAttributes": ["email", "phone_number", "preferred_username"],
        "UsernameConfiguration": { "CaseSensitive": false },
    });
    Pool {
        id: PoolId::new(id),
        created_at: at(0),
        modified_at: at(0),
        settings: from_value(settings).unwrap(),
        mfa: PoolMfa::default(),
    }
}

pub(crate) fn client(id: &str, pool: &str, created: i64) -> Client {
    Client {
        id: ClientId::new(id),
        pool: PoolId::new(pool),
        created_at: at(created),
        modified_at: at(created),
        settings: from_value(json!({ "ClientName": id })).unwrap(),
        secrets: Vec::new(),
        srp_only: false,
        pkce_optional: false,
    }
}

pub(crate) fn user(pool: &str, username: &str, attributes: &[(&str, &str)]) -> User {
    let attributes: BTreeMap<&str, &str> = attributes.iter().copied().collect();
    // Through JSON, so that what users gain over time need not be named here.
    let fields = json!({
        "pool": pool,
        "username": username,
        "sub": format!("sub-of-{username}"),
        "status": "CONFIRMED",
        "enabled": true,
        "attributes": attributes,
        "created_at": at(0),
        "modified_at": at(0),
    });
    from_value(fields).unwrap()
}

pub(crate) fn group(pool: &str, name: &str, precedence: Option<i32>) -> Group {
    Group {
        name: GroupName::new(name),
        pool: PoolId::new(pool),
        description: None,
        role_arn: None,
        precedence,
        created_at: at(0),
        modified_at: at(0),
    }
}

pub(crate) fn device(key: &str, created: i64) -> Device {
    Device {
        key: DeviceKey::new(key),
        group_key: "group".to_owned(),
        verifier: None,
        name: None,
        remembered: false,
        last_ip: None,
        created_at: at(created),
        modified_at: at(created),
        authenticated_at: at(created),
    }
}

pub(crate) fn code(expires: i64) -> Code {
    Code {
        digits: Sealed(vec![0, 255, 7]),
        sent_at: at(0),
        expires_at: at(expires),
        attribute: "email".to_owned(),
        destination: "a@example.com".to_owned(),
        failures: 0,
    }
}

pub(crate) fn brand(id: &str, kind: BrandKind, client: Option<&str>) -> BrandVersion {
    BrandVersion { id: id.to_owned(), kind, client: client.map(ClientId::new), version: format!("version of {id}") }
}

pub(crate) fn asset(hash: &str) -> StoredAsset {
    StoredAsset { hash: hash.to_owned(), form: "svg".to_owned(), sent: vec![0, 255, 1], served: Some(vec![]) }
}

/// A browser on its way to a provider, whose state counts until then.
pub(crate) fn federation_state(hash: &[u8], pool: &str, valid_until: i64) -> StoredFederationState {
    StoredFederationState {
        hash: hash.to_vec(),
        pool: pool.into(),
        valid_until: at(valid_until),
        expires_at: at(valid_until + 10),
        doc: Sealed(vec![0, 255, 3]),
    }
}

/// A message that is anybody's at 10 s, of no more use at 1,000, and forgotten at 5,000.
pub(crate) fn message(id: &str, pool: &str) -> OutboxMessage {
    OutboxMessage {
        id: id.to_owned(),
        pool: pool.into(),
        channel: "email".to_owned(),
        purpose: "SignUp".to_owned(),
        body: Sealed(vec![1, 255, 0]),
        created_at: at(0),
        due_at: at(10),
        useful_until: at(1_000),
        expires_at: at(5_000),
    }
}

/// Keeps one pool.
pub(crate) async fn with_pool(store: &Store) -> Pool {
    let it = pool(POOL);
    let kept = it.clone();
    store.write(move |tx| tx.insert_pool(&kept)).await.unwrap();
    it
}

/// Keeps one user of [`POOL`].
pub(crate) async fn add_user(store: &Store, user: User) -> Result<(), StoreError> {
    let pool = pool(user.pool.as_str());
    store.write(move |tx| tx.insert_user(&pool, &user)).await
}
