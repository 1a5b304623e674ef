//! Domains of pools.

use latchkey_tests::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn a_prefix_belongs_to_one_pool_and_a_pool_has_one_prefix() {
    let server = TestServer::new().await;
    let (pool, other) = (server.pool(json!({})).await, server.pool(json!({})).await);
    let describe = || server.call("DescribeUserPoolDomain", json!({ "Domain": "acme" }));
    assert_eq!(describe().await.ok(), json!({ "DomainDescription": {} }));
    let create =
        |domain: &str, pool: &str| server.call("CreateUserPoolDomain", json!({ "Domain": domain, "UserPoolId": pool }));
    assert_eq!(create("acme", &pool).await.ok(), json!({ "ManagedLoginVersion": 1 }));
    let described = describe().await.ok()["DomainDescription"].clone();
    assert_eq!(described["UserPoolId"], pool);
    assert_eq!(described["AWSAccountId"], "000000000000");
    assert_eq!(described["Status"], "ACTIVE");
    assert_eq!(described["Version"], "20260101000000");
    assert_eq!(described["ManagedLoginVersion"], 1);
    assert_eq!(create("acme", &other).await.message(), "Domain already associated with another user pool.");
    assert_eq!(create("second", &pool).await.message(), "User pool already has a domain configured.");
    assert_eq!(create("my-cognito", &other).await.message(), "Domain cannot contain reserved word: cognito");
    assert_eq!(create("acme2", "us-east-1_nowhere").await.error(), "ResourceNotFound");
    let shown = server.call("DescribeUserPool", json!({ "UserPoolId": pool })).await.ok();
    assert_eq!(shown["UserPool"]["Domain"], "acme");
}

#[tokio::test]
async fn a_domain_changes_its_login_pages_and_goes() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let key = json!({ "Domain": "acme", "UserPoolId": pool });
    server.call("CreateUserPoolDomain", key.clone()).await.ok();
    let mut update = key.clone();
    update["ManagedLoginVersion"] = json!(2);
    let updated = server.call("UpdateUserPoolDomain", update).await.ok();
    assert_eq!(updated["ManagedLoginVersion"], 2);
    let mut elsewhere = key.clone();
    elsewhere["UserPoolId"] = json!(server.pool(json!({})).await);
    let refused = server.call("DeleteUserPoolDomain", elsewhere).await;
    assert_eq!(refused.message(), "No such domain or user pool exists.");
    assert_eq!(server.call("DeleteUserPoolDomain", key.clone()).await.ok(), json!({}));
    assert_eq!(server.call("UpdateUserPoolDomain", key).await.error(), "InvalidParameter");
    let lite = server.pool(json!({ "UserPoolTier": "LITE" })).await;
    let input = json!({ "Domain": "lite", "UserPoolId": lite, "ManagedLoginVersion": 2 });
    assert_eq!(server.call("CreateUserPoolDomain", input).await.error(), "FeatureUnavailableInTier");
}

#[tokio::test]
async fn only_one_of_many_simultaneous_domains_is_given() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    let create =
        |n: u32| server.call("CreateUserPoolDomain", json!({ "Domain": format!("acme{n}"), "UserPoolId": pool }));
    let answers = tokio::join!(create(1), create(2), create(3), create(4));
    let answers = [answers.0, answers.1, answers.2, answers.3];
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let shown = server.call("DescribeUserPool", json!({ "UserPoolId": pool })).await.ok();
    assert!(matches!(&shown["UserPool"]["Domain"], Value::String(_)));
}

#[tokio::test]
async fn a_custom_domain_is_a_host_name_beside_the_prefix() {
    let server = TestServer::new().await;
    let pool = server.pool(json!({})).await;
    server.call("CreateUserPoolDomain", json!({ "Domain": "acme", "UserPoolId": pool })).await.ok();
    let certificate = "arn:aws:acm:us-east-1:000000000000:certificate/1";
    let custom = json!({ "Domain": "auth.acme.example", "UserPoolId": pool,
        "CustomDomainConfig": { "CertificateArn": certificate } });
    let made = server.call("CreateUserPoolDomain", custom).await.ok();
    assert_eq!(made, json!({ "ManagedLoginVersion": 1, "CloudFrontDomain": "localhost" }));
    let shown = server.call("DescribeUserPool", json!({ "UserPoolId": pool })).await.ok()["UserPool"].clone();
    assert_eq!((&shown["Domain"], &shown["CustomDomain"]), (&json!("acme"), &json!("auth.acme.example")));
    let described = server.call("DescribeUserPoolDomain", json!({ "Domain": "auth.acme.example" })).await.ok();
    assert_eq!(described["DomainDescription"]["CustomDomainConfig"]["CertificateArn"], certificate);
    let dotted = json!({ "Domain": "auth.acme2.example", "UserPoolId": pool });
    assert!(server.call("CreateUserPoolDomain", dotted).await.message().contains("invalid character"));
    let prefix =
        json!({ "Domain": "acme", "UserPoolId": pool, "CustomDomainConfig": { "CertificateArn": certificate } });
    assert_eq!(server.call("UpdateUserPoolDomain", prefix).await.error(), "InvalidParameter");
}
