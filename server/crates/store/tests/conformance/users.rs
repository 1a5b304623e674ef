use domain::{CodePurpose, PoolId, SignInName, UserStatus, Username};
use store::{Store, StoreError};

use crate::Fixture;
use crate::things::{POOL, add_user, at, code, device, pool, user, with_pool};

const VERIFIED: &[(&str, &str)] =
    &[("email", "Ann@Example.com"), ("email_verified", "true"), ("preferred_username", "annie")];

async fn found(store: &Store, typed: &str) -> Option<String> {
    let typed = typed.to_owned();
    let found = store.read(move |r| r.user_by_name(&POOL.into(), &typed)).await.unwrap();
    found.map(|user| user.username.into_string())
}

pub(crate) async fn users_are_found_by_every_name(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    let ann = user(POOL, "ann", VERIFIED);
    add_user(&store, ann.clone()).await.unwrap();
    let all = store
        .read(|r| {
            let pool = PoolId::new(POOL);
            Ok::<_, StoreError>([
                r.user(&pool, &"ann".into())?,
                r.user_by_sub(&pool, &"sub-of-ann".into())?,
                r.user_by_name(&pool, "ann")?,
                r.user_by_name(&pool, "ann@example.com")?,
                r.user_by_name(&pool, "annie")?,
            ])
        })
        .await
        .unwrap();
    assert!(all.iter().all(|user| user.as_ref() == Some(&ann)));
    assert_eq!(found(&store, "bob").await, None);
    assert_eq!(store.read(|r| r.user(&"r_Other".into(), &"ann".into())).await.unwrap(), None);
    assert_eq!(store.read(|r| r.count_users(&POOL.into())).await.unwrap(), 1);
}

pub(crate) async fn names_belong_to_one_user(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    store.write(|tx| tx.insert_pool(&pool("r_Other"))).await.unwrap();
    add_user(&store, user(POOL, "ann", VERIFIED)).await.unwrap();
    let taken = |error: Result<(), StoreError>| error.unwrap_err().taken().map(str::to_owned);
    assert_eq!(taken(add_user(&store, user(POOL, "ann", &[])).await).as_deref(), Some("username"));
    let same_mail = user(POOL, "bob", &[("email", "ann@EXAMPLE.com"), ("email_verified", "true")]);
    assert_eq!(taken(add_user(&store, same_mail).await).as_deref(), Some("email"));
    let same_name = user(POOL, "bob", &[("preferred_username", "Annie")]);
    assert_eq!(taken(add_user(&store, same_name).await).as_deref(), Some("preferred_username"));
    // What reaches one user, reaches no other in another way.
    assert_eq!(taken(add_user(&store, user(POOL, "annie", &[])).await).as_deref(), Some("username"));
    for (name, value) in [("preferred_username", "ann"), ("preferred_username", "ann@example.com")] {
        let other = user(POOL, "bob", &[(name, value)]);
        assert_eq!(taken(add_user(&store, other).await).as_deref(), Some(name), "{value}");
    }
    // One's own name is no other's.
    add_user(&store, user(POOL, "carl", &[("preferred_username", "carl")])).await.unwrap();
    // An address that is not verified reaches nobody, and is no conflict; another pool is another world.
    add_user(&store, user(POOL, "bob", &[("email", "ann@example.com")])).await.unwrap();
    add_user(&store, user("r_Other", "ann", VERIFIED)).await.unwrap();
    let mut twin = user(POOL, "twin", &[]);
    twin.sub = "sub-of-ann".into();
    assert_eq!(taken(add_user(&store, twin).await).as_deref(), Some("username"));
}

