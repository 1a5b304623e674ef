//! No input and no output of any operation shows a secret through `Debug`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fmt::Debug;

use latchkey_protocol::samples::{self, Place};
use latchkey_protocol::{Call, CallVisitor, OPERATIONS, Sensitive, Shape, visit_calls};
use serde::de::DeserializeOwned;
use serde_json::json;

/// Members (as `Structure.Member`, `*.Member` for any structure's) and shapes that are no secrets, though the description
/// calls them sensitive or their names sound like it. The list holds what is needed and no more.
const SHOWN: &[(&str, &str)] = &[
    ("*.AccessKeyId", "names a key; every signed request tells it"),
    ("*.CredentialId", "names a passkey"),
    ("*.DeviceGroupKey", "names a group of devices"),
    ("*.EncodedData", "describes a device: personal, no secret"),
    ("*.FriendlyCredentialName", "names a passkey"),
    ("*.IdentityProvider", "names a provider"),
    ("*.IpAddress", "personal, no secret"),
    ("*.NextToken", "a place in a list"),
    ("*.PaginationToken", "a place in a list"),
    ("*.Salt", "worth nothing without the verifier; clients are told it"),
    ("*.TokenType", "the word Bearer"),
    ("ArnType", "names a function"),
    ("AttributeValueType", "personal, no secret"),
    ("ChallengeParametersType", "what whoever names a user is told; the secret block is sealed"),
    ("ClientIdType", "every authorization request tells it"),
    ("ClientSecretArnType", "names a secret"),
    ("ClientSecretIdType", "names a secret"),
    ("DeviceKeyType", "names a device"),
    ("EncryptionKeyArnType", "names a key"),
    ("ProviderNameType", "names a provider"),
    ("RegionCodeType", "names a Region"),
    ("SessionDeviceType", "personal, no secret"),
    ("SessionIdType", "names a session; nobody is let in by it"),
    ("SessionIpAddressType", "personal, no secret"),
    ("SessionLocationCityType", "personal, no secret"),
    ("SessionLocationCountryType", "personal, no secret"),
    ("TagKeysType", "names a tag"),
    ("UsernameType", "personal, no secret"),
    ("arnType", "names a provider"),
    ("originIdentityIssuerType", "says who vouched"),
    ("originIdentitySubjectType", "personal, no secret"),
    ("originIdentitySubjectTypeType", "a kind of name"),
    ("roleSessionNameType", "names a session; nobody is let in by it"),
    ("scopedSessionDescriptionType", "describes a session"),
    ("scopedSessionIdType", "names a session; nobody is let in by it"),
    ("sessionPolicyDocumentType", "a policy"),
    ("tagKeyType", "names a tag"),
    ("unrestrictedSessionPolicyDocumentType", "a policy"),
    ("webIdentitySubjectType", "personal, no secret"),
    ("webIdentityTokenAudienceStringType", "names an app"),
    ("webIdentityTokenScopeType", "names a right"),
];

#[derive(Default)]
struct Judge {
    faults: BTreeSet<String>,
    used: BTreeSet<&'static str>,
    hidden: usize,
    calls: usize,
}

impl Judge {
    fn judge<T: Debug + DeserializeOwned>(&mut self, shape: &Shape) {
        let mut places = Vec::new();
        let value = samples::with_texts(shape, |place, _| {
            places.push(place.clone());
            canary(places.len())
        });
        let typed: T = serde_json::from_value(value).unwrap_or_else(|error| panic!("{}: {error}", shape.name));
        let shown = format!("{typed:?} {typed:#?}");
        for (index, place) in places.iter().enumerate() {
            if !shown.contains(&canary(index + 1)) {
                self.hidden += 1;
            } else if place.may_be_secret() {
                match exempt(place) {
                    Some(entry) => drop(self.used.insert(entry)),
                    None => drop(self.faults.insert(place.innermost().join(" "))),
                }
            }
        }
    }
}

/// Another text for each place.
fn canary(number: usize) -> String {
    format!("canary-{number}-")
}

/// The entry of the list that lets what stands there be shown.
fn exempt(place: &Place) -> Option<&'static str> {
    let is =
        |entry: &str, part: &str| part == entry || entry.strip_prefix('*').is_some_and(|member| part.ends_with(member));
    SHOWN.iter().map(|(entry, _)| *entry).find(|entry| place.innermost().iter().any(|part| is(entry, part)))
}

impl CallVisitor for Judge {
    fn visit<C: Call>(&mut self) {
        self.calls += 1;
        self.judge::<C::Input>(C::OPERATION.input);
        if let Some(output) = C::OPERATION.output {
            self.judge::<C::Output>(output);
        }
    }
}

#[test]
fn no_operation_shows_a_secret() {
    let mut judge = Judge::default();
    visit_calls(&mut judge);
    assert_eq!(judge.calls, OPERATIONS.len());
    assert!(judge.hidden > 100, "{}", judge.hidden);
    assert_eq!(judge.faults, BTreeSet::new());
    assert!(SHOWN.iter().all(|(_, reason)| !reason.is_empty()));
    let list: BTreeSet<_> = SHOWN.iter().map(|(entry, _)| *entry).collect();
    assert_eq!(judge.used, list, "the list holds what is needed and no more");
}

#[test]
fn a_secret_text_is_a_text_but_for_debug() {
    let secret: Sensitive = serde_json::from_value(json!("canary")).unwrap();
    assert_eq!(format!("{secret:?}"), "***");
    assert_eq!(serde_json::to_value(&secret).unwrap(), json!("canary"));
    assert_eq!(secret, "canary");
    assert_eq!(String::from(secret.clone()), secret.into_inner());
}
