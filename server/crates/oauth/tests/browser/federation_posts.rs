//! Answers that a provider's page has the browser post (OAuth 2.0 Form Post Response Mode): how they should go, and what
//! attackers try with them. A browser sends none of our cookies with a post from another site.

use http::StatusCode;
use serde_json::json;

use crate::actor::{Answer, Browser};
use crate::federation::Scene;
use crate::federation_states::stands_at_the_beginning;
use crate::provider::{Lies, Signer, back, sign};
use crate::requests::authorize;
use crate::server::CALLBACK;

const PATH: &str = "/oauth2/idpresponse";
const FORM: &str = "application/x-www-form-urlencoded";

/// The query of an address, as a form's body.
fn body_of(address: &str) -> String {
    address.split_once('?').unwrap().1.to_owned()
}

/// Posts a provider's answer from the provider's site.
async fn post(browser: &mut Browser, address: &str) -> Answer {
    browser.post_from_elsewhere(PATH, FORM, &body_of(address)).await
}

/// The browser is sent on to the same address by GET, with the state and nothing else.
fn leads_on(answer: &Answer, state: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {}", answer.at, answer.body);
    assert_eq!(answer.at, format!("{PATH}?state={state}"));
    assert!(answer.body.is_empty() && answer.header("set-cookie").is_empty());
    assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), ("no-store", "no-referrer"));
}

/// Nothing is kept of it, and nothing is said of who wanted to go where.
fn is_refused(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{} {}", answer.at, answer.body);
    assert!(answer.says("invalid_request") && !answer.says("Continue with"), "{}", answer.body);
}

#[tokio::test]
async fn an_answer_may_be_posted() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let state = sent.param("state").unwrap();
    let posted = post(&mut browser, &scene.acme.approve(&sent, "ada")).await;
    leads_on(&posted, &state);
    assert!(scene.server.world.net.requests().is_empty(), "nobody is asked before the browser is known");
    let app = browser.open(&posted.at).await;
    assert!(app.at.starts_with(CALLBACK) && app.param("code").is_some(), "{} {}", app.at, app.body);
    // And so may a refusal.
    let sent = browser.open(&authorize(&scene.client, &[("identity_provider", "Acme"), ("prompt", "login")])).await;
    let posted = post(&mut browser, &back(&sent, &[("error", "access_denied")])).await;
    let app = browser.open(&posted.at).await;
    assert_eq!(app.param("error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_posted_answer_counts_once_and_within_five_minutes() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let good = scene.acme.approve(&sent, "ada");
    let posted = post(&mut browser, &good).await;
    assert!(browser.open(&posted.at).await.param("code").is_some());
    browser.jar.retain(|name, _| !name.starts_with("cognito"));
    let asked = scene.server.world.net.requests().len();
    // The result once more; the post once more; another post; the same by GET.
    stands_at_the_beginning(&browser.open(&posted.at).await, &browser);
    for again in [good.clone(), scene.acme.approve(&sent, "ada")] {
        let posted = post(&mut browser, &again).await;
        leads_on(&posted, &sent.param("state").unwrap());
        stands_at_the_beginning(&browser.open(&posted.at).await, &browser);
        stands_at_the_beginning(&browser.open(&again).await, &browser);
    }
    // Posted in time and fetched late, and posted late.
    for advance in [[299, 1], [300, 0]] {
        let sent = scene.leave(&mut browser).await;
        scene.server.world.clock.advance_secs(advance[0]);
        let posted = post(&mut browser, &scene.acme.approve(&sent, "ada")).await;
        scene.server.world.clock.advance_secs(advance[1]);
        stands_at_the_beginning(&browser.open(&posted.at).await, &browser);
    }
    assert_eq!(scene.server.world.net.requests().len(), asked);
}

/// What was posted first stands, whoever posted it; what follows changes nothing.
#[tokio::test]
async fn the_first_posted_answer_stands() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let good = scene.acme.approve(&sent, "ada");
    let posted = post(&mut browser, &good).await;
    for later in [scene.acme.approve(&sent, "eve"), back(&sent, &[("error", "access_denied")])] {
        leads_on(&post(&mut browser, &later).await, &sent.param("state").unwrap());
    }
    // Nor does what stands in the address.
    let app = browser.open(&format!("{}&error=access_denied", posted.at)).await;
    assert!(app.param("code").is_some(), "{}", app.at);
    assert!(scene.server.latchkey.find_user(&scene.pool, "acme_ada").await.unwrap().is_some());
    assert!(scene.server.latchkey.find_user(&scene.pool, "acme_eve").await.unwrap().is_none());

    let sent = scene.server.browser().open(&authorize(&scene.client, &[("identity_provider", "Acme")])).await;
    post(&mut browser, &back(&sent, &[("error", "access_denied")])).await;
    let posted = post(&mut browser, &scene.acme.approve(&sent, "ada")).await;
    stands_at_the_beginning(&scene.server.browser().open(&posted.at).await, &scene.server.browser());
}

