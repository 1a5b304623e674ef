//! What a newer version has written is read around and kept.

use domain::{Client, CodePurpose, Limit, Pool, User, Window};
use serde::{Deserialize, Serialize};
use serde_json::{Value, from_str, from_value, json, to_value};
use store::{BrandKind, Store, StoreError};

use crate::Fixture;
use crate::things::{POOL, add_user, at, brand, client, code, device, group, pool, user, with_pool};

/// A document as this version knows it.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Known {
    #[serde(default)]
    a: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    b: Option<i32>,
    #[serde(default)]
    items: Vec<Part>,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Part {
    id: i32,
}

fn newer_settings() -> Value {
    json!({
        "Name": "old",
        "NewOption": { "a": [1] },
        "Policies": { "PasswordPolicy": { "MinimumLength": 9, "Newer": 1 }, "NewerPolicy": { "x": 1 } },
        "UserPoolTier": "GALACTIC",
        "AliasAttributes": ["email", "iris", "phone_number"],
        "AccountRecoverySetting": { "RecoveryMechanisms": [
            { "Priority": 1, "Name": "verified_email", "Hint": "h" },
            { "Priority": 2, "Name": "pigeon" },
        ] },
        "LambdaConfig": {
            "PreSignUp": "arn:aws:lambda:eu-west-1:1:function:a",
            "CustomEmailSender": { "LambdaVersion": "V9_0", "LambdaArn": "arn:aws:lambda:eu-west-1:1:function:b" },
        },
    })
}

/// A pool whose row a newer version has written.
async fn with_newer_pool(fixture: &Fixture, settings: Value) -> Value {
    with_pool(&fixture.store).await;
    let mut doc = to_value(pool(POOL)).unwrap();
    doc["settings"] = settings;
    doc["mfa"] = json!({ "software_token": true, "newer": 2 });
    doc["replicas"] = json!(["eu"]);
    fixture.raw(&format!("UPDATE pools SET doc = '{doc}'"));
    doc
}

fn stored(fixture: &Fixture, table: &str) -> Value {
    from_str(&fixture.raw_text(&format!("SELECT doc FROM {table}"))).unwrap()
}

async fn read_pool(store: &Store) -> Result<Pool, StoreError> {
    store.read(|r| r.pool(&POOL.into())).await.map(Option::unwrap)
}

async fn change_pool(store: &Store, change: fn(&mut Pool)) {
    let change = move |pool: &mut Pool| {
        change(pool);
        Ok::<_, StoreError>(())
    };
    store.write(move |tx| tx.update_pool(&POOL.into(), change)).await.unwrap().unwrap();
}

pub(crate) async fn newer_settings_survive_an_update(fixture: Fixture) {
    let mut doc = with_newer_pool(&fixture, newer_settings()).await;
    let store = &fixture.store;
    let read = read_pool(store).await.unwrap();
    assert_eq!(read.settings.user_pool_tier, None);
    assert_eq!(read.settings.alias_attributes.as_ref().map(Vec::len), Some(2));
    let recovery = read.settings.account_recovery_setting.unwrap().recovery_mechanisms.unwrap();
    assert_eq!(recovery.len(), 1);
    let lambda = read.settings.lambda_config.unwrap();
    // The word is required there, so it goes with what it belongs to.
    assert!(lambda.custom_email_sender.is_none() && lambda.pre_sign_up.is_some());

    change_pool(store, |_| {}).await;
    assert_eq!(stored(&fixture, "pools"), doc);

    change_pool(store, |pool| {
        let settings = &mut pool.settings;
        settings.name = Some("new".to_owned());
        settings.lambda_config.as_mut().unwrap().pre_sign_up = None;
        let policies = settings.policies.as_mut().unwrap();
        policies.password_policy.as_mut().unwrap().minimum_length = Some(10);
    })
    .await;
    doc["settings"]["Name"] = json!("new");
    doc["settings"]["LambdaConfig"].as_object_mut().unwrap().remove("PreSignUp");
    doc["settings"]["Policies"]["PasswordPolicy"]["MinimumLength"] = json!(10);
    assert_eq!(stored(&fixture, "pools"), doc);
    // And stays removed.
    change_pool(store, |pool| pool.settings.name = Some("newer".to_owned())).await;
    doc["settings"]["Name"] = json!("newer");
    assert_eq!(stored(&fixture, "pools"), doc);

    // A word that is known takes the place of one that was not.
    change_pool(store, |pool| pool.settings.user_pool_tier = from_value(json!("PLUS")).unwrap()).await;
    assert_eq!(stored(&fixture, "pools")["settings"]["UserPoolTier"], "PLUS");
}

