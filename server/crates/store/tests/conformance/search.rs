use domain::{Pool, UserFilter, UserStatus};
use store::Store;

use crate::Fixture;
use crate::things::{POOL, add_user, at, user, with_pool};

async fn listed(store: &Store, pool: &Pool, filter: &str) -> Vec<String> {
    let (pool, filter) = (pool.clone(), UserFilter::parse(filter).unwrap());
    let page = store.read(move |r| r.users(&pool, filter.as_ref(), None, 60)).await.unwrap();
    assert_eq!(page.next, None);
    page.items.into_iter().map(|user| user.username.into_string()).collect()
}

pub(crate) async fn filters(Fixture { store, .. }: Fixture) {
    let pool = with_pool(&store).await;
    let people: [(&str, &[(&str, &str)]); 5] = [
        ("ann", &[("name", "Ann O'Hara"), ("given_name", "Ann"), ("email", "ann@example.com")]),
        ("anna", &[("name", "100%_sure"), ("given_name", "anna"), ("family_name", "\u{10ffff}x")]),
        ("bob", &[("name", "100xxsure"), ("given_name", "Ann\u{1f600}"), ("phone_number", "+15550001")]),
        ("carl", &[("name", "\\back\"slash"), ("family_name", "\u{10ffff}"), ("phone_number", "+15550002")]),
        ("dora", &[("preferred_username", "Dodo"), ("family_name", "Müller")]),
    ];
    for (name, attributes) in people {
        let mut it = user(POOL, name, attributes);
        if name == "carl" {
            it.status = UserStatus::ForceChangePassword;
            it.enabled = false;
        }
        add_user(&store, it).await.unwrap();
    }
    let expected: [(&str, &[&str]); 24] = [
        ("", &["ann", "anna", "bob", "carl", "dora"]),
        ("username = \"ANN\"", &["ann"]),
        ("username ^= \"An\"", &["ann", "anna"]),
        ("sub = \"sub-of-bob\"", &["bob"]),
        ("email = \"ann@example.com\"", &["ann"]),
        ("email = \"Ann@example.com\"", &[]),
        ("email ^= \"\"", &["ann"]),
        ("name = \"Ann O'Hara\"", &["ann"]),
        ("name ^= \"100%\"", &["anna"]),
        ("name ^= \"100%_\"", &["anna"]),
        ("name ^= \"100_\"", &[]),
        ("name ^= \"100\"", &["anna", "bob"]),
        ("name ^= \"\\\\back\\\"\"", &["carl"]),
        ("given_name ^= \"Ann\"", &["ann", "bob"]),
        ("given_name = \"Ann\"", &["ann"]),
        ("family_name ^= \"\u{10ffff}\"", &["anna", "carl"]),
        ("family_name ^= \"Mü\"", &["dora"]),
        ("phone_number ^= \"+1555\"", &["bob", "carl"]),
        ("preferred_username = \"Dodo\"", &["dora"]),
        ("cognito:user_status = \"force_change_password\"", &["carl"]),
        ("cognito:user_status ^= \"conf\"", &["ann", "anna", "bob", "dora"]),
        ("status = \"Enabled\"", &["ann", "anna", "bob", "dora"]),
        ("status ^= \"Dis\"", &["carl"]),
        ("status = \"enabled\"", &[]),
    ];
    for (filter, names) in expected {
        assert_eq!(listed(&store, &pool, filter).await, names, "{filter}");
    }
}

pub(crate) async fn pages_without_gaps_or_repeats(Fixture { store, .. }: Fixture) {
    let pool = with_pool(&store).await;
    for number in 0..57 {
        let mut it = user(POOL, &format!("u{:02}", (number * 31) % 57), &[("family_name", "Same")]);
        it.created_at = at(number / 5);
        add_user(&store, it).await.unwrap();
    }
    for (limit, filter) in [(1, None), (10, None), (56, None), (57, None), (7, Some("family_name ^= \"S\""))] {
        let (mut seen, mut after, mut removed) = (Vec::new(), None, false);
        loop {
            let (pool, filter) = (pool.clone(), UserFilter::parse(filter.unwrap_or_default()).unwrap());
            let page = store.read(move |r| r.users(&pool, filter.as_ref(), after.as_deref(), limit)).await.unwrap();
            seen.extend(page.items.into_iter().map(|user| (user.created_at, user.username)));
            after = page.next;
            if after.is_none() {
                break;
            }
            // The row a page ended with may vanish: nothing is skipped for that.
            if limit == 10 && !removed {
                removed = true;
                let last = seen.last().unwrap().1.clone();
                assert!(store.write(move |tx| tx.delete_user(&POOL.into(), &last)).await.unwrap());
                add_user(&store, {
                    let (created_at, username) = seen.last().unwrap().clone();
                    let mut it = user(POOL, username.as_str(), &[("family_name", "Same")]);
                    it.created_at = created_at;
                    it
                })
                .await
                .unwrap();
            }
        }
        assert_eq!(seen.len(), 57, "limit {limit}");
        assert!(seen.is_sorted_by(|a, b| a < b), "limit {limit}");
    }
}
