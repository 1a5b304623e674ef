//! What an update does to the members that it leaves out, operation by operation and member by member.

use latchkey_tests::TestServer;
use protocol::{Kind, Operation};
use serde_json::{Value, json};

/// What becomes of a member that is left out.
enum LeftOut {
    /// It stays as it is.
    Kept,
    /// It goes back to this; null where it is shown no more.
    Reset(Value),
}

use LeftOut::{Kept, Reset};

fn merged(into: &Value, from: &Value) -> Value {
    let mut into = into.clone();
    into.as_object_mut().expect("an object").extend(from.as_object().expect("an object").clone());
    into
}

/// Holds what is shown before and after an update that said nothing against the table; whatever is shown must have a
/// row, and every row something that is not its default.
fn check(before: &Value, after: &Value, table: &[(&str, LeftOut)]) {
    for (member, left_out) in table {
        let (was, is) = (&before[*member], &after[*member]);
        assert!(!was.is_null(), "{member} was not set");
        match left_out {
            Kept => assert_eq!(is, was, "{member} is kept"),
            Reset(default) => {
                assert_ne!(was, default, "{member} was at its default");
                assert_eq!(is, default, "{member} is reset");
            }
        }
    }
}

/// Every member of an operation's input stands in the table or among `others`.
fn check_complete(operation: &str, table: &[(&str, LeftOut)], others: &[&str]) {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let Kind::Structure(members) = Operation::find(&target).expect("an operation").input.kind else {
        panic!("{operation} takes a structure");
    };
    for member in members {
        let rows = table.iter().filter(|(name, _)| *name == member.name).count();
        let elsewhere = usize::from(others.contains(&member.name));
        assert_eq!(rows + elsewhere, 1, "{operation}.{}", member.name);
    }
}

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:f";

/// Every setting of a pool at something that is not its default.
fn pool_settings() -> Value {
    json!({
        "Policies": {
            "PasswordPolicy": { "MinimumLength": 9, "RequireNumbers": true, "TemporaryPasswordValidityDays": 3 },
            "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] },
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": { "PostConfirmation": FUNCTION },
        "AutoVerifiedAttributes": ["email"],
        "VerificationMessageTemplate": {
            "DefaultEmailOption": "CONFIRM_WITH_LINK", "SmsMessage": "sms {####}", "EmailMessage": "mail {####}",
            "EmailSubject": "subject",
        },
        "SmsAuthenticationMessage": "factor {####}",
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": [] },
        "MfaConfiguration": "ON",
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true },
        "EmailConfiguration": { "ReplyToEmailAddress": "us@example.com" },
        "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "x" },
        "UserPoolTags": { "team": "a" },
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true },
        "UserPoolAddOns": { "AdvancedSecurityMode": "AUDIT" },
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Priority": 1, "Name": "admin_only" }] },
        "UserPoolTier": "PLUS",
        "IssuerConfiguration": { "Type": "UPDATED" },
        "KeyConfiguration": { "KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": "arn:aws:kms:us-east-1:0:key/k" },
        "AcrConfiguration": { "Level1": { "AcrValue": "urn:one" } },
        "DcrConfiguration": { "EnableStatus": "Enabled" },
    })
}

#[tokio::test]
async fn update_user_pool() {
    let table = [
        ("Policies", Kept),
        ("DeletionProtection", Kept),
        ("LambdaConfig", Kept),
        ("AutoVerifiedAttributes", Reset(Value::Null)),
        ("SmsVerificationMessage", Kept),
        ("EmailVerificationMessage", Kept),
        ("EmailVerificationSubject", Kept),
        ("VerificationMessageTemplate", Kept),
        ("SmsAuthenticationMessage", Kept),
        ("UserAttributeUpdateSettings", Kept),
        ("MfaConfiguration", Kept),
        ("DeviceConfiguration", Kept),
        ("EmailConfiguration", Kept),
        ("SmsConfiguration", Kept),
        ("UserPoolTags", Kept),
        ("AdminCreateUserConfig", Kept),
        ("UserPoolAddOns", Kept),
        ("DcrConfiguration", Kept),
        ("AccountRecoverySetting", Kept),
        ("UserPoolTier", Kept),
        ("KeyConfiguration", Kept),
        ("IssuerConfiguration", Kept),
        ("AcrConfiguration", Kept),
    ];
    check_complete("UpdateUserPool", &table, &["UserPoolId", "PoolName"]);
    let server = TestServer::new().await;
    let pool = server.pool(pool_settings()).await;
    let before = crate::user_pools::describe(&server, &pool).await;
    let factors = || server.call("GetUserPoolMfaConfig", json!({ "UserPoolId": pool }));
    let factors_before = factors().await.ok();
    server.call("UpdateUserPool", json!({ "UserPoolId": pool, "UserPoolTags": { "team": "a" } })).await.ok();
    let after = crate::user_pools::describe(&server, &pool).await;
    check(&before, &after, &table);
    assert_eq!(after["Name"], before["Name"]);
    assert_eq!(factors().await.ok(), factors_before);
    // Within the policies, each of the two is kept by itself.
    let first = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] } });
    server.call("UpdateUserPool", json!({ "UserPoolId": pool, "Policies": first })).await.ok();
    let policies = crate::user_pools::describe(&server, &pool).await["Policies"].clone();
    assert_eq!(policies, merged(&before["Policies"], &first));
}

