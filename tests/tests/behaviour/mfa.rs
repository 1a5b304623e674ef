//! Second factors.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

async fn server(mode: &str) -> (TestServer, String, String) {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let mfa =
        json!({ "UserPoolId": pool, "MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": { "Enabled": true } });
    server.call("SetUserPoolMfaConfig", mfa).await.ok();
    let client = server.client(&pool, json!({})).await;
    (server, pool, client)
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

fn now(server: &TestServer) -> i64 {
    server.latchkey.now().as_second()
}

/// Registers an app for a signed-in user and prefers it; answers the seed.
async fn enrol(server: &TestServer, alice: &Actor<'_>) -> Value {
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let secret =
        server.call("AssociateSoftwareToken", json!({ "AccessToken": token })).await.ok()["SecretCode"].clone();
    let wrong = server.call("VerifySoftwareToken", json!({ "AccessToken": token, "UserCode": "000000" })).await;
    assert_eq!(wrong.error(), "EnableSoftwareTokenMFA");
    let right = json!({ "AccessToken": token, "UserCode": totp(&secret, now(server)), "FriendlyDeviceName": "phone" });
    assert_eq!(server.call("VerifySoftwareToken", right).await.ok()["Status"], "SUCCESS");
    let prefer = json!({ "AccessToken": token, "SoftwareTokenMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    server.call("SetUserMFAPreference", prefer).await.ok();
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
    let (server, _, client) = server("OPTIONAL").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let secret = enrol(&server, &alice).await;
    server.world.clock.advance_secs(30);
    let challenge = alice.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    assert_eq!(challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"], "phone");
    let code = totp(&secret, now(&server));
    // A wrong code leaves the session open.
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(server.call("RespondToAuthChallenge", answer(&client, &challenge, wrong)).await.error(), "CodeMismatch");
    server.call("RespondToAuthChallenge", answer(&client, &challenge, &code)).await.ok();
    let again = alice.sign_in().await.ok();
    let replayed = server.call("RespondToAuthChallenge", answer(&client, &again, &code)).await;
    assert_eq!(
        (replayed.error(), replayed.message()),
        ("ExpiredCode", "Your software token has already been used once.")
    );
    let spent = server.call("RespondToAuthChallenge", answer(&client, &challenge, &code)).await;
    assert_eq!(spent.message(), "Invalid session for the user, session can only be used once.");
}

#[tokio::test]
async fn wrong_codes_lock() {
    let (server, _, client) = server("OPTIONAL").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let secret = enrol(&server, &alice).await;
    server.world.clock.advance_secs(60);
    let challenge = alice.sign_in().await.ok();
    let right = totp(&secret, now(&server));
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(
            server.call("RespondToAuthChallenge", answer(&client, &challenge, wrong)).await.error(),
            "CodeMismatch"
        );
    }
    let locked = server.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await;
    assert_eq!(locked.message(), "Password attempts exceeded");
}

#[tokio::test]
async fn a_pool_that_demands_a_factor_has_it_set_up() {
    let (server, pool, client) = server("ON").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let challenge = alice.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "MFA_SETUP");
    assert_eq!(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"], "[\"SOFTWARE_TOKEN_MFA\"]");
    let finish = |session: &Value| json!({ "ChallengeName": "MFA_SETUP", "ClientId": client, "Session": session, "ChallengeResponses": { "USERNAME": "alice" } });
    let early = server.call("RespondToAuthChallenge", finish(&challenge["Session"])).await;
    assert_eq!(early.error(), "NotAuthorized");
    let associated = server.call("AssociateSoftwareToken", json!({ "Session": challenge["Session"] })).await.ok();
    let verify = json!({ "Session": associated["Session"], "UserCode": totp(&associated["SecretCode"], now(&server)) });
    let verified = server.call("VerifySoftwareToken", verify).await.ok();
    let done = server.call("RespondToAuthChallenge", finish(&verified["Session"])).await.ok();
    assert!(done["AuthenticationResult"]["AccessToken"].is_string());
    let user = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    assert_eq!(user["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    server.world.clock.advance_secs(30);
    assert_eq!(alice.sign_in().await.ok()["ChallengeName"], "SOFTWARE_TOKEN_MFA");
}

#[tokio::test]
async fn codes_by_mail_and_app_are_chosen_between() {
    let (server, pool, client) = server("OPTIONAL").await;
    // The address that recovers an account cannot be its second factor.
    let recovery = json!({ "UserPoolId": pool, "AutoVerifiedAttributes": ["email"],
        "MfaConfiguration": "OPTIONAL",
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] } });
    server.call("UpdateUserPool", recovery).await.ok();
    let mfa = json!({ "UserPoolId": pool, "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "EmailMfaConfiguration": { "Message": "Your code: {####}", "Subject": "Code" } });
    server.call("SetUserPoolMfaConfig", mfa).await.ok();
    let alice = Actor::join(&server, &client, "alice").await;
    let secret = enrol(&server, &alice).await;
    let both = json!({ "UserPoolId": pool, "Username": "alice", "EmailMfaSettings": { "Enabled": true },
        "SoftwareTokenMfaSettings": { "Enabled": true, "PreferredMfa": false } });
    server.call("AdminSetUserMFAPreference", both).await.ok();
    server.world.clock.advance_secs(30);
    let choice = alice.sign_in().await.ok();
    assert_eq!(choice["ChallengeName"], "SELECT_MFA_TYPE");
    assert_eq!(choice["ChallengeParameters"]["MFAS_CAN_CHOOSE"], "[\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]");
    let pick = |answer: &str| {
        json!({ "ChallengeName": "SELECT_MFA_TYPE", "ClientId": client, "Session": choice["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "ANSWER": answer } })
    };
    assert_eq!(server.call("RespondToAuthChallenge", pick("SMS_MFA")).await.error(), "InvalidParameter");
    let mailed = server.call("RespondToAuthChallenge", pick("EMAIL_OTP")).await.ok();
    assert_eq!(mailed["ChallengeName"], "EMAIL_OTP");
    assert_eq!(mailed["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"], "a***@e***");
    let code = server.mailbox.code("alice@example.com").expect("a code");
    let respond = json!({ "ChallengeName": "EMAIL_OTP", "ClientId": client, "Session": mailed["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "EMAIL_OTP_CODE": code } });
    server.call("RespondToAuthChallenge", respond).await.ok();
    assert!(secret.is_string());
}

#[tokio::test]
async fn preferences_need_a_registered_app() {
    let (server, pool, client) = server("OPTIONAL").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let factor = json!({ "Enabled": true, "PreferredMfa": true });
    let by_admin = json!({ "UserPoolId": pool, "Username": "alice", "SoftwareTokenMfaSettings": factor });
    let by_user = json!({ "AccessToken": token, "SoftwareTokenMfaSettings": factor });
    let refused = async |said: &str| {
        for (operation, input) in [("AdminSetUserMFAPreference", &by_admin), ("SetUserMFAPreference", &by_user)] {
            let refused = server.call(operation, input.clone()).await;
            assert_eq!((refused.error(), refused.message()), ("InvalidParameter", said), "{operation}");
        }
    };
    refused("User has not set up software token mfa").await;
    let secret =
        server.call("AssociateSoftwareToken", json!({ "AccessToken": token })).await.ok()["SecretCode"].clone();
    refused("User has not verified software token mfa").await;
    let wrong = if totp(&secret, now(&server)) == "000000" { "000001" } else { "000000" };
    let verify = json!({ "AccessToken": token, "UserCode": wrong });
    let refused = server.call("VerifySoftwareToken", verify).await;
    let said = "Code mismatch and fail enable Software Token MFA";
    assert_eq!((refused.error(), refused.message()), ("EnableSoftwareTokenMFA", said));
}

#[tokio::test]
async fn a_right_password_does_not_forgive_wrong_codes() {
    let (server, _, client) = server("OPTIONAL").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let secret = enrol(&server, &alice).await;
    server.world.clock.advance_secs(60);
    let right = totp(&secret, now(&server));
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let challenge = alice.sign_in().await.ok();
        let refused = server.call("RespondToAuthChallenge", answer(&client, &challenge, wrong)).await;
        assert_eq!(refused.error(), "CodeMismatch");
    }
    let challenge = alice.sign_in().await.ok();
    let locked = server.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await;
    assert_eq!(locked.message(), "Password attempts exceeded");
    server.world.clock.advance_secs(30);
    let right = totp(&secret, now(&server));
    server.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await.ok();
    // The right code forgives: four more are free.
    server.world.clock.advance_secs(30);
    let challenge = alice.sign_in().await.ok();
    for _ in 0..4 {
        server.call("RespondToAuthChallenge", answer(&client, &challenge, "none")).await;
    }
    let right = totp(&secret, now(&server));
    server.call("RespondToAuthChallenge", answer(&client, &challenge, &right)).await.ok();
}

#[tokio::test]
async fn a_set_up_left_open_cannot_replace_the_app_registered_since() {
    let (server, _, client) = server("ON").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let left_open = alice.sign_in().await.ok();
    let left_open = server.call("AssociateSoftwareToken", json!({ "Session": left_open["Session"] })).await.ok();
    let challenge = alice.sign_in().await.ok();
    let associated = server.call("AssociateSoftwareToken", json!({ "Session": challenge["Session"] })).await.ok();
    let verify = json!({ "Session": associated["Session"], "UserCode": totp(&associated["SecretCode"], now(&server)) });
    server.call("VerifySoftwareToken", verify).await.ok();
    let again = server.call("AssociateSoftwareToken", json!({ "Session": left_open["Session"] })).await;
    assert_eq!((again.error(), again.message()), ("NotAuthorized", "Invalid session for the user."));
    let code = totp(&left_open["SecretCode"], now(&server));
    let verify = json!({ "Session": left_open["Session"], "UserCode": code });
    assert_eq!(server.call("VerifySoftwareToken", verify).await.error(), "NotAuthorized");
}

/// A user whose second factor is a code by mail; answers an access token from before.
async fn by_mail(server: &TestServer, pool: &str, alice: &Actor<'_>) -> Value {
    // The address that recovers an account cannot be its second factor.
    let recovery = json!({ "UserPoolId": pool, "AutoVerifiedAttributes": ["email"],
        "MfaConfiguration": "OPTIONAL",
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] } });
    server.call("UpdateUserPool", recovery).await.ok();
    let mfa = json!({ "UserPoolId": pool, "MfaConfiguration": "OPTIONAL",
        "EmailMfaConfiguration": { "Message": "Your code: {####}", "Subject": "Code" } });
    server.call("SetUserPoolMfaConfig", mfa).await.ok();
    let token = alice.sign_in().await.ok()["AuthenticationResult"]["AccessToken"].clone();
    let prefer = json!({ "AccessToken": token, "EmailMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    server.call("SetUserMFAPreference", prefer).await.ok();
    token
}

fn mailed_answer(client: &str, challenge: &Value, code: &str) -> Value {
    json!({ "ChallengeName": "EMAIL_OTP", "ClientId": client, "Session": challenge["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "EMAIL_OTP_CODE": code } })
}

#[tokio::test]
async fn a_mailed_code_proves_only_the_address_it_went_to() {
    let (server, pool, client) = server("OPTIONAL").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let token = by_mail(&server, &pool, &alice).await;
    let challenge = alice.sign_in().await.ok();
    assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
    let code = server.mailbox.code("alice@example.com").expect("a code");
    let moved = json!({ "AccessToken": token, "UserAttributes": [{ "Name": "email", "Value": "victim@example.com" }] });
    server.call("UpdateUserAttributes", moved).await.ok();
    server.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await.ok();
    let user = server.call("AdminGetUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    let attributes = user["UserAttributes"].as_array().expect("a list");
    assert!(attributes.contains(&json!({ "Name": "email_verified", "Value": "false" })), "{attributes:?}");
}

#[tokio::test]
async fn a_session_ends_with_the_password_that_began_it() {
    let (server, pool, client) = server("OPTIONAL").await;
    let mut alice = Actor::join(&server, &client, "alice").await;
    by_mail(&server, &pool, &alice).await;
    let challenge = alice.sign_in().await.ok();
    let code = server.mailbox.code("alice@example.com").expect("a code");
    "An0ther-horse!".clone_into(&mut alice.password);
    let new = json!({ "UserPoolId": pool, "Username": "alice", "Password": alice.password, "Permanent": true });
    server.call("AdminSetUserPassword", new).await.ok();
    let late = server.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await;
    assert_eq!(late.message(), "Invalid session for the user.");
    let challenge = alice.sign_in().await.ok();
    let code = server.mailbox.code("alice@example.com").expect("a code");
    server.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await.ok();
}

#[tokio::test]
async fn a_session_ends_with_its_user() {
    let (server, pool, client) = server("OPTIONAL").await;
    let alice = Actor::join(&server, &client, "alice").await;
    let token = by_mail(&server, &pool, &alice).await;
    let challenge = alice.sign_in().await.ok();
    let code = server.mailbox.code("alice@example.com").expect("a code");
    let admin = json!({ "UserPoolId": pool, "Username": "alice" });
    server.call("AdminDisableUser", admin.clone()).await.ok();
    let disabled = server.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await;
    assert_eq!(disabled.message(), "User is disabled.");
    server.call("AdminEnableUser", admin).await.ok();
    server.world.clock.advance_secs(1);
    assert_eq!(server.call("DeleteUser", json!({ "AccessToken": token })).await.error(), "NotAuthorized");
    server.call("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "alice" })).await.ok();
    // Somebody else takes the name: the code in the first one's hands is nothing to them.
    Actor::join(&server, &client, "alice").await;
    let stolen = server.call("RespondToAuthChallenge", mailed_answer(&client, &challenge, &code)).await;
    assert_eq!(stolen.error(), "UserNotFound");
}

#[tokio::test]
async fn second_factors_are_set_and_read() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let key = json!({ "UserPoolId": pool });
    assert_eq!(server.call("GetUserPoolMfaConfig", key.clone()).await.ok(), json!({ "MfaConfiguration": "OFF" }));
    let factors = json!({ "SoftwareTokenMfaConfiguration": { "Enabled": true }, "MfaConfiguration": "OPTIONAL" });
    let mut set = factors.clone();
    set["UserPoolId"] = json!(pool);
    assert_eq!(server.call("SetUserPoolMfaConfig", set).await.ok(), factors);
    assert_eq!(server.call("GetUserPoolMfaConfig", key).await.ok(), factors);
    assert_eq!(crate::user_pools::describe(&server, &pool).await["MfaConfiguration"], "OPTIONAL");
    let none = json!({ "UserPoolId": pool, "MfaConfiguration": "ON" });
    assert_eq!(server.call("SetUserPoolMfaConfig", none).await.error(), "InvalidParameter");
}
