//! What a state of a sign-in through a provider is good for: once, for five minutes, in the browser that began it, and
//! for nobody who reads the database. Each row fails if the check it names is taken out.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use protocol::idp::IdentityProviderTypeType as Kind;
use serde_json::json;

use crate::actor::{Answer, Browser};
use crate::federation::Scene;
use crate::provider::back;
use crate::requests::{authorize, claims};
use crate::server::CALLBACK;

/// Nobody came in, and the browser stands at the sign-in page with a way on.
pub(crate) fn stands_at_the_beginning(answer: &Answer, browser: &Browser) {
    assert_eq!(answer.path(), "/login", "{} {} {}", answer.status, answer.at, answer.body);
    assert!(answer.says("Something went wrong") && answer.says("Continue with Acme"));
    assert!(!browser.has_session());
}

#[tokio::test]
async fn a_state_counts_once() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let address = scene.acme.approve(&sent, "ada");
    assert!(browser.open(&address).await.param("code").is_some());
    browser.jar.retain(|name, _| !name.starts_with("cognito"));
    let asked = scene.server.world.net.requests().len();
    let again = browser.open(&address).await;
    stands_at_the_beginning(&again, &browser);
    // Not even with another code, nor after a refusal.
    let again = browser.open(&scene.acme.approve(&sent, "ada")).await;
    stands_at_the_beginning(&again, &browser);
    let sent = scene.leave(&mut browser).await;
    browser.open(&back(&sent, &[("error", "access_denied")])).await;
    let again = browser.open(&scene.acme.approve(&sent, "ada")).await;
    stands_at_the_beginning(&again, &browser);
    assert_eq!(scene.server.world.net.requests().len(), asked);
}

#[tokio::test]
async fn a_state_lasts_five_minutes() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let address = scene.acme.approve(&sent, "ada");
    let late = scene.leave(&mut browser).await;
    scene.server.world.clock.advance_secs(299);
    assert!(browser.open(&address).await.param("code").is_some());
    scene.server.world.clock.advance_secs(1);
    browser.jar.retain(|name, _| !name.starts_with("cognito"));
    let page = browser.open(&scene.acme.approve(&late, "ada")).await;
    stands_at_the_beginning(&page, &browser);
    // The way on leads on.
    let sent = browser.open(&page.link("Continue with Acme")).await;
    assert!(browser.open(&scene.acme.approve(&sent, "ada")).await.param("code").is_some());
}

/// Login CSRF: the attacker's own answer, opened by the victim; and the victim's, by the attacker.
#[tokio::test]
async fn a_state_is_its_own_browsers() {
    let scene = Scene::new().await;
    let (mut attacker, mut victim) = (scene.server.browser(), scene.server.browser());
    let sent = scene.leave(&mut attacker).await;
    let address = scene.acme.approve(&sent, "eve");
    for been_there in [false, true] {
        if been_there {
            scene.leave(&mut victim).await;
        }
        let page = victim.open(&address).await;
        stands_at_the_beginning(&page, &victim);
    }
    // Trying it elsewhere has not used it up.
    assert!(attacker.open(&address).await.param("code").is_some());
}

/// Two answers at once: exactly one counts.
#[tokio::test]
async fn of_two_answers_at_once_one_counts() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let answers = [scene.acme.approve(&sent, "ada"), scene.acme.approve(&sent, "eve")];
    let mut other = browser.clone();
    let (first, second) = tokio::join!(browser.open(&answers[0]), other.open(&answers[1]));
    let (came_in, stayed_out) = if first.param("code").is_some() {
        ((first, browser), (second, other))
    } else {
        ((second, other), (first, browser))
    };
    assert!(came_in.0.param("code").is_some() && came_in.1.has_session(), "{}", came_in.0.at);
    stands_at_the_beginning(&stayed_out.0, &stayed_out.1);
}

/// A state is of its own pool and client, wherever it is brought and whatever the address says beside it.
#[tokio::test]
async fn a_state_is_its_own_pools_and_clients() {
    let scene = Scene::new().await;
    let other_pool = scene.server.pool(json!({})).await;
    let row = scene.server.provider_row(&other_pool, "Acme", Kind::Oidc, &scene.acme.issuer, &[]);
    scene.server.keep(&row).await;
    let names =
        json!({ "SupportedIdentityProviders": ["COGNITO", "Acme"], "CallbackURLs": ["https://evil.example/cb"] });
    let others = [scene.server.client(&other_pool, names.clone()).await, scene.server.client(&scene.pool, names).await];
    crate::brand::domain(&scene.server, &other_pool, "other", 2).await;
    let mut browser = scene.server.browser();
    // On the other pool's host.
    let sent = scene.leave(&mut browser).await;
    browser.host = "other.localhost:9229".to_owned();
    let page = browser.open(&scene.acme.approve(&sent, "ada")).await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.says("invalid_client"), "{} {}", page.at, page.body);
    browser.host = "localhost:9229".to_owned();
    assert!(!browser.has_session() && scene.server.world.net.requests().is_empty());
    // With the other's names in the address.
    for other in &others {
        let sent = browser.open(&authorize(&scene.client, &[("identity_provider", "Acme"), ("prompt", "login")])).await;
        let address = format!(
            "{}&client_id={}&redirect_uri=https%3A%2F%2Fevil.example%2Fcb&identity_provider=COGNITO",
            scene.acme.approve(&sent, "ada"),
            other.id
        );
        let app = browser.open(&address).await;
        assert!(app.at.starts_with(CALLBACK) && app.param("code").is_some(), "{}", app.at);
        let tokens = scene.server.redeem(&scene.client, &app.param("code").unwrap()).await.json();
        assert_eq!(claims(&tokens["id_token"])["aud"], scene.client.id.as_str());
    }
}

