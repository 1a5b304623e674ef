//! Sign-ins from the password to the tokens, against a pool with the real server side of SRP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    missing_docs
)]

mod pool;

use client::sign_in::{Answer, Ask, Factor, Flow, SignIn, Step};
use client::{Auth, Kind, Wanted};
use latchkey_client as client;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use pool::{Host, PASSWORD, Scripted, USER_ID, World, run};

fn sign_in(auth: &Auth<Host>, password: &str) -> client::Result<Step> {
    run(auth.sign_in(SignIn { username: "ann".into(), password: Zeroizing::new(password.into()), flow: Flow::Srp }))
}

fn code(code: &str) -> Answer {
    Answer { code: Some(Zeroizing::new(code.into())), ..Answer::default() }
}

fn answer(auth: &Auth<Host>, step: &Step, answer: Answer) -> client::Result<Step> {
    run(auth.answer(step.id.unwrap(), answer))
}

fn kind<T>(result: client::Result<T>) -> Kind {
    result.err().expect("it failed").kind
}

fn asks(world: &World, challenge: &str, parameters: Value) {
    let challenge = json!({"ChallengeName": challenge, "Session": "session-2", "ChallengeParameters": parameters});
    world.pool.borrow_mut().after_password.push_back(challenge);
}

fn done(step: client::Result<Step>) {
    match step.unwrap() {
        Step { id: None, ask: Ask::Done(session) } => assert_eq!(session.username, USER_ID),
        _ => panic!("a question is open"),
    }
}

#[test]
fn a_password_is_proven_and_never_sent() {
    let world = World::new();
    let (auth, events) = world.auth();
    auth.warm_up().unwrap();
    done(sign_in(&auth, PASSWORD));
    let pool = world.pool.borrow();
    assert_eq!(pool.operations(), ["InitiateAuth", "RespondToAuthChallenge"]);
    assert!(pool.seen.iter().all(|(_, body)| !body.to_string().contains(PASSWORD)));
    assert_eq!(*events.borrow(), ["signed-in"]);
    assert!(run(auth.tokens(&Wanted::default())).is_ok());
}

#[test]
fn a_wrong_password_is_refused_and_nothing_is_kept() {
    let world = World::new();
    let (auth, events) = world.auth();
    assert_eq!(kind(sign_in(&auth, "wrong")), Kind::NotAuthorized);
    assert!(world.kept.borrow().is_empty() && events.borrow().is_empty());
    assert_eq!(kind(run(auth.tokens(&Wanted::default()))), Kind::NotSignedIn);
    done(sign_in(&auth, PASSWORD));
}

#[test]
fn the_password_is_sent_when_the_app_asks_for_it() {
    let world = World::new();
    let (auth, _) = world.auth();
    let request = |password: &str| SignIn {
        username: "ann".into(),
        password: Zeroizing::new(password.into()),
        flow: Flow::Password,
    };
    assert_eq!(kind(run(auth.sign_in(request("wrong")))), Kind::NotAuthorized);
    done(run(auth.sign_in(request(PASSWORD))));
}

#[test]
fn a_wrong_code_leaves_the_step_standing_and_a_used_step_is_over() {
    let world = World::new();
    let (auth, _) = world.auth();
    asks(&world, "SOFTWARE_TOKEN_MFA", json!({"FRIENDLY_DEVICE_NAME": "phone"}));
    let step = sign_in(&auth, PASSWORD).unwrap();
    assert!(matches!(&step.ask, Ask::Totp { device_name: Some(name) } if name == "phone"));
    assert_eq!(kind(answer(&auth, &step, Answer::default())), Kind::InvalidParameter);
    assert_eq!(kind(answer(&auth, &step, code("000000"))), Kind::CodeMismatch);
    world.script("RespondToAuthChallenge", Scripted::Offline);
    assert_eq!(kind(answer(&auth, &step, code("123456"))), Kind::Network);
    done(answer(&auth, &step, code(" 123456 ")));
    assert_eq!(kind(answer(&auth, &step, code("123456"))), Kind::StepExpired);
}