/// Names that are taken at once, as usernames, sign-in names at birth and sign-in names later, are each one user's.
pub(crate) async fn names_taken_at_once_belong_to_one_user(Fixture { store, .. }: Fixture) {
    let it = with_pool(&store).await;
    for number in 0..20 {
        add_user(&store, user(POOL, &format!("old-{number}"), &[])).await.unwrap();
    }
    let tasks: Vec<_> = (0..60)
        .map(|task| {
            let (store, it) = (store.clone(), it.clone());
            let (way, number) = (task % 3, task / 3);
            let name = format!("name-{number}");
            tokio::spawn(async move {
                match way {
                    0 => add_user(&store, user(POOL, &name, &[])).await.is_ok(),
                    1 => {
                        let new = user(POOL, &format!("new-{number}"), &[("preferred_username", &name)]);
                        add_user(&store, new).await.is_ok()
                    }
                    _ => {
                        let old = format!("old-{number}");
                        let changed = store.write(move |tx| {
                            tx.update_user(&it, &old.as_str().into(), |user| {
                                user.attributes.insert("preferred_username".to_owned(), name.clone());
                                Ok::<_, StoreError>(())
                            })
                        });
                        changed.await.is_ok()
                    }
                }
            })
        })
        .collect();
    let mut taken = [0; 20];
    for (task, running) in tasks.into_iter().enumerate() {
        taken[task / 3] += usize::from(running.await.unwrap());
    }
    assert_eq!(taken, [1; 20]);
}

pub(crate) async fn a_refused_user_leaves_nothing(Fixture { store, .. }: Fixture) {
    let it = with_pool(&store).await;
    add_user(&store, user(POOL, "ann", VERIFIED)).await.unwrap();
    let attributes = [("email", "bob@example.com"), ("email_verified", "true"), ("preferred_username", "annie")];
    let bob = user(POOL, "bob", &attributes);
    // The conflict is handled within the transaction, which goes on and commits.
    store
        .write(move |tx| {
            assert_eq!(tx.insert_user(&it, &bob).unwrap_err().taken(), Some("preferred_username"));
            tx.put_meta("went", "on")
        })
        .await
        .unwrap();
    assert_eq!(store.read(|r| r.meta("went")).await.unwrap().as_deref(), Some("on"));
    assert_eq!(found(&store, "bob").await, None);
    assert_eq!(found(&store, "bob@example.com").await, None);
}

