//! What only PostgreSQL can do to a store.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use store::{StoreError, Tx};

use crate::Fixture;
use crate::things::{POOL, add_user, user, with_pool};

pub(crate) async fn reconnects(fixture: Fixture) {
    let store = &fixture.store;
    for round in 0..3 {
        store.write(move |tx| tx.put_meta("round", &round.to_string())).await.unwrap();
        fixture.raw(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
             WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
        );
        let found = store.read(|r| r.meta("round")).await.unwrap();
        assert_eq!(found, Some(round.to_string()));
        fixture.raw(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
             WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
        );
        store.write(|tx| tx.put_meta("round", "again")).await.unwrap();
    }
}

/// A transaction that PostgreSQL gives up every time is given up in the end, and leaves nothing.
pub(crate) async fn gives_up_after_a_few_runs(fixture: Fixture) {
    fixture.raw(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'others go first' USING ERRCODE = 'serialization_failure'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON meta FOR EACH ROW WHEN (NEW.name = 'refused') EXECUTE FUNCTION refuse()",
    );
    let runs = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&runs);
    let refused = fixture.store.write(move |tx| {
        count.fetch_add(1, Ordering::SeqCst);
        tx.put_meta("left", "behind")?;
        // Swallowed or not, the transaction has failed.
        tx.put_meta("refused", "always").ok();
        Ok(())
    });
    assert!(matches!(refused.await, Err(StoreError::Aborted(text)) if text.contains("others go first")));
    assert_eq!(runs.load(Ordering::SeqCst), 5);
    assert_eq!(fixture.store.read(|r| r.meta("left")).await.unwrap(), None);
}

pub(crate) async fn runs_again_after_a_deadlock(Fixture { store, .. }: Fixture) {
    let pool = with_pool(&store).await;
    for name in ["a", "b"] {
        add_user(&store, user(POOL, name, &[("custom:n", "0")])).await.unwrap();
    }
    let runs = Arc::new(AtomicUsize::new(0));
    let meet = Arc::new(Barrier::new(2));
    let cross = |first: &'static str, second: &'static str| {
        let (pool, runs, meet) = (pool.clone(), Arc::clone(&runs), Arc::clone(&meet));
        let increment = move |tx: &mut Tx, name: &str| {
            tx.update_user(&pool, &name.into(), |user| {
                let count: u32 = user.attributes["custom:n"].parse().unwrap();
                user.attributes.insert("custom:n".to_owned(), (count + 1).to_string());
                Ok::<_, StoreError>(())
            })
        };
        let own_runs = Arc::new(AtomicUsize::new(0));
        store.write(move |tx: &mut Tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            increment(tx, first)?;
            // The first time, each holds what the other wants.
            if own_runs.fetch_add(1, Ordering::SeqCst) == 0 {
                meet.wait();
            }
            increment(tx, second)
        })
    };
    let (one, two) = tokio::join!(cross("a", "b"), cross("b", "a"));
    assert_eq!((one, two), (Ok(Some(())), Ok(Some(()))));
    assert!(runs.load(Ordering::SeqCst) > 2, "there was no deadlock");
    for name in ["a", "b"] {
        let found = store.read(move |r| r.user(&POOL.into(), &name.into())).await.unwrap().unwrap();
        assert_eq!(found.attributes["custom:n"], "2");
    }
}
