//! The pool the users sign up to, and what is asked about them.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use test_server::{Admin, Answer, Connection, Launch, Server, post_json};

const PASSWORD: &str = "Corr3ct-horse!";
/// Who ask at once, so that the database groups their commits.
pub const HANDS: usize = 8;

/// A pool with a public client.
#[derive(Clone)]
pub struct Town {
    host: String,
    pool: String,
    client: String,
}

impl Town {
    /// Makes it.
    pub fn found(launch: &Launch, server: &Server) -> Self {
        let mut admin = Admin::new(server.connect().unwrap(), &launch.host());
        let made = admin.done("CreateUserPool", &json!({ "PoolName": "durable" })).unwrap();
        let pool = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        let flows = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
        let input = json!({ "UserPoolId": pool, "ClientName": "app", "ExplicitAuthFlows": flows });
        let made = admin.done("CreateUserPoolClient", &input).unwrap();
        let client = made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
        Self { host: launch.host(), pool, client }
    }

    /// The request that signs a user up.
    pub fn sign_up_request(&self, name: &str) -> Vec<u8> {
        let input = json!({ "ClientId": self.client, "Username": name, "Password": PASSWORD });
        post_json(&self.host, "SignUp", "", &input)
    }

    /// Signs a user up.
    pub fn sign_up(&self, connection: &mut Connection, name: &str) -> io::Result<Answer> {
        let answer = connection.ask(&self.sign_up_request(name))?;
        assert_eq!(answer.status, 200, "{name}: {}", String::from_utf8_lossy(&answer.body));
        Ok(answer)
    }

    /// Each of these is there, can be confirmed, and signs in with the password.
    pub fn all_sign_in(&self, launch: &Launch, names: &[String]) {
        self.each(launch, names, |admin, connection, name| {
            let user = json!({ "UserPoolId": self.pool, "Username": name });
            let found = admin.done("AdminGetUser", &user).unwrap_or_else(|error| panic!("{name} is gone: {error}"));
            assert_eq!(found["UserStatus"], "UNCONFIRMED", "{name}");
            admin.done("AdminConfirmSignUp", &user).unwrap();
            self.signs_in(connection, name);
        });
    }

    /// Each of these is there.
    pub fn all_are_there(&self, launch: &Launch, names: &[String]) {
        self.each(launch, names, |admin, _, name| {
            let user = json!({ "UserPoolId": self.pool, "Username": name });
            let found = admin.done("AdminGetUser", &user).unwrap_or_else(|error| panic!("{name} is gone: {error}"));
            assert_eq!(found["UserStatus"], "CONFIRMED", "{name}");
        });
    }

    /// A sign-up without an answer happened or did not; where it did, the user is whole.
    pub fn none_is_half_there(&self, launch: &Launch, names: &[String]) {
        self.each(launch, names, |admin, connection, name| {
            let user = json!({ "UserPoolId": self.pool, "Username": name });
            let found = admin.call("AdminGetUser", &user).unwrap();
            if found.status == 200 {
                admin.done("AdminConfirmSignUp", &user).unwrap();
                self.signs_in(connection, name);
            } else {
                assert_eq!(found.json()["__type"], "UserNotFoundException", "{name}");
                self.sign_up(connection, name).unwrap();
            }
        });
    }

    fn signs_in(&self, connection: &mut Connection, name: &str) {
        let parameters = json!({ "USERNAME": name, "PASSWORD": PASSWORD });
        let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": self.client, "AuthParameters": parameters });
        let answer = connection.ask(&post_json(&self.host, "InitiateAuth", "", &input)).unwrap();
        let tokens: Value = answer.json();
        assert!(tokens["AuthenticationResult"]["AccessToken"].is_string(), "{name} does not sign in: {tokens}");
    }

    /// Many hands, each with connections of its own.
    fn each(&self, launch: &Launch, names: &[String], ask: impl Fn(&mut Admin, &mut Connection, &str) + Sync) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..HANDS.min(names.len()) {
                scope.spawn(|| {
                    let connect = || Connection::open(launch.address()).unwrap();
                    let (mut admin, mut connection) = (Admin::new(connect(), &self.host), connect());
                    while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                        ask(&mut admin, &mut connection, name);
                    }
                });
            }
        });
    }
}
