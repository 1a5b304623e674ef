//! What people type: read as it is meant, and refused all at once, each at its field.

use http::StatusCode;
use serde_json::json;

use crate::requests::{authorize, query};
use crate::server::{CALLBACK, PASSWORD, TestServer};

const SPELLINGS: [&str; 6] = [
    "+44 20 7946 0018",
    "+44\u{a0}20\u{a0}7946\u{a0}0018",
    "+44 (0)20-7946-0018",
    "0044 20 7946 0018",
    "\u{ff0b}４４ ２０ ７９４６ ００１８",
    "+٤٤ ٢٠ ٧٩٤٦ ٠٠١٨",
];

#[tokio::test]
async fn a_phone_number_is_taken_as_it_is_written_wherever_one_is_typed() {
    let server = TestServer::new();
    let names = json!({
        "UsernameAttributes": ["phone_number"],
        "AutoVerifiedAttributes": ["phone_number"],
        "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::000000000000:role/sms" },
    });
    for (number, typed) in SPELLINGS.into_iter().enumerate() {
        let pool = server.pool(names.clone()).await;
        let client = server.client(&pool, json!({})).await;
        let mut browser = server.browser();
        let page = browser.open(&format!("/signup?{}", query(&client, &[]))).await;
        let confirm = browser.submit(&page, &[("username", typed), ("password", PASSWORD)]).await;
        assert_eq!(confirm.path(), "/confirm", "{typed}: {}", confirm.body);
        let user = server.latchkey.user(&pool, "+442079460018").await.unwrap();
        assert_eq!(user.attribute("phone_number"), Some("+442079460018"));
        let code: String = server.code("+442079460018");
        // The digits of another keyboard.
        let wide: String = code.chars().map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0x660).unwrap()).collect();
        let app = browser.submit(&confirm, &[("code", &wide)]).await;
        assert_eq!(app.path(), CALLBACK, "{}", app.body);

        let other = SPELLINGS[(number + 1) % SPELLINGS.len()];
        let page = browser.open(&authorize(&client, &[("prompt", "login")])).await;
        let app = browser.submit(&page, &[("username", other), ("password", PASSWORD)]).await;
        assert_eq!(app.path(), CALLBACK, "{other}: {}", app.body);
        let page = browser.open(&format!("/forgotPassword?{}", query(&client, &[]))).await;
        browser.submit(&page, &[("username", other)]).await;
        assert_ne!(server.code("+442079460018"), code, "{other}: a code was sent");
    }
    // An attribute, and an address in the letters of another keyboard.
    let schema = json!([{ "Name": "phone_number", "AttributeDataType": "String", "Required": true, "Mutable": true }]);
    let pool = server.pool(json!({ "Schema": schema })).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    let page = browser.open(&format!("/signup?{}", query(&client, &[]))).await;
    let typed =
        [("username", " ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ"), ("phone_number", SPELLINGS[2]), ("password", PASSWORD)];
    let confirm = browser.submit(&page, &typed).await;
    assert_eq!(confirm.path(), "/confirm", "{}", confirm.body);
    let user = server.latchkey.user(&pool, "ada@example.com").await.unwrap();
    assert_eq!(user.attribute("phone_number"), Some("+442079460018"));
}

#[tokio::test]
async fn a_form_is_refused_once_with_all_that_is_wrong_each_at_its_field() {
    let server = TestServer::new();
    let required =
        |name: &str| json!({ "Name": name, "AttributeDataType": "String", "Required": true, "Mutable": true });
    let schema = json!([required("given_name"), required("birthdate"), required("phone_number")]);
    let pool = server.pool(json!({ "Schema": schema })).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    let page = browser.open(&format!("/signup?{}", query(&client, &[]))).await;
    assert!(page.body.contains("novalidate"), "the browser's own bubbles would be a second voice, in another language");
    let typed = [
        ("username", "ada@"),
        ("given_name", ""),
        ("birthdate", "2999-01-01"),
        ("phone_number", "020 7946"),
        ("password", "short"),
    ];
    let refused = browser.submit(&page, &typed).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    for (field, said) in [
        ("username", "does not look like an email address"),
        ("given_name", "Fill in: First name."),
        ("birthdate", "lies in the future"),
        ("phone_number", "with its country code"),
        ("password", "does not meet every point"),
    ] {
        let note = format!("id=\"f-{}-error\"", field.replace('_', "-"));
        let at = refused.body.find(&note).unwrap_or_else(|| panic!("{field}: {}", refused.body));
        assert!(refused.body[at..].split("</p>").next().unwrap().contains(said), "{field}");
    }
    for (day, is_taken) in [("0010-01-01", false), ("1899-12-31", false), ("1900-01-01", true), ("20261-01-01", false)]
    {
        let typed = [("username", ""), ("birthdate", day)];
        let refused = browser.submit(&page, &typed).await;
        assert_eq!(!refused.says("f-birthdate-error"), is_taken, "{day}");
    }
    // A space at an end is a point of the list.
    let spaced = browser.submit(&page, &[("password", "Corr3ct-horse battery ")]).await;
    assert!(
        spaced.says("f-password-error") && spaced.says("data-rule=\"ends\"") && spaced.says("no space at its start")
    );

    let reset = browser.open(&format!("/forgotPassword?{}", query(&client, &[]))).await;
    let reset = browser.submit(&reset, &[("username", "ada@example.com")]).await;
    let refused = browser.submit(&reset, &[("code", ""), ("password", "short")]).await;
    assert!(refused.says("f-code-error") && refused.says("f-password-error"), "{}", refused.body);
}

#[tokio::test]
async fn a_name_that_nobody_can_have_is_refused_at_its_field_with_the_reason() {
    let server = TestServer::new();
    let pool = server.pool(json!({ "UsernameAttributes": [], "AliasAttributes": ["email"] })).await;
    let client = server.client(&pool, json!({})).await;
    let mut browser = server.browser();
    let page = browser.open(&format!("/signup?{}", query(&client, &[]))).await;
    let typed = [("username", "ada@example.com"), ("email", "ada@example.com"), ("password", PASSWORD)];
    let refused = browser.submit(&page, &typed).await;
    assert!(refused.says("f-username-error") && refused.says("neither an email address"), "{}", refused.body);
    assert!(!refused.says("does not allow that"));
}
