use std::future::Future;
use std::sync::{Arc, Mutex};

use domain::{CodePurpose, Sealed};
use store::{Database, Store, StoreError, Taken};
use tokio::task::JoinSet;

use crate::Fixture;
use crate::things::{POOL, add_user, at, code, federation_state, user, with_pool};

/// Runs `count` tasks at once.
async fn many<T, F>(store: &Store, count: usize, task: impl Fn(Store, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..count {
        tasks.spawn(task(store.clone(), number));
    }
    tasks.join_all().await
}

pub(crate) async fn errors_roll_back_only_themselves(Fixture { store, .. }: Fixture) {
    let outcomes = many(&store, 100, |store, number| async move {
        let name = format!("n{number}");
        store
            .write(move |tx| {
                tx.put_meta(&name, "kept")?;
                assert_eq!(tx.meta(&name)?.as_deref(), Some("kept"), "reads its own writes");
                if number % 3 == 0 { Err(StoreError::Conflict { what: "test".into() }) } else { Ok(()) }
            })
            .await
            .is_ok()
    })
    .await;
    assert_eq!(outcomes.iter().filter(|ok| **ok).count(), 66);
    for number in 0..100 {
        let found = store.read(move |r| r.meta(&format!("n{number}"))).await.unwrap();
        assert_eq!(found.is_some(), number % 3 != 0, "{number}");
    }
}

pub(crate) async fn swallowed_failures_are_not_committed(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    let outcome = store
        .write(|tx| {
            tx.put_meta("before", "x")?;
            // PostgreSQL would now answer COMMIT with a silent ROLLBACK.
            let _ = tx.put_code(&POOL.into(), &"nobody".into(), &CodePurpose::SignUp, &code(1));
            let _ = tx.put_meta("after", "x");
            Ok::<_, StoreError>(())
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::Orphan(_))), "{outcome:?}");
    for name in ["before", "after"] {
        assert_eq!(store.read(move |r| r.meta(name)).await.unwrap(), None);
    }
    store.write(|tx| tx.put_meta("before", "y")).await.unwrap();
    assert!(store.read(|r| r.meta("before")).await.unwrap().is_some());
}

pub(crate) async fn panics_roll_back(Fixture { store, .. }: Fixture) {
    for round in 0..40 {
        let outcome: Result<(), StoreError> = store
            .write(move |tx| {
                tx.put_meta("half", "done")?;
                panic!("on purpose, {round}")
            })
            .await;
        assert!(matches!(outcome, Err(StoreError::Panicked(_))), "{outcome:?}");
    }
    assert_eq!(store.read(|r| r.meta("half")).await.unwrap(), None);
    store.write(|tx| tx.put_meta("half", "whole")).await.unwrap();
}

pub(crate) async fn panics_harm_nobody_else(Fixture { store, .. }: Fixture) {
    /// A value that nobody can drop in peace.
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }

    let before = panics::count();
    let read = store.read(|r| {
        r.meta("x")?;
        panic!("on purpose")
    });
    let outcome: Result<(), StoreError> = read.await;
    assert!(matches!(outcome, Err(StoreError::Panicked(_))), "{outcome:?}");
    assert!(panics::count() > before);

    // The caller has gone away when its value is ready, so that the store has to drop it.
    let (open, gate) = std::sync::mpsc::channel();
    let gate = Arc::new(Mutex::new(gate));
    let (begun, mut has_begun) = tokio::sync::mpsc::channel(1);
    let mut gone = Box::pin(store.write(move |tx| {
        tx.put_meta("gone", "kept")?;
        let _ = begun.try_send(());
        gate.lock().unwrap().recv().unwrap();
        Ok::<_, StoreError>(Bomb)
    }));
    tokio::select! {
        biased;
        _ = &mut gone => unreachable!("its gate is closed"),
        has_begun = has_begun.recv() => has_begun.unwrap(),
    }
    drop(gone);
    open.send(()).unwrap();

    let outcomes = many(&store, 100, |store, number| async move {
        let write = store.write(move |tx| {
            tx.put_meta(&format!("n{number}"), "kept")?;
            if number % 3 == 0 { panic!("on purpose") } else { Ok::<_, StoreError>(()) }
        });
        write.await.is_ok()
    })
    .await;
    assert_eq!(outcomes.iter().filter(|ok| **ok).count(), 66);
    for number in 0..100 {
        let found = store.read(move |r| r.meta(&format!("n{number}"))).await.unwrap();
        assert_eq!(found.is_some(), number % 3 != 0, "{number}");
    }
}

pub(crate) async fn no_update_is_lost(Fixture { store, .. }: Fixture) {
    let pool = with_pool(&store).await;
    add_user(&store, user(POOL, "u", &[("custom:n", "0")])).await.unwrap();
    let outcomes = many(&store, 50, |store, _| {
        let pool = pool.clone();
        async move {
            for _ in 0..4 {
                let pool = pool.clone();
                let changed = store
                    .write(move |tx| {
                        tx.update_user(&pool, &"u".into(), |user| {
                            let count: u32 = user.attributes["custom:n"].parse().unwrap();
                            user.attributes.insert("custom:n".to_owned(), (count + 1).to_string());
                            Ok::<_, StoreError>(())
                        })
                    })
                    .await;
                assert_eq!(changed, Ok(Some(())));
            }
        }
    })
    .await;
    assert_eq!(outcomes.len(), 50);
    let found = store.read(|r| r.user(&POOL.into(), &"u".into())).await.unwrap().unwrap();
    assert_eq!(found.attributes["custom:n"], "200");
}

