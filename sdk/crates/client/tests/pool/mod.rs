//! A user pool small enough to read, with the real server side of SRP, and a host with a clock to turn.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    unreachable_pub
)]

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use client::error::{Error, Kind, Result};
use client::host::{Area, Change, Clock, Entropy, Listen, Lock, Request, Response, Storage, Transport, Verify};
use client::json::Json;
use client::{Auth, Config, Settings};
use latchkey_client as client;
use serde_json::{Value, json};

pub const POOL: &str = "us-east-1_TestPool";
pub const CLIENT: &str = "client1";
pub const PASSWORD: &str = "Correct horse 1!";
pub const USER_ID: &str = "5f0c1e7a-0000-4000-8000-000000000001";

/// The service: one user, who can be put in any state.
#[derive(Default)]
pub struct Pool {
    /// Every request: operation and body.
    pub seen: Vec<(String, Value)>,
    /// Answers that come before the pool's own, in order, for the operation named.
    pub scripted: VecDeque<(&'static str, Scripted)>,
    /// Challenges asked after the password, in order.
    pub after_password: VecDeque<Value>,
    /// The refresh token that counts, and how many were issued.
    pub refresh: Option<String>,
    pub issued: u32,
    pub rotate: bool,
    pub unconfirmed: bool,
    pub expires_in: Option<i64>,
    /// Fields the redirect's tokens carry beside the usual.
    pub id_claims: HashMap<String, Value>,
    public_a: String,
    device: Option<(String, Vec<u8>, Vec<u8>)>,
    device_a: String,
    pub password: String,
    pub offer_device: bool,
    /// `Some(text)`: the access token called expired so far.
    pub expired_access: Option<String>,
}

#[derive(Clone)]
pub enum Scripted {
    Offline,
    Answer(u16, Value),
    Text(u16, &'static str),
}

fn refusal(name: &str, message: &str) -> (u16, Value) {
    (400, json!({"__type": name, "message": message}))
}

pub fn jwt(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode("signed"))
}

impl Pool {
    fn tokens(&mut self) -> Value {
        self.issued += 1;
        let refresh = self.refresh.get_or_insert_with(|| format!("refresh-{}", self.issued)).clone();
        let header = json!({"alg": "RS256", "kid": "k1"});
        json!({"AuthenticationResult": {
            "AccessToken": jwt(&header, &json!({"sub": "s1", "username": USER_ID, "n": self.issued})),
            "IdToken": jwt(&header, &json!({"sub": "s1", "cognito:username": USER_ID, "email": "ann@example.com"})),
            "RefreshToken": refresh,
            "ExpiresIn": self.expires_in.unwrap_or(3600),
            "TokenType": "Bearer",
        }, "ChallengeParameters": {}})
    }

    fn next(&mut self) -> (u16, Value) {
        match self.after_password.pop_front() {
            Some(challenge) => (200, challenge),
            None => {
                let mut tokens = self.tokens();
                if self.offer_device {
                    tokens["AuthenticationResult"]["NewDeviceMetadata"] =
                        json!({"DeviceKey": "us-east-1_d1", "DeviceGroupKey": "-group"});
                }
                (200, tokens)
            }
        }
    }

    fn challenge(name: &str, verifier: &[u8], salt_hex: &str, mut more: Value) -> Value {
        let challenge = srp::ServerChallenge::new(verifier, &[7; 32]).unwrap();
        more["SALT"] = salt_hex.into();
        more["SRP_B"] = challenge.public_b_hex().into();
        more["SECRET_BLOCK"] = STANDARD.encode(b"sealed state").into();
        json!({"ChallengeName": name, "Session": "session-1", "ChallengeParameters": more})
    }

