//! A person with an app client in hand.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::answers::Answered;
use crate::server::TestServer;

/// Somebody who signs up and in through a public client.
pub struct Actor<'a> {
    server: &'a TestServer,
    /// The client in use.
    pub client: String,
    /// The username as typed.
    pub username: String,
    /// The password.
    pub password: String,
}

impl<'a> Actor<'a> {
    /// A person with a name and a strong password, not yet known to the pool.
    pub fn new(server: &'a TestServer, client: &str, username: &str) -> Self {
        Self { server, client: client.to_owned(), username: username.to_owned(), password: "Corr3ct-horse!".to_owned() }
    }

    /// Signs up with an email address and confirms by the code that was mailed.
    pub async fn join(server: &'a TestServer, client: &str, username: &str) -> Self {
        let actor = Self::new(server, client, username);
        let email = actor.email();
        actor.sign_up(json!([{ "Name": "email", "Value": email }])).await.ok();
        let code = server.mailbox.code(&email).expect("a code was mailed");
        actor.confirm(&code).await.ok();
        actor
    }

    /// The address this person uses.
    pub fn email(&self) -> String {
        if self.username.contains('@') { self.username.clone() } else { format!("{}@example.com", self.username) }
    }

    /// SignUp
    pub async fn sign_up(&self, attributes: Value) -> Answered {
        let input = json!({
            "ClientId": self.client, "Username": self.username, "Password": self.password,
            "UserAttributes": attributes,
        });
        self.server.call("SignUp", input).await
    }

    /// ConfirmSignUp
    pub async fn confirm(&self, code: &str) -> Answered {
        let input = json!({ "ClientId": self.client, "Username": self.username, "ConfirmationCode": code });
        self.server.call("ConfirmSignUp", input).await
    }

    /// USER_PASSWORD_AUTH
    pub async fn sign_in(&self) -> Answered {
        self.sign_in_with(json!({})).await
    }

    /// The same with further AuthParameters.
    pub async fn sign_in_with(&self, more: Value) -> Answered {
        let mut parameters = json!({ "USERNAME": self.username, "PASSWORD": self.password });
        if let (Some(into), Value::Object(more)) = (parameters.as_object_mut(), more) {
            into.extend(more);
        }
        let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": self.client, "AuthParameters": parameters });
        self.server.call("InitiateAuth", input).await
    }

    /// USER_SRP_AUTH, first step: the challenge and the secret half.
    pub async fn start_srp(&self) -> (srp::ClientProof, Answered) {
        let proof = srp::ClientProof::new(&[7; 32]).expect("32 bytes are a secret");
        let input = json!({
            "AuthFlow": "USER_SRP_AUTH", "ClientId": self.client,
            "AuthParameters": { "USERNAME": self.username, "SRP_A": proof.public_a_hex() },
        });
        let answered = self.server.call("InitiateAuth", input).await;
        (proof, answered)
    }

    /// USER_SRP_AUTH, second step, with `more` ChallengeResponses.
    pub async fn answer_srp(&self, pool: &str, proof: &srp::ClientProof, challenge: &Value, more: Value) -> Answered {
        self.server.call("RespondToAuthChallenge", self.srp_answer(pool, proof, challenge, more)).await
    }

    /// What [`Actor::answer_srp`] sends.
    pub fn srp_answer(&self, pool: &str, proof: &srp::ClientProof, challenge: &Value, more: Value) -> Value {
        let parameters = &challenge["ChallengeParameters"];
        let text = |name: &str| parameters[name].as_str().unwrap_or_default();
        let block = STANDARD.decode(text("SECRET_BLOCK")).expect("base64");
        let seconds = u64::try_from(self.server.latchkey.now().as_second()).expect("after 1970");
        let timestamp = srp::derive_timestamp(seconds);
        let pool_name = pool.split_once('_').map_or("", |(_, name)| name);
        let signature = proof
            .answer(pool_name, text("USER_ID_FOR_SRP"), &self.password, text("SALT"), text("SRP_B"), &block, &timestamp)
            .expect("a well-formed challenge");
        let mut responses = json!({
            "USERNAME": text("USER_ID_FOR_SRP"), "TIMESTAMP": timestamp,
            "PASSWORD_CLAIM_SECRET_BLOCK": text("SECRET_BLOCK"),
            "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature),
        });
        if let (Some(into), Value::Object(more)) = (responses.as_object_mut(), more) {
            into.extend(more);
        }
        json!({ "ChallengeName": "PASSWORD_VERIFIER", "ClientId": self.client, "ChallengeResponses": responses })
    }
}
