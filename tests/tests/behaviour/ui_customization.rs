//! UI customization of the classic pages.

use latchkey_tests::TestServer;
use latchkey_tests::pictures::{JPEG, PNG, SVG, base64};
use serde_json::{Value, json};

const CSS: &str = ".label-customizable {font-weight: 400;}";

/// A server with a pool that has a domain, and a client.
async fn server() -> (TestServer, String, String) {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let client = server.client(&pool, json!({})).await;
    server.call("CreateUserPoolDomain", json!({ "Domain": "acme", "UserPoolId": pool })).await.ok();
    (server, pool, client)
}

async fn get(server: &TestServer, pool: &str, client: Option<&str>) -> Value {
    let mut input = json!({ "UserPoolId": pool });
    if let Some(client) = client {
        input["ClientId"] = json!(client);
    }
    server.call("GetUICustomization", input).await.ok()["UICustomization"].clone()
}

#[tokio::test]
async fn a_client_wears_its_own_else_that_of_all() {
    let (server, pool, client) = server().await;
    assert_eq!(get(&server, &pool, None).await, json!({}));
    assert_eq!(get(&server, &pool, Some(&client)).await, json!({}));
    let set = |client: Option<&str>, more: Value| {
        let mut input = json!({ "UserPoolId": pool });
        let input_members = input.as_object_mut().expect("an object");
        input_members.extend(client.map(|client| ("ClientId".to_owned(), json!(client))));
        input_members.extend(more.as_object().expect("an object").clone());
        server.call("SetUICustomization", input)
    };
    let all = set(None, json!({ "CSS": CSS })).await.ok()["UICustomization"].clone();
    assert_eq!((&all["UserPoolId"], &all["ClientId"], &all["CSS"]), (&json!(pool), &json!("ALL"), &json!(CSS)));
    assert_eq!(all["CSSVersion"], "20260101000000");
    assert_eq!(all.get("ImageUrl"), None);
    for asked in [None, Some("ALL"), Some(client.as_str())] {
        assert_eq!(get(&server, &pool, asked).await, all);
    }
    server.world.clock.advance_secs(5);
    let own = set(Some(&client), json!({ "CSS": "", "ImageFile": base64(PNG) })).await.ok()["UICustomization"].clone();
    assert_eq!((own["ClientId"].as_str(), own.get("CSS"), own.get("CSSVersion")), (Some(client.as_str()), None, None));
    let address = own["ImageUrl"].as_str().expect("an address");
    assert!(address.starts_with("http://localhost:9229/brand/") && address.ends_with(".png"), "{address}");
    assert_eq!(get(&server, &pool, Some(&client)).await, own);
    assert_eq!(get(&server, &pool, None).await, all);

    // Both are set together: a style sheet alone takes the logo away.
    server.world.clock.advance_secs(5);
    let again = set(Some(&client), json!({ "CSS": CSS })).await.ok()["UICustomization"].clone();
    assert_eq!((again["CSS"].as_str(), again.get("ImageUrl")), (Some(CSS), None));
    assert_eq!(again["CreationDate"], own["CreationDate"]);
    assert_eq!(again["CSSVersion"], "20260101000010");
    // Neither: gone.
    assert_eq!(set(Some(&client), json!({})).await.ok()["UICustomization"], json!({}));
    assert_eq!(get(&server, &pool, Some(&client)).await, all);
    set(Some("ALL"), json!({})).await.ok();
    set(Some("ALL"), json!({ "CSS": "" })).await.ok();
    assert_eq!(get(&server, &pool, Some(&client)).await, json!({}));
}

#[tokio::test]
async fn what_can_not_be_worn_is_refused() {
    let (server, pool, client) = server().await;
    let bare = server.pool(json!({})).await;
    let homeless = server.call("SetUICustomization", json!({ "UserPoolId": bare, "CSS": CSS })).await;
    assert_eq!(homeless.message(), "A domain must be associated with this user pool.");
    let unknown = json!({ "UserPoolId": pool, "ClientId": "nobody", "CSS": CSS });
    assert_eq!(server.call("SetUICustomization", unknown.clone()).await.error(), "ResourceNotFound");
    assert_eq!(server.call("GetUICustomization", unknown).await.error(), "ResourceNotFound");
    let foreign = json!({ "UserPoolId": bare, "ClientId": client });
    assert_eq!(server.call("GetUICustomization", foreign).await.error(), "ResourceNotFound");
    let nowhere = json!({ "UserPoolId": "us-east-1_nowhere" });
    assert_eq!(server.call("GetUICustomization", nowhere.clone()).await.error(), "ResourceNotFound");
    assert_eq!(server.call("SetUICustomization", nowhere).await.error(), "ResourceNotFound");

    let set = |css: &str, image: &[u8]| {
        let input = json!({ "UserPoolId": pool, "CSS": css, "ImageFile": base64(image) });
        server.call("SetUICustomization", input)
    };
    let class = set("body { display: none }", b"").await;
    assert_eq!(class.message(), "The CSS class body is not in the list of allowed classes.");
    for css in
        ["@import 'x';", ".label-customizable { color: red } }", ".label-customizable { color: \\72 ed }", "</style>"]
    {
        assert_eq!(set(css, b"").await.error(), "InvalidParameter", "{css}");
    }
    for image in [SVG.as_bytes(), b"GIF89a", b"<html>", base64(PNG).as_bytes()] {
        assert_eq!(set("", image).await.message(), "The logo must be a PNG, JPG or JPEG image.");
    }
    let padded = |length: usize| [PNG, vec![0; length - PNG.len()].as_slice()].concat();
    assert_eq!(set("", &padded(102_401)).await.error(), "InvalidParameter");
    let spaces = " ".repeat(2_000);
    assert_eq!(set(&spaces, &padded(102_400)).await.message(), "request parameters too large");
    assert_eq!(get(&server, &pool, None).await, json!({}));
    set(CSS, &padded(102_000)).await.ok();
    let jpeg = set(CSS, JPEG).await.ok()["UICustomization"]["ImageUrl"].clone();
    assert!(jpeg.as_str().is_some_and(|address| address.ends_with(".jpg")), "{jpeg}");
}

#[tokio::test]
async fn it_goes_with_its_client() {
    let (server, pool, client) = server().await;
    let input = json!({ "UserPoolId": pool, "ClientId": client, "CSS": CSS });
    server.call("SetUICustomization", input).await.ok();
    server.call("DeleteUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })).await.ok();
    assert_eq!(get(&server, &pool, None).await, json!({}));
}
