//! The binary from outside: starts, answers, logs, stops, changes keys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, reason = "these tests wait for real processes")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

mod data;
mod providers;
mod server;

use server::{PATIENCE, Server, latchkey, run, sign_in, sign_up};

#[test]
fn a_message_is_in_the_mailbox_before_its_call_answers() {
    let data = TempDir::new().unwrap();
    let server = Server::dev(data.path());
    assert_eq!(server.get("/_latchkey/health/live").0, 200);
    assert_eq!(server.get("/_latchkey/health/ready"), (200, r#"{"status":"ready"}"#.to_owned()));

    for email in ["ann@example.com", "bob@example.com"] {
        assert_eq!(sign_up(&server, email).0, 200);
    }
    let (status, body) = server.get("/_latchkey/mailbox?to=ann@example.com");
    let mails: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, mails.as_array().unwrap().len()), (200, 1));
    let mail = &mails[0];
    let code = mail["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{mail}");
    assert!(mail["text"].as_str().unwrap().contains(code) && mail["html"].as_str().unwrap().contains(code));
    let members: Vec<&str> = mail.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = ["id", "at", "channel", "to", "purpose", "subject", "text", "html", "code", "link"];
    expected.sort_unstable();
    assert_eq!(members, expected);
    let at = mail["at"].as_str().unwrap();
    assert!(at.len() == 24 && at.ends_with('Z'), "{at}");
    let confirm = json!({ "ClientId": latchkey::seed::SPA, "Username": "ann@example.com", "ConfirmationCode": code });
    assert_eq!(server.call("ConfirmSignUp", &confirm).0, 200);

    let all = |server: &Server| -> Vec<Value> {
        let (_, _, body) = server.ask("GET", "/_latchkey/mailbox", &[("accept", "application/json")], "");
        serde_json::from_str(&body).unwrap()
    };
    assert_eq!(
        all(&server).iter().map(|mail| mail["to"].as_str().unwrap()).collect::<Vec<_>>(),
        ["bob@example.com", "ann@example.com"]
    );
    let (status, head, page) =
        server.ask("GET", "/_latchkey/mailbox?to=bob@example.com", &[("accept", "text/html")], "");
    assert!(status == 200 && head.contains("default-src 'none'") && page.contains("bob@example.com"), "{page}");
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("ann@example.com"), "{page}");
    let id = mail["id"].as_str().unwrap();
    let (_, head, _) = server.ask("GET", &format!("/_latchkey/mailbox/{id}/html"), &[], "");
    assert!(head.contains("sandbox; default-src 'none'"), "{head}");

    // A name that was made to lead here may not read it, and no other site may empty it.
    assert_eq!(server.ask("GET", "/_latchkey/mailbox", &[("host", "rebound.example")], "").0, 404);
    assert_eq!(server.ask("POST", "/_latchkey/mailbox/empty", &[("sec-fetch-site", "cross-site")], "").0, 403);
    assert_eq!(server.ask("DELETE", "/_latchkey/mailbox?to=ann@example.com", &[], "").0, 204);
    assert_eq!(all(&server).len(), 1);
    assert_eq!(server.ask("DELETE", "/_latchkey/mailbox", &[], "").0, 204);
    assert!(all(&server).is_empty());
    server.stop();
}