#[test]
fn an_authenticator_is_enrolled_on_the_way_in() {
    let world = World::new();
    let (auth, _) = world.auth();
    asks(&world, "MFA_SETUP", json!({"MFAS_CAN_SETUP": "[\"SOFTWARE_TOKEN_MFA\"]"}));
    let step = sign_in(&auth, PASSWORD).unwrap();
    assert!(
        matches!(&step.ask, Ask::TotpSetup { secret, username } if secret.as_str() == "JBSWY3DPEHPK3PXP" && username == "ann")
    );
    assert_eq!(kind(answer(&auth, &step, code("000000"))), Kind::EnableSoftwareTokenMfa);
    // Some services ask for a code of the new authenticator at once.
    asks(&world, "SOFTWARE_TOKEN_MFA", json!({}));
    let step = answer(&auth, &step, Answer { device_name: Some("phone".into()), ..code("123456") }).unwrap();
    assert!(matches!(step.ask, Ask::Totp { .. }));
    done(answer(&auth, &step, code("123456")));
}

#[test]
fn a_factor_that_cannot_be_set_up_is_named() {
    let world = World::new();
    let (auth, _) = world.auth();
    asks(&world, "MFA_SETUP", json!({"MFAS_CAN_SETUP": "[\"EMAIL_OTP\"]"}));
    let error = sign_in(&auth, PASSWORD).err().unwrap();
    assert_eq!((error.kind, error.code.as_deref()), (Kind::UnsupportedChallenge, Some("MFA_SETUP")));
}

#[test]
fn a_factor_is_chosen_and_its_code_given() {
    let world = World::new();
    let (auth, _) = world.auth();
    asks(&world, "SELECT_MFA_TYPE", json!({"MFAS_CAN_CHOOSE": "[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]"}));
    let step = sign_in(&auth, PASSWORD).unwrap();
    assert!(matches!(&step.ask, Ask::ChooseMfa(choices) if *choices == [Factor::Sms, Factor::Totp]));
    let step = answer(&auth, &step, Answer { choice: Some(Factor::Sms), ..Answer::default() }).unwrap();
    assert!(matches!(&step.ask, Ask::Code(to) if to.destination.as_deref() == Some("+*******1234")));
    done(answer(&auth, &step, code("123456")));
}

#[test]
fn a_temporary_password_is_replaced() {
    let world = World::new();
    let (auth, _) = world.auth();
    asks(
        &world,
        "NEW_PASSWORD_REQUIRED",
        json!({"requiredAttributes": "[\"userAttributes.name\"]", "userAttributes": "{}"}),
    );
    let step = sign_in(&auth, PASSWORD).unwrap();
    assert!(matches!(&step.ask, Ask::NewPassword { required } if *required == ["name"]));
    let new = |password: &str| Answer {
        password: Some(Zeroizing::new(password.into())),
        attributes: vec![("name".into(), "Ann".into())],
        ..Answer::default()
    };
    assert_eq!(kind(answer(&auth, &step, new("short"))), Kind::InvalidPassword);
    done(answer(&auth, &step, new("A longer one 1!")));
}

#[test]
fn an_unconfirmed_user_confirms_and_is_in() {
    let world = World::new();
    world.pool.borrow_mut().unconfirmed = true;
    let (auth, _) = world.auth();
    let step = sign_in(&auth, PASSWORD).unwrap();
    assert!(matches!(step.ask, Ask::ConfirmSignUp));
    assert_eq!(
        client::account::delivered(&run(auth.perform(auth.resend(step.id.unwrap()).unwrap())).unwrap())
            .destination
            .as_deref(),
        Some("a***@e***")
    );
    assert_eq!(kind(answer(&auth, &step, code("000000"))), Kind::CodeMismatch);
    done(answer(&auth, &step, code("123456")));
}

#[test]
fn a_reset_user_sets_a_password_and_is_in() {
    let world = World::new();
    let (auth, _) = world.auth();
    world.script(
        "InitiateAuth",
        Scripted::Answer(
            400,
            json!({"__type": "PasswordResetRequiredException", "message": "Password reset required for the user"}),
        ),
    );
    let step = sign_in(&auth, "whatever").unwrap();
    assert!(matches!(step.ask, Ask::ResetRequired));
    run(auth.perform(auth.resend(step.id.unwrap()).unwrap())).unwrap();
    done(answer(&auth, &step, Answer { password: Some(Zeroizing::new("Brand new 1!".into())), ..code("123456") }));
    assert_eq!(world.pool.borrow().password, "Brand new 1!");
}

