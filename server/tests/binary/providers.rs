//! Identity providers that the settings file gives the demo pool.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::server::{Server, run};

/// An issuer on loopback that tells its endpoints, for as long as the test runs.
fn issuer() -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let document = serde_json::json!({
        "issuer": base, "authorization_endpoint": format!("{base}/go"), "token_endpoint": format!("{base}/token"),
        "userinfo_endpoint": format!("{base}/me"), "jwks_uri": format!("{base}/keys"),
    });
    let document = document.to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", document.len());
            let _ = stream.write_all((head + &document).as_bytes());
        }
    });
    base
}

fn write(folder: &Path, text: &str) -> String {
    let path = folder.join("latchkey.toml");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn tables(issuer: &str, scopes: &str) -> String {
    format!(
        "[[identity-provider]]\ntype = \"OIDC\"\nname = \"Company\"\nclient-id = \"us\"\n\
         client-secret = \"hidden-value\"\nissuer = \"{issuer}\"\nscopes = \"{scopes}\"\n\
         mapping = {{ email = \"email\" }}\nidentifiers = [\"company.example\"]\n\
         [[identity-provider]]\ntype = \"Google\"\nclient-id = \"us\"\nclient-secret = \"hidden-value\"\n\
         scopes = [\"openid\", \"email\"]\n"
    )
}

/// What the store holds after the server has stopped: the providers of `demo-spa`, as documents.
fn offered(data: &Path) -> Vec<Value> {
    let settings = latchkey::settings::Settings {
        dev: true,
        data_dir: data.to_owned(),
        region: "us-east-1".to_owned(),
        ..Default::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let latchkey = latchkey::start::open_for_command(&settings).await.unwrap();
        let app = latchkey.app(latchkey::seed::SPA).await.unwrap();
        let providers = latchkey.providers_of(&app).await.unwrap();
        assert!(app.client.supports_provider("COGNITO"));
        providers.iter().map(|provider| serde_json::to_value(provider).unwrap()).collect()
    })
}

#[test]
fn the_demo_pool_has_the_providers_of_the_file_at_each_start() {
    let data = TempDir::new().unwrap();
    let issuer = issuer();
    let config = write(data.path(), &tables(&issuer, "openid"));
    let (printed, log) = Server::start(data.path(), &["--dev", "--log-level", "trace", "--config", &config]).stop();
    assert!(!printed.contains("hidden-value") && !log.contains("hidden-value"));
    let providers = offered(data.path());
    let names: Vec<_> = providers.iter().map(|provider| provider["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Company", "Google"]);
    assert_eq!(providers[0]["details"]["token_url"], format!("{issuer}/token"));
    assert_eq!(providers[0]["identifiers"][0], "company.example");
    assert_eq!(providers[0]["mapping"]["username"], "sub");
    assert!(!providers[0].to_string().contains("hidden-value"));

    let config = write(data.path(), &tables(&issuer, "openid email"));
    Server::start(data.path(), &["--dev", "--config", &config]).stop();
    let changed = offered(data.path());
    assert_eq!(changed.len(), 2, "added once");
    assert_eq!(changed[0]["details"]["authorize_scopes"], "openid email");
    assert_eq!(changed[0]["created_at"], providers[0]["created_at"]);

    // An issuer that cannot be asked is no reason not to start.
    let config = write(data.path(), &tables("http://127.0.0.1:1", "openid profile"));
    let (_, log) = Server::start(data.path(), &["--dev", "--config", &config]).stop();
    assert!(log.contains("is not in place") && log.contains("Company"), "{log}");
    assert_eq!(offered(data.path())[0]["details"]["authorize_scopes"], "openid email");
}

#[test]
fn config_check_names_what_is_wrong_with_a_table() {
    let data = TempDir::new().unwrap();
    let config = write(data.path(), &tables("https://idp.example", "openid"));
    let output = run(&["config", "check", "--config", &config]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && table.contains("Company (OIDC)"), "{table}");
    assert!(!table.contains("hidden-value"));
    let config = write(data.path(), &tables("https://idp.example", "openid").replace("client-id = \"us\"\n", ""));
    let output = run(&["config", "check", "--config", &config]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("identity-provider 1 (Company): clientId, authorizeScopes"), "{said}");
    assert!(said.contains("identity-provider 2: clientId, clientSecret"), "{said}");
    assert!(!said.contains("hidden-value"));
}
