//! A provider on the scripted network: OpenID Connect as it should be, and lies where a test wants them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use domain::{IdentityProvider, Pool};
use http::{Request, Response, StatusCode};
use protocol::idp::IdentityProviderTypeType;
use serde_json::{Value, json};
use tokens::SigningKey;
use world::NetError;

use crate::actor::Answer;
use crate::server::{TestServer, merge};

pub(crate) const CLIENT_ID: &str = "our-id-there";
pub(crate) const SECRET: &str = "Our-Secret-There";

type Fetched = Result<Response<Bytes>, NetError>;

/// Keys are dear: all providers share these. The first is the honest one.
pub(crate) static RSA: LazyLock<Rsa> = LazyLock::new(Rsa::generate);
pub(crate) static OTHER_RSA: LazyLock<Rsa> = LazyLock::new(Rsa::generate);
static EC: LazyLock<EcdsaKeyPair> = LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());

pub(crate) struct Rsa {
    pair: RsaKeyPair,
    jwk: Value,
}

impl Rsa {
    fn generate() -> Self {
        let key = SigningKey::generate().unwrap();
        let pair = RsaKeyPair::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        Self { pair, jwk: serde_json::to_value(key.jwk()).unwrap() }
    }

    /// Its public half under a name, for all of its algorithms.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        let mut jwk = self.jwk.clone();
        merge(&mut jwk, json!({ "kid": kid }));
        jwk
    }
}

/// What signs an ID token.
#[derive(Clone, Copy, Default)]
pub(crate) enum Signer {
    #[default]
    Rsa,
    OtherRsa,
    Pss,
    Ec,
    /// No signature at all.
    Nobody,
    /// HS256 with the modulus of the public key, or its whole encoding, as the secret.
    PublicKey,
    /// HS256 with our own client secret.
    OurSecret,
}

/// Where the provider departs from the truth.
#[derive(Default)]
pub(crate) struct Lies {
    /// Merged into the ID token's claims; null removes one.
    pub(crate) claims: Value,
    /// Merged into its header.
    pub(crate) header: Value,
    pub(crate) signer: Signer,
    /// In the place of the ID token.
    pub(crate) id_token: Option<String>,
    /// Merged into userInfo.
    pub(crate) user_info: Value,
    /// Whole answers.
    pub(crate) at_token: Option<Fetched>,
    pub(crate) at_keys: Option<Fetched>,
    pub(crate) at_user_info: Option<Fetched>,
}

struct Code {
    nonce: String,
    challenge: String,
    redirect_uri: String,
    subject: String,
}

/// The provider's own memory.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) lies: Lies,
    /// Claims by subject: of the ID token, and of userInfo.
    pub(crate) people: BTreeMap<String, (Value, Value)>,
    /// The published keys; none: the honest ones.
    pub(crate) keys: Option<Value>,
    /// Whether its answers to browsers name it (RFC 9207).
    pub(crate) iss_in_response: bool,
    codes: BTreeMap<String, Code>,
    access: BTreeMap<String, String>,
    made: u32,
}

#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) issuer: String,
    memory: Arc<Mutex<Memory>>,
    now: Arc<world::fake::FakeClock>,
}

impl Provider {
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lie(&self, lies: Lies) {
        self.memory().lies = lies;
    }

    /// Somebody with an account there.
    pub(crate) fn person(&self, subject: &str, claims: Value) {
        self.memory().people.insert(subject.to_owned(), (json!({}), claims));
    }

    /// Somebody has signed in there and agreed: where the browser goes, of ours.
    pub(crate) fn approve(&self, sent: &Answer, subject: &str) -> String {
        assert!(sent.at.starts_with(&format!("{}/authorize?", self.issuer)), "{} {}", sent.status, sent.at);
        assert_eq!(
            (sent.param("response_type").as_deref(), sent.param("client_id").as_deref()),
            (Some("code"), Some(CLIENT_ID))
        );
        assert_eq!(sent.param("code_challenge_method").as_deref(), Some("S256"));
        let mut memory = self.memory();
        memory.made += 1;
        let code = format!("code-{}", memory.made);
        let redirect_uri = sent.param("redirect_uri").unwrap();
        memory.codes.insert(
            code.clone(),
            Code {
                nonce: sent.param("nonce").unwrap(),
                challenge: sent.param("code_challenge").unwrap(),
                redirect_uri,
                subject: subject.to_owned(),
            },
        );
        let named = [("code", code.as_str()), ("iss", self.issuer.as_str())];
        back(sent, if memory.iss_in_response { &named } else { &named[..1] })
    }

