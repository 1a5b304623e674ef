//! Managed login branding.

use latchkey_tests::TestServer;
use latchkey_tests::pictures::{JPEG, PNG, SVG, base64};
use serde_json::{Value, json};

/// A server with a pool and a client.
async fn server() -> (TestServer, String, String) {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    (server, pool, client)
}

async fn create(server: &TestServer, pool: &str, client: &str, more: Value) -> Value {
    let mut input = json!({ "UserPoolId": pool, "ClientId": client });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    server.call("CreateManagedLoginBranding", input).await.ok()["ManagedLoginBranding"].clone()
}

async fn describe(server: &TestServer, pool: &str, id: &Value, merged: bool) -> Value {
    let input = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": id, "ReturnMergedResources": merged });
    server.call("DescribeManagedLoginBranding", input).await.ok()["ManagedLoginBranding"].clone()
}

fn asset(category: &str, mode: &str, extension: &str, bytes: impl AsRef<[u8]>) -> Value {
    json!({ "Category": category, "ColorMode": mode, "Extension": extension, "Bytes": base64(bytes) })
}

fn unknown(property: &str) -> String {
    format!("Settings have an unknown property: {property}.")
}

#[tokio::test]
async fn a_document_comes_back_as_it_was_spoken() {
    let (server, pool, client) = server().await;
    let settings = json!({
        "categories": { "global": { "colorSchemeMode": [1, 2.5, null, "\u{0}é</script>"] } },
        "components": { "form": { "borderRadius": 8.0, "lightMode": { "backgroundColor": "FFFFFFff" } } },
        "componentClasses": { "buttons": { "borderRadius": 9_007_199_254_740_993_i64 } },
    });
    // Bytes come back as they went, whatever of a drawing is served.
    let drawing = "<?xml version='1.0'?><!-- mine --><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>";
    let mut icon = asset("IDP_BUTTON_ICON", "DYNAMIC", "SVG", SVG);
    icon["ResourceId"] = json!("Log in_with-us");
    let assets = json!([
        asset("FORM_LOGO", "LIGHT", "PNG", PNG),
        asset("PAGE_HEADER_LOGO", "DARK", "SVG", drawing),
        icon,
        asset("PAGE_BACKGROUND", "DYNAMIC", "JPEG", JPEG),
        asset("FORM_LOGO", "DARK", "PNG", PNG),
    ]);
    let made = create(&server, &pool, &client, json!({ "Settings": settings, "Assets": assets })).await;
    let id = made["ManagedLoginBrandingId"].as_str().expect("an id");
    assert_eq!((id.len(), id.chars().nth(14)), (36, Some('4')));
    assert_eq!(made["UserPoolId"], pool);
    assert_eq!(made["UseCognitoProvidedValues"], false);
    assert_eq!(made["Settings"], settings);
    assert_eq!(made["Assets"], assets);
    assert_eq!(describe(&server, &pool, &made["ManagedLoginBrandingId"], false).await, made);
    let by_client = json!({ "UserPoolId": pool, "ClientId": client });
    let found = server.call("DescribeManagedLoginBrandingByClient", by_client.clone()).await.ok();
    assert_eq!(found["ManagedLoginBranding"], made);

    // What was read, another client takes unchanged.
    let other = server.client(&pool, json!({})).await;
    let read = &found["ManagedLoginBranding"];
    let again = create(&server, &pool, &other, json!({ "Settings": read["Settings"], "Assets": read["Assets"] })).await;
    assert_eq!((&again["Settings"], &again["Assets"]), (&settings, &assets));
    assert_ne!(again["ManagedLoginBrandingId"], made["ManagedLoginBrandingId"]);
}

