//! Second factors.

use latchkey_tests::{Actor, House};
use serde_json::{Value, json};

async fn house(mode: &str) -> (House, String, String) {
    let house = House::new().await;
    let pool = house.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let mfa =
        json!({ "UserPoolId": pool, "MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": { "Enabled": true } });
    house.call("SetUserPoolMfaConfig", mfa).await.ok();
    let client = house.client(&pool, json!({})).await;
    (house, pool, client)
}

/// The code an authenticator app shows at `seconds`.
fn totp(secret: &Value, seconds: i64) -> String {
    let mut bits = String::new();
    for letter in secret.as_str().expect("base32").bytes() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|known| known == letter).expect("base32");
        bits.push_str(&format!("{value:05b}"));
    }
    let seed: Vec<u8> =
        bits.as_bytes().chunks_exact(8).map(|byte| byte.iter().fold(0, |n, bit| n << 1 | (bit - b'0'))).collect();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed);
    let step = u64::try_from(seconds / 30).expect("after 1970");
    let tag = aws_lc_rs::hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes[19] & 15);
    let word = u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

fn now(house: &House) -> i64 {
    house.latchkey.now().as_second()
}

/// Registers an app for a signed-in user and prefers it; answers the seed.
async fn enrol(house: &House, alice: &Actor<'_>) -> Value {
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let secret = house.call("AssociateSoftwareToken", json!({ "AccessToken": token })).await.ok()["SecretCode"].clone();
    let wrong = house.call("VerifySoftwareToken", json!({ "AccessToken": token, "UserCode": "000000" })).await;
    assert_eq!(wrong.error(), "EnableSoftwareTokenMFA");
    let right = json!({ "AccessToken": token, "UserCode": totp(&secret, now(house)), "FriendlyDeviceName": "phone" });
    assert_eq!(house.call("VerifySoftwareToken", right).await.ok()["Status"], "SUCCESS");
    let prefer = json!({ "AccessToken": token, "SoftwareTokenMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    house.call("SetUserMFAPreference", prefer).await.ok();
    secret
}

fn answer(client: &str, challenge: &Value, code: &str) -> Value {
    json!({
        "ChallengeName": "SOFTWARE_TOKEN_MFA", "ClientId": client, "Session": challenge["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": code },
    })
}

#[tokio::test]
async fn an_app_is_asked_and_its_codes_count_once() {
    let (house, _, client) = house("OPTIONAL").await;
    let alice = Actor::join(&house, &client, "alice").await;
    let secret = enrol(&house, &alice).await;
    house.world.clock.advance_secs(30);
    let challenge = alice.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    assert_eq!(challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"], "phone");
    let code = totp(&secret, now(&house));
    // A wrong code leaves the session open.
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(house.call("RespondToAuthChallenge", answer(&client, &challenge, wrong)).await.error(), "CodeMismatch");
    house.call("RespondToAuthChallenge", answer(&client, &challenge, &code)).await.ok();
    let again = alice.sign_in().await.ok();
    let replayed = house.call("RespondToAuthChallenge", answer(&client, &again, &code)).await;
    assert_eq!(
        (replayed.error(), replayed.message()),
        ("ExpiredCode", "Your software token has already been used once.")
    );
    let spent = house.call("RespondToAuthChallenge", answer(&client, &challenge, &code)).await;
    assert_eq!(spent.message(), "Invalid session for the user, session can only be used once.");
}

#[tokio::test]
async fn wrong_codes_lock() {
    let (house, _, client) = house("OPTIONAL").await;
    let alice = Actor::join(&house, &client, "alice").await;
    let secret = enrol(&house, &alice).await;
    house.world.clock.advance_secs(60);
    let challenge = alice.sign_in().await.ok();
    let right = totp(&secret, now(&house));
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(
            house.call("RespondToAuthChallenge", answer(&client, &challenge, wrong)).await.error(),
            "CodeMismatch"
        );
    }
    let locked = house.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await;
    assert_eq!(locked.message(), "Password attempts exceeded");
}

#[tokio::test]
async fn a_pool_that_demands_a_factor_has_it_set_up() {
    let (house, pool, client) = house("ON").await;
    let alice = Actor::join(&house, &client, "alice").await;
    let challenge = alice.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "MFA_SETUP");
    assert_eq!(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"], "[\"SOFTWARE_TOKEN_MFA\"]");
    let finish = |session: &Value| json!({ "ChallengeName": "MFA_SETUP", "ClientId": client, "Session": session, "ChallengeResponses": { "USERNAME": "alice" } });
    let early = house.call("RespondToAuthChallenge", finish(&challenge["Session"])).await;
    assert_eq!(early.error(), "NotAuthorized");
    let associated = house.call("AssociateSoftwareToken", json!({ "Session": challenge["Session"] })).await.ok();
    let verify = json!({ "Session": associated["Session"], "UserCode": totp(&associated["SecretCode"], now(&house)) });
    let verified = house.call("VerifySoftwareToken", verify).await.ok();
    let done = house.call("RespondToAuthChallenge", finish(&verified["Session"])).await.ok();
    assert!(done["AuthenticationResult"]["AccessToken"].is_string());
    let user = house.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    assert_eq!(user["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    house.world.clock.advance_secs(30);
    assert_eq!(alice.sign_in().await.ok()["ChallengeName"], "SOFTWARE_TOKEN_MFA");
}

#[tokio::test]
async fn codes_by_mail_and_app_are_chosen_between() {
    let (house, pool, client) = house("OPTIONAL").await;
    // The address that recovers an account cannot be its second factor.
    let recovery = json!({ "UserPoolId": pool, "AutoVerifiedAttributes": ["email"],
        "MfaConfiguration": "OPTIONAL",
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] } });
    house.call("UpdateUserPool", recovery).await.ok();
    let mfa = json!({ "UserPoolId": pool, "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "EmailMfaConfiguration": { "Message": "Your code: {####}", "Subject": "Code" } });
    house.call("SetUserPoolMfaConfig", mfa).await.ok();
    let alice = Actor::join(&house, &client, "alice").await;
    let secret = enrol(&house, &alice).await;
    let both = json!({ "UserPoolId": pool, "Username": "alice", "EmailMfaSettings": { "Enabled": true },
        "SoftwareTokenMfaSettings": { "Enabled": true, "PreferredMfa": false } });
    house.call("AdminSetUserMFAPreference", both).await.ok();
    house.world.clock.advance_secs(30);
    let choice = alice.sign_in().await.ok();
    assert_eq!(choice["ChallengeName"], "SELECT_MFA_TYPE");
    assert_eq!(choice["ChallengeParameters"]["MFAS_CAN_CHOOSE"], "[\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]");
    let pick = |answer: &str| {
        json!({ "ChallengeName": "SELECT_MFA_TYPE", "ClientId": client, "Session": choice["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "ANSWER": answer } })
    };
    assert_eq!(house.call("RespondToAuthChallenge", pick("SMS_MFA")).await.error(), "InvalidParameter");
    let mailed = house.call("RespondToAuthChallenge", pick("EMAIL_OTP")).await.ok();
    assert_eq!(mailed["ChallengeName"], "EMAIL_OTP");
    assert_eq!(mailed["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"], "a***@e***");
    let code = house.mailbox.code("alice@example.com").expect("a code");
    let respond = json!({ "ChallengeName": "EMAIL_OTP", "ClientId": client, "Session": mailed["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "EMAIL_OTP_CODE": code } });
    house.call("RespondToAuthChallenge", respond).await.ok();
    assert!(secret.is_string());
}

#[tokio::test]
async fn preferences_need_a_registered_app() {
    let (house, pool, client) = house("OPTIONAL").await;
    Actor::join(&house, &client, "alice").await;
    let prefer = json!({ "UserPoolId": pool, "Username": "alice", "SoftwareTokenMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    let refused = house.call("AdminSetUserMFAPreference", prefer).await;
    assert_eq!((refused.error(), refused.message()), ("InvalidParameter", "User has not verified software token mfa"));
}

#[tokio::test]
async fn a_right_password_does_not_forgive_wrong_codes() {
    let (house, _, client) = house("OPTIONAL").await;
    let alice = Actor::join(&house, &client, "alice").await;
    let secret = enrol(&house, &alice).await;
    house.world.clock.advance_secs(60);
    let right = totp(&secret, now(&house));
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let challenge = alice.sign_in().await.ok();
        let refused = house.call("RespondToAuthChallenge", answer(&client, &challenge, wrong)).await;
        assert_eq!(refused.error(), "CodeMismatch");
    }
    let challenge = alice.sign_in().await.ok();
    let locked = house.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await;
    assert_eq!(locked.message(), "Password attempts exceeded");
    house.world.clock.advance_secs(30);
    let right = totp(&secret, now(&house));
    house.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await.ok();
    // The right code forgives: four more are free.
    house.world.clock.advance_secs(30);
    let challenge = alice.sign_in().await.ok();
    for _ in 0..4 {
        house.call("RespondToAuthChallenge", answer(&client, &challenge, "none")).await;
    }
    let right = totp(&secret, now(&house));
    house.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await.ok();
}

#[tokio::test]
async fn a_set_up_left_open_cannot_replace_the_app_registered_since() {
    let (house, _, client) = house("ON").await;
    let alice = Actor::join(&house, &client, "alice").await;
    let left_open = alice.sign_in().await.ok();
    let left_open = house.call("AssociateSoftwareToken", json!({ "Session": left_open["Session"] })).await.ok();
    let challenge = alice.sign_in().await.ok();
    let associated = house.call("AssociateSoftwareToken", json!({ "Session": challenge["Session"] })).await.ok();
    let verify = json!({ "Session": associated["Session"], "UserCode": totp(&associated["SecretCode"], now(&house)) });
    house.call("VerifySoftwareToken", verify).await.ok();
    let again = house.call("AssociateSoftwareToken", json!({ "Session": left_open["Session"] })).await;
    assert_eq!((again.error(), again.message()), ("NotAuthorized", "Invalid session for the user."));
    let code = totp(&left_open["SecretCode"], now(&house));
    let verify = json!({ "Session": left_open["Session"], "UserCode": code });
    assert_eq!(house.call("VerifySoftwareToken", verify).await.error(), "NotAuthorized");
}

/// A user whose second factor is a code by mail; answers an access token from before.
async fn by_mail(house: &House, pool: &str, alice: &Actor<'_>) -> Value {
    // The address that recovers an account cannot be its second factor.
    let recovery = json!({ "UserPoolId": pool, "AutoVerifiedAttributes": ["email"],
        "MfaConfiguration": "OPTIONAL",
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] } });
    house.call("UpdateUserPool", recovery).await.ok();
    let mfa = json!({ "UserPoolId": pool, "MfaConfiguration": "OPTIONAL",
        "EmailMfaConfiguration": { "Message": "Your code: {####}", "Subject": "Code" } });
    house.call("SetUserPoolMfaConfig", mfa).await.ok();
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let prefer = json!({ "AccessToken": token, "EmailMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    house.call("SetUserMFAPreference", prefer).await.ok();
    token
}

fn mailed_answer(client: &str, challenge: &Value, code: &str) -> Value {
    json!({ "ChallengeName": "EMAIL_OTP", "ClientId": client, "Session": challenge["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "EMAIL_OTP_CODE": code } })
}

#[tokio::test]
async fn a_mailed_code_proves_only_the_address_it_went_to() {
    let (house, pool, client) = house("OPTIONAL").await;
    let alice = Actor::join(&house, &client, "alice").await;
    let token = by_mail(&house, &pool, &alice).await;
    let challenge = alice.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
    let code = house.mailbox.code("alice@example.com").expect("a code");
    let moved = json!({ "AccessToken": token, "UserAttributes": [{ "Name": "email", "Value": "victim@example.com" }] });
    house.call("UpdateUserAttributes", moved).await.ok();
    house.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await.ok();
    let user = house.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    let attributes = user["UserAttributes"].as_array().expect("a list");
    assert!(attributes.contains(&json!({ "Name": "email_verified", "Value": "false" })), "{attributes:?}");
}

#[tokio::test]
async fn a_session_ends_with_the_password_that_began_it() {
    let (house, pool, client) = house("OPTIONAL").await;
    let mut alice = Actor::join(&house, &client, "alice").await;
    by_mail(&house, &pool, &alice).await;
    let challenge = alice.sign_in().await.ok();
    let code = house.mailbox.code("alice@example.com").expect("a code");
    "An0ther-horse!".clone_into(&mut alice.password);
    let new = json!({ "UserPoolId": pool, "Username": "alice", "Password": alice.password, "Permanent": true });
    house.call("AdminSetUserPassword", new).await.ok();
    let late = house.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await;
    assert_eq!(late.message(), "Invalid session for the user.");
    let challenge = alice.sign_in().await.ok();
    let code = house.mailbox.code("alice@example.com").expect("a code");
    house.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await.ok();
}

#[tokio::test]
async fn a_session_ends_with_its_user() {
    let (house, pool, client) = house("OPTIONAL").await;
    let alice = Actor::join(&house, &client, "alice").await;
    let token = by_mail(&house, &pool, &alice).await;
    let challenge = alice.sign_in().await.ok();
    let code = house.mailbox.code("alice@example.com").expect("a code");
    let admin = json!({ "UserPoolId": pool, "Username": "alice" });
    house.call("AdminDisableUser", admin.clone()).await.ok();
    let disabled = house.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await;
    assert_eq!(disabled.message(), "User is disabled.");
    house.call("AdminEnableUser", admin).await.ok();
    house.world.clock.advance_secs(1);
    assert_eq!(house.call("DeleteUser", json!({ "AccessToken": token })).await.error(), "NotAuthorized");
    house.call("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    // Somebody else takes the name: the code in the first one's hands is nothing to them.
    Actor::join(&house, &client, "alice").await;
    let stolen = house.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await;
    assert_eq!(stolen.error(), "UserNotFound");
}

#[tokio::test]
async fn second_factors_are_set_and_read() {
    let house = House::new().await;
    let pool = house.pool(json!({})).await;
    let key = json!({ "UserPoolId": pool });
    assert_eq!(house.call("GetUserPoolMfaConfig", key.clone()).await.ok(), json!({ "MfaConfiguration": "OFF" }));
    let factors = json!({ "SoftwareTokenMfaConfiguration": { "Enabled": true }, "MfaConfiguration": "OPTIONAL" });
    let mut set = factors.clone();
    set["UserPoolId"] = json!(pool);
    assert_eq!(house.call("SetUserPoolMfaConfig", set).await.ok(), factors);
    assert_eq!(house.call("GetUserPoolMfaConfig", key).await.ok(), factors);
    assert_eq!(crate::user_pools::describe(&house, &pool).await["MfaConfiguration"], "OPTIONAL");
    let none = json!({ "UserPoolId": pool, "MfaConfiguration": "ON" });
    assert_eq!(house.call("SetUserPoolMfaConfig", none).await.error(), "InvalidParameter");
}