    fn proven(a: &str, verifier: &[u8], prefix: &str, user: &str, responses: &Value) -> bool {
        let challenge = srp::ServerChallenge::new(verifier, &[7; 32]).unwrap();
        let key = srp::server_key(a, verifier, &[7; 32], challenge.public_b()).unwrap();
        let text = |name: &str| responses[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(text("PASSWORD_CLAIM_SECRET_BLOCK"), STANDARD.encode(b"sealed state"));
        let signature = STANDARD.decode(text("PASSWORD_CLAIM_SIGNATURE")).unwrap();
        srp::parse_timestamp(&text("TIMESTAMP")).unwrap();
        srp::verify_signature(&key, prefix, user, b"sealed state", &text("TIMESTAMP"), &signature)
    }

    fn verifier(&self) -> Vec<u8> {
        srp::derive_verifier("TestPool", USER_ID, &self.password, &[0x5a; 16])
    }

    pub fn handle(&mut self, operation: &str, body: Value) -> Result<Response> {
        self.seen.push((operation.to_owned(), body.clone()));
        let scripted = self.scripted.front().filter(|(name, _)| *name == operation).is_some();
        let (status, answer) = match if scripted { self.scripted.pop_front().map(|(_, answer)| answer) } else { None } {
            Some(Scripted::Offline) => return Err(Error::new(Kind::Network, "no answer")),
            Some(Scripted::Text(status, text)) => {
                return Ok(Response { status, request_id: None, body: text.into() });
            }
            Some(Scripted::Answer(status, answer)) => (status, answer),
            None => self.answer(operation, &body),
        };
        Ok(Response { status, request_id: Some("r1".into()), body: answer.to_string() })
    }

    fn answer(&mut self, operation: &str, body: &Value) -> (u16, Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if let (Some(expired), Some(token)) = (&self.expired_access, body["AccessToken"].as_str())
            && expired == token
        {
            return refusal("NotAuthorizedException", "Access Token has expired");
        }
        match operation {
            "InitiateAuth" => match body["AuthFlow"].as_str().unwrap() {
                "USER_SRP_AUTH" => {
                    self.public_a = text(&body["AuthParameters"]["SRP_A"]);
                    let more = json!({"USERNAME": USER_ID, "USER_ID_FOR_SRP": USER_ID});
                    (200, Self::challenge("PASSWORD_VERIFIER", &self.verifier(), &"5a".repeat(16), more))
                }
                "USER_PASSWORD_AUTH" => {
                    if text(&body["AuthParameters"]["PASSWORD"]) == self.password {
                        self.next()
                    } else {
                        refusal("NotAuthorizedException", "Incorrect username or password.")
                    }
                }
                "REFRESH_TOKEN_AUTH" => self.refreshed(&text(&body["AuthParameters"]["REFRESH_TOKEN"])),
                other => panic!("unexpected flow {other}"),
            },
            "RespondToAuthChallenge" => self.respond(body),
            "AssociateSoftwareToken" => {
                (200, json!({"SecretCode": "JBSWY3DPEHPK3PXP", "Session": "session-associated"}))
            }
            "VerifySoftwareToken" => {
                if text(&body["UserCode"]) != "123456" {
                    return refusal("EnableSoftwareTokenMFAException", "Code mismatch");
                }
                if body.get("AccessToken").is_none() {
                    assert_eq!(text(&body["Session"]), "session-associated");
                }
                (200, json!({"Status": "SUCCESS", "Session": "session-verified"}))
            }
            "GetTokensFromRefreshToken" => self.refreshed(&text(&body["RefreshToken"])),
            "ConfirmSignUp" => {
                if text(&body["ConfirmationCode"]) != "123456" {
                    return refusal("CodeMismatchException", "Invalid verification code provided, please try again.");
                }
                self.unconfirmed = false;
                (200, json!({}))
            }
            "ConfirmForgotPassword" => {
                self.password = text(&body["Password"]);
                (200, json!({}))
            }
            "ConfirmDevice" => {
                let config = &body["DeviceSecretVerifierConfig"];
                let decode = |name: &str| STANDARD.decode(text(&config[name])).unwrap();
                self.device = Some((text(&body["DeviceKey"]), decode("PasswordVerifier"), decode("Salt")));
                (200, json!({"UserConfirmationNecessary": false}))
            }
            "ForgotPassword" | "ResendConfirmationCode" => (
                200,
                json!({"CodeDeliveryDetails": {"DeliveryMedium": "EMAIL", "Destination": "a***@e***", "AttributeName": "email"}}),
            ),
            "GetUser" => (
                200,
                json!({"Username": USER_ID, "UserAttributes": [{"Name": "email", "Value": "ann@example.com"}], "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]}),
            ),
            _ => (200, json!({})),
        }
    }

    fn respond(&mut self, body: &Value) -> (u16, Value) {
        assert_eq!(body["ClientId"], CLIENT);
        let responses = &body["ChallengeResponses"];
        assert_eq!(responses["USERNAME"], USER_ID);
        let code = |name: &str| responses[name] == "123456";
        let mismatch = || refusal("CodeMismatchException", "Invalid code or auth state for the user.");
        match body["ChallengeName"].as_str().unwrap() {
            "PASSWORD_VERIFIER" => {
                if !Self::proven(&self.public_a, &self.verifier(), "TestPool", USER_ID, responses) {
                    return refusal("NotAuthorizedException", "Incorrect username or password.");
                }
                if self.unconfirmed {
                    return refusal("UserNotConfirmedException", "User is not confirmed.");
                }
                match (&self.device, responses["DEVICE_KEY"].as_str()) {
                    (Some((known, ..)), Some(key)) if known == key => (
                        200,
                        json!({"ChallengeName": "DEVICE_SRP_AUTH", "Session": "session-device", "ChallengeParameters": {}}),
                    ),
                    (_, Some(_)) => refusal("ResourceNotFoundException", "Device does not exist."),
                    _ => self.next(),
                }
            }
            "DEVICE_SRP_AUTH" => {
                self.device_a = responses["SRP_A"].as_str().unwrap().to_owned();
                let (key, verifier, salt) = self.device.clone().unwrap();
                let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
                (
                    200,
                    Self::challenge(
                        "DEVICE_PASSWORD_VERIFIER",
                        &verifier,
                        salt.trim_start_matches('0'),
                        json!({"USERNAME": USER_ID, "DEVICE_KEY": key}),
                    ),
                )
            }
            "DEVICE_PASSWORD_VERIFIER" => {
                let (key, verifier, _) = self.device.clone().unwrap();
                assert!(
                    Self::proven(&self.device_a, &verifier, "-group", &key, responses),
                    "the device's proof is wrong"
                );
                self.offer_device = false;
                (200, self.tokens())
            }
            "SOFTWARE_TOKEN_MFA" => {
                if code("SOFTWARE_TOKEN_MFA_CODE") {
                    self.next()
                } else {
                    mismatch()
                }
            }
            "SMS_MFA" => {
                if code("SMS_MFA_CODE") {
                    self.next()
                } else {
                    mismatch()
                }
            }
            "EMAIL_OTP" => {
                if code("EMAIL_OTP_CODE") {
                    self.next()
                } else {
                    mismatch()
                }
            }
            "SELECT_MFA_TYPE" => (
                200,
                json!({"ChallengeName": responses["ANSWER"], "Session": "session-2", "ChallengeParameters": {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******1234"}}),
            ),
            "MFA_SETUP" => {
                assert_eq!(body["Session"], "session-verified");
                self.next()
            }
            "NEW_PASSWORD_REQUIRED" => {
                if responses["NEW_PASSWORD"] == "short" {
                    return refusal(
                        "InvalidPasswordException",
                        "Password did not conform with policy: Password not long enough",
                    );
                }
                assert_eq!(responses["userAttributes.name"], "Ann");
                self.next()
            }
            other => panic!("unexpected challenge {other}"),
        }
    }

    fn refreshed(&mut self, token: &str) -> (u16, Value) {
        if self.refresh.as_deref() != Some(token) {
            return refusal("NotAuthorizedException", "Refresh Token has been revoked");
        }
        if self.rotate {
            self.refresh = None;
        }
        let mut tokens = self.tokens();
        if !self.rotate {
            tokens["AuthenticationResult"].as_object_mut().unwrap().remove("RefreshToken");
        }
        (200, tokens)
    }

    pub fn operations(&self) -> Vec<&str> {
        self.seen.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub fn count(&self, operation: &str) -> usize {
        self.seen.iter().filter(|(name, _)| name == operation).count()
    }
}

/// What several engines share: the service, the store, the lock, the clock.
#[derive(Clone, Default)]
pub struct World {
    pub pool: Rc<RefCell<Pool>>,
    pub kept: Rc<RefCell<HashMap<String, String>>>,
    pub now: Rc<Cell<i64>>,
    pub locked: Rc<Cell<bool>>,
    /// Requests wait until this many polls have passed.
    pub latency: Rc<Cell<u32>>,
}

/// One engine's surroundings.
pub struct Host {
    pub world: World,
    pub tab: RefCell<HashMap<String, String>>,
    pub events: Rc<RefCell<Vec<String>>>,
    pub key_is_right: bool,
    drawn: Cell<u8>,
}

impl World {
    pub fn new() -> Self {
        let world = World::default();
        world.now.set(1_800_000_000_000);
        world.pool.borrow_mut().password = PASSWORD.to_owned();
        world
    }

    pub fn auth(&self) -> (Auth<Host>, Rc<RefCell<Vec<String>>>) {
        self.auth_with(Settings { redirect_uri: Some("https://app.example/back".into()), ..Settings::default() }, true)
    }

    pub fn auth_with(&self, settings: Settings, key_is_right: bool) -> (Auth<Host>, Rc<RefCell<Vec<String>>>) {
        let settings = Settings {
            user_pool_id: POOL.into(),
            client_id: CLIENT.into(),
            endpoint: Some("https://id.example".into()),
            ..settings
        };
        let events = Rc::new(RefCell::new(Vec::new()));
        let host = Host {
            world: self.clone(),
            tab: RefCell::default(),
            events: events.clone(),
            key_is_right,
            drawn: Cell::new(0),
        };
        (Auth::new(Config::new(settings).unwrap(), host), events)
    }

    pub fn pass(&self, seconds: i64) {
        self.now.set(self.now.get() + seconds * 1000);
    }

    pub fn script(&self, operation: &'static str, answer: Scripted) {
        self.pool.borrow_mut().scripted.push_back((operation, answer));
    }
}

async fn wait(polls: u32) {
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Transport for Host {
    async fn send(&self, request: Request<'_>) -> Result<Response> {
        wait(self.world.latency.get()).await;
        let Some(post) = request.post else {
            return self.world.pool.borrow_mut().handle("jwks", json!({"url": request.url}));
        };
        let Some(target) = post.target else {
            let form: HashMap<String, String> = post
                .body
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.replace("%3A", ":").replace("%2F", "/")))
                .collect();
            return self.world.pool.borrow_mut().handle("token", json!({"url": request.url, "form": form}));
        };
        assert_eq!(request.url, "https://id.example/");
        assert_eq!(post.content_type, "application/x-amz-json-1.1");
        let operation = target.strip_prefix("AWSCognitoIdentityProviderService.").unwrap();
        self.world.pool.borrow_mut().handle(operation, serde_json::from_str(&post.body).unwrap())
    }
}

impl Storage for Host {
    async fn load(&self, area: Area, key: &str) -> Result<Option<String>> {
        Ok(if area == Area::Tab {
            self.tab.borrow().get(key).cloned()
        } else {
            self.world.kept.borrow().get(key).cloned()
        })
    }

    async fn save(&self, area: Area, key: &str, value: Option<&str>) -> Result<()> {
        let mut map = if area == Area::Tab { self.tab.borrow_mut() } else { self.world.kept.borrow_mut() };
        match value {
            Some(value) => drop(map.insert(key.to_owned(), value.to_owned())),
            None => drop(map.remove(key)),
        }
        Ok(())
    }
}

impl Clock for Host {
    fn now(&self) -> i64 {
        self.world.now.get()
    }
}

impl Entropy for Host {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            self.drawn.set(self.drawn.get().wrapping_mul(5).wrapping_add(17));
            *byte = self.drawn.get();
        }
    }
}

pub struct Held(Rc<Cell<bool>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Lock for Host {
    type Guard<'a> = Held;

    async fn lock(&self, _name: &str) -> Held {
        let locked = self.world.locked.clone();
        std::future::poll_fn(move |_| if locked.replace(true) { Poll::Pending } else { Poll::Ready(()) }).await;
        Held(self.world.locked.clone())
    }
}

impl Verify for Host {
    async fn verify(&self, jwk: &Json, alg: &str, _input: &str, signature: &str) -> bool {
        assert_eq!(alg, "RS256");
        self.key_is_right && jwk.text("kid") == Some("k1") && signature == "c2lnbmVk"
    }
}

impl Listen for Host {
    fn changed(&self, change: Change<'_>) {
        self.events.borrow_mut().push(match change {
            Change::SignedIn(_) => "signed-in".into(),
            Change::Refreshed(_) => "refreshed".into(),
            Change::Adopted(_) => "adopted".into(),
            Change::SignedOut(why) => why.name().into(),
        });
    }
}

/// Runs futures together, in turns, to their ends.
pub fn together<T>(futures: Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(Some).collect();
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        for (slot, out) in futures.iter_mut().zip(&mut done) {
            if let Some(future) = slot
                && let Poll::Ready(value) = future.as_mut().poll(&mut context)
            {
                *out = Some(value);
                *slot = None;
            }
        }
        if futures.iter().all(Option::is_none) {
            return done.into_iter().map(Option::unwrap).collect();
        }
    }
    panic!("the futures never end");
}

/// Runs one future to its end.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    panic!("the future never ends");
}