#[tokio::test]
async fn what_waits_for_verification_is_kept_and_meets_no_verified_attribute() {
    let server = TestServer::new().await;
    let waits = json!({ "AttributesRequireVerificationBeforeUpdate": ["email"] });
    let pool = server.pool(json!({ "AutoVerifiedAttributes": ["email"], "UserAttributeUpdateSettings": waits })).await;
    let refused = server.call("UpdateUserPool", json!({ "UserPoolId": pool, "DeletionProtection": "ACTIVE" })).await;
    assert_eq!(
        (refused.error(), refused.message()),
        (
            "InvalidParameter",
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
        )
    );
}

#[tokio::test]
async fn update_user_pool_client() {
    let none = || Reset(Value::Null);
    let table = [
        ("ClientName", Kept),
        ("RefreshTokenValidity", Kept),
        ("AccessTokenValidity", Kept),
        ("IdTokenValidity", Kept),
        ("TokenValidityUnits", Kept),
        ("ReadAttributes", none()),
        ("WriteAttributes", none()),
        ("ExplicitAuthFlows", none()),
        ("SupportedIdentityProviders", none()),
        ("CallbackURLs", none()),
        ("LogoutURLs", none()),
        ("DefaultRedirectURI", none()),
        ("AllowedOAuthFlows", none()),
        ("AllowedOAuthScopes", none()),
        ("AllowedOAuthFlowsUserPoolClient", Reset(json!(false))),
        ("AnalyticsConfiguration", none()),
        ("PreventUserExistenceErrors", Kept),
        ("EnableTokenRevocation", Kept),
        ("EnablePropagateAdditionalUserContextData", Kept),
        ("AuthSessionValidity", Kept),
        ("RefreshTokenRotation", Kept),
    ];
    check_complete("UpdateUserPoolClient", &table, &["UserPoolId", "ClientId", "PublishSecretsInAWSSecretsManager"]);
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let made = crate::clients::make(
        &server,
        &pool,
        json!({
            "GenerateSecret": true, "RefreshTokenValidity": 90, "AccessTokenValidity": 10, "IdTokenValidity": 20,
            "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "minutes" },
            "ReadAttributes": ["email"], "WriteAttributes": ["email"], "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
            "SupportedIdentityProviders": ["COGNITO"], "CallbackURLs": ["https://a.example/in"],
            "LogoutURLs": ["https://a.example/out"], "DefaultRedirectURI": "https://a.example/in",
            "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "AllowedOAuthFlowsUserPoolClient": true,
            "AnalyticsConfiguration": { "ApplicationArn": "arn:aws:mobiletargeting:us-east-1:000000000000:apps/a" },
            "PreventUserExistenceErrors": "ENABLED", "EnableTokenRevocation": false,
            "EnablePropagateAdditionalUserContextData": true, "AuthSessionValidity": 9,
            "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 7 },
        }),
    )
    .await
    .ok()["UserPoolClient"]
        .clone();
    let key = json!({ "UserPoolId": pool, "ClientId": made["ClientId"] });
    let after = server.call("UpdateUserPoolClient", key).await.ok()["UserPoolClient"].clone();
    check(&made, &after, &table);
    assert_eq!(after["ClientSecret"], made["ClientSecret"]);
}

