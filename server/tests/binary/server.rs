//! A server process and how it is spoken to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

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

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    printed: Arc<Mutex<String>>,
    logged: Arc<Mutex<String>>,
    readers: Vec<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Serves from a data folder on a free port.
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--data-dir"];
        arguments.push(data.to_str().unwrap());
        arguments.extend(more);
        let mut child = latchkey(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (printed, logged) = (Arc::default(), Arc::default());
        let out = collect(child.stdout.take().unwrap(), &printed, None);
        let (listening, heard) = mpsc::channel();
        let err = collect(child.stderr.take().unwrap(), &logged, Some(listening));
        match heard.recv_timeout(PATIENCE) {
            Ok(address) => Self { child, address, printed, logged, readers: vec![out, err] },
            Err(_) => panic!("it does not listen: {}", logged.lock().unwrap()),
        }
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
        let mut stream = self.connect();
        stream.write_all(self.request(method, target, headers, body).as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), body.to_owned())
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
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < until, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it printed, and what it logged.
    pub(crate) fn stop(mut self) -> (String, String) {
        self.signal("-TERM");
        assert_eq!(self.exit_code(), Some(0));
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let text = |of: &Mutex<String>| of.lock().unwrap().clone();
        (text(&self.printed), text(&self.logged))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a stream to its end; tells the address once the log names it.
pub(crate) fn collect(
    stream: impl Read + Send + 'static,
    into: &Arc<Mutex<String>>,
    listening: Option<mpsc::Sender<SocketAddr>>,
) -> std::thread::JoinHandle<()> {
    let into = into.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Some(told) = &listening
                && let Ok(event) = serde_json::from_str::<Value>(&line)
                && event["message"] == "listening"
            {
                let _ = told.send(event["addresses"].as_str().unwrap().parse().unwrap());
            }
            let mut into = into.lock().unwrap();
            into.push_str(&line);
            into.push('\n');
        }
    })
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