pub(crate) async fn updates_keep_names_and_columns_in_step(Fixture { store, .. }: Fixture) {
    let it = with_pool(&store).await;
    add_user(&store, user(POOL, "ann", VERIFIED)).await.unwrap();
    add_user(&store, user(POOL, "bob", &[("preferred_username", "bobby")])).await.unwrap();
    let set = |username: &'static str, attribute: &'static str, value: &'static str| {
        let it = it.clone();
        store.write(move |tx| {
            tx.update_user(&it, &username.into(), |user| {
                user.attributes.insert(attribute.to_owned(), value.to_owned());
                Ok::<_, StoreError>(user.attributes.len())
            })
        })
    };
    assert_eq!(set("ann", "email", "new@example.com").await.unwrap(), Some(3));
    assert_eq!(found(&store, "ann@example.com").await, None);
    assert_eq!(found(&store, "new@example.com").await.as_deref(), Some("ann"));
    let error = set("ann", "preferred_username", "Bobby").await.unwrap_err();
    assert_eq!(error.taken(), Some("preferred_username"));
    assert_eq!(found(&store, "annie").await.as_deref(), Some("ann"));
    set("ann", "email_verified", "false").await.unwrap();
    assert_eq!(found(&store, "new@example.com").await, None);
    assert_eq!(set("nobody", "email", "x").await.unwrap(), None);

    let filter = domain::UserFilter::parse("email = \"new@example.com\"").unwrap();
    let (pool, wanted) = (it.clone(), filter.clone());
    let page = store.read(move |r| r.users(&pool, wanted.as_ref(), None, 10)).await.unwrap();
    assert_eq!(page.items[0].username.as_str(), "ann");
    let pool = it.clone();
    store
        .write(move |tx| {
            tx.update_user(&pool, &"ann".into(), |user| {
                user.attributes.clear();
                user.status = UserStatus::ResetRequired;
                user.enabled = false;
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    let pool = it.clone();
    assert!(store.read(move |r| r.users(&pool, filter.as_ref(), None, 10)).await.unwrap().items.is_empty());
    for text in ["cognito:user_status = \"reset_required\"", "status = \"Disabled\""] {
        let (pool, filter) = (it.clone(), domain::UserFilter::parse(text).unwrap());
        let page = store.read(move |r| r.users(&pool, filter.as_ref(), None, 10)).await.unwrap();
        assert_eq!(page.items.len(), 1, "{text}");
    }
    // What the function refuses is not kept.
    let refused = store
        .write(move |tx| {
            tx.update_user(&it, &"bob".into(), |user| {
                user.enabled = false;
                Err::<(), _>(StoreError::Nul)
            })
        })
        .await;
    assert_eq!(refused, Err(StoreError::Nul));
    assert!(store.read(|r| r.user(&POOL.into(), &"bob".into())).await.unwrap().unwrap().enabled);
}

pub(crate) async fn a_name_moves(Fixture { store, .. }: Fixture) {
    let it = with_pool(&store).await;
    add_user(&store, user(POOL, "ann", VERIFIED)).await.unwrap();
    add_user(&store, user(POOL, "bob", &[("email", "ann@example.com")])).await.unwrap();
    let name = SignInName { attribute: "email".to_owned(), value: "ann@example.com".to_owned() };
    let (pool, moved) = (it.clone(), name.clone());
    let loser = store
        .write(move |tx| {
            let loser = tx.move_name(&pool, &moved, &"bob".into())?;
            tx.update_user(&pool, &"bob".into(), |user| {
                user.attributes.insert("email_verified".to_owned(), "true".to_owned());
                Ok::<_, StoreError>(())
            })?;
            Ok::<_, StoreError>(loser)
        })
        .await
        .unwrap();
    assert_eq!(loser, Some(Username::new("ann")));
    assert_eq!(found(&store, "ann@example.com").await.as_deref(), Some("bob"));
    assert_eq!(found(&store, "annie").await.as_deref(), Some("ann"));
    let ann = store.read(|r| r.user(&POOL.into(), &"ann".into())).await.unwrap().unwrap();
    assert!(!ann.is_verified("email"));
    let (pool, moved) = (it.clone(), name.clone());
    assert_eq!(store.write(move |tx| tx.move_name(&pool, &moved, &"bob".into())).await.unwrap(), None);
    let (pool, moved) = (it, name.clone());
    let error = store.write(move |tx| tx.move_name(&pool, &moved, &"nobody".into())).await.unwrap_err();
    assert!(matches!(error, StoreError::Orphan(_)), "{error:?}");
    let holder = store.read(move |r| r.name_holder(&POOL.into(), &name)).await.unwrap();
    assert_eq!(holder, Some(Username::new("bob")));
}

pub(crate) async fn deleting_a_user_takes_what_is_its_own(Fixture { store, .. }: Fixture) {
    let it = with_pool(&store).await;
    add_user(&store, user(POOL, "ann", VERIFIED)).await.unwrap();
    store
        .write(|tx| {
            let (pool, ann) = (PoolId::new(POOL), Username::new("ann"));
            tx.insert_device(&pool, &ann, &device("d", 0))?;
            tx.put_code(&pool, &ann, &CodePurpose::Recovery, &code(1))?;
            tx.insert_group(&crate::things::group(POOL, "g", None))?;
            tx.add_to_group(&pool, &ann, &"g".into())?;
            tx.put_session(b"cookie", &pool, &ann, &1, at(1))
        })
        .await
        .unwrap();
    assert!(store.write(|tx| tx.delete_user(&POOL.into(), &"ann".into())).await.unwrap());
    assert!(!store.write(|tx| tx.delete_user(&POOL.into(), &"ann".into())).await.unwrap());
    // The names are free again, and a namesake inherits nothing.
    store.write(move |tx| tx.insert_user(&it, &user(POOL, "ann", VERIFIED))).await.unwrap();
    let left = store
        .read(|r| {
            let (pool, ann) = (PoolId::new(POOL), Username::new("ann"));
            Ok::<_, StoreError>([
                r.device(&pool, &ann, &"d".into())?.is_some(),
                r.code(&pool, &ann, &CodePurpose::Recovery)?.is_some(),
                !r.groups_of_user(&pool, &ann)?.is_empty(),
                r.session::<i32>(b"cookie", at(0))?.is_some(),
            ])
        })
        .await
        .unwrap();
    assert_eq!(left, [false; 4]);
}

pub(crate) async fn unknown_names_cost_as_much(Fixture { store, .. }: Fixture) {
    with_pool(&store).await;
    add_user(&store, user(POOL, "ann", VERIFIED)).await.unwrap();
    for typed in ["ann", "ann@example.com", "nobody", "nobody@example.com"] {
        let before = store.counts().reads;
        found(&store, typed).await;
        assert_eq!(store.counts().reads - before, 1, "{typed}");
    }
}
