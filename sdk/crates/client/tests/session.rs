//! Staying signed in, signing out, and redirect sign-in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    missing_docs
)]

mod pool;

use client::redirect::Redirect;
use client::sign_in::{Flow, SignIn};
use client::{Auth, Kind, Settings, Wanted, account};
use latchkey_client as client;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use pool::{CLIENT, Host, PASSWORD, POOL, Scripted, World, jwt, run, together};

fn signed_in(world: &World) -> (Auth<Host>, std::rc::Rc<std::cell::RefCell<Vec<String>>>) {
    let (auth, events) = world.auth();
    let request = SignIn { username: "ann".into(), password: Zeroizing::new(PASSWORD.into()), flow: Flow::Password };
    run(auth.sign_in(request)).map(drop).unwrap();
    (auth, events)
}

fn kind<T>(result: client::Result<T>) -> Kind {
    result.err().expect("it failed").kind
}

fn wanted(seconds: i64) -> Wanted {
    Wanted { validity: seconds * 1000, not: None }
}

#[test]
fn tokens_are_refreshed_when_they_must_be() {
    let world = World::new();
    let (auth, events) = signed_in(&world);
    let first = run(auth.tokens(&wanted(60))).unwrap();
    world.pass(3500);
    assert_eq!(run(auth.tokens(&wanted(60))).unwrap().access_token, first.access_token);
    world.pass(50);
    let second = run(auth.tokens(&wanted(60))).unwrap();
    assert_ne!(second.access_token, first.access_token);
    assert_eq!(second.refresh_token, first.refresh_token);
    // More validity than a token has does not mean a refresh a call.
    for _ in 0..3 {
        assert_eq!(run(auth.tokens(&wanted(100_000))).unwrap().access_token, second.access_token);
    }
    assert_eq!(*events.borrow(), ["signed-in", "refreshed"]);
}

#[test]
fn ten_tabs_wake_up_and_one_refreshes() {
    for rotate in [false, true] {
        let world = World::new();
        world.pool.borrow_mut().rotate = rotate;
        let (first, _) = signed_in(&world);
        let tabs: Vec<_> = (0..10).map(|_| world.auth().0).collect();
        for tab in &tabs {
            run(tab.session()).unwrap();
        }
        world.pass(4000);
        world.latency.set(5);
        let any = wanted(60);
        let got = together(tabs.iter().map(|tab| Box::pin(tab.tokens(&any)) as _).collect());
        let got: Vec<_> = got
            .into_iter()
            .map(|session: client::Result<std::rc::Rc<client::Session>>| session.unwrap().access_token.clone())
            .collect();
        assert!(got.iter().all(|token| *token == got[0]));
        assert_eq!(world.pool.borrow().count("GetTokensFromRefreshToken"), 1);
        world.pass(4000);
        run(first.tokens(&any)).unwrap();
    }
}

#[test]
fn a_tab_with_an_old_copy_adopts_instead_of_signing_out() {
    let world = World::new();
    world.pool.borrow_mut().rotate = true;
    let (one, _) = signed_in(&world);
    let (two, events) = world.auth();
    run(two.session()).unwrap();
    world.pass(4000);
    let fresh = run(one.tokens(&wanted(60))).unwrap();
    assert_eq!(run(two.tokens(&wanted(60))).unwrap().access_token, fresh.access_token);
    assert_eq!(*events.borrow(), ["adopted"]);
}

#[test]
fn a_bad_network_signs_nobody_out() {
    let world = World::new();
    let (auth, events) = signed_in(&world);
    let first = run(auth.tokens(&wanted(0))).unwrap();
    world.pass(3590);
    world.script("GetTokensFromRefreshToken", Scripted::Offline);
    assert_eq!(
        run(auth.tokens(&wanted(60))).unwrap().access_token,
        first.access_token,
        "a token still good is given out"
    );
    world.pass(60);
    for (trouble, name) in [
        (Scripted::Offline, Kind::Network),
        (Scripted::Text(200, "<html>Wi-Fi</html>"), Kind::UnexpectedResponse),
        (Scripted::Text(429, ""), Kind::TooManyRequests),
        (Scripted::Answer(400, json!({"__type": "TooManyRequestsException"})), Kind::TooManyRequests),
        (Scripted::Answer(500, json!({"__type": "NotAuthorizedException"})), Kind::InternalError),
        (Scripted::Answer(502, json!("bad gateway")), Kind::UnexpectedResponse),
    ] {
        world.script("GetTokensFromRefreshToken", trouble);
        assert_eq!(kind(run(auth.tokens(&wanted(60)))), name);
    }
    assert!(run(auth.tokens(&wanted(60))).is_ok());
    assert_eq!(*events.borrow(), ["signed-in", "refreshed"]);
}

