use std::sync::Arc;

use domain::{Client, ClientId, CodePurpose, DeviceKey, GroupName, Limit, Pool, PoolId, Sealed, Username};
use serde_json::{Value, json};
use store::{
    AccessKey, BrandKind, DataKey, KeyOwner, KeySession, KeyUse, OutboxState, SigningKey, StoreError, StoredApp,
};

use crate::Fixture;
use crate::things::{
    POOL, add_user, asset, at, brand, client, code, device, federation_state, group, message, pool, user, with_pool,
};

pub(crate) async fn pools_round_trip(Fixture { store, .. }: Fixture) {
    let one = with_pool(&store).await;
    let id = one.id.clone();
    let found = store.read(move |r| r.pool(&id)).await.unwrap();
    assert_eq!(found, Some(one.clone()));
    let again = one.clone();
    let error = store.write(move |tx| tx.insert_pool(&again)).await.unwrap_err();
    assert_eq!(error.taken(), Some("pool"));

    let id = one.id.clone();
    let name = store
        .write(move |tx| {
            tx.update_pool(&id, |pool| {
                pool.settings.name = Some("renamed".to_owned());
                Ok::<_, StoreError>(pool.id.name().to_owned())
            })
        })
        .await
        .unwrap();
    assert_eq!(name.as_deref(), Some("Conformed"));
    let id = one.id.clone();
    let found = store.read(move |r| r.pool(&id)).await.unwrap().unwrap();
    assert_eq!(found.settings.name.as_deref(), Some("renamed"));

    let nowhere = PoolId::new("us-east-1_Nowhere");
    let (a, b, c) = (nowhere.clone(), nowhere.clone(), nowhere);
    assert_eq!(store.read(move |r| r.pool(&a)).await.unwrap(), None);
    let changed = store.write(move |tx| tx.update_pool(&b, |_| Ok::<_, StoreError>(()))).await.unwrap();
    assert_eq!(changed, None);
    assert!(!store.write(move |tx| tx.delete_pool(&c)).await.unwrap());
}

pub(crate) async fn pools_page_in_order_of_creation(Fixture { store, .. }: Fixture) {
    // Three at one instant; ids in another order than times.
    for (name, time) in [("d", 1), ("b", 2), ("c", 2), ("a", 2), ("e", 3)] {
        let mut it = pool(&format!("r_{name}"));
        it.created_at = at(time);
        store.write(move |tx| tx.insert_pool(&it)).await.unwrap();
    }
    for limit in 1..=6 {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.read(move |r| r.pools(after.as_deref(), limit)).await.unwrap();
            assert!(page.items.len() <= limit);
            seen.extend(page.items.iter().map(|pool| pool.id.name().to_owned()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["d", "a", "b", "c", "e"], "limit {limit}");
    }
}

pub(crate) async fn a_kept_app_is_given_back_until_it_changes(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    store.write(|tx| tx.insert_client(&client("one", POOL, 2))).await.unwrap();
    let read = |kept: Option<Arc<StoredApp>>| store.read(move |r| r.app(&"one".into(), kept.as_ref()));
    let first = read(None).await.unwrap().unwrap();
    assert_eq!((&*first.pool, &*first.client), (&stored_pool(&store).await, &client("one", POOL, 2)));
    let same = read(Some(first.clone())).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&first, &same));

    let rename = |pool: &mut Pool| {
        pool.settings.name = Some("renamed".to_owned());
        Ok::<_, StoreError>(())
    };
    store.write(move |tx| tx.update_pool(&POOL.into(), rename)).await.unwrap();
    let renamed = read(Some(first)).await.unwrap().unwrap();
    assert_eq!(renamed.pool.settings.name.as_deref(), Some("renamed"));

    let harden = |client: &mut Client| {
        client.srp_only = true;
        Ok::<_, StoreError>(())
    };
    store.write(move |tx| tx.update_client(&"one".into(), harden)).await.unwrap();
    let hardened = read(Some(renamed)).await.unwrap().unwrap();
    assert!(hardened.client.srp_only && hardened.pool.settings.name.is_some());

    store.write(|tx| tx.insert_signing_key(&signing_key("k", 0))).await.unwrap();
    let rekeyed = read(Some(hardened.clone())).await.unwrap().unwrap();
    assert_ne!(rekeyed.keys_version, hardened.keys_version);

    store.write(|tx| tx.delete_client(&"one".into())).await.unwrap();
    assert!(read(Some(rekeyed)).await.unwrap().is_none());
}

