//! Refresh, revocation, sign-out.

use latchkey_tests::{Actor, TestServer};
use serde_json::{Value, json};

struct Session {
    server: TestServer,
    pool: String,
    client: String,
    result: Value,
}

async fn session(settings: Value) -> Session {
    let server = TestServer::new().await;
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"] })).await;
    let client = server.client(&pool, settings).await;
    let alice = Actor::join(&server, &client, "alice").await;
    let result = alice.sign_in().await.ok()["AuthenticationResult"].clone();
    Session { server, pool, client, result }
}

impl Session {
    async fn refresh(&self, token: &Value) -> latchkey_tests::Answered {
        let input = json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": self.client, "AuthParameters": { "REFRESH_TOKEN": token } });
        self.server.call("InitiateAuth", input).await
    }

    async fn tokens(&self, token: &Value) -> latchkey_tests::Answered {
        self.server.call("GetTokensFromRefreshToken", json!({ "ClientId": self.client, "RefreshToken": token })).await
    }

    async fn get_user(&self) -> latchkey_tests::Answered {
        self.server.call("GetUser", json!({ "AccessToken": self.result["AccessToken"] })).await
    }
}

#[tokio::test]
async fn refreshing_gives_new_tokens_and_no_refresh_token() {
    let session = session(json!({})).await;
    for answer in
        [session.refresh(&session.result["RefreshToken"]).await, session.tokens(&session.result["RefreshToken"]).await]
    {
        let result = answer.ok()["AuthenticationResult"].clone();
        assert!(result["AccessToken"].is_string() && result["IdToken"].is_string());
        assert!(result.get("RefreshToken").is_none());
    }
    session.server.world.clock.advance_secs(30 * 86_400);
    assert_eq!(session.refresh(&session.result["RefreshToken"]).await.message(), "Refresh Token has expired");
}

#[tokio::test]
async fn a_refresh_token_belongs_to_its_client() {
    let mut session = session(json!({})).await;
    let token = session.result["RefreshToken"].clone();
    session.client = session.server.client(&session.pool, json!({})).await;
    assert_eq!(session.refresh(&token).await.message(), "Invalid Refresh Token.");
    assert_eq!(session.refresh(&json!("eyJ.a.b.c.d")).await.message(), "Invalid Refresh Token.");
}

#[tokio::test]
async fn rotation_replaces_within_grace_and_notices_reuse() {
    let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"];
    let session = session(json!({ "ExplicitAuthFlows": flows,
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 10 } }))
    .await;
    let first = session.result["RefreshToken"].clone();
    let second = session.tokens(&first).await.ok()["AuthenticationResult"]["RefreshToken"].clone();
    assert!(second.is_string());
    session.server.world.clock.advance_secs(9);
    session.tokens(&first).await.ok();
    session.server.world.clock.advance_secs(1);
    assert_eq!(session.tokens(&first).await.error(), "RefreshTokenReuse");
    let third = session.tokens(&second).await.ok()["AuthenticationResult"]["RefreshToken"].clone();
    assert!(third.is_string());
    assert_ne!(session.refresh(&third).await.status, 200);
}

#[tokio::test]
async fn what_was_rotated_out_stays_void_when_rotation_ends() {
    let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
    let rotating = json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"],
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 } });
    let session = session(rotating).await;
    let first = session.result["RefreshToken"].clone();
    let second = session.tokens(&first).await.ok()["AuthenticationResult"]["RefreshToken"].clone();
    let mut update = json!({ "UserPoolId": session.pool, "ClientId": session.client, "ExplicitAuthFlows": flows });
    let still_rotating = session.server.call("UpdateUserPoolClient", update.clone()).await;
    assert_eq!(still_rotating.error(), "InvalidParameter", "rotation goes on until it is said to end");
    update["RefreshTokenRotation"] = json!({ "Feature": "DISABLED" });
    session.server.call("UpdateUserPoolClient", update).await.ok();
    assert_eq!(session.refresh(&first).await.message(), "Refresh Token has been revoked");
    session.refresh(&second).await.ok();
    session.refresh(&second).await.ok();
}