/// Secrets in every place a request has, at the most talkative level.
#[test]
fn no_secret_reaches_the_log() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &["--dev", "--log-level", "trace"]);
    let secrets = [
        "S3cret-in-Body",
        "S3cret-in-Query",
        "S3cret-in-Header",
        "S3cret-in-Cookie",
        "S3cret-in-Form",
        "A-good-secret-1",
    ];
    let names = ["somebody.private@example.com", "nobody.private@example.com"];
    let headers = [
        ("authorization", "Bearer S3cret-in-Header"),
        ("cookie", "cognito=S3cret-in-Cookie"),
        ("x-api-key", "S3cret-in-Header"),
        ("user-agent", "S3cret-in-Header"),
        ("x-forwarded-for", "S3cret-in-Header"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    sign_up(&server, names[0]);
    for operation in ["InitiateAuth", "ForgotPassword", "SignUp", "GetUser", "RespondToAuthChallenge", "ListUsers"] {
        for input in [
            json!({ "ClientId": latchkey::seed::SPA, "AuthFlow": "USER_PASSWORD_AUTH", "Username": names[1],
                    "AuthParameters": { "USERNAME": names[0], "PASSWORD": "S3cret-in-Body" } }),
            json!({ "ClientId": "S3cret-in-Body", "AccessToken": "S3cret-in-Body", "Session": "S3cret-in-Body-padding" }),
        ] {
            server.call(operation, &input);
        }
    }
    let form = "grant_type=client_credentials&client_id=x&client_secret=S3cret-in-Form&code=S3cret-in-Form&refresh_token=S3cret-in-Form";
    for path in [
        "/",
        "/oauth2/token",
        "/oauth2/revoke",
        "/oauth2/userInfo",
        "/login",
        "/oauth2/authorize",
        "/nowhere",
        "/_latchkey/mailbox",
    ] {
        for method in ["GET", "POST"] {
            server.ask(method, &format!("{path}?code=S3cret-in-Query&username={}", names[0]), &headers, form);
        }
    }
    server.ask("POST", "/", &[("x-amz-target", "S3cret-in-Header")], "{\"broken\": \"S3cret-in-Body\"");
    let (_, log) = server.stop();
    for hidden in secrets.iter().chain(&names) {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
    // The log is there at all, and says what it should.
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    assert!(answered.len() > 25, "{log}");
    let line = answered.iter().find(|line| line["operation"] == "SignUp").unwrap();
    assert_eq!((&line["method"], &line["path"], &line["status"]), (&json!("POST"), &json!("/"), &json!(200)));
    assert_eq!(line["span"]["id"].as_str().unwrap().len(), 36);
}

#[test]
fn what_is_under_way_is_finished_before_the_end() {
    let data = TempDir::new().unwrap();
    let mut server = Server::dev(data.path());
    let body =
        json!({ "ClientId": latchkey::seed::SPA, "Username": "late@example.com", "Password": "A-good-secret-1" })
            .to_string();
    let request = server.request("POST", "/", &[("x-amz-target", "AWSCognitoIdentityProviderService.SignUp")], &body);
    let (first, rest) = request.split_at(request.len() - 10);
    let mut stream = server.connect();
    stream.write_all(first.as_bytes()).unwrap();
    // An idle connection holds nobody up.
    let idle = server.connect();
    std::thread::sleep(Duration::from_millis(300));
    server.signal("-TERM");
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(server.address).is_err(), "nothing new is taken");
    assert!(server.is_running(), "it waits");
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.exit_code(), Some(0));
    drop(idle);
}

/// A mail whose caller was answered already is neither forgotten by a stop nor lost without a word.
#[test]
fn a_mail_that_was_taken_is_waited_for_and_its_failure_names_the_request() {
    let data = TempDir::new().unwrap();
    let smtp = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("smtp://{}", smtp.local_addr().unwrap());
    let server = Server::start(data.path(), &["--dev", "--smtp-url", &url]);
    let input = json!({ "ClientId": latchkey::seed::SPA, "Username": latchkey::seed::EMAIL }).to_string();
    let target = ("x-amz-target", "AWSCognitoIdentityProviderService.ForgotPassword");
    // The mail server has not said a word when this answers.
    let (status, head, _) = server.ask("POST", "/", &[target], &input);
    assert_eq!(status, 200);
    let id = head.lines().find_map(|line| line.strip_prefix("x-amzn-requestid: ")).unwrap().trim().to_owned();
    let (waiting, _) = smtp.accept().unwrap();
    let hang_up = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        drop(waiting);
    });
    let (_, log) = server.stop();
    hang_up.join().unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let at = |message: &str| lines.iter().position(|line| line["message"] == message).expect(&log);
    let failed = at("a message could not be delivered");
    assert!(at("stopping") < failed && failed < at("stopped"), "{log}");
    assert_eq!(lines[failed]["span"]["id"], json!(id), "{log}");
    assert!(!log.contains(latchkey::seed::EMAIL), "{log}");
    // It waits for another attempt, where an operator sees it.
    let listed = run(&["outbox", "list", "--data-dir", data.path().to_str().unwrap()]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.starts_with("0 could not be sent, 1 waiting\n"), "{listed}");
    assert!(listed.contains("  email  ") && listed.contains("attempts 1"), "{listed}");
    assert!(!listed.contains(latchkey::seed::EMAIL), "{listed}");
}

