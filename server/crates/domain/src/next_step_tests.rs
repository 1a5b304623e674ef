#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use protocol::Blob;
use protocol::idp::AuthFlowType;
use serde_json::{Value, json};

use super::*;
use crate::{
    AnsweredChallenge, Client, ClientId, DeviceVerifier, MfaPreference, Password, PendingChallenge, PoolId, PoolMfa,
    Preference, Sealed, Sub, Totp, Username,
};

const DEVICE: &str = "eu-west-1_device";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-03-01T00:00:00Z")
}

/// How a pool asks for a second factor. All three are on offer.
fn pool(mfa: &str, devices: Option<bool>) -> Pool {
    let mut settings = json!({ "MfaConfiguration": mfa });
    if let Some(challenges) = devices {
        settings["DeviceConfiguration"] = json!({ "ChallengeRequiredOnNewDevice": challenges });
    }
    let factors: PoolMfa = serde_json::from_value(json!({ "software_token": true, "sms": {}, "email": {} })).unwrap();
    Pool {
        id: PoolId::from("eu-west-1_abc"),
        created_at: now(),
        modified_at: now(),
        settings: serde_json::from_value(settings).unwrap(),
        mfa: factors,
    }
}

fn sealed() -> Sealed {
    Sealed(vec![0; 4])
}

/// What somebody has to prove a second factor with, and which of it is switched on or preferred.
#[derive(Clone, Copy, Default)]
struct Has {
    sms: bool,
    totp: bool,
    email: bool,
    on: &'static [Factor],
    preferred: Option<Factor>,
}

fn user(status: UserStatus, has: Has) -> User {
    let mut attributes = BTreeMap::new();
    if has.sms {
        attributes.insert("phone_number".to_owned(), "+15555550100".to_owned());
    }
    if has.email {
        attributes.insert("email".to_owned(), "ada@example.com".to_owned());
    }
    let preference =
        |factor| Preference { enabled: has.on.contains(&factor), preferred: has.preferred == Some(factor) };
    User {
        pool: PoolId::from("eu-west-1_abc"),
        username: Username::from("ada"),
        sub: Sub::from("sub"),
        status,
        enabled: true,
        attributes,
        pending: BTreeMap::new(),
        password: Some(Password {
            salt: Blob(vec![1; 16]),
            verifier: sealed(),
            set_at: at("2026-02-25T00:00:00Z"),
            temporary: false,
        }),
        old_passwords: Vec::new(),
        totp: has.totp.then(|| Totp { seed: sealed(), friendly_name: None, last_step: None }),
        pending_totp: None,
        mfa: MfaPreference {
            sms: preference(Factor::Sms),
            totp: preference(Factor::Totp),
            email: preference(Factor::Email),
        },
        identities: Vec::new(),
        signed_out_at: None,
        created_at: now(),
        modified_at: now(),
    }
}

fn client() -> Client {
    Client {
        id: ClientId::from("client"),
        pool: PoolId::from("eu-west-1_abc"),
        created_at: now(),
        modified_at: now(),
        settings: serde_json::from_value(json!({})).unwrap(),
        secrets: Vec::new(),
        srp_only: false,
        pkce_optional: false,
    }
}

fn session(user: &User) -> AuthSession {
    AuthSession::begin(&client(), user, AuthFlowType::UserSrpAuth, None)
}

fn device(remembered: bool, confirmed: bool) -> Device {
    Device {
        key: DeviceKey::from(DEVICE),
        group_key: "-group".to_owned(),
        verifier: confirmed.then(|| DeviceVerifier { salt: Blob(vec![2; 16]), verifier: sealed() }),
        name: None,
        remembered,
        last_ip: None,
        created_at: now(),
        modified_at: now(),
        authenticated_at: now(),
    }
}

/// What follows the password, in a pool without devices.
fn after_password(mfa: &str, status: UserStatus, has: Has) -> Result<NextStep, Reason> {
    let user = user(status, has);
    next_step(&pool(mfa, None), &user, &session(&user), None, now())
}

#[test]
fn only_some_may_sign_in_at_all() {
    use UserStatus as S;
    for (status, enabled, expected) in [
        (S::Confirmed, true, Ok(NextStep::Done)),
        (S::Confirmed, false, Err(Reason::UserDisabled)),
        (S::Unconfirmed, true, Err(Reason::UserNotConfirmed)),
        (S::Unconfirmed, false, Err(Reason::UserDisabled)),
        (S::ResetRequired, true, Err(Reason::PasswordResetRequired)),
        (S::ExternalProvider, true, Err(Reason::WrongCredentials)),
        (S::ForceChangePassword, true, Ok(NextStep::NewPassword)),
        (S::ForceChangePassword, false, Err(Reason::UserDisabled)),
    ] {
        let user = User { enabled, ..user(status, Has::default()) };
        let step = next_step(&pool("OFF", None), &user, &session(&user), None, now());
        assert_eq!(step, expected, "{status:?}, enabled: {enabled}");
    }
}

