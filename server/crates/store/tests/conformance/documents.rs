use domain::PoolId;
use serde_json::{Value, json};
use store::StoreError;

use crate::Fixture;
use crate::things::{POOL, pool, with_pool};

pub(crate) async fn documents_round_trip(Fixture { store, .. }: Fixture) {
    let doc = json!({ "Name": "x", "Scopes": [{ "ScopeName": "read" }], "n": 1.5, "big": 9_007_199_254_740_993_i64 });
    let kept = doc.clone();
    store.write(move |tx| tx.insert_document("resource-server", &POOL.into(), "x", &kept)).await.unwrap();
    let error = store.write(|tx| tx.insert_document("resource-server", &POOL.into(), "x", &0)).await.unwrap_err();
    assert_eq!(error.taken(), Some("resource-server"));
    let get = |kind: &'static str, pool: &'static str, id: &'static str| {
        store.read(move |r| r.document::<Value>(kind, &PoolId::new(pool), id))
    };
    assert_eq!(get("resource-server", POOL, "x").await.unwrap(), Some(doc));
    assert_eq!(get("resource-server", "r_Other", "x").await.unwrap(), None);
    assert_eq!(get("branding", POOL, "x").await.unwrap(), None);
    let changed = store
        .write(|tx| {
            tx.update_document("resource-server", &POOL.into(), "x", |doc: &mut Value| {
                doc["Name"] = json!("y");
                Ok::<_, StoreError>(7)
            })
        })
        .await
        .unwrap();
    assert_eq!(changed, Some(7));
    assert_eq!(get("resource-server", POOL, "x").await.unwrap().unwrap()["Name"], "y");
    let changed = store
        .write(|tx| tx.update_document("resource-server", &POOL.into(), "z", |_: &mut Value| Ok::<_, StoreError>(())))
        .await
        .unwrap();
    assert_eq!(changed, None);
    // What belongs to no pool has the empty one; ids may be anything, even empty.
    for id in ["", "a", "b"] {
        store.write(move |tx| tx.put_document("tags", &"".into(), id, &id)).await.unwrap();
    }
    store.write(|tx| tx.put_document("tags", &"".into(), "a", &"A")).await.unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.read(move |r| r.documents::<String>("tags", &"".into(), after.as_deref(), 1)).await.unwrap();
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let owned = |(id, doc): (&str, &str)| (id.to_owned(), doc.to_owned());
    assert_eq!(seen, [("", ""), ("a", "A"), ("b", "b")].map(owned));
    assert!(store.write(|tx| tx.delete_document("tags", &"".into(), "a")).await.unwrap());
    assert!(!store.write(|tx| tx.delete_document("tags", &"".into(), "a")).await.unwrap());
}

pub(crate) async fn domains_are_unique(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    store.write(|tx| tx.insert_pool(&pool("r_Other"))).await.unwrap();
    store.write(|tx| tx.insert_domain("acme", &POOL.into(), &json!({ "v": 1 }))).await.unwrap();
    let error = store.write(|tx| tx.insert_domain("acme", &"r_Other".into(), &0)).await.unwrap_err();
    assert_eq!(error.taken(), Some("domain"));
    let error = store.write(|tx| tx.insert_domain("nowhere", &"r_Nowhere".into(), &0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Orphan(_)), "{error:?}");
    let update = |pool: &'static str| {
        store.write(move |tx| {
            tx.update_domain("acme", &pool.into(), |doc: &mut Value| {
                doc["v"] = json!(2);
                Ok::<_, StoreError>(())
            })
        })
    };
    assert_eq!(update("r_Other").await.unwrap(), None);
    assert_eq!(update(POOL).await.unwrap(), Some(()));
    let found = store.read(|r| r.domain::<Value>("acme")).await.unwrap();
    assert_eq!(found, Some((PoolId::new(POOL), json!({ "v": 2 }))));
    let all = store.read(|r| r.domains_of_pool::<Value>(&POOL.into())).await.unwrap();
    assert_eq!(all, [("acme".to_owned(), json!({ "v": 2 }))]);
    assert!(!store.write(|tx| tx.delete_domain("acme", &"r_Other".into())).await.unwrap());
    assert!(store.write(|tx| tx.delete_domain("acme", &POOL.into())).await.unwrap());
    assert_eq!(store.read(|r| r.domain::<Value>("acme")).await.unwrap(), None);
}

pub(crate) async fn meta_round_trips(Fixture { store, .. }: Fixture) {
    assert_eq!(store.read(|r| r.meta("seeded")).await.unwrap(), None);
    store.write(|tx| tx.put_meta("seeded", "no")).await.unwrap();
    store.write(|tx| tx.put_meta("seeded", "yes")).await.unwrap();
    assert_eq!(store.read(|r| r.meta("seeded")).await.unwrap().as_deref(), Some("yes"));
}