#[test]
fn a_device_is_confirmed_proven_next_time_and_let_go_when_forgotten() {
    let world = World::new();
    world.pool.borrow_mut().offer_device = true;
    let (auth, _) = world.auth();
    done(sign_in(&auth, PASSWORD));
    assert_eq!(world.pool.borrow().operations(), ["InitiateAuth", "RespondToAuthChallenge", "ConfirmDevice"]);
    // The refresh names the device.
    world.pass(3600);
    run(auth.tokens(&Wanted::default())).unwrap();
    assert_eq!(world.pool.borrow().seen.last().unwrap().1["DeviceKey"], "us-east-1_d1");

    let (again, _) = world.auth();
    done(sign_in(&again, PASSWORD));
    assert_eq!(world.pool.borrow().count("RespondToAuthChallenge"), 1 + 3);

    let forgetful = World::new();
    forgetful.kept.replace(world.kept.borrow().clone());
    let (auth, _) = forgetful.auth();
    done(sign_in(&auth, PASSWORD));
    let pool = forgetful.pool.borrow();
    assert_eq!(pool.operations(), ["InitiateAuth", "RespondToAuthChallenge", "InitiateAuth", "RespondToAuthChallenge"]);
}

#[test]
fn a_sign_in_stands_though_its_device_is_refused() {
    let world = World::new();
    world.pool.borrow_mut().offer_device = true;
    let (auth, _) = world.auth();
    world.script("ConfirmDevice", Scripted::Offline);
    // Scripted answers wait for their operation.
    done(sign_in(&auth, PASSWORD));
}

#[test]
fn a_signed_in_user_enrols_an_authenticator() {
    let world = World::new();
    let (auth, _) = world.auth();
    assert_eq!(kind(run(auth.set_up_totp())), Kind::NotSignedIn);
    done(sign_in(&auth, PASSWORD));
    let step = run(auth.set_up_totp()).unwrap();
    assert!(matches!(step.ask, Ask::TotpSetup { .. }));
    assert_eq!(kind(answer(&auth, &step, code("000000"))), Kind::EnableSoftwareTokenMfa);
    done(answer(&auth, &step, code("123456")));
    assert_eq!(world.pool.borrow().seen.last().unwrap().0, "SetUserMFAPreference");
}

#[test]
fn what_the_sdk_cannot_answer_is_named_and_circles_end() {
    let world = World::new();
    let (auth, _) = world.auth();
    asks(&world, "CUSTOM_CHALLENGE", json!({}));
    let error = sign_in(&auth, PASSWORD).err().unwrap();
    assert_eq!((error.kind, error.code.as_deref()), (Kind::UnsupportedChallenge, Some("CUSTOM_CHALLENGE")));
    for _ in 0..20 {
        let endless = json!({"ChallengeName": "DEVICE_SRP_AUTH", "Session": "s", "ChallengeParameters": {}});
        world.script("RespondToAuthChallenge", Scripted::Answer(200, endless));
    }
    assert_eq!(kind(sign_in(&auth, PASSWORD)), Kind::UnexpectedResponse);
}

#[test]
fn hostile_challenges_are_refused() {
    let world = World::new();
    let (auth, _) = world.auth();
    for (member, value) in [("SRP_B", "0"), ("SRP_B", "xyz"), ("SALT", ""), ("SECRET_BLOCK", "not base64!")] {
        let mut parameters =
            json!({"USER_ID_FOR_SRP": USER_ID, "SALT": "5a", "SRP_B": "abcdef", "SECRET_BLOCK": "AAAA"});
        parameters[member] = value.into();
        world.script(
            "InitiateAuth",
            Scripted::Answer(200, json!({"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters})),
        );
        let refused = sign_in(&auth, PASSWORD);
        assert!(refused.is_err(), "{member} {value}");
    }
}