#[test]
fn a_temporary_password_lapses() {
    for (temporary, set_at, expected) in [
        (true, "2026-02-22T00:00:00Z", Ok(NextStep::NewPassword)),
        (true, "2026-02-21T23:59:59Z", Err(Reason::TemporaryPasswordExpired)),
        (false, "2020-01-01T00:00:00Z", Ok(NextStep::NewPassword)),
    ] {
        let mut user = user(UserStatus::ForceChangePassword, Has::default());
        let password = user.password.as_mut().unwrap();
        (password.temporary, password.set_at) = (temporary, at(set_at));
        let step = next_step(&pool("OFF", None), &user, &session(&user), None, now());
        assert_eq!(step, expected, "temporary: {temporary}, set at {set_at}");
    }
}

#[test]
fn a_new_password_comes_before_a_second_factor() {
    let has = Has { totp: true, on: &[Factor::Totp], ..Has::default() };
    for mfa in ["OFF", "OPTIONAL", "ON"] {
        assert_eq!(after_password(mfa, UserStatus::ForceChangePassword, has), Ok(NextStep::NewPassword), "{mfa}");
    }
}

#[test]
fn factors_are_asked_as_pool_and_user_want_it() {
    use Factor::{Email, Sms, Totp};
    let ask = |factor| Ok(NextStep::Ask(factor));
    let all = Has { sms: true, totp: true, email: true, ..Has::default() };
    let rows: &[(&str, Has, Result<NextStep, Reason>)] = &[
        ("OFF", Has { on: &[Totp], ..all }, Ok(NextStep::Done)),
        ("OFF", Has { preferred: Some(Totp), on: &[Totp], ..all }, Ok(NextStep::Done)),
        ("OPTIONAL", Has::default(), Ok(NextStep::Done)),
        ("OPTIONAL", all, Ok(NextStep::Done)),
        ("OPTIONAL", Has { on: &[Totp], ..all }, ask(Totp)),
        ("OPTIONAL", Has { on: &[Email], ..all }, ask(Email)),
        // Switched on, and gone since.
        ("OPTIONAL", Has { totp: false, on: &[Totp], ..all }, Ok(NextStep::Done)),
        ("OPTIONAL", Has { on: &[Sms, Email], ..all }, Ok(NextStep::Choose(vec![Sms, Email]))),
        ("OPTIONAL", Has { on: &[Sms, Email], preferred: Some(Email), ..all }, ask(Email)),
        ("OPTIONAL", Has { email: false, on: &[Sms, Email], preferred: Some(Email), ..all }, ask(Sms)),
        ("ON", Has::default(), Ok(NextStep::SetUp(vec![Sms, Totp, Email]))),
        ("ON", Has { totp: true, ..Has::default() }, ask(Totp)),
        ("ON", Has { sms: true, ..Has::default() }, ask(Sms)),
        ("ON", all, Ok(NextStep::Choose(vec![Sms, Totp, Email]))),
        ("ON", Has { on: &[Email], ..all }, ask(Email)),
        ("ON", Has { on: &[Totp, Email], ..all }, Ok(NextStep::Choose(vec![Sms, Totp, Email]))),
        ("ON", Has { on: &[Sms, Totp], preferred: Some(Totp), ..all }, ask(Totp)),
    ];
    for (index, (mfa, has, expected)) in rows.iter().enumerate() {
        assert_eq!(&after_password(mfa, UserStatus::Confirmed, *has), expected, "row {index}, {mfa}");
    }
}

#[test]
fn a_factor_that_nobody_can_have_ends_it() {
    let mut pool = pool("ON", None);
    pool.mfa = PoolMfa::default();
    let user = user(UserStatus::Confirmed, Has::default());
    assert_eq!(next_step(&pool, &user, &session(&user), None, now()), Err(Reason::NoUsableFactor));
}

#[test]
fn a_choice_holds_only_for_what_is_on_offer() {
    use Factor::{Email, Sms, Totp};
    let has = Has { sms: true, totp: true, email: true, on: &[Sms, Email], preferred: None };
    let user = user(UserStatus::Confirmed, has);
    for (mfa, chosen, expected) in [
        ("OPTIONAL", Some(Email), NextStep::Ask(Email)),
        ("OPTIONAL", Some(Totp), NextStep::Choose(vec![Sms, Email])),
        ("OPTIONAL", None, NextStep::Choose(vec![Sms, Email])),
        ("ON", Some(Totp), NextStep::Ask(Totp)),
        ("OFF", Some(Totp), NextStep::Done),
    ] {
        let session = AuthSession { chosen, ..session(&user) };
        assert_eq!(next_step(&pool(mfa, None), &user, &session, None, now()), Ok(expected), "{mfa}, {chosen:?}");
    }
}