#[tokio::test]
async fn merged_it_shows_the_services_values_where_it_has_none() {
    let (server, pool, client) = server().await;
    let provided = create(&server, &pool, &client, json!({ "UseCognitoProvidedValues": true })).await;
    assert_eq!(provided.get("Settings"), None);
    assert_eq!(provided["Assets"], json!([]));
    assert_eq!(provided["UseCognitoProvidedValues"], true);
    let id = &provided["ManagedLoginBrandingId"];
    let whole = describe(&server, &pool, id, true).await;
    assert_eq!(
        whole["Settings"]["components"]["primaryButton"]["lightMode"]["defaults"]["backgroundColor"],
        "0972d3ff"
    );
    assert_eq!(whole["UseCognitoProvidedValues"], true);
    // The whole tree is taken back, and then is the client's own.
    let update = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": id, "Settings": whole["Settings"] });
    let own = server.call("UpdateManagedLoginBranding", update).await.ok()["ManagedLoginBranding"].clone();
    assert_eq!((&own["UseCognitoProvidedValues"], &own["Settings"]), (&json!(false), &whole["Settings"]));
    let part = json!({ "components": { "form": { "borderRadius": 0.5 } } });
    let update = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": id, "Settings": part });
    server.call("UpdateManagedLoginBranding", update).await.ok();
    assert_eq!(describe(&server, &pool, id, false).await["Settings"], part);
    let merged = describe(&server, &pool, id, true).await["Settings"].clone();
    assert_eq!(merged["components"]["form"]["borderRadius"], 0.5);
    assert_eq!(merged["components"]["form"]["darkMode"], whole["Settings"]["components"]["form"]["darkMode"]);
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let (server, pool, client) = server().await;
    let logo = asset("FORM_LOGO", "LIGHT", "PNG", PNG);
    let first = json!({ "components": { "form": { "borderRadius": 1.5 } } });
    let second = json!({ "componentClasses": {} });
    let made = create(&server, &pool, &client, json!({ "Settings": first, "Assets": [logo] })).await;
    let id = &made["ManagedLoginBrandingId"];
    server.world.clock.advance_secs(5);
    let update = |more: Value| {
        let mut input = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": id });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        server.call("UpdateManagedLoginBranding", input)
    };
    let dark = asset("FORM_LOGO", "DARK", "SVG", SVG);
    let added = update(json!({ "Assets": [dark] })).await.ok()["ManagedLoginBranding"].clone();
    assert_eq!((&added["Settings"], &added["Assets"]), (&first, &json!([logo, dark])));
    assert_eq!(added["CreationDate"], made["CreationDate"]);
    assert_ne!(added["LastModifiedDate"], made["LastModifiedDate"]);
    let other = asset("FORM_LOGO", "LIGHT", "JPEG", JPEG);
    let replaced = update(json!({ "Assets": [other], "Settings": second })).await.ok();
    let replaced = &replaced["ManagedLoginBranding"];
    assert_eq!((&replaced["Settings"], &replaced["Assets"]), (&second, &json!([other, dark])));
    let provided = update(json!({ "UseCognitoProvidedValues": true })).await.ok()["ManagedLoginBranding"].clone();
    assert_eq!((provided.get("Settings"), &provided["Assets"]), (None, &json!([other, dark])));

    // A property that the schema does not have, among known ones too.
    for (settings, named) in [
        (json!({ "component": {} }), "component"),
        (json!({ "components": { "form": { "borderRadius": 2.5, "colour": "red" } } }), "components.form.colour"),
    ] {
        let refused = update(json!({ "Settings": settings })).await;
        assert_eq!((refused.error(), refused.message()), ("InvalidParameter", unknown(named).as_str()));
        let other = server.client(&pool, json!({})).await;
        let input = json!({ "UserPoolId": pool, "ClientId": other, "Settings": settings });
        let refused = server.call("CreateManagedLoginBranding", input).await;
        assert_eq!((refused.error(), refused.message()), ("InvalidParameter", unknown(named).as_str()));
    }

    let both = update(json!({ "UseCognitoProvidedValues": true, "Settings": {} })).await;
    assert_eq!(both.message(), "useCognitoProvidedValues or settings should be specified (but not both)");
    assert_eq!(
        server.call("UpdateManagedLoginBranding", json!({ "UserPoolId": pool })).await.error(),
        "ResourceNotFound"
    );
    // What was refused changed nothing.
    assert_eq!(describe(&server, &pool, id, false).await, provided);
}

#[tokio::test]
async fn a_client_has_one_and_a_pool_twenty() {
    let (server, pool, client) = server().await;
    let provided = json!({ "UseCognitoProvidedValues": true });
    let made = create(&server, &pool, &client, provided.clone()).await;
    let input = json!({ "UserPoolId": pool, "ClientId": client, "UseCognitoProvidedValues": true });
    let again = server.call("CreateManagedLoginBranding", input.clone()).await;
    assert_eq!(again.error(), "ManagedLoginBrandingExists");
    assert_eq!(again.message(), format!("A ManagedLoginBranding already exists for client {client}"));
    for _ in 1..20 {
        let client = server.client(&pool, json!({})).await;
        create(&server, &pool, &client, provided.clone()).await;
    }
    let late = server.client(&pool, json!({})).await;
    let mut more = input.clone();
    more["ClientId"] = json!(late);
    assert_eq!(server.call("CreateManagedLoginBranding", more.clone()).await.error(), "LimitExceeded");
    let key = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"] });
    assert_eq!(server.call("DeleteManagedLoginBranding", key.clone()).await.ok(), Value::Null);
    assert_eq!(server.call("DeleteManagedLoginBranding", key).await.error(), "ResourceNotFound");
    server.call("CreateManagedLoginBranding", more).await.ok();
    assert_eq!(server.call("CreateManagedLoginBranding", input).await.error(), "LimitExceeded");
}

