use domain::{Attempts, CodePurpose, Limit, PoolId, Sealed, Username, Window};
use store::{ConsumedFederationState, RefreshFamily, StoreError, StoredFederationState, Taken};

use crate::Fixture;
use crate::things::{POOL, add_user, at, code, federation_state, user, with_pool};

pub(crate) async fn codes_are_taken_once(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    add_user(&store, user(POOL, "u", &[])).await.unwrap();
    let email = CodePurpose::Attribute("email".to_owned());
    let purpose = email.clone();
    store
        .write(move |tx| {
            let (pool, owner) = (PoolId::new(POOL), Username::new("u"));
            tx.put_code(&pool, &owner, &CodePurpose::SignUp, &code(1))?;
            tx.put_code(&pool, &owner, &purpose, &code(2))?;
            tx.put_code(&pool, &owner, &CodePurpose::SignUp, &code(3))
        })
        .await
        .unwrap();
    let changed = store
        .write(|tx| {
            tx.update_code(&POOL.into(), &"u".into(), &CodePurpose::SignUp, |code| {
                code.failures += 1;
                Ok::<_, StoreError>(code.failures)
            })
        })
        .await
        .unwrap();
    assert_eq!(changed, Some(1));
    let read = store.read(|r| r.code(&POOL.into(), &"u".into(), &CodePurpose::SignUp)).await.unwrap().unwrap();
    assert_eq!((read.failures, read.expires_at, read.digits), (1, at(3), code(0).digits));
    let take = |purpose: CodePurpose| store.write(move |tx| tx.take_code(&POOL.into(), &"u".into(), &purpose));
    assert_eq!(take(CodePurpose::SignUp).await.unwrap().unwrap().failures, 1);
    assert!(take(CodePurpose::SignUp).await.unwrap().is_none());
    assert!(take(email).await.unwrap().is_some());
    let put = store.write(|tx| tx.put_code(&POOL.into(), &"nobody".into(), &CodePurpose::SignUp, &code(1))).await;
    assert!(matches!(put, Err(StoreError::Orphan(_))));
}

pub(crate) async fn rate_limits_work_for_anyone(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    let read = |kind: &'static str| store.read(move |r| r.attempts(&POOL.into(), "nobody", kind));
    assert_eq!(read("password").await.unwrap(), Attempts::default());
    for failures in 1..=3 {
        let counted = store
            .write(|tx| {
                tx.update_attempts(&POOL.into(), "nobody", "password", at(900_000), |attempts| {
                    *attempts = attempts.failed(at(0));
                    Ok::<_, StoreError>(attempts.failures)
                })
            })
            .await
            .unwrap();
        assert_eq!(counted, failures);
    }
    assert_eq!(read("password").await.unwrap(), Attempts { failures: 3, last_at: Some(at(0)) });
    assert_eq!(read("factor").await.unwrap(), Attempts::default());
    let admitted = store
        .write(|tx| {
            tx.update_window(&POOL.into(), "nobody", Limit::Resend, at(3_600_000), |window| {
                Ok::<_, StoreError>(window.admit(Limit::Resend, at(5)))
            })
        })
        .await
        .unwrap();
    assert!(admitted);
    let window = |limit| store.read(move |r| r.window(&POOL.into(), "nobody", limit));
    assert_eq!(window(Limit::Resend).await.unwrap(), Window { at: vec![at(5)] });
    assert_eq!(window(Limit::Recovery).await.unwrap(), Window::default());
    store.write(|tx| tx.clear_attempts(&POOL.into(), "nobody", "password")).await.unwrap();
    assert_eq!(read("password").await.unwrap(), Attempts::default());
    assert_eq!(window(Limit::Resend).await.unwrap().at.len(), 1);
    // A refusal leaves not even an empty record.
    let refused = store
        .write(|tx| tx.update_attempts(&POOL.into(), "new", "password", at(1), |_| Err::<(), _>(StoreError::Nul)))
        .await;
    assert_eq!(refused, Err(StoreError::Nul));
    assert_eq!(store.sweep(at(2)).await.unwrap(), 0);
}

pub(crate) async fn ids_are_consumed_once(Fixture { store, .. }: Fixture) {
    for (id, first) in [(&b"\0\xff"[..], true), (b"\0\xff", false), (b"\0", true), (b"", true), (b"", false)] {
        assert_eq!(store.write(move |tx| tx.consume(id, at(1))).await.unwrap(), first, "{id:?}");
    }
}

