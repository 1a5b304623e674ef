//! Tracked devices.

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::future::join_all;
use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

struct Device {
    key: String,
    group: String,
}

const PASSWORD: &str = "device-password";

async fn confirm(server: &TestServer, result: &Value) -> Device {
    let metadata = &result["NewDeviceMetadata"];
    let text = |name: &str| metadata[name].as_str().expect("a device was announced").to_owned();
    let device = Device { key: text("DeviceKey"), group: text("DeviceGroupKey") };
    let verifier = srp::derive_device_verifier(&device.group, &device.key, PASSWORD, &[9; 16]);
    let input = json!({
        "AccessToken": result["AccessToken"], "DeviceKey": device.key, "DeviceName": "laptop",
        "DeviceSecretVerifierConfig": {
            "Salt": STANDARD.encode(&verifier.salt), "PasswordVerifier": STANDARD.encode(&verifier.verifier),
        },
    });
    let necessary = server.call("ConfirmDevice", input.clone()).await.ok();
    assert_eq!(necessary["UserConfirmationNecessary"], json!(false));
    assert_eq!(server.call("ConfirmDevice", input).await.error(), "DeviceKeyExists");
    device
}

async fn server() -> (TestServer, String, String) {
    let server = TestServer::new().await;
    let tracking = json!({ "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false });
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"], "DeviceConfiguration": tracking })).await;
    let client = server.client(&pool, json!({})).await;
    (server, pool, client)
}

/// Signs in with an SRP proof, which announces a device.
async fn prove(actor: &Actor<'_>, pool: &str) -> Value {
    let (proof, challenge) = actor.start_srp().await;
    actor.answer_srp(pool, &proof, &challenge.ok(), json!({})).await.ok()["AuthenticationResult"].clone()
}

/// The challenge DEVICE_PASSWORD_VERIFIER, after the password was proven, with the agreement that answers it.
async fn device_challenge(
    server: &TestServer,
    actor: &Actor<'_>,
    (pool, client): (&str, &str),
    device: &Device,
) -> (srp::ClientProof, Value) {
    let (proof, challenge) = actor.start_srp().await;
    let challenge = actor.answer_srp(pool, &proof, &challenge.ok(), json!({ "DEVICE_KEY": device.key })).await.ok();
    assert_eq!(challenge["ChallengeName"], "DEVICE_SRP_AUTH");
    let start = json!({
        "ChallengeName": "DEVICE_SRP_AUTH", "ClientId": client, "Session": challenge["Session"],
        "ChallengeResponses": { "USERNAME": "alice", "DEVICE_KEY": device.key, "SRP_A": proof.public_a_hex() },
    });
    let verifier = server.call("RespondToAuthChallenge", start).await.ok();
    assert_eq!(verifier["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
    (proof, verifier)
}

/// The answer to it.
fn device_answer(
    server: &TestServer,
    client: &str,
    device: &Device,
    (proof, verifier): &(srp::ClientProof, Value),
    password: &str,
) -> Value {
    let text = |name: &str| verifier["ChallengeParameters"][name].as_str().expect("a parameter");
    let block = STANDARD.decode(text("SECRET_BLOCK")).expect("base64");
    let timestamp = srp::derive_timestamp(u64::try_from(server.latchkey.now().as_second()).expect("after 1970"));
    let signature = proof
        .answer(&device.group, &device.key, password, text("SALT"), text("SRP_B"), &block, &timestamp)
        .expect("a well-formed challenge");
    json!({
        "ChallengeName": "DEVICE_PASSWORD_VERIFIER", "ClientId": client,
        "ChallengeResponses": { "USERNAME": "alice", "DEVICE_KEY": device.key, "TIMESTAMP": timestamp,
            "PASSWORD_CLAIM_SECRET_BLOCK": text("SECRET_BLOCK"), "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature) },
    })
}

#[tokio::test]
async fn a_remembered_device_proves_itself() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let first = prove(&alice, &pool).await;
    let device = confirm(&server, &first).await;
    let challenge = device_challenge(&server, &alice, (&pool, &client), &device).await;
    let answer = |password: &str| device_answer(&server, &client, &device, &challenge, password);
    let wrong = server.call("RespondToAuthChallenge", answer("not the password")).await;
    assert_eq!(wrong.message(), "Incorrect username or password.");
    let done = server.call("RespondToAuthChallenge", answer(PASSWORD)).await.ok();
    let result = &done["AuthenticationResult"];
    assert!(result.get("NewDeviceMetadata").is_none(), "a known device is not announced again");
    // Its refresh token wants the device along.
    let refresh = |more: Value| {
        let mut parameters = json!({ "REFRESH_TOKEN": result["RefreshToken"] });
        parameters.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client, "AuthParameters": parameters })
    };
    assert_eq!(server.call("InitiateAuth", refresh(json!({}))).await.message(), "Invalid Refresh Token.");
    server.call("InitiateAuth", refresh(json!({ "DEVICE_KEY": device.key }))).await.ok();
}

#[tokio::test]
async fn guesses_at_a_device_lock_however_often_the_password_is_proven() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let first = prove(&alice, &pool).await;
    let device = confirm(&server, &first).await;
    for _ in 0..5 {
        let challenge = device_challenge(&server, &alice, (&pool, &client), &device).await;
        let guess = device_answer(&server, &client, &device, &challenge, "not the password");
        let refused = server.call("RespondToAuthChallenge", guess).await;
        assert_eq!(refused.message(), "Incorrect username or password.");
    }
    let challenge = device_challenge(&server, &alice, (&pool, &client), &device).await;
    let right = device_answer(&server, &client, &device, &challenge, PASSWORD);
    assert_eq!(server.call("RespondToAuthChallenge", right.clone()).await.message(), "Password attempts exceeded");
    server.world.clock.advance_secs(1);
    server.call("RespondToAuthChallenge", right).await.ok();
    // A right proof forgives.
    let challenge = device_challenge(&server, &alice, (&pool, &client), &device).await;
    let guess = device_answer(&server, &client, &device, &challenge, "not the password");
    assert_eq!(server.call("RespondToAuthChallenge", guess).await.message(), "Incorrect username or password.");
}

#[tokio::test]
async fn concurrent_device_proofs_cannot_bypass_the_lockout() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let first = prove(&alice, &pool).await;
    let device = confirm(&server, &first).await;
    let challenge = device_challenge(&server, &alice, (&pool, &client), &device).await;
    let guess = device_answer(&server, &client, &device, &challenge, "not the password");
    let answers = join_all((0..200).map(|_| server.call("RespondToAuthChallenge", guess.clone()))).await;
    let judged = answers.iter().filter(|answer| answer.message() == "Incorrect username or password.").count();
    assert_eq!(judged, 5);
}

