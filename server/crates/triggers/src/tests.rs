#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use domain::{Assertion, AssertionTokens, Error, IdentityProvider, PoolId, User};
use protocol::Sensitive;
use serde_json::{Map, json};

use super::*;

/// The members of LambdaConfig, by the hooks that they configure.
fn member(hook: Hook) -> &'static str {
    match hook {
        Hook::InboundFederation => "InboundFederation",
        Hook::PreSignUp => "PreSignUp",
        Hook::PostConfirmation => "PostConfirmation",
        Hook::PreAuthentication => "PreAuthentication",
        Hook::PostAuthentication => "PostAuthentication",
        Hook::DefineAuthChallenge => "DefineAuthChallenge",
        Hook::CreateAuthChallenge => "CreateAuthChallenge",
        Hook::VerifyAuthChallenge => "VerifyAuthChallengeResponse",
        Hook::PreTokenGeneration => "PreTokenGenerationConfig",
        Hook::UserMigration => "UserMigration",
        Hook::CustomMessage => "CustomMessage",
        Hook::CustomEmailSender => "CustomEmailSender",
        Hook::CustomSmsSender => "CustomSMSSender",
    }
}

fn arn(hook: Hook) -> String {
    format!("arn:aws:lambda:eu-west-1:123456789012:function:{}", member(hook))
}

/// A pool with one function.
fn pool(hook: Option<Hook>, token_version: &str) -> Pool {
    let mut config = Map::new();
    if let Some(hook) = hook {
        let value = match hook {
            Hook::InboundFederation | Hook::CustomEmailSender | Hook::CustomSmsSender => {
                json!({ "LambdaArn": arn(hook), "LambdaVersion": "V1_0" })
            }
            Hook::PreTokenGeneration => json!({ "LambdaArn": arn(hook), "LambdaVersion": token_version }),
            _ => json!(arn(hook)),
        };
        config.insert(member(hook).to_owned(), value);
    }
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    Pool {
        id: PoolId::from("eu-west-1_abc"),
        created_at: at,
        modified_at: at,
        settings: serde_json::from_value(json!({ "LambdaConfig": config })).unwrap(),
        mfa: Default::default(),
    }
}

