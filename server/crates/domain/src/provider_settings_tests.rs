#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use protocol::idp::CreateUserPoolRequest;
use serde_json::json;

use super::*;
use crate::{PoolId, Reason, new_pool_settings};

fn pool() -> Pool {
    let input = json!({"PoolName": "p", "Schema": [{"Name": "groups", "AttributeDataType": "String"}]});
    let input: CreateUserPoolRequest = serde_json::from_value(input).unwrap();
    let (settings, mfa) = new_pool_settings(input).unwrap();
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    Pool { id: PoolId::from("eu-west-1_abc"), created_at: at, modified_at: at, settings, mfa }
}

fn mapping(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(target, claim)| ((*target).to_owned(), (*claim).to_owned())).collect()
}

fn refusal(result: Result<impl Sized>) -> Reason {
    result.err().unwrap().reason
}

fn not_of_type(name: &str, kind: Kind) -> Reason {
    ProviderFault::NameNotOfType { name: name.to_owned(), kind }.into()
}

#[test]
fn a_social_provider_has_its_types_name_and_nobody_else_has() {
    for kind in Kind::ALL.iter().copied().filter(|kind| !matches!(kind, Kind::Saml | Kind::Oidc)) {
        check_provider_name(kind, kind.as_str()).unwrap();
        assert_eq!(refusal(check_provider_name(kind, "Mine")), not_of_type("Mine", kind));
        let taken = refusal(check_provider_name(Kind::Oidc, kind.as_str()));
        assert_eq!(taken, not_of_type(kind.as_str(), Kind::Oidc));
    }
    check_provider_name(Kind::Oidc, "Company").unwrap();
    check_provider_name(Kind::Saml, "OIDC").unwrap();
    for name in ["COGNITO", "Cognito"] {
        assert_eq!(refusal(check_provider_name(Kind::Saml, name)), not_of_type(name, Kind::Saml));
        let own = ProviderFault::OwnDirectory { name: name.to_owned() };
        assert_eq!(refusal(check_changeable(name)), own.into());
    }
    check_changeable("Company").unwrap();
}

#[test]
fn a_mapping_leads_to_attributes_of_the_pool() {
    let given = mapping(&[("email", "mail"), ("custom:groups", "groups"), ("username", "oid")]);
    assert_eq!(validate_mapping(&pool(), Kind::Oidc, Some(given.clone())).unwrap(), given);
    let unfit = mapping(&[("email", "mail"), ("custom:none", "x"), ("sub", "sub"), ("identities", "i"), ("name", "")]);
    let targets = ["custom:none", "identities", "name", "sub"].map(str::to_owned).to_vec();
    assert_eq!(
        refusal(validate_mapping(&pool(), Kind::Oidc, Some(unfit))),
        ProviderFault::MappingTargets { targets }.into()
    );
}

#[test]
fn the_subject_is_mapped_where_nothing_is_said() {
    let subjects = [
        (Kind::Google, Some("sub")),
        (Kind::Facebook, Some("id")),
        (Kind::LoginWithAmazon, Some("user_id")),
        (Kind::SignInWithApple, Some("sub")),
        (Kind::Oidc, Some("sub")),
        (Kind::Saml, None),
    ];
    for (kind, subject) in subjects {
        for said in [None, Some(BTreeMap::new())] {
            let mapping = validate_mapping(&pool(), kind, said).unwrap();
            assert_eq!(mapping.get("username").map(String::as_str), subject, "{kind}");
        }
    }
}

#[test]
fn an_identifier_is_said_once() {
    let [a, b] = ["a", "b"].map(str::to_owned);
    let pool = pool().id;
    check_identifiers(&pool, &[]).unwrap();
    check_identifiers(&pool, &[a.clone(), b.clone()]).unwrap();
    let taken = ProviderFault::IdentifierTaken { identifier: a.clone(), pool: pool.clone() };
    assert_eq!(refusal(check_identifiers(&pool, &[a.clone(), b, a])), taken.into());
}