#[test]
fn a_refused_refresh_token_signs_out() {
    for name in ["NotAuthorizedException", "RefreshTokenReuseException", "UserNotFoundException"] {
        let world = World::new();
        let (auth, events) = signed_in(&world);
        world.pass(4000);
        world.script("GetTokensFromRefreshToken", Scripted::Answer(400, json!({"__type": name, "message": "no"})));
        assert!(run(auth.tokens(&wanted(60))).is_err());
        assert_eq!(kind(run(auth.tokens(&wanted(60)))), Kind::NotSignedIn);
        assert_eq!(*events.borrow(), ["signed-in", "expired"]);
        assert!(world.kept.borrow().is_empty());
    }
}

#[test]
fn services_without_the_new_operation_are_asked_the_old_way() {
    let world = World::new();
    let (auth, _) = signed_in(&world);
    world.pass(4000);
    world.script("GetTokensFromRefreshToken", Scripted::Answer(400, json!({"__type": "UnknownOperationException"})));
    run(auth.tokens(&wanted(60))).unwrap();
    assert_eq!(world.pool.borrow().seen.last().unwrap().1["AuthFlow"], "REFRESH_TOKEN_AUTH");
}

#[test]
fn a_clock_that_goes_back_causes_a_refresh_not_a_loop() {
    let world = World::new();
    let (auth, _) = signed_in(&world);
    world.pass(-86_400);
    let fresh = run(auth.tokens(&wanted(60))).unwrap();
    assert_eq!(run(auth.tokens(&wanted(60))).unwrap().access_token, fresh.access_token);
    assert_eq!(world.pool.borrow().count("GetTokensFromRefreshToken"), 1);
}

#[test]
fn signing_out_in_one_tab_while_another_refreshes_stays_signed_out() {
    let world = World::new();
    let (one, _) = signed_in(&world);
    let (two, events) = world.auth();
    run(two.session()).unwrap();
    world.pass(4000);
    world.latency.set(3);
    let any = wanted(60);
    let ends = together(vec![
        Box::pin(async { two.tokens(&any).await.map(drop) })
            as std::pin::Pin<Box<dyn Future<Output = client::Result<()>>>>,
        Box::pin(async { one.sign_out(false).await.map(drop) }),
    ]);
    assert_eq!(kind(ends.into_iter().next().unwrap()), Kind::NotSignedIn);
    assert!(world.kept.borrow().is_empty());
    assert_eq!(*events.borrow(), ["elsewhere"]);
    // The one who signed out revoked, and so did the one who found itself with new tokens.
    assert_eq!(world.pool.borrow().count("RevokeToken"), 2);
}

#[test]
fn signing_out_works_offline_and_says_so_only_when_global() {
    let world = World::new();
    let (auth, _) = signed_in(&world);
    world.script("RevokeToken", Scripted::Offline);
    assert_eq!(run(auth.sign_out(false)).unwrap(), None);
    assert!(world.kept.borrow().is_empty());

    let (auth, _) = signed_in(&world);
    world.script("GlobalSignOut", Scripted::Offline);
    assert_eq!(kind(run(auth.sign_out(true))), Kind::Network);
    assert!(world.kept.borrow().is_empty());

    // With an access token that has ended, a fresh one signs out.
    let (auth, _) = signed_in(&world);
    world.pass(4000);
    run(auth.sign_out(true)).unwrap();
    let pool = world.pool.borrow();
    assert_eq!(pool.operations()[pool.seen.len() - 2..], ["GetTokensFromRefreshToken", "GlobalSignOut"]);
}

#[test]
fn an_access_token_called_expired_is_replaced_once() {
    let world = World::new();
    let (auth, _) = signed_in(&world);
    let stale = run(auth.tokens(&wanted(0))).unwrap().access_token.clone();
    world.pool.borrow_mut().expired_access = Some(stale);
    let user = account::found(&run(auth.perform(account::user())).unwrap());
    assert_eq!(user.attributes, [("email".to_owned(), "ann@example.com".to_owned())]);
    assert_eq!(world.pool.borrow().operations(), ["InitiateAuth", "GetUser", "GetTokensFromRefreshToken", "GetUser"]);
    // A wrong old password goes by the same name, and is not about the token.
    world.script(
        "ChangePassword",
        Scripted::Answer(
            400,
            json!({"__type": "NotAuthorizedException", "message": "Incorrect username or password."}),
        ),
    );
    assert_eq!(kind(run(auth.perform(account::change_password("x", "y")))), Kind::NotAuthorized);
    assert_eq!(world.pool.borrow().count("GetTokensFromRefreshToken"), 1);
}