pub(crate) async fn revocations_and_families(Fixture { store, .. }: Fixture) {
    let revoked = |jti: &'static str| store.read(move |r| r.is_revoked(jti));
    assert!(!revoked("o").await.unwrap());
    store.write(|tx| tx.revoke("o", at(5))).await.unwrap();
    store.write(|tx| tx.revoke("o", at(3))).await.unwrap();
    store.sweep(at(4)).await.unwrap();
    assert!(revoked("o").await.unwrap());
    store.write(|tx| tx.revoke("o", at(9))).await.unwrap();
    store.sweep(at(8)).await.unwrap();
    assert!(revoked("o").await.unwrap());
    assert!(!revoked("p").await.unwrap());

    let family = || store.read(|r| r.refresh_family("o"));
    let advance = |from, now| store.write(move |tx| tx.advance_refresh_family("o", from, at(now), at(100)));
    assert_eq!(family().await.unwrap(), None);
    assert!(!advance(1, 1).await.unwrap());
    assert!(advance(0, 2).await.unwrap());
    assert!(!advance(0, 3).await.unwrap());
    assert!(advance(1, 4).await.unwrap());
    assert!(!advance(1, 5).await.unwrap());
    assert_eq!(family().await.unwrap(), Some(RefreshFamily { generation: 2, rotated_at: at(4) }));
}

pub(crate) async fn grants_notice_reuse(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    let doc = ("user".to_owned(), vec!["openid".to_owned()]);
    let kept = doc.clone();
    store.write(move |tx| tx.put_grant(&POOL.into(), b"hash", &kept, at(10))).await.unwrap();
    let error = store.write(|tx| tx.put_grant(&POOL.into(), b"hash", &0, at(10))).await.unwrap_err();
    assert_eq!(error.taken(), Some("grant"));
    let take = |hash: &'static [u8], now| store.write(move |tx| tx.take_grant::<(String, Vec<String>)>(hash, at(now)));
    assert_eq!(take(b"other", 0).await.unwrap(), Taken::Unknown);
    assert_eq!(take(b"hash", 10).await.unwrap(), Taken::Unknown);
    assert_eq!(take(b"hash", 1).await.unwrap(), Taken::Fresh(doc.clone()));
    assert_eq!(take(b"hash", 2).await.unwrap(), Taken::Reused(doc));
    store.sweep(at(10)).await.unwrap();
    assert_eq!(take(b"hash", 3).await.unwrap(), Taken::Unknown);
}

pub(crate) async fn federation_states_are_consumed_once(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    let row = federation_state(b"hash", POOL, 10);
    let insert = |row: StoredFederationState| store.write(move |tx| tx.insert_federation_state(&row));
    insert(row.clone()).await.unwrap();
    insert(federation_state(b"other", POOL, 10)).await.unwrap();
    assert_eq!(insert(row.clone()).await.unwrap_err().taken(), Some("federation state"));
    let orphan = insert(federation_state(b"orphan", "r_Nowhere", 10)).await;
    assert!(matches!(orphan, Err(StoreError::Orphan(_))), "{orphan:?}");
    let read = |hash: &'static [u8]| store.read(move |r| r.federation_state(hash));
    let put = |hash: &'static [u8], response: u8, now| {
        store.write(move |tx| tx.put_federation_response(hash, &Sealed(vec![response]), at(now)))
    };
    let consume = |hash: &'static [u8], now| store.write(move |tx| tx.consume_federation_state(hash, at(now)));
    let with = |response: Option<u8>| {
        Some(ConsumedFederationState { response: response.map(|response| Sealed(vec![response])) })
    };
    assert_eq!(read(b"hash").await.unwrap().as_ref(), Some(&row));
    assert_eq!(read(b"none").await.unwrap(), None);
    // The first answer stands, and is given out once, with the state.
    assert!(!put(b"none", 1, 0).await.unwrap());
    assert!(!put(b"hash", 1, 10).await.unwrap());
    assert!(put(b"hash", 2, 9).await.unwrap());
    assert!(!put(b"hash", 3, 9).await.unwrap());
    assert_eq!(consume(b"none", 0).await.unwrap(), None);
    assert_eq!(consume(b"hash", 10).await.unwrap(), None);
    assert_eq!(consume(b"hash", 9).await.unwrap(), with(Some(2)));
    assert_eq!(consume(b"hash", 9).await.unwrap(), None);
    assert!(!put(b"hash", 4, 9).await.unwrap());
    assert_eq!(consume(b"other", 0).await.unwrap(), with(None));
    // Remembered until it is forgotten.
    store.sweep(at(19)).await.unwrap();
    assert_eq!(read(b"hash").await.unwrap(), Some(row));
    store.sweep(at(20)).await.unwrap();
    assert_eq!(read(b"hash").await.unwrap(), None);
}

