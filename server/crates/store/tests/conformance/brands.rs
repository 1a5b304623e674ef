use domain::{ClientId, PoolId};
use serde_json::{Value, json};
use store::{BrandKind, Store, StoreError};

use crate::Fixture;
use crate::things::{POOL, asset, brand, client, pool, with_pool};

async fn with_clients(store: &Store) {
    with_pool(store).await;
    store
        .write(|tx| {
            tx.insert_client(&client("one", POOL, 0))?;
            tx.insert_client(&client("two", POOL, 1))
        })
        .await
        .unwrap();
}

pub(crate) async fn brands_round_trip(Fixture { store, .. }: Fixture) {
    with_clients(&store).await;
    let own = brand("a", BrandKind::Managed, Some("one"));
    let classic = brand("b", BrandKind::Classic, Some("one"));
    let all = brand("c", BrandKind::Classic, None);
    let other = brand("d", BrandKind::Managed, Some("two"));
    let doc = json!({ "colour": "ffffffff", "radius": 8.0, "text": "\u{0}</x>" });
    let (kept, docs) = ([own.clone(), classic.clone(), all.clone(), other], doc.clone());
    store.write(move |tx| kept.iter().try_for_each(|brand| tx.insert_brand(&POOL.into(), brand, &docs))).await.unwrap();
    let versions = |pool: &'static str, client: &'static str| {
        store.read(move |r| r.brand_versions(&PoolId::new(pool), &ClientId::new(client)))
    };
    let mut found = versions(POOL, "one").await.unwrap();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(found, [own.clone(), classic, all.clone()]);
    assert_eq!(versions(POOL, "nobody").await.unwrap(), [all]);
    assert_eq!(versions("r_Other", "one").await.unwrap(), []);

    let get = |kind, pool: &'static str, id: &'static str| {
        store.read(move |r| r.brand::<Value>(kind, &PoolId::new(pool), id))
    };
    assert_eq!(get(BrandKind::Managed, POOL, "a").await.unwrap(), Some((own.version, doc.clone())));
    assert_eq!(get(BrandKind::Classic, POOL, "a").await.unwrap(), None);
    assert_eq!(get(BrandKind::Managed, "r_Other", "a").await.unwrap(), None);
    let one =
        store.read(|r| r.brand_for::<Value>(BrandKind::Classic, &POOL.into(), Some(&"one".into()))).await.unwrap();
    assert_eq!(one, Some(doc.clone()));
    let two =
        store.read(|r| r.brand_for::<Value>(BrandKind::Classic, &POOL.into(), Some(&"two".into()))).await.unwrap();
    assert_eq!(two, None);
    assert_eq!(store.read(|r| r.brand_for::<Value>(BrandKind::Classic, &POOL.into(), None)).await.unwrap(), Some(doc));
    assert_eq!(store.read(|r| r.count_brands(BrandKind::Managed, &POOL.into())).await.unwrap(), 2);

    let replace = |pool: &'static str| store.write(move |tx| tx.replace_brand(&pool.into(), "a", "new", &json!(7)));
    assert!(!replace("r_Other").await.unwrap());
    assert!(replace(POOL).await.unwrap());
    assert_eq!(get(BrandKind::Managed, POOL, "a").await.unwrap(), Some(("new".to_owned(), json!(7))));
    let delete = |pool: &'static str| store.write(move |tx| tx.delete_brand(&pool.into(), "a"));
    assert!(!delete("r_Other").await.unwrap());
    assert!(delete(POOL).await.unwrap());
    assert!(!delete(POOL).await.unwrap());
}

