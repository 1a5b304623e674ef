//! Mail that waits when the server is killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};
use test_server::{Admin, Connection, Launch, post_json};

/// More than the server sends at a time, so that some wait untouched and some are being sent.
const USERS: usize = 40;
/// For what was being sent to be taken up again, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);
const NEW_PASSWORD: &str = "N3w-horse-one!";

/// Asks for a code for each of many, kills the server while its mail server says nothing, and counts what the mail
/// server gets from the next one.
pub fn outlive(launch: &Launch) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let launch = launch.clone().with(&["--smtp-url", &format!("smtp://{}", listener.local_addr().unwrap())]);
    let server = launch.start().unwrap();
    let client = people(&launch);
    let mut connection = server.connect().unwrap();
    for number in 0..USERS {
        let input = json!({ "ClientId": client, "Username": format!("user{number}") });
        let answer = connection.ask(&post_json(&launch.host(), "ForgotPassword", "", &input)).unwrap();
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
    server.kill();

    let server = launch.start().unwrap();
    let (told, mails) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, told) = (stream.unwrap(), told.clone());
            // Connections of the dead break off.
            std::thread::spawn(move || take_mail(&stream, &told).ok());
        }
    });
    let mut received: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while received.len() < USERS {
        let (address, mail) = mails.recv_timeout(PATIENCE).expect("mail is lost");
        received.entry(address).or_default().push(mail);
    }
    // What is under way when the server stops is sent to the end.
    let pid = server.pid();
    server.stop(pid).unwrap();
    for (address, mail) in mails.try_iter() {
        received.entry(address).or_default().push(mail);
    }
    let twice: Vec<_> = received.iter().filter(|(_, mails)| mails.len() != 1).map(|(address, _)| address).collect();
    assert!(twice.is_empty(), "more than once: {twice:?}");

    // The code row of the killed server and the mail of the next one belong together.
    let server = launch.start().unwrap();
    let code: String = received["user7@example.com"][0].chars().filter(char::is_ascii_digit).take(6).collect();
    let input = json!({ "ClientId": client, "Username": "user7", "ConfirmationCode": code, "Password": NEW_PASSWORD });
    let answer =
        server.connect().unwrap().ask(&post_json(&launch.host(), "ConfirmForgotPassword", "", &input)).unwrap();
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    server.kill();
}

/// Many users with an address, and a client that hides who exists, so that nobody waits for the mail.
fn people(launch: &Launch) -> String {
    let mut admin = Admin::new(Connection::open(launch.address()).unwrap(), &launch.host());
    let mut done = |operation: &str, input: Value| admin.done(operation, &input).unwrap();
    let made = done("CreateUserPool", json!({ "PoolName": "mail", "AutoVerifiedAttributes": ["email"] }));
    let pool = made["UserPool"]["Id"].as_str().unwrap().to_owned();
    let client = json!({ "UserPoolId": pool, "ClientName": "app", "PreventUserExistenceErrors": "ENABLED" });
    let made = done("CreateUserPoolClient", client);
    for number in 0..USERS {
        let name = format!("user{number}");
        let attributes = json!([
            { "Name": "email", "Value": format!("{name}@example.com") },
            { "Name": "email_verified", "Value": "true" },
        ]);
        let user = json!({ "UserPoolId": pool, "Username": name });
        let mut create = user.clone();
        create["UserAttributes"] = attributes;
        create["MessageAction"] = json!("SUPPRESS");
        done("AdminCreateUser", create);
        let mut password = user;
        password["Password"] = json!("Corr3ct-horse!");
        password["Permanent"] = json!(true);
        done("AdminSetUserPassword", password);
    }
    made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned()
}

/// Speaks SMTP (RFC 5321) as far as it takes to be given mail; tells address and subject of each once it is taken.
fn take_mail(stream: &TcpStream, told: &Sender<(String, String)>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let mut out = stream;
    let (mut address, mut subject) = (String::new(), String::new());
    out.write_all(b"220 mail.test\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let command = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        match command.as_str() {
            "RCPT" => {
                address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                out.write_all(b"250 ok\r\n")?;
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                for line in lines.by_ref() {
                    let line = line?;
                    if let Some(text) = line.strip_prefix("Subject: ") {
                        subject = text.to_owned();
                    }
                    if line == "." {
                        break;
                    }
                }
                out.write_all(b"250 taken\r\n")?;
                told.send((address.clone(), subject.clone())).ok();
            }
            "QUIT" => return out.write_all(b"221 bye\r\n"),
            _ => out.write_all(b"250 ok\r\n")?,
        }
    }
    Ok(())
}