#[test]
fn stored_nonsense_is_nobody() {
    let world = World::new();
    for nonsense in ["", "{", "{\"v\":2}", "{\"v\":1}", "[]"] {
        world.kept.borrow_mut().insert(format!("latchkey.{POOL}.{CLIENT}.session"), nonsense.into());
        assert_eq!(kind(run(world.auth().0.tokens(&wanted(0)))), Kind::NotSignedIn);
    }
}

// Redirect sign-in.

fn parameter(url: &str, name: &str) -> String {
    url.split(['?', '&']).find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or_default().to_owned()
}

/// Begins, lets the pool answer with an ID token of `claims` over the right ones, and comes back.
fn redirect(
    world: &World,
    settings: Settings,
    right_key: bool,
    claims: &Value,
    header: &Value,
) -> client::Result<Option<client::redirect::Returned>> {
    let (auth, _) =
        world.auth_with(Settings { redirect_uri: Some("https://app.example/back".into()), ..settings }, right_key);
    let url = run(auth.begin_redirect(Redirect { app_state: Some("page 7".into()), ..Redirect::default() }))?;
    let now = world.now.get() / 1000;
    let mut id = json!({"sub": "s1", "iss": format!("https://id.example/{POOL}"), "aud": CLIENT, "token_use": "id", "iat": now, "exp": now + 3600, "nonce": parameter(&url, "nonce")});
    for (name, value) in claims.as_object().unwrap() {
        id[name] = value.clone();
    }
    let access = jwt(&json!({"alg": "RS256", "kid": "k2"}), &json!({"sub": "s1", "username": "ann"}));
    let answer = json!({"access_token": access, "id_token": jwt(header, &id), "refresh_token": "r", "expires_in": 3600, "token_type": "Bearer"});
    world.script("token", Scripted::Answer(200, answer));
    world.script("jwks", Scripted::Answer(200, json!({"keys": [{"kid": "k0"}, {"kid": "k1", "kty": "RSA"}]})));
    run(auth.handle_redirect(&format!("https://app.example/back?code=c1&state={}#fragment", parameter(&url, "state"))))
}

fn good_header() -> Value {
    json!({"alg": "RS256", "kid": "k1"})
}

#[test]
fn a_redirect_comes_back_signed_in() {
    let world = World::new();
    let returned = redirect(&world, Settings::default(), true, &json!({}), &good_header()).unwrap().unwrap();
    assert_eq!((returned.session.username.as_str(), returned.app_state.as_deref()), ("ann", Some("page 7")));
    let pool = world.pool.borrow();
    assert_eq!(pool.operations(), ["token", "jwks"]);
    assert_eq!(pool.seen[0].1["url"], "https://id.example/oauth2/token");
    assert_eq!(pool.seen[0].1["form"]["redirect_uri"], "https://app.example/back");
    assert_eq!(pool.seen[1].1["url"], format!("https://id.example/{POOL}/.well-known/jwks.json"));
}

#[test]
fn an_id_token_that_fails_any_check_signs_nobody_in() {
    let now = World::new().now.get() / 1000;
    for (claims, header, right_key) in [
        (json!({"iss": "https://evil.example"}), good_header(), true),
        (json!({"aud": "other"}), good_header(), true),
        (json!({"aud": [CLIENT]}), good_header(), true),
        (json!({"token_use": "access"}), good_header(), true),
        (json!({"nonce": "other"}), good_header(), true),
        (json!({"nonce": null}), good_header(), true),
        (json!({"exp": now - 100_000}), good_header(), true),
        (json!({"iat": now + 100_000}), good_header(), true),
        (json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), good_header(), true),
        (json!({}), json!({"alg": "none", "kid": "k1"}), true),
        (json!({}), json!({"alg": "HS256", "kid": "k1"}), true),
        (json!({}), json!({"alg": "RS256", "kid": "unknown"}), true),
        (json!({}), json!({"alg": "RS256"}), true),
        (json!({}), good_header(), false),
    ] {
        let world = World::new();
        let refused = redirect(&world, Settings::default(), right_key, &claims, &header).err().map(|error| error.kind);
        assert_eq!(refused, Some(Kind::InvalidIdToken), "{claims} {header}");
        assert!(world.kept.borrow().is_empty());
    }
    // A clock hours off is no such check.
    let world = World::new();
    assert!(
        redirect(&world, Settings::default(), true, &json!({"iat": now + 7200, "exp": now + 9000}), &good_header())
            .is_ok()
    );
}