#[test]
fn waiting_has_an_end() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(data.path(), &["--dev", "--shutdown-seconds", "1"]);
    let mut stream = server.connect();
    stream.write_all(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nx").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let asked_at = Instant::now();
    server.signal("-INT");
    assert_eq!(server.exit_code(), Some(0));
    assert!(asked_at.elapsed() < Duration::from_secs(10) && asked_at.elapsed() > Duration::from_millis(800));
}

#[test]
fn outside_of_dev_mode_there_is_an_administrator_once_and_no_mailbox() {
    let data = TempDir::new().unwrap();
    let path = data.path().join("new").join("folder");
    let server = Server::start(&path, &[]);
    for path in ["/_latchkey/mailbox", "/_latchkey/mailbox/style.css", "/demo/", "/demo/config.json", "/sdk/index.js"] {
        assert_eq!(server.get(path).0, 404, "{path}");
    }
    assert_eq!(server.ask("DELETE", "/_latchkey/mailbox", &[], "").0, 404);
    assert_eq!(server.get("/_latchkey/health/ready").0, 200);
    assert_eq!(server.call("SignUp", &json!({})).0, 400);
    assert_ne!(sign_up(&server, "a@example.com").0, 200, "nothing was seeded");
    let (printed, log) = server.stop();
    let secret = printed.lines().find_map(|line| line.trim().strip_prefix("AWS_SECRET_ACCESS_KEY=")).unwrap();
    assert_eq!(secret.len(), 40);
    assert!(!log.contains(secret), "not in the log");

    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&path.join("master.key"))), (0o700, 0o600));

    assert_eq!(Server::start(&path, &[]).stop().0, "");
}

#[test]
fn the_settings_in_force_can_be_checked() {
    let data = TempDir::new().unwrap();
    let file = data.path().join("latchkey.toml");
    std::fs::write(&file, "region = \"eu-west-1\"\nsmtp-url = \"smtps://u:hidden-value@mail.example.com\"\n").unwrap();
    let good = latchkey(&["config", "check", "--account-id", "123456789012", "--config", file.to_str().unwrap()])
        .env("LATCHKEY_BASE_URL", "https://id.example.com/")
        .output()
        .unwrap();
    let table = String::from_utf8(good.stdout).unwrap();
    assert!(good.status.success(), "{table}");
    let line = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("account-id").contains("123456789012") && line("account-id").ends_with("flag"));
    assert!(line("base-url").contains("https://id.example.com ") && line("base-url").ends_with("$LATCHKEY_BASE_URL"));
    assert!(line("region").contains("eu-west-1") && line("region").ends_with("latchkey.toml"));
    assert!(line("smtp-url").contains("***") && !table.contains("hidden-value"));

    std::fs::write(&file, "base_url = \"https://id.example.com\"\n").unwrap();
    for command in [vec!["config", "check"], vec!["serve"]] {
        let bad = latchkey(&command).env("LATCHKEY_CONFIG", &file).output().unwrap();
        assert_eq!(bad.status.code(), Some(2));
        assert!(String::from_utf8(bad.stderr).unwrap().contains("did you mean `base-url`?"));
    }
    assert_eq!(run(&["config", "check", "--config", "/nonexistent/x.toml"]).status.code(), Some(2));
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    for declared in latchkey::settings::DECLARED {
        assert!(help.contains(&format!("  {} ", declared.name)), "{}", declared.name);
    }
}

#[test]
fn keys_are_changed_only_where_there_are_some() {
    let data = TempDir::new().unwrap();
    let folder = data.path().join("none");
    for command in [
        vec!["keys", "rotate-master"],
        vec!["keys", "rotate-signing", "--pool", "us-east-1_Nobody000"],
        vec!["outbox", "list"],
    ] {
        let refused = latchkey(&command).arg("--data-dir").arg(&folder).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no data yet"));
        assert!(!folder.exists(), "nothing was made");
    }
}