pub(crate) async fn lists_keep_what_they_did_not_show_until_shortened(fixture: Fixture) {
    with_newer_pool(&fixture, newer_settings()).await;
    let store = &fixture.store;
    let aliases = |fixture: &Fixture| stored(fixture, "pools")["settings"]["AliasAttributes"].clone();
    change_pool(store, |pool| {
        let aliases = pool.settings.alias_attributes.as_mut().unwrap();
        aliases.push(from_value(json!("preferred_username")).unwrap());
    })
    .await;
    assert_eq!(aliases(&fixture), json!(["email", "phone_number", "preferred_username", "iris"]));
    change_pool(store, |pool| pool.settings.alias_attributes.as_mut().unwrap().truncate(1)).await;
    assert_eq!(aliases(&fixture), json!(["email"]));

    // Items that stay keep what was not known of them, wherever they move.
    let items = json!({ "a": 1, "items": [{ "id": 1, "x": "one" }, { "id": 2, "x": "two" }, { "id": 3 }] });
    store.write(move |tx| tx.put_document("d", &POOL.into(), "list", &items)).await.unwrap();
    let change = |doc: &mut Known| {
        doc.items.remove(0);
        doc.items.insert(1, Part { id: 4 });
        Ok::<_, StoreError>(())
    };
    store.write(move |tx| tx.update_document("d", &POOL.into(), "list", change)).await.unwrap().unwrap();
    let changed = json!({ "a": 1, "items": [{ "id": 2, "x": "two" }, { "id": 4 }, { "id": 3 }] });
    assert_eq!(stored(&fixture, "documents"), changed);
}

/// Where absence protects less than any word, the row cannot be read by a version that does not know the word.
pub(crate) async fn words_that_protect_are_not_read_around(fixture: Fixture) {
    let store = &fixture.store;
    with_newer_pool(&fixture, json!({ "MfaConfiguration": "ADAPTIVE" })).await;
    assert!(matches!(read_pool(store).await, Err(StoreError::Unreadable(_))));
    for settings in [json!({ "DeletionProtection": "ETERNAL" }), json!({ "Name": 7 }), json!({ "UserPoolTier": [] })] {
        let mut doc = to_value(pool(POOL)).unwrap();
        doc["settings"] = settings;
        fixture.raw(&format!("UPDATE pools SET doc = '{doc}'"));
        assert!(matches!(read_pool(store).await, Err(StoreError::Unreadable(_))), "{doc}");
    }

    store.write(|tx| tx.insert_client(&client("one", POOL, 0))).await.unwrap();
    let read = |settings: Value| {
        let mut doc = to_value(client("one", POOL, 0)).unwrap();
        doc["settings"] = settings;
        fixture.raw(&format!("UPDATE clients SET doc = '{doc}'"));
        store.read(|r| r.client(&"one".into()))
    };
    let some = read(json!({ "ExplicitAuthFlows": ["ALLOW_TELEPATHY", "ALLOW_USER_SRP_AUTH"] })).await.unwrap().unwrap();
    assert_eq!(some.settings.explicit_auth_flows.map(|flows| flows.len()), Some(1));
    for settings in [
        json!({ "ExplicitAuthFlows": ["ALLOW_TELEPATHY"] }),
        json!({ "PreventUserExistenceErrors": "PARANOID" }),
        json!({ "RefreshTokenRotation": { "Feature": "ALWAYS", "RetryGracePeriodSeconds": 1 } }),
    ] {
        assert!(matches!(read(settings.clone()).await, Err(StoreError::Unreadable(_))), "{settings}");
    }
    let change = |_: &mut Client| Ok::<_, StoreError>(());
    let refused = store.write(move |tx| tx.update_client(&"one".into(), change)).await;
    assert!(matches!(refused, Err(StoreError::Unreadable(_))));

    add_user(store, user(POOL, "u", &[])).await.unwrap();
    fixture.raw("UPDATE users SET doc = replace(doc, 'CONFIRMED', 'ASCENDED')");
    let read = store.read(|r| r.user(&POOL.into(), &"u".into())).await;
    assert!(matches!(read, Err(StoreError::Unreadable(_))));
}