#[tokio::test]
async fn only_one_of_many_simultaneous_brandings_is_made() {
    let (server, pool, client) = server().await;
    let input = json!({ "UserPoolId": pool, "ClientId": client, "UseCognitoProvidedValues": true });
    let make = || server.call("CreateManagedLoginBranding", input.clone());
    let answers = tokio::join!(make(), make(), make(), make());
    let answers = [answers.0, answers.1, answers.2, answers.3];
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.error() == "ManagedLoginBrandingExists").count(), 3);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_another_pools_is_not_there() {
    let (server, pool, client) = server().await;
    let by_client = json!({ "UserPoolId": pool, "ClientId": client });
    let none = server.call("DescribeManagedLoginBrandingByClient", by_client).await;
    assert_eq!(none.error(), "ResourceNotFound");
    assert_eq!(none.message(), format!("ManagedLoginBranding for client {client} does not exist."));

    let foreign_pool = server.pool(json!({})).await;
    let foreign_client = server.client(&foreign_pool, json!({})).await;
    let logo = asset("FORM_LOGO", "LIGHT", "PNG", PNG);
    let input = json!({ "UseCognitoProvidedValues": true, "Assets": [logo] });
    let foreign = create(&server, &foreign_pool, &foreign_client, input).await;
    let id = &foreign["ManagedLoginBrandingId"];
    let key = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": id });
    let mut update = key.clone();
    update["Settings"] = json!({});
    for (operation, input) in [
        ("DescribeManagedLoginBranding", &key),
        ("UpdateManagedLoginBranding", &update),
        ("DeleteManagedLoginBranding", &key),
    ] {
        let refused = server.call(operation, input.clone()).await;
        assert_eq!((refused.error(), refused.message()), ("ResourceNotFound", "ManagedLoginBranding does not exist."));
        let mut nowhere = input.clone();
        nowhere["UserPoolId"] = json!("us-east-1_nowhere");
        assert_eq!(server.call(operation, nowhere).await.message(), "User pool us-east-1_nowhere does not exist.");
    }
    assert_eq!(describe(&server, &foreign_pool, id, false).await, foreign);
    for (pool, client) in [(&pool, &foreign_client), (&foreign_pool, &client)] {
        let input = json!({ "UserPoolId": pool, "ClientId": client, "UseCognitoProvidedValues": true });
        assert_eq!(server.call("CreateManagedLoginBranding", input).await.error(), "ResourceNotFound");
        let input = json!({ "UserPoolId": pool, "ClientId": client });
        assert_eq!(server.call("DescribeManagedLoginBrandingByClient", input).await.error(), "ResourceNotFound");
    }
    let no_uuid = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": "00000000-0000-0000-0000-000000000000" });
    assert_eq!(server.call("DescribeManagedLoginBranding", no_uuid).await.error(), "InvalidParameter");
}

#[tokio::test]
async fn it_goes_with_its_client() {
    let (server, pool, client) = server().await;
    let logo = asset("FORM_LOGO", "LIGHT", "PNG", PNG);
    let made = create(&server, &pool, &client, json!({ "Settings": {}, "Assets": [logo] })).await;
    server.call("DeleteUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })).await.ok();
    let key = json!({ "UserPoolId": pool, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"] });
    assert_eq!(server.call("DescribeManagedLoginBranding", key).await.error(), "ResourceNotFound");
}

#[tokio::test]
async fn pictures_are_what_they_are_said_to_be() {
    let (server, pool, client) = server().await;
    let attempt = |assets: Value| {
        let input =
            json!({ "UserPoolId": pool, "ClientId": client, "UseCognitoProvidedValues": true, "Assets": assets });
        server.call("CreateManagedLoginBranding", input)
    };
    let html = "<!doctype html><script>alert(1)</script>";
    let bomb = "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>";
    for (category, extension, bytes) in [
        ("FORM_LOGO", "PNG", JPEG),
        ("FORM_LOGO", "JPEG", PNG),
        ("FORM_LOGO", "WEBP", PNG),
        ("FORM_LOGO", "PNG", SVG.as_bytes()),
        ("FORM_LOGO", "SVG", PNG),
        ("FORM_LOGO", "PNG", html.as_bytes()),
        ("FORM_LOGO", "SVG", html.as_bytes()),
        ("FORM_LOGO", "SVG", bomb.as_bytes()),
        ("FORM_LOGO", "PNG", base64(PNG).as_bytes()),
        ("FAVICON_ICO", "ICO", PNG),
        ("FAVICON_ICO", "PNG", PNG),
        ("FAVICON_SVG", "PNG", PNG),
        ("IDP_BUTTON_ICON", "PNG", PNG),
        ("FORM_LOGO", "ICO", PNG),
    ] {
        let refused = attempt(json!([asset(category, "LIGHT", extension, bytes)])).await;
        assert_eq!(refused.error(), "InvalidParameter", "{category} {extension}");
    }
    let without_bytes = json!([{ "Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG" }]);
    assert_eq!(attempt(without_bytes).await.error(), "InvalidParameter");
    let large = [PNG, vec![0; 1_000_001 - PNG.len()].as_slice()].concat();
    assert_eq!(attempt(json!([asset("FORM_LOGO", "LIGHT", "PNG", &large)])).await.error(), "InvalidParameter");
    let allowed = large.get(..1_000_000).expect("bytes");
    let two = json!([asset("FORM_LOGO", "LIGHT", "PNG", allowed), asset("FORM_LOGO", "DARK", "PNG", allowed)]);
    assert_eq!(attempt(two).await.message(), "The request is larger than 2 MB; send it in parts.");
    attempt(json!([asset("FORM_LOGO", "LIGHT", "PNG", allowed)])).await.ok();
}