#[tokio::test]
async fn an_unknown_device_leaves_the_block_usable() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let (proof, challenge) = alice.start_srp().await;
    let challenge = challenge.ok();
    let unknown = json!({ "DEVICE_KEY": "us-east-1_00000000-0000-0000-0000-000000000000" });
    let refused = alice.answer_srp(&pool, &proof, &challenge, unknown).await;
    assert_eq!((refused.error(), refused.message()), ("ResourceNotFound", "Device does not exist."));
    alice.answer_srp(&pool, &proof, &challenge, json!({})).await.ok();
}

#[tokio::test]
async fn devices_are_listed_renamed_and_forgotten() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let result = prove(&alice, &pool).await;
    let device = confirm(&server, &result).await;
    let listed = server.call("ListDevices", json!({ "AccessToken": result["AccessToken"] })).await.ok();
    assert_eq!(listed["Devices"].as_array().expect("a list").len(), 1);
    let own = json!({ "AccessToken": result["AccessToken"], "DeviceKey": device.key });
    let shown = server.call("GetDevice", own.clone()).await.ok();
    assert!(
        shown["Device"]["DeviceAttributes"]
            .as_array()
            .expect("a list")
            .contains(&json!({ "Name": "device_name", "Value": "laptop" }))
    );
    let status = json!({ "AccessToken": result["AccessToken"], "DeviceKey": device.key, "DeviceRememberedStatus": "not_remembered" });
    server.call("UpdateDeviceStatus", status).await.ok();
    let admin = json!({ "UserPoolId": pool, "Username": "alice", "DeviceKey": device.key });
    server.call("AdminGetDevice", admin.clone()).await.ok();
    server.call("ForgetDevice", own).await.ok();
    assert_eq!(server.call("AdminGetDevice", admin).await.error(), "ResourceNotFound");
}