pub(crate) async fn sessions_expire(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    for name in ["u", "v"] {
        add_user(&store, user(POOL, name, &[])).await.unwrap();
    }
    let put = |hash: &'static [u8], owner: &'static str, doc: i64, expires| {
        store.write(move |tx| tx.put_session(hash, &POOL.into(), &owner.into(), &doc, at(expires)))
    };
    let get = |hash: &'static [u8], now| store.read(move |r| r.session::<i64>(hash, at(now)));
    put(b"1", "u", 1, 10).await.unwrap();
    put(b"2", "u", 2, 10).await.unwrap();
    put(b"3", "v", 3, 10).await.unwrap();
    assert!(matches!(put(b"4", "nobody", 4, 10).await, Err(StoreError::Orphan(_))));
    assert_eq!(get(b"1", 9).await.unwrap(), Some(1));
    assert_eq!(get(b"1", 10).await.unwrap(), None);
    put(b"1", "u", 5, 20).await.unwrap();
    assert_eq!(get(b"1", 10).await.unwrap(), Some(5));
    assert!(store.write(|tx| tx.delete_session(b"1")).await.unwrap());
    assert!(!store.write(|tx| tx.delete_session(b"1")).await.unwrap());
    assert_eq!(store.write(|tx| tx.delete_sessions_of_user(&POOL.into(), &"u".into())).await.unwrap(), 1);
    assert_eq!(get(b"2", 0).await.unwrap(), None);
    assert_eq!(get(b"3", 0).await.unwrap(), Some(3));
}

pub(crate) async fn sweep_forgets_what_expired_and_nothing_else(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    add_user(&store, user(POOL, "u", &[])).await.unwrap();
    // More than one batch of one kind, and one before and one after of every kind.
    store
        .write(|tx| {
            for number in 0..1_203_u32 {
                tx.consume(&number.to_be_bytes(), at(1))?;
            }
            tx.consume(b"kept", at(50))?;
            let (pool, owner) = (PoolId::new(POOL), Username::new("u"));
            for (mark, purpose, expires) in [("old", CodePurpose::SignUp, 1), ("kept", CodePurpose::Recovery, 50)] {
                tx.put_code(&pool, &owner, &purpose, &code(expires))?;
                tx.update_attempts(&pool, mark, "password", at(expires), |attempts| {
                    attempts.failures = 1;
                    Ok::<_, StoreError>(())
                })?;
                tx.revoke(mark, at(expires))?;
                tx.advance_refresh_family(mark, 0, at(0), at(expires))?;
                tx.put_grant(&pool, mark.as_bytes(), &0, at(expires))?;
                tx.put_session(mark.as_bytes(), &pool, &owner, &0, at(expires))?;
                tx.insert_federation_state(&federation_state(mark.as_bytes(), POOL, expires - 10))?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    assert_eq!(store.sweep(at(0)).await.unwrap(), 0);
    assert_eq!(store.sweep(at(1)).await.unwrap(), 1_203 + 7);
    assert_eq!(store.sweep(at(1)).await.unwrap(), 0);
    let kept = store
        .read(|r| {
            let (pool, owner) = (PoolId::new(POOL), Username::new("u"));
            Ok::<_, StoreError>([
                r.code(&pool, &owner, &CodePurpose::Recovery)?.is_some(),
                r.attempts(&pool, "kept", "password")?.failures == 1,
                r.is_revoked("kept")?,
                r.refresh_family("kept")?.is_some(),
                r.has_grant(b"kept")?,
                r.session::<i32>(b"kept", at(2))?.is_some(),
                r.federation_state(b"kept")?.is_some(),
            ])
        })
        .await
        .unwrap();
    assert_eq!(kept, [true; 7]);
    assert!(!store.write(|tx| tx.consume(b"kept", at(50))).await.unwrap());
    assert!(store.write(|tx| tx.consume(&7_u32.to_be_bytes(), at(50))).await.unwrap());
}
