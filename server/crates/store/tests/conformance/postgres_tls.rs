//! TLS to PostgreSQL, against a server that insists on it for some and has a certificate of its own.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use store::{Database, Store, StoreError};
use test_postgres::{Cluster, Tls};

/// Who may come, and how: the superuser may always, to look.
const ACCESS: &str = "local all all trust
host all latchkey 127.0.0.1/32 trust
hostssl all encrypted 127.0.0.1/32 trust
hostnossl all plain 127.0.0.1/32 trust
hostssl all certified 127.0.0.1/32 cert
host all bound 127.0.0.1/32 scram-sha-256
";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its private key, both PEM.
fn issue(authority: &Authority, common_name: &str, names: &[&str], usage: ExtendedKeyUsagePurpose) -> (String, String) {
    let names = names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut parameters = CertificateParams::new(names).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    parameters.extended_key_usages.push(usage);
    let key = KeyPair::generate().unwrap();
    (parameters.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

/// A server and the files that speak of it.
struct Server {
    cluster: Cluster,
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let ours = authority("ours");
        let (certificate, key) = issue(&ours, "server", &["localhost"], ExtendedKeyUsagePurpose::ServerAuth);
        let root = ours.pem();
        let tls = Tls { certificate: &certificate, key: &key, client_authority: &root, access: ACCESS };
        let cluster = Cluster::start_with_tls(tls).unwrap();
        let (certificate, key) = issue(&ours, "certified", &[], ExtendedKeyUsagePurpose::ClientAuth);
        let folder = tempfile::tempdir().unwrap();
        let files = [("ours", root), ("others", authority("others").pem()), ("client", certificate), ("key", key)];
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let port = cluster.url().rsplit(':').next().unwrap().split('/').next().unwrap().parse().unwrap();
        let server = Self { cluster, folder, port };
        server
            .admin()
            .batch_execute(
                "CREATE ROLE encrypted LOGIN SUPERUSER; CREATE ROLE plain LOGIN SUPERUSER;
             CREATE ROLE certified LOGIN SUPERUSER; CREATE ROLE bound LOGIN SUPERUSER PASSWORD 's3cret'",
            )
            .unwrap();
        server
    }

    fn admin(&self) -> postgres::Client {
        postgres::Client::connect(self.cluster.url(), postgres::NoTls).unwrap()
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Opens a store as `user`, at `host` (which is this machine whatever its name).
    fn open(&self, user: &str, host: &str, parameters: &str) -> Result<Store, StoreError> {
        let port = self.port;
        let parameters = ["ours", "others", "client", "key"]
            .iter()
            .fold(parameters.to_owned(), |text, name| text.replace(&format!("@{name}"), &self.file(name)));
        Store::open(&Database::Postgres(format!(
            "postgres://{user}@{host}:{port}/postgres?hostaddr=127.0.0.1&application_name=mine&{parameters}"
        )))
    }

    /// Whether the one store that is open is connected with encryption.
    fn is_encrypted(&self) -> bool {
        let sql = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'mine'";
        self.admin().query_one(sql, &[]).unwrap().get(0)
    }

    /// Opens a store, which must be encrypted or not, and waits until its connections are gone.
    fn expect(&self, user: &str, host: &str, parameters: &str, encrypted: bool) {
        let store = self.open(user, host, parameters);
        assert!(store.is_ok(), "{user} at {host}, {parameters}: {:?}", store.err());
        assert_eq!(self.is_encrypted(), encrypted, "{user} at {host}, {parameters}");
        drop(store);
        let sql = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'mine'";
        self.admin().batch_execute(sql).unwrap();
    }

    /// A store must not open; answers why.
    fn refusal(&self, user: &str, host: &str, parameters: &str) -> String {
        match self.open(user, host, parameters) {
            Ok(_) => panic!("{user} at {host}, {parameters}: was let in"),
            Err(error) => error.to_string(),
        }
    }
}

#[test]
fn tls_is_what_sslmode_says() {
    let server = Server::start();

    // A server that speaks both: what the mode prefers.
    for (parameters, encrypted) in [
        ("sslmode=disable", false),
        ("sslmode=allow", false),
        ("sslmode=prefer", true),
        ("", true),
        ("sslmode=require", true),
        ("sslmode=require&sslrootcert=@ours", true),
        ("sslmode=verify-ca&sslrootcert=@ours", true),
        ("sslmode=verify-full&sslrootcert=@ours", true),
    ] {
        server.expect("latchkey", "localhost", parameters, encrypted);
    }
    // One that insists, and one that will not: allow and prefer come to terms with either.
    for mode in ["allow", "prefer"] {
        server.expect("encrypted", "localhost", &format!("sslmode={mode}"), true);
        server.expect("plain", "localhost", &format!("sslmode={mode}"), false);
    }
    let refused = server.refusal("encrypted", "localhost", "sslmode=disable");
    assert!(refused.contains(&format!("localhost:{}", server.port)), "{refused}");
    assert!(refused.contains("no encryption") && refused.contains("pg_hba.conf"), "{refused}");
    assert!(server.refusal("plain", "localhost", "sslmode=require").contains("SSL encryption"));

    // A wrong name: whom it comes from is right, so only verify-full minds.
    server.expect("latchkey", "elsewhere.test", "sslmode=verify-ca&sslrootcert=@ours", true);
    let refused = server.refusal("latchkey", "elsewhere.test", "sslmode=verify-full&sslrootcert=@ours");
    assert!(refused.contains("elsewhere.test") && refused.contains("certificate not valid for name"), "{refused}");
    let refused = server.refusal("latchkey", "127.0.0.1", "sslmode=verify-full&sslrootcert=@ours");
    assert!(refused.contains("certificate not valid for name"), "{refused}");

    // An unknown authority, in a file and in the system; a file given to `require` is checked as by libpq.
    for parameters in [
        "sslmode=require&sslrootcert=@others",
        "sslmode=verify-ca&sslrootcert=@others",
        "sslmode=verify-full&sslrootcert=@others",
        "sslmode=verify-full",
        "sslrootcert=system",
    ] {
        let refused = server.refusal("latchkey", "localhost", parameters);
        assert!(refused.contains("UnknownIssuer"), "{parameters}: {refused}");
    }
    // `prefer` promises nothing, and keeps that.
    server.expect("latchkey", "localhost", "sslmode=prefer&sslrootcert=@others", false);

    // A certificate of our own.
    server.expect("certified", "localhost", "sslmode=require&sslcert=@client&sslkey=@key", true);
    assert!(server.refusal("certified", "localhost", "sslmode=require").contains("certificate"));
    let refused = server.refusal("latchkey", "localhost", "sslmode=require&sslcert=@client&sslkey=@nothing");
    assert!(refused.contains("sslkey"), "{refused}");
    let refused = server.refusal("latchkey", "localhost", "sslmode=verify-ca&sslrootcert=@key");
    assert!(refused.contains("sslrootcert") && refused.contains("no certificate"), "{refused}");

    // The password's proof is bound to the server's certificate.
    server.expect("bound:s3cret", "localhost", "sslmode=require&channel_binding=require", true);
    let refused = server.refusal("bound:s3cret", "localhost", "sslmode=disable&channel_binding=require");
    assert!(!refused.contains("s3cret"), "{refused}");
    let refused = server.refusal("bound:wr0ng-s3cret", "localhost", "sslmode=require");
    assert!(refused.contains("password authentication failed") && !refused.contains("s3cret"), "{refused}");
}

#[test]
fn hosts_are_tried_in_turn_and_sockets_are_hosts() {
    let cluster = Cluster::start().unwrap();
    let folder = cluster.socket_folder().map(Path::to_owned).unwrap();
    let port: u16 = cluster.url().rsplit(':').next().unwrap().split('/').next().unwrap().parse().unwrap();
    let open = |url: String| Store::open(&Database::Postgres(url)).map(drop);

    // A port where nobody listens, for as long as this holds it.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = nobody.local_addr().unwrap().port();
    drop(nobody);
    open(format!("postgres://latchkey@127.0.0.1:{closed},127.0.0.1:{port}/postgres")).unwrap();
    let error = open(format!("postgres://latchkey:s3cret@127.0.0.1:{closed},localhost:{closed}/postgres")).unwrap_err();
    let text = error.to_string();
    for part in [format!("127.0.0.1:{closed}: "), format!("localhost:{closed}: "), "Connection refused".to_owned()] {
        assert!(text.contains(&part) && !text.contains("s3cret"), "{text}");
    }

    let folder = folder.display();
    open(format!("postgres://latchkey@/postgres?host={folder}&port={port}&sslmode=verify-full")).unwrap();
    let error = open(format!("postgres://latchkey@/postgres?host={folder}&port={closed}")).unwrap_err().to_string();
    assert!(error.contains(&format!(".s.PGSQL.{closed}")), "{error}");

    // A standby (as far as this shows) is passed over.
    let read_only = "options=-c%20default_transaction_read_only%3Don";
    let two = format!("127.0.0.1:{port},localhost:{port}");
    let error = open(format!("postgres://latchkey@{two}/postgres?{read_only}")).unwrap_err().to_string();
    assert!(error.contains("database does not allow writes"), "{error}");
}