#[tokio::test]
async fn a_forgotten_device_takes_its_session_along() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let result = prove(&alice, &pool).await;
    let device = confirm(&server, &result).await;
    let refresh = json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client,
        "AuthParameters": { "REFRESH_TOKEN": result["RefreshToken"], "DEVICE_KEY": device.key } });
    server.call("InitiateAuth", refresh.clone()).await.ok();
    server.call("ForgetDevice", json!({ "AccessToken": result["AccessToken"], "DeviceKey": device.key })).await.ok();
    assert_eq!(server.call("InitiateAuth", refresh).await.message(), "Invalid Refresh Token.");
}

#[tokio::test]
async fn a_session_whose_device_was_not_confirmed_is_not_refreshed() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let result = prove(&alice, &pool).await;
    let key = result["NewDeviceMetadata"]["DeviceKey"].clone();
    for device in [json!({}), json!({ "DEVICE_KEY": key })] {
        let mut parameters = json!({ "REFRESH_TOKEN": result["RefreshToken"] });
        parameters.as_object_mut().expect("an object").extend(device.as_object().expect("an object").clone());
        let refresh = json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client, "AuthParameters": parameters });
        let refused = server.call("InitiateAuth", refresh).await;
        assert_eq!((refused.error(), refused.message()), ("NotAuthorized", "Invalid Refresh Token."));
    }
    let refresh = json!({ "ClientId": client, "RefreshToken": result["RefreshToken"] });
    assert_eq!(server.call("GetTokensFromRefreshToken", refresh).await.message(), "Invalid Refresh Token.");
}

#[tokio::test]
async fn who_sends_the_password_itself_is_told_of_no_device() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let result = alice.sign_in().await.ok()["AuthenticationResult"].clone();
    assert!(result.get("NewDeviceMetadata").is_none(), "{result}");
    let refresh = json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client,
        "AuthParameters": { "REFRESH_TOKEN": result["RefreshToken"] } });
    server.call("InitiateAuth", refresh).await.ok();
    let by_admin = json!({ "UserPoolId": pool, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "alice", "PASSWORD": alice.password } });
    let result = server.call("AdminInitiateAuth", by_admin).await.ok()["AuthenticationResult"].clone();
    assert!(result["NewDeviceMetadata"]["DeviceKey"].is_string(), "{result}");
}

#[tokio::test]
async fn a_device_is_confirmed_by_the_sign_in_that_announced_it() {
    let (server, pool, client) = server().await;
    let alice = Actor::join(&server, &client, "alice").await;
    let (first, second) = (prove(&alice, &pool).await, prove(&alice, &pool).await);
    let by_password = alice.sign_in().await.ok()["AuthenticationResult"].clone();
    let key = |result: &Value| result["NewDeviceMetadata"]["DeviceKey"].clone();
    let unknown = json!("us-east-1_00000000-0000-4000-8000-000000000000");
    for (token, key) in [(&first, key(&second)), (&first, unknown), (&by_password, key(&first))] {
        let verifier = json!({ "Salt": STANDARD.encode([1; 16]), "PasswordVerifier": STANDARD.encode([1; 384]) });
        let input = json!({ "AccessToken": token["AccessToken"], "DeviceKey": key,
            "DeviceSecretVerifierConfig": verifier });
        let refused = server.call("ConfirmDevice", input).await;
        assert_eq!((refused.error(), refused.message()), ("InvalidParameter", "Invalid device key given."));
    }
    confirm(&server, &second).await;
}