#[tokio::test]
async fn what_answers_no_request_is_not_kept() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let good = scene.acme.approve(&sent, "ada");
    let state = sent.param("state").unwrap();
    let unknown = "A".repeat(43);
    for body in [
        String::new(),
        "code=x".to_owned(),
        "code=x&state=".to_owned(),
        format!("code=x&state={unknown}"),
        format!("code=x&state={}", &state[1..]),
        // RFC 6749 §3.1: a parameter comes once.
        format!("{}&state={state}", body_of(&good)),
        format!("{}&code=x", body_of(&good)),
        format!("{}&x=1&x=1", body_of(&good)),
        // Too long for an answer.
        format!("{}&x={}", body_of(&good), "x".repeat(48 * 1024)),
    ] {
        is_refused(&browser.post_from_elsewhere(PATH, FORM, &body).await);
    }
    for media_type in ["", "application/json", "text/plain", "multipart/form-data; boundary=x"] {
        is_refused(&browser.post_from_elsewhere(PATH, media_type, &body_of(&good)).await);
    }
    // In the address of a post nothing is read.
    is_refused(&browser.post_from_elsewhere(&good, FORM, "").await);
    is_refused(&browser.open(&format!("{PATH}?state={unknown}")).await);
    // Larger than any form of ours.
    let huge = browser.post_from_elsewhere(PATH, FORM, &format!("state={state}&x={}", "x".repeat(70_000))).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    // All the while the state waits for its answer.
    assert!(scene.server.world.net.requests().is_empty());
    assert!(browser.open(&good).await.param("code").is_some());
}

/// Login CSRF with the attacker's own state: the victim's browser posts it and is sent on, with its own cookies.
#[tokio::test]
async fn an_attackers_state_signs_no_victim_in() {
    let scene = Scene::new().await;
    let (mut attacker, mut victim) = (scene.server.browser(), scene.server.browser());
    let sent = scene.leave(&mut attacker).await;
    for been_there in [false, true] {
        if been_there {
            scene.leave(&mut victim).await;
        }
        let posted = post(&mut victim, &scene.acme.approve(&sent, "eve")).await;
        stands_at_the_beginning(&victim.open(&posted.at).await, &victim);
    }
    // It is the attacker's own affair still.
    assert!(attacker.open(&format!("{PATH}?state={}", sent.param("state").unwrap())).await.param("code").is_some());
    // A browser that has lost its cookies is another browser.
    let sent = scene.leave(&mut victim).await;
    let posted = post(&mut victim, &scene.acme.approve(&sent, "ada")).await;
    victim.jar.clear();
    stands_at_the_beginning(&victim.open(&posted.at).await, &victim);
}

/// Login CSRF with the victim's state, if the attacker has come to know it: the posted code is of another request, so
/// PKCE stops it at an honest provider, and the nonce where the provider does not look.
#[tokio::test]
async fn an_attackers_answer_to_a_victims_state_signs_nobody_in() {
    let scene = Scene::new().await;
    let (mut attacker, mut victim) = (scene.server.browser(), scene.server.browser());
    let own = scene.leave(&mut attacker).await;
    let code = scene.acme.approve(&own, "eve");
    let code = code.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).unwrap().to_owned();
    let now = scene.server.latchkey.now().as_second();
    let claims = json!({
        "iss": scene.acme.issuer, "aud": "our-id-there", "sub": "eve", "nonce": own.param("nonce"), "iat": now, "exp": now + 300,
    });
    let tokens = json!({
        "access_token": "x", "token_type": "Bearer", "id_token": sign(Signer::Rsa, &json!({}), &claims),
    });
    let careless = crate::provider::json_answer(StatusCode::OK, &tokens);
    for (at_token, told) in [(None, "400 invalid_grant Code 'used'"), (Some(Ok(careless)), "Bad id_token: nonce")] {
        scene.acme.lie(Lies { at_token, ..Lies::default() });
        let sent = scene.leave(&mut victim).await;
        let posted = post(&mut attacker, &back(&sent, &[("code", &code)])).await;
        leads_on(&posted, &sent.param("state").unwrap());
        let app = victim.open(&posted.at).await;
        assert!(app.param("error_description").unwrap().ends_with(told), "{}", app.at);
        assert!(app.param("code").is_none() && !victim.has_session());
    }
    assert!(scene.server.latchkey.find_user(&scene.pool, "acme_eve").await.unwrap().is_none());
}