pub(crate) async fn every_document_keeps_newer_members(fixture: Fixture) {
    let pool = with_pool(&fixture.store).await;
    let store = &fixture.store;
    add_user(store, user(POOL, "u", &[])).await.unwrap();
    store
        .write(|tx| -> Result<(), StoreError> {
            let (pool, owner) = (POOL.into(), "u".into());
            tx.insert_client(&client("one", POOL, 0))?;
            tx.insert_group(&group(POOL, "g", None))?;
            tx.insert_device(&pool, &owner, &device("d", 0))?;
            tx.put_code(&pool, &owner, &CodePurpose::SignUp, &code(1))?;
            tx.insert_domain("acme", &pool, &Known::default())?;
            tx.insert_document("kind", &pool, "id", &Known { b: Some(1), ..Known::default() })?;
            tx.insert_brand(&pool, &brand("b", BrandKind::Managed, None), &Known::default())?;
            tx.update_window(&pool, "u", Limit::Resend, at(1), |window: &mut Window| {
                window.at.push(at(-1));
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
    let tables =
        ["users", "clients", "groups", "devices", "codes", "domains", "documents", "brands", "rate_limits", "pools"];
    for table in tables {
        fixture.raw(&format!(r#"UPDATE {table} SET doc = '{{"newer":{{"a":1}},' || substr(doc, 2)"#));
    }
    let before: Vec<Value> = tables.iter().map(|table| stored(&fixture, table)).collect();
    store
        .write(move |tx| -> Result<(), StoreError> {
            let (id, owner) = (pool.id.clone(), "u".into());
            let ok = Ok::<(), StoreError>(());
            tx.update_user(&pool, &owner, |user: &mut User| {
                user.attributes.insert("name".to_owned(), "U".to_owned());
                ok.clone()
            })?;
            tx.update_client(&"one".into(), |client| {
                client.srp_only = true;
                ok.clone()
            })?;
            tx.update_group(&id, &"g".into(), |group| {
                group.description = Some("all".to_owned());
                ok.clone()
            })?;
            tx.update_device(&id, &owner, &"d".into(), |device| {
                device.remembered = true;
                ok.clone()
            })?;
            tx.update_code(&id, &owner, &CodePurpose::SignUp, |code| {
                code.failures = 1;
                ok.clone()
            })?;
            tx.update_domain("acme", &id, |known: &mut Known| {
                known.a = 1;
                ok.clone()
            })?;
            tx.update_document("kind", &id, "id", |known: &mut Known| {
                known.b = None;
                ok.clone()
            })?;
            tx.replace_brand(&id, "b", "2", &Known { a: 1, ..Known::default() })?;
            tx.update_window(&id, "u", Limit::Resend, at(1), |window| {
                window.at.push(at(0));
                ok.clone()
            })?;
            tx.update_pool(&id, |pool| {
                pool.settings.name = Some("new".to_owned());
                ok.clone()
            })?;
            Ok(())
        })
        .await
        .unwrap();
    for (table, before) in tables.into_iter().zip(before) {
        let after = stored(&fixture, table);
        assert_ne!(after, before, "{table}");
        assert_eq!(after["newer"], json!({ "a": 1 }), "{table}");
    }
    assert_eq!(stored(&fixture, "documents"), json!({ "a": 0, "items": [], "newer": { "a": 1 } }));
}
