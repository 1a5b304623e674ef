use domain::{Comparison, UserFilter};
use store::StoreError;

use crate::Fixture;
use crate::things::{POOL, add_user, group, user, with_pool};

const STRINGS: [&str; 12] = [
    "'; DROP TABLE users; --",
    "\"quoted\"",
    "back\\slash",
    "100%_of",
    "?1 $1 :a @b",
    "{text}{int}",
    "\u{1f600}\u{10ffff}\u{e000}",
    "e\u{301}",
    "line\r\nbreak\ttab",
    "\u{feff}bom\u{202e}rtl",
    " ",
    "NULL",
];

pub(crate) async fn strings_come_back_as_they_went(Fixture { store, .. }: Fixture) {
    let pool = with_pool(&store).await;
    for text in STRINGS {
        let it = user(POOL, text, &[("name", text), ("custom:x", text)]);
        add_user(&store, it.clone()).await.unwrap();
        store.write(move |tx| tx.insert_group(&group(POOL, text, None))).await.unwrap();
        store.write(move |tx| tx.put_document("d", &POOL.into(), text, &text)).await.unwrap();
        store.write(move |tx| tx.put_meta(text, text)).await.unwrap();
        assert_eq!(store.read(move |r| r.user(&POOL.into(), &text.into())).await.unwrap(), Some(it), "{text:?}");
        assert_eq!(store.read(|r| r.group(&POOL.into(), &text.into())).await.unwrap().unwrap().name, text.into());
        let doc = store.read(|r| r.document::<String>("d", &POOL.into(), text)).await.unwrap();
        assert_eq!(doc.as_deref(), Some(text));
        assert_eq!(store.read(|r| r.meta(text)).await.unwrap().as_deref(), Some(text));
        for comparison in [Comparison::Equals, Comparison::StartsWith] {
            let filter = UserFilter { attribute: "name", comparison, value: text.to_owned() };
            let pool = pool.clone();
            let page = store.read(move |r| r.users(&pool, Some(&filter), None, 10)).await.unwrap();
            assert_eq!(page.items.len(), 1, "{text:?} {comparison:?}");
        }
    }
    assert_eq!(store.read(|r| r.count_users(&POOL.into())).await.unwrap(), 12);
}

pub(crate) async fn nul_is_refused_cleanly(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    assert_eq!(add_user(&store, user(POOL, "a\0b", &[])).await, Err(StoreError::Nul));
    assert_eq!(add_user(&store, user(POOL, "ab", &[("name", "a\0b")])).await, Err(StoreError::Nul));
    let found = store.read(|r| r.user_by_name(&POOL.into(), "a\0b")).await;
    assert_eq!(found, Err(StoreError::Nul));
    // In front of the caller it is the caller's fault.
    let refused: domain::Error = StoreError::Nul.into();
    assert_eq!(refused.reason, domain::Reason::TextWithNul);
    // Inside a document it is kept like anything else.
    store.write(|tx| tx.put_document("d", &POOL.into(), "nul", &"a\0b")).await.unwrap();
    let doc = store.read(|r| r.document::<String>("d", &POOL.into(), "nul")).await.unwrap();
    assert_eq!(doc.as_deref(), Some("a\0b"));
    // And the connection is as good as before.
    add_user(&store, user(POOL, "ab", &[("custom:x", "a\0b")])).await.unwrap();
}

pub(crate) async fn malformed_positions_are_refused(Fixture { store, .. }: Fixture) {
    for after in ["", "x", "x:y", "99999999999999999999:a"] {
        assert_eq!(store.read(move |r| r.pools(Some(after), 1)).await, Err(StoreError::Position), "{after}");
    }
    let refused: domain::Error = StoreError::Position.into();
    assert_eq!(refused.reason, domain::Reason::PageTokenInvalid);
}