fn hash_of(state: &str) -> Vec<u8> {
    digest(&SHA256, state.as_bytes()).as_ref().to_vec()
}

/// What travels is a random id. What lies in the database is under its hash and sealed: who reads it can finish nothing.
#[tokio::test]
async fn a_state_says_nothing_and_its_row_neither() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let (sent, other) = (scene.leave(&mut browser).await, scene.leave(&mut browser).await);
    let state = sent.param("state").unwrap();
    assert_eq!((state.len(), state == other.param("state").unwrap()), (43, false));
    let good = scene.acme.approve(&sent, "ada");
    let (hash, wanted) = (hash_of(&state), hash_of(&state));
    let row = scene.server.latchkey.store().read(move |r| r.federation_state(&wanted)).await.unwrap().unwrap();
    let stored = String::from_utf8_lossy(&row.doc.0).into_owned();
    let secret = browser.jar["csrf-state"].clone();
    for told in [&state, &sent.param("nonce").unwrap(), &secret, scene.client.id.as_str(), "nonce", "Acme"] {
        assert!(!stored.contains(told), "{told}");
    }
    // The hash is no state.
    let hash = URL_SAFE_NO_PAD.encode(hash);
    let page = browser.open(&format!("/oauth2/idpresponse?code=x&state={hash}")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    // Nor does its content open under a state of the reader's own.
    let own = "A".repeat(43);
    let moved = store::StoredFederationState { hash: hash_of(&own), ..row };
    scene.server.latchkey.store().write(move |tx| tx.insert_federation_state(&moved)).await.unwrap();
    let page = browser.open(&good.replace(&state, &own)).await;
    assert!(page.status == StatusCode::INTERNAL_SERVER_ERROR && !browser.has_session());
    assert!(scene.server.world.net.requests().is_empty());
    assert!(browser.open(&good).await.param("code").is_some());
}

/// Anybody can make rows: each is of bounded size, and all of them lapse.
#[tokio::test]
async fn states_are_small_and_lapse() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let long =
        |length: usize| authorize(&scene.client, &[("identity_provider", "Acme"), ("state", &"x".repeat(length))]);
    let sent = browser.open(&long(7_000)).await;
    assert!(sent.at.starts_with("https://acme.example/authorize?"), "{}", sent.at);
    let refused = browser.open(&long(9_000)).await;
    assert!(refused.at.starts_with(CALLBACK), "{}", refused.at);
    assert_eq!(refused.param("error").as_deref(), Some("invalid_request"));
    // Late is late, until nothing is known of it any more.
    let good = scene.acme.approve(&sent, "ada");
    scene.server.world.clock.advance_secs(14 * 60);
    let store = scene.server.latchkey.store();
    assert_eq!(store.sweep(scene.server.latchkey.now()).await.unwrap(), 0);
    stands_at_the_beginning(&browser.open(&good).await, &browser);
    scene.server.world.clock.advance_secs(60);
    assert_eq!(store.sweep(scene.server.latchkey.now()).await.unwrap(), 1);
    let page = browser.open(&good).await;
    assert!(page.status == StatusCode::BAD_REQUEST && !page.says("Continue with"), "{} {}", page.at, page.body);
}

#[tokio::test]
async fn a_state_is_ours() {
    let scene = Scene::new().await;
    let mut browser = scene.server.browser();
    let sent = scene.leave(&mut browser).await;
    let state = sent.param("state").unwrap();
    let page = browser.open(&authorize(&scene.client, &[("prompt", "login")])).await;
    let mut altered = state.clone().into_bytes();
    let middle = altered.len() / 2;
    altered[middle] = if altered[middle] == b'A' { b'B' } else { b'A' };
    let huge = "A".repeat(60_000);
    for forged in [
        "x",
        "eyJhIjoxfQ",
        &state[1..],
        &state[..state.len() - 1],
        &format!("{state}="),
        std::str::from_utf8(&altered).unwrap(),
        // Sealed by us for something else.
        &page.input("state").unwrap(),
        &page.input("csrf").unwrap(),
        &huge,
    ] {
        for answer in ["code=code-1", "error=access_denied"] {
            let query: String = form_urlencoded::byte_serialize(forged.as_bytes()).collect();
            let answer = browser.open(&format!("/oauth2/idpresponse?{answer}&state={query}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            assert!(answer.headers.get("location").is_none() && answer.says("could not be finished"));
        }
    }
    let good = scene.acme.approve(&sent, "ada");
    for doubled in [format!("{good}&state={state}"), format!("{good}&code=x"), format!("{good}&error=x&error=y")] {
        assert_eq!(browser.open(&doubled).await.status, StatusCode::BAD_REQUEST);
    }
    for empty in ["/oauth2/idpresponse", "/oauth2/idpresponse?code=x", "/oauth2/idpresponse?state="] {
        assert_eq!(browser.open(empty).await.status, StatusCode::BAD_REQUEST);
    }
    assert!(scene.server.world.net.requests().is_empty());
    assert!(browser.open(&good).await.param("code").is_some());
}