pub(crate) async fn first_updates_are_not_lost_either(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    many(&store, 50, |store, _| async move {
        store
            .write(|tx| {
                tx.update_attempts(&POOL.into(), "nobody", "password", at(1), |attempts| {
                    *attempts = attempts.failed(at(0));
                    Ok::<_, StoreError>(())
                })
            })
            .await
            .unwrap();
    })
    .await;
    assert_eq!(store.read(|r| r.attempts(&POOL.into(), "nobody", "password")).await.unwrap().failures, 50);
}

pub(crate) async fn one_of_many_takes(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    add_user(&store, user(POOL, "u", &[])).await.unwrap();
    store
        .write(|tx| {
            tx.put_code(&POOL.into(), &"u".into(), &CodePurpose::SignUp, &code(1))?;
            tx.put_grant(&POOL.into(), b"g", &1, at(1))
        })
        .await
        .unwrap();
    let codes = many(&store, 30, |store, _| async move {
        store.write(|tx| tx.take_code(&POOL.into(), &"u".into(), &CodePurpose::SignUp)).await.unwrap().is_some()
    });
    assert_eq!(codes.await.into_iter().filter(|won| *won).count(), 1);
    let grants =
        many(&store, 30, |store, _| async move { store.write(|tx| tx.take_grant::<i32>(b"g", at(0))).await.unwrap() })
            .await;
    assert_eq!(grants.iter().filter(|taken| **taken == Taken::Fresh(1)).count(), 1);
    assert_eq!(grants.iter().filter(|taken| **taken == Taken::Reused(1)).count(), 29);
    store.write(|tx| tx.insert_federation_state(&federation_state(b"f", POOL, 1))).await.unwrap();
    // Answers are posted meanwhile: whoever gets the state has one or none.
    let taken = many(&store, 30, |store, number| async move {
        let response = Sealed(vec![u8::try_from(number).unwrap()]);
        store.write(move |tx| tx.put_federation_response(b"f", &response, at(0))).await.unwrap();
        store.write(|tx| tx.consume_federation_state(b"f", at(0))).await.unwrap()
    });
    let taken: Vec<_> = taken.await.into_iter().flatten().collect();
    assert!(taken.len() == 1 && taken[0].response.is_some(), "{taken:?}");
    let spent = many(&store, 30, |store, _| async move { store.write(|tx| tx.consume(b"s", at(1))).await.unwrap() });
    assert_eq!(spent.await.into_iter().filter(|won| *won).count(), 1);
    for generation in 0..2 {
        let advanced = many(&store, 30, |store, _| async move {
            store.write(move |tx| tx.advance_refresh_family("f", generation, at(0), at(1))).await.unwrap()
        });
        assert_eq!(advanced.await.into_iter().filter(|won| *won).count(), 1);
    }
}

pub(crate) async fn one_of_many_inserts(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    let outcomes = many(&store, 30, |store, number| async move {
        // One address, many names.
        let it = user(POOL, &format!("u{number}"), &[("email", "a@example.com"), ("email_verified", "true")]);
        add_user(&store, it).await
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    assert!(refused.clone().all(|error| error.taken() == Some("email")), "{:?}", refused.collect::<Vec<_>>());
    assert_eq!(store.read(|r| r.count_users(&POOL.into())).await.unwrap(), 1);
}

pub(crate) async fn counts_add_up(Fixture { store, .. }: Fixture) {
    let before = store.counts();
    store
        .write(|tx| {
            tx.put_meta("a", "1")?;
            tx.put_meta("b", "2")?;
            tx.meta("a")
        })
        .await
        .unwrap();
    let after = store.counts();
    assert_eq!((after.reads - before.reads, after.writes - before.writes), (1, 2));
    assert_eq!(after.commits - before.commits, 1);
}

pub(crate) async fn acknowledged_writes_are_seen_from_outside(Fixture { store, database }: Fixture) {
    let before = store.counts().commits;
    let seen = many(&store, 200, |store, number| {
        let database = database.clone();
        async move {
            let name = format!("n{number}");
            let written = name.clone();
            store.write(move |tx| tx.put_meta(&written, "x")).await.unwrap();
            seen_from_outside(database, name).await
        }
    })
    .await;
    assert!(seen.iter().all(|seen| *seen));
    let commits = store.counts().commits - before;
    match database {
        Database::Postgres(_) => assert_eq!(commits, 200),
        _ => assert!(commits <= 100, "{commits} commits for 200 writes"),
    }
}

async fn seen_from_outside(database: Database, name: String) -> bool {
    let sql = format!("SELECT value FROM meta WHERE name = '{name}'");
    match database {
        Database::Postgres(url) => {
            let look = move || {
                let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
                !client.query(&sql, &[]).unwrap().is_empty()
            };
            tokio::task::spawn_blocking(look).await.unwrap()
        }
        Database::Sqlite(file) => {
            let connection = rusqlite::Connection::open(file).unwrap();
            connection.query_row(&sql, [], |_| Ok(())).is_ok()
        }
        Database::Memory => unreachable!("a database in memory has one connection"),
    }
}
