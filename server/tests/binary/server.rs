//! A server process and how it is spoken to.

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use test_server::Launch;

const BINARY: &str = env!("CARGO_BIN_EXE_latchkey");
/// For whatever should happen soon.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The binary with an environment of its own.
pub(crate) fn latchkey(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).env_clear().env("RUST_BACKTRACE", "1");
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    latchkey(arguments).output().unwrap()
}

/// A server of `test-server`, with its output in a folder of its own.
pub(crate) struct Server {
    running: test_server::Server,
    pub(crate) address: SocketAddr,
    _output: TempDir,
}

impl Server {
    /// Serves from a data folder on a free port, with `--dev` or whatever else is asked.
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        Self::start_as(|launch| launch, data, more)
    }

    /// The same, started in a way of one's own.
    pub(crate) fn start_as(change: impl FnOnce(Launch) -> Launch, data: &Path, more: &[&str]) -> Self {
        let output = TempDir::new().unwrap();
        let launch = Launch::new(Path::new(BINARY), output.path()).unwrap().in_production().with_data(data);
        let launch = change(launch.with(&["--log-format", "json"]).with(more));
        Self { running: launch.start().unwrap(), address: launch.address(), _output: output }
    }

    pub(crate) fn dev(data: &Path) -> Self {
        Self::start(data, &["--dev"])
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Status, headers in lower case, body.
    pub(crate) fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, String, String) {
        let request = self.request(method, target, headers, body);
        let answer = self.running.connect().unwrap().ask(request.as_bytes()).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (answer.status, text(&answer.head).to_lowercase(), text(&answer.body))
    }

    pub(crate) fn request(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut request =
            format!("{method} {target} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "host") {
            request.push_str(&format!("host: localhost:{}\r\n", self.address.port()));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request + "\r\n" + body
    }

    pub(crate) fn get(&self, target: &str) -> (u16, String) {
        let (status, _, body) = self.ask("GET", target, &[], "");
        (status, body)
    }

    /// Calls an unsigned operation.
    pub(crate) fn call(&self, operation: &str, input: &Value) -> (u16, Value) {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        let (status, _, body) = self.ask("POST", "/", &[("x-amz-target", &target)], &input.to_string());
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    pub(crate) fn signal(&self, signal: &str) {
        self.running.signal(signal).unwrap();
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.running.is_running()
    }

    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        self.running.exit_code().unwrap()
    }

    /// What it printed, and what it logged.
    pub(crate) fn stop(self) -> (String, String) {
        let pid = self.running.pid();
        self.running.stop(pid).unwrap()
    }
}

pub(crate) fn sign_up(server: &Server, email: &str) -> (u16, Value) {
    let input = json!({ "ClientId": latchkey::seed::SPA, "Username": email, "Password": "A-good-secret-1" });
    server.call("SignUp", &input)
}

/// The demo user's access token.
pub(crate) fn sign_in(server: &Server) -> String {
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": latchkey::seed::SPA,
        "AuthParameters": { "USERNAME": latchkey::seed::EMAIL, "PASSWORD": latchkey::seed::PASSWORD },
    });
    let (status, answer) = server.call("InitiateAuth", &input);
    assert_eq!(status, 200, "{answer}");
    answer["AuthenticationResult"]["AccessToken"].as_str().unwrap().to_owned()
}