async fn stored_pool(store: &store::Store) -> Pool {
    store.read(|r| r.pool(&POOL.into())).await.unwrap().unwrap()
}

pub(crate) async fn clients_are_unique_over_all_pools(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    store.write(|tx| tx.insert_pool(&pool("r_Other"))).await.unwrap();
    store.write(|tx| tx.insert_client(&client("one", POOL, 2))).await.unwrap();
    store.write(|tx| tx.insert_client(&client("two", POOL, 1))).await.unwrap();
    let error = store.write(|tx| tx.insert_client(&client("one", "r_Other", 0))).await.unwrap_err();
    assert_eq!(error.taken(), Some("client"));
    let error = store.write(|tx| tx.insert_client(&client("three", "r_Nowhere", 0))).await.unwrap_err();
    assert!(matches!(error, StoreError::Orphan(_)), "{error:?}");

    assert_eq!(store.read(|r| r.client(&"one".into())).await.unwrap(), Some(client("one", POOL, 2)));
    assert_eq!(store.read(|r| r.count_clients(&POOL.into())).await.unwrap(), 2);
    let page = store.read(|r| r.clients(&POOL.into(), None, 1)).await.unwrap();
    assert_eq!(page.items[0].id, ClientId::new("two"));
    let page = store.read(move |r| r.clients(&POOL.into(), page.next.as_deref(), 1)).await.unwrap();
    assert_eq!((page.items[0].id.as_str(), page.next), ("one", None));

    let changed = store
        .write(|tx| {
            tx.update_client(&"one".into(), |client| {
                client.srp_only = true;
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    assert_eq!(changed, Some(()));
    assert!(store.read(|r| r.client(&"one".into())).await.unwrap().unwrap().srp_only);
    assert!(store.write(|tx| tx.delete_client(&"one".into())).await.unwrap());
    assert!(!store.write(|tx| tx.delete_client(&"one".into())).await.unwrap());
}

fn signing_key(kid: &str, created: i64) -> SigningKey {
    SigningKey {
        pool: PoolId::new(POOL),
        kid: kid.to_owned(),
        purpose: KeyUse::Access,
        pkcs8: Sealed(vec![0, 1, 255]),
        jwk: json!({ "kid": kid, "n": "…" }),
        created_at: at(created),
        retired_at: None,
    }
}

pub(crate) async fn signing_keys_retire(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    let id_key = SigningKey { purpose: KeyUse::Id, ..signing_key("b", 1) };
    let kept = id_key.clone();
    store
        .write(move |tx| {
            tx.insert_signing_key(&signing_key("a", 2))?;
            tx.insert_signing_key(&kept)
        })
        .await
        .unwrap();
    let error = store.write(|tx| tx.insert_signing_key(&signing_key("a", 3))).await.unwrap_err();
    assert_eq!(error.taken(), Some("signing key"));
    assert!(store.write(|tx| tx.retire_signing_key(&POOL.into(), "a", at(9))).await.unwrap());
    assert!(!store.write(|tx| tx.retire_signing_key(&POOL.into(), "a", at(10))).await.unwrap());
    let retired = SigningKey { retired_at: Some(at(9)), ..signing_key("a", 2) };
    assert_eq!(store.read(|r| r.signing_keys(&POOL.into())).await.unwrap(), [id_key, retired]);
    assert!(store.write(|tx| tx.delete_signing_key(&POOL.into(), "a")).await.unwrap());
    assert_eq!(store.read(|r| r.signing_keys(&POOL.into())).await.unwrap().len(), 1);
}

pub(crate) async fn data_keys_are_replaced_together(Fixture { store, .. }: Fixture) {
    let key = |id, byte| DataKey { id, wrapped: vec![byte; 40] };
    store
        .write(move |tx| {
            tx.insert_data_key(&key(u32::MAX, 1))?;
            tx.insert_data_key(&key(1, 1))
        })
        .await
        .unwrap();
    let error = store.write(move |tx| tx.insert_data_key(&key(1, 2))).await.unwrap_err();
    assert_eq!(error.taken(), Some("data key"));
    // A replacement that fails half way changes nothing, even if its failure is swallowed.
    store
        .write(move |tx| {
            let error = tx.replace_data_keys(&[key(1, 3), key(1, 4)]).unwrap_err();
            assert_eq!(error.taken(), Some("data key"));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    assert_eq!(store.read(|r| r.data_keys()).await.unwrap(), [key(1, 1), key(u32::MAX, 1)]);
    store.write(move |tx| tx.replace_data_keys(&[key(1, 5), key(2, 5)])).await.unwrap();
    assert_eq!(store.read(|r| r.data_keys()).await.unwrap(), [key(1, 5), key(2, 5)]);
}

pub(crate) async fn access_keys_round_trip(Fixture { store, .. }: Fixture) {
    let key = |id: &str, owner: KeyOwner, session: Option<KeySession>| AccessKey {
        id: id.to_owned(),
        secret: Sealed(vec![1, 2]),
        created_at: at(2),
        owner,
        session,
    };
    let session = |policy: Option<&str>| KeySession {
        token: Sealed(vec![3]),
        expires_at: at(1_000),
        policy: policy.map(str::to_owned),
    };
    let role = KeyOwner::Role { name: "reader".to_owned(), session: "app".to_owned() };
    let keys = [
        key("user", KeyOwner::User { name: "ada".to_owned() }, None),
        key("role", role, Some(session(Some("{}")))),
        key("session", KeyOwner::User { name: "ada".to_owned() }, Some(session(None))),
        key("local", KeyOwner::Root, None),
    ];
    for key in keys.clone() {
        assert!(!store.read(|r| r.has_root_access_key()).await.unwrap());
        store.write(move |tx| tx.insert_access_key(&key)).await.unwrap();
    }
    assert!(store.read(|r| r.has_root_access_key()).await.unwrap());
    let again = key("user", KeyOwner::Root, None);
    let error = store.write(move |tx| tx.insert_access_key(&again)).await.unwrap_err();
    assert_eq!(error.taken(), Some("access key"), "a name is not taken over");
    for key in keys {
        let id = key.id.clone();
        assert_eq!(store.read(move |r| r.access_key(&id)).await.unwrap(), Some(key));
    }
    assert_eq!(store.read(|r| r.access_key("nobody")).await.unwrap(), None);
    assert!(store.write(|tx| tx.delete_access_key("local")).await.unwrap());
    assert!(!store.read(|r| r.has_root_access_key()).await.unwrap());
    let day = jiff::SignedDuration::from_hours(24);
    let forgotten_at = at(1_000).checked_add(day).unwrap();
    let before = forgotten_at.checked_sub(jiff::SignedDuration::from_millis(1)).unwrap();
    assert_eq!(store.sweep(before).await.unwrap(), 0);
    assert_eq!(store.sweep(forgotten_at).await.unwrap(), 2, "temporary keys, and no lasting one");
    assert_eq!(store.read(|r| r.access_key("role")).await.unwrap(), None);
    assert!(store.read(|r| r.access_key("user")).await.unwrap().is_some());
}

pub(crate) async fn groups_and_members(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    for name in ["u1", "u2", "u3"] {
        add_user(&store, user(POOL, name, &[])).await.unwrap();
    }
    store
        .write(|tx| {
            for (name, precedence) in [("none", None), ("late", Some(9)), ("b-first", Some(0)), ("a-first", Some(0))] {
                tx.insert_group(&group(POOL, name, precedence))?;
                tx.add_to_group(&POOL.into(), &"u1".into(), &name.into())?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let error = store.write(|tx| tx.insert_group(&group(POOL, "none", None))).await.unwrap_err();
    assert_eq!(error.taken(), Some("group"));
    let names =
        |groups: Vec<domain::Group>| groups.into_iter().map(|group| group.name.into_string()).collect::<Vec<_>>();
    let of_user = store.read(|r| r.groups_of_user(&POOL.into(), &"u1".into())).await.unwrap();
    assert_eq!(names(of_user), ["a-first", "b-first", "late", "none"]);
    let page = store.read(|r| r.groups(&POOL.into(), None, 3)).await.unwrap();
    assert_eq!(names(page.items), ["a-first", "b-first", "late"]);
    let page = store.read(move |r| r.groups(&POOL.into(), page.next.as_deref(), 3)).await.unwrap();
    assert_eq!((names(page.items), page.next), (vec!["none".to_owned()], None));

    // A changed precedence counts at once.
    let changed = store
        .write(|tx| {
            tx.update_group(&POOL.into(), &"none".into(), |group| {
                group.precedence = Some(-1);
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    assert_eq!(changed, Some(()));
    let of_user = store.read(|r| r.groups_of_user(&POOL.into(), &"u1".into())).await.unwrap();
    assert_eq!(of_user[0].name, GroupName::new("none"));

    let add = |user: &'static str, group: &'static str| {
        store.write(move |tx| tx.add_to_group(&POOL.into(), &user.into(), &group.into()))
    };
    assert!(add("u3", "late").await.unwrap());
    assert!(!add("u3", "late").await.unwrap());
    assert!(add("u2", "late").await.unwrap());
    assert!(matches!(add("nobody", "late").await, Err(StoreError::Orphan(_))));
    assert!(matches!(add("u2", "nothing").await, Err(StoreError::Orphan(_))));
    let page = store.read(|r| r.users_in_group(&POOL.into(), &"late".into(), None, 2)).await.unwrap();
    assert_eq!(page.items.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["u1", "u2"]);
    let page =
        store.read(move |r| r.users_in_group(&POOL.into(), &"late".into(), page.next.as_deref(), 2)).await.unwrap();
    assert_eq!((page.items[0].username.as_str(), page.next), ("u3", None));

    let remove = || store.write(|tx| tx.remove_from_group(&POOL.into(), &"u2".into(), &"late".into()));
    assert!(remove().await.unwrap());
    assert!(!remove().await.unwrap());
    assert!(store.write(|tx| tx.delete_group(&POOL.into(), &"late".into())).await.unwrap());
    assert!(store.read(|r| r.group(&POOL.into(), &"late".into())).await.unwrap().is_none());
    assert!(store.read(|r| r.groups_of_user(&POOL.into(), &"u3".into())).await.unwrap().is_empty());
    assert!(store.read(|r| r.user(&POOL.into(), &"u3".into())).await.unwrap().is_some());
}

pub(crate) async fn devices_round_trip(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    add_user(&store, user(POOL, "u", &[])).await.unwrap();
    let (pool, owner) = (PoolId::new(POOL), Username::new("u"));
    let insert = |owner: &str, key: &str, created| {
        let (owner, device) = (Username::new(owner), device(key, created));
        store.write(move |tx| tx.insert_device(&POOL.into(), &owner, &device))
    };
    for (key, created) in [("k3", 1), ("k1", 2), ("k2", 2)] {
        insert("u", key, created).await.unwrap();
    }
    assert_eq!(insert("u", "k1", 5).await.unwrap_err().taken(), Some("device"));
    assert!(matches!(insert("nobody", "k1", 5).await, Err(StoreError::Orphan(_))));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (pool, owner) = (pool.clone(), owner.clone());
        let page = store.read(move |r| r.devices(&pool, &owner, after.as_deref(), 1)).await.unwrap();
        seen.extend(page.items.into_iter().map(|device| device.key.into_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["k3", "k1", "k2"]);
    let changed = store
        .write(|tx| {
            tx.update_device(&POOL.into(), &"u".into(), &"k1".into(), |device| {
                device.remembered = true;
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    assert_eq!(changed, Some(()));
    let key = DeviceKey::new("k1");
    let found = store.read(move |r| r.device(&POOL.into(), &"u".into(), &key)).await.unwrap();
    assert!(found.unwrap().remembered);
    assert!(store.write(|tx| tx.delete_device(&POOL.into(), &"u".into(), &"k1".into())).await.unwrap());
    assert!(store.read(|r| r.device(&POOL.into(), &"u".into(), &"k1".into())).await.unwrap().is_none());
}

pub(crate) async fn deleting_a_pool_leaves_nothing(Fixture { store, .. }: Fixture) {
    let it = with_pool(&store).await;
    store.write(|tx| tx.insert_pool(&pool("r_Other"))).await.unwrap();
    let fill = move |tx: &mut store::Tx, pool: &domain::Pool, mark: &str| {
        let id = &pool.id;
        tx.insert_user(pool, &user(id.as_str(), "u", &[("preferred_username", "p")]))?;
        tx.insert_client(&client(&format!("client-{mark}"), id.as_str(), 0))?;
        tx.insert_signing_key(&SigningKey { pool: id.clone(), ..signing_key("k", 0) })?;
        tx.insert_group(&group(id.as_str(), "g", None))?;
        tx.add_to_group(id, &"u".into(), &"g".into())?;
        tx.insert_device(id, &"u".into(), &device("d", 0))?;
        tx.put_code(id, &"u".into(), &CodePurpose::SignUp, &code(1))?;
        tx.update_attempts(id, "u", "password", at(1), |attempts| {
            attempts.failures = 3;
            Ok::<_, StoreError>(())
        })?;
        tx.update_window(id, "u", Limit::Resend, at(1), |window| {
            window.at.push(at(0));
            Ok::<_, StoreError>(())
        })?;
        tx.put_grant(id, mark.as_bytes(), &1, at(1))?;
        tx.insert_federation_state(&federation_state(mark.as_bytes(), id.as_str(), 1))?;
        tx.put_session(mark.as_bytes(), id, &"u".into(), &1, at(1))?;
        tx.insert_message(&message(mark, id.as_str()), None)?;
        tx.put_document("branding", id, "x", &1)?;
        tx.put_asset(id, &asset(mark))?;
        let brand = brand(mark, BrandKind::Managed, Some(&format!("client-{mark}")));
        tx.insert_brand(id, &brand, &1)?;
        tx.name_assets(id, &brand.id, [mark])?;
        tx.insert_domain(mark, id, &1)
    };
    let (one, two) = (it.clone(), pool("r_Other"));
    store
        .write(move |tx| {
            fill(tx, &one, "gone")?;
            fill(tx, &two, "kept")
        })
        .await
        .unwrap();
    let id = it.id.clone();
    assert!(store.write(move |tx| tx.delete_pool(&id)).await.unwrap());
    // Made anew, the pool has nothing of the old one's.
    with_pool(&store).await;
    let left = |pool: &'static str, mark: &'static str| {
        store.read(move |r| {
            let id = PoolId::new(pool);
            let (owner, key) = (Username::new("u"), DeviceKey::new("d"));
            Ok::<_, StoreError>([
                r.user(&id, &owner)?.is_some(),
                r.user_by_name(&id, "p")?.is_some(),
                r.client(&ClientId::new(format!("client-{mark}")))?.is_some(),
                !r.signing_keys(&id)?.is_empty(),
                r.group(&id, &"g".into())?.is_some(),
                !r.groups_of_user(&id, &owner)?.is_empty(),
                r.device(&id, &owner, &key)?.is_some(),
                r.code(&id, &owner, &CodePurpose::SignUp)?.is_some(),
                r.attempts(&id, "u", "password")?.failures > 0,
                !r.window(&id, "u", Limit::Resend)?.at.is_empty(),
                r.has_grant(mark.as_bytes())?,
                r.session::<Value>(mark.as_bytes(), at(0))?.is_some(),
                r.document::<Value>("branding", &id, "x")?.is_some(),
                r.domain::<Value>(mark)?.is_some(),
                r.brand::<Value>(BrandKind::Managed, &id, mark)?.is_some(),
                r.messages(OutboxState::Waiting, 9)?.iter().any(|message| message.id == mark),
                r.asset(None, mark)?.is_some(),
                !r.assets_of_brand(mark)?.is_empty(),
            ])
        })
    };
    assert_eq!(left(POOL, "gone").await.unwrap(), [false; 18]);
    assert_eq!(left("r_Other", "kept").await.unwrap(), [true; 18]);
}