/// Nothing here waits for anybody.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// Calls a hook for each of its sources: the sources' names, and how the calls ended.
fn call_all(hook: Hook, pool: &Pool) -> Vec<(&'static str, Result<(), Error>)> {
    let user: User = serde_json::from_value(json!({
        "pool": "eu-west-1_abc", "username": "ada", "sub": "sub", "status": "CONFIRMED", "enabled": true,
        "attributes": {}, "password": null, "totp": null, "signed_out_at": null,
        "created_at": "2026-01-01T00:00:00Z", "modified_at": "2026-01-01T00:00:00Z",
    }))
    .unwrap();
    let (user, nothing, private) = (&user, BTreeMap::new(), BTreeMap::new());
    let call = &Call { pool, client: None, username: "ada", client_metadata: &nothing, validation_data: &nothing };
    let (triggers, secret) = (Triggers::default(), Sensitive::from("secret"));
    match hook {
        Hook::InboundFederation => {
            let provider: IdentityProvider = serde_json::from_value(json!({
                "pool": "eu-west-1_abc", "name": "Acme", "kind": "OIDC", "details": {},
                "created_at": "2026-01-01T00:00:00Z", "modified_at": "2026-01-01T00:00:00Z",
            }))
            .unwrap();
            let tokens = AssertionTokens::default();
            let assertion = Assertion { subject: "ada".to_owned(), issuer: None, attributes: Vec::new(), tokens };
            let event = InboundFederation { provider: &provider, assertion: &assertion };
            vec![("ExternalProvider", ready(triggers.inbound_federation(call, &event)).map(drop))]
        }
        Hook::PreSignUp => PreSignUpSource::ALL
            .iter()
            .map(|source| {
                let event = PreSignUp { source: *source, user };
                (source.as_str(), ready(triggers.pre_sign_up(call, &event)).map(drop))
            })
            .collect(),
        Hook::PostConfirmation => PostConfirmationSource::ALL
            .iter()
            .map(|source| {
                let event = PostConfirmation { source: *source, user };
                (source.as_str(), ready(triggers.post_confirmation(call, &event)))
            })
            .collect(),
        Hook::PreAuthentication => [Some(user), None]
            .into_iter()
            .map(|user| ("Authentication", ready(triggers.pre_authentication(call, &PreAuthentication { user }))))
            .collect(),
        Hook::PostAuthentication => {
            let event = PostAuthentication { user, new_device: false };
            vec![("Authentication", ready(triggers.post_authentication(call, &event)))]
        }
        Hook::DefineAuthChallenge => {
            let event = DefineAuthChallenge { user: Some(user), history: &[] };
            vec![("Authentication", ready(triggers.define_auth_challenge(call, &event)).map(drop))]
        }
        Hook::CreateAuthChallenge => {
            let event = CreateAuthChallenge { user: Some(user), history: &[] };
            vec![("Authentication", ready(triggers.create_auth_challenge(call, &event)).map(drop))]
        }
        Hook::VerifyAuthChallenge => {
            let event = VerifyAuthChallenge { user: Some(user), private: &private, answer: &secret };
            vec![("Authentication", ready(triggers.verify_auth_challenge(call, &event)).map(drop))]
        }
        Hook::PreTokenGeneration => TokenSource::ALL
            .iter()
            .map(|source| {
                let event = PreTokenGeneration { source: *source, user: Some(user), groups: &[], scopes: &[] };
                (source.as_str(), ready(triggers.pre_token_generation(call, &event)).map(drop))
            })
            .collect(),
        Hook::UserMigration => UserMigrationSource::ALL
            .iter()
            .map(|source| {
                let event = UserMigration { source: *source, password: Some(&secret) };
                (source.as_str(), ready(triggers.user_migration(call, &event)).map(drop))
            })
            .collect(),
        Hook::CustomMessage => MessageSource::ALL
            .iter()
            .map(|source| {
                let event = CustomMessage { source: *source, user };
                (source.as_str(), ready(triggers.custom_message(call, &event)).map(drop))
            })
            .collect(),
        Hook::CustomEmailSender | Hook::CustomSmsSender => MessageSource::ALL
            .iter()
            .map(|source| {
                let event = CustomSender { source: *source, user, code: "271828" };
                let sent = match hook {
                    Hook::CustomEmailSender => ready(triggers.custom_email_sender(call, &event)),
                    _ => ready(triggers.custom_sms_sender(call, &event)),
                };
                (source.as_str(), sent.map(drop))
            })
            .collect(),
    }
}

fn refusal(hook: Hook) -> Result<(), Error> {
    let failure = format!("{} triggers are not available yet", hook.as_str());
    Err(Reason::TriggerFailed { function: arn(hook), failure }.into())
}

#[test]
fn a_configured_hook_refuses_every_source_and_names_its_function() {
    for hook in Hook::ALL {
        let calls = call_all(hook, &pool(Some(hook), "V3_0"));
        assert!(!calls.is_empty(), "{hook:?}");
        for (source, outcome) in calls {
            assert_eq!(outcome, refusal(hook), "{}_{source}", hook.as_str());
        }
    }
}

#[test]
fn no_hook_minds_the_function_of_another() {
    for hook in Hook::ALL {
        for configured in Hook::ALL.into_iter().map(Some).chain([None]).filter(|configured| *configured != Some(hook)) {
            for (source, outcome) in call_all(hook, &pool(configured, "V3_0")) {
                assert_eq!(outcome, Ok(()), "{}_{source} with {configured:?}", hook.as_str());
            }
        }
    }
}

#[test]
fn only_the_third_version_is_told_of_clients() {
    for version in ["V1_0", "V2_0"] {
        for (source, outcome) in call_all(Hook::PreTokenGeneration, &pool(Some(Hook::PreTokenGeneration), version)) {
            let expected = if source == "ClientCredentials" { Ok(()) } else { refusal(Hook::PreTokenGeneration) };
            assert_eq!(outcome, expected, "{version}, {source}");
        }
    }
}