#[tokio::test]
async fn set_user_pool_mfa_config() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let factors = json!({ "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "EmailMfaConfiguration": { "Message": "{####}" }, "WebAuthnConfiguration": { "RelyingPartyId": "a.example" } });
    let key = json!({ "UserPoolId": pool });
    let before = server.call("SetUserPoolMfaConfig", merged(&key, &factors)).await.ok();
    let table = [
        ("SoftwareTokenMfaConfiguration", Reset(Value::Null)),
        ("EmailMfaConfiguration", Reset(Value::Null)),
        ("MfaConfiguration", Reset(json!("OFF"))),
        ("WebAuthnConfiguration", Kept),
    ];
    check_complete("SetUserPoolMfaConfig", &table, &["UserPoolId", "SmsMfaConfiguration"]);
    // Without a mode it is off, which a factor contradicts, also one that is to be off.
    for enabled in [true, false] {
        let factor = json!({ "SoftwareTokenMfaConfiguration": { "Enabled": enabled } });
        let refused = server.call("SetUserPoolMfaConfig", merged(&key, &factor)).await;
        let said = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.";
        assert_eq!((refused.error(), refused.message()), ("InvalidParameter", said));
    }
    assert_eq!(server.call("GetUserPoolMfaConfig", key.clone()).await.ok(), before);
    check(&before, &server.call("SetUserPoolMfaConfig", key).await.ok(), &table);
}

#[tokio::test]
async fn update_group() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let key = json!({ "UserPoolId": pool, "GroupName": "staff" });
    let settings = json!({ "Description": "all", "RoleArn": "arn:aws:iam::000000000000:role/r", "Precedence": 0 });
    let before = server.call("CreateGroup", merged(&key, &settings)).await.ok()["Group"].clone();
    let table = [("Description", Kept), ("RoleArn", Kept), ("Precedence", Kept)];
    check_complete("UpdateGroup", &table, &["UserPoolId", "GroupName"]);
    check(&before, &server.call("UpdateGroup", key).await.ok()["Group"], &table);
}

#[tokio::test]
async fn update_resource_server() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let key = json!({ "UserPoolId": pool, "Identifier": "api", "Name": "API" });
    let settings = json!({ "Scopes": [{ "ScopeName": "read", "ScopeDescription": "Read" }] });
    let create = merged(&key, &settings);
    let before = server.call("CreateResourceServer", create).await.ok()["ResourceServer"].clone();
    let table = [("Scopes", Reset(json!([])))];
    check_complete("UpdateResourceServer", &table, &["UserPoolId", "Identifier", "Name"]);
    check(&before, &server.call("UpdateResourceServer", key).await.ok()["ResourceServer"], &table);
}

#[tokio::test]
async fn update_user_pool_domain() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let key = json!({ "Domain": "login.example.com", "UserPoolId": pool });
    let certificate = "arn:aws:acm:us-east-1:000000000000:certificate/c";
    let check_id = "abcdef01-2345-6789-abcd-ef0123456789";
    let settings = json!({ "ManagedLoginVersion": 2, "CustomDomainConfig": { "CertificateArn": certificate },
        "Routing": { "Failover": { "SecondaryRegion": "eu-west-1", "PrimaryRoute53HealthCheckId": check_id } } });
    server.call("CreateUserPoolDomain", merged(&key, &settings)).await.ok();
    let describe = || async {
        let asked = json!({ "Domain": "login.example.com" });
        server.call("DescribeUserPoolDomain", asked).await.ok()["DomainDescription"].clone()
    };
    let before = describe().await;
    let table = [("ManagedLoginVersion", Kept), ("CustomDomainConfig", Kept), ("Routing", Kept)];
    check_complete("UpdateUserPoolDomain", &table, &["UserPoolId", "Domain"]);
    server.call("UpdateUserPoolDomain", key).await.ok();
    check(&before, &describe().await, &table);
}

#[tokio::test]
async fn update_identity_provider() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let key = json!({ "UserPoolId": pool, "ProviderName": "Google" });
    let settings = json!({
        "ProviderType": "Google", "AttributeMapping": { "email": "email" }, "IdpIdentifiers": ["a.example"],
        "ProviderDetails": { "client_id": "id", "client_secret": "provider-secret", "authorize_scopes": "openid" },
        "AcrMapping": { "Level1": "urn:low" },
    });
    let create = merged(&key, &settings);
    let before = server.call("CreateIdentityProvider", create).await.ok()["IdentityProvider"].clone();
    let table = [("ProviderDetails", Kept), ("AttributeMapping", Kept), ("IdpIdentifiers", Kept), ("AcrMapping", Kept)];
    check_complete("UpdateIdentityProvider", &table, &["UserPoolId", "ProviderName"]);
    check(&before, &server.call("UpdateIdentityProvider", key).await.ok()["IdentityProvider"], &table);
}