    fn answer(&self, request: &Request<Bytes>) -> Option<Fetched> {
        let uri = request.uri().to_string();
        let path = uri.strip_prefix(&self.issuer)?;
        let mut memory = self.memory();
        let answered = match path {
            "/token" => match &memory.lies.at_token {
                Some(lie) => lie.clone(),
                None => Ok(self.redeem(&mut memory, request)),
            },
            "/keys" => match &memory.lies.at_keys {
                Some(lie) => lie.clone(),
                None => Ok(json_answer(StatusCode::OK, memory.keys.as_ref().unwrap_or(&honest_keys()))),
            },
            "/.well-known/openid-configuration" => Ok(json_answer(
                StatusCode::OK,
                &json!({
                    "issuer": self.issuer,
                    "authorization_endpoint": format!("{}/authorize", self.issuer),
                    "token_endpoint": format!("{}/token", self.issuer),
                    "userinfo_endpoint": format!("{}/userinfo", self.issuer),
                    "jwks_uri": format!("{}/keys", self.issuer),
                    "authorization_response_iss_parameter_supported": true,
                }),
            )),
            "/userinfo" => match &memory.lies.at_user_info {
                Some(lie) => lie.clone(),
                None => Ok(user_info(&memory, request)),
            },
            _ => return None,
        };
        Some(answered)
    }

    fn redeem(&self, memory: &mut Memory, request: &Request<Bytes>) -> Response<Bytes> {
        let form: BTreeMap<String, String> = form_urlencoded::parse(request.body()).into_owned().collect();
        let said = |name: &str| form.get(name).map_or("", String::as_str);
        let code = memory.codes.remove(said("code"));
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, said("code_verifier").as_bytes()));
        let known = (said("client_id"), said("client_secret")) == (CLIENT_ID, SECRET);
        let fits = |code: &Code| code.challenge == challenge && code.redirect_uri == said("redirect_uri");
        let Some(code) = code.filter(|code| known && fits(code)) else {
            let refusal = json!({ "error": "invalid_grant", "error_description": "Code \"used\"" });
            return json_answer(StatusCode::BAD_REQUEST, &refusal);
        };
        let access = format!("access-{}", memory.made);
        memory.access.insert(access.clone(), code.subject.clone());
        let now = world::Clock::now(&*self.now).as_second();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "sub": code.subject, "nonce": code.nonce, "iat": now, "exp": now + 300,
        });
        if let Some((person, _)) = memory.people.get(&code.subject) {
            merge(&mut claims, person.clone());
        }
        merge(&mut claims, memory.lies.claims.clone());
        if let Some(claims) = claims.as_object_mut() {
            claims.retain(|_, value| !value.is_null());
        }
        let id_token = memory.lies.id_token.clone();
        let id_token = id_token.unwrap_or_else(|| sign(memory.lies.signer, &memory.lies.header, &claims));
        let tokens = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": id_token });
        json_answer(StatusCode::OK, &tokens)
    }
}

fn user_info(memory: &Memory, request: &Request<Bytes>) -> Response<Bytes> {
    let header = request.headers().get("authorization").map_or("", |value| value.to_str().unwrap());
    let subject = header.strip_prefix("Bearer ").and_then(|token| memory.access.get(token));
    let Some(subject) = subject else { return json_answer(StatusCode::UNAUTHORIZED, &json!({})) };
    let mut claims = json!({ "sub": subject });
    if let Some((_, person)) = memory.people.get(subject) {
        merge(&mut claims, person.clone());
    }
    merge(&mut claims, memory.lies.user_info.clone());
    json_answer(StatusCode::OK, &claims)
}

/// The browser's way back to where a provider was asked from, with an answer.
pub(crate) fn back(sent: &Answer, answer: &[(&str, &str)]) -> String {
    let redirect_uri = sent.param("redirect_uri").unwrap();
    let (_, path) = redirect_uri.split_once("://").unwrap().1.split_once('/').unwrap();
    let state = sent.param("state").unwrap();
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).append_pair("state", &state).finish();
    format!("/{path}?{query}")
}

pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::from(body.to_string())).unwrap()
}

pub(crate) fn status_answer(status: u16, location: &str) -> Response<Bytes> {
    Response::builder().status(status).header("location", location).body(Bytes::new()).unwrap()
}

pub(crate) fn honest_keys() -> Value {
    let point = EC.public_key().as_ref();
    let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
    let ec = json!({ "kty": "EC", "crv": "P-256", "kid": "ec", "use": "sig", "x": part(1..33), "y": part(33..65) });
    let mut pss = RSA.jwk("pss");
    merge(&mut pss, json!({ "alg": "PS256" }));
    json!({ "keys": [RSA.jwk("rsa"), pss, ec] })
}