#[test]
fn only_answers_to_this_tabs_question_count() {
    let world = World::new();
    let (auth, _) = world.auth();
    let begin = || run(auth.begin_redirect(Redirect::default())).unwrap();
    let back = |query: &str| {
        run(auth.handle_redirect(&format!("https://app.example/back?{query}"))).map(|returned| returned.is_some())
    };
    assert!(!back("").unwrap() && !back("state=x").unwrap());
    assert_eq!(kind(back("code=c")), Kind::InvalidRedirect);
    assert_eq!(kind(back("code=c&state=forged")), Kind::InvalidRedirect);
    let state = parameter(&begin(), "state");
    assert_eq!(kind(back(&format!("code=c&state={state}&iss=https%3A%2F%2Fevil.example"))), Kind::InvalidRedirect);
    assert_eq!(kind(back(&format!("code=c&state={state}"))), Kind::InvalidRedirect, "an answer counts once");
    let state = parameter(&begin(), "state");
    let error = back(&format!(
        "error=access_denied&error_description=Not+today%21&state={state}&iss=https%3A%2F%2Fid.example%2F{POOL}"
    ))
    .unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_deref(), error.message.as_str()),
        (Kind::ProviderRefused, Some("access_denied"), "Not today!")
    );
    let begun = run(auth.begin_redirect(Redirect { provider: Some("Google".into()), ..Redirect::default() })).unwrap();
    let error =
        back(&format!("error=server_error&error_description=Connection+reset&state={}", parameter(&begun, "state")));
    let error = error.unwrap_err();
    assert_eq!((error.kind, error.provider.as_deref()), (Kind::ProviderUnavailable, Some("Google")));
    let state = parameter(&begin(), "state");
    let error = back(&format!("error=invalid_scope&error_description=invalid_scope&state={state}")).unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_deref(), error.provider.as_deref()),
        (Kind::OAuth, Some("invalid_scope"), None)
    );
    let other = world.auth().0;
    let state = parameter(&begin(), "state");
    assert_eq!(
        kind(run(other.handle_redirect(&format!("https://app.example/back?code=c&state={state}")))),
        Kind::InvalidRedirect
    );
}

#[test]
fn the_authorize_address_is_complete() {
    let world = World::new();
    let (auth, _) = world.auth_with(
        Settings {
            redirect_uri: Some("https://app.example/back".into()),
            domain: Some("acme".into()),
            scopes: vec!["openid".into(), "demo/read".into()],
            ..Settings::default()
        },
        true,
    );
    let request = Redirect {
        provider: Some("Google".into()),
        idp_identifier: None,
        prompt: Some("login".into()),
        lang: Some("de".into()),
        login_hint: Some("a b@c".into()),
        app_state: None,
    };
    let url = run(auth.begin_redirect(request)).unwrap();
    assert!(url.starts_with("https://acme.id.example/oauth2/authorize?response_type=code&client_id=client1&redirect_uri=https%3A%2F%2Fapp.example%2Fback&scope=openid%20demo%2Fread&state="), "{url}");
    assert!(
        url.ends_with("&code_challenge_method=S256&identity_provider=Google&prompt=login&lang=de&login_hint=a%20b%40c"),
        "{url}"
    );
    let by_identifier = Redirect { idp_identifier: Some("acme.example".into()), ..Redirect::default() };
    let straight = run(auth.begin_redirect(by_identifier)).unwrap();
    assert!(straight.ends_with("&code_challenge_method=S256&idp_identifier=acme.example"), "{straight}");
    let verifier_length = 43;
    assert_eq!(parameter(&url, "code_challenge").len(), verifier_length);
}

#[test]
fn after_a_redirect_signing_out_leaves_the_hosted_session_too() {
    let world = World::new();
    let settings = || Settings {
        sign_out_uri: Some("https://app.example/bye".into()),
        redirect_uri: Some("https://app.example/back".into()),
        ..Settings::default()
    };
    redirect(&world, settings(), true, &json!({}), &good_header()).map(drop).unwrap();
    let (auth, _) = world.auth_with(settings(), true);
    let url = run(auth.sign_out(false)).unwrap();
    assert_eq!(
        url.as_deref(),
        Some("https://id.example/logout?client_id=client1&logout_uri=https%3A%2F%2Fapp.example%2Fbye")
    );
}
