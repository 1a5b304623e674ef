//! Journeys past the password: a new one, an authenticator, codes by mail and SMS.

use aws_lc_rs::hmac;
use http::StatusCode;
use serde_json::json;

use crate::requests::authorize;
use crate::server::{CALLBACK, PASSWORD, TestServer};

#[tokio::test]
async fn a_temporary_password_gives_way_and_an_authenticator_is_enrolled_and_asked() {
    let server = TestServer::new();
    let pool = server.pool(json!({})).await;
    let change = |pool: &mut domain::Pool| {
        let input = json!({
            "UserPoolId": pool.id, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        });
        domain::set_pool_mfa(pool, serde_json::from_value(input).unwrap())
    };
    server.latchkey.change_pool(&server.latchkey.server_ctx(), &pool.id, change).await.unwrap();
    let client = server.client(&pool, json!({})).await;
    server.invited(&pool, "ada@example.com").await;
    let mut browser = server.browser();

    let page = browser.open(&authorize(&client, &[])).await;
    let new = browser.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
    assert_eq!((new.status, new.path()), (StatusCode::OK, "/newPassword"), "{}", new.body);
    let weak = browser.submit(&new, &[("password", "weak")]).await;
    assert!(weak.status == StatusCode::BAD_REQUEST && weak.says("does not meet every point"));
    let own = "My-0wn passphrase";
    let set_up = browser.submit(&weak, &[("password", own)]).await;
    assert_eq!((set_up.status, set_up.path()), (StatusCode::OK, "/mfa/setup"), "{}", set_up.body);
    let secret = set_up.body.split("secret=").nth(1).unwrap().split(['&', '"']).next().unwrap().to_owned();

    let wrong = browser.submit(&set_up, &[("code", "12"), ("device_name", "My <phone>")]).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.says("does not belong to this key"));
    assert_eq!(wrong.input("device_name").as_deref(), Some("My <phone>"));
    assert!(wrong.body.contains(&format!("secret={secret}")), "the key stays the same");
    let code = totp(&secret, server.latchkey.now().as_second());
    let app = browser.submit(&wrong, &[("code", &code), ("device_name", "My <phone>")]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);
    assert!(server.redeem(&client, &app.param("code").unwrap()).await.json()["access_token"].is_string());

    let page = browser.open(&authorize(&client, &[("prompt", "login")])).await;
    let asked = browser.submit(&page, &[("username", "ada@example.com"), ("password", own)]).await;
    assert_eq!((asked.status, asked.path()), (StatusCode::OK, "/mfa"));
    assert!(asked.says("My &lt;phone&gt;"));
    let reused = browser.submit(&asked, &[("code", &code)]).await;
    assert!(reused.status == StatusCode::BAD_REQUEST, "a code counts once");
    let wrong = browser.submit(&reused, &[("code", "000000")]).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.says("That code is not right"));
    server.world.clock.advance_secs(30);
    let code = totp(&secret, server.latchkey.now().as_second());
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let app = browser.submit(&wrong, &[("code", &spaced)]).await;
    assert_eq!(app.path(), CALLBACK, "{}", app.body);
    // The form that was answered is spent.
    let spent = browser.submit(&wrong, &[("code", &spaced)]).await;
    assert_eq!(spent.path(), "/login");
    assert_eq!(spent.input("username").as_deref(), Some("ada@example.com"));
}

#[tokio::test]
async fn a_second_factor_is_chosen_and_its_code_comes_by_mail_or_sms() {
    let server = TestServer::new();
    let recovery = json!({ "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] });
    let pool = server.pool(json!({ "AccountRecoverySetting": recovery })).await;
    let change = |pool: &mut domain::Pool| -> domain::Result<()> {
        pool.settings.mfa_configuration = Some(protocol::idp::UserPoolMfaType::On);
        pool.mfa.email = Some(protocol::idp::EmailMfaConfigType::default());
        pool.mfa.sms = Some(protocol::idp::SmsMfaConfigType::default());
        Ok(())
    };
    server.latchkey.change_pool(&server.latchkey.server_ctx(), &pool.id, change).await.unwrap();
    let pool = server.latchkey.pool(pool.id.as_str()).await.unwrap();
    let client = server.client(&pool, json!({})).await;
    let user = server.user(&pool, "ada@example.com").await;
    let (row, username) = (pool.clone(), user.username.clone());
    let add_phone = move |tx: &mut store::Tx| {
        tx.update_user(&row, &username, |user| -> Result<(), store::StoreError> {
            user.attributes.insert("phone_number".to_owned(), "+15555550123".to_owned());
            Ok(())
        })
    };
    server.latchkey.store().write(add_phone).await.unwrap();
    let mut browser = server.browser();
    for (choice, masked, to) in
        [("EMAIL_OTP", "a***@e***", "ada@example.com"), ("SMS_MFA", "+*******0123", "+15555550123")]
    {
        let page = browser.open(&authorize(&client, &[("prompt", "login")])).await;
        assert!(!page.says("/forgotPassword"), "only an administrator resets passwords here");
        let select = browser.submit(&page, &[("username", "ada@example.com"), ("password", PASSWORD)]).await;
        assert_eq!((select.status, select.path()), (StatusCode::OK, "/mfa/select"), "{}", select.body);
        assert!(select.says("a***@e***") && select.says("+*******0123"));
        let other = browser.submit(&select, &[("choice", "SOFTWARE_TOKEN_MFA")]).await;
        assert!(other.status == StatusCode::BAD_REQUEST && other.says("does not allow that"));
        let asked = browser.submit(&other, &[("choice", choice)]).await;
        assert!(asked.path() == "/mfa" && asked.says(masked), "{}", asked.body);
        let wrong = browser.submit(&asked, &[("code", "")]).await;
        assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.says("That code is not right"));
        let app = browser.submit(&wrong, &[("code", &server.code(to))]).await;
        assert_eq!(app.path(), CALLBACK, "{}", app.body);
    }
}

/// RFC 6238 with SHA-1, 30 seconds, six digits.
pub(crate) fn totp(secret: &str, now: i64) -> String {
    let (mut seed, mut buffer, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let five = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        (buffer, bits) = (buffer << 5 | u32::from(five), bits + 5);
        if bits >= 8 {
            bits -= 8;
            seed.push((buffer >> bits & 255) as u8);
        }
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed);
    let tag = hmac::sign(&key, &((now / 30) as u64).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}