#[test]
fn a_new_master_key_opens_all_that_the_old_one_did() {
    let data = TempDir::new().unwrap();
    let server = Server::dev(data.path());
    sign_in(&server);
    server.stop();
    let folder = data.path().to_str().unwrap();
    let key = data.path().join("master.key");
    let old = std::fs::read_to_string(&key).unwrap();

    let done = run(&["keys", "rotate-master", "--data-dir", folder]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let new = std::fs::read_to_string(&key).unwrap();
    assert_ne!(old, new);
    assert!(!data.path().join("master.key.new").exists());
    let server = Server::dev(data.path());
    sign_in(&server);
    // Changing it under a running server does no harm either.
    let given = data.path().join("given");
    std::fs::write(&given, "ab".repeat(32)).unwrap();
    let done = run(&["keys", "rotate-master", "--data-dir", folder, "--new-master-key-file", given.to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    sign_in(&server);
    server.stop();

    // As if the power had failed between the store and the file.
    let newest = std::fs::read_to_string(&key).unwrap();
    std::fs::rename(&key, data.path().join("master.key.new")).unwrap();
    std::fs::write(&key, &new).unwrap();
    let server = Server::dev(data.path());
    sign_in(&server);
    server.stop();
    assert_eq!(std::fs::read_to_string(&key).unwrap(), newest);

    std::fs::write(&key, &old).unwrap();
    let refused = run(&["serve", "--dev", "--listen", "127.0.0.1:0", "--data-dir", folder]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another master key"));
    std::fs::remove_file(&key).unwrap();
    let refused = run(&["serve", "--dev", "--listen", "127.0.0.1:0", "--data-dir", folder]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(!key.exists(), "no new key for old data");
    let server = latchkey(&["keys", "rotate-signing", "--pool", latchkey::seed::POOL, "--data-dir", folder])
        .env("LATCHKEY_MASTER_KEY", newest.trim())
        .output()
        .unwrap();
    assert!(server.status.success(), "the key may come from the environment");
}

#[test]
fn new_signing_keys_sign_at_once_and_old_tokens_stay_good() {
    let data = TempDir::new().unwrap();
    let server = Server::dev(data.path());
    let token = sign_in(&server);
    let jwks = format!("/{}/.well-known/jwks.json", latchkey::seed::POOL);
    let keys = |server: &Server| {
        serde_json::from_str::<Value>(&server.get(&jwks).1).unwrap()["keys"].as_array().unwrap().len()
    };
    assert_eq!(keys(&server), 2);
    let rotate =
        |pool: &str| run(&["keys", "rotate-signing", "--pool", pool, "--data-dir", data.path().to_str().unwrap()]);
    assert_eq!(rotate("us-east-1_Nobody000").status.code(), Some(1));
    assert!(rotate(latchkey::seed::POOL).status.success());
    // Harmless, and of no use: the keys are read anew without it.
    server.signal("-HUP");
    let kid = |token: &str| token.split('.').next().unwrap().to_owned();
    let renewed = sign_in(&server);
    assert_ne!(kid(&renewed), kid(&token));
    assert_eq!(keys(&server), 4);
    for token in [token, renewed] {
        assert_eq!(server.call("GetUser", &json!({ "AccessToken": token })).0, 200);
    }
    server.stop();
}

#[test]
fn the_demo_pool_is_an_ordinary_one_and_never_made_again() {
    let data = TempDir::new().unwrap();
    let server = Server::dev(data.path());
    sign_in(&server);
    let base = format!("http://localhost:{}", server.address.port());
    let config: Value = serde_json::from_str(&server.get("/demo/config.json").1).unwrap();
    assert_eq!((&config["endpoint"], &config["userPoolId"]), (&json!(base), &json!(latchkey::seed::POOL)));
    assert_eq!(server.get("/_latchkey/nothing").0, 404);
    let form = "grant_type=client_credentials&scope=demo/read";
    let basic = format!("Basic {}", base64(&format!("{}:{}", latchkey::seed::BACKEND, latchkey::seed::BACKEND_SECRET)));
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
    let (status, _, body) = server.ask("POST", "/oauth2/token", &headers, form);
    assert_eq!(status, 200, "{body}");
    server.stop();

    let settings = latchkey::settings::Settings {
        dev: true,
        data_dir: data.path().to_owned(),
        issuer_template: "{base}/{poolId}".to_owned(),
        region: "us-east-1".to_owned(),
        account_id: "000000000000".to_owned(),
        ..Default::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let started = latchkey::start::start(&settings, &base).await.unwrap();
        assert!(!started.seeded);
        let pool = domain::PoolId::from(latchkey::seed::POOL);
        let (id, domain) = (pool.clone(), latchkey::seed::DOMAIN);
        started.latchkey.store().write(move |tx| tx.delete_domain(domain, &id)).await.unwrap();
        started.latchkey.delete_pool(pool.as_str()).await.unwrap();
    });
    drop(runtime);
    let server = Server::dev(data.path());
    assert_eq!(sign_up(&server, "a@example.com").1["__type"], "ResourceNotFoundException");
    server.stop();

    // Dev mode's open door does not outlive dev mode.
    let (printed, log) = Server::start(data.path(), &[]).stop();
    assert!(log.contains("removed dev mode's administrator"));
    assert!(printed.contains("AWS_SECRET_ACCESS_KEY="));
}

/// Forwarding headers of a stranger change nothing of what the server says about itself.
#[test]
fn a_stranger_cannot_speak_for_a_proxy() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &["--dev", "--trusted-proxies", "192.0.2.1"]);
    let forged =
        [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https"), ("x-forwarded-for", "127.0.0.1")];
    let discovery = format!("/{}/.well-known/openid-configuration", latchkey::seed::POOL);
    for path in [discovery.as_str(), "/login", "/oauth2/authorize", "/_latchkey/mailbox"] {
        let (status, head, body) = server.ask("GET", path, &forged, "");
        assert!(!head.contains("evil.example") && !body.contains("evil.example"), "{path}: {head}{body}");
        // The mailbox is there: the forged host would have shut it.
        assert!(status != 404 || path != "/_latchkey/mailbox", "{path}");
    }
    server.stop();
    // From a trusted proxy the host counts: the mailbox is not for strangers' names.
    let trusting = Server::dev(data.path());
    assert_eq!(trusting.ask("GET", "/_latchkey/mailbox", &[("x-forwarded-host", "evil.example")], "").0, 404);
    trusting.stop();
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize] as char;
            encoded.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    encoded
}

#[test]
fn a_client_is_made_to_take_no_passwords_in_clear() {
    let data = TempDir::new().unwrap();
    let server = Server::dev(data.path());
    let folder = data.path().to_str().unwrap();
    let page = format!(
        "/login?client_id={}&response_type=code&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F",
        latchkey::seed::SPA
    );
    let posts_password = |server: &Server| {
        let (status, html) = server.get(&page);
        assert_eq!(status, 200, "{html}");
        html.contains("name=\"password\"")
    };
    assert!(posts_password(&server));
    let set =
        |client: &str, on: &str| run(&["clients", "set", "--client", client, "--srp-only", on, "--data-dir", folder]);
    assert!(set(latchkey::seed::SPA, "true").status.success());
    assert!(!posts_password(&server), "a running server obeys at once");
    assert!(set(latchkey::seed::SPA, "false").status.success());
    assert!(posts_password(&server));
    assert_eq!(set("nobody", "true").status.code(), Some(1));
    server.stop();
}

#[test]
fn a_public_client_is_let_off_pkce() {
    let data = TempDir::new().unwrap();
    let server = Server::dev(data.path());
    let folder = data.path().to_str().unwrap();
    let page = format!(
        "/login?client_id={}&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F",
        latchkey::seed::SPA
    );
    let set = |change: &[&str]| {
        let command = ["clients", "set", "--client", latchkey::seed::SPA, "--data-dir", folder];
        run(&[&command, change].concat())
    };
    assert_eq!(server.get(&page).0, 302, "required where nobody says otherwise");
    assert!(set(&["--pkce", "optional"]).status.success());
    assert_eq!(server.get(&page).0, 200, "a running server obeys at once");
    assert!(set(&["--srp-only", "false"]).status.success());
    assert_eq!(server.get(&page).0, 200, "what is not named stays");
    assert!(set(&["--pkce", "required", "--srp-only", "true"]).status.success());
    assert_eq!(server.get(&page).0, 302);
    for wrong in [&[][..], &["--pkce", "true"]] {
        assert_eq!(set(wrong).status.code(), Some(2), "{wrong:?}");
    }
    server.stop();
}

#[test]
fn connections_beyond_the_limit_are_refused_and_places_are_free_again() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &["--dev", "--max-connections", "3"]);
    let silent: Vec<TcpStream> = (0..3).map(|_| server.connect()).collect();
    let ready = || server.get("/_latchkey/health/live").0;
    let begun = Instant::now();
    let until = |wanted: u16| {
        while ready() != wanted {
            assert!(begun.elapsed() < PATIENCE, "never {wanted}");
        }
    };
    // The last of the silent ones may still be on its way in.
    until(503);
    drop(silent);
    until(200);
}
