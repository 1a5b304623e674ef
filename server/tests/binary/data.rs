//! What lies in the data folder: whose it is, that it is whole after a stop, and what a start does without a part of it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::server::{Server, latchkey, run, sign_in, sign_up};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// In a folder that everybody may look into, with files that an earlier release left open to all.
#[test]
fn the_files_are_their_owners_alone() {
    let data = TempDir::new().unwrap();
    std::fs::set_permissions(data.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let names = ["latchkey.db", "latchkey.db-wal", "latchkey.db-shm", "master.key"];
    let server = Server::dev(data.path());
    for name in names {
        assert_eq!(mode(&data.path().join(name)), 0o600, "{name}");
    }
    server.stop();
    std::fs::set_permissions(data.path().join("latchkey.db"), PermissionsExt::from_mode(0o644)).unwrap();
    let server = Server::dev(data.path());
    sign_up(&server, "ann@example.com");
    for name in names {
        assert_eq!(mode(&data.path().join(name)), 0o600, "{name}");
    }
    server.stop();
}

/// After a clean stop the database's file alone is the whole database.
#[test]
fn a_copy_of_the_file_is_whole_after_a_stop() {
    let (data, copy) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::dev(data.path());
    assert_eq!(sign_up(&server, "ann@example.com").0, 200);
    server.stop();
    let log = std::fs::metadata(data.path().join("latchkey.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0);
    for name in ["latchkey.db", "master.key"] {
        std::fs::copy(data.path().join(name), copy.path().join(name)).unwrap();
    }
    let server = Server::dev(copy.path());
    let (_, answer) = sign_up(&server, "ann@example.com");
    assert_eq!(answer["__type"], "UsernameExistsException");
    sign_in(&server);
    server.stop();
}

/// A key that has sealed what is not here is no key for a new beginning.
#[test]
fn an_empty_database_beside_an_old_key_is_refused() {
    let data = TempDir::new().unwrap();
    Server::dev(data.path()).stop();
    for name in ["latchkey.db", "latchkey.db-wal", "latchkey.db-shm"] {
        let _ = std::fs::remove_file(data.path().join(name));
    }
    let serve = ["serve", "--dev", "--listen", "127.0.0.1:0", "--data-dir", data.path().to_str().unwrap()];
    for _ in 0..2 {
        let refused = run(&serve);
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("master.key was made for a database that is not here"), "{said}");
    }
    std::fs::remove_file(data.path().join("master.key")).unwrap();
    Server::dev(data.path()).stop();
}

/// What a shell does so that the program it becomes has files of so many blocks of 512 bytes at most: what is more
/// fails as on a full disk.
fn room(blocks: u32) -> String {
    format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")
}

#[test]
fn a_start_without_room_is_refused() {
    let data = TempDir::new().unwrap();
    let serve = ["serve", "--dev", "--listen", "127.0.0.1:0", "--data-dir", data.path().to_str().unwrap()];
    Server::dev(data.path()).stop();
    let binary = latchkey(&[]);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &room(0)]).arg(binary.get_program()).args(serve).env_clear();
    let refused = shell.output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("database"), "{said}");
}

/// With no room for a count there is no verdict either: neither of a password nor of any code.
#[test]
fn a_full_disk_tells_nothing_of_guesses() {
    let data = TempDir::new().unwrap();
    Server::dev(data.path()).stop();
    let server = Server::start_as(|launch| launch.under("/bin/sh", &["-c", &room(1_600)]), data.path(), &["--dev"]);
    let spa = latchkey::seed::SPA;
    assert_eq!(sign_up(&server, "ann@example.com").0, 200);
    let (_, body) = server.get("/_latchkey/mailbox?to=ann@example.com");
    let mails: serde_json::Value = serde_json::from_str(&body).unwrap();
    let code = mails[0]["code"].as_str().unwrap().to_owned();
    let seed = latchkey::seed::EMAIL;
    assert_eq!(server.call("ForgotPassword", &json!({ "ClientId": spa, "Username": seed })).0, 200);
    let (_, body) = server.get(&format!("/_latchkey/mailbox?to={seed}"));
    let mails: serde_json::Value = serde_json::from_str(&body).unwrap();
    let reset = mails[0]["code"].as_str().unwrap().to_owned();

    let full = (0..2_000).any(|number| sign_up(&server, &format!("filler-{number}@example.com")).0 == 500);
    assert!(full, "the disk never was full");
    // What little room is left, small rows take.
    let guess = |number: usize| {
        let parameters = json!({ "USERNAME": format!("nobody-{number}@example.com"), "PASSWORD": "Wr0ng-horse!" });
        json!({ "ClientId": spa, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters })
    };
    let mut refused = 0;
    for number in 0..2_000 {
        refused = if server.call("InitiateAuth", &guess(number)).0 == 500 { refused + 1 } else { 0 };
        if refused == 10 {
            break;
        }
    }
    assert_eq!(refused, 10);
    let password = |password: &str| {
        let parameters = json!({ "USERNAME": seed, "PASSWORD": password });
        json!({ "ClientId": spa, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters })
    };
    let confirm = |code: &str| json!({ "ClientId": spa, "Username": "ann@example.com", "ConfirmationCode": code });
    let recover = |code: &str| json!({ "ClientId": spa, "Username": seed, "ConfirmationCode": code, "Password": "N3w-horse-one!" });
    let mut told = Vec::new();
    for _ in 0..30 {
        for (operation, input) in [
            ("InitiateAuth", password("Wr0ng-horse!")),
            ("InitiateAuth", password(latchkey::seed::PASSWORD)),
            ("ConfirmSignUp", confirm("000000")),
            ("ConfirmSignUp", confirm(&code)),
            ("ConfirmForgotPassword", recover("000000")),
            ("ConfirmForgotPassword", recover(&reset)),
        ] {
            let (status, answer) = server.call(operation, &input);
            told.push(format!("{operation} {status} {}", answer["__type"]));
        }
    }
    let wrong: Vec<&String> = told.iter().filter(|told| !told.contains(" 500 ")).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