#[test]
fn a_second_factor_is_asked_once() {
    use AnsweredChallenge as A;
    let has = Has { totp: true, on: &[Factor::Totp], ..Has::default() };
    let user = user(UserStatus::Confirmed, has);
    for (answer, is_enough) in [
        (A::Totp, true),
        (A::Sms, true),
        (A::Email, true),
        (A::Device, true),
        (A::Password, false),
        (A::NewPassword, false),
        (A::Custom { right: true, metadata: None }, false),
    ] {
        let session = session(&user).answered(answer.clone()).unwrap();
        let expected = if is_enough { NextStep::Done } else { NextStep::Ask(Factor::Totp) };
        assert_eq!(next_step(&pool("ON", None), &user, &session, None, now()), Ok(expected), "{answer:?}");
    }
}

#[test]
fn a_remembered_device_stands_in_for_the_factor() {
    let prove = || NextStep::ProveDevice(DeviceKey::from(DEVICE));
    let ask = || NextStep::Ask(Factor::Totp);
    let named = Some(DEVICE);
    let remembered = || Some(device(true, true));
    // The pool's devices (tracked or not, challenged when new or not), the pool's factors, the device that the session
    // names, and the one that is known.
    for (devices, mfa, names, known, expected) in [
        (Some(false), "ON", named, remembered(), prove()),
        (Some(true), "ON", named, remembered(), prove()),
        (Some(true), "OFF", named, remembered(), prove()),
        (Some(false), "OFF", named, remembered(), NextStep::Done),
        (None, "ON", named, remembered(), ask()),
        (None, "OFF", named, remembered(), NextStep::Done),
        (Some(true), "ON", None, remembered(), ask()),
        (Some(true), "ON", Some("eu-west-1_other"), remembered(), ask()),
        (Some(true), "ON", named, None, ask()),
        (Some(true), "ON", named, Some(device(false, true)), ask()),
        (Some(true), "ON", named, Some(device(true, false)), ask()),
        (Some(true), "OFF", named, Some(device(false, true)), NextStep::Done),
    ] {
        let user = user(UserStatus::Confirmed, Has { totp: true, on: &[Factor::Totp], ..Has::default() });
        let session = AuthSession { device: names.map(DeviceKey::from), ..session(&user) };
        let step = next_step(&pool(mfa, devices), &user, &session, known.as_ref(), now());
        assert_eq!(step, Ok(expected), "{devices:?} {mfa} {names:?} {known:?}");
        let proven = session.answered(AnsweredChallenge::Device).unwrap();
        let step = next_step(&pool(mfa, devices), &user, &proven, known.as_ref(), now());
        assert_eq!(step, Ok(NextStep::Done), "proven: {devices:?} {mfa} {names:?}");
    }
}

#[test]
fn a_session_ends_when_its_user_changes() {
    let ada = user(UserStatus::Confirmed, Has::default());
    let session = session(&ada);
    let mut other_password = ada.clone();
    other_password.password.as_mut().unwrap().salt = Blob(vec![9; 16]);
    for (user, expected) in [
        (ada.clone(), Ok(())),
        (User { sub: Sub::from("other"), ..ada.clone() }, Err(Reason::UserNotFound)),
        (User { enabled: false, ..ada.clone() }, Err(Reason::UserDisabled)),
        (User { password: None, ..ada }, Err(Reason::SessionInvalid)),
        (other_password, Err(Reason::SessionInvalid)),
    ] {
        assert_eq!(session.check_user(&user), expected);
    }
}

#[test]
fn a_history_is_bounded() {
    let user = user(UserStatus::Confirmed, Has::default());
    let mut session = session(&user).awaiting(PendingChallenge::Totp);
    let mut rounds = 0;
    loop {
        let custom = AnsweredChallenge::Custom { right: false, metadata: None };
        match session.clone().answered(custom) {
            Ok(longer) => session = longer,
            Err(reason) => {
                assert_eq!(reason, Reason::SessionInvalid);
                break;
            }
        }
        assert_eq!(session.pending, PendingChallenge::None);
        rounds += 1;
        assert!(rounds < 100, "no end");
    }
    let value: Value = serde_json::to_value(&session).unwrap();
    assert_eq!(serde_json::from_value::<AuthSession>(value).unwrap(), session);
}
