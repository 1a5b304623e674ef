//! The loads, and a connection that sends them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use srp::ClientProof;
use test_server::{Connection, Launch, get, post_form, post_json};

use crate::pool::{PASSWORD, Pool};

/// One connection's worker: what it keeps between requests, so that the client does little.
pub(crate) struct Worker<'p> {
    pool: &'p Pool,
    connection: Connection,
    proof: ClientProof,
    refresh: String,
    /// Requests that never change.
    token: Vec<u8>,
    jwks: Vec<u8>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// A client_credentials token: one signature.
    ClientCredentials,
    /// USER_SRP_AUTH and PASSWORD_VERIFIER.
    Srp,
    /// USER_PASSWORD_AUTH.
    Password,
    /// REFRESH_TOKEN_AUTH without rotation: two signatures.
    Refresh,
    /// The pool's keys.
    Jwks,
}

impl Load {
    /// The load of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "tokens" => Self::ClientCredentials,
            "srp" => Self::Srp,
            "password" => Self::Password,
            "refresh" => Self::Refresh,
            "jwks" => Self::Jwks,
            _ => return None,
        })
    }
}

impl<'p> Worker<'p> {
    /// Connects, computes A, and signs in once for a refresh token.
    pub(crate) fn new(pool: &'p Pool, launch: &Launch) -> Result<Self, String> {
        let connection = Connection::open(launch.address()).map_err(|error| error.to_string())?;
        let proof = ClientProof::new(&[0x77; 32]).map_err(|error| error.to_string())?;
        let token = post_form(
            &pool.host,
            "/oauth2/token",
            Some(&pool.machine),
            "grant_type=client_credentials&scope=api%2Fread",
        );
        let jwks = get(&pool.host, &format!("/{}/.well-known/jwks.json", pool.id));
        let mut worker = Self { pool, connection, proof, refresh: String::new(), token, jwks };
        let result = worker.password()?;
        let refresh = result.pointer("/AuthenticationResult/RefreshToken").and_then(Value::as_str);
        worker.refresh = refresh.ok_or("no refresh token")?.to_owned();
        Ok(worker)
    }

    /// Does it once.
    pub(crate) fn once(&mut self, load: Load) -> Result<(), String> {
        match load {
            Load::ClientCredentials => self.fixed(true),
            Load::Jwks => self.fixed(false),
            Load::Password => self.password().map(drop),
            Load::Srp => self.srp(),
            Load::Refresh => {
                let parameters = json!({ "REFRESH_TOKEN": self.refresh });
                self.initiate("REFRESH_TOKEN_AUTH", &parameters).and_then(|answer| signed_in(&answer))
            }
        }
    }

    fn fixed(&mut self, token: bool) -> Result<(), String> {
        let request = if token { &self.token } else { &self.jwks };
        let answer = self.connection.ask(request).map_err(|error| error.to_string())?;
        match answer.status {
            200 => Ok(()),
            status => Err(format!("{status} {}", String::from_utf8_lossy(&answer.body))),
        }
    }

    fn json(&mut self, operation: &str, input: &Value) -> Result<Value, String> {
        let request = post_json(&self.pool.host, operation, "", input);
        let answer = self.connection.ask(&request).map_err(|error| error.to_string())?;
        match answer.status {
            200 => Ok(answer.json()),
            status => Err(format!("{operation}: {status} {}", String::from_utf8_lossy(&answer.body))),
        }
    }

    fn initiate(&mut self, flow: &str, parameters: &Value) -> Result<Value, String> {
        let input = json!({ "AuthFlow": flow, "ClientId": self.pool.client, "AuthParameters": parameters });
        self.json("InitiateAuth", &input)
    }

    fn password(&mut self) -> Result<Value, String> {
        let parameters = json!({ "USERNAME": self.pool.somebody(), "PASSWORD": PASSWORD });
        let answer = self.initiate("USER_PASSWORD_AUTH", &parameters)?;
        signed_in(&answer).map(|()| answer)
    }

    fn srp(&mut self) -> Result<(), String> {
        let parameters = json!({ "USERNAME": self.pool.somebody(), "SRP_A": self.proof.public_a_hex() });
        let challenge = self.initiate("USER_SRP_AUTH", &parameters)?;
        let text = |name: &str| {
            let member = challenge.get("ChallengeParameters").and_then(|parameters| parameters.get(name));
            member.and_then(Value::as_str).ok_or(format!("no {name}: {challenge}"))
        };
        let (user, block) = (text("USER_ID_FOR_SRP")?, text("SECRET_BLOCK")?);
        let opened = STANDARD.decode(block).map_err(|error| error.to_string())?;
        let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
        let timestamp = srp::derive_timestamp(now);
        let prefix = self.pool.id.split_once('_').map_or("", |(_, name)| name);
        let proof = self
            .proof
            .answer(prefix, user, PASSWORD, text("SALT")?, text("SRP_B")?, &opened, &timestamp)
            .map_err(|error| error.to_string())?;
        let responses = json!({
            "USERNAME": user, "TIMESTAMP": timestamp, "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(proof),
        });
        let input = json!({
            "ChallengeName": "PASSWORD_VERIFIER", "ClientId": self.pool.client, "ChallengeResponses": responses,
        });
        self.json("RespondToAuthChallenge", &input).and_then(|answer| signed_in(&answer))
    }
}

fn signed_in(answer: &Value) -> Result<(), String> {
    let token = answer.pointer("/AuthenticationResult/AccessToken");
    token.map(drop).ok_or_else(|| format!("no tokens: {answer}"))
}