#[tokio::test]
async fn a_revoked_session_is_over_and_others_live() {
    let session = session(json!({})).await;
    let mut alice = Actor::new(&session.server, &session.client, "alice");
    alice.password = Actor::new(&session.server, &session.client, "alice").password;
    let other = alice.sign_in().await.ok()["AuthenticationResult"].clone();
    let revoke = |token: &Value| json!({ "ClientId": session.client, "Token": token });
    let wrong_kind = session.server.call("RevokeToken", revoke(&session.result["AccessToken"])).await;
    assert_eq!(wrong_kind.error(), "UnsupportedTokenType");
    session.server.call("RevokeToken", revoke(&session.result["RefreshToken"])).await.ok();
    assert_eq!(session.get_user().await.message(), "Access Token has been revoked");
    assert_eq!(session.refresh(&session.result["RefreshToken"]).await.message(), "Refresh Token has been revoked");
    session.server.call("RevokeToken", revoke(&session.result["RefreshToken"])).await.ok();
    session.server.call("RevokeToken", revoke(&json!("garbage"))).await.ok();
    session.server.call("GetUser", json!({ "AccessToken": other["AccessToken"] })).await.ok();
}

#[tokio::test]
async fn signing_out_everywhere_ends_what_was_and_not_what_comes() {
    let session = session(json!({})).await;
    let alice = Actor::new(&session.server, &session.client, "alice");
    session.server.call("GlobalSignOut", json!({ "AccessToken": session.result["AccessToken"] })).await.ok();
    assert_eq!(session.get_user().await.message(), "Access Token has been revoked");
    assert_eq!(session.refresh(&session.result["RefreshToken"]).await.message(), "Refresh Token has been revoked");
    // The clock stands still: sign-in and sign-out within one millisecond must still be told apart.
    for _ in 0..3 {
        let result = alice.sign_in().await.ok()["AuthenticationResult"].clone();
        let get = json!({ "AccessToken": result["AccessToken"] });
        session.server.call("GetUser", get.clone()).await.ok();
        let user = json!({ "UserPoolId": session.pool, "Username": "alice" });
        session.server.call("AdminUserGlobalSignOut", user).await.ok();
        assert_eq!(session.server.call("GetUser", get).await.message(), "Access Token has been revoked");
    }
}

#[tokio::test]
async fn access_tokens_expire_and_are_not_forged() {
    let session = session(json!({})).await;
    session.get_user().await.ok();
    for token in [json!("x.y.z"), session.result["IdToken"].clone(), session.result["RefreshToken"].clone()] {
        let refused = session.server.call("GetUser", json!({ "AccessToken": token })).await;
        assert_eq!((refused.error(), refused.message()), ("NotAuthorized", "Invalid Access Token"));
    }
    session.server.world.clock.advance_secs(3_600);
    assert_eq!(session.get_user().await.message(), "Access Token has expired");
}

#[tokio::test]
async fn a_deleted_user_is_gone_from_its_tokens() {
    let session = session(json!({})).await;
    session.server.call("AdminDeleteUser", json!({ "UserPoolId": session.pool, "Username": "alice" })).await.ok();
    assert_eq!(session.get_user().await.error(), "UserNotFound");
    assert_eq!(session.refresh(&session.result["RefreshToken"]).await.error(), "NotAuthorized");
    // A new user of the same name is another one.
    Actor::join(&session.server, &session.client, "alice").await;
    assert_eq!(session.get_user().await.error(), "UserNotFound");
}

#[tokio::test]
async fn groups_reach_the_tokens_in_their_order() {
    let session = session(json!({})).await;
    let role = |name: &str| format!("arn:aws:iam::000000000000:role/{name}");
    for (name, precedence) in [("writers", 5), ("admins", 1)] {
        let group =
            json!({ "UserPoolId": session.pool, "GroupName": name, "Precedence": precedence, "RoleArn": role(name) });
        session.server.call("CreateGroup", group).await.ok();
        let member = json!({ "UserPoolId": session.pool, "GroupName": name, "Username": "alice" });
        session.server.call("AdminAddUserToGroup", member).await.ok();
    }
    let alice = Actor::new(&session.server, &session.client, "alice");
    let result = alice.sign_in().await.ok()["AuthenticationResult"].clone();
    let claims = |token: &Value| -> Value {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let payload = token.as_str().and_then(|token| token.split('.').nth(1)).expect("a JWT");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
    };
    let (id, access) = (claims(&result["IdToken"]), claims(&result["AccessToken"]));
    assert_eq!(id["cognito:groups"], json!(["admins", "writers"]));
    assert_eq!(access["cognito:groups"], json!(["admins", "writers"]));
    assert_eq!(id["cognito:roles"], json!([role("admins"), role("writers")]));
    assert_eq!(id["cognito:preferred_role"], json!(role("admins")));
}