pub(crate) async fn a_client_has_one_brand_of_a_kind(Fixture { store, .. }: Fixture) {
    with_clients(&store).await;
    let insert = |id: &str, kind, client: Option<&str>| {
        let brand = brand(id, kind, client);
        store.write(move |tx| tx.insert_brand(&POOL.into(), &brand, &0))
    };
    insert("a", BrandKind::Managed, Some("one")).await.unwrap();
    insert("b", BrandKind::Classic, Some("one")).await.unwrap();
    insert("c", BrandKind::Classic, None).await.unwrap();
    for again in [
        insert("d", BrandKind::Managed, Some("one")).await,
        insert("d", BrandKind::Classic, None).await,
        insert("a", BrandKind::Managed, Some("two")).await,
    ] {
        assert_eq!(again.unwrap_err().taken(), Some("brand"));
    }
    let orphan = insert("d", BrandKind::Managed, Some("nobody")).await.unwrap_err();
    assert!(matches!(orphan, StoreError::Orphan(_)), "{orphan:?}");
    // Gone with its client; the one for all stays.
    assert!(store.write(|tx| tx.delete_client(&"one".into())).await.unwrap());
    let left = store.read(|r| r.brand_versions(&POOL.into(), &"one".into())).await.unwrap();
    assert_eq!(left, [brand("c", BrandKind::Classic, None)]);
    assert!(store.write(|tx| tx.hold_brands(&POOL.into())).await.unwrap());
    assert!(!store.write(|tx| tx.hold_brands(&"r_Nowhere".into())).await.unwrap());
}

pub(crate) async fn pictures_live_as_long_as_a_brand_names_them(Fixture { store, .. }: Fixture) {
    with_clients(&store).await;
    store
        .write(|tx| {
            let pool = PoolId::new(POOL);
            for hash in ["shared", "first", "second"] {
                tx.put_asset(&pool, &asset(hash))?;
            }
            tx.insert_brand(&pool, &brand("a", BrandKind::Managed, Some("one")), &0)?;
            tx.insert_brand(&pool, &brand("b", BrandKind::Managed, Some("two")), &0)?;
            tx.put_asset(&pool, &asset("shared"))?;
            tx.name_assets(&pool, "a", ["first", "shared", "first"])?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    // What nothing named is gone already: pictures are put and named in one transaction.
    let present = || async {
        let has = |hash: &'static str| store.read(move |r| Ok::<_, StoreError>(r.asset(None, hash)?.is_some()));
        [has("shared").await.unwrap(), has("first").await.unwrap(), has("second").await.unwrap()]
    };
    assert_eq!(present().await, [true, true, false]);
    store.write(|tx| tx.name_assets(&POOL.into(), "b", ["shared"])).await.unwrap();
    let of_a = store.read(|r| r.assets_of_brand("a")).await.unwrap();
    assert_eq!(of_a, [("first".to_owned(), vec![0, 255, 1]), ("shared".to_owned(), vec![0, 255, 1])]);
    store.write(|tx| tx.name_assets(&POOL.into(), "a", ["shared"])).await.unwrap();
    assert_eq!(present().await, [true, false, false]);
    store.write(|tx| tx.delete_brand(&POOL.into(), "a")).await.unwrap();
    assert_eq!(present().await, [true, false, false]);
    store.write(|tx| tx.delete_client(&"two".into())).await.unwrap();
    assert_eq!(present().await, [false, false, false]);
    let error = store.write(|tx| tx.name_assets(&POOL.into(), "a", ["never"])).await.unwrap_err();
    assert!(matches!(error, StoreError::Orphan(_)), "{error:?}");
}

pub(crate) async fn pictures_are_found_by_their_hash(Fixture { store, .. }: Fixture) {
    with_clients(&store).await;
    store.write(|tx| tx.insert_pool(&pool("r_Other"))).await.unwrap();
    let plain = store::StoredAsset { form: "png".to_owned(), served: None, ..asset("h") };
    let kept = plain.clone();
    store
        .write(move |tx| {
            for pool in [POOL, "r_Other"] {
                tx.put_asset(&pool.into(), &kept)?;
            }
            tx.put_asset(&POOL.into(), &asset("i"))
        })
        .await
        .unwrap();
    let get = |pool: Option<&'static str>, hash: &'static str| {
        store.read(move |r| r.asset(pool.map(PoolId::new).as_ref(), hash))
    };
    for pool in [None, Some(POOL), Some("r_Other")] {
        assert_eq!(get(pool, "h").await.unwrap(), Some(plain.clone()));
    }
    assert_eq!(get(Some("r_Other"), "i").await.unwrap(), None);
    assert_eq!(get(Some(POOL), "i").await.unwrap(), Some(asset("i")));
    for nothing in ["", "H", "h%", "' OR '1'='1"] {
        assert_eq!(get(None, nothing).await.unwrap(), None);
    }
}