/// A signed token; the header says what the signer does unless it lies.
pub(crate) fn sign(signer: Signer, header: &Value, claims: &Value) -> String {
    let (alg, kid) = match signer {
        Signer::Rsa | Signer::OtherRsa => ("RS256", "rsa"),
        Signer::Pss => ("PS256", "pss"),
        Signer::Ec => ("ES256", "ec"),
        Signer::Nobody => ("none", "rsa"),
        Signer::PublicKey | Signer::OurSecret => ("HS256", "rsa"),
    };
    let mut said = json!({ "alg": alg, "kid": kid });
    merge(&mut said, header.clone());
    if let Some(said) = said.as_object_mut() {
        said.retain(|_, value| !value.is_null());
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&said), part(claims));
    let random = SystemRandom::new();
    let rsa = |key: &Rsa, pss: bool| {
        let mut signature = vec![0; key.pair.public_modulus_len()];
        let how: &'static dyn aws_lc_rs::signature::RsaEncoding = if pss { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
        key.pair.sign(how, &random, message.as_bytes(), &mut signature).unwrap();
        signature
    };
    let mac =
        |secret: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes()).as_ref().to_vec();
    let signature = match signer {
        Signer::Rsa => rsa(&RSA, false),
        Signer::OtherRsa => rsa(&OTHER_RSA, false),
        Signer::Pss => rsa(&RSA, true),
        Signer::Ec => EC.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
        Signer::Nobody => Vec::new(),
        Signer::PublicKey => mac(RSA.pair.public_key().as_ref()),
        Signer::OurSecret => mac(SECRET.as_bytes()),
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

impl TestServer {
    /// A provider of type OIDC, known to the pool and reachable.
    pub(crate) async fn provider(&self, pool: &Pool, name: &str) -> Provider {
        self.provider_with(pool, name, IdentityProviderTypeType::Oidc, &[]).await
    }

    pub(crate) async fn provider_with(
        &self,
        pool: &Pool,
        name: &str,
        kind: IdentityProviderTypeType,
        changes: &[(&str, &str)],
    ) -> Provider {
        let issuer = format!("https://{}.example", name.to_lowercase());
        let row = self.provider_row(pool, name, kind, &issuer, changes);
        self.keep(&row).await;
        let provider =
            Provider { name: name.to_owned(), issuer, memory: Arc::default(), now: self.world.clock.clone() };
        let answering = provider.clone();
        self.world.net.rule(move |request| answering.answer(request));
        provider
    }

    pub(crate) fn provider_row(
        &self,
        pool: &Pool,
        name: &str,
        kind: IdentityProviderTypeType,
        issuer: &str,
        changes: &[(&str, &str)],
    ) -> IdentityProvider {
        let now = self.latchkey.now();
        let mut details: BTreeMap<String, String> = [
            ("client_id", CLIENT_ID.to_owned()),
            ("authorize_scopes", "openid email".to_owned()),
            ("attributes_request_method", "GET".to_owned()),
            ("oidc_issuer", issuer.to_owned()),
            ("authorize_url", format!("{issuer}/authorize")),
            ("token_url", format!("{issuer}/token")),
            ("attributes_url", format!("{issuer}/userinfo")),
            ("jwks_uri", format!("{issuer}/keys")),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        details.extend(changes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let mapping = [("username", "sub"), ("email", "email"), ("email_verified", "email_verified"), ("name", "name")];
        let mut row = IdentityProvider {
            pool: pool.id.clone(),
            name: name.to_owned(),
            kind,
            details,
            secrets: BTreeMap::new(),
            mapping: mapping.map(|(attribute, claim)| (attribute.to_owned(), claim.to_owned())).into(),
            identifiers: vec![format!("{}.test", name.to_lowercase())],
            acr_mapping: BTreeMap::new(),
            iss_in_response: false,
            saml: None,
            created_at: now,
            modified_at: now,
        };
        let context = row.secret_context("client_secret");
        let sealed = self.latchkey.seal(tokens::Purpose::ProviderSecret, &context, SECRET.as_bytes());
        row.secrets.insert("client_secret".to_owned(), sealed);
        row
    }

    /// Keeps a provider, in the place of an earlier one of its name.
    pub(crate) async fn keep(&self, row: &IdentityProvider) {
        let row = row.clone();
        let keep = move |tx: &mut store::Tx| tx.put_document(flows::IDENTITY_PROVIDER, &row.pool, &row.name, &row);
        self.latchkey.store().write(keep).await.unwrap();
    }
}
