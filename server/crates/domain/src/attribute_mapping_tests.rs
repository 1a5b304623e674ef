#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Map, from_value, json};

use super::*;
use crate::{AssertionTokens, AttributeStatement, StatementSource, new_pool_settings};

const AT: &str = "2026-01-01T00:00:00Z";

fn map(assertion: &Assertion) -> BTreeMap<String, String> {
    let schema = json!({ "Name": "token", "AttributeDataType": "String", "Mutable": true });
    let (settings, mfa) =
        new_pool_settings(from_value(json!({ "PoolName": "p", "Schema": [schema] })).unwrap()).unwrap();
    let at = AT.parse().unwrap();
    let pool = Pool { id: "eu-west-1_abc".into(), created_at: at, modified_at: at, settings, mfa };
    let client: Client = from_value(json!({
        "id": "c", "pool": pool.id, "created_at": AT, "modified_at": AT, "secrets": [], "srp_only": false,
        "settings": { "ClientName": "c", "WriteAttributes": ["email", "name", "custom:token"] },
    }))
    .unwrap();
    let provider: IdentityProvider = from_value(json!({
        "pool": pool.id, "name": "Corp", "kind": "SAML", "details": {}, "created_at": AT, "modified_at": AT,
        "mapping": {
            "email": "mail", "email_verified": "checked", "name": "displayName", "custom:token": "access_token",
        },
    }))
    .unwrap();
    map_attributes(&pool, &client, &provider, assertion).unwrap()
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn assertion(statements: &[Value]) -> Assertion {
    let statement = |values: &Value| AttributeStatement {
        source: StatementSource::UserInfo,
        values: values.as_object().cloned().unwrap_or_else(Map::new),
    };
    Assertion {
        subject: "ada".to_owned(),
        issuer: None,
        attributes: statements.iter().map(statement).collect(),
        tokens: AssertionTokens::default(),
    }
}

#[test]
fn the_first_statement_that_has_an_attribute_counts() {
    let said =
        [json!({ "mail": "a@x.test", "displayName": null }), json!({ "mail": "b@x.test", "displayName": "Ada" })];
    assert_eq!(map(&assertion(&said)), values(&[("email", "a@x.test"), ("name", "Ada")]));
    assert_eq!(map(&assertion(&[])), BTreeMap::new());
}

#[test]
fn an_address_is_verified_by_the_statement_that_tells_it() {
    let apart = [json!({ "mail": "a@x.test" }), json!({ "mail": "b@x.test", "checked": true })];
    assert_eq!(map(&assertion(&apart)), values(&[("email", "a@x.test")]));
    let together = [json!({ "mail": "a@x.test", "checked": "true" })];
    assert_eq!(map(&assertion(&together)), values(&[("email", "a@x.test"), ("email_verified", "true")]));
}

#[test]
fn a_token_is_mapped_where_there_is_one() {
    let none = assertion(&[json!({ "access_token": "an attribute of that name" })]);
    assert_eq!(map(&none), values(&[("custom:token", "an attribute of that name")]));
    let tokens = AssertionTokens { access_token: Some("secret".into()), id_token: None };
    let some = Assertion { tokens, ..none };
    assert_eq!(map(&some), values(&[("custom:token", "secret")]));
    assert!(!format!("{some:?} {:?} {:?}", some.tokens, some.attributes).contains("secret"));
}
