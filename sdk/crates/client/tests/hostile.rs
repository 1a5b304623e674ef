//! Nothing a service (or whoever stands in its place) says makes the engine panic, and nothing but tokens signs anyone in.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::needless_pass_by_value, missing_docs)]

mod pool;

use client::sign_in::{Answer, Flow, SignIn};
use client::{Wanted, account};
use latchkey_client as client;
use proptest::prelude::*;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use pool::{PASSWORD, Scripted, World, run};

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "PASSWORD_VERIFIER",
            "DEVICE_SRP_AUTH",
            "DEVICE_PASSWORD_VERIFIER",
            "MFA_SETUP",
            "SELECT_MFA_TYPE",
            "NEW_PASSWORD_REQUIRED",
            "SOFTWARE_TOKEN_MFA",
            "SMS_MFA",
            "EMAIL_OTP",
            "",
            "0",
            "-1",
            "00",
            "ff",
            "AAAA",
            "a.b.c",
            "e30.e30.e30",
            "e30.eyJ1c2VybmFtZSI6IngifQ.",
            "[\"SMS_MFA\"]",
            "[",
            "..",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

fn value(depth: u32) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        word().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!(true))
    ];
    leaf.prop_recursive(depth, 24, 6, |inner| {
        let names = prop::sample::select(vec![
            "ChallengeName",
            "ChallengeParameters",
            "AuthenticationResult",
            "Session",
            "SALT",
            "SRP_B",
            "SECRET_BLOCK",
            "USER_ID_FOR_SRP",
            "AccessToken",
            "IdToken",
            "RefreshToken",
            "ExpiresIn",
            "NewDeviceMetadata",
            "DeviceKey",
            "DeviceGroupKey",
            "MFAS_CAN_CHOOSE",
            "MFAS_CAN_SETUP",
            "requiredAttributes",
            "__type",
            "message",
            "error",
            "SecretCode",
            "Status",
            "UserAttributes",
        ]);
        prop_oneof![
            prop::collection::vec((names, inner.clone()), 0..8).prop_map(|members| Value::Object(
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_makes_a_sign_in_panic(first in value(3), second in value(3), status in prop::sample::select(vec![200u16, 400, 500]), srp in any::<bool>()) {
        let world = World::new();
        let (auth, events) = world.auth();
        world.script("InitiateAuth", Scripted::Answer(status, first));
        world.script("RespondToAuthChallenge", Scripted::Answer(status, second.clone()));
        let flow = if srp { Flow::Srp } else { Flow::Password };
        let step = run(auth.sign_in(SignIn { username: "ann".into(), password: Zeroizing::new(PASSWORD.into()), flow }));
        if let Ok(step) = step {
            if let Some(id) = step.id {
                world.pool.borrow_mut().scripted.clear();
                world.script("RespondToAuthChallenge", Scripted::Answer(200, second));
                // What the pool itself refuses to be told is the pool's panic, not the engine's: only scripted answers here.
                let _ = run(auth.answer(id, Answer::default()));
            } else {
                prop_assert_eq!(events.take(), ["signed-in"]);
            }
        }
    }

    #[test]
    fn no_answer_makes_a_refresh_or_a_call_panic(answer in value(3), status in prop::sample::select(vec![200u16, 400, 500])) {
        let world = World::new();
        let (auth, _) = world.auth();
        let request = SignIn { username: "ann".into(), password: Zeroizing::new(PASSWORD.into()), flow: Flow::Password };
        run(auth.sign_in(request)).map(drop).unwrap();
        world.script("GetUser", Scripted::Answer(status, answer.clone()));
        let _ = run(auth.perform(account::user()));
        world.pool.borrow_mut().scripted.clear();
        world.pass(4000);
        world.script("GetTokensFromRefreshToken", Scripted::Answer(status, answer));
        let refreshed = run(auth.tokens(&Wanted { validity: 60_000, not: None }));
        if let Ok(session) = refreshed {
            prop_assert!(!session.access_token.is_empty());
        }
    }
}
