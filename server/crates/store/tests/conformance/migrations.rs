use store::{Store, StoreError};

use crate::Fixture;
use crate::things::{POOL, add_user, at, user, with_pool};

pub(crate) async fn opening_again_keeps_everything(Fixture { store, database }: Fixture) {
    with_pool(&store).await;
    add_user(&store, user(POOL, "u", &[])).await.unwrap();
    drop(store);
    for _ in 0..3 {
        let again = Store::open(&database).unwrap();
        assert!(again.read(|r| r.user(&POOL.into(), &"u".into())).await.unwrap().is_some());
    }
}

pub(crate) async fn an_older_database_is_brought_up_to_date(fixture: Fixture) {
    with_pool(&fixture.store).await;
    add_user(&fixture.store, user(POOL, "u", &[])).await.unwrap();
    // As the first version left it.
    fixture.raw(
        "DROP TABLE federation_states; DROP TABLE outbox; DROP TABLE asset_uses; DROP TABLE assets; DROP TABLE brands;
         DROP TABLE codes; DROP TABLE rate_limits; DROP TABLE consumed_tokens; DROP TABLE revocations;
         DROP TABLE refresh_families; DROP TABLE grants; DROP TABLE sessions;
         DELETE FROM schema_versions WHERE version > 1",
    );
    let store = Store::open(&fixture.database).unwrap();
    assert!(store.read(|r| r.user(&POOL.into(), &"u".into())).await.unwrap().is_some());
    assert!(store.write(|tx| tx.consume(b"x", at(1))).await.unwrap());
}

pub(crate) async fn a_newer_database_is_refused(fixture: Fixture) {
    fixture.raw("INSERT INTO schema_versions (version) VALUES (1000)");
    let error = Store::open(&fixture.database).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 1000, known } if known < 1000), "{error:?}");
}
